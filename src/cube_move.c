/*
 * cube_move.c
 *	  Moves through hidden cells of a cube.
 *
 * A move goes through a cell.  It alternates in the areas and in attributes of which
 * the cell has a value, so that sums over these stay; in the others it goes through one
 * value, and what is summed over that changes too.  It takes place when no cell it
 * changes is shown, and no base cell falls below 0.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "port/pg_bitutils.h"

#include "cube_move.h"

/* Moves looked at for one step: where some do, and in all. */
#define ENOUGH_MOVES	500
#define MOST_MOVES		6000

/* Steps by which the price halves; and what is added to an amount that prices are
 * compared by: what is hidden for one move serves others for nothing. */
#define BIAS			3
#define DAMP			10
#define AREA_BIT		(1 << CUBE_MAX_DIMS)

/* What is done with a cell that a move changes: sign 1 up, -1 down. */
typedef void (*VisitCell) (Search *search, Move *move, int cell, int sign);

/*
 * Visit all values of one area: bit d of "which" takes the other of the two options.
 */
static void
visit_area(Search *search, Move *move, int node, int side, VisitCell visit)
{
	const Cube *cube = search->cube;

	for (int which = 0; which < 1 << cube->dims; which++)
	{
		int			cell = node * cube->block;
		int			corner_sign = side == 0 ? search->direction : -search->direction;

		/* of what is free all sums are one with the total, as far as they are tabulated */
		if ((which & move->free) == 0)
			cell += move->offset[side][which & move->alternates & ~move->pivot];
		else if ((which & move->free) != move->free)
			continue;
		for (int d = 0; d < cube->dims; d++)
		{
			int			v = move->at[d];

			if (move->free & ~which & (1 << d))
				continue;
			if (which & (1 << d))
			{
				v = move->alternates & (1 << d) ? move->across[d] : cube->size[d];
				if (move->alternates & (1 << d))
					corner_sign = -corner_sign;
			}
			cell += v * cube->stride[d];
		}
		visit(search, move, cell, corner_sign);
	}
}

static void
visit_cells(Search *search, Move *move, VisitCell visit)
{
	for (int node = move->leaf; node != move->top; node = search->cube->parent[node])
		visit_area(search, move, node, 0, visit);
	if (move->other != NO_NODE)
		for (int node = move->other; node != move->top; node = search->cube->parent[node])
			visit_area(search, move, node, 1, visit);
}

/*
 * What hiding a cell costs: its count, more for totals, of attributes or of areas, and
 * less where the same values are hidden in other areas, as moves between areas need
 * both.
 */
static int64
price(const Cube *cube, int cell)
{
	int32		times = cube->times_hidden[cell % cube->block];
	int			totals = cube->deepest - cube->depth[cube_node(cube, cell)];

	for (int d = 0; d < cube->dims; d++)
		totals += cube_is_all(cube, cell, d);
	return 1 + ((((10 + (int64) cube->count[cell]) * 8) << totals) >> Min(BIAS, times > 0 ? 1 + pg_leftmost_one_pos32(times) : 0));
}

/* What a cell allows: capacity of base cells, and the price of what must be hidden. */
static void
weigh(Search *search, Move *move, int cell, int sign)
{
	const Cube *cube = search->cube;

	if (move->amount == 0)
		return;
	switch ((CellState) cube->state[cell])
	{
		case SHOWN_ALREADY:
			move->amount = 0;
			break;
		case SHOWN:
			if (!search->hides)
				move->amount = 0;
			move->cost += price(cube, cell);
			break;
		case HIDDEN:
		case UNPUBLISHED:
		case NOT_TABULATED:
			break;
	}
}

static void
change(Search *search, Move *move, int cell, int sign)
{
	Cube	   *cube = search->cube;

	if (cube->state[cell] == SHOWN)
	{
		cube->state[cell] = HIDDEN;
		cube->times_hidden[cell % cube->block]++;
	}
	cube->now[cell] += sign * move->amount;
	Assert(cube->now[cell] >= 0 || cube->state[cell] == NOT_TABULATED);
	cube->low[cell] = Min(cube->low[cell], cube->now[cell]);
	cube->high[cell] = Max(cube->high[cell], cube->now[cell]);
}

/*
 * The values of what is free that hold most beside a base cell, as an offset.
 */
static int
fullest(const Search *search, const Move *move, int cell, int d, int offset)
{
	const Cube *cube = search->cube;
	int			best = -1;

	while (d < cube->dims && !(move->free & (1 << d)))
		d++;
	if (d == cube->dims)
		return offset;
	for (int v = 0; v < cube->size[d]; v++)
	{
		int			other = fullest(search, move, cell, d + 1, offset + v * cube->stride[d]);

		if (best < 0 || cube->now[cell + other] > cube->now[cell + best])
			best = other;
	}
	return best;
}

/*
 * The least that the base cells going down hold.  One of each pair along the pivot
 * does, and says which values of what is free the pair has.
 */
static int32
capacity(const Search *search, Move *move)
{
	const Cube *cube = search->cube;
	int32		least = search->need;

	for (int which = 0; which < 1 << cube->dims && least > 0; which++)
	{
		bool		is_odd = pg_popcount32(which) & 1;
		int			side = is_odd == (search->direction < 0);	/* that goes down */
		int			cell = 0;
		int			offset;

		if ((which & ~move->alternates) || (side == 1 && move->other == NO_NODE))
			continue;
		for (int d = 0; d < cube->dims; d++)
			if (!(move->free & (1 << d)))
				cell += (which & (1 << d) ? move->across[d] : move->at[d]) * cube->stride[d];
		cell += (side == 0 ? move->leaf : move->other) * cube->block;
		offset = fullest(search, move, cell, 0, 0);
		move->offset[side][which & ~move->pivot] = offset;
		least = Min(least, cube->now[cell + offset]);
	}
	return least;
}

/*
 * Look at one move; false when no more need be looked at.
 */
static bool
look_at(Search *search, Move *move)
{
	search->seen++;
	CHECK_FOR_INTERRUPTS();
	move->cost = 0;
	move->amount = capacity(search, move);
	if (move->amount > 0)
	{
		int32		amount = move->amount;

		visit_cells(search, move, weigh);
		if (move->amount == amount && (move->cost > 0) == search->hides &&
			(search->best.amount == 0 ||
			 (move->cost > 0 && search->best.cost > 0 ?
			  (double) move->cost * (search->best.amount + DAMP) < (double) search->best.cost * (move->amount + DAMP) :
			  move->cost < search->best.cost || (move->cost == search->best.cost && move->amount > search->best.amount))))
			search->best = *move;
	}
	if (search->best.amount == search->need && !search->hides)
		return false;
	return search->seen < (search->best.amount > 0 ? ENOUGH_MOVES : MOST_MOVES) * search->cube->patience;
}

/*
 * All values of the attributes from d on: those across of one that alternates, every
 * one of another that the cell is a sum over.
 */
static bool
each_value(Search *search, Move *move, int d)
{
	const Cube *cube = search->cube;
	int			v;

	if (d == cube->dims)
		return look_at(search, move);
	v = cube_coordinate(cube, search->cell, d);
	if (move->free & (1 << d))
		return each_value(search, move, d + 1);
	if (v < cube->size[d] && !(move->alternates & (1 << d)))
	{
		move->at[d] = v;
		return each_value(search, move, d + 1);
	}
	for (int i = 0; i < cube->size[d]; i++)
	{
		if (i == v)
			continue;
		move->at[d] = v < cube->size[d] ? v : i;
		move->across[d] = i;
		if (!each_value(search, move, d + 1))
			return false;
	}
	return true;
}

/*
 * All leaves across, the nearest first: of the smallest area around the cell's own
 * that holds others.
 */
static bool
each_other(Search *search, Move *move)
{
	const Cube *cube = search->cube;
	int			inside = cube_node(cube, search->cell);

	if (!(move->alternates & AREA_BIT))
	{
		move->other = NO_NODE;
		move->top = NO_NODE;
		return each_value(search, move, 0);
	}
	for (int top = cube->parent[inside]; top != NO_NODE; inside = top, top = cube->parent[top])
	{
		move->top = top;
		for (int n = top + 1; n <= cube->last[top]; n++)
		{
			if (n == inside)
				n = cube->last[inside];
			else if (cube_is_leaf(cube, n))
			{
				move->other = n;
				if (!each_value(search, move, 0))
					return false;
			}
		}
	}
	return true;
}

/*
 * What the move is free in: attributes that the cell is a sum over, and that no table
 * has together with one that alternates, the pivot.  Along that they cancel, whatever
 * their values elsewhere.
 */
static void
choose_pivot(const Search *search, Move *move)
{
	const Cube *cube = search->cube;
	int			sums = 0;

	for (int d = 0; d < cube->dims; d++)
		if (cube_is_all(cube, search->cell, d))
			sums |= 1 << d;
	for (int d = 0; d < cube->dims; d++)
		if ((move->alternates & (1 << d)) &&
			pg_popcount32(sums & ~search->together[d]) > pg_popcount32(move->free))
		{
			move->pivot = 1 << d;
			move->free = sums & ~search->together[d];
		}
}

/*
 * The best move through the cell: one that hides nothing, or the cheapest for what it
 * gives.  What alternates most changes least, and is looked at first; but of a cell that
 * nobody gets last, as what is beside it is mostly nobody's either, and it is rare.
 */
bool
move_find(Search *search)
{
	const Cube *cube = search->cube;
	int			node = cube_node(cube, search->cell);
	bool		least_first = cube->state[search->cell] == UNPUBLISHED;
	int			specific = node > 0 ? AREA_BIT : 0;
	int			alternates;

	for (int d = 0; d < cube->dims; d++)
		if (!cube_is_all(cube, search->cell, d))
			specific |= 1 << d;
	alternates = least_first ? 0 : specific;
	search->best.amount = 0;
	do
	{
		Move		move = {.alternates = alternates};

		choose_pivot(search, &move);
		search->seen = 0;
		for (int n = node; n <= cube->last[node]; n++)
		{
			move.leaf = n;
			if (cube_is_leaf(cube, n) && !each_other(search, &move))
				break;
		}
		if (search->best.amount > 0 && !search->hides)
			break;
		/* the next smaller, or greater, part of them */
		alternates = (alternates - (least_first ? specific : 1)) & specific;
	} while (alternates != (least_first ? 0 : specific));
	return search->best.amount > 0;
}

/*
 * Take the best move that was found, and hide what it needs hidden.
 */
void
move_take(Search *search)
{
	visit_cells(search, &search->best, change);
}
