/*
 * cube_protect.c
 *	  Proves hidden cells of a cube safe by moves, and hides more where there are none.
 *
 * A move that was taken makes a witness, for every cell that it changed.  Greedy: what
 * costs least for what it gives is hidden first, in the order of the cells, so that the
 * same counts give the same pattern: one that was cut short by time is none.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "cube_move.h"

#define PATIENCE	30
#define SHAKES		20

/*
 * Look for the next move through the cell, from the witness at hand.
 */
static bool
find_next(Search *search, Cube *cube, int cell, int32 width, int direction, bool hides)
{
	if (cube_is_late(cube) || (direction < 0 && cube->now[cell] == 0))
		return false;
	width = cube_needs(cube, cell, width);
	*search = (Search) {.cube = cube, .cell = cell, .direction = direction, .hides = hides, .together = cube->together};
	search->need = direction > 0 ? cube->low[cell] + width - cube->now[cell] : cube->now[cell] - (cube->high[cell] - width);
	return move_find(search);
}

/*
 * Move a cell one way as far as is needed, or goes, through what is hidden already.
 */
static void
push(Cube *cube, int cell, int32 width, int direction)
{
	Search		search;

	while (cube_is_narrow(cube, cell, width) && find_next(&search, cube, cell, width, direction, false))
	{
		CHECK_FOR_INTERRUPTS();
		move_take(&search);
	}
}

/*
 * Back to the truth, whose cells hold most.
 */
static void
start_over(Cube *cube)
{
	memcpy(cube->now, cube->count, cube->cells * sizeof(int32));
}

/*
 * Where what is hidden leaves no way further, hide what the cheapest move on needs
 * hidden, up or down; false where there is none.
 */
static bool
hide_for(Cube *cube, int cell, int32 width)
{
	Search		up,
				down;
	bool		can_go_up,
				can_go_down;

	start_over(cube);
	push(cube, cell, width, -1);
	can_go_down = find_next(&down, cube, cell, width, -1, true);
	start_over(cube);
	push(cube, cell, width, 1);
	can_go_up = find_next(&up, cube, cell, width, 1, true);
	if (!can_go_up && !can_go_down)
		return false;
	if (!can_go_up || (can_go_down && down.best.cost < up.best.cost))
	{
		start_over(cube);
		push(cube, cell, width, -1);
		move_take(&down);
	}
	else
		move_take(&up);
	return true;
}

/*
 * Look further for moves, and in the other order, each from the truth.
 */
static void
try_harder(Cube *cube, int cell, int32 width)
{
	cube->patience = PATIENCE;
	for (int direction = -1; direction <= 1; direction += 2)
	{
		start_over(cube);
		push(cube, cell, width, direction);
		push(cube, cell, width, -direction);
	}
	cube->patience = 1;
}

static bool
any_narrow(const Cube *cube, int32 width)
{
	for (int cell = 0; cell < cube->cells; cell++)
		if (cube_is_narrow(cube, cell, width))
			return true;
	return false;
}

/*
 * Move every hidden cell once, up and down by turns: what is narrow moves along.
 */
static void
shake(Cube *cube, int32 width, int turn)
{
	for (int cell = cube->cells - 1; cell >= 0; cell--)
	{
		Search		search = {.cube = cube, .cell = cell, .direction = (cell + turn) & 1 ? 1 : -1, .need = cube_needs(cube, cell, width), .together = cube->together};

		if (search.need == 0)
			continue;
		CHECK_FOR_INTERRUPTS();
		if (!cube_is_late(cube) && move_find(&search))
			move_take(&search);
	}
	for (int cell = 0; cell < cube->cells; cell++)
	{
		push(cube, cell, width, turn & 1 ? 1 : -1);
		push(cube, cell, width, turn & 1 ? -1 : 1);
	}
}

/*
 * Prove, cell by cell, that what is hidden is safe; where it is not, hide more.  The
 * moves for one cell go on from the witness at hand, which serves all that it changes.
 * Cells that are hidden on the way come in the next pass, as more hidden ones take
 * nothing from what was proved.
 */
void
cube_protect(Cube *cube, const Protection *protection)
{
	int32		width = protection->width;
	bool		again = true;

	cube_find_together(cube);
	while (again)
	{
		again = false;
		for (int cell = 0; cell < cube->cells; cell++)
		{
			int			first;

			if ((cell & 0xffff) == 0)
				CHECK_FOR_INTERRUPTS();
			if (!cube_is_narrow(cube, cell, width))
				continue;
			CHECK_FOR_INTERRUPTS();
			/* no move is found any more, and to start over takes long for so many cells */
			if (cube_is_late(cube))
				break;
			/* one who is there can be elsewhere: soonest found of what nobody gets */
			first = cube->state[cell] == UNPUBLISHED ? -1 : 1;
			push(cube, cell, width, first);
			push(cube, cell, width, -first);
			if (cube_is_narrow(cube, cell, width))
				start_over(cube);
			push(cube, cell, width, 1);
			push(cube, cell, width, -1);
			/* what nobody gets is a lot, and to hide one more for it costs less */
			if (cube->state[cell] == HIDDEN && cube_is_narrow(cube, cell, width))
				try_harder(cube, cell, width);
			while (protection->may_hide && cube_is_narrow(cube, cell, width) && hide_for(cube, cell, width))
				again = true;
		}
	}
	for (int turn = 0; turn < SHAKES && any_narrow(cube, width) && !cube_is_late(cube); turn++)
		shake(cube, width, turn);
	if (protection->may_hide && cube_is_late(cube))
		ereport(ERROR,
				(errcode(MAKE_SQLSTATE('R', 'G', '0', '3', '1')),
				 errmsg("what to hide could not be found out in time"),
				 errhint("Ask for fewer attributes or a coarser level, or give nser.share_policy.solve_within more time.")));
}
