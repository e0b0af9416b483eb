/*
 * update_rule.c
 *	  Whether a household may have an update, why not, and from when: the rules.
 *
 * Every rule answers yes, no or unknown; the reasons are asked in the enum's order,
 * and the first that is a plain yes is given.  What is unknown counts only where
 * nothing else stands in the way, and a fact is asked only where the update type
 * needs it.  Nothing here raises an error.
 */
#include "postgres.h"

#include "utils/datetime.h"

#include "update.h"

/*
 * Days since 1970-01-01 of a day of the Gregorian calendar, for any year that an
 * interval can lead to (H. Hinnant, days_from_civil).
 */
static int64
days_of(int64 year, int month, int day)
{
	int64		era,
				of_era;

	year -= month <= 2;
	era = (year >= 0 ? year : year - 399) / 400;
	of_era = year - era * 400;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
		(153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1 - 719468;
}

/*
 * The first day on or after date + every, as the server adds them: months first,
 * and a day that the month does not have is its last.  What no date can hold is
 * infinity; an infinite interval of 17 is made of its fields' limits, and so leads
 * there too.
 */
static DateADT
date_after(DateADT date, const Interval *every)
{
	static const int offset = POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE;
	int64		days = (int64) date + offset;
	int64		whole;

	if (DATE_NOT_FINITE(date))
		return date;
	if (every->month != 0)
	{
		int			year,
					month,
					day;
		int64		months,
					next;

		j2date(date + POSTGRES_EPOCH_JDATE, &year, &month, &day);
		months = (int64) year * 12 + month - 1 + every->month;
		/* rounded down, also before year 0 */
		year = (int) ((months >= 0 ? months : months - 11) / 12);
		month = (int) (months - (int64) year * 12) + 1;
		days = days_of(year, month, 1);
		next = month == 12 ? days_of((int64) year + 1, 1, 1) : days_of(year, month + 1, 1);
		days += Min(day, next - days) - 1;
	}
	days += every->day;
	whole = every->time / USECS_PER_DAY;
	/* later than midnight is the next day */
	if (every->time > whole * USECS_PER_DAY)
		whole++;
	days += whole - offset;

	if (days >= DATE_END_JULIAN - POSTGRES_EPOCH_JDATE)
		return DATEVAL_NOEND;
	if (days < DATETIME_MIN_JULIAN - POSTGRES_EPOCH_JDATE)
		return DATEVAL_NOBEGIN;
	return (DateADT) days;
}

/* Dates compare as their numbers do, infinity too. */
static bool
window_holds(const Facts *facts, DateADT date)
{
	DateADT		first = DatumGetDateADT(facts->window_first.val),
				last = DatumGetDateADT(facts->window_last.val);

	if (facts->window_empty)
		return false;
	if (!facts->window_first.infinite && (facts->window_first.inclusive ? date < first : date <= first))
		return false;
	return facts->window_last.infinite || (facts->window_last.inclusive ? date <= last : date < last);
}

/*
 * What is asked next: the reason, where it applies.  What is not known is noted.
 */
static bool
stands(Verdict *verdict, Reason reason, Tristate applies)
{
	if (applies == YES)
	{
		verdict->reason = reason;
		return true;
	}
	if (applies == UNKNOWN)
		verdict->reason = UNKNOWN_FACT;
	return false;
}

static Tristate
opposite(Tristate t)
{
	return t == UNKNOWN ? UNKNOWN : t == YES ? NO : YES;
}

/*
 * Too early until "every" has passed since a day, and from when it is not.
 */
static bool
is_early(Verdict *verdict, Day since, const Interval *every, Day on_date)
{
	DateADT		first;

	if (!since.known || !on_date.known)
		return stands(verdict, TOO_EARLY, UNKNOWN);
	first = date_after(since.date, every);
	if (!stands(verdict, TOO_EARLY, known(first > on_date.date)))
		return false;
	verdict->allowed_from = (Day) {true, first};
	return true;
}

static bool
is_outside_window(Verdict *verdict, const Facts *facts, Day on_date)
{
	DateADT		first = DatumGetDateADT(facts->window_first.val);

	if (!on_date.known)
		return stands(verdict, OUTSIDE_SHOCK_WINDOW, UNKNOWN);
	if (!stands(verdict, OUTSIDE_SHOCK_WINDOW, known(!window_holds(facts, on_date.date))))
		return false;
	if (!facts->window_empty && !facts->window_first.infinite && first > on_date.date)
		verdict->allowed_from = (Day) {true, first};
	return true;
}

/*
 * The first reason that applies, in the order of the enum.
 */
Verdict
update_judge(UpdateType type, const Facts *facts, const Policy *policy, Day on_date)
{
	Verdict		verdict = {.reason = ALLOWED};

	if (type != GRIEVANCE && stands(&verdict, CASE_OPEN, known(facts->open_case)))
		return verdict;
	if (type == MISSED_OUT)
	{
		if (stands(&verdict, ALREADY_REGISTERED, facts->registered))
			return verdict;
	}
	/* of whom the registry wrongly has no longer, it may be corrected too */
	else if (type != GRIEVANCE && type != CORRECTION && stands(&verdict, NOT_REGISTERED, opposite(facts->registered)))
		return verdict;

	switch (type)
	{
		case MISSED_OUT:
		case ROSTER:
		case CORRECTION:
		case GRIEVANCE:
			break;

		case SHOCK:
			if (stands(&verdict, NO_SHOCK, known(!facts->has_window)) ||
				is_outside_window(&verdict, facts, on_date))
				return verdict;
			break;

		case APPEAL:
			if (stands(&verdict, APPEAL_NOT_LAUNCHED, known(!policy->appeal_launched)) ||
				stands(&verdict, APPEAL_CONDITION_NOT_MET, opposite(facts->appeal_condition)) ||
				stands(&verdict, IS_BENEFICIARY, facts->beneficiary))
				return verdict;
			break;

		case CYCLIC:
			if (stands(&verdict, IS_BENEFICIARY, facts->beneficiary))
				return verdict;
			/* who has no score yet is surveyed to get one */
			if (!policy->cyclic_for_all && facts->has_score &&
				stands(&verdict, NOT_ABOVE_CUTOFF, opposite(facts->above_cutoff)))
				return verdict;
			if (is_early(&verdict, facts->last_survey, &policy->cyclic_every, on_date))
				return verdict;
			break;

		case RECERTIFICATION:
			if (stands(&verdict, NOT_BENEFICIARY, opposite(facts->beneficiary)) ||
				is_early(&verdict, facts->last_certified, &policy->recertify_every, on_date))
				return verdict;
			break;
	}
	if (verdict.reason == ALLOWED)
		verdict.allowed_from = on_date;
	return verdict;
}
