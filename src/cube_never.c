/*
 * cube_never.c
 *		Values of more than two attributes that never meet in all the country.
 *
 * Of limits that is known to whoever asked for them: that nobody is in two ranges that
 * hold nothing in common, or in one and not in a wider one.
 */
#include "postgres.h"

#include "cube.h"

/*
 * Which attributes are judged as one table because of more than two that never meet:
 * of limits, and one attribute beside, whoever asked for them
 * knows which exclude each other: who is in neither range is not in both together.
 * As levels of areas by sets of attributes, -1 where a set is in none.
 */
int32 *
cube_find_joined(const Cube *cube, const int *finest)
{
	int32	   *joined = palloc((1 << cube->dims) * sizeof(int32));

	for (int set = 0; set < 1 << cube->dims; set++)
		joined[set] = -1;
	for (int cell = 0; cell < cube->block; cell++)
	{
		int			set = 0,
					n = 0,
					others = 0;
		int32		depth = PG_INT32_MAX;
		bool		is_least = cube->count[cell] == 0;

		for (int d = 0; is_least && d < cube->dims; d++)
		{
			if (cube_is_all(cube, cell, d))
				continue;
			set |= 1 << d;
			n++;
			others += !(cube->limits & (1 << d));
			depth = Min(depth, finest[d]);
			is_least = cube->count[cell + (cube->size[d] - cube_coordinate(cube, cell, d)) * cube->stride[d]] > 0;
		}
		if (!is_least || n < 3 || others > 1)
			continue;
		for (int part = set; part > 0; part = (part - 1) & set)
			joined[part] = Max(joined[part], depth);
	}
	return joined;
}

/*
 * Whether the cell is of limits, with one attribute beside or none, that never meet.
 */
bool
cube_never_meet(const Cube *cube, int cell, const int *finest)
{
	int			limits = cube->block - 1;
	int			n = 0;

	for (int d = 0; d < cube->dims; d++)
		if ((cube->limits & (1 << d)) && finest[d] >= 0 && !cube_is_all(cube, cell, d))
		{
			limits -= (cube->size[d] - cube_coordinate(cube, cell, d)) * cube->stride[d];
			n++;
		}
	if (n < 2)
		return false;
	if (cube->count[limits] == 0)
		return true;
	for (int d = 0; d < cube->dims; d++)
		if (!(cube->limits & (1 << d)) && finest[d] >= 0 && !cube_is_all(cube, cell, d) &&
			cube->count[limits - (cube->size[d] - cube_coordinate(cube, cell, d)) * cube->stride[d]] == 0)
			return true;
	return false;
}
