/*
 * cube_move.h
 *	  Moves through hidden cells of a cube: what leaves every shown cell as it is.
 */
#ifndef REGISTRY_CUBE_MOVE_H
#define REGISTRY_CUBE_MOVE_H

#include "cube.h"

typedef struct Move
{
	int			leaf;			/* where the cell's own corner is */
	int			other;			/* the leaf across, or NO_NODE */
	int			top;			/* areas up to this one change, without it; NO_NODE: all */
	int			alternates;		/* bits of attributes, and AREA_BIT */
	int			at[CUBE_MAX_DIMS];		/* the corner's values */
	int			across[CUBE_MAX_DIMS];	/* those across */
	int			pivot;			/* bit of an attribute that alternates, or 0 */
	int			free;			/* bits of attributes that no table has together with it */
	int			offset[2][1 << CUBE_MAX_DIMS];	/* of the values of these, a pair along the pivot */
	int32		amount;
	int64		cost;
} Move;

/* Looking for a move of a cell, up or down, by what is needed. */
typedef struct Search
{
	Cube	   *cube;
	int			cell;
	int			direction;		/* 1 up, -1 down */
	int32		need;
	bool		hides;			/* look for what to hide, not for what goes as it is */
	int			seen;			/* moves looked at */
	const int  *together;		/* by attribute: bits of those that a table has with it */
	Move		best;			/* amount 0: none yet */
} Search;

extern REGISTRY_LOCAL bool move_find(Search *search);
extern REGISTRY_LOCAL void move_take(Search *search);

#endif							/* REGISTRY_CUBE_MOVE_H */
