/*
 * composition.c
 *	  The counts of a roster: composition(roster) and complete(indicators, ...).
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"

#include "composition.h"
#include "land.h"

/*
 * Pacca: wall and roof both of burnt brick, concrete, stone or prefabricated
 * (NSER Annual Report 2022-23).  One of another material settles it; where
 * neither is known, what was answered stands.
 */
static uint8
structure(uint8 wall, uint8 roof, uint8 answered)
{
	/* the codebook lists the four first, of walls and of roofs */
	bool		other = (wall != MISSING && wall > 4) || (roof != MISSING && roof > 4);

	if (wall == MISSING && roof == MISSING)
		return answered;
	return other ? 1 : wall == MISSING || roof == MISSING ? MISSING : 2;
}

/*
 * composition(roster) returns (members int, ..., head_ever_attended boolean):
 * the answers of positions AT_members to AT_head_ever_attended, in that order
 */
PG_FUNCTION_INFO_V1(roster_composition);
Datum
roster_composition(PG_FUNCTION_ARGS)
{
	TupleDesc	tupdesc;
	uint8		answer[INDICATORS];
	Datum		values[COMPOSITION];
	bool		nulls[lengthof(values)];
	int			n;
	const RosterMember *member = roster_members(PG_GETARG_VARLENA_PP(0), &n);

	if (get_call_result_type(fcinfo, NULL, &tupdesc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "composition must return a row");

	count_roster(member, n, answer);
	for (int i = 0; i < (int) lengthof(values); i++)
	{
		int			position = AT_members + i;

		nulls[i] = answer[position] == MISSING;
		values[i] = nulls[i] ? 0 :
			codebook[position].kind == FLAG ? BoolGetDatum(answer[position]) :
			codebook[position].kind == COUNT ? Int32GetDatum(answer[position]) :
			PointerGetDatum(cstring_to_text(indicator_answer(position, answer[position])));
	}
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(tupdesc), values, nulls)));
}

/*
 * complete(indicators, roster, land_area) returns indicators: what follows from
 * wall and roof, the counts of the roster and the kanals of the land.  Where
 * the roster or the land is NULL, what the indicators say of it stands.
 */
PG_FUNCTION_INFO_V1(indicators_complete);
Datum
indicators_complete(PG_FUNCTION_ARGS)
{
	Indicators *complete;
	int			n;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();

	complete = palloc(sizeof(Indicators));
	*complete = *PG_GETARG_INDICATORS(0);
	complete->answer[AT_structure] = structure(complete->answer[AT_wall], complete->answer[AT_roof],
											   complete->answer[AT_structure]);
	if (!PG_ARGISNULL(1))
	{
		const RosterMember *member = roster_members(PG_GETARG_VARLENA_PP(1), &n);

		count_roster(member, n, complete->answer);
	}
	if (!PG_ARGISNULL(2))
	{
		int64		sarsai = PG_GETARG_INT64(2);

		/* rounded up, so that some land is never none */
		complete->answer[AT_land_kanals] =
			Min((sarsai / LAND_KANAL) + (sarsai % LAND_KANAL > 0), COUNT_MAX);
	}
	PG_RETURN_INDICATORS(complete);
}
