/*
 * roster_agg.c
 *	  Between rosters and rows: aggregate roster_agg(...) and members(roster).
 *
 * The state is a bytea, so that a distributed engine can push the aggregate
 * down: the members met so far, in any order, with room for more.  What comes
 * back from elsewhere is checked as strictly as a client's roster.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "roster.h"
#include "roster_check.h"

#define ROOM_AT_FIRST	8		/* members; most households are smaller */

typedef struct RosterState
{
	char		vl_len_[VARHDRSZ];
	int32		n;
	RosterMember member[FLEXIBLE_ARRAY_MEMBER];
} RosterState;

#define STATE_SIZE(room)	(offsetof(RosterState, member) + (room) * sizeof(RosterMember))
#define STATE_ROOM(state) \
	((int) ((VARSIZE(state) - offsetof(RosterState, member)) / sizeof(RosterMember)))

/* The enums' values met at one call site. */
typedef struct RosterEnums
{
	EnumCache	relationship;
	EnumCache	sex;
	EnumCache	marital_status;
} RosterEnums;

static RosterEnums *
roster_enums(FmgrInfo *flinfo)
{
	if (flinfo->fn_extra == NULL)
		flinfo->fn_extra = MemoryContextAllocZero(flinfo->fn_mcxt, sizeof(RosterEnums));
	return flinfo->fn_extra;
}

/*
 * The state in argument argno, checked to be one.
 */
static RosterState *
roster_state(FunctionCallInfo fcinfo, int argno)
{
	RosterState *state;

	if (!AggCheckCallContext(fcinfo, NULL))
		elog(ERROR, "roster_agg support function called in non-aggregate context");

	state = (RosterState *) PG_GETARG_BYTEA_P(argno);
	if (VARSIZE(state) < STATE_SIZE(0) || state->n < 0 || state->n > STATE_ROOM(state))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid state of aggregate roster_agg")));
	return state;
}

/*
 * A copy of state, or an empty one where it is NULL, with room for more.
 */
static RosterState *
roster_state_grow(const RosterState *state, int room)
{
	RosterState *larger = palloc0(STATE_SIZE(room));

	if (state != NULL)
		memcpy(larger, state, STATE_SIZE(state->n));
	SET_VARSIZE(larger, STATE_SIZE(room));
	return larger;
}

/* ----------
 * From arguments to a member
 * ----------
 */

static uint8
number_arg(FunctionCallInfo fcinfo, int argno, int highest, const char *name)
{
	int32		number;

	if (PG_ARGISNULL(argno))
		return UNKNOWN;
	number = PG_GETARG_INT32(argno);
	if (number < 0 || number > highest)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("%s of a member is out of range", name),
				 errdetail("It is a whole number from 0 to %d, or NULL where unknown.", highest)));
	return (uint8) number;
}

static uint8
fact_arg(FunctionCallInfo fcinfo, int argno, int fact)
{
	return (PG_ARGISNULL(argno) ? FACT_UNKNOWN : PG_GETARG_BOOL(argno) ? FACT_YES : FACT_NO) << fact;
}

static uint8
enum_arg(FunctionCallInfo fcinfo, int argno, const Vocabulary *vocabulary, EnumCache *cache)
{
	return PG_ARGISNULL(argno) ? 0 : enum_code(vocabulary, cache, PG_GETARG_OID(argno));
}

/*
 * The code of a label; "what" is the argument's name.
 */
static int
label_code(const Vocabulary *vocabulary, text *label, const char *what)
{
	int			code = vocabulary_code(vocabulary, VARDATA_ANY(label), VARSIZE_ANY_EXHDR(label));

	if (code == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s of a member is not one of its labels", what),
				 errdetail("They are %s.", vocabulary_list(vocabulary))));
	return code;
}

static void
list_arg(FunctionCallInfo fcinfo, int argno, const Vocabulary *vocabulary, const char *what, uint8 *list)
{
	Datum	   *labels;
	bool	   *nulls;
	int			n;

	if (PG_ARGISNULL(argno))
		return;
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(argno), TEXTOID, -1, false, TYPALIGN_INT, &labels, &nulls, &n);
	list[0] = LIST_KNOWN;
	for (int i = 0; i < n; i++)
	{
		int			bit;

		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("%s of a member has a null element", what),
					 errhint("Leave it out; where nothing is known, give NULL for the array.")));
		bit = label_code(vocabulary, DatumGetTextPP(labels[i]), what);
		list[bit / 8] |= 1 << bit % 8;
	}
}

/*
 * The member in arguments 1 to 17.
 */
static void
member_args(FunctionCallInfo fcinfo, RosterMember *m)
{
	RosterEnums *enums = roster_enums(fcinfo->flinfo);

	memset(m, 0, sizeof(RosterMember));
	m->line = number_arg(fcinfo, 1, ROSTER_MAX_LINE, "line");
	if (m->line == 0 || m->line == UNKNOWN)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a member has no line"),
				 errdetail("Each has a number of its own in the roster, from 1 to %d.", ROSTER_MAX_LINE)));
	m->relationship = enum_arg(fcinfo, 2, &relationship_vocabulary, &enums->relationship);
	m->sex = enum_arg(fcinfo, 3, &sex_vocabulary, &enums->sex);
	m->age = number_arg(fcinfo, 4, ROSTER_MAX_AGE, "age");
	m->marital_status = enum_arg(fcinfo, 5, &marital_status_vocabulary, &enums->marital_status);
	m->spouse_line = number_arg(fcinfo, 6, ROSTER_MAX_LINE, "spouse_line");
	m->father_line = number_arg(fcinfo, 7, ROSTER_MAX_LINE, "father_line");
	m->mother_line = number_arg(fcinfo, 8, ROSTER_MAX_LINE, "mother_line");
	m->class = number_arg(fcinfo, 9, ROSTER_MAX_CLASS, "class");
	m->facts = fact_arg(fcinfo, 10, FACT_EVER_ATTENDED) | fact_arg(fcinfo, 11, FACT_ATTENDING) |
		fact_arg(fcinfo, 12, FACT_LITERATE) | fact_arg(fcinfo, 15, FACT_ELEMENTARY);
	if (!PG_ARGISNULL(13))
		m->employment = label_code(&employment_vocabulary, PG_GETARG_TEXT_PP(13), "employment");
	if (!PG_ARGISNULL(14))
		m->work = label_code(&work_vocabulary, PG_GETARG_TEXT_PP(14), "work");
	list_arg(fcinfo, 16, &disability_vocabulary, "disabilities", m->disabilities);
	list_arg(fcinfo, 17, &chronic_disease_vocabulary, "chronic_diseases", m->chronic_diseases);
}

static void
roster_agg_check_room(int n)
{
	if (n > ROSTER_MAX_LINE)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a roster has at most %d members", ROSTER_MAX_LINE),
				 errhint("Group by household.")));
}

PG_FUNCTION_INFO_V1(roster_agg_add);
Datum
roster_agg_add(PG_FUNCTION_ARGS)
{
	RosterState *state = PG_ARGISNULL(0) ?
		roster_state_grow(NULL, ROOM_AT_FIRST) : roster_state(fcinfo, 0);

	roster_agg_check_room(state->n + 1);
	if (state->n == STATE_ROOM(state))
		state = roster_state_grow(state, state->n * 2 + ROOM_AT_FIRST);
	member_args(fcinfo, &state->member[state->n]);
	state->n++;
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(roster_agg_combine);
Datum
roster_agg_combine(PG_FUNCTION_ARGS)
{
	RosterState *one;
	RosterState *other;

	if (PG_ARGISNULL(0) && PG_ARGISNULL(1))
		PG_RETURN_NULL();
	one = PG_ARGISNULL(0) ? roster_state_grow(NULL, ROOM_AT_FIRST) : roster_state(fcinfo, 0);
	if (PG_ARGISNULL(1))
		PG_RETURN_POINTER(one);

	other = roster_state(fcinfo, 1);
	roster_agg_check_room(one->n + other->n);
	if (one->n + other->n > STATE_ROOM(one))
		one = roster_state_grow(one, one->n + other->n);
	memcpy(&one->member[one->n], other->member, other->n * sizeof(RosterMember));
	one->n += other->n;
	PG_RETURN_POINTER(one);
}

PG_FUNCTION_INFO_V1(roster_agg_final);
Datum
roster_agg_final(PG_FUNCTION_ARGS)
{
	RosterState *state;
	RosterMember *member;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();

	state = roster_state(fcinfo, 0);
	roster_agg_check_room(state->n);
	for (int i = 0; i < state->n; i++)
	{
		const char *problem = roster_member_problem(&state->member[i]);

		if (problem != NULL)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("invalid state of aggregate roster_agg"),
					 errdetail("Wrong at member %d: %s.", i + 1, problem)));
	}
	if (state->n == 0)
		PG_RETURN_NULL();

	/* a window calls this and then adds more: leave the state as it is */
	member = palloc(state->n * sizeof(RosterMember));
	memcpy(member, state->member, state->n * sizeof(RosterMember));
	PG_RETURN_POINTER(roster_build(member, state->n, NULL));
}

/* ----------
 * From a roster to rows
 * ----------
 */

static Datum
list_datum(const Vocabulary *vocabulary, int list)
{
	Datum		labels[VOCABULARY_MAX];
	int			n = 0;

	for (int bit = 1; bit <= vocabulary->size; bit++)
		if (list >> bit & 1)
			labels[n++] = CStringGetTextDatum(vocabulary->labels[bit - 1]);
	return PointerGetDatum(construct_array(labels, n, TEXTOID, -1, false, TYPALIGN_INT));
}

/*
 * members(roster) returns setof the arguments of roster_agg, by line
 */
PG_FUNCTION_INFO_V1(roster_to_members);
Datum
roster_to_members(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	RosterEnums *enums = roster_enums(fcinfo->flinfo);
	int			n;
	const RosterMember *m = roster_members(PG_GETARG_VARLENA_PP(0), &n);

	InitMaterializedSRF(fcinfo, 0);

#define NUMBER_OUT(i, number) \
	(values[i] = Int32GetDatum(number), nulls[i] = (number) == UNKNOWN)
#define ENUM_OUT(i, vocabulary) \
	(nulls[i] = m->vocabulary == 0, \
	 values[i] = nulls[i] ? 0 : \
		ObjectIdGetDatum(enum_value(&vocabulary##_vocabulary, &enums->vocabulary, m->vocabulary, \
									TupleDescAttr(rsinfo->setDesc, i)->atttypid)))
#define FACT_OUT(i, fact) \
	(values[i] = BoolGetDatum(roster_fact(m, fact) == FACT_YES), nulls[i] = roster_fact(m, fact) == FACT_UNKNOWN)
#define LABEL_OUT(i, vocabulary) \
	(nulls[i] = m->vocabulary == 0, \
	 values[i] = nulls[i] ? 0 : CStringGetTextDatum(vocabulary##_vocabulary.labels[m->vocabulary - 1]))
#define LIST_OUT(i, field, vocabulary) \
	(nulls[i] = roster_list(m->field) == 0, \
	 values[i] = nulls[i] ? 0 : list_datum(&vocabulary##_vocabulary, roster_list(m->field)))

	for (; n > 0; n--, m++)
	{
		Datum		values[17];
		bool		nulls[17];

		NUMBER_OUT(0, m->line);
		ENUM_OUT(1, relationship);
		ENUM_OUT(2, sex);
		NUMBER_OUT(3, m->age);
		ENUM_OUT(4, marital_status);
		NUMBER_OUT(5, m->spouse_line);
		NUMBER_OUT(6, m->father_line);
		NUMBER_OUT(7, m->mother_line);
		NUMBER_OUT(8, m->class);
		FACT_OUT(9, FACT_EVER_ATTENDED);
		FACT_OUT(10, FACT_ATTENDING);
		FACT_OUT(11, FACT_LITERATE);
		LABEL_OUT(12, employment);
		LABEL_OUT(13, work);
		FACT_OUT(14, FACT_ELEMENTARY);
		LIST_OUT(15, disabilities, disability);
		LIST_OUT(16, chronic_diseases, chronic_disease);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}
