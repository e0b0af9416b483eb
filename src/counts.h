/*
 * counts.h
 *	  Aggregates whose state is an array of counts.
 *
 * Integers add exactly and in any order, and a state that is not "internal" can
 * be pushed down by a distributed engine.
 */
#ifndef REGISTRY_COUNTS_H
#define REGISTRY_COUNTS_H

#include "catalog/pg_type.h"
#include "common/int.h"
#include "fmgr.h"
#include "utils/array.h"

#define CELLS(array)	((int64 *) ARR_DATA_PTR(array))

/*
 * The array in argument argno, checked to hold so many counts.
 */
static inline ArrayType *
counts_array(FunctionCallInfo fcinfo, int argno, int ncells)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(argno);

	if (ARR_NDIM(array) != 1 || ARR_DIMS(array)[0] != ncells || ARR_HASNULL(array) ||
		ARR_ELEMTYPE(array) != INT8OID)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("a tally must be a bigint array of %d counts", ncells)));
	return array;
}

/*
 * The state in argument argno, or a new one of zeros.  Kept by the executor, so
 * it is changed in place.
 */
static inline ArrayType *
counts_state(FunctionCallInfo fcinfo, int argno, int ncells)
{
	ArrayType  *state;

	if (!AggCheckCallContext(fcinfo, NULL))
		elog(ERROR, "aggregate support function called in non-aggregate context");

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
	return counts_array(fcinfo, argno, ncells);
}

static inline void
counts_add(int64 *count, int64 weight)
{
	if (pg_add_s64_overflow(*count, weight, count))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("sum of counts is out of range for type bigint")));
}

static inline Datum
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

#endif							/* REGISTRY_COUNTS_H */
