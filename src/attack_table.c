/*
 * attack_table.c
 *	  attack_table(counts, hidden): what is left of the hidden cells of a table.
 *
 * The attacker has the margins, the cells that are shown, and that no count is below
 * 0.  That he also knows the threshold gives him nothing here: he is not told which
 * cells were below it, and an interval that is as wide as the threshold holds a count
 * that would have been shown.  His own household in a cell raises its lower bound to
 * 1 and nothing else, so widths are asked for without it.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/int.h"
#include "funcapi.h"
#include "miscadmin.h"

#include "table_bounds.h"

#define SEEN(search, node)	((search)->from[node] != -1)
#define AT(table, row, column)	((size_t) (row) * (table)->columns + (column))

/*
 * The counts in argument argno; its flags are not read here.
 */
void
table_read(FunctionCallInfo fcinfo, int argno, Table *table)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(argno);
	int64		sum = 0;
	int			cells;

	if (ARR_NDIM(array) != 2 || ARR_ELEMTYPE(array) != INT8OID || ARR_HASNULL(array))
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("counts must be an array of two dimensions without NULLs"),
				 errhint("Write the rows without their totals, as ARRAY[[3, 97], [50, 50]].")));
	cells = ArrayGetNItems(2, ARR_DIMS(array));
	if (cells > TABLE_MAX_CELLS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a table has at most %d cells", TABLE_MAX_CELLS)));
	table->rows = ARR_DIMS(array)[0];
	table->columns = ARR_DIMS(array)[1];
	table->count = (const int64 *) ARR_DATA_PTR(array);
	for (int i = 0; i < cells; i++)
		if (table->count[i] < 0 || pg_add_s64_overflow(sum, table->count[i], &sum) || sum > PG_INT64_MAX / 4)
			ereport(ERROR,
					(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					 errmsg("counts are 0 or more, and their sum less than 2^61")));
}

TableSearch *
table_search(const Table *table)
{
	TableSearch *search = palloc(sizeof(TableSearch));
	size_t		nodes = (size_t) table->rows + table->columns;

	search->flow = palloc((size_t) table->rows * table->columns * sizeof(int64));
	search->queue = palloc(nodes * sizeof(int));
	search->from = palloc(nodes * sizeof(int));
	return search;
}

/*
 * Find a way from one node to another that does not use the cell (row, column):
 * a hidden cell is passed from its row freely, and from its column where it can be
 * lowered.  Returns how much fits through, 0 where there is no way.
 */
static int64
find_way(const Table *table, TableSearch *search, int start, int end, int row, int column)
{
	int			nodes = table->rows + table->columns;
	int			head = 0,
				tail = 0;
	int64		fits = PG_INT64_MAX;

	for (int i = 0; i < nodes; i++)
		search->from[i] = -1;
	search->from[start] = start;
	search->queue[tail++] = start;
	while (head < tail && !SEEN(search, end))
	{
		int			node = search->queue[head++];
		bool		is_row = node < table->rows;
		int			others = is_row ? table->columns : table->rows;

		for (int i = 0; i < others; i++)
		{
			int			r = is_row ? node : i;
			int			c = is_row ? i : node - table->rows;
			int			next = is_row ? table->rows + i : i;

			if (SEEN(search, next) || !table->hidden[AT(table, r, c)] || (r == row && c == column) ||
				(!is_row && search->flow[AT(table, r, c)] == 0))
				continue;
			search->from[next] = node;
			search->queue[tail++] = next;
		}
	}
	if (!SEEN(search, end))
		return 0;
	/* between two rows, or columns, something is always lowered: fits is finite */
	for (int node = end; node != start; node = search->from[node])
		if (node < table->rows)
			fits = Min(fits, search->flow[AT(table, node, search->from[node] - table->rows)]);
	return fits;
}

static void
send_along(const Table *table, TableSearch *search, int start, int end, int64 amount)
{
	for (int node = end; node != start; node = search->from[node])
	{
		if (node < table->rows)
			search->flow[AT(table, node, search->from[node] - table->rows)] -= amount;
		else
			search->flow[AT(table, search->from[node], node - table->rows)] += amount;
	}
}

/*
 * How far the cell can be moved, up or down, at most "enough".
 */
static int64
room(const Table *table, TableSearch *search, int row, int column, bool up, int64 enough)
{
	int			start = up ? table->rows + column : row;
	int			end = up ? row : table->rows + column;
	int64		sent = 0;
	int64		fits;

	memcpy(search->flow, table->count, (size_t) table->rows * table->columns * sizeof(int64));
	while (sent < enough && (fits = find_way(table, search, start, end, row, column)) > 0)
	{
		CHECK_FOR_INTERRUPTS();
		fits = Min(fits, enough - sent);
		send_along(table, search, start, end, fits);
		sent += fits;
	}
	return sent;
}

/*
 * The interval of a cell; no further than "enough" in each direction.
 */
void
table_bounds(const Table *table, TableSearch *search, int row, int column, int64 enough, int64 *low, int64 *high)
{
	int64		count = table->count[AT(table, row, column)];

	*low = *high = count;
	if (!table->hidden[AT(table, row, column)])
		return;
	*high = count + room(table, search, row, column, true, enough);
	*low = count - room(table, search, row, column, false, Min(enough, count));
}

/*
 * attack_table(counts bigint[], hidden boolean[]) returns setof (row int, col int,
 * low bigint, high bigint): a row a hidden cell.
 */
PG_FUNCTION_INFO_V1(registry_attack_table);
Datum
registry_attack_table(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	ArrayType  *hidden = PG_GETARG_ARRAYTYPE_P(1);
	Table		table;
	TableSearch *search;
	Datum		values[4];
	bool		nulls[4] = {false};

	table_read(fcinfo, 0, &table);
	if (ARR_NDIM(hidden) != 2 || ARR_ELEMTYPE(hidden) != BOOLOID || ARR_HASNULL(hidden) ||
		ARR_DIMS(hidden)[0] != table.rows || ARR_DIMS(hidden)[1] != table.columns)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("hidden must be an array of as many rows and columns as counts, without NULLs")));
	table.hidden = (bool *) ARR_DATA_PTR(hidden);
	search = table_search(&table);

	InitMaterializedSRF(fcinfo, 0);
	for (int r = 0; r < table.rows; r++)
		for (int c = 0; c < table.columns; c++)
		{
			int64		low,
						high;

			if (!table.hidden[AT(&table, r, c)])
				continue;
			CHECK_FOR_INTERRUPTS();
			table_bounds(&table, search, r, c, PG_INT64_MAX / 4, &low, &high);
			values[0] = Int32GetDatum(r + 1);
			values[1] = Int32GetDatum(c + 1);
			values[2] = Int64GetDatum(low);
			values[3] = Int64GetDatum(high);
			tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		}
	return (Datum) 0;
}
