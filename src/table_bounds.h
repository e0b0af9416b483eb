/*
 * table_bounds.h
 *	  Two-way tables whose margins are public, and what can be told of hidden cells.
 *
 * Such a table is a flow: its rows send, its columns receive, and an attacker who
 * knows the margins and the cells that are shown may send the rest any way that
 * leaves them.  So the bounds of a hidden cell are the most that can be sent round
 * it, both ways: whole numbers, exactly those of some table with these margins.
 */
#ifndef REGISTRY_TABLE_BOUNDS_H
#define REGISTRY_TABLE_BOUNDS_H

#include "fmgr.h"
#include "utils/array.h"

#include "compat.h"

#define TABLE_MAX_CELLS	1000000

typedef struct Table
{
	int			rows;
	int			columns;
	const int64 *count;			/* rows by columns, 0 or more, whose sum fits */
	bool	   *hidden;
} Table;

/* What the search works on; sized by table_bounds_make(). */
typedef struct TableSearch
{
	int64	   *flow;			/* rows by columns, as the search changes it */
	int		   *queue;			/* nodes: rows, then columns */
	int		   *from;
} TableSearch;

extern REGISTRY_LOCAL void table_read(FunctionCallInfo fcinfo, int argno, Table *table);
extern REGISTRY_LOCAL TableSearch *table_search(const Table *table);
extern REGISTRY_LOCAL void table_bounds(const Table *table, TableSearch *search, int row, int column, int64 enough,
										int64 *low, int64 *high);

#endif							/* REGISTRY_TABLE_BOUNDS_H */
