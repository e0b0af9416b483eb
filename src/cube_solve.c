/*
 * cube_solve.c
 *	  What is left of hidden cells by linear and whole bounds: lp_solve.
 *
 * A cell is judged in its own component.  A linear bound that is narrow is narrow in
 * whole numbers too; one that is wide may not be: so it counts only when its whole
 * solution, put back and added up in integers, shows every shown cell as it is.
 *
 * The solver is asked to stop from its own callback when the session is cancelled or
 * the time is up, and errors are raised when it has returned: never through it.
 */
#include "postgres.h"

#include <math.h>
#include <lpsolve/lp_lib.h>

#undef NORMAL
#undef FALSE
#undef TRUE

#include "miscadmin.h"

#include "cube_solve.h"

#define NEARLY			1e-6

static int
stop(lprec *lp, void *solver)
{
	return QueryCancelPending || ProcDiePending || is_late(solver);
}

/* Every shown cell of the components chosen as an equation; false where it fails. */
static bool
add_equations(Solver *solver, lprec *lp, REAL *coefficient, int *column)
{
	Cube	   *cube = solver->cube;
	int			equations = 0;

	if (!set_add_rowmode(lp, 1))
		return false;
	for (int cell = 0; cell < cube->cells; cell++)
	{
		int32		rest;
		int			n;

		CHECK_FOR_INTERRUPTS();
		if (!is_equation(cube, cell))
			continue;
		if (is_late(solver))
			return false;
		n = solver_parts(solver, cell, coefficient, column, &rest);
		if (n > 0 && (++equations > MOST_EQUATIONS || !add_constraintex(lp, n, coefficient, column, EQ, rest)))
			return false;
	}
	return set_add_rowmode(lp, 0);
}

/*
 * Put a whole solution into the cube, add it up, and take it for a witness where every
 * shown cell is as it was.
 */
static void
take_witness(Solver *solver, const REAL *value)
{
	Cube	   *cube = solver->cube;

	memcpy(cube->now, cube->count, cube->cells * sizeof(int32));
	for (int i = 0; i < solver->nunknowns; i++)
		if (solver->column[i] > 0)
		{
			REAL		v = rint(value[solver->column[i] - 1]);

			if (v < 0 || v > PG_INT32_MAX / 2)
				return;
			cube->now[solver->unknowns[i]] = (int32) v;
		}
	for (int pass = 0; pass < 2; pass++)
		for (int cell = 0; cell < cube->cells; cell++)
		{
			int64		sum = 0;

			CHECK_FOR_INTERRUPTS();
			if (cube->state[cell] == NOT_TABULATED)
				continue;
			if (is_late(solver))
				return;
			for (int base = solver_next_base(cube, cell, -1); base >= 0; base = solver_next_base(cube, cell, base))
				sum += cube->now[base];
			if (pass == 0 && is_equation(cube, cell) && sum != cube->count[cell])
				return;
			if (pass == 1 && cube_is_judged(cube, cell))
			{
				cube->low[cell] = Min(cube->low[cell], sum);
				cube->high[cell] = Max(cube->high[cell], sum);
			}
		}
}

/*
 * The cell's least or greatest value; whole where asked.  False where the solver gave
 * up: the witness of a solution counts all the same.
 */
static bool
bound(Solver *solver, lprec *lp, int cell, int columns, bool greatest, bool whole, REAL *coefficient, int *column, int64 *result)
{
	int32		rest;
	int			n = solver_parts(solver, cell, coefficient, column, &rest);
	int			outcome;

	for (int i = 1; i <= columns; i++)
		set_int(lp, i, whole);
	if (!set_obj_fnex(lp, n, coefficient, column))
		return false;
	if (greatest)
		set_maxim(lp);
	else
		set_minim(lp);
	default_basis(lp);
	outcome = solve(lp);
	if (outcome == UNBOUNDED)
	{
		*result = PG_INT32_MAX / 2;
		return true;
	}
	if (outcome != OPTIMAL && outcome != PRESOLVED)
		return false;
	*result = (int64) (greatest ? floor(get_objective(lp) + NEARLY) : ceil(get_objective(lp) - NEARLY)) +
		solver->cube->count[cell] - rest;
	if (get_variables(lp, coefficient))
		take_witness(solver, coefficient);
	return true;
}

/*
 * Whether the cell's bounds are exact: reached by whole witnesses, or else as whole
 * numbers where they are close.
 */
static bool
is_exact(Solver *solver, lprec *lp, int cell, int columns)
{
	Cube	   *cube = solver->cube;
	REAL	   *coefficient = palloc((solver->nunknowns + 1) * sizeof(REAL));
	int		   *column = palloc((solver->nunknowns + 1) * sizeof(int));
	int64		low,
				high;
	bool		exact = false;

	set_verbose(lp, NEUTRAL);
	put_abortfunc(lp, stop, solver);
	for (int whole = 0; whole <= 1 && !exact; whole++)
	{
		if (whole == 0 && !add_equations(solver, lp, coefficient, column))
			break;
		if (!bound(solver, lp, cell, columns, false, whole, coefficient, column, &low) ||
			!bound(solver, lp, cell, columns, true, whole, coefficient, column, &high))
			break;
		exact = low == cube->low[cell] && high == cube->high[cell];
		if (high - low > 2 * (int64) solver->width && columns > ALWAYS_WHOLE && !cube_is_narrow(cube, cell, solver->width))
			break;
	}
	pfree(coefficient);
	pfree(column);
	return exact;
}

/*
 * Judge one cell; what the solver holds is given back whatever happens.
 */
static bool
judge(Solver *solver, int cell, int columns)
{
	lprec	   *lp = make_lp(0, columns);
	volatile bool exact = false;

	if (lp == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY),
				 errmsg("the solver is out of memory")));
	PG_TRY();
	{
		exact = is_exact(solver, lp, cell, columns);
	}
	PG_FINALLY();
	{
		delete_lp(lp);
	}
	PG_END_TRY();
	CHECK_FOR_INTERRUPTS();
	return exact;
}

/*
 * Bounds of hidden cells that moves left narrow, or of all of them; those that are
 * exact are marked.
 */
void
cube_solve(Cube *cube, int32 width, bool all, uint8 *exact)
{
	Solver		solver = {.cube = cube, .width = width};
	bool		prepared = false;

	for (int cell = 0; cell < cube->cells; cell++)
	{
		int			columns;

		if (!(all && cube->state[cell] == HIDDEN) && !cube_is_narrow(cube, cell, width))
			continue;
		CHECK_FOR_INTERRUPTS();
		if (is_late(&solver))
			return;
		if (!prepared)
			solver_find_components(&solver);
		prepared = true;
		columns = solver_choose_columns(&solver, cell);
		if (columns > 0)
			exact[cell] = judge(&solver, cell, columns);
		else if (columns == 0)
			exact[cell] = true;	/* nothing of it is unknown */
	}
}
