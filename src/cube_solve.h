/*
 * cube_solve.h
 *	  What of a cube is unknown to an attacker, in components that share no equation.
 */
#ifndef REGISTRY_CUBE_SOLVE_H
#define REGISTRY_CUBE_SOLVE_H

#include "cube.h"

/* Beyond these a component is not solved: what moves prove of it stands.  Small ones
 * are solved in whole numbers however wide the linear bounds are. */
#define MOST_UNKNOWNS	5000
#define MOST_EQUATIONS	10000
#define ALWAYS_WHOLE	200

typedef struct Solver
{
	Cube	   *cube;
	int32		width;
	int		   *unknowns;		/* base cells that are not shown */
	int			nunknowns;
	int		   *component;		/* by number of unknown: the first of its component */
	int		   *number;			/* by cell: of an unknown, -1 for others */
	int		   *column;			/* by number of unknown, in the problem at hand */
} Solver;

static inline bool
is_late(const Solver *solver)
{
	return cube_is_late(solver->cube);
}

/* A shown cell, which says what its base cells add up to. */
static inline bool
is_equation(const Cube *cube, int cell)
{
	return cube->state[cell] == SHOWN || cube->state[cell] == SHOWN_ALREADY;
}

extern REGISTRY_LOCAL int solver_next_base(const Cube *cube, int cell, int at);
extern REGISTRY_LOCAL void solver_find_components(Solver *solver);
extern REGISTRY_LOCAL int solver_choose_columns(Solver *solver, int cell);
extern REGISTRY_LOCAL int solver_parts(Solver *solver, int cell, double *coefficient, int *column, int32 *rest);

#endif							/* REGISTRY_CUBE_SOLVE_H */
