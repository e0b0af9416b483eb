/*
 * cube.c
 *	  The sums of a cube, and which of its cells are small.
 */
#include "postgres.h"

#include "common/int.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "cube.h"

static void *
alloc(size_t n, size_t size)
{
	return MemoryContextAllocExtended(CurrentMemoryContext, n * size, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
}

static void
refuse_size(void)
{
	ereport(ERROR,
			(errcode(MAKE_SQLSTATE('R', 'G', '0', '3', '1')),
			 errmsg("the tables are too large to be judged together"),
			 errdetail("They have more than %d attributes, or areas times values, with totals, are more than %d.", CUBE_MAX_DIMS, CUBE_MAX_CELLS),
			 errhint("Ask for fewer attributes, or a coarser level.  Or wait until the snapshot is over: nser.share_policy.snapshot_lasts.")));
}

/*
 * A cube of zeros.  Parents are by number of node from 0, -1 of the first.
 */
Cube *
cube_make(int nodes, const int32 *parent, int dims, const int32 *size)
{
	Cube	   *cube = palloc0(sizeof(Cube));
	int64		block = 1;

	if (nodes < 1 || nodes > CUBE_MAX_NODES || dims < 1 || dims > CUBE_MAX_DIMS)
		refuse_size();
	cube->nodes = nodes;
	cube->patience = 1;
	cube->dims = dims;
	for (int d = 0; d < dims; d++)
	{
		if (size[d] < 1)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("every attribute has 1 value or more")));
		cube->size[d] = size[d];
		cube->stride[d] = (int) block;
		if (size[d] >= CUBE_MAX_CELLS || (block *= size[d] + 1) > CUBE_MAX_CELLS)
			refuse_size();
	}
	if (block * nodes > CUBE_MAX_CELLS)
		refuse_size();
	cube->block = (int) block;
	cube->cells = (int) (block * nodes);

	cube->parent = alloc(nodes, sizeof(int));
	cube->last = alloc(nodes, sizeof(int));
	cube->children = alloc(nodes, sizeof(int));
	cube->depth = alloc(nodes, sizeof(int));
	for (int n = 0; n < nodes; n++)
	{
		/* the parent is the node before, or holds it: so a subtree is a range */
		if (n == 0 ? parent[0] != NO_NODE : parent[n] < 0 || parent[n] >= n || cube->last[parent[n]] != n - 1)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("areas must be in the order of a tree, each right before all that lies in it")));
		cube->parent[n] = parent[n];
		cube->last[n] = n;
		if (n == 0)
			continue;
		cube->depth[n] = cube->depth[parent[n]] + 1;
		if (cube->depth[n] >= CUBE_LEVELS)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("areas have %d levels at most", CUBE_LEVELS)));
		cube->deepest = Max(cube->deepest, cube->depth[n]);
		cube->children[parent[n]]++;
		for (int up = parent[n]; up != NO_NODE; up = cube->parent[up])
			cube->last[up] = n;
	}

	cube->count = alloc(cube->cells, sizeof(int32));
	cube->now = alloc(cube->cells, sizeof(int32));
	cube->low = alloc(cube->cells, sizeof(int32));
	cube->high = alloc(cube->cells, sizeof(int32));
	cube->state = alloc(cube->cells, sizeof(uint8));
	cube->asked = alloc(cube->cells, sizeof(uint8));
	cube->seen = alloc(cube->cells, sizeof(uint8));
	cube->never = alloc(cube->cells, sizeof(bool));
	cube->times_hidden = alloc(cube->block, sizeof(int32));
	cube->joined = alloc((size_t) 1 << dims, sizeof(int32));
	return cube;
}

static void
add(int32 *sum, int32 count)
{
	if (pg_add_s32_overflow(*sum, count, sum) || *sum > PG_INT32_MAX / 2)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("a cube counts less than 2^30")));
}

/*
 * Work out every sum of the base cells.
 */
void
cube_sum(Cube *cube)
{
	for (int d = 0; d < cube->dims; d++)
		for (int cell = 0; cell < cube->cells; cell++)
		{
			int			v = cube_coordinate(cube, cell, d);

			if (v < cube->size[d])
				add(&cube->count[cell + (cube->size[d] - v) * cube->stride[d]], cube->count[cell]);
		}
	for (int n = cube->nodes - 1; n > 0; n--)
		for (int i = 0; i < cube->block; i++)
			add(&cube->count[(size_t) cube->parent[n] * cube->block + i], cube->count[(size_t) n * cube->block + i]);
}

/*
 * Households are told by base values and by all values of what differs within one:
 * they add up over areas and over what a household has one value of, and no further.
 */
void
cube_sum_households(Cube *cube)
{
	for (int d = 0; d < cube->dims; d++)
		for (int cell = 0; cell < cube->cells && (cube->household_dims & (1 << d)); cell++)
		{
			int			v = cube_coordinate(cube, cell, d);

			if (v < cube->size[d])
				add(&cube->households[cell + (cube->size[d] - v) * cube->stride[d]], cube->households[cell]);
		}
	for (int n = cube->nodes - 1; n > 0; n--)
		for (int i = 0; i < cube->block; i++)
			add(&cube->households[(size_t) cube->parent[n] * cube->block + i], cube->households[(size_t) n * cube->block + i]);
}

static bool
is_few(const Cube *cube, int cell, int32 threshold)
{
	return cube->count[cell] < threshold || (cube->households != NULL && cube->households[cell] < threshold);
}

/*
 * Whether what the cell leaves of a sum that it is part of is few, though least or more.
 * An only child leaves nothing and says nothing that its parent does not.
 */
static bool
leaves_few(const Cube *cube, int cell, int32 least, int32 threshold)
{
	int			node = cube_node(cube, cell);

	if (node > 0 && cube->children[cube->parent[node]] > 1)
	{
		int32		rest = cube->count[cell - (node - cube->parent[node]) * cube->block] - cube->count[cell];

		if (rest >= least && rest < threshold)
			return true;
	}
	for (int d = 0; d < cube->dims; d++)
	{
		int			v = cube_coordinate(cube, cell, d);

		if (v < cube->size[d] && cube->size[d] > 1)
		{
			int32		rest = cube->count[cell + (cube->size[d] - v) * cube->stride[d]] - cube->count[cell];

			if (rest >= least && rest < threshold)
				return true;
		}
	}
	return false;
}

/*
 * Whether the cell, or what it leaves of a sum, is small.  Persons of few households are
 * few.
 */
bool
cube_is_small(const Cube *cube, int cell, int32 threshold)
{
	return is_few(cube, cell, threshold) || leaves_few(cube, cell, 0, threshold);
}

/*
 * Note which attributes some table has together.
 */
void
cube_find_together(Cube *cube)
{
	memset(cube->together, 0, sizeof(cube->together));
	for (int cell = 0; cell < cube->cells; cell++)
		if (cube->state[cell] != NOT_TABULATED)
		{
			int			table = cube_table(cube, cell);

			for (int d = 0; d < cube->dims; d++)
				if (table & (1 << d))
					cube->together[d] |= table;
		}
}

/*
 * Forget all witnesses but the truth.
 */
void
cube_forget(Cube *cube)
{
	memcpy(cube->now, cube->count, cube->cells * sizeof(int32));
	memcpy(cube->low, cube->count, cube->cells * sizeof(int32));
	memcpy(cube->high, cube->count, cube->cells * sizeof(int32));
	memset(cube->times_hidden, 0, cube->block * sizeof(int32));
}

/*
 * Hide what is small of what is tabulated.  What is small and nobody gets is judged in a
 * table that was asked for, unless it is 0, and where values that never meet tell of it.
 */
void
cube_hide_small(Cube *cube, const int32 *level, int32 threshold, bool may_hide)
{
	for (int cell = 0; cell < cube->cells; cell++)
	{
		if ((cell & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
		if (cube->state[cell] == SHOWN && may_hide && cube_is_small(cube, cell, threshold))
		{
			cube->state[cell] = HIDDEN;
			cube->times_hidden[cell % cube->block]++;
		}
		else if (cube->state[cell] == NOT_TABULATED && !cube->never[cell] &&
				 (level[cube_node(cube, cell)] <= cube->joined[cube_table(cube, cell)] ?
				  is_few(cube, cell, threshold) || leaves_few(cube, cell, 1, threshold) :
				  cube->asked[cell] != NOT_TABULATED && cube->count[cell] > 0 && is_few(cube, cell, threshold)))
			cube->state[cell] = UNPUBLISHED;
	}
}
