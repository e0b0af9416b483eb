/*
 * roster_check.h
 *	  What makes bytes a roster.  Pure: no memory, no error reports.
 */
#ifndef REGISTRY_ROSTER_CHECK_H
#define REGISTRY_ROSTER_CHECK_H

#include "roster.h"

/*
 * What is wrong with a member, or NULL.
 */
static inline const char *
roster_member_problem(const RosterMember *m)
{
	int			disabilities = roster_list(m->disabilities);
	int			diseases = roster_list(m->chronic_diseases);

	if (m->line < 1 || m->line > ROSTER_MAX_LINE)
		return "line";
	if (m->relationship > relationship_vocabulary.size)
		return "relationship";
	if (m->sex > sex_vocabulary.size)
		return "sex";
	if (m->marital_status > marital_status_vocabulary.size)
		return "marital_status";
	if (m->age > ROSTER_MAX_AGE && m->age != UNKNOWN)
		return "age";
	if (m->class > ROSTER_MAX_CLASS && m->class != UNKNOWN)
		return "class";
	if (m->employment > employment_vocabulary.size)
		return "employment";
	if (m->work > work_vocabulary.size)
		return "work";
	/* no fact is 3: never both bits of a pair */
	if ((m->facts & m->facts >> 1 & 0x55) != 0)
		return "a yes or no";
	if (disabilities >> (disability_vocabulary.size + 1) != 0 ||
		(disabilities != 0 && (disabilities & LIST_KNOWN) == 0))
		return "disabilities";
	if (diseases >> (chronic_disease_vocabulary.size + 1) != 0 ||
		(diseases != 0 && (diseases & LIST_KNOWN) == 0))
		return "chronic_diseases";
	return NULL;
}

/*
 * What is wrong with a roster, or NULL; *at is the member, from 1.
 */
static inline const char *
roster_problem(const RosterMember *member, int n, int *at)
{
	if (n < 1 || n > ROSTER_MAX_LINE)
	{
		*at = 0;
		return "number of members";
	}
	for (*at = 1; *at <= n; (*at)++, member++)
	{
		const char *problem = roster_member_problem(member);

		if (problem != NULL)
			return problem;
		if (*at > 1 && member->line <= member[-1].line)
			return "order of lines";
	}
	return NULL;
}

#endif							/* REGISTRY_ROSTER_CHECK_H */
