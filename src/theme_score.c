/*
 * theme_score.c
 *	  Aggregate theme_scores(score): scores by whole points, small enough to be kept
 *	  for every union council.
 *
 * Bands begin at whole points, so they can be drawn anew without counting anew.
 * The first count is of households whose score is NULL.
 */
#include "postgres.h"

#include <math.h>

#include "fmgr.h"

#include "counts.h"

#define UNSCORED		0
#define SCORE_0			1		/* 0.00 to 0.99; the last is 100 alone */
#define SCORE_CELLS		(SCORE_0 + 101)

PG_FUNCTION_INFO_V1(theme_scores_add);
Datum
theme_scores_add(PG_FUNCTION_ARGS)
{
	ArrayType  *state = counts_state(fcinfo, 0, SCORE_CELLS);
	float8		score = PG_ARGISNULL(1) ? 0 : PG_GETARG_FLOAT8(1);

	if (!(score >= 0 && score <= 100))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("a score must be from 0 to 100")));
	counts_add(&CELLS(state)[PG_ARGISNULL(1) ? UNSCORED : SCORE_0 + (int) floor(score)], 1);
	PG_RETURN_ARRAYTYPE_P(state);
}

/*
 * theme_scores_combine(bigint[], bigint[]): also adds up what is stored
 */
PG_FUNCTION_INFO_V1(theme_scores_combine);
Datum
theme_scores_combine(PG_FUNCTION_ARGS)
{
	return counts_combine(fcinfo, SCORE_CELLS);
}
