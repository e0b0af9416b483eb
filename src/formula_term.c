/*
 * formula_term.c
 *	  Reading the terms of a formula: bands, labels, points, ratios, any_of, all_of
 *	  and first_of.
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "formula_parts.h"

/*
 * Read bands in ascending order.  The last must cover what is left.
 */
static bool
read_bands(Compiler *c, const JsonNode *object, PmtTerm *term)
{
	const JsonNode *node = json_member(object, "bands");
	const JsonNode *otherwise = json_member(object, "otherwise");

	if (node->kind != JSON_OF_ARRAY || node->size == 0)
		return fail(c, "bands must be an array of [up to and including, points]");
	term->band = palloc0((node->size + 1) * sizeof(PmtBand));
	for (const JsonNode *item = node->first; item != NULL; item = item->next)
	{
		PmtBand	   *band = &term->band[term->nbands++];

		if (item->kind != JSON_OF_ARRAY || item->size != 2)
			return fail(c, "band %d must be [up to and including, points]", term->nbands);
		if (term->nbands > 1 && band[-1].up_to == PG_INT64_MAX)
			return fail(c, "band %d follows one that has no end", term->nbands);
		if (item->first->kind == JSON_OF_NULL)
			band->up_to = PG_INT64_MAX;
		else if (!read_decimal(c, item->first, "the end of a band", &band->up_to))
			return false;
		if (term->nbands > 1 && band->up_to <= band[-1].up_to)
			return fail(c, "bands are out of order: band %d does not end above band %d", term->nbands, term->nbands - 1);
		if (!read_points(c, item->last, "points of a band", &band->points))
			return false;
	}
	if (term->band[term->nbands - 1].up_to != PG_INT64_MAX)
	{
		PmtBand	   *rest = &term->band[term->nbands++];

		if (otherwise == NULL)
			return fail(c, "the last band must be [null, points], so that every value has points");
		rest->up_to = PG_INT64_MAX;
		return read_points(c, otherwise, "otherwise", &rest->points);
	}
	if (otherwise != NULL)
		return fail(c, "otherwise has no meaning after a band without an end");
	return true;
}

/*
 * Read a term over one count, flag or code into a table of its outcomes.
 */
static bool
read_table(Compiler *c, const JsonNode *object, PmtTerm *term)
{
	const Indicator *indicator = &codebook[term->position];
	const JsonNode *labels = json_member(object, "labels");
	const JsonNode *points = json_member(object, "points");
	const JsonNode *each = json_member(object, "each");
	int32		otherwise = 0;

	term->kind = TERM_TABLE;
	term->table = palloc((MISSING + 1) * sizeof(int32));
	if (labels != NULL)
	{
		otherwise = POINTS_MISSING;
		if (!read_optional_points(c, object, "otherwise", &otherwise))
			return false;
		if (indicator->kind != CODE)
			return fail(c, "\"%s\" has no labels", indicator->name);
		if (labels->kind != JSON_OF_OBJECT || labels->size == 0)
			return fail(c, "labels must be an object of labels and points");
		for (int answer = 0; answer < MISSING; answer++)
			term->table[answer] = otherwise;
		for (const JsonNode *label = labels->first; label != NULL; label = label->next)
		{
			int			code;

			if (!read_label(c, label->key, term->position, &code) ||
				!read_points(c, label, label->key, &term->table[code]))
				return false;
		}
	}
	else if (points != NULL)
	{
		int32		value;

		if (indicator->kind == CODE)
			return fail(c, "\"%s\" has labels: give \"labels\", not \"points\"", indicator->name);
		if (!read_points(c, points, "points", &value) ||
			!read_optional_points(c, object, "otherwise", &otherwise))
			return false;
		for (int answer = 0; answer < MISSING; answer++)
			term->table[answer] = answer > 0 ? value : otherwise;
	}
	else if (each != NULL)
	{
		const JsonNode *up_to = json_member(object, "up_to");
		int			most = COUNT_MAX;
		int32		value;

		if (indicator->kind != COUNT)
			return fail(c, "\"%s\" is no count: \"each\" has no meaning", indicator->name);
		if (up_to != NULL && (!json_count(up_to, &most) || most < 1 || most > COUNT_MAX))
			return fail(c, "up_to must be a whole number from 1 to %d", COUNT_MAX);
		if (!read_points(c, each, "each", &value))
			return false;
		if ((int64) value * most > POINTS_MAX || (int64) value * most < -POINTS_MAX)
			return fail(c, "each, times up_to, must be from %d to %d", -POINTS_MAX / POINT, POINTS_MAX / POINT);
		for (int answer = 0; answer < MISSING; answer++)
			term->table[answer] = value * Min(answer, most);
	}
	else
	{
		if (indicator->kind != COUNT)
			return fail(c, "\"%s\" is no count: bands have no meaning", indicator->name);
		if (!read_bands(c, object, term))
			return false;
		for (int answer = 0, band = 0; answer < MISSING; answer++)
		{
			while ((int64) answer * POINT > term->band[band].up_to)
				band++;
			term->table[answer] = term->band[band].points;
		}
	}
	term->table[MISSING] = term->missing;
	return true;
}

static bool
read_ratio(Compiler *c, const JsonNode *object, PmtTerm *term)
{
	term->kind = TERM_RATIO;
	if (json_member(object, "bands") == NULL)
		return fail(c, "a ratio (\"per\") needs bands");
	if (!read_position(c, json_member(object, "per"), &term->per))
		return false;
	if (codebook[term->position].kind != COUNT || codebook[term->per].kind != COUNT)
		return fail(c, "a ratio is of two counts");
	term->when_zero = POINTS_MISSING;
	if (!read_optional_points(c, object, "when_zero", &term->when_zero) || !read_bands(c, object, term))
		return false;
	term->ratio = palloc(RATIO_TABLE * sizeof(*term->ratio));
	for (int per = 0; per < RATIO_TABLE; per++)
		for (int count = 0; count < RATIO_TABLE; count++)
			term->ratio[per][count] = formula_ratio(term, count, per);
	return true;
}

static bool
read_group_term(Compiler *c, const JsonNode *object, PmtTerm *term)
{
	const JsonNode *any = json_member(object, "any_of");
	const JsonNode *points = json_member(object, "points");

	term->kind = any != NULL ? TERM_ANY : TERM_ALL;
	if (!read_group(c, any != NULL ? any : json_member(object, "all_of"), &term->group))
		return false;
	if (points == NULL)
		return fail(c, "points are not given");
	return read_points(c, points, "points", &term->points) &&
		read_optional_points(c, object, "otherwise", &term->otherwise);
}

static bool
read_first_term(Compiler *c, const JsonNode *object, PmtTerm *term)
{
	const JsonNode *node = json_member(object, "first_of");

	term->kind = TERM_FIRST;
	term->otherwise = POINTS_MISSING;
	if (node->kind != JSON_OF_ARRAY || node->size == 0)
		return fail(c, "first_of must be an array of {\"when\": ..., \"points\": ...}");
	term->row = palloc0(node->size * sizeof(FirstRow));
	for (node = node->first; node != NULL; node = node->next)
	{
		FirstRow   *row = &term->row[term->nrows++];
		const JsonNode *points;

		if (!check_keys(c, node, "a row of first_of", "when points"))
			return false;
		points = json_member(node, "points");
		if (points == NULL)
			return fail(c, "row %d of first_of has no points", term->nrows);
		if (!read_when(c, node, &row->when) || !read_points(c, points, "points", &row->points))
			return false;
	}
	return read_optional_points(c, object, "otherwise", &term->otherwise) &&
		read_optional_points(c, object, "unknown", &term->missing);
}

/*
 * What a term is called that has no name: the indicators it asks for.
 */
static const char *
term_name(const PmtTerm *term)
{
	const char *word = term->kind == TERM_ANY ? " or " : term->kind == TERM_ALL ? " and " : ", ";
	uint8		position[INDICATORS];
	int			n;
	StringInfoData buf;

	if (term->kind == TERM_RATIO)
		return psprintf("%s per %s", codebook[term->position].name, codebook[term->per].name);

	n = formula_asks(term, position);
	initStringInfo(&buf);
	for (int i = 0; i < n; i++)
		appendStringInfo(&buf, "%s%s", i > 0 ? word : "", codebook[position[i]].name);
	return buf.data;
}

/*
 * Read a term of any form; a key that its form does not know is refused, lest it
 * be thought to count.
 */
bool
read_term(Compiler *c, const JsonNode *object, PmtTerm *term)
{
	static const char *const forms[] = {"bands", "labels", "points", "each"};
	const JsonNode *indicator;
	const JsonNode *missing;
	const JsonNode *name;
	const char *allowed = NULL;
	int			given = 0;

	if (object->kind != JSON_OF_OBJECT)
		return fail(c, "a term must be a JSON object");

	indicator = json_member(object, "indicator");
	given = (indicator != NULL) + (json_member(object, "any_of") != NULL) +
		(json_member(object, "all_of") != NULL) + (json_member(object, "first_of") != NULL);
	if (given != 1)
		return fail(c, "a term has exactly one of indicator, any_of, all_of and first_of");

	if (indicator == NULL)
		allowed = json_member(object, "first_of") != NULL ? "name first_of otherwise unknown" :
			"name any_of all_of points otherwise when_missing";
	else
	{
		given = 0;
		for (int i = 0; i < (int) lengthof(forms); i++)
			if (json_member(object, forms[i]) != NULL)
			{
				given++;
				allowed = i == 0 ? (json_member(object, "per") != NULL ?
									"name indicator per bands otherwise when_zero when_missing" :
									"name indicator bands otherwise when_missing") :
					i == 1 ? "name indicator labels otherwise when_missing" :
					i == 2 ? "name indicator points otherwise when_missing" :
					"name indicator each up_to when_missing";
			}
		if (given != 1)
			return fail(c, "an indicator has exactly one of bands, labels, points and each");
	}
	if (!check_keys(c, object, "the term", allowed))
		return false;

	term->missing = POINTS_MISSING;
	missing = json_member(object, "when_missing");
	if (missing != NULL && missing->kind == JSON_OF_NULL)
		return fail(c, "when_missing of a term is points; without it a missing answer has none");
	if (!read_optional_points(c, object, "when_missing", &term->missing))
		return false;
	if (indicator != NULL)
	{
		if (!read_position(c, indicator, &term->position) ||
			!(json_member(object, "per") != NULL ? read_ratio(c, object, term) : read_table(c, object, term)))
			return false;
	}
	else if (!(json_member(object, "first_of") != NULL ? read_first_term(c, object, term) :
			   read_group_term(c, object, term)))
		return false;

	name = json_member(object, "name");
	if (name != NULL && name->kind != JSON_OF_STRING)
		return fail(c, "name must be a string");
	term->name = name != NULL ? name->text : term_name(term);
	return true;
}
