/*
 * kinship.c
 *	  Links of kin between the lines of a roster, and what is wrong with them.
 *
 * What people answered may contradict itself.  A link that cannot be is no
 * evidence: it is left unknown, and roster_problems(roster) says why.  Both come
 * from one walk over the roster, which keeps a list of problems or does not.
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "kinship.h"

typedef enum ProblemKind
{
	NO_HEAD,
	SEVERAL_HEADS,
	LINE_NOT_IN_ROSTER,
	OWN_KIN,
	PARENT_OF_WRONG_SEX,
	PARENT_NOT_OLDER,
	PARENT_NEVER_MARRIED,
	KIN_IN_A_CIRCLE,
	SPOUSE_OF_SAME_SEX,
	SPOUSE_NOT_MARRIED,
	SPOUSE_IS_PARENT_OR_CHILD,
	SPOUSE_WITHOUT_MARRIAGE,
	SPOUSE_NAMES_ANOTHER,
	MARRIED_CHILD
} ProblemKind;

/* Words: %1$d the member's line, %2$s spouse, father or mother, %3$d that line. */
static const struct
{
	const char *name;
	const char *words;
}			problem_text[] =
{
	[NO_HEAD] = {"no_head", "no member is the head"},
	[SEVERAL_HEADS] = {"several_heads", "more than one member is the head"},
	[LINE_NOT_IN_ROSTER] = {"line_not_in_roster", "the %2$s of line %1$d is line %3$d, which is not in the roster"},
	[OWN_KIN] = {"own_kin", "line %1$d is the %2$s of itself"},
	[PARENT_OF_WRONG_SEX] = {"parent_of_wrong_sex", "the %2$s of line %1$d, line %3$d, is of the other sex"},
	[PARENT_NOT_OLDER] = {"parent_not_older", "the %2$s of line %1$d, line %3$d, is not older"},
	[PARENT_NEVER_MARRIED] = {"parent_never_married", "the %2$s of line %1$d, line %3$d, has never married"},
	[KIN_IN_A_CIRCLE] = {"kin_in_a_circle", "line %1$d descends from itself, through its %2$s, line %3$d"},
	[SPOUSE_OF_SAME_SEX] = {"spouse_of_same_sex", "line %1$d and its %2$s, line %3$d, are of the same sex"},
	[SPOUSE_NOT_MARRIED] = {"spouse_not_married", "the %2$s of line %1$d, line %3$d, is not married"},
	[SPOUSE_IS_PARENT_OR_CHILD] = {"spouse_is_parent_or_child", "the %2$s of line %1$d, line %3$d, is its parent or child"},
	[SPOUSE_WITHOUT_MARRIAGE] = {"spouse_without_marriage", "line %1$d is not married and has a %2$s here, line %3$d"},
	[SPOUSE_NAMES_ANOTHER] = {"spouse_names_another", "line %1$d names line %3$d as %2$s, who is another's"},
	[MARRIED_CHILD] = {"married_child", "line %1$d is ever married and younger than 10"},
};

typedef struct Problem
{
	uint8		line;			/* 0: the household */
	uint8		kind;
	uint8		kin;			/* which of kin_name */
	uint8		kin_line;
} Problem;

#define PROBLEMS_MAX(n)		(5 * (n) + 1)	/* two of a spouse, one of each parent, one of age */

typedef struct Problems
{
	int			n;
	Problem		problem[FLEXIBLE_ARRAY_MEMBER];
} Problems;

enum
{
	SPOUSE,
	FATHER,
	MOTHER
};

static const char *const kin_name[] = {"spouse", "father", "mother"};

static inline void
tell(Problems *problems, ProblemKind kind, int line, int kin, int kin_line)
{
	if (problems != NULL)
		problems->problem[problems->n++] = (Problem) {line, kind, kin, kin_line};
}

/* PBS: 98 has died, 99 lives elsewhere. */
static inline bool
means_elsewhere(uint8 line)
{
	return line == 0 || line == 98 || line == 99;
}

/*
 * The index of kin by a line that m names, where it can be the line of a parent.
 */
static inline uint8
parent(const RosterMember *member, const uint8 *at, int i, uint8 line, int which, Problems *problems)
{
	const RosterMember *m = &member[i];
	uint8		kin = at[line];
	ProblemKind kind;

	if (!IS_KIN(kin))
	{
		if (kin == KIN_ELSEWHERE && !means_elsewhere(line))
			tell(problems, LINE_NOT_IN_ROSTER, m->line, which, line);
		return kin;
	}
	if (kin == i)
		kind = OWN_KIN;
	else if (member[kin].sex == (which == FATHER ? SEX_FEMALE : SEX_MALE))
		kind = PARENT_OF_WRONG_SEX;
	else if (m->age != UNKNOWN && member[kin].age <= m->age)
		kind = PARENT_NOT_OLDER;
	else if (member_ever_married(&member[kin]) == FACT_NO)
		kind = PARENT_NEVER_MARRIED;
	else
		return kin;
	tell(problems, kind, m->line, which, line);
	return KIN_UNKNOWN;
}

/*
 * Whether ancestor is i or one of i's ancestors.
 */
static bool
descends(const Kinship *kin, int n, uint8 i, uint8 ancestor)
{
	bool		seen[ROSTER_MAX_LINE] = {false};
	uint8		todo[ROSTER_MAX_LINE];
	int			ntodo = 0;

	seen[i] = true;
	todo[ntodo++] = i;
	while (ntodo > 0)
	{
		uint8		one = todo[--ntodo];
		uint8		parents[2] = {kin->father[one], kin->mother[one]};

		if (one == ancestor)
			return true;
		for (int p = 0; p < 2; p++)
			if (IS_KIN(parents[p]) && !seen[parents[p]])
			{
				seen[parents[p]] = true;
				todo[ntodo++] = parents[p];
			}
	}
	return false;
}

/*
 * Take out the links to parents that make somebody their own ancestor.
 */
static void
break_circles(const RosterMember *member, int n, Kinship *kin, Problems *problems)
{
	Kinship		whole = *kin;

	for (int i = 0; i < n; i++)
	{
		if (IS_KIN(whole.father[i]) && descends(&whole, n, whole.father[i], i))
		{
			tell(problems, KIN_IN_A_CIRCLE, member[i].line, FATHER, member[whole.father[i]].line);
			kin->father[i] = KIN_UNKNOWN;
		}
		if (IS_KIN(whole.mother[i]) && descends(&whole, n, whole.mother[i], i))
		{
			tell(problems, KIN_IN_A_CIRCLE, member[i].line, MOTHER, member[whole.mother[i]].line);
			kin->mother[i] = KIN_UNKNOWN;
		}
	}
}

/*
 * Whether the head's relationship to another says parent or child.
 */
static inline bool
head_is_parent_or_child(const RosterMember *member, const Kinship *kin, uint8 i, uint8 j)
{
	uint8		other = i == kin->head ? j : i;

	return (i == kin->head || j == kin->head) &&
		(member[other].relationship == RELATIONSHIP_CHILD || member[other].relationship == RELATIONSHIP_PARENT);
}

/*
 * The index of the spouse that a member names, where it can be.
 */
static inline uint8
spouse(const RosterMember *member, const uint8 *at, const Kinship *kin, int i, Problems *problems)
{
	const RosterMember *m = &member[i];
	uint8		s = at[m->spouse_line];
	ProblemKind kind;

	if (!IS_KIN(s))
	{
		if (s == KIN_ELSEWHERE && !means_elsewhere(m->spouse_line))
			tell(problems, LINE_NOT_IN_ROSTER, m->line, SPOUSE, m->spouse_line);
		return s;
	}
	if (s == i)
		kind = OWN_KIN;
	else if (m->sex == member[s].sex && (m->sex == SEX_MALE || m->sex == SEX_FEMALE))
		kind = SPOUSE_OF_SAME_SEX;
	else if (kin->father[i] == s || kin->mother[i] == s || kin->father[s] == i || kin->mother[s] == i ||
			 head_is_parent_or_child(member, kin, i, s))
		kind = SPOUSE_IS_PARENT_OR_CHILD;
	else if (m->marital_status == NIKAH_ONLY)
		return KIN_UNKNOWN;		/* may well live in the same house, and is no spouse yet */
	else if (member_married(m) == FACT_NO)
		kind = SPOUSE_WITHOUT_MARRIAGE;
	else if (member_married(&member[s]) == FACT_NO)
		kind = SPOUSE_NOT_MARRIED;
	else
		return s;
	tell(problems, kind, m->line, SPOUSE, m->spouse_line);
	return KIN_UNKNOWN;
}

/*
 * Whether more than one member of known sex names this one as spouse.
 */
static bool
named_twice(const RosterMember *member, int n, const Kinship *kin, uint8 spouse)
{
	int			times = 0;

	for (int i = 0; i < n; i++)
		times += kin->spouse[i] == spouse && member[i].sex != 0;
	return times > 1;
}

/*
 * A husband may have wives whom he does not name.  Whom he names is his wife
 * unless she names another, or another names her and she nobody.
 */
static inline void
check_wives(const RosterMember *member, int n, Kinship *kin, Problems *problems)
{
	uint8		refused[ROSTER_MAX_LINE];
	int			nrefused = 0;

	for (int i = 0; i < n; i++)
	{
		uint8		wife = kin->spouse[i];

		if (!IS_KIN(wife) || kin->spouse[wife] == i || member[wife].sex != SEX_FEMALE || member[i].sex == 0)
			continue;
		if (kin->spouse[wife] != KIN_UNKNOWN || named_twice(member, n, kin, wife))
		{
			tell(problems, SPOUSE_NAMES_ANOTHER, member[i].line, SPOUSE, member[wife].line);
			refused[nrefused++] = i;
		}
	}
	while (nrefused > 0)
		kin->spouse[refused[--nrefused]] = KIN_UNKNOWN;
}

static inline void
resolve(const RosterMember *member, int n, Kinship *kin, Problems *problems)
{
	uint8		at[256];		/* index by line */
	int			heads = 0;
	bool		unknown_age = false;

	memset(at, KIN_ELSEWHERE, UNKNOWN);
	at[UNKNOWN] = KIN_UNKNOWN;
	kin->head = KIN_UNKNOWN;
	for (int i = 0; i < n; i++)
	{
		at[member[i].line] = i;
		unknown_age |= member[i].age == UNKNOWN;
		if (member[i].relationship == RELATIONSHIP_HEAD)
		{
			heads++;
			kin->head = i;
		}
	}
	if (heads != 1)
	{
		tell(problems, heads == 0 ? NO_HEAD : SEVERAL_HEADS, 0, 0, 0);
		kin->head = KIN_UNKNOWN;
	}

	for (int i = 0; i < n; i++)
	{
		kin->father[i] = parent(member, at, i, member[i].father_line, FATHER, problems);
		kin->mother[i] = parent(member, at, i, member[i].mother_line, MOTHER, problems);
		if (member[i].age < MARRIAGE_ASKED_AGE && member_ever_married(&member[i]) == FACT_YES)
			tell(problems, MARRIED_CHILD, member[i].line, 0, 0);
	}
	/* a parent is older, so a circle passes through someone of unknown age */
	if (unknown_age)
		break_circles(member, n, kin, problems);

	for (int i = 0; i < n; i++)
		kin->spouse[i] = spouse(member, at, kin, i, problems);
	check_wives(member, n, kin, problems);
}

/*
 * Fill kin from a roster's n members.
 */
void
kinship_resolve(const RosterMember *member, int n, Kinship *kin)
{
	resolve(member, n, kin, NULL);
}

static int
compare_problems(const void *a, const void *b)
{
	const Problem *p = a;
	const Problem *q = b;

	return p->line != q->line ? p->line - q->line :
		p->kind != q->kind ? p->kind - q->kind : p->kin - q->kin;
}

/*
 * roster_problems(roster) returns setof (problem text, line int, detail text), by
 * line; line is NULL where it is about the household.  Empty where nothing is wrong.
 */
PG_FUNCTION_INFO_V1(roster_problems);
Datum
roster_problems(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	int			n;
	const RosterMember *member = roster_members(PG_GETARG_VARLENA_PP(0), &n);
	Problems   *problems = palloc(offsetof(Problems, problem) + PROBLEMS_MAX(n) * sizeof(Problem));
	Kinship		kin;

	problems->n = 0;
	resolve(member, n, &kin, problems);
	Assert(problems->n <= PROBLEMS_MAX(n));
	qsort(problems->problem, problems->n, sizeof(Problem), compare_problems);

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < problems->n; i++)
	{
		const Problem *p = &problems->problem[i];
		Datum		values[3];
		bool		nulls[3] = {false, p->line == 0, false};

		values[0] = CStringGetTextDatum(problem_text[p->kind].name);
		values[1] = Int32GetDatum(p->line);
		values[2] = CStringGetTextDatum(psprintf(problem_text[p->kind].words, p->line, kin_name[p->kin], p->kin_line));
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}
