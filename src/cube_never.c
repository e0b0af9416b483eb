/*
 * cube_never.c
 *		Values of attributes that never meet in all the country.
 *
 * Of limits that is known to whoever asked for them: that nobody is in two ranges that
 * hold nothing in common, or in one and not in a wider one.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "port/pg_bitutils.h"

#include "cube.h"

/*
 * Sets of attributes of which some values never meet, though those of any fewer do:
 * pairs, and of limits more, with one attribute beside; a bool by set.
 */
static bool *
find_least(const Cube *cube, const int32 *told)
{
	bool	   *least = palloc0((1 << cube->dims) * sizeof(bool));

	for (int cell = 0; cell < cube->block; cell++)
	{
		int			set = cube_table(cube, cell);
		int			n = pg_popcount32(set);
		bool		is_least = cube->count[cell] == 0 && n >= 2 && (n == 2 || pg_popcount32(set & ~cube->limits) <= 1);

		if ((cell & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
		for (int d = 0; is_least && d < cube->dims; d++)
			if (set & (1 << d))
				is_least = told[1 << d] >= 0 &&
					(n == 2 || cube->count[cell + (cube->size[d] - cube_coordinate(cube, cell, d)) * cube->stride[d]] > 0);
		least[set] = least[set] || is_least;
	}
	return least;
}

/*
 * Down to which level tables are told, whoever gets them, by values that never meet: one
 * of these less another tells of what is between, also by what each is told beside.
 * What is told so tells of more.
 */
void
cube_find_joined(Cube *cube, const int32 *told_alone)
{
	bool	   *is_least = find_least(cube, told_alone);
	int			sets = 1 << cube->dims;
	int32	   *told = palloc(sets * sizeof(int32));
	bool		again = true;

	memcpy(told, told_alone, sets * sizeof(int32));
	memset(cube->joined, -1, sets * sizeof(int32));
	while (again)
	{
		again = false;
		for (int beside = 0; beside < sets; beside++)
			for (int least = 0; least < sets; least++)
			{
				int			all = least | beside;
				int32		level = PG_INT32_MAX;

				if (!is_least[least] || (least & beside))
					continue;
				for (int d = 0; d < cube->dims; d++)
					if (least & (1 << d))
						level = Min(level, told[beside | 1 << d]);
				if (level <= cube->joined[all])
					continue;
				for (int table = all; table > 0; table = (table - 1) & all)
				{
					cube->joined[table] = Max(cube->joined[table], level);
					told[table] = Max(told[table], level);
				}
				again = true;
			}
	}
	pfree(told);
	pfree(is_least);
}

/*
 * Whether the cell is of limits, with one attribute beside or none, that never meet.
 */
static bool
limits_never_meet(const Cube *cube, int cell, const int32 *told)
{
	int			limits = cube->block - 1;
	int			n = 0;

	for (int d = 0; d < cube->dims; d++)
		if ((cube->limits & (1 << d)) && told[1 << d] >= 0 && !cube_is_all(cube, cell, d))
		{
			limits -= (cube->size[d] - cube_coordinate(cube, cell, d)) * cube->stride[d];
			n++;
		}
	if (n < 2)
		return false;
	if (cube->count[limits] == 0)
		return true;
	for (int d = 0; d < cube->dims; d++)
		if (!(cube->limits & (1 << d)) && told[1 << d] >= 0 && !cube_is_all(cube, cell, d) &&
			cube->count[limits - (cube->size[d] - cube_coordinate(cube, cell, d)) * cube->stride[d]] == 0)
			return true;
	return false;
}

static bool
pair_never_meets(const Cube *cube, int cell, const int32 *told)
{
	for (int d = 0; d < cube->dims; d++)
		for (int e = 0; e < d; e++)
			if (told[1 << d] >= 0 && told[1 << e] >= 0 && !cube_is_all(cube, cell, d) && !cube_is_all(cube, cell, e) &&
				cube->count[cube->block - 1 - (cube->size[d] - cube_coordinate(cube, cell, d)) * cube->stride[d] -
							(cube->size[e] - cube_coordinate(cube, cell, e)) * cube->stride[e]] == 0)
				return true;
	return false;
}

/*
 * What never occurs together in all the country: an attacker knows it of every area,
 * from what the attributes mean, as no child is 18.  The cells of it are no unknowns.
 */
void
cube_find_never(Cube *cube, const int32 *told)
{
	for (int cell = 0; cell < cube->cells; cell++)
	{
		if ((cell & 0xffff) == 0)
			CHECK_FOR_INTERRUPTS();
		cube->never[cell] = limits_never_meet(cube, cell, told) || pair_never_meets(cube, cell, told);
	}
}
