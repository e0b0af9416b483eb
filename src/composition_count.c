/*
 * composition_count.c
 *	  Counting a roster.  Pure: no memory, no errors.
 *
 * Each count is of the members for whom a condition holds, under SQL's logic of
 * three values: where it is unknown for any member, the count is missing.
 *
 * Most conditions are on age, so ages are looked up in a table of eight lanes,
 * a byte for each age group, and eight counts grow with one addition.  What
 * follows from other answers is looked up, too.
 */
#include "postgres.h"

#include "composition.h"

#define LANE(n)				(UINT64CONST(0xff) << (n) * 8)
#define LANE_ONE(n)			(UINT64CONST(1) << (n) * 8)
#define LANE_COUNT(lanes, n) ((uint8) ((lanes) >> (n) * 8))
#define ALL_LANES_ONE		UINT64CONST(0x0101010101010101)

/* Age groups, in full years. */
enum
{
	AGES_DEPENDANT,				/* younger than 18 or older than 65 */
	AGES_0_13,
	AGES_5_16,
	AGES_5_13,
	AGES_4_18,
	AGES_14_60,
	AGES_60_UP,
	AGES_18_UP
};

/* Conditions that need no age. */
enum
{
	IS_ELEMENTARY_WORKER,
	IS_DISABLED,
	IS_CHRONICALLY_ILL,
	IS_WIDOW,
	IS_TRANSGENDER,
	IS_FEMALE_HEAD_OR_SPOUSE
};

/* A count in each lane, and in each whether some member's part is unknown. */
typedef struct Lanes
{
	uint64		count;
	uint64		unknown;
} Lanes;

#define AGES(age) \
	((age) == UNKNOWN ? 0 : \
	 (uint64) ((age) < 18 || (age) > 65) << AGES_DEPENDANT * 8 | \
	 (uint64) ((age) <= 13) << AGES_0_13 * 8 | \
	 (uint64) ((age) >= 5 && (age) <= 16) << AGES_5_16 * 8 | \
	 (uint64) ((age) >= 5 && (age) <= 13) << AGES_5_13 * 8 | \
	 (uint64) ((age) >= 4 && (age) <= 18) << AGES_4_18 * 8 | \
	 (uint64) ((age) >= 14 && (age) <= 60) << AGES_14_60 * 8 | \
	 (uint64) ((age) >= 60) << AGES_60_UP * 8 | \
	 (uint64) ((age) >= 18) << AGES_18_UP * 8)
#define AGES_4(age)		AGES(age), AGES((age) + 1), AGES((age) + 2), AGES((age) + 3)
#define AGES_16(age)	AGES_4(age), AGES_4((age) + 4), AGES_4((age) + 8), AGES_4((age) + 12)
#define AGES_64(age)	AGES_16(age), AGES_16((age) + 16), AGES_16((age) + 32), AGES_16((age) + 48)

static const uint64 ages[256] = {AGES_64(0), AGES_64(64), AGES_64(128), AGES_64(192)};

/* Which lanes a fact counts in, and in which it may. */
static const struct
{
	uint64		yes;
	uint64		may;
}			fact_lanes[] = {
	[FACT_UNKNOWN] = {0, ~UINT64CONST(0)},
	[FACT_NO] = {0, 0},
	[FACT_YES] = {~UINT64CONST(0), ~UINT64CONST(0)}
};

/*
 * Count a member in the groups of his age for whom a fact holds as well.  may has
 * all lanes of in.
 */
static inline void
lanes_add(Lanes *lanes, uint64 in, uint64 may, Fact fact)
{
	uint64		yes = in & fact_lanes[fact].yes;

	lanes->count += yes;
	lanes->unknown |= (may ^ yes) & fact_lanes[fact].may;
}

static inline void
lanes_add_one(Lanes *lanes, int lane, Fact fact)
{
	lanes_add(lanes, LANE_ONE(lane), LANE_ONE(lane), fact);
}

static inline void
lanes_join(Lanes *lanes, const Lanes *more)
{
	lanes->count += more->count;
	lanes->unknown |= more->unknown;
}

static inline uint8
lanes_answer(Lanes lanes, int lane)
{
	return (lanes.unknown & LANE(lane)) != 0 ? MISSING : LANE_COUNT(lanes.count, lane);
}

/* Facts from which another follows. */

static inline Fact
fact_and(Fact a, Fact b)
{
	return a == FACT_NO || b == FACT_NO ? FACT_NO :
		a == FACT_YES && b == FACT_YES ? FACT_YES : FACT_UNKNOWN;
}

static const uint8 fact_not[] = {[FACT_UNKNOWN] = FACT_UNKNOWN, [FACT_NO] = FACT_YES, [FACT_YES] = FACT_NO};

static inline Fact
fact_is(uint8 code, uint8 wanted)
{
	return code == 0 ? FACT_UNKNOWN : code == wanted ? FACT_YES : FACT_NO;
}

/* Who completed a class attended. */
static inline Fact
ever_attended(const RosterMember *m)
{
	Fact		fact = roster_fact(m, FACT_EVER_ATTENDED);

	return fact == FACT_UNKNOWN && m->class != UNKNOWN && m->class > 0 ? FACT_YES : fact;
}

/* Who never attended does not attend. */
static inline Fact
attending(const RosterMember *m)
{
	Fact		fact = roster_fact(m, FACT_ATTENDING);

	return fact == FACT_UNKNOWN && ever_attended(m) == FACT_NO ? FACT_NO : fact;
}

/* Who has no employment has no occupation. */
static inline Fact
elementary_worker(const RosterMember *m)
{
	Fact		fact = roster_fact(m, FACT_ELEMENTARY);

	return fact == FACT_UNKNOWN && fact_is(m->employment, EMPLOYED) == FACT_NO ? FACT_NO : fact;
}

static inline Fact
list_not_empty(const uint8 *list)
{
	return (list[0] != 0) + (((list[0] & ~LIST_KNOWN) | list[1]) != 0);
}

/* The class completed: 0 for who never attended. */
static inline uint8
class_completed(const RosterMember *m)
{
	return m->class == UNKNOWN && ever_attended(m) == FACT_NO ? 0 : m->class;
}

/*
 * Whether a member is the head or a spouse of the head, and female.
 */
static inline Fact
female_head_or_spouse(const RosterMember *m)
{
	Fact		head_or_spouse = m->relationship == 0 ? FACT_UNKNOWN :
		m->relationship <= RELATIONSHIP_SPOUSE ? FACT_YES : FACT_NO;

	return fact_and(head_or_spouse, fact_is(m->sex, SEX_FEMALE));
}

/*
 * The answers about the head: missing unless exactly one member is the head.
 */
static void
count_head(const RosterMember *member, int n, uint8 *answer)
{
	const RosterMember *head = NULL;
	int			heads = 0;

	for (int i = 0; i < n; i++)
		if (member[i].relationship == RELATIONSHIP_HEAD)
		{
			head = &member[i];
			heads++;
		}
	if (heads != 1)
		return;
	answer[AT_head_sex] = head->sex == 0 ? MISSING : head->sex;
	answer[AT_head_age] = head->age;
	answer[AT_head_class] = class_completed(head);
	answer[AT_head_ever_attended] = ever_attended(head) == FACT_UNKNOWN ? MISSING : ever_attended(head) == FACT_YES;
}

/*
 * The class of the female head, else of the head's wife of the lowest line:
 * missing where there is neither, or where it is unknown which member it is.
 */
static uint8
female_class(const RosterMember *member, int n)
{
	const RosterMember *wife = NULL;
	bool		unsure = false;

	for (int i = 0; i < n; i++)
	{
		Fact		fact = female_head_or_spouse(&member[i]);

		if (fact == FACT_YES && member[i].relationship == RELATIONSHIP_HEAD)
			return class_completed(&member[i]);
		if (fact == FACT_YES && wife == NULL)
			wife = &member[i];
		/* an unknown who may be the head counts always, another spouse if before the wife */
		if (fact == FACT_UNKNOWN && (member[i].relationship != RELATIONSHIP_SPOUSE || wife == NULL))
			unsure = true;
	}
	return wife == NULL || unsure ? MISSING : class_completed(wife);
}

/*
 * What follows from a few answers of a member, worked out once for every
 * combination of them: branches on answers are guessed wrong too often.
 */
typedef struct WhoTable
{
	Lanes		others;
	uint8		married_woman;	/* a Fact */
} WhoTable;

typedef struct WorkTable
{
	Lanes		others;
	uint8		employed;
} WorkTable;

StaticAssertDecl(RELATIONSHIP_OTHER < 16 && SEX_TRANSGENDER < 4 && NIKAH_ONLY < 8, "the tables have room for every code");

static WhoTable who_table[16][4][8];	/* by relationship, sex and marital status */
static WorkTable work_table[8][4];	/* by employment and elementary occupation */
static uint8 school_table[2][16];	/* attending, by any class completed and the facts on schooling */

static void
fill_tables(void)
{
	RosterMember m = {0};

	for (int i = 0; i < 16 * 4 * 8; i++)
	{
		WhoTable   *who;
		Fact		female;

		m.relationship = i >> 5;
		m.sex = i >> 3 & 3;
		m.marital_status = i & 7;
		who = &who_table[m.relationship][m.sex][m.marital_status];
		female = fact_is(m.sex, SEX_FEMALE);
		who->married_woman = fact_and(female, ever_married(&m));
		lanes_add_one(&who->others, IS_WIDOW, fact_and(female, fact_is(m.marital_status, WIDOWED)));
		lanes_add_one(&who->others, IS_TRANSGENDER, fact_is(m.sex, SEX_TRANSGENDER));
		lanes_add_one(&who->others, IS_FEMALE_HEAD_OR_SPOUSE, female_head_or_spouse(&m));
	}
	for (int i = 0; i < 8 * 4; i++)
	{
		WorkTable  *work;

		m.employment = i >> 2;
		m.facts = (i & 3) << FACT_ELEMENTARY;
		work = &work_table[m.employment][i & 3];
		work->employed = fact_is(m.employment, EMPLOYED);
		lanes_add_one(&work->others, IS_ELEMENTARY_WORKER, elementary_worker(&m));
	}
	for (int i = 0; i < 2 * 16; i++)
	{
		m.class = i >> 4;
		m.facts = i & 15;
		school_table[i >> 4][i & 15] = attending(&m);
	}
}

/*
 * Fill positions AT_members to AT_head_ever_attended.
 */
void
count_roster(const RosterMember *member, int n, uint8 *answer)
{
	static bool filled;
	Lanes		all = {0},
				at_school = {0},
				out_of_school = {0},
				employed = {0},
				married_women = {0},
				others = {0};

	if (!filled)
	{
		fill_tables();
		filled = true;
	}
	for (const RosterMember *m = member; m < member + n; m++)
	{
		uint64		in = ages[m->age];
		uint64		may = in | (ALL_LANES_ONE & -(uint64) (m->age == UNKNOWN));
		Fact		attends = school_table[(uint8) (m->class + 1) > 1][m->facts & 15];
		const WhoTable *who = &who_table[m->relationship & 15][m->sex & 3][m->marital_status & 7];
		const WorkTable *work = &work_table[m->employment & 7][m->facts >> FACT_ELEMENTARY & 3];

		lanes_add(&all, in, may, FACT_YES);
		lanes_add(&at_school, in, may, attends);
		lanes_add(&out_of_school, in, may, fact_not[attends]);
		lanes_add(&employed, in, may, work->employed);
		lanes_add(&married_women, in, may, who->married_woman);
		lanes_join(&others, &who->others);
		lanes_join(&others, &work->others);
		lanes_add_one(&others, IS_DISABLED, list_not_empty(m->disabilities));
		lanes_add_one(&others, IS_CHRONICALLY_ILL, list_not_empty(m->chronic_diseases));
	}

	memset(answer + AT_members, MISSING, COMPOSITION);
	answer[AT_members] = n;
	answer[AT_dependants] = lanes_answer(all, AGES_DEPENDANT);
	answer[AT_children_0_13] = lanes_answer(all, AGES_0_13);
	answer[AT_children_5_16] = lanes_answer(all, AGES_5_16);
	answer[AT_children_5_16_at_school] = lanes_answer(at_school, AGES_5_16);
	answer[AT_children_5_13] = lanes_answer(all, AGES_5_13);
	answer[AT_children_5_13_at_school] = lanes_answer(at_school, AGES_5_13);
	answer[AT_children_4_18] = lanes_answer(all, AGES_4_18);
	answer[AT_children_4_18_out_of_school] = lanes_answer(out_of_school, AGES_4_18);
	answer[AT_ever_married_women] = lanes_answer(married_women, AGES_18_UP);
	answer[AT_elementary_workers] = lanes_answer(others, IS_ELEMENTARY_WORKER);
	answer[AT_workers] = lanes_answer(employed, AGES_14_60);
	answer[AT_disabled_members] = lanes_answer(others, IS_DISABLED);
	answer[AT_chronically_ill_members] = lanes_answer(others, IS_CHRONICALLY_ILL);
	answer[AT_widows] = lanes_answer(others, IS_WIDOW);
	answer[AT_elderly] = lanes_answer(all, AGES_60_UP);
	answer[AT_transgender_members] = lanes_answer(others, IS_TRANSGENDER);

	/* one such member settles it, whatever is unknown of others */
	answer[AT_has_female_head_or_spouse] = LANE_COUNT(others.count, IS_FEMALE_HEAD_OR_SPOUSE) > 0 ? 1 :
		lanes_answer(others, IS_FEMALE_HEAD_OR_SPOUSE);
	answer[AT_female_head_or_spouse_class] = female_class(member, n);
	count_head(member, n, answer);
}
