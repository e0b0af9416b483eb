/*
 * report.h
 *		What the parts of registry-report share.
 */
#ifndef REGISTRY_REPORT_H
#define REGISTRY_REPORT_H

#include "postgres_fe.h"

#include "common/logging.h"
#include "libpq-fe.h"

/* What a script can rely on; registry-report.1 says the same. */
typedef enum ExitCode
{
	EXIT_DONE = 0,
	EXIT_USAGE = 1,				/* wrong options or arguments */
	EXIT_NO_CONNECTION = 2,		/* none, or it broke */
	EXIT_WRONG_SERVER = 3,		/* too old, or without extension or store */
	EXIT_REFUSED = 4,			/* the server refused a statement */
	EXIT_ROWS_REFUSED = 5,		/* a load is done, and bad rows were left out */
	EXIT_FILE = 6,				/* a file cannot be read or written */
	EXIT_INTERRUPTED = 130		/* Ctrl-C */
} ExitCode;

/* What the command line said; NULL where it did not. */
typedef struct Options
{
	const char *within;			/* area */
	const char *level;
	const char *since;
	const char *until;
	const char *format;			/* aligned, csv or json */
	const char *output;			/* file; NULL: standard output */
	bool		quiet;			/* no progress */
} Options;

/* Whether a password is asked for. */
typedef enum Prompt
{
	PROMPT_IF_NEEDED,
	PROMPT_NEVER,
	PROMPT_ALWAYS
} Prompt;

/* Where the registry is; NULL: what libpq finds in environment and files. */
typedef struct Server
{
	const char *host;
	const char *port;
	const char *user;
	const char *database;		/* or a connection string */
	Prompt		prompt;
} Server;

/* Where what is printed goes.  A file has its name only once it is whole. */
typedef struct Output
{
	FILE	   *file;
	const char *name;			/* for messages */
	char	   *target;			/* the name it gets; NULL: no file of ours */
	char	   *partial;		/* what it is called until then */
} Output;

/* Parts: each returns how it ended, after saying why on standard error. */
extern ExitCode list_reports(PGconn *conn, const Options *options);
extern ExitCode show_report(PGconn *conn, const char *name, const Options *options);
extern ExitCode load_surveys(PGconn *conn, const char *file, const Options *options);
extern ExitCode write_profile(PGconn *conn, const char *district, const Options *options);

/*
 * A connection to a registry that is fit for this program, or how it ends.  From
 * there on Ctrl-C cancels on the server what runs there; was_interrupted() tells.
 */
extern ExitCode connect_registry(PGconn **conn, const Server *server);
extern bool was_interrupted(void);

/* Says what a result or connection has gone wrong with, and how it ends. */
extern ExitCode report_failure(PGconn *conn, const PGresult *result, const char *doing);
/* The same, with a hint for the server's. */
extern ExitCode report_refusal(PGconn *conn, const PGresult *result, const char *doing, const char *hint);

/*
 * Opens what the options name.  close_output() gives the file its name if all went
 * well so far, or else removes it, and returns how it ended.
 */
extern ExitCode open_output(Output *output, const Options *options);
extern ExitCode write_failure(const Output *output);
extern ExitCode close_output(Output *output, ExitCode so_far);

/* One moment for all that is read, and nothing is written. */
extern ExitCode begin_reading(PGconn *conn, const char *doing);

/* Writes what a query yields as CSV, the server's own. */
extern ExitCode print_csv(PGconn *conn, const char *query, Output *output, const char *doing);

#endif							/* REGISTRY_REPORT_H */
