/*
 * pmt.c
 *	  Proxy means test scores: pmt_score(indicators, formula), pmt_explain(...).
 *
 * A score is a sum of integers, so it is exact and the same in any plan and row
 * order.  Where an answer the formula needs is missing, there is none.
 */
#include "postgres.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/numeric.h"
#include "utils/tuplestore.h"

#include "formula.h"
#include "page_fetch.h"

/* ----------
 * The score
 * ----------
 */

/*
 * A sum within the range, rounded half away from zero, in hundredths.  No score
 * is below zero.
 */
static inline int64
score_of_sum(const PmtPlan *plan, int64 sum)
{
	sum = Max(plan->low, Min(sum, plan->high));
	return (sum + POINT / 200) / (POINT / 100);
}

static void
refuse_unpublished(const PmtPlan *plan)
{
	if (plan->unpublished)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("formula \"%s\" has no points", plan->name),
				 errdetail("It is the structure of a formula whose points are not public."),
				 errhint("Who holds the points can add the formula with them as a row of registry.formula.")));
}

static void
refuse_missing(const PmtPlan *plan, const char *term)
{
	ereport(ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			 errmsg("an answer that formula \"%s\" needs is missing", plan->name),
			 errdetail("The term is \"%s\".", term),
			 errhint("pmt_explain() shows the answers; with \"when_missing\": \"null\" the score is NULL.")));
}

/* Which answers are true (above 0), false (0) and missing: a bit for each position. */
typedef struct AnswerBits
{
	uint64		yes;
	uint64		no;
	uint64		missing;
} AnswerBits;

static inline AnswerBits
answer_bits(const uint8 *answer)
{
	AnswerBits	bits = {0};

#ifdef __SSE2__
	for (int i = 0; i < INDICATORS; i += 16)
	{
		__m128i		chunk = _mm_loadu_si128((const __m128i *) (answer + i));

		bits.no |= (uint64) (uint32) _mm_movemask_epi8(_mm_cmpeq_epi8(chunk, _mm_setzero_si128())) << i;
		bits.missing |= (uint64) (uint32) _mm_movemask_epi8(_mm_cmpeq_epi8(chunk, _mm_set1_epi8((char) MISSING))) << i;
	}
#else
	for (int i = 0; i < INDICATORS; i++)
	{
		bits.no |= (uint64) (answer[i] == 0) << i;
		bits.missing |= (uint64) (answer[i] == MISSING) << i;
	}
#endif
	bits.yes = ~(bits.no | bits.missing);
	return bits;
}

/*
 * Points of any_of or all_of: "settling" are the answers of which one will do.
 */
static inline int32
group_points(const PmtStep *step, uint64 settling, uint64 missing)
{
	int			open = (settling & step->mask) == 0;

	return step->outcome[open + (open & ((missing & step->mask) == 0))];
}

/*
 * Points of a ratio or of first_of.
 */
static inline int32
step_points(const PmtStep *step, const uint8 *answer)
{
	const PmtTerm *term = step->term;
	int			cell = 0;

	if (step->ninputs > 0)
	{
		for (int i = 0; i < step->ninputs; i++)
			cell += step->part[i][answer[step->position[i]]];
		return step->points[cell];
	}
	if (term->kind == TERM_RATIO && answer[term->position] < RATIO_TABLE && answer[term->per] < RATIO_TABLE)
		return term->ratio[answer[term->per]][answer[term->position]];
	return formula_points(term, answer);
}

/*
 * The sum of all terms.  False where the answer a term needs is missing.
 */
static inline bool
terms_sum(const PmtTerms *terms, const uint8 *answer, int64 *sum)
{
	const PmtStep *step = terms->step;
	const PmtStep *end = step + terms->ntables;
	bool		missing = false;
	int64		total = terms->base;

#define ADD(points_of_step) \
	do { \
		int32		points = (points_of_step); \
		missing |= points == POINTS_MISSING; \
		total += points; \
	} while (0)

	for (; step < end; step++)
		ADD(step->points[answer[step->position[0]]]);
	if (terms->nany + terms->nall > 0)
	{
		AnswerBits	bits = answer_bits(answer);

		for (end += terms->nany; step < end; step++)
			ADD(group_points(step, bits.yes, bits.missing));
		for (end += terms->nall; step < end; step++)
			ADD(group_points(step, bits.no, bits.missing));
	}
	for (end = terms->step + terms->n; step < end; step++)
		ADD(step_points(step, answer));
#undef ADD

	*sum = total;
	return !missing;
}

/*
 * The name of the first term whose answer is missing.
 */
static const char *
missing_term(const PmtTerms *terms, const uint8 *answer)
{
	for (int i = 0; i < terms->n; i++)
		if (formula_points(&terms->term[i], answer) == POINTS_MISSING)
			return terms->term[i].name;
	pg_unreachable();
}

/*
 * pmt_score(indicators, pmt_formula) returns float8: 0 to 100, low = poor, to
 * the hundredth; NULL where an answer that is needed is missing.
 */
PG_FUNCTION_INFO_V1(pmt_score);
Datum
pmt_score(PG_FUNCTION_ARGS)
{
	const uint8 *answer = PG_GETARG_INDICATORS(0)->answer;
	const PmtPlan *plan;
	const PmtTerms *terms;
	int64		sum;

	page_fetch(answer);
	plan = formula_plan(fcinfo->flinfo, PG_GETARG_DATUM(1));
	refuse_unpublished(plan);
	terms = formula_terms(plan, answer);
	if (terms == NULL || !terms_sum(terms, answer, &sum))
	{
		if (plan->error_when_missing)
			refuse_missing(plan, terms == NULL ? "variants" : missing_term(terms, answer));
		PG_RETURN_NULL();
	}
	PG_RETURN_FLOAT8((double) score_of_sum(plan, sum) / 100);
}


/* ----------
 * Explaining it
 * ----------
 */

static void
append_answer(StringInfo buf, int position, const uint8 *answer)
{
	appendStringInfoString(buf, answer[position] == MISSING ? "missing" : indicator_answer(position, answer[position]));
}

static char *
named_answers(const uint8 *position, int n, const uint8 *answer)
{
	StringInfoData buf;

	initStringInfo(&buf);
	for (int i = 0; i < n; i++)
	{
		appendStringInfo(&buf, "%s%s ", i > 0 ? ", " : "", codebook[position[i]].name);
		append_answer(&buf, position[i], answer);
	}
	return buf.data;
}

/*
 * The answers a term looked at, in words; NULL for one that is missing.
 */
static char *
term_answer(const PmtTerm *term, const uint8 *answer)
{
	uint8		position[INDICATORS];
	StringInfoData buf;

	if (term->kind != TERM_TABLE && term->kind != TERM_RATIO)
		return named_answers(position, formula_asks(term, position), answer);
	if (term->kind == TERM_TABLE && answer[term->position] == MISSING)
		return NULL;

	initStringInfo(&buf);
	append_answer(&buf, term->position, answer);
	if (term->kind == TERM_RATIO)
	{
		appendStringInfoString(&buf, " per ");
		append_answer(&buf, term->per, answer);
	}
	return buf.data;
}

/*
 * Points as a decimal without zeros at its end.
 */
static Datum
points_datum(int64 points)
{
	char		decimal[32];
	int64		magnitude = points < 0 ? -points : points;
	int			length = snprintf(decimal, sizeof(decimal), "%s" INT64_FORMAT ".%04d", points < 0 ? "-" : "",
								  magnitude / POINT, (int) (magnitude % POINT));

	while (decimal[length - 1] == '0')
		length--;
	decimal[length - (decimal[length - 1] == '.')] = '\0';
	return DirectFunctionCall3(numeric_in, CStringGetDatum(decimal), ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
}

static void
put_row(ReturnSetInfo *rsinfo, const char *term, const char *answer, int64 points, bool missing)
{
	Datum		values[3];
	bool		nulls[3];

	values[0] = CStringGetTextDatum(term);
	values[1] = answer == NULL ? 0 : CStringGetTextDatum(answer);
	values[2] = missing ? 0 : points_datum(points);
	nulls[0] = false;
	nulls[1] = answer == NULL;
	nulls[2] = missing;
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

/*
 * pmt_explain(indicators, pmt_formula) returns setof (term text, answer text,
 * points numeric): a row a term, then what the base, the range and rounding add,
 * so that the points add up to the score; NULL where an answer is missing.
 */
PG_FUNCTION_INFO_V1(pmt_explain);
Datum
pmt_explain(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	const uint8 *answer = PG_GETARG_INDICATORS(0)->answer;
	const PmtPlan *plan = formula_plan(fcinfo->flinfo, PG_GETARG_DATUM(1));
	const PmtTerms *terms = formula_terms(plan, answer);
	bool		missing = false;
	int64		sum;
	int64		clamped;

	refuse_unpublished(plan);
	InitMaterializedSRF(fcinfo, 0);
	if (terms == NULL)
	{
		uint8		position[INDICATORS];
		int			n = 0;

		for (int i = 0; i < plan->nvariants; i++)
			formula_when_asks(&plan->variant[i].when, position, &n);
		put_row(rsinfo, "variants", named_answers(position, n, answer), 0, true);
		return (Datum) 0;
	}

	sum = terms->base;
	for (int i = 0; i < terms->n; i++)
	{
		const PmtTerm *term = &terms->term[i];
		int32		points = formula_points(term, answer);

		put_row(rsinfo, term->name, term_answer(term, answer), points, points == POINTS_MISSING);
		missing |= points == POINTS_MISSING;
		sum += points == POINTS_MISSING ? 0 : points;
	}
	if (terms->base != 0)
		put_row(rsinfo, "base", NULL, terms->base, false);
	if (missing)
		return (Datum) 0;

	clamped = Max(plan->low, Min(sum, plan->high));
	if (clamped != sum)
		put_row(rsinfo, "range", NULL, clamped - sum, false);
	if (score_of_sum(plan, sum) * (POINT / 100) != clamped)
		put_row(rsinfo, "rounding", NULL, score_of_sum(plan, sum) * (POINT / 100) - clamped, false);
	return (Datum) 0;
}
