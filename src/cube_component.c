/*
 * cube_component.c
 *	  The unknowns of a cube, and which of them hang together.
 *
 * Unknown are the base cells that are not shown; every shown cell that they are part of
 * is an equation.  Two unknowns are in one component when a chain of equations joins
 * them: what is known of one says nothing of others.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "cube_solve.h"

/*
 * The base cells that a cell is the sum of: one after the other from *at, which begins
 * at -1; -1 at the end.
 */
int
solver_next_base(const Cube *cube, int cell, int at)
{
	int			node = cube_node(cube, cell);
	int			from = at < 0 ? node * cube->block : at + 1;

	for (int base = from; base < (cube->last[node] + 1) * cube->block; base++)
	{
		bool		is_part = cube_is_leaf(cube, cube_node(cube, base));

		for (int d = 0; d < cube->dims && is_part; d++)
			is_part = !cube_is_all(cube, base, d) &&
				(cube_is_all(cube, cell, d) || cube_coordinate(cube, base, d) == cube_coordinate(cube, cell, d));
		if (is_part)
			return base;
	}
	return -1;
}

static int
first_of(Solver *solver, int unknown)
{
	while (solver->component[unknown] != unknown)
		unknown = solver->component[unknown] = solver->component[solver->component[unknown]];
	return unknown;
}

/*
 * Number what is unknown, and join what shares an equation.
 */
void
solver_find_components(Solver *solver)
{
	Cube	   *cube = solver->cube;

	solver->number = MemoryContextAllocHuge(CurrentMemoryContext, cube->cells * sizeof(int));
	solver->unknowns = MemoryContextAllocHuge(CurrentMemoryContext, cube->cells * sizeof(int));
	for (int cell = 0; cell < cube->cells; cell++)
	{
		bool		is_unknown = !is_equation(cube, cell) && cube_is_base(cube, cell);

		solver->number[cell] = is_unknown ? solver->nunknowns : -1;
		if (is_unknown)
			solver->unknowns[solver->nunknowns++] = cell;
	}
	solver->component = MemoryContextAllocHuge(CurrentMemoryContext, (solver->nunknowns + 1) * sizeof(int));
	solver->column = MemoryContextAllocHuge(CurrentMemoryContext, (solver->nunknowns + 1) * sizeof(int));
	for (int i = 0; i < solver->nunknowns; i++)
		solver->component[i] = i;
	for (int cell = 0; cell < cube->cells; cell++)
	{
		int			joined = -1;

		CHECK_FOR_INTERRUPTS();
		if (!is_equation(cube, cell) || is_late(solver))
			continue;
		for (int base = solver_next_base(cube, cell, -1); base >= 0; base = solver_next_base(cube, cell, base))
		{
			int			unknown = solver->number[base];

			if (unknown < 0)
				continue;
			unknown = first_of(solver, unknown);
			if (joined < 0)
				joined = unknown;
			else if (joined != unknown)
			{
				/* the least leads, whatever the order */
				int			least = Min(joined, unknown);

				solver->component[Max(joined, unknown)] = least;
				joined = least;
			}
		}
	}
	for (int i = 0; i < solver->nunknowns; i++)
		solver->component[i] = first_of(solver, i);
}

/*
 * Give the unknowns of all components that the cell touches their columns, from 1;
 * how many, or -1 where they are too many.
 */
int
solver_choose_columns(Solver *solver, int cell)
{
	int			columns = 0;

	memset(solver->column, 0, solver->nunknowns * sizeof(int));
	for (int base = solver_next_base(solver->cube, cell, -1); base >= 0; base = solver_next_base(solver->cube, cell, base))
		if (solver->number[base] >= 0)
			solver->column[solver->component[solver->number[base]]] = 1;
	for (int i = 0; i < solver->nunknowns; i++)
		if (i != solver->component[i])
			solver->column[i] = solver->column[solver->component[i]];
	for (int i = 0; i < solver->nunknowns; i++)
		if (solver->column[i] != 0)
		{
			solver->column[i] = ++columns;
			if (columns > MOST_UNKNOWNS)
				return -1;
		}
	return columns;
}

/*
 * The unknown parts of a cell as coefficients of 1; what is left of its count for them.
 */
int
solver_parts(Solver *solver, int cell, double *coefficient, int *column, int32 *rest)
{
	int			n = 0;

	*rest = solver->cube->count[cell];
	for (int base = solver_next_base(solver->cube, cell, -1); base >= 0; base = solver_next_base(solver->cube, cell, base))
	{
		int			unknown = solver->number[base];

		if (unknown < 0)
			*rest -= solver->cube->count[base];
		else if (solver->column[unknown] > 0)
		{
			coefficient[n] = 1;
			column[n++] = solver->column[unknown];
		}
		else
			return 0;			/* of another component, whole */
	}
	return n;
}
