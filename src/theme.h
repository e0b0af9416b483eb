/*
 * theme.h
 *	  What is counted for the themes of the annual report: a list of cells.
 *
 * Written once: the tally counts by it, and registry.theme_cells() names its
 * cells by it, so that a definition in SQL finds what it means by name.  A new
 * indicator goes to the end of its list; stores count anew then.
 */
#ifndef REGISTRY_THEME_H
#define REGISTRY_THEME_H

#include "indicators.h"
#include "roster.h"

/* Codes of the codebook: unknown, then every label. */
#define THEME_CODES(X) \
	X(structure, 2) \
	X(water, 14) \
	X(toilet, 8) \
	X(electricity, 3)

/* What a household has or has not: unknown, no, yes. */
#define THEME_FLAGS(X) \
	X(livestock) \
	X(buffaloes) \
	X(cows) \
	X(goats) \
	X(sheep) \
	X(camels) \
	X(disabled_member) \
	X(chronically_ill_member)

/* What a person is or is not, of those it is asked of: unknown, no, yes; by sex. */
#define THEME_PERSONS(X) \
	X(out_of_school) \
	X(never_enrolled) \
	X(literate) \
	X(employed) \
	X(disabled) \
	X(chronically_ill)

#define THEME_SEXES		(SEX_TRANSGENDER + 1)	/* by code; 0 is unknown */
#define THEME_ANSWERS	(FACT_YES + 1)	/* by Fact */

/* The first cell of each, and how many there are. */
#define THEME_CODE_CELLS(name, labels)	THEME_##name, THEME_##name##_last = THEME_##name + (labels),
#define THEME_FLAG_CELLS(name)			THEME_##name, THEME_##name##_last = THEME_##name + THEME_ANSWERS - 1,
#define THEME_PERSON_CELLS(name)		THEME_##name, THEME_##name##_last = THEME_##name + THEME_SEXES * THEME_ANSWERS - 1,
enum
{
	THEME_households,			/* with a survey */
	THEME_rosters,				/* of them, with a roster */
	THEME_unsized,				/* of them, of unknown size */
	THEME_members,				/* of those of known size */
	THEME_persons,				/* of rosters, by sex */
	THEME_persons_last = THEME_persons + THEME_SEXES - 1,
	THEME_CODES(THEME_CODE_CELLS)
	THEME_FLAGS(THEME_FLAG_CELLS)
	THEME_PERSONS(THEME_PERSON_CELLS)
	THEME_CELLS
};

/* Whether a definition asks something of a member, and the answer. */
typedef struct ThemeAnswer
{
	bool		asked;
	Fact		fact;
} ThemeAnswer;

static inline Fact
theme_not(Fact fact)
{
	return fact == FACT_UNKNOWN ? FACT_UNKNOWN : fact == FACT_YES ? FACT_NO : FACT_YES;
}

/*
 * Of members of an age.  Of whom the age is unknown, so is whether he is asked.
 */
static inline ThemeAnswer
theme_of_age(const RosterMember *m, int from, int to, Fact fact)
{
	ThemeAnswer answer = {m->age == UNKNOWN || (m->age >= from && m->age <= to), m->age == UNKNOWN ? FACT_UNKNOWN : fact};

	return answer;
}

/*
 * Not at school: who never attended is not, whatever else was not said.
 */
static inline Fact
theme_out_of_school(const RosterMember *m)
{
	Fact		attending = roster_fact(m, FACT_ATTENDING);

	return attending != FACT_UNKNOWN ? theme_not(attending) :
		roster_fact(m, FACT_EVER_ATTENDED) == FACT_NO ? FACT_YES : FACT_UNKNOWN;
}

static inline Fact
theme_listed(const uint8 *list)
{
	return (list[0] & LIST_KNOWN) == 0 ? FACT_UNKNOWN : (list[0] & ~LIST_KNOWN) != 0 || list[1] != 0 ? FACT_YES : FACT_NO;
}

#endif							/* REGISTRY_THEME_H */
