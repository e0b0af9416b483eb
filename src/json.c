/*
 * json.c
 *	  Reading JSON into a tree, with the server's own parser.
 *
 * Not by way of jsonb: that keeps one of two equal keys in silence, and its
 * errors quote the input, which holds people's answers and would reach a log.
 */
#include "postgres.h"

#include "common/jsonapi.h"
#include "mb/pg_wchar.h"

#include "json.h"

/* More than any value of ours has. */
#define JSON_MAX_DEPTH	16
#define JSON_MAX_KEYS	256

#if PG_VERSION_NUM < 160000
#define JSON_ACTION		void
#define JSON_DONE
#else
#define JSON_ACTION		JsonParseErrorType
#define JSON_DONE		JSON_SUCCESS
#endif

typedef struct JsonReader
{
	JsonNode   *open[JSON_MAX_DEPTH + 1];	/* containers being read; the root's holder first */
	int			depth;			/* of containers, also of those too deep to keep */
	char	   *key;			/* of the value to come */
	const char *problem;		/* what JSON allows and we do not; NULL if nothing */
} JsonReader;

static JsonNode *
json_add(JsonReader *reader, JsonKind kind)
{
	JsonNode   *parent = reader->open[Min(reader->depth, JSON_MAX_DEPTH)];
	JsonNode   *node = palloc0(sizeof(JsonNode));

	node->kind = kind;
	if (parent->kind == JSON_OF_OBJECT)
	{
		node->key = reader->key;
		if (parent->size >= JSON_MAX_KEYS)
			reader->problem = "An object has too many keys.";
		else if (json_member(parent, node->key) != NULL)
			reader->problem = "An object has a key twice.";
	}
	if (parent->last == NULL)
		parent->first = node;
	else
		parent->last->next = node;
	parent->last = node;
	parent->size++;
	return node;
}

static void
json_open(JsonReader *reader, JsonKind kind)
{
	JsonNode   *node = json_add(reader, kind);

	if (++reader->depth <= JSON_MAX_DEPTH)
		reader->open[reader->depth] = node;
	else
		reader->problem = "It nests too deeply.";
}

static JSON_ACTION
json_object_start(void *state)
{
	json_open(state, JSON_OF_OBJECT);
	return JSON_DONE;
}

static JSON_ACTION
json_array_start(void *state)
{
	json_open(state, JSON_OF_ARRAY);
	return JSON_DONE;
}

static JSON_ACTION
json_end(void *state)
{
	((JsonReader *) state)->depth--;
	return JSON_DONE;
}

static JSON_ACTION
json_field_start(void *state, char *name, bool isnull)
{
	((JsonReader *) state)->key = name;
	return JSON_DONE;
}

static JSON_ACTION
json_scalar(void *state, char *token, JsonTokenType type)
{
	JsonNode   *node = json_add(state,
								type == JSON_TOKEN_STRING ? JSON_OF_STRING :
								type == JSON_TOKEN_NUMBER ? JSON_OF_NUMBER :
								type == JSON_TOKEN_NULL ? JSON_OF_NULL : JSON_OF_BOOLEAN);

	node->text = token;
	node->boolean = type == JSON_TOKEN_TRUE;
	return JSON_DONE;
}

/*
 * Read a whole text, meant for a type; an example of it goes into the hint of
 * an error.  NULL after a soft error.
 */
JsonNode *
json_read(const char *text, int length, const char *type, const char *example, Node *escontext)
{
	JsonReader	reader = {0};
	JsonNode	holder = {0};
	JsonSemAction action = {0};
	JsonLexContext *lex;

	holder.kind = JSON_OF_ARRAY;
	reader.open[0] = &holder;
	action.semstate = &reader;
	action.object_start = json_object_start;
	action.object_end = json_end;
	action.array_start = json_array_start;
	action.array_end = json_end;
	action.object_field_start = json_field_start;
	action.scalar = json_scalar;

#if PG_VERSION_NUM < 170000
	lex = makeJsonLexContextCstringLen(unconstify(char *, text), length, GetDatabaseEncoding(), true);
#else
	lex = makeJsonLexContextCstringLen(NULL, text, length, GetDatabaseEncoding(), true);
#endif
	if (pg_parse_json(lex, &action) != JSON_SUCCESS)
		ereturn(escontext, NULL,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type %s", type),
				 errdetail("It is not JSON from character %d on.",
						   pg_mbstrlen_with_len(text, lex->token_start == NULL ? length :
												(int) (lex->token_start - text)) + 1),
				 errhint("Write %s.", example)));
	if (reader.problem != NULL)
		ereturn(escontext, NULL,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type %s", type),
				 errdetail_internal("%s", reader.problem),
				 errhint("Write %s.", example)));

	return holder.first;
}

/*
 * The value of an object's key, or NULL where it has none.
 */
const JsonNode *
json_member(const JsonNode *object, const char *key)
{
	for (const JsonNode *node = object->first; node != NULL; node = node->next)
		if (strcmp(node->key, key) == 0)
			return node;
	return NULL;
}

/*
 * Read a whole number of 0 or more; one too large for an int is INT_MAX.
 */
bool
json_count(const JsonNode *node, int *count)
{
	int64		value = 0;

	if (node->kind != JSON_OF_NUMBER)
		return false;
	for (const char *c = node->text; *c != '\0'; c++)
	{
		if (*c < '0' || *c > '9')
			return false;
		value = Min(value * 10 + (*c - '0'), PG_INT32_MAX);
	}
	*count = (int) value;
	return true;
}

/*
 * A name as a message may show it: only one that reads like a name of ours, lest
 * a value that someone wrote in its place ends in a log.
 */
const char *
name_shown(const char *name, int length)
{
	bool		shown = length > 0 && length < NAMEDATALEN && name[0] >= 'a' && name[0] <= 'z';

	for (int i = 0; i < length && shown; i++)
		shown = (name[i] >= 'a' && name[i] <= 'z') || (name[i] >= '0' && name[i] <= '9') || name[i] == '_';
	return shown ? pnstrdup(name, length) : "(not a name)";
}
