/*
 * output.c
 *		Files that are whole, or are not there.
 *
 * What is printed goes to FILE.partial, which is renamed when its last byte is on
 * disk: nobody takes half a report for a report, and the one of yesterday stays
 * until that of today is there.  What is no plain file, such as a device or a named
 * pipe, is written as it is.
 */
#include "report.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Says that a file could not be written to, as errno tells. */
ExitCode
write_failure(const Output *output)
{
	pg_log_error("cannot write %s: %m", output->name);
	if (errno == ENOSPC || errno == EDQUOT)
		pg_log_error_hint("Make room, or name a file elsewhere with --output.");
	return EXIT_FILE;
}

static void
forget_names(Output *output)
{
	free(output->target);
	pg_free(output->partial);
	output->target = NULL;
	output->partial = NULL;
}

ExitCode
open_output(Output *output, const Options *options)
{
	struct stat there;
	bool		is_there;
	int			fd;

	output->file = stdout;
	output->name = "standard output";
	output->target = NULL;
	output->partial = NULL;
	if (options->output == NULL)
		return EXIT_DONE;

	output->name = options->output;
	is_there = stat(output->name, &there) == 0;
	if (is_there && !S_ISREG(there.st_mode))
	{
		output->file = fopen(output->name, "w");
		return output->file ? EXIT_DONE : write_failure(output);
	}

	/* a link stays one, and what it leads to is renamed over */
	output->target = realpath(output->name, NULL);
	if (output->target == NULL)
		output->target = pg_strdup(output->name);

	/* only one at a time, and never through a link that another has laid there */
	output->partial = psprintf("%s.partial", output->target);
	fd = open(output->partial, O_WRONLY | O_CREAT | O_EXCL, is_there ? 0600 : 0666);
	/* what others could not read yesterday they cannot read today */
	if (fd >= 0 && is_there)
		fchmod(fd, there.st_mode & 0777);
	output->file = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (output->file == NULL)
	{
		pg_log_error("cannot create %s: %m", output->partial);
		if (errno == EEXIST)
			pg_log_error_hint("Another registry-report is writing it, or one was killed: then remove it.");
		forget_names(output);
		return EXIT_FILE;
	}
	return EXIT_DONE;
}

/* Whether all that was written has arrived. */
static bool
is_written(Output *output)
{
	bool		good = fflush(output->file) == 0 && !ferror(output->file);

	if (output->partial)
		good = good && fsync(fileno(output->file)) == 0;
	if (output->file != stdout)
	{
		int			why = errno;

		if (fclose(output->file) != 0 && good)
			return false;
		if (!good)
			errno = why;
	}
	return good;
}

ExitCode
close_output(Output *output, ExitCode so_far)
{
	if (output->file == NULL)
		return so_far;
	if (!is_written(output) && so_far == EXIT_DONE)
		so_far = write_failure(output);
	if (so_far == EXIT_DONE && was_interrupted())
		so_far = EXIT_INTERRUPTED;
	if (output->partial == NULL)
		return so_far;

	if (so_far == EXIT_DONE && rename(output->partial, output->target) != 0)
	{
		pg_log_error("cannot rename %s to %s: %m", output->partial, output->target);
		so_far = EXIT_FILE;
	}
	if (so_far != EXIT_DONE)
		unlink(output->partial);
	forget_names(output);
	return so_far;
}
