/*
 * cube_leave_out.c
 *		Tables of a cube that are left out at a level of areas, over all the country.
 *
 * What is left out is nobody's to subtract from: a table that is too fine, or one that
 * nothing protects any more, as what is beside it was seen.
 */
#include "postgres.h"

#include "cube.h"

/* So many small ones any table may have. */
#define FEW_CELLS	8

/*
 * Whether all that together tells of what never meets is told at the level, by this
 * snapshot or by what was seen.
 */
static bool
is_told(const Cube *cube, const bool *is_out, const Joined *joined, int l)
{
	for (int d = 0; d < cube->dims; d++)
	{
		int			at = (joined->beside | 1 << d) * CUBE_LEVELS + l;

		if ((joined->least & (1 << d)) && is_out[at] && !(cube->table[at] & TABLE_SEEN))
			return false;
	}
	return l <= joined->level;
}

/*
 * Whether anything tells of an implied table.
 */
static bool
is_needed(const Cube *cube, const bool *is_out, int table, int l)
{
	for (int i = 0; i < cube->njoined; i++)
	{
		const Joined *joined = &cube->joined[i];

		if ((table & ~(joined->least | joined->beside)) == 0 && is_told(cube, is_out, joined, l))
			return true;
	}
	return false;
}

/*
 * What tells of a table that nobody gets and can go: the last of what nobody saw, with
 * as little beside as there is; else the table itself.
 */
static bool *
find_telling(const Cube *cube, bool *is_out, int table, int l)
{
	for (int i = 0; i < cube->njoined; i++)
	{
		const Joined *joined = &cube->joined[i];

		if ((table & ~(joined->least | joined->beside)) != 0 || !is_told(cube, is_out, joined, l))
			continue;
		for (int d = cube->dims - 1; d >= 0; d--)
		{
			int			at = (joined->beside | 1 << d) * CUBE_LEVELS + l;

			if ((joined->least & (1 << d)) && !is_out[at] && (cube->table[at] & TABLE_FRESH))
				return &is_out[at];
		}
	}
	return &is_out[table * CUBE_LEVELS + l];
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

			if (cube->table[table * CUBE_LEVELS + l] & TABLE_IMPLIED)
			{
				*out = *out || !is_needed(cube, is_out, table, l);
				continue;
			}
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
		is_out[at] = is_out[at] || (!(cube->table[at] & TABLE_IMPLIED) && small[at] > FEW_CELLS && 4 * small[at] > all[at]);
	take_finer(cube, is_out);
	for (int cell = 0; cell < cube->cells; cell++)
		if (cube->state[cell] == SHOWN && is_out[cube_table(cube, cell) * CUBE_LEVELS + level[cube_node(cube, cell)]])
			cube->state[cell] = NOT_TABULATED;
	pfree(all);
	pfree(small);
}

/*
 * Take out tables with cells that nothing protects, as what is beside them was seen
 * already; false where there is none, or none is left to take out.
 */
bool
cube_leave_out_narrow(Cube *cube, const int32 *level, int32 width, bool *is_out)
{
	bool		any = false;

	for (int cell = 0; cell < cube->cells; cell++)
		if (cube_is_narrow(cube, cell, width))
		{
			int			table = cube_table(cube, cell);
			int			l = level[cube_node(cube, cell)];
			bool	   *out = &is_out[table * CUBE_LEVELS + l];

			if (cube->table[table * CUBE_LEVELS + l] & TABLE_IMPLIED)
				out = find_telling(cube, is_out, table, l);
			any = any || !*out;
			*out = true;
		}
	return any;
}
