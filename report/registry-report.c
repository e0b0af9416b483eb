/*
 * registry-report.c
 *		Prints reports of a registry, loads surveys, and writes a district's profile.
 *
 * The command line is read here, and one command done.
 */
#include "report.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "fe_utils/cancel.h"
#include "getopt_long.h"

static const char *const help_text =
"registry-report prints reports of a registry, loads surveys into it, and writes profiles of districts.\n"
"\n"
"Usage:\n"
"  registry-report [OPTION]... list\n"
"  registry-report [OPTION]... show REPORT\n"
"  registry-report [OPTION]... load FILE\n"
"  registry-report [OPTION]... profile DISTRICT\n"
"\n"
"Commands:\n"
"  list                     list the reports there are\n"
"  show REPORT              print a report\n"
"  load FILE                load surveys from a file, on from where it was broken off\n"
"  profile DISTRICT         write a page about a district, by its code, as PK617\n"
"\n"
"What a report shows:\n"
"      --area=CODE          of what lies within an area, as PK6\n"
"      --level=LEVEL        of one level: country, province, division, district, tehsil, union_council\n"
"      --since=DAY          from a day, as 2025-03-01, that day included\n"
"      --until=DAY          until a day, that day included\n"
"\n"
"How:\n"
"      --format=FORMAT      aligned (the default), csv or json\n"
"  -o, --output=FILE        write to a file, which is there only once it is whole\n"
"  -q, --quiet              show no progress\n"
"  -V, --version            print the version, and exit\n"
"  -?, --help               print this help, and exit\n"
"\n"
"Connection, as of psql:\n"
"  -h, --host=HOST          the server's host, or directory of its socket\n"
"  -p, --port=PORT          the server's port\n"
"  -U, --username=NAME      the user\n"
"  -d, --dbname=DBNAME      the database, or a connection string or URI\n"
"  -w, --no-password        never ask for a password\n"
"  -W, --password           always ask for a password\n"
"\n"
"Exit status: 0 done; 1 usage; 2 no connection, or it broke; 3 server too old, or no extension or store;\n"
"4 the server refused; 5 load done, rows refused; 6 a file; 130 interrupted.  See man registry-report.\n";

enum LongOption
{
	OPTION_AREA = 256,
	OPTION_LEVEL,
	OPTION_SINCE,
	OPTION_UNTIL,
	OPTION_FORMAT,
	OPTION_HELP
};

static const struct option long_options[] = {
	{"host", required_argument, NULL, 'h'},
	{"port", required_argument, NULL, 'p'},
	{"username", required_argument, NULL, 'U'},
	{"dbname", required_argument, NULL, 'd'},
	{"no-password", no_argument, NULL, 'w'},
	{"password", no_argument, NULL, 'W'},
	{"area", required_argument, NULL, OPTION_AREA},
	{"level", required_argument, NULL, OPTION_LEVEL},
	{"since", required_argument, NULL, OPTION_SINCE},
	{"until", required_argument, NULL, OPTION_UNTIL},
	{"format", required_argument, NULL, OPTION_FORMAT},
	{"output", required_argument, NULL, 'o'},
	{"quiet", no_argument, NULL, 'q'},
	{"version", no_argument, NULL, 'V'},
	{"help", no_argument, NULL, OPTION_HELP},
	{NULL, 0, NULL, 0}
};

/* A command, what it is given, and whether --area and the like, or --format, mean anything to it. */
typedef struct Command
{
	const char *name;
	const char *argument;		/* NULL: none */
	bool		is_narrowed;
	bool		has_format;
	ExitCode	(*run) (PGconn *conn, const char *argument, const Options *options);
} Command;

static ExitCode
run_list(PGconn *conn, const char *unused, const Options *options)
{
	return list_reports(conn, options);
}

static const Command commands[] = {
	{"list", NULL, false, true, run_list},
	{"show", "REPORT", true, true, show_report},
	{"load", "FILE", false, false, load_surveys},
	{"profile", "DISTRICT", false, false, write_profile}
};

static ExitCode
wrong_usage(void)
{
	pg_log_error_hint("Try \"registry-report --help\".");
	return EXIT_USAGE;
}

/* Help was asked for, and goes where answers go. */
static ExitCode
print_text(const char *text)
{
	Output		output = {.file = stdout, .name = "standard output"};

	fputs(text, stdout);
	return close_output(&output, EXIT_DONE);
}

/* Takes one option in; false if it is not as it must be. */
static bool
take_option(int option, char *value, Server *server, Options *options)
{
	switch (option)
	{
		case 'h':
			server->host = value;
			break;
		case 'p':
			server->port = value;
			break;
		case 'U':
			server->user = value;
			break;
		case 'd':
			server->database = value;
			break;
		case 'w':
			server->prompt = PROMPT_NEVER;
			break;
		case 'W':
			server->prompt = PROMPT_ALWAYS;
			break;
		case OPTION_AREA:
			options->within = value;
			break;
		case OPTION_LEVEL:
			options->level = value;
			break;
		case OPTION_SINCE:
			options->since = value;
			break;
		case OPTION_UNTIL:
			options->until = value;
			break;
		case OPTION_FORMAT:
			if (strcmp(value, "aligned") != 0 && strcmp(value, "csv") != 0 && strcmp(value, "json") != 0)
			{
				pg_log_error("there is no format \"%s\", only aligned, csv and json", value);
				return false;
			}
			options->format = value;
			break;
		case 'o':
			options->output = value;
			break;
		case 'q':
			options->quiet = true;
			break;
		default:
			return false;		/* getopt_long() has said why */
	}
	return true;
}

/* The command of the arguments that are left, or NULL after saying why there is none. */
static const Command *
find_command(int count, char **words, const Options *options)
{
	const Command *command = NULL;

	for (size_t i = 0; count > 0 && i < lengthof(commands); i++)
		if (strcmp(words[0], commands[i].name) == 0)
			command = &commands[i];

	if (count == 0)
		pg_log_error("no command is given: list, show, load or profile");
	else if (command == NULL)
		pg_log_error("there is no command \"%s\", only list, show, load and profile", words[0]);
	else if (command->argument && count < 2)
		pg_log_error("%s needs a %s", command->name, command->argument);
	else if (count > (command->argument ? 2 : 1))
		pg_log_error("%s does not take \"%s\"", command->name, words[command->argument ? 2 : 1]);
	else if (!command->is_narrowed && (options->within || options->level || options->since || options->until))
		pg_log_error("%s does not take --area, --level, --since or --until", command->name);
	else if (!command->has_format && options->format)
		pg_log_error("%s does not take --format", command->name);
	else
		return command;
	return NULL;
}

int
main(int argc, char **argv)
{
	Server		server = {0};
	Options		options = {0};
	PGconn	   *conn = NULL;
	const Command *command;
	ExitCode	ended;
	int			option;

	/* else the connection would take the place of what is closed, and get what is printed; this cannot be written to */
	for (int fd = open("/dev/null", O_RDONLY); fd >= 0; fd = fd <= 2 ? open("/dev/null", O_RDONLY) : (close(fd), -1))
		 /* one more */ ;
	pg_logging_init(argv[0]);
	/* whoever reads through head is told by nobody that it has enough */
	signal(SIGPIPE, SIG_DFL);

	while ((option = getopt_long(argc, argv, "h:p:U:d:wWo:qV?", long_options, NULL)) != -1)
	{
		/* getopt_long() says '?' of what it does not know, too */
		if (option == OPTION_HELP || (option == '?' && strcmp(argv[optind - 1], "-?") == 0))
			return print_text(help_text);
		if (option == 'V')
			return print_text("registry-report (registry) " REGISTRY_VERSION "\n");
		if (!take_option(option, optarg, &server, &options))
			return wrong_usage();
	}
	command = find_command(argc - optind, argv + optind, &options);
	if (command == NULL)
		return wrong_usage();

	ended = connect_registry(&conn, &server);
	if (ended == EXIT_DONE)
		ended = command->run(conn, argv[optind + 1], &options);
	ResetCancelConn();
	PQfinish(conn);
	return ended;
}
