/*
 * share_clock.c
 *	  The clock that share views look at, a row.
 *
 * A row of a view takes some hundred nanoseconds to read, and clock_timestamp()
 * with a comparison nearly as long.  The kernel's coarse clock is a few
 * milliseconds behind at most, and costs a tenth.
 */
#include "postgres.h"

#include <time.h>

#include "datatype/timestamp.h"
#include "fmgr.h"
#include "utils/timestamp.h"

#include "compat.h"

static TimestampTz
coarse_now(void)
{
#ifdef CLOCK_REALTIME_COARSE
	struct timespec now;

	if (clock_gettime(CLOCK_REALTIME_COARSE, &now) == 0)
		return ((TimestampTz) now.tv_sec - (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY) * USECS_PER_SEC +
			now.tv_nsec / 1000;
#endif
	return GetCurrentTimestamp();
}

/*
 * is_before(until timestamptz) -> boolean: whether that is still to come
 */
PG_FUNCTION_INFO_V1(registry_is_before);
Datum
registry_is_before(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(coarse_now() < PG_GETARG_TIMESTAMPTZ(0));
}
