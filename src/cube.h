/*
 * cube.h
 *	  Counts by areas and attributes, and other counts that show the same.
 *
 * A cube has a cell for every area and combination of values, "all" being one more
 * value of each attribute.  Its finest cells are base cells: a leaf of the areas and a
 * value of every attribute; all others are sums of them.  Some cells are tabulated:
 * shown or hidden.  Of the rest some are judged, as others may tell of them.
 *
 * A hidden count is safe when there could be another registry, with whole counts of 0
 * or more in its base cells and every shown cell as it is, in which it differs by the
 * width.  Such witnesses are found by moves: a box of base cells through the hidden
 * one, whose corners go up and down by turns, so that all sums beyond the box stay.
 * What a witness proves needs no trust in a solver's arithmetic.
 */
#ifndef REGISTRY_CUBE_H
#define REGISTRY_CUBE_H

#include "utils/timestamp.h"

#include "compat.h"

#define CUBE_MAX_DIMS	8
#define CUBE_MAX_CELLS	8000000
#define CUBE_MAX_NODES	200000
#define CUBE_LEVELS		7			/* country to village */
#define NO_NODE			(-1)

typedef enum CellState
{
	NOT_TABULATED,
	SHOWN,
	SHOWN_ALREADY,				/* seen by others: it can no more be hidden */
	HIDDEN,						/* not to be told closer than the width */
	UNPUBLISHED					/* small, and nobody gets it: not to be told exactly */
} CellState;

typedef struct Cube
{
	int			nodes;			/* areas, each before those that lie in it, and these next */
	int		   *parent;			/* NO_NODE of the first */
	int		   *last;			/* of its subtree */
	int		   *children;		/* how many */
	int		   *depth;
	int			deepest;
	int			dims;
	int			size[CUBE_MAX_DIMS];	/* values; coordinate "size" stands for all */
	int			stride[CUBE_MAX_DIMS];
	int			block;			/* cells a node */
	int			cells;
	int32	   *count;			/* as they are */
	int32	   *households;		/* of persons: how many hold them; NULL: not told */
	int			household_dims; /* bits of attributes a household has one value of */
	int			limits;			/* bits of attributes that are whom a table is limited to */
	TimestampTz deadline;		/* of the search for moves */
	int32	   *now;			/* of the witness at hand */
	int32	   *low;			/* least and greatest of all witnesses so far */
	int32	   *high;
	uint8	   *state;			/* CellState */
	uint8	   *asked;			/* SHOWN: of a table that somebody is to get */
	uint8	   *seen;			/* SHOWN_ALREADY, HIDDEN: by others */
	bool	   *never;			/* known to be nobody, from what the values mean */
	int			patience;		/* how many times the usual moves are looked at */
	int			together[CUBE_MAX_DIMS];	/* by attribute: bits of those tabulated with it */
	int32	   *times_hidden;	/* by cell of a block: in how many areas */
	int32	   *joined;			/* by attributes: the level down to which values that never meet tell of them */
} Cube;

/* What protects hidden cells, by hiding others where it may. */
typedef struct Protection
{
	int32		width;
	bool		may_hide;
} Protection;

static inline bool
cube_is_leaf(const Cube *cube, int node)
{
	return cube->last[node] == node;
}

static inline int
cube_node(const Cube *cube, int cell)
{
	return cell / cube->block;
}

static inline int
cube_coordinate(const Cube *cube, int cell, int dim)
{
	return cell % cube->block / cube->stride[dim] % (cube->size[dim] + 1);
}

static inline bool
cube_is_all(const Cube *cube, int cell, int dim)
{
	return cube_coordinate(cube, cell, dim) == cube->size[dim];
}

static inline bool
cube_is_base(const Cube *cube, int cell)
{
	for (int d = 0; d < cube->dims; d++)
		if (cube_is_all(cube, cell, d))
			return false;
	return cube_is_leaf(cube, cube_node(cube, cell));
}

static inline bool
cube_is_late(const Cube *cube)
{
	return GetCurrentTimestamp() > cube->deadline;
}

/* How far apart the bounds of a cell are to be, 0 where it does not matter. */
static inline int32
cube_needs(const Cube *cube, int cell, int32 width)
{
	return cube->state[cell] == HIDDEN ? width : cube->state[cell] == UNPUBLISHED;
}

static inline bool
cube_is_judged(const Cube *cube, int cell)
{
	return cube_needs(cube, cell, 1) > 0;
}

static inline bool
cube_is_narrow(const Cube *cube, int cell, int32 width)
{
	return cube->high[cell] - cube->low[cell] < cube_needs(cube, cell, width);
}

/* Which attributes the cell has a value of, a bit each. */
static inline int
cube_table(const Cube *cube, int cell)
{
	int			table = 0;

	for (int d = 0; d < cube->dims; d++)
		if (!cube_is_all(cube, cell, d))
			table |= 1 << d;
	return table;
}

extern REGISTRY_LOCAL Cube *cube_make(int nodes, const int32 *parent, int dims, const int32 *size);
extern REGISTRY_LOCAL void cube_sum(Cube *cube);
extern REGISTRY_LOCAL void cube_sum_households(Cube *cube);
extern REGISTRY_LOCAL void cube_find_together(Cube *cube);
extern REGISTRY_LOCAL void cube_find_joined(Cube *cube, const int32 *told);
extern REGISTRY_LOCAL void cube_find_never(Cube *cube, const int32 *told);
extern REGISTRY_LOCAL void cube_forget(Cube *cube);
extern REGISTRY_LOCAL bool cube_is_small(const Cube *cube, int cell, int32 threshold);
extern REGISTRY_LOCAL void cube_leave_out(Cube *cube, const int32 *level, int32 threshold, bool *is_out);
extern REGISTRY_LOCAL bool cube_leave_out_narrow(Cube *cube, const int32 *level, int32 width, bool *is_out);
extern REGISTRY_LOCAL void cube_hide_small(Cube *cube, const int32 *level, int32 threshold, bool may_hide);
extern REGISTRY_LOCAL void cube_protect(Cube *cube, const Protection *protection);
extern REGISTRY_LOCAL void cube_solve(Cube *cube, int32 width, bool all, uint8 *exact);

#endif							/* REGISTRY_CUBE_H */
