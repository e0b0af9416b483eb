/*
 * targeting.c
 *	  Aggregates over scores: the exact histogram pmt_tally(score, weight) and
 *	  the counts behind targeting_errors(poor, eligible, weight).
 *
 * States are bigint arrays: integers add exactly and in any order, and a state
 * that is not "internal" can be pushed down by a distributed engine.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "common/int.h"
#include "fmgr.h"
#include "utils/array.h"

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

#define CELLS(array)	((int64 *) ARR_DATA_PTR(array))

/*
 * The state in argument argno, or a new one of zeros.  Kept by the executor, so
 * it is changed in place.
 */
static ArrayType *
counts_state(FunctionCallInfo fcinfo, int argno, int ncells)
{
	ArrayType  *state;

	if (!AggCheckCallContext(fcinfo, NULL))
		elog(ERROR, "targeting aggregate support function called in non-aggregate context");

	if (PG_ARGISNULL(argno))
	{
		Size		size = ARR_OVERHEAD_NONULLS(1) + ncells * sizeof(int64);

		state = palloc0(size);
		SET_VARSIZE(state, size);
		state->ndim = 1;
		state->elemtype = INT8OID;
		ARR_DIMS(state)[0] = ncells;
		ARR_LBOUND(state)[0] = 1;
		return state;
	}
	state = PG_GETARG_ARRAYTYPE_P(argno);
	if (ARR_NDIM(state) != 1 || ARR_DIMS(state)[0] != ncells || ARR_HASNULL(state) ||
		ARR_ELEMTYPE(state) != INT8OID)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("a tally must be a bigint array of %d counts", ncells)));
	return state;
}

static void
counts_add(int64 *count, int64 weight)
{
	if (pg_add_s64_overflow(*count, weight, count))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("sum of weights is out of range for type bigint")));
}

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

static Datum
counts_combine(FunctionCallInfo fcinfo, int ncells)
{
	ArrayType  *one = counts_state(fcinfo, 0, ncells);

	if (!PG_ARGISNULL(1))
	{
		ArrayType  *other = counts_state(fcinfo, 1, ncells);

		for (int i = 0; i < ncells; i++)
			counts_add(&CELLS(one)[i], CELLS(other)[i]);
	}
	PG_RETURN_ARRAYTYPE_P(one);
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
