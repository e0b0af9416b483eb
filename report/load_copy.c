/*
 * load_copy.c
 *		Rows of a file of surveys to the server, a chunk a transaction.
 *
 * A chunk ends with the server keeping how far it came, in the same transaction: what
 * is copied and not kept is not there.
 */
#include "load.h"

#include <sys/stat.h>
#include <unistd.h>

#include "fe_utils/cancel.h"
#include "pqexpbuffer.h"

/* As much as a break may cost. */
#define CHUNK_ROWS 2000
#define CHUNK_BYTES 8388608
#define SEND_BYTES 65536

Outcome
scan_file(Load *load)
{
	LineReader *reader = load->reader;
	Progress	progress;
	LineKind	kind;
	struct stat file;

	if (fstat(load->fd, &file) != 0 || !begin_lines(reader, load->fd))
		return file_failure(load);
	begin_progress(&progress, "reading", "bytes", 0, file.st_size, load->options->quiet);
	while (next_line(reader, &kind))
	{
		if (CancelRequested)
			return WENT_INTERRUPTED;
		if (reader->rows % 1000 == 0)
			show_progress(&progress, reader->bytes);
	}
	if (reader->failed || !end_reading(reader, load->digest))
		return file_failure(load);
	end_progress(&progress, reader->bytes);
	load->rows = reader->rows;
	load->bytes = reader->bytes;
	load->is_known = true;
	return WENT_WELL;
}

/* A row of COPY's text form. */
static void
append_row(PQExpBuffer buffer, const Load *load, const LineReader *reader, LineKind kind)
{
	appendPQExpBuffer(buffer, "%s\t" INT64_FORMAT "\t", load->load_id, reader->rows);
	if (kind != LINE_GOOD)
	{
		appendPQExpBuffer(buffer, "\\N\t%s\n", line_problem(kind));
		return;
	}
	for (size_t i = 0, plain; i < reader->length; i++)
	{
		plain = strcspn(reader->line + i, "\\\t\r");
		appendBinaryPQExpBuffer(buffer, reader->line + i, plain);
		i += plain;
		if (i < reader->length)
			appendPQExpBufferStr(buffer, reader->line[i] == '\\' ? "\\\\" : reader->line[i] == '\t' ? "\\t" : "\\r");
	}
	appendPQExpBufferStr(buffer, "\t\\N\n");
}

/* Ends COPY, and says how it went. */
static Outcome
end_copy(Load *load, const char *error)
{
	PGresult   *result;
	PGresult   *next;

	if (PQputCopyEnd(load->conn, error) != 1)
		return statement_failure(load, NULL, "copying rows");
	result = PQgetResult(load->conn);
	while (result != NULL && (next = PQgetResult(load->conn)) != NULL)
		PQclear(next);
	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		return statement_failure(load, result, "copying rows");
	PQclear(result);
	return WENT_WELL;
}

/* The rows from first on that are copied, and those before passed over; last is 0 at the end of the file. */
static Outcome
copy_chunk(Load *load, int64 first, int64 *last)
{
	LineReader *reader = load->reader;
	PQExpBufferData buffer;
	PGresult   *result;
	LineKind	kind;
	int64		sent = 0;
	Outcome		went;

	*last = 0;
	went = run_statement(load, "copying rows", "BEGIN", 0, NULL, NULL);
	if (went != WENT_WELL)
		return went;
	result = PQexec(load->conn, "COPY nser.survey_load_line (load_id, row_no, payload, problem) FROM STDIN");
	if (PQresultStatus(result) != PGRES_COPY_IN)
		return statement_failure(load, result, "copying rows");
	PQclear(result);

	initPQExpBuffer(&buffer);
	while (!CancelRequested && *last - first + 1 < CHUNK_ROWS && sent < CHUNK_BYTES && next_line(reader, &kind))
	{
		if (reader->rows < first)
			continue;
		*last = reader->rows;
		append_row(&buffer, load, reader, kind);
		if (PQExpBufferBroken(&buffer))
		{
			errno = ENOMEM;
			reader->failed = true;
		}
		if (reader->failed)
			break;
		if (buffer.len >= SEND_BYTES)
		{
			if (PQputCopyData(load->conn, buffer.data, buffer.len) != 1)
				break;
			sent += buffer.len;
			resetPQExpBuffer(&buffer);
		}
	}
	if (buffer.len > 0)
		PQputCopyData(load->conn, buffer.data, buffer.len);
	termPQExpBuffer(&buffer);

	if (reader->failed)
	{
		end_copy(load, "the file cannot be read");
		return file_failure(load);
	}
	if (CancelRequested)
	{
		PQclear(PQgetResult(load->conn));
		return WENT_INTERRUPTED;
	}
	return end_copy(load, NULL);
}

Outcome
copy_rows(Load *load)
{
	LineReader *reader = load->reader;
	Progress	progress;
	char		number_of[24];
	const char *values[2] = {load->load_id, number_of};
	uint8		digest[PG_SHA256_DIGEST_LENGTH];
	int64		last;
	Outcome		went;

	if (!load->is_stream && lseek(load->fd, 0, SEEK_SET) != 0)
		return file_failure(load);
	if (!begin_lines(reader, load->fd))
		return file_failure(load);
	begin_progress(&progress, "copying", "rows", load->next_row - 1, load->rows, load->options->quiet);
	for (;;)
	{
		went = copy_chunk(load, load->next_row, &last);
		if (went != WENT_WELL)
			return went;
		if (last == 0)
			break;
		snprintf(number_of, sizeof(number_of), INT64_FORMAT, last);
		went = run_statement(load, "copying rows", "SELECT nser.stage_chunk($1, $2)", 2, values, NULL);
		if (went == WENT_WELL)
			went = run_statement(load, "copying rows", "COMMIT", 0, NULL, NULL);
		if (went != WENT_WELL)
			return went;
		load->next_row = last + 1;
		load->attempt = 0;
		show_progress(&progress, last);
	}
	went = run_statement(load, "copying rows", "ROLLBACK", 0, NULL, NULL);
	if (went != WENT_WELL)
		return went;
	if (!end_reading(reader, digest))
		return file_failure(load);
	end_progress(&progress, reader->rows);

	if (load->is_stream)
	{
		load->rows = reader->rows;
		load->bytes = reader->bytes;
		memcpy(load->digest, digest, sizeof(digest));
		load->is_known = true;
	}
	else if (memcmp(load->digest, digest, sizeof(digest)) != 0)
	{
		/* not what was begun: none of it was applied */
		run_statement(load, "discarding the load", "SELECT nser.discard_load($1)", 1, values, NULL);
		pg_log_error("%s changed while it was read; nothing of it was loaded", load->file);
		load->wrong = EXIT_FILE;
		return WENT_WRONG;
	}
	load->is_staged = true;
	return WENT_WELL;
}
