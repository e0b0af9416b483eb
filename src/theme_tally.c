/*
 * theme_tally.c
 *	  Aggregate theme_tally(indicators, roster): households and persons by what they
 *	  answered, for the themes of the annual report; and the names of its cells.
 *
 * The cells are those of theme.h.  An answer that is unknown has a cell of its own:
 * so the base of a percentage is what is known, and nobody is lost.
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "counts.h"
#include "page_fetch.h"
#include "theme.h"

/* ----------
 * Counting
 * ----------
 */

static inline Fact
has_any(uint8 answer)
{
	return answer == MISSING ? FACT_UNKNOWN : answer > 0 ? FACT_YES : FACT_NO;
}

/* SQL's OR. */
static inline Fact
fact_or(Fact a, Fact b)
{
	return a == FACT_YES || b == FACT_YES ? FACT_YES : a == FACT_NO && b == FACT_NO ? FACT_NO : FACT_UNKNOWN;
}

static void
count_household(int64 *cell, const uint8 *answer)
{
	Fact		buffaloes = has_any(answer[AT_buffaloes]);
	Fact		cows = has_any(answer[AT_cows]);
	Fact		goats = has_any(answer[AT_goats]);
	Fact		sheep = has_any(answer[AT_sheep]);
	Fact		camels = has_any(answer[AT_camels]);
	Fact		livestock = fact_or(fact_or(fact_or(buffaloes, cows), fact_or(goats, sheep)), camels);
	Fact		disabled_member = has_any(answer[AT_disabled_members]);
	Fact		chronically_ill_member = has_any(answer[AT_chronically_ill_members]);

	cell[THEME_households]++;
	cell[THEME_unsized] += answer[AT_members] == MISSING;
	cell[THEME_members] += answer[AT_members] == MISSING ? 0 : answer[AT_members];
#define COUNT_CODE(name, labels) \
	cell[THEME_##name + (answer[AT_##name] == MISSING ? 0 : Min(answer[AT_##name], (labels)))]++;
	THEME_CODES(COUNT_CODE)
#define COUNT_FLAG(name)	cell[THEME_##name + name]++;
	THEME_FLAGS(COUNT_FLAG)
}

static inline void
count_person(int64 *cell, int sex, ThemeAnswer answer)
{
	/* without a branch, which would be guessed wrong too often */
	cell[sex * THEME_ANSWERS + answer.fact] += answer.asked;
}

static void
count_members(int64 *cell, const RosterMember *member, int n)
{
	cell[THEME_rosters]++;
	for (const RosterMember *m = member; m < member + n; m++)
	{
		int			sex = m->sex & (THEME_SEXES - 1);
		ThemeAnswer disabled = {true, theme_listed(m->disabilities)};
		ThemeAnswer chronically_ill = {true, theme_listed(m->chronic_diseases)};
		ThemeAnswer out_of_school = theme_of_age(m, 4, 18, theme_out_of_school(m));
		ThemeAnswer never_enrolled = theme_of_age(m, 4, 18, theme_not(roster_fact(m, FACT_EVER_ATTENDED)));
		ThemeAnswer literate = theme_of_age(m, 10, UNKNOWN, roster_fact(m, FACT_LITERATE));
		ThemeAnswer employed = theme_of_age(m, 14, 60, m->employment == 0 ? FACT_UNKNOWN :
											m->employment == EMPLOYED ? FACT_YES : FACT_NO);

		cell[THEME_persons + sex]++;
#define COUNT_PERSON(name)	count_person(cell + THEME_##name, sex, name);
		THEME_PERSONS(COUNT_PERSON)
	}
}

/*
 * theme_tally_add(bigint[], indicators, roster): no household without indicators,
 * nobody of a roster that is NULL
 */
PG_FUNCTION_INFO_V1(theme_tally_add);
Datum
theme_tally_add(PG_FUNCTION_ARGS)
{
	ArrayType  *state = counts_state(fcinfo, 0, THEME_CELLS);

	if (PG_ARGISNULL(1))
		PG_RETURN_ARRAYTYPE_P(state);
	page_fetch(PG_GETARG_POINTER(1));
	count_household(CELLS(state), PG_GETARG_INDICATORS(1)->answer);
	if (!PG_ARGISNULL(2))
	{
		int			n;
		const RosterMember *member = roster_members(PG_GETARG_VARLENA_PP(2), &n);

		count_members(CELLS(state), member, n);
	}
	PG_RETURN_ARRAYTYPE_P(state);
}

/*
 * theme_tally_combine(bigint[], bigint[]): also adds up what is stored
 */
PG_FUNCTION_INFO_V1(theme_tally_combine);
Datum
theme_tally_combine(PG_FUNCTION_ARGS)
{
	return counts_combine(fcinfo, THEME_CELLS);
}


/* ----------
 * Naming
 * ----------
 */

static const char *const sexes[THEME_SEXES] = {"unknown", "male", "female", "transgender"};
static const char *const answers[THEME_ANSWERS] = {"unknown", "no", "yes"};

static void
put_cell(ReturnSetInfo *rsinfo, int cell, const char *indicator, const char *sex, const char *answer)
{
	Datum		values[4];
	bool		nulls[4] = {false};

	values[0] = Int32GetDatum(cell + 1);
	values[1] = CStringGetTextDatum(indicator);
	values[2] = sex == NULL ? (Datum) 0 : CStringGetTextDatum(sex);
	values[3] = CStringGetTextDatum(answer);
	nulls[2] = sex == NULL;
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

static void
put_code(ReturnSetInfo *rsinfo, int cell, const char *indicator, int position, int labels)
{
	put_cell(rsinfo, cell, indicator, NULL, "unknown");
	for (int code = 1; code <= labels; code++)
		put_cell(rsinfo, cell + code, indicator, NULL, indicator_answer(position, code));
}

static void
put_person(ReturnSetInfo *rsinfo, int cell, const char *indicator)
{
	for (int i = 0; i < THEME_SEXES * THEME_ANSWERS; i++)
		put_cell(rsinfo, cell + i, indicator, sexes[i / THEME_ANSWERS], answers[i % THEME_ANSWERS]);
}

/*
 * theme_cells() returns setof (cell integer, indicator text, sex text, answer text)
 */
PG_FUNCTION_INFO_V1(theme_cells);
Datum
theme_cells(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	put_cell(rsinfo, THEME_households, "household", NULL, "surveyed");
	put_cell(rsinfo, THEME_rosters, "household", NULL, "with_roster");
	put_cell(rsinfo, THEME_unsized, "household", NULL, "of_unknown_size");
	put_cell(rsinfo, THEME_members, "household", NULL, "members");
	for (int sex = 0; sex < THEME_SEXES; sex++)
		put_cell(rsinfo, THEME_persons + sex, "person", sexes[sex], "counted");
#define NAME_CODE(name, labels)	put_code(rsinfo, THEME_##name, #name, AT_##name, labels);
	THEME_CODES(NAME_CODE)
#define NAME_FLAG(name) \
	for (int i = 0; i < THEME_ANSWERS; i++) \
		put_cell(rsinfo, THEME_##name + i, #name, NULL, answers[i]);
	THEME_FLAGS(NAME_FLAG)
#define NAME_PERSON(name)	put_person(rsinfo, THEME_##name, #name);
	THEME_PERSONS(NAME_PERSON)
	return (Datum) 0;
}
