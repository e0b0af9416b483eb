/*
 * composition_tally.c
 *	  Aggregate composition_tally(roster): the counts of many rosters, added up.
 *
 * The state holds the households, then for each count of a roster the sum where it
 * is known, then for each the households where it is not.
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "composition.h"
#include "counts.h"
#include "page_fetch.h"

#define SUMS			1
#define UNKNOWNS		(SUMS + COMPOSITION)
#define TALLIES			(UNKNOWNS + COMPOSITION)

/*
 * composition_tally_add(bigint[], roster): a roster that is NULL is not counted
 */
PG_FUNCTION_INFO_V1(composition_tally_add);
Datum
composition_tally_add(PG_FUNCTION_ARGS)
{
	ArrayType  *state = counts_state(fcinfo, 0, TALLIES);
	int64	   *count = CELLS(state);
	uint8		answer[INDICATORS];
	const RosterMember *member;
	int			n;

	if (PG_ARGISNULL(1))
		PG_RETURN_ARRAYTYPE_P(state);
	page_fetch(PG_GETARG_POINTER(1));
	member = roster_members(PG_GETARG_VARLENA_PP(1), &n);
	count_roster(member, n, answer);
	count[0]++;
	for (int i = 0; i < COMPOSITION; i++)
	{
		uint8		one = answer[AT_members + i];

		count[SUMS + i] += one == MISSING ? 0 : one;
		count[UNKNOWNS + i] += one == MISSING;
	}
	PG_RETURN_ARRAYTYPE_P(state);
}

PG_FUNCTION_INFO_V1(composition_tally_combine);
Datum
composition_tally_combine(PG_FUNCTION_ARGS)
{
	return counts_combine(fcinfo, TALLIES);
}

/*
 * composition_tally_final(bigint[]): of no rosters, zeros
 */
PG_FUNCTION_INFO_V1(composition_tally_final);
Datum
composition_tally_final(PG_FUNCTION_ARGS)
{
	PG_RETURN_ARRAYTYPE_P(counts_state(fcinfo, 0, TALLIES));
}

/*
 * composition_totals(bigint[]) returns setof (name text, total bigint,
 * unknown_households bigint): what composition_tally() counted, but for what does
 * not add up: the head's age and sex, and classes.
 */
PG_FUNCTION_INFO_V1(composition_totals);
Datum
composition_totals(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	ArrayType  *state = counts_array(fcinfo, 0, TALLIES);
	const int64 *count = CELLS(state);
	Datum		values[3];
	bool		nulls[3] = {false};

	InitMaterializedSRF(fcinfo, 0);
	values[0] = CStringGetTextDatum("households");
	values[1] = Int64GetDatum(count[0]);
	values[2] = Int64GetDatum(0);
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	for (int i = 0; i < COMPOSITION; i++)
	{
		int			position = AT_members + i;

		if (position >= AT_head_sex && position <= AT_female_head_or_spouse_class)
			continue;
		values[0] = CStringGetTextDatum(codebook[position].name);
		values[1] = Int64GetDatum(count[SUMS + i]);
		values[2] = Int64GetDatum(count[UNKNOWNS + i]);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}
