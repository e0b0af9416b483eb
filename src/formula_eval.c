/*
 * formula_eval.c
 *	  What a term gives for some answers, and laying terms out for scoring.
 *
 * The functions here follow the language literally.  Scoring millions of rows
 * does not: a term that asks for a few indicators is laid out as a table over
 * what those answers can come to, filled by asking these functions once.
 */
#include "postgres.h"

#include "formula.h"

static Truth
any_holds(const PmtGroup *group, const uint8 *answer)
{
	Truth		truth = FAILS;

	for (int i = 0; i < group->n; i++)
	{
		uint8		value = answer[group->position[i]];

		if (value == MISSING)
			truth = UNSURE;
		else if (value > 0)
			return HOLDS;
	}
	return truth;
}

static Truth
all_hold(const PmtGroup *group, const uint8 *answer)
{
	Truth		truth = HOLDS;

	for (int i = 0; i < group->n; i++)
	{
		uint8		value = answer[group->position[i]];

		if (value == 0)
			return FAILS;
		if (value == MISSING)
			truth = UNSURE;
	}
	return truth;
}

/*
 * Whether all that is asked holds: what is known not to settles it.
 */
static Truth
when_holds(const PmtWhen *when, const uint8 *answer)
{
	Truth		all = all_hold(&when->all, answer);
	Truth		any = when->any.n == 0 ? HOLDS : any_holds(&when->any, answer);
	bool		unknown = all == UNSURE || any == UNSURE;

	if (all == FAILS || any == FAILS)
		return FAILS;
	for (int i = 0; i < when->nconditions; i++)
	{
		uint8		value = answer[when->condition[i].position];

		if (value == MISSING)
			unknown = true;
		else if (!when->condition[i].accepts[value])
			return FAILS;
	}
	return unknown ? UNSURE : HOLDS;
}

/*
 * Points of count / per, compared exactly by cross-multiplication.
 */
int32
formula_ratio(const PmtTerm *term, int count, int per)
{
	const PmtBand *band = term->band;

	if (count == MISSING || per == MISSING)
		return term->missing;
	if (per == 0)
		return term->when_zero;
	while (band->up_to != PG_INT64_MAX && (int64) count * POINT > band->up_to * per)
		band++;
	return band->points;
}

static int32
first_points(const PmtTerm *term, const uint8 *answer)
{
	for (int i = 0; i < term->nrows; i++)
		switch (when_holds(&term->row[i].when, answer))
		{
			case HOLDS:
				return term->row[i].points;
			case UNSURE:
				return term->missing;
			case FAILS:
				break;
		}
	return term->otherwise;
}

/*
 * Points of a term, or POINTS_MISSING.
 */
int32
formula_points(const PmtTerm *term, const uint8 *answer)
{
	Truth		truth;

	switch (term->kind)
	{
		case TERM_TABLE:
			return term->table[answer[term->position]];
		case TERM_RATIO:
			return formula_ratio(term, answer[term->position], answer[term->per]);
		case TERM_FIRST:
			return first_points(term, answer);
		case TERM_ANY:
		case TERM_ALL:
			break;
	}
	truth = term->kind == TERM_ANY ? any_holds(&term->group, answer) : all_hold(&term->group, answer);
	return truth == HOLDS ? term->points : truth == FAILS ? term->otherwise : term->missing;
}

/*
 * The terms that apply, or NULL where it is unknown or there are none.
 */
const PmtTerms *
formula_terms(const PmtPlan *plan, const uint8 *answer)
{
	for (int i = 0; i < plan->nvariants; i++)
		switch (when_holds(&plan->variant[i].when, answer))
		{
			case HOLDS:
				return &plan->variant[i].terms;
			case UNSURE:
				return NULL;
			case FAILS:
				break;
		}
	return plan->terms.n > 0 ? &plan->terms : NULL;
}


/* ----------
 * Terms as tables
 * ----------
 */

static void
ask(const uint8 *asked, int nasked, uint8 *position, int *n)
{
	for (int i = 0; i < nasked; i++)
		if (memchr(position, asked[i], *n) == NULL)
			position[(*n)++] = asked[i];
}

/*
 * The indicators a term asks for, each once, in the order written; there is room
 * for all.  Returns how many.
 */
int
formula_asks(const PmtTerm *term, uint8 *position)
{
	int			n = 0;

	if (term->kind == TERM_TABLE || term->kind == TERM_RATIO)
		ask(&term->position, 1, position, &n);
	if (term->kind == TERM_RATIO)
		ask(&term->per, 1, position, &n);
	ask(term->group.position, term->group.n, position, &n);
	for (int i = 0; i < term->nrows; i++)
		formula_when_asks(&term->row[i].when, position, &n);
	return n;
}

void
formula_when_asks(const PmtWhen *when, uint8 *position, int *n)
{
	for (int i = 0; i < when->nconditions; i++)
		ask(&when->condition[i].position, 1, position, n);
	ask(when->any.position, when->any.n, position, n);
	ask(when->all.position, when->all.n, position, n);
}

/*
 * Whether a term cannot tell two answers to an indicator apart.
 */
static bool
same_to_term(const PmtTerm *term, int position, int a, int b)
{
	if ((a == MISSING) != (b == MISSING) || (a == 0) != (b == 0))
		return false;
	for (int i = 0; i < term->nrows && a != MISSING; i++)
	{
		const PmtWhen *when = &term->row[i].when;

		for (int j = 0; j < when->nconditions; j++)
			if (when->condition[j].position == position &&
				when->condition[j].accepts[a] != when->condition[j].accepts[b])
				return false;
	}
	return true;
}

/*
 * Lay rows out as a table with a cell for each combination of answers that they
 * can tell apart.  The cell is a sum of one part for each answer.  Not where the
 * table would be large.
 */
static void
lay_out_rows(const PmtTerm *term, PmtStep *step)
{
	uint8		kept[STEP_INPUTS][MISSING + 1];	/* an answer for each class */
	int			classes[STEP_INPUTS];
	int			cells = 1;
	uint8		position[INDICATORS];
	int			n = formula_asks(term, position);
	uint8		answer[INDICATORS];

	if (n > STEP_INPUTS)
		return;
	memcpy(step->position, position, n);
	for (int i = 0; i < n; i++)
	{
		step->part[i] = palloc((MISSING + 1) * sizeof(uint16));
		classes[i] = 0;
		for (int value = 0; value <= MISSING; value++)
		{
			int			class = 0;

			while (class < classes[i] && !same_to_term(term, step->position[i], kept[i][class], value))
				class++;
			if (class == classes[i])
				kept[i][classes[i]++] = value;
			if (cells * classes[i] > STEP_CELLS)
				return;
			step->part[i][value] = class * cells;
		}
		cells *= classes[i];
	}

	step->points = palloc(cells * sizeof(int32));
	for (int cell = 0; cell < cells; cell++)
	{
		int			rest = cell;

		for (int i = 0; i < n; i++)
		{
			answer[step->position[i]] = kept[i][rest % classes[i]];
			rest /= classes[i];
		}
		step->points[cell] = formula_points(term, answer);
	}
	step->ninputs = n;
}

static void
lay_out(const PmtTerm *term, PmtStep *step)
{
	bool		any = term->kind == TERM_ANY;

	step->term = term;
	switch (term->kind)
	{
		case TERM_TABLE:
			step->position[0] = term->position;
			step->points = term->table;
			break;
		case TERM_ANY:
		case TERM_ALL:
			for (int i = 0; i < term->group.n; i++)
				step->mask |= UINT64CONST(1) << term->group.position[i];
			step->outcome[0] = any ? term->points : term->otherwise;
			step->outcome[1] = term->missing;
			step->outcome[2] = any ? term->otherwise : term->points;
			break;
		case TERM_FIRST:
			lay_out_rows(term, step);
			break;
		case TERM_RATIO:
			break;
	}
}

/*
 * Lay out terms for scoring, kind by kind.  A sum does not mind the order.
 */
void
formula_lay_out(PmtTerms *terms)
{
	static const TermKind kinds[] = {TERM_TABLE, TERM_ANY, TERM_ALL, TERM_RATIO, TERM_FIRST};
	PmtStep    *step = terms->step = palloc0(terms->n * sizeof(PmtStep));

	for (int kind = 0; kind < (int) lengthof(kinds); kind++)
		for (int i = 0; i < terms->n; i++)
			if (terms->term[i].kind == kinds[kind])
			{
				lay_out(&terms->term[i], step++);
				terms->ntables += kinds[kind] == TERM_TABLE;
				terms->nany += kinds[kind] == TERM_ANY;
				terms->nall += kinds[kind] == TERM_ALL;
			}
}
