/*
 * kinship.h
 *	  Who is whose spouse, father and mother in a roster, as far as that can be.
 */
#ifndef REGISTRY_KINSHIP_H
#define REGISTRY_KINSHIP_H

#include "roster.h"

/* Instead of a member's index, 0 to 253. */
#define KIN_ELSEWHERE	254		/* dead, or does not live here */
#define KIN_UNKNOWN		UNKNOWN

/* By the member's index; a link that cannot be is unknown. */
typedef struct Kinship
{
	uint8		head;			/* the only head, or KIN_UNKNOWN */
	uint8		spouse[ROSTER_MAX_LINE];
	uint8		father[ROSTER_MAX_LINE];
	uint8		mother[ROSTER_MAX_LINE];
} Kinship;

#define IS_KIN(kin)		((kin) < KIN_ELSEWHERE)

/* Below this age, in years, unknown marital status is unmarried: PBS asks from ten on. */
#define MARRIAGE_ASKED_AGE	10

extern REGISTRY_LOCAL void kinship_resolve(const RosterMember *member, int n, Kinship *kin);

/*
 * Whether a member has married; of a child who was not asked, it is known.
 */
static inline Fact
member_ever_married(const RosterMember *m)
{
	Fact		fact = ever_married(m);

	return fact == FACT_UNKNOWN && m->age < MARRIAGE_ASKED_AGE ? FACT_NO : fact;
}

/*
 * Whether a member is married now.
 */
static inline Fact
member_married(const RosterMember *m)
{
	return m->marital_status == MARRIED ? FACT_YES :
		member_ever_married(m) == FACT_UNKNOWN ? FACT_UNKNOWN : FACT_NO;
}

#endif							/* REGISTRY_KINSHIP_H */
