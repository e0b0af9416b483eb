/*
 * load_progress.c
 *		How far a load is: a bar on a terminal, else a line every few seconds.
 *
 * The time that is left goes by the pace since the phase began in this run: what an
 * earlier run did counts as done, and not as fast.
 */
#include "load.h"

#include <sys/time.h>
#include <unistd.h>

#define BAR_WIDTH 24
#define SECONDS_BETWEEN_LINES 5.0
#define SECONDS_BETWEEN_BARS 0.2

static double
seconds_now(void)
{
	struct timeval now;

	gettimeofday(&now, NULL);
	return now.tv_sec + now.tv_usec / 1e6;
}

void
begin_progress(Progress *progress, const char *phase, const char *unit, int64 began_at, int64 total, bool quiet)
{
	progress->phase = phase;
	progress->unit = unit;
	progress->total = total;
	progress->began_at = began_at;
	progress->began = seconds_now();
	progress->quiet = quiet;
	progress->is_bar = isatty(STDERR_FILENO);
	/* a phase that is short needs no line */
	progress->shown = progress->is_bar ? 0 : progress->began;
	progress->has_shown = false;
}

static void
print_progress(Progress *progress, int64 done, double now)
{
	double		took = now - progress->began;
	double		pace = took > 0 ? (done - progress->began_at) / took : 0;
	int			share = progress->total > 0 ? (int) (100.0 * done / progress->total) : 0;

	if (progress->is_bar)
	{
		fprintf(stderr, "\r%-8s ", progress->phase);
		if (progress->total > 0)
		{
			fputc('[', stderr);
			for (int i = 0; i < BAR_WIDTH; i++)
				fputc(i * 100 < share * BAR_WIDTH ? '#' : '.', stderr);
			fprintf(stderr, "] %3d %% ", share);
		}
	}
	else
		fprintf(stderr, "registry-report: %s: ", progress->phase);
	fprintf(stderr, INT64_FORMAT, done);
	if (progress->total > 0)
		fprintf(stderr, " of " INT64_FORMAT, progress->total);
	fprintf(stderr, " %s", progress->unit);
	if (progress->total > 0 && !progress->is_bar)
		fprintf(stderr, " (%d %%)", share);
	fprintf(stderr, ", %.0f a second", pace);
	if (progress->total > 0 && pace > 0)
	{
		int			left = (int) Min((progress->total - done) / pace + 0.5, 3599999.0);

		fprintf(stderr, ", %d:%02d:%02d left", left / 3600, left / 60 % 60, left % 60);
	}
	/* what a longer line has left behind it */
	fputs(progress->is_bar ? "\033[K" : "\n", stderr);
	fflush(stderr);
	progress->shown = now;
	progress->last = done;
	progress->has_shown = true;
}

void
show_progress(Progress *progress, int64 done)
{
	double		now;

	if (progress->quiet)
		return;
	now = seconds_now();
	if (now - progress->shown >= (progress->is_bar ? SECONDS_BETWEEN_BARS : SECONDS_BETWEEN_LINES))
		print_progress(progress, done, now);
}

/* What follows begins on a line of its own. */
void
end_progress(Progress *progress, int64 done)
{
	if (progress->quiet || !progress->has_shown)
		return;
	if (progress->last != done)
		print_progress(progress, done, seconds_now());
	if (progress->is_bar)
		fputc('\n', stderr);
}
