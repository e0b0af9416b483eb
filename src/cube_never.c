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
 * Which attributes are judged as one table because of some that never meet: whoever
 * asked for limits knows which exclude each other, as who is in neither range is not in
 * both together.  With them goes what each of them is told by, level by level.
 */
void
cube_find_joined(Cube *cube, const int32 *told)
{
	bool	   *is_least = find_least(cube, told);
	int			sets = 1 << cube->dims;

	for (int pass = 0; pass < 2; pass++)
	{
		cube->njoined = 0;
		for (int beside = 0; beside < sets; beside++)
			for (int least = 0; least < sets; least++)
			{
				int32		level = PG_INT32_MAX;

				if (!is_least[least] || (least & beside))
					continue;
				for (int d = 0; d < cube->dims; d++)
					if (least & (1 << d))
						level = Min(level, told[beside | 1 << d]);
				if (level < 0)
					continue;
				if (pass == 1)
					cube->joined[cube->njoined] = (Joined) {least, beside, level};
				cube->njoined++;
			}
		if (pass == 0)
			cube->joined = palloc((cube->njoined + 1) * sizeof(Joined));
	}
	pfree(is_least);
}

/*
 * Down to which level a table is judged because of what never meets, -1 for none.
 */
int32
cube_joined_level(const Cube *cube, int table)
{
	int32		level = -1;

	for (int i = 0; i < cube->njoined; i++)
		if ((table & ~(cube->joined[i].least | cube->joined[i].beside)) == 0)
			level = Max(level, cube->joined[i].level);
	return level;
}

/*
 * Whether the cell is of limits, with one attribute beside or none, that never meet.
 */
bool
cube_never_meet(const Cube *cube, int cell, const int32 *told)
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
