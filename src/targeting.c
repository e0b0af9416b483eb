/*
 * targeting.c
 *	  Aggregates over scores: the exact histogram pmt_tally(score, weight) and
 *	  the counts behind targeting_errors(poor, eligible, weight).
 *
 * States are bigint arrays: counts.h.
 */
#include "postgres.h"

#include <math.h>

#include "fmgr.h"

#include "counts.h"

#define TALLY_BINS		10001	/* 0.00, 0.01, ..., 100.00 */

/* Cells of a targeting table. */
enum
{
	INCLUSION,					/* poor and eligible */
	UNDERCOVERAGE,				/* poor, not eligible */
	LEAKAGE,					/* eligible, not poor */
	EXCLUSION,					/* neither */
	TARGETING_CELLS
};

/*
 * The weight in argument argno: 1 where the aggregate has none.
 */
static int64
weight_arg(FunctionCallInfo fcinfo, int argno)
{
	int64		weight = PG_NARGS() > argno ? PG_GETARG_INT64(argno) : 1;

	if (weight < 0)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("a weight must not be negative")));
	return weight;
}

/*
 * pmt_tally_add(bigint[], score float8 [, weight bigint]): rows whose score or
 * weight is NULL are left out.
 */
PG_FUNCTION_INFO_V1(pmt_tally_add);
Datum
pmt_tally_add(PG_FUNCTION_ARGS)
{
	ArrayType  *tally = counts_state(fcinfo, 0, TALLY_BINS);
	float8		score;

	if (PG_ARGISNULL(1) || (PG_NARGS() > 2 && PG_ARGISNULL(2)))
		PG_RETURN_ARRAYTYPE_P(tally);

	score = PG_GETARG_FLOAT8(1);
	if (!(score >= 0 && score <= 100))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("a score must be from 0 to 100")));
	counts_add(&CELLS(tally)[(int) rint(score * 100)], weight_arg(fcinfo, 2));
	PG_RETURN_ARRAYTYPE_P(tally);
}

/*
 * targeting_add(bigint[], poor boolean, eligible boolean [, weight bigint])
 */
PG_FUNCTION_INFO_V1(targeting_add);
Datum
targeting_add(PG_FUNCTION_ARGS)
{
	ArrayType  *cells = counts_state(fcinfo, 0, TARGETING_CELLS);

	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2) && !(PG_NARGS() > 3 && PG_ARGISNULL(3)))
	{
		bool		poor = PG_GETARG_BOOL(1);
		bool		eligible = PG_GETARG_BOOL(2);

		counts_add(&CELLS(cells)[poor ? (eligible ? INCLUSION : UNDERCOVERAGE) :
								 (eligible ? LEAKAGE : EXCLUSION)],
				   weight_arg(fcinfo, 3));
	}
	PG_RETURN_ARRAYTYPE_P(cells);
}

PG_FUNCTION_INFO_V1(pmt_tally_combine);
Datum
pmt_tally_combine(PG_FUNCTION_ARGS)
{
	return counts_combine(fcinfo, TALLY_BINS);
}

PG_FUNCTION_INFO_V1(targeting_combine);
Datum
targeting_combine(PG_FUNCTION_ARGS)
{
	return counts_combine(fcinfo, TARGETING_CELLS);
}
