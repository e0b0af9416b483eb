/*
 * table.c
 *		Reports, printed while they arrive.
 *
 * No more than a batch of rows is ever held, so that a report of a million rows
 * takes as much memory as one of a thousand.  CSV is the server's own, by COPY; a
 * row of JSON is made by the server too; aligned tables are psql's.
 */
#include "report.h"

#include "fe_utils/mbprint.h"
#include "fe_utils/print.h"
#include "mb/pg_wchar.h"

/* Of how many rows an aligned table takes its widths at a time. */
#define BATCH_ROWS	500

#define REPORT_LIST "SELECT subject, name, title, meaning FROM nser.report ORDER BY subject, name"
#define REPORT_STATEMENT \
	"SELECT registry.report_query($1, $2, $3, $4, $5), (SELECT r.title FROM nser.report AS r WHERE r.name = $1)"

typedef struct Batch
{
	PGresult   *row[BATCH_ROWS];
	int			rows;
	uint64		printed;		/* rows before it */
	int		   *width;			/* of each column so far */
	const char *title;
} Batch;

static int
text_width(const char *text)
{
	int			width;
	int			height;
	int			bytes;

	pg_wcssize((const unsigned char *) text, strlen(text), PG_UTF8, &width, &height, &bytes);
	return width;
}

/*
 * A batch after the first goes on below it, under headers that are not printed:
 * blanks of a column's width so far keep it.  A wider value widens it from there on.
 */
static void
add_header(printTableContent *table, const PGresult *model, int column, Batch *batch)
{
	char	   *name = PQfname(model, column);
	int		   *width = &batch->width[column];

	*width = Max(*width, text_width(name));
	for (int i = 0; i < batch->rows; i++)
		*width = Max(*width, text_width(PQgetvalue(batch->row[i], 0, column)));
	if (batch->printed > 0)
		name = psprintf("%*s", *width, "");
	printTableAddHeader(table, name, false, column_type_alignment(PQftype(model, column)));
}

/* Prints a batch, of the columns of the model, and empties it. */
static void
print_batch(Batch *batch, const PGresult *model, bool is_last, FILE *file)
{
	printTableOpt option = {0};
	printTableContent table;
	int			columns = PQnfields(model);

	option.format = PRINT_ALIGNED;
	option.border = 1;
	option.encoding = PG_UTF8;
	option.start_table = batch->printed == 0;
	option.stop_table = is_last;
	option.default_footer = true;
	option.prior_records = batch->printed;
	if (batch->width == NULL)
		batch->width = pg_malloc0(sizeof(int) * (columns + 1));

	printTableInit(&table, &option, batch->title, columns, batch->rows);
	for (int column = 0; column < columns; column++)
		add_header(&table, model, column, batch);
	for (int i = 0; i < batch->rows; i++)
		for (int column = 0; column < columns; column++)
			printTableAddCell(&table, PQgetvalue(batch->row[i], 0, column), false, false);
	printTable(&table, file, false, NULL);

	if (batch->printed > 0)
		for (int column = 0; column < columns; column++)
			pg_free(unconstify(char *, table.headers[column]));
	printTableCleanup(&table);
	for (int i = 0; i < batch->rows; i++)
		PQclear(batch->row[i]);
	batch->printed += batch->rows;
	batch->rows = 0;
}

/* Takes a row, which is the batch's or freed from then on; false if it cannot be written. */
static bool
print_row(Batch *batch, PGresult *row, bool is_json, FILE *file)
{
	if (is_json)
	{
		fprintf(file, "%s%s", batch->printed++ == 0 ? "[\n" : ",\n", PQgetvalue(row, 0, 0));
		PQclear(row);
	}
	else
	{
		if (batch->rows == BATCH_ROWS)
			print_batch(batch, row, false, file);
		batch->row[batch->rows++] = row;
	}
	return !ferror(file);
}

/* Ends a table or an array; the result that ends the rows has their columns. */
static bool
print_end(Batch *batch, const PGresult *model, bool is_json, FILE *file)
{
	if (is_json)
		fputs(batch->printed == 0 ? "[\n]\n" : "\n]\n", file);
	else
		print_batch(batch, model, true, file);
	return !ferror(file);
}

/* Reads a statement's rows one by one until the end, an error, Ctrl-C or a full disk. */
static ExitCode
print_rows(PGconn *conn, const char *statement, const char *title, bool is_json, Output *output, const char *doing)
{
	Batch		batch = {.title = title};
	PGresult   *result = NULL;
	ExitCode	ended = EXIT_DONE;

	if (!PQsendQueryParams(conn, statement, 0, NULL, NULL, NULL, NULL, 0) || !PQsetSingleRowMode(conn))
		return report_failure(conn, NULL, doing);
	while (ended == EXIT_DONE && !was_interrupted() &&
		   PQresultStatus(result = PQgetResult(conn)) == PGRES_SINGLE_TUPLE)
	{
		if (!print_row(&batch, result, is_json, output->file))
			ended = write_failure(output);
		result = NULL;
	}
	if (ended == EXIT_DONE && (was_interrupted() || PQresultStatus(result) != PGRES_TUPLES_OK))
		ended = report_failure(conn, result, doing);
	if (ended == EXIT_DONE && !print_end(&batch, result, is_json, output->file))
		ended = write_failure(output);
	PQclear(result);
	for (int i = 0; i < batch.rows; i++)
		PQclear(batch.row[i]);
	pg_free(batch.width);
	return ended;
}

ExitCode
print_csv(PGconn *conn, const char *query, Output *output, const char *doing)
{
	char	   *statement = psprintf("COPY (%s) TO STDOUT (FORMAT csv, HEADER)", query);
	PGresult   *result = PQexec(conn, statement);
	ExitCode	ended = EXIT_DONE;
	char	   *line;
	int			bytes = 0;

	pg_free(statement);
	if (PQresultStatus(result) != PGRES_COPY_OUT)
		ended = report_failure(conn, result, doing);
	PQclear(result);
	while (ended == EXIT_DONE && !was_interrupted() && (bytes = PQgetCopyData(conn, &line, false)) > 0)
	{
		if (fwrite(line, 1, bytes, output->file) < (size_t) bytes)
			ended = write_failure(output);
		PQfreemem(line);
	}
	if (ended != EXIT_DONE)
		return ended;

	result = was_interrupted() ? NULL : PQgetResult(conn);
	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		ended = report_failure(conn, result, doing);
	PQclear(result);
	return ended;
}

/*
 * Prints what a query yields in the format that was asked for.  A value of type json
 * comes as it was written, on several lines perhaps: between its tokens only, since
 * JSON has no bare line ends within strings.
 */
static ExitCode
print_query(PGconn *conn, const char *query, const char *title, const Options *options, const char *doing)
{
	const char *format = options->format ? options->format : "aligned";
	Output		output;
	ExitCode	ended = open_output(&output, options);

	if (ended != EXIT_DONE)
		return ended;
	if (strcmp(format, "csv") == 0)
		ended = print_csv(conn, query, &output, doing);
	else if (strcmp(format, "json") == 0)
	{
		char	   *statement = psprintf("SELECT translate(row_to_json(r.*)::text, E'\\n\\r', '  ') FROM (%s) AS r", query);

		ended = print_rows(conn, statement, NULL, true, &output, doing);
		pg_free(statement);
	}
	else
		ended = print_rows(conn, query, title, false, &output, doing);
	return close_output(&output, ended);
}

/* One snapshot, in which a report's row and its view are of one time; it changes nothing. */
ExitCode
begin_reading(PGconn *conn, const char *doing)
{
	PGresult   *result = PQexec(conn, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
	ExitCode	ended = EXIT_DONE;

	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		ended = report_failure(conn, result, doing);
	PQclear(result);
	return ended;
}

ExitCode
list_reports(PGconn *conn, const Options *options)
{
	ExitCode	ended = begin_reading(conn, "cannot list reports");

	if (ended != EXIT_DONE)
		return ended;
	return print_query(conn, REPORT_LIST, NULL, options, "cannot list reports");
}

/* What the server's hint is instead: it speaks of SQL and of settings that are ours. */
static const char *
argument_hint(const char *sqlstate, const Options *options)
{
	if (sqlstate == NULL)
		return NULL;
	if (strcmp(sqlstate, "42704") == 0)
		return "\"registry-report list\" lists them.";
	if (strcmp(sqlstate, "22007") == 0 || strcmp(sqlstate, "22008") == 0)
		return "Write a day as 2025-03-01.";
	if (strcmp(sqlstate, "22P02") == 0 && options->level)
		return "A level is country, province, division, district, tehsil or union_council; an area is written PK617 or PK61701.";
	return NULL;
}

ExitCode
show_report(PGconn *conn, const char *name, const Options *options)
{
	const char *const values[] = {name, options->within, options->level, options->since, options->until};
	char	   *doing = psprintf("cannot show report \"%s\"", name);
	ExitCode	ended = begin_reading(conn, doing);
	PGresult   *result = NULL;

	if (ended == EXIT_DONE)
	{
		result = PQexecParams(conn, REPORT_STATEMENT, lengthof(values), NULL, values, NULL, NULL, 0);
		if (PQresultStatus(result) == PGRES_TUPLES_OK)
			ended = print_query(conn, PQgetvalue(result, 0, 0), PQgetvalue(result, 0, 1), options, doing);
		else
			ended = report_refusal(conn, result, doing, argument_hint(PQresultErrorField(result, PG_DIAG_SQLSTATE), options));
	}
	PQclear(result);
	pg_free(doing);
	return ended;
}
