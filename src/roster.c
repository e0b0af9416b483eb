/*
 * roster.c
 *	  Type roster: the members of one household at one survey.
 *
 * A JSON array of objects in text; in memory a version byte and sixteen bytes a
 * member, sorted by line, so that counting and deriving families reads one
 * small value.  Facts not known are left out of the text.
 */
#include "postgres.h"

#include "fmgr.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

#include "json.h"
#include "roster_check.h"

#define ROSTER_EXAMPLE \
	"[{\"line\": 1, \"relationship\": \"head\", \"sex\": \"female\", \"age\": 40}]"


/* ----------
 * The fields of a member, and how each is written
 * ----------
 */

typedef enum FieldKind
{
	FIELD_LABEL,				/* of a vocabulary */
	FIELD_COUNT,				/* a whole number up to "highest", UNKNOWN if absent */
	FIELD_FACT,					/* true or false, at a shift of "facts" */
	FIELD_LIST					/* labels of a vocabulary */
} FieldKind;

typedef struct Field
{
	const char *name;
	FieldKind	kind;
	int			offset;
	const Vocabulary *vocabulary;
	int			number;			/* highest count, or shift of a fact */
} Field;

#define LABEL(name) {#name, FIELD_LABEL, offsetof(RosterMember, name), &name##_vocabulary, 0}
#define NUMBER(name, highest) {#name, FIELD_COUNT, offsetof(RosterMember, name), NULL, highest}
#define FACT(name, shift) {#name, FIELD_FACT, offsetof(RosterMember, facts), NULL, shift}
#define LIST(name, vocabulary) {#name, FIELD_LIST, offsetof(RosterMember, name), &vocabulary, 0}

/* In the order of the text form. */
static const Field fields[] = {
	NUMBER(line, ROSTER_MAX_LINE),
	LABEL(relationship),
	LABEL(sex),
	NUMBER(age, ROSTER_MAX_AGE),
	LABEL(marital_status),
	NUMBER(spouse_line, ROSTER_MAX_LINE),
	NUMBER(father_line, ROSTER_MAX_LINE),
	NUMBER(mother_line, ROSTER_MAX_LINE),
	NUMBER(class, ROSTER_MAX_CLASS),
	FACT(ever_attended, FACT_EVER_ATTENDED),
	FACT(attending_school, FACT_ATTENDING),
	FACT(literate, FACT_LITERATE),
	LABEL(employment),
	LABEL(work),
	FACT(elementary_occupation, FACT_ELEMENTARY),
	LIST(disabilities, disability_vocabulary),
	LIST(chronic_diseases, chronic_disease_vocabulary),
};

static const RosterMember nobody = {
	.age = UNKNOWN,
	.spouse_line = UNKNOWN,
	.father_line = UNKNOWN,
	.mother_line = UNKNOWN,
	.class = UNKNOWN,
};


/* ----------
 * Reading
 * ----------
 */

/*
 * Read one field.  What is expected where it is not that, else NULL.
 */
static char *
field_read(const Field *field, const JsonNode *node, RosterMember *member)
{
	uint8	   *at = (uint8 *) member + field->offset;
	int			number;

	if (node->kind == JSON_OF_NULL)
		return NULL;

	switch (field->kind)
	{
		case FIELD_LABEL:
			number = node->kind == JSON_OF_STRING ?
				vocabulary_code(field->vocabulary, node->text, strlen(node->text)) : 0;
			if (number == 0)
				return vocabulary_list(field->vocabulary);
			*at = number;
			return NULL;

		case FIELD_COUNT:
			if (!json_count(node, &number) || number > field->number)
				return psprintf("a whole number from 0 to %d", field->number);
			*at = number;
			return NULL;

		case FIELD_FACT:
			if (node->kind != JSON_OF_BOOLEAN)
				return "true or false";
			*at |= (node->boolean ? FACT_YES : FACT_NO) << field->number;
			return NULL;

		case FIELD_LIST:
			if (node->kind != JSON_OF_ARRAY)
				return psprintf("an array of %s", vocabulary_list(field->vocabulary));
			at[0] |= LIST_KNOWN;
			for (const JsonNode *item = node->first; item != NULL; item = item->next)
			{
				int			bit = item->kind == JSON_OF_STRING ?
					vocabulary_code(field->vocabulary, item->text, strlen(item->text)) : 0;

				if (bit == 0)
					return psprintf("an array of %s", vocabulary_list(field->vocabulary));
				at[bit / 8] |= 1 << bit % 8;
			}
			return NULL;
	}
	pg_unreachable();
}

/*
 * Read the member that stands at "position", from 1, of the array.
 */
static bool
member_read(const JsonNode *json, int position, RosterMember *member, Node *escontext)
{
	int			number = 0;

	*member = nobody;
	if (json->kind != JSON_OF_OBJECT)
		ereturn(escontext, false,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type %s", "roster"),
				 errdetail("Member %d is no JSON object.", position),
				 errhint("Write %s.", ROSTER_EXAMPLE)));

	for (const JsonNode *node = json->first; node != NULL; node = node->next)
	{
		const Field *field = fields;
		char	   *expected;

		number++;
		while (field < fields + lengthof(fields) && strcmp(field->name, node->key) != 0)
			field++;
		if (field == fields + lengthof(fields))
			ereturn(escontext, false,
					(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					 errmsg("unknown fact in type %s", "roster"),
					 errdetail("Key %d of member %d is no fact of a member.", number, position),
					 errhint("Write %s.", ROSTER_EXAMPLE)));
		expected = field_read(field, node, member);
		if (expected != NULL)
			ereturn(escontext, false,
					(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					 errmsg("invalid \"%s\" in a roster", field->name),
					 errdetail("Member %d: expected %s.", position, expected)));
	}
	if (member->line == 0)
		ereturn(escontext, false,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type %s", "roster"),
				 errdetail("Member %d has no line, a number from 1 to %d.", position, ROSTER_MAX_LINE),
				 errhint("Write %s.", ROSTER_EXAMPLE)));
	return true;
}

/*
 * Read a roster.  NULL after a soft error.
 */
static Roster *
roster_read(const char *text, Node *escontext)
{
	JsonNode   *json = json_read(text, strlen(text), "roster", ROSTER_EXAMPLE, escontext);
	RosterMember *member;
	int			n = 0;

	if (json == NULL)
		return NULL;
	if (json->kind != JSON_OF_ARRAY || json->size < 1 || json->size > ROSTER_MAX_LINE)
		ereturn(escontext, NULL,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type %s", "roster"),
				 errdetail("It is a JSON array of 1 to %d members.", ROSTER_MAX_LINE),
				 errhint("Write %s.", ROSTER_EXAMPLE)));

	member = palloc(json->size * sizeof(RosterMember));
	for (const JsonNode *node = json->first; node != NULL; node = node->next, n++)
		if (!member_read(node, n + 1, &member[n], escontext))
			return NULL;

	return roster_build(member, n, escontext);
}

static int
member_compare(const void *a, const void *b)
{
	return ((const RosterMember *) a)->line - ((const RosterMember *) b)->line;
}

/*
 * A roster of valid members in any order.  Sorts them in place.  NULL after a
 * soft error.
 */
Roster *
roster_build(RosterMember *member, int n, Node *escontext)
{
	Roster	   *roster = palloc(ROSTER_SIZE(n));

	qsort(member, n, sizeof(RosterMember), member_compare);
	for (int i = 1; i < n; i++)
		if (member[i].line == member[i - 1].line)
			ereturn(escontext, NULL,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("line %d is twice in a roster", member[i].line),
					 errdetail("Each member has a line of its own.")));

	SET_VARSIZE(roster, ROSTER_SIZE(n));
	roster->version = ROSTER_VERSION;
	memcpy(roster->member, member, n * sizeof(RosterMember));
	return roster;
}


/* ----------
 * Writing
 * ----------
 */

static void
member_write(StringInfo buf, const RosterMember *member)
{
	for (const Field *field = fields; field < fields + lengthof(fields); field++)
	{
		const uint8 *at = (const uint8 *) member + field->offset;
		bool		known = field->kind == FIELD_COUNT ? *at != UNKNOWN :
			field->kind == FIELD_FACT ? roster_fact(member, field->number) != FACT_UNKNOWN : *at != 0;

		if (!known)
			continue;
		appendStringInfo(buf, "%s\"%s\": ", field == fields ? "" : ", ", field->name);
		switch (field->kind)
		{
			case FIELD_LABEL:
				appendStringInfo(buf, "\"%s\"", field->vocabulary->labels[*at - 1]);
				break;
			case FIELD_COUNT:
				appendStringInfo(buf, "%d", *at);
				break;
			case FIELD_FACT:
				appendStringInfoString(buf, roster_fact(member, field->number) == FACT_YES ? "true" : "false");
				break;
			case FIELD_LIST:
				appendStringInfoChar(buf, '[');
				for (int bit = 1, listed = 0; bit <= field->vocabulary->size; bit++)
					if (roster_list(at) >> bit & 1)
						appendStringInfo(buf, "%s\"%s\"", listed++ > 0 ? ", " : "", field->vocabulary->labels[bit - 1]);
				appendStringInfoChar(buf, ']');
				break;
		}
	}
}

PG_FUNCTION_INFO_V1(roster_in);
Datum
roster_in(PG_FUNCTION_ARGS)
{
	Roster	   *roster = roster_read(PG_GETARG_CSTRING(0), fcinfo->context);

	if (roster == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(roster);
}

static char *
roster_write(const struct varlena *roster)
{
	int			n;
	const RosterMember *member = roster_members(roster, &n);
	StringInfoData buf;

	initStringInfo(&buf);
	for (int i = 0; i < n; i++)
	{
		appendStringInfoString(&buf, i == 0 ? "[{" : ", {");
		member_write(&buf, &member[i]);
		appendStringInfoChar(&buf, '}');
	}
	appendStringInfoChar(&buf, ']');
	return buf.data;
}

PG_FUNCTION_INFO_V1(roster_out);
Datum
roster_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(roster_write(PG_GETARG_VARLENA_PP(0)));
}

PG_FUNCTION_INFO_V1(roster_recv);
Datum
roster_recv(PG_FUNCTION_ARGS)
{
	StringInfo	buf = (StringInfo) PG_GETARG_POINTER(0);
	int			version = pq_getmsgbyte(buf);
	int			length = buf->len - buf->cursor;
	int			n = length / (int) sizeof(RosterMember);
	RosterMember *member;
	const char *problem;
	int			at;

	if (version != ROSTER_VERSION || length % sizeof(RosterMember) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid external value for type %s", "roster"),
				 errdetail("Expected version %d and %d bytes a member.", ROSTER_VERSION, (int) sizeof(RosterMember))));
	member = palloc(Max(length, 1));
	pq_copymsgbytes(buf, (char *) member, length);
	problem = roster_problem(member, n, &at);
	if (problem != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid external value for type %s", "roster"),
				 errdetail("Wrong at member %d: %s.", at, problem)));

	PG_RETURN_POINTER(roster_build(member, n, NULL));
}

PG_FUNCTION_INFO_V1(roster_send);
Datum
roster_send(PG_FUNCTION_ARGS)
{
	struct varlena *roster = PG_GETARG_VARLENA_PP(0);
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendbytes(&buf, VARDATA_ANY(roster), VARSIZE_ANY_EXHDR(roster));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

PG_FUNCTION_INFO_V1(roster_from_jsonb);
Datum
roster_from_jsonb(PG_FUNCTION_ARGS)
{
	Jsonb	   *jsonb = PG_GETARG_JSONB_P(0);

	PG_RETURN_POINTER(roster_read(JsonbToCString(NULL, &jsonb->root, VARSIZE(jsonb)), NULL));
}

PG_FUNCTION_INFO_V1(roster_to_jsonb);
Datum
roster_to_jsonb(PG_FUNCTION_ARGS)
{
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(roster_write(PG_GETARG_VARLENA_PP(0))));
}
