/*
 * cube_table.c
 *	  protect_cube(...): a cube of areas and attributes in, its tabulated cells out.
 *
 * The arrays come from registry.judge_cube() and are checked all the same: whoever may
 * call the function may pass any.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "cube.h"

/* Arguments, in order. */
enum
{
	PARENTS, SIZES, NODES, VALUES, COUNTS, TABLES, LEVELS, NODE_LEVELS, SEEN_CELLS, SEEN_HIDDEN,
	THRESHOLD, WIDTH, MAY_HIDE, ALL_BOUNDS, WITHIN_MS,
	HOUSEHOLD_DIMS, HOUSEHOLD_NODES, HOUSEHOLD_VALUES, HOUSEHOLDS, LIMITS
};

typedef struct Numbers
{
	const int32 *at;
	int			n;
} Numbers;

static void
refuse(const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s of the cube do not fit the rest", what)));
}

/* Argument argno as plain numbers: one dimension, or none for an empty array. */
static Numbers
numbers(FunctionCallInfo fcinfo, int argno, const char *what)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(argno);

	if (ARR_NDIM(array) > 1 || ARR_ELEMTYPE(array) != INT4OID || ARR_HASNULL(array))
		refuse(what);
	return (Numbers) {(const int32 *) ARR_DATA_PTR(array), ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array))};
}

/*
 * Fill in counts: a node that is a leaf, a value of each attribute from 0, or -1 for all
 * where that may be, a count.
 */
static void
read_cells(FunctionCallInfo fcinfo, const Cube *cube, int nodes_argno, int all_dims, int32 *count)
{
	Numbers		nodes = numbers(fcinfo, nodes_argno, "nodes");
	Numbers		values = numbers(fcinfo, nodes_argno + 1, "values");
	Numbers		counts = numbers(fcinfo, nodes_argno + 2, "counts");

	if (counts.n != nodes.n || values.n != (int64) nodes.n * cube->dims)
		refuse("counts");
	for (int i = 0; i < nodes.n; i++)
	{
		int			cell;

		if (nodes.at[i] < 0 || nodes.at[i] >= cube->nodes || !cube_is_leaf(cube, nodes.at[i]))
			refuse("nodes");
		cell = nodes.at[i] * cube->block;
		for (int d = 0; d < cube->dims; d++)
		{
			int32		v = values.at[i * cube->dims + d];

			if (v == -1 && (all_dims & (1 << d)))
				v = cube->size[d];
			else if (v < 0 || v >= cube->size[d])
				refuse("values");
			cell += v * cube->stride[d];
		}
		if (counts.at[i] < 0 || count[cell] != 0)
			refuse("counts");
		count[cell] = counts.at[i];
	}
}

/*
 * How many households hold the persons of each cell, where that is told.
 */
static void
read_households(FunctionCallInfo fcinfo, Cube *cube)
{
	int			dims = PG_GETARG_INT32(HOUSEHOLD_DIMS);

	if (dims < 0)
		return;
	if (dims >= 1 << cube->dims)
		refuse("households");
	cube->household_dims = dims;
	cube->households = MemoryContextAllocExtended(CurrentMemoryContext, cube->cells * sizeof(int32), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	read_cells(fcinfo, cube, HOUSEHOLD_NODES, ~dims, cube->households);
	cube_sum_households(cube);
}

/*
 * Mark what is tabulated: of each table, a bit an attribute, down to its level.
 */
static void
read_tables(FunctionCallInfo fcinfo, Cube *cube)
{
	Numbers		tables = numbers(fcinfo, TABLES, "tables");
	Numbers		levels = numbers(fcinfo, LEVELS, "levels");
	Numbers		node_levels = numbers(fcinfo, NODE_LEVELS, "levels of areas");
	int32	   *finest = palloc((1 << cube->dims) * sizeof(int32));

	if (levels.n != tables.n || node_levels.n != cube->nodes)
		refuse("levels");
	for (int i = 0; i < cube->nodes; i++)
		if (node_levels.at[i] < 0 || node_levels.at[i] >= CUBE_LEVELS)
			refuse("levels of areas");
	for (int i = 0; i < 1 << cube->dims; i++)
		finest[i] = PG_INT32_MIN;
	for (int i = 0; i < tables.n; i++)
	{
		if (tables.at[i] < 0 || tables.at[i] >= 1 << cube->dims)
			refuse("tables");
		/* with all its margins */
		for (int table = tables.at[i];; table = (table - 1) & tables.at[i])
		{
			finest[table] = Max(finest[table], levels.at[i]);
			if (table == 0)
				break;
		}
	}
	for (int cell = 0; cell < cube->cells; cell++)
		if (node_levels.at[cube_node(cube, cell)] <= finest[cube_table(cube, cell)])
			cube->asked[cell] = SHOWN;
	/* how many there are in all is no secret */
	cube->asked[cube->block - 1] = SHOWN_ALREADY;
}

static void
read_seen(FunctionCallInfo fcinfo, Cube *cube)
{
	Numbers		cells = numbers(fcinfo, SEEN_CELLS, "cells seen");
	ArrayType  *hidden = PG_GETARG_ARRAYTYPE_P(SEEN_HIDDEN);
	const bool *is_hidden = (const bool *) ARR_DATA_PTR(hidden);

	if (ARR_NDIM(hidden) > 1 || ARR_ELEMTYPE(hidden) != BOOLOID || ARR_HASNULL(hidden) ||
		ArrayGetNItems(ARR_NDIM(hidden), ARR_DIMS(hidden)) != cells.n)
		refuse("cells seen");
	for (int i = 0; i < cells.n; i++)
	{
		if (cells.at[i] < 0 || cells.at[i] >= cube->cells)
			refuse("cells seen");
		/* what somebody saw is seen, whoever else did not */
		if (!is_hidden[i])
			cube->seen[cells.at[i]] = SHOWN_ALREADY;
		else if (cube->seen[cells.at[i]] != SHOWN_ALREADY)
			cube->seen[cells.at[i]] = HIDDEN;
	}
}

/*
 * Whether the cell is of a table that was asked for and is not left out.
 */
static bool
is_published(const Cube *cube, int cell, bool is_out)
{
	return cube->asked[cell] != NOT_TABULATED && !is_out;
}

/*
 * By attributes, the finest level at which anybody gets cells of them, or has some.
 */
static void
find_told(const Cube *cube, const int32 *level, bool may_hide, const bool *is_out, int32 *told)
{
	memset(told, -1, (1 << cube->dims) * sizeof(int32));
	for (int cell = 0; cell < cube->cells; cell++)
	{
		int			table = cube_table(cube, cell);
		int			l = level[cube_node(cube, cell)];

		if (l > told[table] &&
			(cube->seen[cell] != NOT_TABULATED || (may_hide && is_published(cube, cell, is_out[table * CUBE_LEVELS + l]))))
			told[table] = l;
	}
	/* with all margins */
	for (int table = (1 << cube->dims) - 1; table > 0; table--)
		for (int d = 0; d < cube->dims; d++)
			if (table & (1 << d))
				told[table & ~(1 << d)] = Max(told[table & ~(1 << d)], told[table]);
}

/*
 * Each cell as it is before any is hidden.
 */
static void
set_states(Cube *cube)
{
	for (int cell = 0; cell < cube->cells; cell++)
		cube->state[cell] = cube->never[cell] && (cube_is_base(cube, cell) || cube->asked[cell] != NOT_TABULATED) ? SHOWN_ALREADY : cube->asked[cell];
}

static void
set_seen(Cube *cube)
{
	for (int cell = 0; cell < cube->cells; cell++)
		if (cube->seen[cell] != NOT_TABULATED)
			cube->state[cell] = cube->never[cell] ? SHOWN_ALREADY : cube->seen[cell];
}

/*
 * What is published, and what is narrow of what was seen.  No more of that, as cells of
 * another day are seen where their count is the same: which are missing would be told.
 * Where nothing can be hidden any more all that was seen, and what it tells of.
 */
static void
put_cells(FunctionCallInfo fcinfo, const Cube *cube, const int32 *level, const bool *is_out, const uint8 *exact)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	bool		may_hide = PG_GETARG_BOOL(MAY_HIDE);
	int32		width = PG_GETARG_INT32(WIDTH);

	InitMaterializedSRF(fcinfo, 0);
	for (int cell = 0; cell < cube->cells; cell++)
	{
		bool		is_hidden = cube_is_judged(cube, cell);
		Datum		coordinate[CUBE_MAX_DIMS];
		Datum		values[8];
		bool		nulls[8] = {false};

		if ((cell & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
		if (!is_published(cube, cell, is_out[cube_table(cube, cell) * CUBE_LEVELS + level[cube_node(cube, cell)]]) &&
			(may_hide ? !(cube->state[cell] == HIDDEN && cube_is_narrow(cube, cell, width)) :
			 cube->seen[cell] == NOT_TABULATED && !cube_is_narrow(cube, cell, width)))
			continue;
		for (int d = 0; d < cube->dims; d++)
			coordinate[d] = Int32GetDatum(cube_is_all(cube, cell, d) ? -1 : cube_coordinate(cube, cell, d));
		values[0] = Int32GetDatum(cell);
		values[1] = Int32GetDatum(cube_node(cube, cell));
		values[2] = PointerGetDatum(construct_array(coordinate, cube->dims, INT4OID, sizeof(int32), true, TYPALIGN_INT));
		values[3] = Int64GetDatum(cube->count[cell]);
		values[4] = BoolGetDatum(is_hidden);
		values[5] = Int64GetDatum(cube->low[cell]);
		values[6] = Int64GetDatum(cube->high[cell]);
		values[7] = BoolGetDatum(exact[cell] != 0);
		nulls[5] = nulls[6] = nulls[7] = !is_hidden;
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
}

/*
 * protect_cube(parents int[], sizes int[], nodes int[], "values" int[], counts int[],
 * tables int[], levels int[], node_levels int[], seen_cells int[],
 * seen_hidden boolean[], threshold int, width int, may_hide boolean, all_bounds boolean,
 * within_ms int, household_dims int, household_nodes int[], household_values int[],
 * households int[], limits int) returns setof (cell int, node int, "values" int[], count bigint,
 * hidden boolean, low bigint, high bigint, exact boolean)
 */
PG_FUNCTION_INFO_V1(registry_protect_cube);
Datum
registry_protect_cube(PG_FUNCTION_ARGS)
{
	Numbers		parents = numbers(fcinfo, PARENTS, "parents");
	Numbers		sizes = numbers(fcinfo, SIZES, "sizes");
	int32		threshold = PG_GETARG_INT32(THRESHOLD);
	int32		within_ms = PG_GETARG_INT32(WITHIN_MS);
	int32		width = PG_GETARG_INT32(WIDTH);
	Protection	protection = {width, PG_GETARG_BOOL(MAY_HIDE)};
	Cube	   *cube;
	uint8	   *exact;
	bool	   *is_out;
	const int32 *level;
	int32		told[1 << CUBE_MAX_DIMS];

	if (threshold < 1 || threshold > PG_INT32_MAX / 4 || protection.width < 1 || protection.width > PG_INT32_MAX / 4 || within_ms < 0)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("threshold and width are 1 to %d, and within_ms is 0 or more", PG_INT32_MAX / 4)));
	cube = cube_make(parents.n, parents.at, sizes.n, sizes.at);
	cube->deadline = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), within_ms);
	cube->limits = PG_GETARG_INT32(LIMITS);
	if (cube->limits < 0 || cube->limits >= 1 << cube->dims)
		refuse("limits");
	read_cells(fcinfo, cube, NODES, 0, cube->count);
	cube_sum(cube);
	read_households(fcinfo, cube);
	read_tables(fcinfo, cube);
	read_seen(fcinfo, cube);
	level = numbers(fcinfo, NODE_LEVELS, "levels of areas").at;
	exact = palloc(cube->cells);
	is_out = palloc0((1 << cube->dims) * CUBE_LEVELS * sizeof(bool));
	find_told(cube, level, protection.may_hide, is_out, told);
	cube_find_never(cube, told);
	/* to spare, so that who looks for witnesses again finds them */
	if (protection.may_hide)
		protection.width += width / 2;

	do
	{
		set_states(cube);
		memset(exact, 0, cube->cells);
		cube_forget(cube);
		if (protection.may_hide)
			cube_leave_out(cube, level, threshold, is_out);
		find_told(cube, level, protection.may_hide, is_out, told);
		cube_find_joined(cube, told);
		cube_hide_small(cube, level, threshold, protection.may_hide);
		set_seen(cube);
		cube_protect(cube, &protection);
		cube_solve(cube, width, PG_GETARG_BOOL(ALL_BOUNDS), exact);
	} while (protection.may_hide && cube_leave_out_narrow(cube, level, width, is_out));
	put_cells(fcinfo, cube, level, is_out, exact);
	return (Datum) 0;
}
