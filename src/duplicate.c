/*
 * duplicate.c
 *	  How two records of people agree, in words of nser.duplicate_weight.
 *
 * Called for each candidate of a look-up, hence here and not in SQL.
 */
#include "postgres.h"

#include "datatype/timestamp.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"

#include "area.h"
#include "compat.h"

#define NEAR_DAYS	731			/* two years */

typedef struct Day
{
	int			year;
	int			month;
	int			day;
} Day;

static Day
to_day(DateADT date)
{
	Day			day;

	j2date(date + POSTGRES_EPOCH_JDATE, &day.year, &day.month, &day.day);
	return day;
}

/*
 * With day and month in each other's place; false where that is no other day.
 */
static bool
swapped(DateADT date, DateADT *other)
{
	Day			day;

	if (DATE_NOT_FINITE(date))
		return false;
	day = to_day(date);
	if (day.day > MONTHS_PER_YEAR || day.day == day.month)
		return false;
	/* the month has 28 days, and the new day is at most 12 */
	*other = date2j(day.year, day.day, day.month) - POSTGRES_EPOCH_JDATE;
	return true;
}

static bool
is_heaped(Day day)
{
	return day.month == 1 && day.day == 1;
}

static const char *
birth_agreement(DateADT a, DateADT b)
{
	Day			day_a = to_day(a);
	Day			day_b = to_day(b);
	bool		heaped = is_heaped(day_a) || is_heaped(day_b);
	DateADT		other;

	if (a == b)
		return heaped ? "birth_date_heaped" : "birth_date";
	if (swapped(a, &other) && other == b)
		return "birth_date_swapped";
	if (Max(a, b) - (int64) Min(a, b) > NEAR_DAYS)
		return "birth_differs";
	if (heaped)
		return day_a.year == day_b.year ? "birth_year" : "birth_near";
	if (day_a.month == day_b.month && day_a.day == day_b.day)
		return "birth_day";
	if (day_a.year == day_b.year && (day_a.month == day_b.month || day_a.day == day_b.day))
		return "birth_part";
	return "birth_close";
}

/* NULL where one of the two is all the country. */
static const char *
area_agreement(int64 a, int64 b)
{
	static const char *const shared[AREA_DEPTHS] = {
		"elsewhere", "province", "district", "tehsil", "union_council", "village"
	};
	int			depth = Min(area_depth(a), area_depth(b));

	if (depth == AREA_COUNTRY)
		return NULL;
	while (area_at_depth(a, (AreaDepth) depth) != area_at_depth(b, (AreaDepth) depth))
		depth--;
	return shared[depth];
}

PG_FUNCTION_INFO_V1(registry_day_and_month_swapped);
Datum
registry_day_and_month_swapped(PG_FUNCTION_ARGS)
{
	DateADT		other;

	if (!swapped(PG_GETARG_DATEADT(0), &other))
		PG_RETURN_NULL();
	PG_RETURN_DATEADT(other);
}

PG_FUNCTION_INFO_V1(registry_birth_agreement);
Datum
registry_birth_agreement(PG_FUNCTION_ARGS)
{
	DateADT		a = PG_GETARG_DATEADT(0);
	DateADT		b = PG_GETARG_DATEADT(1);

	if (DATE_NOT_FINITE(a) || DATE_NOT_FINITE(b))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(birth_agreement(a, b)));
}

PG_FUNCTION_INFO_V1(registry_area_agreement);
Datum
registry_area_agreement(PG_FUNCTION_ARGS)
{
	const char *shared = area_agreement(PG_GETARG_INT64(0), PG_GETARG_INT64(1));

	if (shared == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(shared));
}
