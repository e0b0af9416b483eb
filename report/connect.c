/*
 * connect.c
 *		The connection: made, checked, and what is said when it fails.
 *
 * Which server, which user and which password is libpq's to find.  Of what the
 * server says, its message, hint and SQLSTATE are repeated, and never DETAIL, which
 * may quote people's values.
 */
#include "report.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "common/string.h"
#include "fe_utils/cancel.h"
#include "fe_utils/print.h"

#define OLDEST_SERVER	150000

/*
 * What the server must print the same for everybody, and names that nobody plants.
 * Reports are large statements: compiling takes longer than running.
 */
#define PIN_SETTINGS \
	"SELECT pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', false), " \
	"pg_catalog.set_config('datestyle', 'ISO, YMD', false), pg_catalog.set_config('intervalstyle', 'postgres', false), " \
	"pg_catalog.set_config('jit', 'off', false)"

#define LOOK_AROUND \
	"SELECT pg_catalog.current_database(), " \
	"(SELECT e.extversion FROM pg_catalog.pg_extension AS e WHERE e.extname = 'registry'), " \
	"(SELECT pg_catalog.count(*) FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace " \
	" WHERE n.nspname = 'nser' AND c.relname IN ('household', 'report'))"

bool
was_interrupted(void)
{
	return CancelRequested;
}

/* Also ends what is being printed. */
static void
stop_printing(void)
{
	cancel_pressed = true;
}

/* Whoever ends the program otherwise means the same: nothing half-done stays. */
static void
interrupt(int signal_number)
{
	raise(SIGINT);
}

static void
print_notice(void *unused, const PGresult *notice)
{
	const char *message = PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY);
	const char *hint = PQresultErrorField(notice, PG_DIAG_MESSAGE_HINT);

	pg_log_warning("%s", message ? message : PQresultErrorMessage(notice));
	if (hint)
		pg_log_warning_hint("%s", hint);
}

ExitCode
report_failure(PGconn *conn, const PGresult *result, const char *doing)
{
	return report_refusal(conn, result, doing, NULL);
}

ExitCode
report_refusal(PGconn *conn, const PGresult *result, const char *doing, const char *hint)
{
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
	bool		is_over = PQstatus(conn) != CONNECTION_OK ||
		(severity && (strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0));

	if (was_interrupted())
	{
		pg_log_error("%s: interrupted", doing);
		return EXIT_INTERRUPTED;
	}
	if (message && sqlstate)
		pg_log_error("%s: %s (%s)", doing, message, sqlstate);
	else
		pg_log_error("%s: %s", doing, PQerrorMessage(conn));
	if (hint == NULL)
		hint = PQresultErrorField(result, PG_DIAG_MESSAGE_HINT);
	if (hint)
		pg_log_error_hint("%s", hint);
	else if (is_over)
		pg_log_error_hint("The connection is lost: run it again when the server is back.");
	return is_over ? EXIT_NO_CONNECTION : EXIT_REFUSED;
}

/* Nobody is asked where nobody can answer: simple_prompt() would read standard input. */
static bool
can_ask(void)
{
	int			terminal = open("/dev/tty", O_RDWR);

	if (terminal < 0)
		return false;
	close(terminal);
	return true;
}

static PGconn *
try_connect(const Server *server, const char *password)
{
	/* later ones win over what stands in a connection string */
	const char *const keywords[] = {"host", "port", "user", "password", "dbname",
	"fallback_application_name", "client_encoding", NULL};
	const char *const values[] = {server->host, server->port, server->user, password, server->database,
	"registry-report", "UTF8", NULL};

	return PQconnectdbParams(keywords, values, true);
}

static ExitCode
open_connection(PGconn **conn, const Server *server)
{
	char	   *password = NULL;

	if (server->prompt == PROMPT_ALWAYS)
	{
		if (!can_ask())
		{
			pg_log_error("cannot ask for a password: there is no terminal");
			pg_log_error_hint("Leave -W out and use PGPASSWORD, a password file or a service file.");
			return EXIT_NO_CONNECTION;
		}
		password = simple_prompt("Password: ", false);
	}
	*conn = try_connect(server, password);
	if (PQstatus(*conn) == CONNECTION_BAD && PQconnectionNeedsPassword(*conn) && password == NULL &&
		server->prompt == PROMPT_IF_NEEDED && can_ask())
	{
		char	   *prompt = psprintf("Password for user %s: ", PQuser(*conn));

		PQfinish(*conn);
		password = simple_prompt(prompt, false);
		pg_free(prompt);
		*conn = try_connect(server, password);
	}
	if (password)
		explicit_bzero(password, strlen(password));
	pg_free(password);
	if (PQstatus(*conn) == CONNECTION_OK)
		return EXIT_DONE;

	pg_log_error("cannot connect: %s", PQerrorMessage(*conn));
	if (PQconnectionNeedsPassword(*conn))
		pg_log_error_hint("Give the password in a password file (~/.pgpass), a service file or PGPASSWORD.");
	else
		pg_log_error_hint("Check where the registry is, and who asks: -h, -p, -d, -U, PGHOST and its like, a service file, a password file.");
	return EXIT_NO_CONNECTION;
}

/* Versions of one first number understand each other. */
static bool
is_understood(const char *version)
{
	return atoi(version) == atoi(REGISTRY_VERSION);
}

/* Says what was found in a database, and what was expected there. */
static ExitCode
judge_database(const char *database, const char *version, int tables)
{
	if (version == NULL)
	{
		pg_log_error("database \"%s\" has no extension registry, and version %s is expected", database, REGISTRY_VERSION);
		pg_log_error_hint("Name the registry's database with -d, or have its owner run CREATE EXTENSION registry CASCADE.");
		return EXIT_WRONG_SERVER;
	}
	if (!is_understood(version))
	{
		pg_log_error("database \"%s\" has version %s of extension registry, and %s is expected", database, version, REGISTRY_VERSION);
		pg_log_error_hint("Use the registry-report that came with that version.");
		return EXIT_WRONG_SERVER;
	}
	if (tables == 0)
	{
		pg_log_error("database \"%s\" has extension registry %s, but no store, and schema nser is expected", database, version);
		pg_log_error_hint("Name the registry's database with -d, or have the store's owner run CALL registry.create_store().");
		return EXIT_WRONG_SERVER;
	}
	if (tables == 1)
	{
		pg_log_error("the store of database \"%s\" is of an earlier version, and table nser.report is expected", database);
		pg_log_error_hint("Have the store's owner run CALL registry.upgrade_store().");
		return EXIT_WRONG_SERVER;
	}
	return EXIT_DONE;
}

static ExitCode
check_server(PGconn *conn)
{
	PGresult   *result;
	ExitCode	ended;

	if (PQserverVersion(conn) < OLDEST_SERVER)
	{
		pg_log_error("the server is PostgreSQL %s, and %d or later is expected",
					 PQparameterStatus(conn, "server_version"), OLDEST_SERVER / 10000);
		pg_log_error_hint("Name the registry's server with -h and -p.");
		return EXIT_WRONG_SERVER;
	}
	result = PQexec(conn, PIN_SETTINGS);
	if (PQresultStatus(result) == PGRES_TUPLES_OK)
	{
		PQclear(result);
		result = PQexec(conn, LOOK_AROUND);
	}
	if (PQresultStatus(result) == PGRES_TUPLES_OK)
		ended = judge_database(PQgetvalue(result, 0, 0), PQgetisnull(result, 0, 1) ? NULL : PQgetvalue(result, 0, 1),
							   atoi(PQgetvalue(result, 0, 2)));
	else
		ended = report_failure(conn, result, "cannot look at the database");
	PQclear(result);
	return ended;
}

ExitCode
connect_registry(PGconn **conn, const Server *server)
{
	ExitCode	ended = open_connection(conn, server);

	if (ended != EXIT_DONE)
		return ended;
	PQsetNoticeReceiver(*conn, print_notice, NULL);
	setup_cancel_handler(stop_printing);
	SetCancelConn(*conn);
	signal(SIGTERM, interrupt);
	/* whoever was started by nohup stays */
	if (signal(SIGHUP, SIG_IGN) != SIG_IGN)
		signal(SIGHUP, interrupt);
	return check_server(*conn);
}
