/*
 * cube_leave_out.c
 *		Tables of a cube that are left out at a level of areas, over all the country.
 *
 * What is left out is nobody's to subtract from: a table that is too fine, or one that
 * nothing protects any more, as what is beside it was seen.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "port/pg_bitutils.h"

#include "cube.h"

/* So many small ones any table may have. */
#define FEW_CELLS	8

/*
 * What tells of a table that nobody gets, and can go: what shares attributes with it
 * first, at its level, of no others, with most of them, the last; -1 for none.
 */
static int
find_telling(const Cube *cube, const bool *can_go, int table, int l)
{
	int			best = -1;
	int			best_rank = -1;

	for (int at = 0; at < (1 << cube->dims) * CUBE_LEVELS; at++)
	{
		int			other = at / CUBE_LEVELS;
		int			rank = (((other & table) != 0) * 32 + (at % CUBE_LEVELS == l ? CUBE_LEVELS : at % CUBE_LEVELS) * 2 + ((other & ~table) == 0)) * 16 +
			pg_popcount32(other);

		if (can_go[at] && rank >= best_rank)
		{
			best = at;
			best_rank = rank;
		}
	}
	return best;
}

/*
 * With a table at a level goes what is finer by level or attributes.  Tables of fewer
 * attributes have lower numbers than those they are part of.
 */
static void
take_finer(const Cube *cube, bool *is_out)
{
	for (int table = 0; table < 1 << cube->dims; table++)
		for (int l = 0; l < CUBE_LEVELS; l++)
		{
			bool	   *out = &is_out[table * CUBE_LEVELS + l];

			*out = *out || (l > 0 && out[-1]);
			for (int d = 0; d < cube->dims; d++)
				if (table & (1 << d))
					*out = *out || is_out[(table & ~(1 << d)) * CUBE_LEVELS + l];
		}
}

/*
 * Leave out what is too fine: a table at a level, over all the country, of which more
 * than a quarter of the cells, and not just a few, are small; and what is out already.
 * What nobody gets anywhere is found by no difference of areas.
 */
void
cube_leave_out(Cube *cube, const int32 *level, int32 threshold, bool *is_out)
{
	int			tables = (1 << cube->dims) * CUBE_LEVELS;
	int64	   *all = palloc0(tables * sizeof(int64));
	int64	   *small = palloc0(tables * sizeof(int64));

	for (int cell = 0; cell < cube->cells; cell++)
		if (cube->state[cell] == SHOWN)
		{
			int			at = cube_table(cube, cell) * CUBE_LEVELS + level[cube_node(cube, cell)];

			all[at]++;
			small[at] += cube_is_small(cube, cell, threshold);
		}
	for (int at = 0; at < tables; at++)
		is_out[at] = is_out[at] || (small[at] > FEW_CELLS && 4 * small[at] > all[at]);
	take_finer(cube, is_out);
	for (int cell = 0; cell < cube->cells; cell++)
		if (cube->state[cell] == SHOWN && is_out[cube_table(cube, cell) * CUBE_LEVELS + level[cube_node(cube, cell)]])
			cube->state[cell] = NOT_TABULATED;
	pfree(all);
	pfree(small);
}

/*
 * Take out tables with cells that nothing protects, as what is beside them was seen
 * already; or else, of what nobody gets, one that tells of the first.  False where none
 * is left to go: what is told then was told before.
 */
bool
cube_leave_out_narrow(Cube *cube, const int32 *level, int32 width, bool *is_out)
{
	bool		any = false;
	bool	   *can_go = palloc0((1 << cube->dims) * CUBE_LEVELS * sizeof(bool));
	int			told = -1;

	for (int cell = 0; cell < cube->cells; cell++)
	{
		int			at = cube_table(cube, cell) * CUBE_LEVELS + level[cube_node(cube, cell)];

		if ((cell & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
		if (cube->asked[cell] == SHOWN && cube->seen[cell] == NOT_TABULATED)
			can_go[at] = !is_out[at];
		if (told < 0 && cube->state[cell] == UNPUBLISHED && cube_is_narrow(cube, cell, width))
			told = cell;
	}
	for (int cell = 0; cell < cube->cells; cell++)
	{
		int			at = cube_table(cube, cell) * CUBE_LEVELS + level[cube_node(cube, cell)];

		if (can_go[at] && cube->state[cell] == HIDDEN && cube_is_narrow(cube, cell, width))
			any = is_out[at] = true;
	}
	if (!any && told >= 0)
	{
		int			at = find_telling(cube, can_go, cube_table(cube, told), level[cube_node(cube, told)]);

		if (at >= 0)
			any = is_out[at] = true;
	}
	pfree(can_go);
	return any;
}
