/*
 * indicators.c
 *	  Type indicators: what a household answered, and what was counted of it.
 *
 * Sixty-four bytes, one an indicator, by position in the codebook; 255 is a
 * missing answer.  Of fixed length, so that a nation's answers are small, an
 * answer is found without looking, and a new indicator rewrites no table.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "fmgr.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"

#include "indicators.h"
#include "json.h"

#define INDICATORS_EXAMPLE "{\"rooms\": 3, \"toilet\": \"flush_sewer\", \"refrigerator\": true}"

/* ----------
 * Input and output
 * ----------
 */

/*
 * Whether a byte is an answer its indicator may have.
 */
static bool
answer_is_valid(int position, uint8 answer)
{
	return answer == MISSING ||
		(answer <= indicator_highest(position) &&
		 (answer > 0 || codebook[position].kind != CODE));
}

/*
 * Read one answer.  Says what was expected, never what was there.
 */
static bool
answer_read(const JsonNode *node, int position, uint8 *answer, Node *escontext)
{
	const Indicator *indicator = &codebook[position];
	int			number;

	if (node->kind == JSON_OF_NULL)
		return true;

	switch (indicator->kind)
	{
		case CODE:
			number = node->kind == JSON_OF_STRING ?
				indicator_code(position, node->text, strlen(node->text)) : 0;
			if (number == 0)
				ereturn(escontext, false,
						(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
						 errmsg("invalid answer for indicator \"%s\"", indicator->name),
						 errdetail("Its labels are %s.", indicator_labels(position))));
			*answer = number;
			return true;

		case COUNT:
			if (!json_count(node, &number))
				ereturn(escontext, false,
						(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
						 errmsg("invalid answer for indicator \"%s\"", indicator->name),
						 errdetail("It is a whole number of 0 or more, such as 3.")));
			*answer = Min(number, COUNT_MAX);
			return true;

		case FLAG:
			if (node->kind != JSON_OF_BOOLEAN)
				ereturn(escontext, false,
						(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
						 errmsg("invalid answer for indicator \"%s\"", indicator->name),
						 errdetail("It is true or false, without quotes.")));
			*answer = node->boolean;
			return true;
	}
	pg_unreachable();
}

static Indicators *
indicators_read(const char *text, Node *escontext)
{
	Indicators *indicators = palloc(sizeof(Indicators));
	JsonNode   *json = json_read(text, strlen(text), "indicators", INDICATORS_EXAMPLE, escontext);
	int			number = 0;

	memset(indicators, MISSING, sizeof(Indicators));
	if (json == NULL)
		return NULL;
	if (json->kind != JSON_OF_OBJECT)
		ereturn(escontext, NULL,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type %s", "indicators"),
				 errdetail("It is a JSON object with a key for each answer."),
				 errhint("Write %s.", INDICATORS_EXAMPLE)));

	for (const JsonNode *node = json->first; node != NULL; node = node->next)
	{
		int			position = indicator_position(node->key, strlen(node->key));

		number++;
		if (position < 0)
			ereturn(escontext, NULL,
					(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					 errmsg("unknown indicator in type %s", "indicators"),
					 errdetail("Key %d of %d is not in the codebook.", number, json->size),
					 errhint("registry.codebook() lists the indicators; write %s.", INDICATORS_EXAMPLE)));
		if (!answer_read(node, position, &indicators->answer[position], escontext))
			return NULL;
	}
	return indicators;
}

/*
 * The answers as a JSON object, missing ones left out.
 */
static char *
indicators_write(const Indicators *indicators)
{
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfoChar(&buf, '{');
	for (int i = 0; i < INDICATORS; i++)
		if (indicators->answer[i] != MISSING)
		{
			const char *quote = codebook[i].kind == CODE ? "\"" : "";

			appendStringInfo(&buf, "%s\"%s\": %s%s%s", buf.len > 1 ? ", " : "", codebook[i].name,
							 quote, indicator_answer(i, indicators->answer[i]), quote);
		}
	appendStringInfoChar(&buf, '}');
	return buf.data;
}

PG_FUNCTION_INFO_V1(indicators_in);
Datum
indicators_in(PG_FUNCTION_ARGS)
{
	Indicators *indicators = indicators_read(PG_GETARG_CSTRING(0), fcinfo->context);

	if (indicators == NULL)
		PG_RETURN_NULL();
	PG_RETURN_INDICATORS(indicators);
}

PG_FUNCTION_INFO_V1(indicators_out);
Datum
indicators_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(indicators_write(PG_GETARG_INDICATORS(0)));
}

PG_FUNCTION_INFO_V1(indicators_recv);
Datum
indicators_recv(PG_FUNCTION_ARGS)
{
	Indicators *indicators = palloc(sizeof(Indicators));

	pq_copymsgbytes((StringInfo) PG_GETARG_POINTER(0), (char *) indicators->answer, INDICATORS);
	for (int i = 0; i < INDICATORS; i++)
		if (!answer_is_valid(i, indicators->answer[i]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
					 errmsg("invalid external value for type %s", "indicators"),
					 errdetail("The byte of \"%s\" is no answer it may have.", codebook[i].name)));
	PG_RETURN_INDICATORS(indicators);
}

PG_FUNCTION_INFO_V1(indicators_send);
Datum
indicators_send(PG_FUNCTION_ARGS)
{
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendbytes(&buf, (char *) PG_GETARG_INDICATORS(0)->answer, INDICATORS);
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

PG_FUNCTION_INFO_V1(indicators_from_jsonb);
Datum
indicators_from_jsonb(PG_FUNCTION_ARGS)
{
	Jsonb	   *jsonb = PG_GETARG_JSONB_P(0);

	PG_RETURN_INDICATORS(indicators_read(JsonbToCString(NULL, &jsonb->root, VARSIZE(jsonb)), NULL));
}

PG_FUNCTION_INFO_V1(indicators_to_jsonb);
Datum
indicators_to_jsonb(PG_FUNCTION_ARGS)
{
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(indicators_write(PG_GETARG_INDICATORS(0))));
}


/* ----------
 * Answers
 * ----------
 */

/* The last name looked up at a call site: most ask for one all the time. */
typedef struct NameCache
{
	int			position;
	int			length;
	char		name[NAMEDATALEN];
} NameCache;

static int
position_of(FmgrInfo *flinfo, text *name)
{
	NameCache  *cache = flinfo->fn_extra;
	const char *data = VARDATA_ANY(name);
	int			length = VARSIZE_ANY_EXHDR(name);
	int			position;

	if (cache != NULL && cache->length == length && memcmp(cache->name, data, length) == 0)
		return cache->position;

	position = indicator_position(data, length);
	if (position < 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("unknown indicator \"%s\"", name_shown(data, length)),
				 errhint("registry.codebook() lists the indicators, such as \"rooms\" and \"toilet\".")));
	if (cache == NULL)
		cache = flinfo->fn_extra = MemoryContextAlloc(flinfo->fn_mcxt, sizeof(NameCache));
	cache->position = position;
	cache->length = length;
	memcpy(cache->name, data, length);
	return position;
}

/*
 * indicators -> name: the answer as a number; a label's code, 0 or 1 for a flag.
 */
PG_FUNCTION_INFO_V1(indicators_number);
Datum
indicators_number(PG_FUNCTION_ARGS)
{
	uint8		answer = PG_GETARG_INDICATORS(0)->answer[position_of(fcinfo->flinfo, PG_GETARG_TEXT_PP(1))];

	if (answer == MISSING)
		PG_RETURN_NULL();
	PG_RETURN_INT32(answer);
}

/*
 * indicators ->> name: the answer in words.
 */
PG_FUNCTION_INFO_V1(indicators_label);
Datum
indicators_label(PG_FUNCTION_ARGS)
{
	int			position = position_of(fcinfo->flinfo, PG_GETARG_TEXT_PP(1));
	uint8		answer = PG_GETARG_INDICATORS(0)->answer[position];

	if (answer == MISSING)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(indicator_answer(position, answer)));
}

/*
 * a @> b: whether a has every answer that b has.
 */
PG_FUNCTION_INFO_V1(indicators_contains);
Datum
indicators_contains(PG_FUNCTION_ARGS)
{
	const uint8 *a = PG_GETARG_INDICATORS(0)->answer;
	const uint8 *b = PG_GETARG_INDICATORS(1)->answer;
	bool		contains = true;

	for (int i = 0; i < INDICATORS; i++)
		contains &= (b[i] == MISSING) | (b[i] == a[i]);
	PG_RETURN_BOOL(contains);
}

PG_FUNCTION_INFO_V1(indicators_contained);
Datum
indicators_contained(PG_FUNCTION_ARGS)
{
	return DirectFunctionCall2(indicators_contains, PG_GETARG_DATUM(1), PG_GETARG_DATUM(0));
}

/*
 * a || b: the answers of b, and those of a that b does not give.
 */
PG_FUNCTION_INFO_V1(indicators_overlay);
Datum
indicators_overlay(PG_FUNCTION_ARGS)
{
	const uint8 *a = PG_GETARG_INDICATORS(0)->answer;
	const uint8 *b = PG_GETARG_INDICATORS(1)->answer;
	Indicators *result = palloc(sizeof(Indicators));

	for (int i = 0; i < INDICATORS; i++)
		result->answer[i] = b[i] == MISSING ? a[i] : b[i];
	PG_RETURN_INDICATORS(result);
}


/* ----------
 * Order and hash: of the bytes, for DISTINCT, joins and statistics
 * ----------
 */

static inline int
indicators_compare(FunctionCallInfo fcinfo)
{
	return memcmp(PG_GETARG_INDICATORS(0), PG_GETARG_INDICATORS(1), sizeof(Indicators));
}

#define INDICATORS_COMPARISON(name, op) \
PG_FUNCTION_INFO_V1(indicators_##name); \
Datum \
indicators_##name(PG_FUNCTION_ARGS) \
{ \
	PG_RETURN_BOOL(indicators_compare(fcinfo) op 0); \
}

INDICATORS_COMPARISON(lt, <)
INDICATORS_COMPARISON(le, <=)
INDICATORS_COMPARISON(eq, ==)
INDICATORS_COMPARISON(ne, !=)
INDICATORS_COMPARISON(ge, >=)
INDICATORS_COMPARISON(gt, >)

PG_FUNCTION_INFO_V1(indicators_cmp);
Datum
indicators_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(indicators_compare(fcinfo));
}

PG_FUNCTION_INFO_V1(indicators_hash);
Datum
indicators_hash(PG_FUNCTION_ARGS)
{
	return hash_any(PG_GETARG_INDICATORS(0)->answer, INDICATORS);
}

PG_FUNCTION_INFO_V1(indicators_hash_extended);
Datum
indicators_hash_extended(PG_FUNCTION_ARGS)
{
	return hash_any_extended(PG_GETARG_INDICATORS(0)->answer, INDICATORS, PG_GETARG_INT64(1));
}
