/*
 * monitoring_day.c
 *	  The day in Pakistan of a moment.
 *
 * The same as (t AT TIME ZONE 'Asia/Karachi')::date, but that nothing makes it
 * fail: so it is leakproof, and a summary of blocks by day serves a role limited
 * by row security as it serves the owner.  What lies beyond the calendar's end is
 * the end.
 */
#include "postgres.h"

#include "datatype/timestamp.h"
#include "fmgr.h"
#include "pgtime.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/timestamp.h"

static DateADT
day_at(TimestampTz at, pg_tz *zone)
{
	struct pg_tm local;
	fsec_t		fraction;
	int			offset;

	if (TIMESTAMP_IS_NOBEGIN(at))
		return DATEVAL_NOBEGIN;
	if (TIMESTAMP_IS_NOEND(at) || timestamp2tm(at, &offset, &local, &fraction, NULL, zone) != 0)
		return DATEVAL_NOEND;
	return date2j(local.tm_year, local.tm_mon, local.tm_mday) - POSTGRES_EPOCH_JDATE;
}

PG_FUNCTION_INFO_V1(registry_day_in_pakistan);
Datum
registry_day_in_pakistan(PG_FUNCTION_ARGS)
{
	/* the server keeps a zone for as long as the session lasts */
	static pg_tz *zone = NULL;

	if (zone == NULL)
		zone = pg_tzset("Asia/Karachi");
	if (zone == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_CONFIG_FILE_ERROR),
				 errmsg("the server does not know the time zone of Pakistan"),
				 errhint("Install the time zones with the server, Asia/Karachi among them.")));
	PG_RETURN_DATEADT(day_at(PG_GETARG_TIMESTAMPTZ(0), zone));
}
