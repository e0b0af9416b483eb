/*
 * anonymity.c
 *	  registry.least_coarse(): what may be shown of records, and which are left
 *	  out.  Checks what it is given; anonymity_search.c finds the way.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "port/pg_bitutils.h"
#include "utils/array.h"

#include "anonymity.h"

/*
 * The integers in argument argno: one dimension, no NULL, and as many as n where
 * that is not negative.
 */
static const int32 *
integers_arg(FunctionCallInfo fcinfo, int argno, int *n)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(argno);
	int			items = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));

	if (ARR_NDIM(array) > 1 || ARR_HASNULL(array) || (*n >= 0 && items != *n))
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("argument %d must be a list of integers without NULL, one for each it is about", argno + 1)));
	*n = items;
	return (const int32 *) ARR_DATA_PTR(array);
}

static void
check_range(const int32 *value, int64 n, int32 low, int32 high, const char *what)
{
	for (int64 i = 0; i < n; i++)
		if (value[i] < low || value[i] > high)
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("%s must be from %d to %d", what, low, high)));
}

/*
 * The attributes of arguments 1 to 8, and where their codes go.  How many nodes
 * they make.
 */
static int32
get_attributes(FunctionCallInfo fcinfo, Search *search)
{
	const int32 *code;
	const int32 *steps;
	const int32 *sizes;
	const int32 *coarser;
	const int32 *losses;
	const int32 *weights;
	const int32 *sensitive;
	const int32 *public_step;
	int			n = -1;
	int			all_codes;
	int			all_coarser = -1;
	int			all_steps = 0;
	int64		wanted = 0;
	int64		nodes = 1;
	int			word = 0;
	int			shift = 0;

	steps = integers_arg(fcinfo, 2, &n);
	search->attributes = n;
	if (n > MAX_ATTRIBUTES)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("records have at most %d attributes", MAX_ATTRIBUTES)));
	sizes = integers_arg(fcinfo, 3, &n);
	weights = integers_arg(fcinfo, 6, &n);
	sensitive = integers_arg(fcinfo, 7, &n);
	public_step = integers_arg(fcinfo, 8, &n);
	check_range(steps, n, 1, 100, "steps of an attribute");
	check_range(sizes, n, 1, PG_INT32_MAX / 128, "codes of an attribute");
	check_range(weights, n, 0, 1000, "a weight");
	check_range(sensitive, n, 0, 1, "sensitive");
	check_range(public_step, n, 0, 100, "a step of public totals");
	for (int i = 0; i < n; i++)
	{
		all_steps += steps[i];
		wanted += (int64) steps[i] * sizes[i];
	}
	losses = integers_arg(fcinfo, 5, &all_steps);
	check_range(losses, all_steps, 0, MILLION, "a loss");
	coarser = integers_arg(fcinfo, 4, &all_coarser);
	all_codes = -1;
	code = integers_arg(fcinfo, 1, &all_codes);
	if (all_coarser != wanted || all_codes != (int64) search->records * n)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("there must be a code for each record and attribute, and a coarser one for each code and step")));

	for (int i = 0; i < n; i++)
	{
		Attribute  *a = &search->attribute[i];
		int			bits = pg_leftmost_one_pos32(sizes[i]) + 1;

		a->steps = steps[i];
		a->size = sizes[i];
		a->code = code;
		a->coarser = coarser;
		a->loss = losses;
		a->weight = weights[i];
		a->sensitive = sensitive[i];
		a->public_step = public_step[i];
		check_range(code, search->records, 0, a->size - 1, "a code");
		check_range(coarser, (int64) a->steps * a->size, 0, a->size - 1, "a coarser code");
		code += search->records;
		coarser += (int64) a->steps * a->size;
		losses += a->steps;
		search->sensitive += a->sensitive;
		if (a->sensitive && a->size > 64)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("a sensitive attribute has at most 63 values")));
		if (shift + bits > 64)
		{
			word++;
			shift = 0;
		}
		a->word = word;
		a->shift = shift;
		a->mask = ((uint64) 1 << bits) - 1;
		shift += bits;
		nodes *= a->steps + 1;
		if (nodes > MAX_NODES || word >= MAX_WORDS)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("too many attributes to find what can be shown of them together"),
					 errhint("Ask for fewer: a dozen at most are shown anyway where every group must be large.")));
	}
	nodes = 1;
	for (int i = n - 1; i >= 0; i--)
	{
		search->attribute[i].stride = nodes;
		nodes *= search->attribute[i].steps + 1;
	}
	return nodes;
}

static Datum
integers(const int32 *value, int64 n)
{
	Datum	   *datum = palloc_extended(Max(n, 1) * sizeof(Datum), MCXT_ALLOC_HUGE);

	for (int64 i = 0; i < n; i++)
		datum[i] = Int32GetDatum(value[i]);
	return PointerGetDatum(construct_array(datum, n, INT4OID, sizeof(int32), true, TYPALIGN_INT));
}

/*
 * least_coarse(household int[], codes int[], steps int[], sizes int[], coarser int[], losses int[],
 *		weights int[], sensitive int[], public_step int[], k, l int, max_left bigint) -> (step int[], left_out int[], loss int, tried int)
 */
PG_FUNCTION_INFO_V1(anonymity_least_coarse);
Datum
anonymity_least_coarse(PG_FUNCTION_ARGS)
{
	Search	   *search = palloc0(sizeof(Search));
	int32		nodes;
	int32		chosen;
	int64		lost;
	TupleDesc	result;
	Datum		values[4];
	bool		nulls[4] = {false};

	if (get_call_result_type(fcinfo, NULL, &result) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	search->records = -1;
	search->household = integers_arg(fcinfo, 0, &search->records);
	for (int r = 0; r < search->records; r++)
		if (search->household[r] < 0 || (r > 0 && search->household[r] < search->household[r - 1]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("households must be numbered from 0 in the order of their records")));
	nodes = get_attributes(fcinfo, search);
	search->k = PG_GETARG_INT32(9);
	search->l = PG_GETARG_INT32(10);
	search->max_left = PG_GETARG_INT64(11);
	if (search->k < 1 || search->l < 1 || search->max_left < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("k and l must be 1 or more, and what may be left out 0 or more")));

	chosen = search_nodes(search, nodes, &lost);
	if (chosen < 0)
		memset(nulls, true, 3);
	else
	{
		int			step[MAX_ATTRIBUTES];
		int32	   *left;
		int64		n;

		steps_of(search, chosen, step);
		left = left_out(search, chosen, &n);
		values[0] = integers(step, search->attributes);
		values[1] = integers(left, n);
		values[2] = Int32GetDatum((int32) lost);
	}
	values[3] = Int32GetDatum(search->tried);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(result, values, nulls)));
}
