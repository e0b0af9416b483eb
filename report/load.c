/*
 * load.c
 *		registry-report load: a file of surveys, one JSON object a line.
 *
 * The server knows how far a load has come, so that nothing is kept here: the file is
 * read once for its digest, the server says what it has of that file, the rest is
 * copied a chunk a transaction, and then applied a batch a transaction.  After a break
 * the same is done again, from the digest on.
 */
#include "load.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fe_utils/cancel.h"

#define BATCH_ROWS "500"
/* Waits of 1, 2, 4, 8 and 16 seconds. */
#define ATTEMPTS 5

Outcome
file_failure(Load *load)
{
	pg_log_error("cannot read %s: %m", load->file);
	load->wrong = EXIT_FILE;
	return WENT_WRONG;
}

/* What a statement's failure means; one that may pass is told where it does not. */
Outcome
statement_failure(Load *load, PGresult *result, const char *doing)
{
	const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
	Outcome		outcome = WENT_WRONG;

	if (CancelRequested)
		outcome = WENT_INTERRUPTED;
	else if (PQstatus(load->conn) != CONNECTION_OK)
		outcome = WENT_LOST;
	else if (state != NULL &&
			 (strncmp(state, "40", 2) == 0 || strncmp(state, "53", 2) == 0 || strncmp(state, "57P", 3) == 0 ||
			  strcmp(state, "55P03") == 0 ||
	/* the server may not have noticed yet that who was here before is gone */
			  (strcmp(state, "55006") == 0 && load->attempt > 0)))
		outcome = WENT_LOST;
	else
	{
		load->wrong = report_failure(load->conn, result, doing);
		if (state != NULL && (strcmp(state, "42883") == 0 || strcmp(state, "3F000") == 0))
		{
			pg_log_error("the server has no store that takes loads: CALL registry.create_store();");
			load->wrong = EXIT_WRONG_SERVER;
		}
	}
	PQclear(result);
	return outcome;
}

/* One row, or none of a command. */
Outcome
run_statement(Load *load, const char *doing, const char *query, int params, const char *const *values, PGresult **row)
{
	PGresult   *result = PQexecParams(load->conn, query, params, NULL, values, NULL, NULL, 0);
	ExecStatusType status = PQresultStatus(result);

	if (status != PGRES_COMMAND_OK && !(status == PGRES_TUPLES_OK && PQntuples(result) == 1))
		return statement_failure(load, result, doing);
	if (row != NULL)
		*row = result;
	else
		PQclear(result);
	return WENT_WELL;
}

static int64
number(const PGresult *row, int column)
{
	return strtoll(PQgetvalue(row, 0, column), NULL, 10);
}

/* The digest as bytea is written. */
static void
write_digest(const Load *load, char *written)
{
	written += sprintf(written, "\\x");
	for (int i = 0; i < PG_SHA256_DIGEST_LENGTH; i++)
		written += sprintf(written, "%02x", load->digest[i]);
}

static Outcome
begin(Load *load)
{
	char		digest[2 * PG_SHA256_DIGEST_LENGTH + 3];
	char		rows[24];
	char		bytes[24];
	const char *values[4] = {strcmp(load->file, "-") == 0 ? "standard input" : load->file, NULL, NULL, NULL};
	PGresult   *row;
	Outcome		went;

	/* of a row that fails the server would show the line, which is people's data */
	PQsetErrorContextVisibility(load->conn, PQSHOW_CONTEXT_NEVER);
	if (PQsetClientEncoding(load->conn, "UTF8") != 0)
		return statement_failure(load, NULL, "setting the encoding");
	if (load->is_known)
	{
		write_digest(load, digest);
		snprintf(rows, sizeof(rows), INT64_FORMAT, load->rows);
		snprintf(bytes, sizeof(bytes), INT64_FORMAT, load->bytes);
		values[1] = digest;
		values[2] = rows;
		values[3] = bytes;
	}
	went = run_statement(load, "beginning the load",
			   "SELECT b.load_id, b.next_row, b.state, b.decided FROM nser.begin_load($1, $2, $3, $4) AS b", 4, values, &row);
	if (went != WENT_WELL)
		return went;
	strlcpy(load->load_id, PQgetvalue(row, 0, 0), sizeof(load->load_id));
	load->next_row = number(row, 1);
	load->was_done = strcmp(PQgetvalue(row, 0, 2), "done") == 0;
	load->is_staged = strcmp(PQgetvalue(row, 0, 2), "staging") != 0;
	load->decided = number(row, 3);
	PQclear(row);
	if (!load->options->quiet && !load->was_done && ((load->next_row > 1 && !load->is_ended) || load->decided > 0))
		pg_log_info("load %s goes on from row " INT64_FORMAT, load->load_id,
				load->is_staged ? load->decided + 1 : load->next_row);
	return WENT_WELL;
}

/* What a stream was is known at its end. */
static Outcome
end_stream(Load *load)
{
	char		digest[2 * PG_SHA256_DIGEST_LENGTH + 3];
	char		rows[24];
	char		bytes[24];
	const char *values[4] = {load->load_id, digest, rows, bytes};
	Outcome		went;

	write_digest(load, digest);
	snprintf(rows, sizeof(rows), INT64_FORMAT, load->rows);
	snprintf(bytes, sizeof(bytes), INT64_FORMAT, load->bytes);
	went = run_statement(load, "ending the stream", "SELECT nser.end_stream($1, $2, $3, $4)", 4, values, NULL);
	if (went != WENT_WELL)
		return went;
	/* from here on it is told as a file is */
	load->is_ended = true;
	return begin(load);
}

static Outcome
apply_rows(Load *load)
{
	const char *values[2] = {load->load_id, BATCH_ROWS};
	Progress	progress;
	Outcome		went;

	begin_progress(&progress, "applying", "rows", load->decided, load->rows, load->options->quiet);
	show_progress(&progress, load->decided);
	do
	{
		PGresult   *row;

		if (CancelRequested)
			return WENT_INTERRUPTED;
		went = run_statement(load, "applying rows",
				   "SELECT a.decided, a.applied, a.refused, a.blank, a.finished FROM nser.apply_load($1, $2) AS a", 2, values, &row);
		if (went != WENT_WELL)
			return went;
		load->decided = number(row, 0);
		load->applied = number(row, 1);
		load->refused = number(row, 2);
		load->blank = number(row, 3);
		load->is_finished = PQgetvalue(row, 0, 4)[0] == 't';
		load->attempt = 0;
		PQclear(row);
		show_progress(&progress, load->decided);
	} while (!load->is_finished);
	end_progress(&progress, load->decided);
	return WENT_WELL;
}

static Outcome
work(Load *load)
{
	bool		resumes = load->load_id[0] != '\0';
	Outcome		went;

	if (load->is_stream && resumes && !load->is_known)
		return WENT_LOST;
	if (load->is_stream && load->is_known && !load->is_ended)
		went = end_stream(load);
	else
		went = begin(load);
	if (went == WENT_WELL && !load->is_staged)
	{
		went = copy_rows(load);
		if (went == WENT_WELL && load->is_stream)
			went = end_stream(load);
	}
	return went == WENT_WELL ? apply_rows(load) : went;
}

/* False where nobody answers any more, or it is no use. */
static bool
reconnect(Load *load)
{
	/* a stream that broke cannot be read again */
	if (load->is_stream && !load->is_known)
		return false;
	while (load->attempt < ATTEMPTS && !CancelRequested)
	{
		int			seconds = 1 << load->attempt++;

		if (!load->options->quiet)
			pg_log_warning("the connection is lost, or others are in the way: again in %d s", seconds);
		pg_usleep(seconds * 1000000L);
		if (PQstatus(load->conn) == CONNECTION_OK && PQtransactionStatus(load->conn) == PQTRANS_IDLE)
			return true;
		ResetCancelConn();
		PQreset(load->conn);
		if (PQstatus(load->conn) == CONNECTION_OK)
		{
			SetCancelConn(load->conn);
			return true;
		}
	}
	return false;
}

static void
say_how_to_go_on(const Load *load, const char *why)
{
	if (load->is_stream && !load->is_known)
		pg_log_error("%s; nothing was loaded: a stream is given again from its start", why);
	else
		pg_log_error("%s; the same command goes on from row " INT64_FORMAT, why,
				load->is_staged ? load->decided + 1 : Max(load->next_row, 1));
}

static ExitCode
write_refusals(Load *load)
{
	char		query[200];
	Output		output;
	ExitCode	code;

	if (load->options->output == NULL)
		return EXIT_DONE;
	snprintf(query, sizeof(query), "SELECT r.row_no AS \"row\", r.column_name AS \"column\", r.sqlstate, r.reason "
			 "FROM nser.load_refusals(%s) AS r", load->load_id);
	code = open_output(&output, load->options);
	if (code != EXIT_DONE)
		return code;
	return close_output(&output, print_csv(load->conn, query, &output, "writing the refused rows"));
}

/* Reasons are not written over the surveys themselves. */
static bool
is_the_file(const Load *load, const char *output)
{
	struct stat surveys;
	struct stat reasons;

	return output != NULL && fstat(load->fd, &surveys) == 0 && S_ISREG(surveys.st_mode) && stat(output, &reasons) == 0 &&
		surveys.st_dev == reasons.st_dev && surveys.st_ino == reasons.st_ino;
}

static ExitCode
say_what_was_done(Load *load)
{
	ExitCode	code = write_refusals(load);
	Output		output = {.file = stdout, .name = "standard output"};

	printf("load %s%s: " INT64_FORMAT " rows, " INT64_FORMAT " households loaded, " INT64_FORMAT " rows refused, " INT64_FORMAT " blank\n",
		   load->load_id, load->was_done ? ", which was done already" : "", load->rows, load->applied, load->refused, load->blank);
	if (load->refused > 0 && load->options->output != NULL && code == EXIT_DONE)
		printf("why rows were refused is in %s\n", load->options->output);
	else if (load->refused > 0)
		printf("why rows were refused: SELECT * FROM nser.load_refusals(%s);\n", load->load_id);
	code = close_output(&output, code);
	if (code != EXIT_DONE)
		return code;
	return load->refused > 0 ? EXIT_ROWS_REFUSED : EXIT_DONE;
}

static ExitCode
load_file(Load *load)
{
	Outcome		went = WENT_WELL;

	load->is_stream = lseek(load->fd, 0, SEEK_SET) != 0;
	if (!load->is_stream)
		went = scan_file(load);
	while (went == WENT_WELL && !load->is_finished)
	{
		went = work(load);
		if (went == WENT_LOST && reconnect(load))
			went = WENT_WELL;
	}
	switch (went)
	{
		case WENT_WELL:
			return say_what_was_done(load);
		case WENT_LOST:
			if (CancelRequested)
				break;
			say_how_to_go_on(load, "the connection is lost");
			return EXIT_NO_CONNECTION;
		case WENT_WRONG:
			return load->wrong;
		case WENT_INTERRUPTED:
			break;
	}
	say_how_to_go_on(load, "interrupted");
	return EXIT_INTERRUPTED;
}

ExitCode
load_surveys(PGconn *conn, const char *file, const Options *options)
{
	Load		load = {.conn = conn, .file = file, .options = options, .next_row = 1};
	ExitCode	code;

	load.fd = strcmp(file, "-") == 0 ? STDIN_FILENO : open(file, O_RDONLY);
	load.reader = malloc(sizeof(LineReader));
	if (load.fd < 0 || load.reader == NULL)
	{
		file_failure(&load);
		code = load.wrong;
	}
	else if (is_the_file(&load, options->output))
	{
		pg_log_error("--output %s is the file that is loaded", options->output);
		code = EXIT_USAGE;
	}
	else
	{
		setup_cancel_handler(NULL);
		SetCancelConn(conn);
		code = load_file(&load);
		ResetCancelConn();
	}
	if (load.fd > STDIN_FILENO)
		close(load.fd);
	free(load.reader);
	return code;
}
