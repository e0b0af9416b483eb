/*
 * update.h
 *	  Facts of a household, policy and verdict, as plain C values.
 */
#ifndef REGISTRY_UPDATE_H
#define REGISTRY_UPDATE_H

#include "datatype/timestamp.h"
#include "utils/date.h"
#include "utils/rangetypes.h"

#include "case.h"
#include "compat.h"

/* Codes of update_reason. */
typedef enum Reason
{
	ALLOWED = 1,
	CASE_OPEN,
	ALREADY_REGISTERED,
	NOT_REGISTERED,
	NO_SHOCK,
	OUTSIDE_SHOCK_WINDOW,
	APPEAL_NOT_LAUNCHED,
	APPEAL_CONDITION_NOT_MET,
	IS_BENEFICIARY,
	NOT_BENEFICIARY,
	NOT_ABOVE_CUTOFF,
	TOO_EARLY,
	UNKNOWN_FACT
} Reason;

typedef enum Tristate
{
	NO,
	YES,
	UNKNOWN
} Tristate;

/* A date, or none. */
typedef struct Day
{
	bool		known;
	DateADT		date;
} Day;

/* What is needed to know of a household. */
typedef struct Facts
{
	Tristate	registered;
	Tristate	beneficiary;
	bool		has_score;
	Tristate	above_cutoff;	/* of one that has a score */
	Day			last_survey;
	Day			last_certified;
	bool		has_window;
	bool		window_empty;
	RangeBound	window_first;
	RangeBound	window_last;
	Tristate	appeal_condition;
	bool		open_case;		/* but for a grievance's */
} Facts;

typedef struct Policy
{
	Interval	cyclic_every;
	Interval	recertify_every;
	bool		appeal_launched;
	bool		cyclic_for_all;	/* or for those above the cut-off alone */
} Policy;

typedef struct Verdict
{
	Reason		reason;
	Day			allowed_from;
} Verdict;

static inline Tristate
known(bool b)
{
	return b ? YES : NO;
}

extern REGISTRY_LOCAL Verdict update_judge(UpdateType type, const Facts *facts, const Policy *policy, Day on_date);

#endif							/* REGISTRY_UPDATE_H */
