/*
 * suppress.c
 *	  suppress_table(counts, threshold, min_interval): which cells of a table to hide.
 *
 * First what is small itself, or whose complement in its row or column is: 97 of 100
 * tells of the other 3.  Then, while the interval of some hidden cell is too narrow,
 * the cheapest rectangle through it that gives it room, and at last whatever was
 * hidden and is not needed is shown again.  All in the table's own order, so the same
 * counts give the same pattern.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "port/pg_bitutils.h"

#include "table_bounds.h"

#define AT(table, row, column)	((size_t) (row) * (table)->columns + (column))

/* Cells that are tried to be shown again; each try attacks the whole table. */
#define MAX_TRIES	200

/* What it costs to hide a cell: as many bits as it has, nothing where it is hidden. */
static int64
cost(const Table *table, int row, int column)
{
	int64		count = table->count[AT(table, row, column)];

	if (table->hidden[AT(table, row, column)])
		return 0;
	return 2 + (count > 0 ? pg_leftmost_one_pos64((uint64) count) : 0);
}

/*
 * Hide what is small, and what leaves little beside it.  A row or column of one cell
 * has no complement: its margin is the cell.
 */
static void
hide_small(const Table *table, int64 threshold)
{
	int64	   *row_total = palloc0(table->rows * sizeof(int64));
	int64	   *column_total = palloc0(table->columns * sizeof(int64));

	for (int r = 0; r < table->rows; r++)
		for (int c = 0; c < table->columns; c++)
		{
			row_total[r] += table->count[AT(table, r, c)];
			column_total[c] += table->count[AT(table, r, c)];
		}
	for (int r = 0; r < table->rows; r++)
		for (int c = 0; c < table->columns; c++)
		{
			int64		count = table->count[AT(table, r, c)];

			table->hidden[AT(table, r, c)] = count < threshold ||
				(table->columns > 1 && row_total[r] - count < threshold) ||
				(table->rows > 1 && column_total[c] - count < threshold);
		}
	pfree(row_total);
	pfree(column_total);
}

/* Whether the cell's interval is wide enough. */
static bool
is_wide(const Table *table, TableSearch *search, int row, int column, int64 width)
{
	int64		low,
				high;

	table_bounds(table, search, row, column, width, &low, &high);
	return high - low >= width;
}

static bool
all_wide(const Table *table, TableSearch *search, int64 width)
{
	for (int r = 0; r < table->rows; r++)
		for (int c = 0; c < table->columns; c++)
			if (table->hidden[AT(table, r, c)] && !is_wide(table, search, r, c, width))
				return false;
	return true;
}

/*
 * Hide the rectangle through the cell that gives it most room, up to the width, and
 * of those the cheapest; false where there is none left to hide.
 */
static bool
hide_rectangle(const Table *table, int row, int column, int64 width)
{
	int			best_row = -1,
				best_column = -1;
	int64		best_room = -1,
				best_cost = 0;

	for (int r = 0; r < table->rows; r++)
		for (int c = 0; c < table->columns; c++)
		{
			int64		room,
						price;

			if (r == row || c == column)
				continue;
			price = cost(table, r, c) + cost(table, row, c) + cost(table, r, column);
			if (price == 0)
				continue;
			room = Min(table->count[AT(table, row, c)], table->count[AT(table, r, column)]) +
				Min(table->count[AT(table, row, column)], table->count[AT(table, r, c)]);
			room = Min(room, width);
			if (room > best_room || (room == best_room && price < best_cost))
			{
				best_room = room;
				best_cost = price;
				best_row = r;
				best_column = c;
			}
		}
	if (best_row < 0)
		return false;
	table->hidden[AT(table, row, best_column)] = true;
	table->hidden[AT(table, best_row, column)] = true;
	table->hidden[AT(table, best_row, best_column)] = true;
	return true;
}

/*
 * Hide until every interval is wide enough.  What was wide stays wide, as more is
 * hidden: one pass over the cells, and again for those that came meanwhile.
 */
static bool
hide_others(const Table *table, TableSearch *search, int64 width)
{
	bool		changed = true;

	while (changed)
	{
		changed = false;
		for (int r = 0; r < table->rows; r++)
			for (int c = 0; c < table->columns; c++)
				while (table->hidden[AT(table, r, c)] && !is_wide(table, search, r, c, width))
				{
					CHECK_FOR_INTERRUPTS();
					if (!hide_rectangle(table, r, c, width))
						return false;
					changed = true;
				}
	}
	return true;
}

/*
 * Show again, the greatest first, what is hidden for others and not needed.
 */
static void
show_needless(const Table *table, TableSearch *search, const bool *small, int64 width)
{
	size_t		cells = (size_t) table->rows * table->columns;
	bool	   *tried = palloc0(cells);

	for (int tries = 0; tries < MAX_TRIES; tries++)
	{
		size_t		best = cells;

		for (size_t i = 0; i < cells; i++)
			if (table->hidden[i] && !small[i] && !tried[i] && (best == cells || table->count[i] > table->count[best]))
				best = i;
		if (best == cells)
			break;
		CHECK_FOR_INTERRUPTS();
		tried[best] = true;
		table->hidden[best] = false;
		if (!all_wide(table, search, width))
			table->hidden[best] = true;
	}
	pfree(tried);
}

/*
 * suppress_table(counts bigint[], threshold int, min_interval int) returns boolean[]
 */
PG_FUNCTION_INFO_V1(registry_suppress_table);
Datum
registry_suppress_table(PG_FUNCTION_ARGS)
{
	int32		threshold = PG_GETARG_INT32(1);
	int32		width = PG_GETARG_INT32(2);
	Table		table;
	TableSearch *search;
	bool	   *small;
	Datum	   *flags;
	int			lower[2] = {1, 1};
	int			dims[2];
	size_t		cells;

	table_read(fcinfo, 0, &table);
	if (threshold < 1 || width < 1)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("threshold and min_interval are 1 or more"),
				 errhint("With 10 and 10, counts below 10 are hidden, and none can be told closer than by 10.")));
	cells = (size_t) table.rows * table.columns;
	table.hidden = palloc0(cells + 1);
	search = table_search(&table);
	hide_small(&table, threshold);
	small = palloc(cells + 1);
	memcpy(small, table.hidden, cells);
	if (!hide_others(&table, search, width))
		ereport(ERROR,
				(errcode(MAKE_SQLSTATE('R', 'G', '0', '2', '5')),
				 errmsg("the margins tell too much of a hidden cell, whatever else is hidden"),
				 errhint("Join rows or columns with few counts, or make the table coarser.")));
	show_needless(&table, search, small, width);

	flags = palloc(cells * sizeof(Datum));
	for (size_t i = 0; i < cells; i++)
		flags[i] = BoolGetDatum(table.hidden[i]);
	dims[0] = table.rows;
	dims[1] = table.columns;
	PG_RETURN_ARRAYTYPE_P(construct_md_array(flags, NULL, 2, dims, lower, BOOLOID, sizeof(bool), true, TYPALIGN_CHAR));
}
