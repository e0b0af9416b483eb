/*
 * chart.c
 *		Bars of a district, with marks for its province and the country, by gnuplot.
 *
 * gnuplot is run without a shell and without anybody's settings; what it draws comes
 * by a file without a name, and all text in it is in single quotes, in which nothing
 * but a quote means anything.
 */
#include "profile.h"

#include <errno.h>
#include <limits.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHART_WIDTH		360
#define BAR_HEIGHT		44
#define NOT_STARTED		127

/* A percentage in tenths, -1 where it is none. */
static int
tenths(const char *percent)
{
	int			value = 0;
	const char *at;

	if (percent == NULL || !isdigit((unsigned char) *percent))
		return -1;
	for (at = percent; isdigit((unsigned char) *at) && value < 100000; at++)
		value = value * 10 + (*at - '0');
	value *= 10;
	if (at[0] == '.' && isdigit((unsigned char) at[1]))
		value += at[1] - '0';
	return value;
}

static void
write_quoted(FILE *script, const char *text)
{
	putc('\'', script);
	for (const char *at = text; *at != '\0'; at++)
	{
		if (*at == '\'')
			putc('\'', script);
		putc((unsigned char) *at < ' ' || *at == 0x7f ? ' ' : *at, script);
	}
	putc('\'', script);
}

/* Bars, or marks, of the rows that have a value. */
static void
write_values(FILE *script, const Bar *bars, int count, int which)
{
	for (int row = 0; row < count; row++)
	{
		int			value = tenths(which == 0 ? bars[row].district : which == 1 ? bars[row].province : bars[row].nation);

		if (value < 0)
			continue;
		if (which == 0)
			fprintf(script, "%d.%d %d.7 0 %d.%d %d.52 %d.88\n", value / 20, value / 2 % 10, row, value / 10, value % 10, row, row);
		else
			fprintf(script, "%d.%d %d.7\n", value / 10, value % 10, row);
	}
	fprintf(script, "e\n");
}

static void
write_script(FILE *script, const Bar *bars, int count)
{
	int			most = 0;
	bool		any[3] = {false, false, false};
	const char *between = "plot ";

	for (int row = 0; row < count; row++)
	{
		int			values[3] = {tenths(bars[row].district), tenths(bars[row].province), tenths(bars[row].nation)};

		for (int i = 0; i < 3; i++)
		{
			most = Max(most, values[i]);
			any[i] = any[i] || values[i] >= 0;
		}
	}
	most = Max(most / 10 + 1, 5);
	fprintf(script,
			"set encoding utf8\n"
			"set terminal svg size %d,%d dynamic noenhanced font 'sans-serif,13' name 'chart'\n"
			"unset border\nunset key\nunset xtics\nunset ytics\nset margins 0,0,0,0\n"
			"set xrange [0:%d]\nset yrange [%d:0]\nset style fill solid 1.0 noborder\n"
			"set arrow from 0,graph 0 to 0,graph 1 nohead lc rgb '#5b6670'\n",
			CHART_WIDTH, count * BAR_HEIGHT, (most * 5 + 3) / 4, count);
	for (int row = 0; row < count; row++)
	{
		int			value = tenths(bars[row].district);
		int			end = Max(value, Max(tenths(bars[row].province), tenths(bars[row].nation)));

		fprintf(script, "set label ");
		write_quoted(script, bars[row].label);
		fprintf(script, " at graph 0.012,first %d.25 left noenhanced textcolor rgb '#1d2328'\nset label ", row);
		write_quoted(script, bars[row].label_urdu);
		fprintf(script, " at graph 0.988,first %d.25 right noenhanced textcolor rgb '#1d2328'\nset label ", row);
		if (value >= 0)
			fprintf(script, "'%d.%d %%' at first %d.%d,first %d.7 left offset 1.2,0 noenhanced textcolor rgb '#1d2328'\n",
					value / 10, value % 10, end / 10, end % 10, row);
		else
			fprintf(script, "'hidden' at first %d.%d,first %d.7 left offset 1.2,0 noenhanced textcolor rgb '#1d2328'\n",
					Max(end, 0) / 10, Max(end, 0) % 10, row);
	}
	for (int i = 0; i < 3; i++)
	{
		static const char *const style[] = {
			"'-' using 1:2:3:4:5:6 with boxxyerror fc rgb '#1b6b5a'",
			"'-' using 1:2 with points pt 13 ps 1.2 lc rgb '#000000'",
		"'-' using 1:2 with points pt 6 ps 1.2 lw 2 lc rgb '#8a3b00'"};

		if (any[i])
		{
			fprintf(script, "%s%s", between, style[i]);
			between = ", ";
		}
	}
	fprintf(script, any[0] || any[1] || any[2] ? "\n" : "plot NaN\n");
	for (int i = 0; i < 3; i++)
		if (any[i])
			write_values(script, bars, count, i);
}

/* Runs gnuplot on a script; false, after saying why, where that fails. */
static ExitCode
run_gnuplot(FILE *script, PQExpBuffer svg)
{
	char		piece[8192];
	int			ends[2];
	int			status;
	ssize_t		got;
	pid_t		child;

	if (fflush(script) != 0 || fseek(script, 0, SEEK_SET) != 0 || pipe(ends) != 0)
	{
		pg_log_error("cannot run gnuplot: %m");
		return EXIT_FILE;
	}
	fflush(NULL);
	child = fork();
	if (child == 0)
	{
		if (dup2(fileno(script), STDIN_FILENO) >= 0 && dup2(ends[1], STDOUT_FILENO) >= 0)
		{
			close(ends[0]);
			close(ends[1]);
			execlp("gnuplot", "gnuplot", "-d", (char *) NULL);
		}
		_exit(NOT_STARTED);
	}
	close(ends[1]);
	while (child > 0 && ((got = read(ends[0], piece, sizeof(piece))) > 0 || (got < 0 && errno == EINTR)))
		if (got > 0)
			appendBinaryPQExpBuffer(svg, piece, got);
	close(ends[0]);
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		 /* again */ ;
	if (child > 0 && WIFSIGNALED(status) && WTERMSIG(status) == SIGINT)
		return EXIT_INTERRUPTED;
	if (child < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
	{
		if (child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == NOT_STARTED)
			pg_log_error("gnuplot, which draws the charts, is not there: install the package gnuplot-nox");
		else
			pg_log_error("gnuplot failed");
		return EXIT_FILE;
	}
	return EXIT_DONE;
}

ExitCode
append_chart(PQExpBuffer page, const char *id, const char *title, const Bar *bars, int count)
{
	FILE	   *script = tmpfile();
	PQExpBufferData svg;
	ExitCode	code;

	if (script == NULL)
	{
		pg_log_error("cannot make a temporary file: %m");
		return EXIT_FILE;
	}
	initPQExpBuffer(&svg);
	write_script(script, bars, count);
	code = run_gnuplot(script, &svg);
	if (code == EXIT_DONE && (PQExpBufferDataBroken(svg) || !append_inline(page, id, title, svg.data)))
	{
		pg_log_error("gnuplot wrote something else than a chart as version 5.4 writes it");
		code = EXIT_FILE;
	}
	termPQExpBuffer(&svg);
	fclose(script);
	return code;
}
