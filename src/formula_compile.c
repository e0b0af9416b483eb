/*
 * formula_compile.c
 *	  From a formula's JSON to what scoring runs.  The language is described in
 *	  docs/scoring.md.
 *
 * Everything is checked here, when the formula is read: scoring never fails for
 * the formula's sake.  A message names the term and says what is wrong with it.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"

#include "formula_parts.h"

/*
 * What a message calls a term: its name or indicator, where it has one.
 */
static const char *
term_shown(const JsonNode *object)
{
	static const char *const keys[] = {"name", "indicator"};

	for (int i = 0; i < 2 && object->kind == JSON_OF_OBJECT; i++)
	{
		const JsonNode *node = json_member(object, keys[i]);

		if (node != NULL && node->kind == JSON_OF_STRING)
			return pnstrdup(node->text, pg_mbcliplen(node->text, strlen(node->text), NAMEDATALEN));
	}
	return "unnamed";
}

/*
 * Read "terms" and "base" of the formula or of a variant.
 */
static bool
read_terms(Compiler *c, const JsonNode *object, PmtTerms *terms)
{
	const JsonNode *base = json_member(object, "base");
	const JsonNode *node = json_member(object, "terms");
	const char *within = c->where;
	int32		points = 0;

	if (node == NULL || node->kind != JSON_OF_ARRAY || node->size == 0)
		return fail(c, "terms must be an array of at least one term");
	if (base != NULL && !read_points(c, base, "base", &points))
		return false;
	terms->base = points;
	terms->term = palloc0(node->size * sizeof(PmtTerm));
	for (const JsonNode *item = node->first; item != NULL; item = item->next)
	{
		c->where = psprintf("%s%serm %d (%s)", within == NULL ? "" : within, within == NULL ? "T" : ", t",
							terms->n + 1, term_shown(item));
		if (!read_term(c, item, &terms->term[terms->n++]))
			return false;
	}
	c->where = within;
	formula_lay_out(terms);
	return true;
}

static bool
read_variants(Compiler *c, const JsonNode *node, PmtPlan *plan)
{
	if (node->kind != JSON_OF_ARRAY || node->size == 0)
		return fail(c, "variants must be an array of {\"when\": ..., \"terms\": ...}");
	plan->variant = palloc0(node->size * sizeof(PmtVariant));
	for (node = node->first; node != NULL; node = node->next)
	{
		PmtVariant    *variant = &plan->variant[plan->nvariants++];

		c->where = psprintf("Variant %d", plan->nvariants);
		if (!check_keys(c, node, "a variant", "when terms base") ||
			!read_when(c, node, &variant->when) || !read_terms(c, node, &variant->terms))
			return false;
	}
	c->where = NULL;
	return true;
}

/*
 * Read the parts of the formula that are not terms.
 */
static bool
read_head(Compiler *c, const JsonNode *json, PmtPlan *plan)
{
	static const char *const strings[] = {"name", "source", "direction", "when_missing"};
	const JsonNode *node;

	for (int i = 0; i < (int) lengthof(strings); i++)
		if ((node = json_member(json, strings[i])) != NULL && node->kind != JSON_OF_STRING)
			return fail(c, "%s must be a string", strings[i]);

	node = json_member(json, "name");
	plan->name = node == NULL ? "" : node->text;

	/* cut-offs say score <= cutoff, and bands call low scores poor */
	node = json_member(json, "direction");
	if (node != NULL && strcmp(node->text, "higher_is_better_off") != 0)
		return fail(c, "direction must be \"higher_is_better_off\": low scores are poor");

	node = json_member(json, "when_missing");
	if (node != NULL && strcmp(node->text, "null") != 0 && strcmp(node->text, "error") != 0)
		return fail(c, "when_missing must be \"null\" or \"error\"");
	plan->error_when_missing = node != NULL && strcmp(node->text, "error") == 0;

	plan->low = 0;
	plan->high = 100 * POINT;
	node = json_member(json, "range");
	if (node != NULL)
	{
		if (node->kind != JSON_OF_ARRAY || node->size != 2)
			return fail(c, "range must be [lowest, highest]");
		if (!read_decimal(c, node->first, "range", &plan->low) || !read_decimal(c, node->last, "range", &plan->high))
			return false;
		if (plan->low < 0 || plan->low >= plan->high || plan->high > 100 * POINT)
			return fail(c, "range must lie within 0 and 100");
	}
	return true;
}

/*
 * Compile a formula in the current memory context.  NULL after a soft error.
 */
PmtPlan *
formula_compile(const JsonNode *json, Node *escontext)
{
	Compiler	c = {.escontext = escontext};
	PmtPlan	   *plan = palloc0(sizeof(PmtPlan));
	const JsonNode *variants;

	if (!check_keys(&c, json, "a formula", "name source direction range terms base when_missing variants") ||
		!read_head(&c, json, plan))
		return NULL;
	variants = json_member(json, "variants");
	if (variants != NULL && !read_variants(&c, variants, plan))
		return NULL;
	/* no terms beside variants: who matches none has no score */
	if (variants != NULL && json_member(json, "terms") == NULL && json_member(json, "base") != NULL)
	{
		fail(&c, "base has no meaning without terms beside it");
		return NULL;
	}
	if ((variants == NULL || json_member(json, "terms") != NULL) && !read_terms(&c, json, &plan->terms))
		return NULL;
	plan->unpublished = c.unpublished;
	return plan;
}
