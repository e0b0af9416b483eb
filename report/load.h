/*
 * load.h
 *		What the parts of registry-report load share.
 */
#ifndef REGISTRY_REPORT_LOAD_H
#define REGISTRY_REPORT_LOAD_H

#include "report.h"

#include "common/cryptohash.h"
#include "common/sha2.h"

/* The server takes no longer line: nser.survey_load_row. */
#define LONGEST_LINE 1048576

/* What a line is; the names are those of nser.survey_load_row.problem. */
typedef enum LineKind
{
	LINE_GOOD,
	LINE_BLANK,
	LINE_TOO_LONG,
	LINE_NOT_UTF8,
	LINE_NUL
} LineKind;

/* A file that is read line by line, and hashed as it is read. */
typedef struct LineReader
{
	int			fd;
	bool		failed;			/* errno says why */
	bool		at_end;
	int64		rows;			/* lines given out */
	int64		bytes;			/* read from the file */
	pg_cryptohash_ctx *hash;
	size_t		start;			/* what is in the block and not given out yet */
	size_t		end;
	size_t		length;			/* of the line; what is too long is not kept */
	char		line[LONGEST_LINE + 8];
	char		block[262144];
} LineReader;

extern bool begin_lines(LineReader *reader, int fd);
extern bool next_line(LineReader *reader, LineKind *kind);
extern bool end_reading(LineReader *reader, uint8 digest[PG_SHA256_DIGEST_LENGTH]);
extern const char *line_problem(LineKind kind);

/* What is shown of a phase while it lasts; total is 0 where nobody knows it. */
typedef struct Progress
{
	const char *phase;
	const char *unit;
	int64		total;
	int64		began_at;		/* done already when the phase began */
	double		began;
	double		shown;			/* when, and how far */
	int64		last;
	bool		quiet;
	bool		is_bar;
	bool		has_shown;
} Progress;

extern void begin_progress(Progress *progress, const char *phase, const char *unit, int64 began_at, int64 total, bool quiet);
extern void show_progress(Progress *progress, int64 done);
extern void end_progress(Progress *progress, int64 done);

/* How a part of the work went. */
typedef enum Outcome
{
	WENT_WELL,
	WENT_LOST,					/* the connection, or others were in the way: again */
	WENT_INTERRUPTED,
	WENT_WRONG					/* told already; the exit code says what */
} Outcome;

typedef struct Load
{
	PGconn	   *conn;
	const char *file;
	const Options *options;
	bool		is_stream;		/* cannot be read a second time */
	bool		is_known;		/* digest, rows and bytes: of a stream at its end */
	bool		is_ended;		/* the server knows them, too */
	int			fd;
	LineReader *reader;
	uint8		digest[PG_SHA256_DIGEST_LENGTH];
	int64		rows;
	int64		bytes;
	char		load_id[24];	/* as the server writes it; empty: not begun */
	int64		next_row;		/* the first that is to be copied */
	int64		decided;
	int64		applied;
	int64		refused;
	int64		blank;
	bool		is_staged;
	bool		was_done;
	bool		is_finished;
	int			attempt;		/* of those in a row without anything done */
	ExitCode	wrong;
} Load;

/* load.c */
extern Outcome file_failure(Load *load);
extern Outcome statement_failure(Load *load, PGresult *result, const char *doing);
extern Outcome run_statement(Load *load, const char *doing, const char *query, int params, const char *const *values, PGresult **row);

/* load_copy.c */
extern Outcome scan_file(Load *load);
extern Outcome copy_rows(Load *load);

#endif							/* REGISTRY_REPORT_LOAD_H */
