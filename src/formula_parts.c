/*
 * formula_parts.c
 *	  The parts that terms and variants of a formula are written in: decimals,
 *	  points, indicators, labels and conditions.
 */
#include "postgres.h"

#include "lib/stringinfo.h"

#include "formula_parts.h"

/*
 * Report what is wrong; false, for the caller to return.
 */
bool
fail(Compiler *c, const char *format,...)
{
	StringInfoData what;
	int			needed;

	initStringInfo(&what);
	for (;;)
	{
		va_list		args;

		va_start(args, format);
		needed = appendStringInfoVA(&what, format, args);
		va_end(args);
		if (needed == 0)
			break;
		enlargeStringInfo(&what, needed);
	}
	ereturn(c->escontext, false,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid PMT formula"),
			 errdetail_internal("%s%s%s.", c->where == NULL ? "" : c->where, c->where == NULL ? "" : ": ", what.data),
			 errhint("Write for example %s.", FORMULA_EXAMPLE)));
}

/* ----------
 * Parts
 * ----------
 */

/*
 * Check that an object has no keys but those in "known", a list with spaces.
 */
bool
check_keys(Compiler *c, const JsonNode *object, const char *what, const char *known)
{
	if (object->kind != JSON_OF_OBJECT)
		return fail(c, "%s must be a JSON object", what);
	for (const JsonNode *node = object->first; node != NULL; node = node->next)
	{
		size_t		length = strlen(node->key);
		bool		found = false;

		for (const char *word = known; !found && *word != '\0'; word += strspn(word, " "))
		{
			size_t		end = strcspn(word, " ");

			found = end == length && memcmp(word, node->key, length) == 0;
			word += end;
		}
		if (!found)
			return fail(c, "unknown key \"%s\" in %s, which may have: %s", node->key, what, known);
	}
	return true;
}

/*
 * Read a decimal of at most four places into ten-thousandths.
 */
bool
read_decimal(Compiler *c, const JsonNode *node, const char *what, int64 *value)
{
	const char *at = node->text;
	bool		negative;
	int			places = -1;	/* digits after the point; -1 before it */

	if (node->kind != JSON_OF_NUMBER)
		return fail(c, "%s must be a number", what);

	*value = 0;
	negative = *at == '-';
	for (at += negative; *at != '\0'; at++)
	{
		if (*at == '.')
			places = 0;
		else if (*at < '0' || *at > '9')
			return fail(c, "%s must be written without an exponent", what);
		else if (places == 4)
		{
			if (*at != '0')
				return fail(c, "%s has more than four decimals", what);
		}
		else
		{
			*value = *value * 10 + (*at - '0');
			places += places >= 0;
			if (*value > POINTS_MAX)
				break;
		}
	}
	for (places = Max(places, 0); places < 4; places++)
		*value *= 10;
	/* so that a ratio's cross-products fit */
	if (*value > POINTS_MAX)
		return fail(c, "%s must be from %d to %d", what, -POINTS_MAX / POINT, POINTS_MAX / POINT);
	if (negative)
		*value = -*value;
	return true;
}

/*
 * Read points.  null stands for points that exist and are not public.
 */
bool
read_points(Compiler *c, const JsonNode *node, const char *what, int32 *points)
{
	int64		value;

	if (node->kind == JSON_OF_NULL)
	{
		c->unpublished = true;
		*points = 0;
		return true;
	}
	if (!read_decimal(c, node, what, &value))
		return false;
	*points = (int32) value;
	return true;
}

/* The same where the key may be absent: *points is left as it is. */
bool
read_optional_points(Compiler *c, const JsonNode *object, const char *key, int32 *points)
{
	const JsonNode *node = json_member(object, key);

	return node == NULL || read_points(c, node, key, points);
}

bool
read_position(Compiler *c, const JsonNode *node, uint8 *position)
{
	int			found = node->kind == JSON_OF_STRING ? indicator_position(node->text, strlen(node->text)) : -1;

	if (found < 0)
		return fail(c, "unknown indicator \"%s\"; registry.codebook() lists them",
					node->kind == JSON_OF_STRING ? node->text : "(not a string)");
	*position = found;
	return true;
}

/*
 * Read an array of flags and counts.
 */
bool
read_group(Compiler *c, const JsonNode *node, PmtGroup *group)
{
	if (node->kind != JSON_OF_ARRAY || node->size == 0 || node->size > INDICATORS)
		return fail(c, "%s must be an array of indicators", node->key);
	for (const JsonNode *item = node->first; item != NULL; item = item->next)
	{
		uint8	   *position = &group->position[group->n++];

		if (!read_position(c, item, position))
			return false;
		if (codebook[*position].kind == CODE)
			return fail(c, "\"%s\" has labels and is neither true nor false", item->text);
	}
	return true;
}

bool
read_label(Compiler *c, const char *label, int position, int *code)
{
	*code = indicator_code(position, label, strlen(label));
	if (*code == 0)
		return fail(c, "unknown label \"%s\" of \"%s\", which has %s",
					label, codebook[position].name, indicator_labels(position));
	return true;
}

/*
 * Read what is asked of one indicator: a label or several, true or false, or a
 * range {"min": a, "max": b} of a count.
 */
static bool
read_condition(Compiler *c, const JsonNode *node, PmtCondition *condition)
{
	JsonNode	name = {.kind = JSON_OF_STRING, .text = node->key};
	const JsonNode *item;
	const JsonNode *min;
	const JsonNode *max;
	int			low = 0;
	int			high = COUNT_MAX;
	int			code;

	if (!read_position(c, &name, &condition->position))
		return false;

	switch (codebook[condition->position].kind)
	{
		case CODE:
			if (node->kind != JSON_OF_STRING && (node->kind != JSON_OF_ARRAY || node->size == 0))
				return fail(c, "\"%s\" is compared with a label or an array of labels", node->key);
			for (item = node->kind == JSON_OF_ARRAY ? node->first : node; item != NULL;
				 item = node->kind == JSON_OF_ARRAY ? item->next : NULL)
			{
				if (item->kind != JSON_OF_STRING)
					return fail(c, "\"%s\" is compared with a label or an array of labels", node->key);
				if (!read_label(c, item->text, condition->position, &code))
					return false;
				condition->accepts[code] = true;
			}
			return true;

		case COUNT:
			if (node->kind == JSON_OF_OBJECT && node->size > 0)
			{
				if (!check_keys(c, node, "a range", "min max"))
					return false;
				min = json_member(node, "min");
				max = json_member(node, "max");
				if ((min != NULL && !json_count(min, &low)) || (max != NULL && !json_count(max, &high)) ||
					low > high || high > COUNT_MAX)
					return fail(c, "the range of \"%s\" must be whole numbers from 0 to %d, min not above max",
								node->key, COUNT_MAX);
				for (int answer = low; answer <= high; answer++)
					condition->accepts[answer] = true;
				return true;
			}
			/* a count above 0 is true */
			/* FALLTHROUGH */
		case FLAG:
			if (node->kind != JSON_OF_BOOLEAN)
				return fail(c, "\"%s\" is compared with true or false%s", node->key,
							codebook[condition->position].kind == COUNT ? " or {\"min\": a, \"max\": b}" : "");
			for (int answer = 0; answer <= COUNT_MAX; answer++)
				condition->accepts[answer] = (answer > 0) == node->boolean;
			return true;
	}
	pg_unreachable();
}

bool
read_when(Compiler *c, const JsonNode *object, PmtWhen *when)
{
	const JsonNode *node = json_member(object, "when");

	if (node == NULL || node->kind != JSON_OF_OBJECT || node->size == 0)
		return fail(c, "\"when\" must be an object of indicators and what is asked of them");
	when->condition = palloc0(node->size * sizeof(PmtCondition));
	for (node = node->first; node != NULL; node = node->next)
		if (!(strcmp(node->key, "any_of") == 0 ? read_group(c, node, &when->any) :
			  strcmp(node->key, "all_of") == 0 ? read_group(c, node, &when->all) :
			  read_condition(c, node, &when->condition[when->nconditions++])))
			return false;
	return true;
}
