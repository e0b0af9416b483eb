/*
 * roster.h
 *	  The members of one household at one survey: sixteen bytes each.
 */
#ifndef REGISTRY_ROSTER_H
#define REGISTRY_ROSTER_H

#include "nodes/nodes.h"

#include "compat.h"
#include "vocabulary.h"

#define ROSTER_VERSION		1
#define ROSTER_MAX_LINE		254		/* so a household has at most as many members */
#define ROSTER_MAX_AGE		150		/* years */
#define ROSTER_MAX_CLASS	24		/* classes completed: 10 matric, 12 FA, 14 BA, 16 MA */

/* Of age, class and the lines of kin; 0 is an answer there. */
#define UNKNOWN				255

/* Yes or no, two bits each in "facts". */
typedef enum Fact
{
	FACT_UNKNOWN,
	FACT_NO,
	FACT_YES
} Fact;

#define FACT_EVER_ATTENDED	0
#define FACT_ATTENDING		2
#define FACT_LITERATE		4
#define FACT_ELEMENTARY		6

/* Lists of labels: bit 0 of a known list is set, bit i for the label of code i. */
#define LIST_KNOWN			1

/*
 * Bytes only, in one order everywhere: it is also the binary form.  A code of 0
 * is unknown.  Lines of kin: a line of this roster, or one that is not in it
 * (0, and in PBS data 98 dead and 99 elsewhere), who does not live here.
 */
typedef struct RosterMember
{
	uint8		line;			/* 1 to 254; members are sorted by it */
	uint8		relationship;
	uint8		sex;
	uint8		marital_status;
	uint8		age;			/* full years at the survey, or UNKNOWN */
	uint8		spouse_line;	/* or UNKNOWN */
	uint8		father_line;
	uint8		mother_line;
	uint8		class;			/* highest class completed, or UNKNOWN */
	uint8		employment;
	uint8		work;
	uint8		facts;
	uint8		disabilities[2];	/* low byte first */
	uint8		chronic_diseases[2];
} RosterMember;

StaticAssertDecl(sizeof(RosterMember) == 16, "a member takes sixteen bytes");

typedef struct Roster
{
	char		vl_len_[VARHDRSZ];
	uint8		version;
	RosterMember member[FLEXIBLE_ARRAY_MEMBER];
} Roster;

#define ROSTER_SIZE(n)		(offsetof(Roster, member) + (n) * sizeof(RosterMember))

static inline Fact
roster_fact(const RosterMember *member, int fact)
{
	return (Fact) (member->facts >> fact & 3);
}

static inline int
roster_list(const uint8 *list)
{
	return list[0] | list[1] << 8;
}

/*
 * Whether a member has married, by the answer: nikah without rukhsati is not yet.
 */
static inline Fact
ever_married(const RosterMember *member)
{
	return member->marital_status == 0 ? FACT_UNKNOWN :
		member->marital_status == NEVER_MARRIED || member->marital_status == NIKAH_ONLY ? FACT_NO : FACT_YES;
}

/*
 * The members within a datum that need not be aligned, and how many.
 */
static inline const RosterMember *
roster_members(const struct varlena *roster, int *n)
{
	*n = (VARSIZE_ANY_EXHDR(roster) - 1) / sizeof(RosterMember);
	return (const RosterMember *) (VARDATA_ANY(roster) + 1);
}

extern REGISTRY_LOCAL Roster *roster_build(RosterMember *member, int n, Node *escontext);

#endif							/* REGISTRY_ROSTER_H */
