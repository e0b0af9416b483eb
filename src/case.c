/*
 * case.c
 *	  The life of an update case: one table of the steps there are.
 *
 * registry.next_state() answers from it, and a CHECK on nser.case_step asks
 * that: so no client records a step that is not here.  The table only grows.  A
 * step that goes out of use is refused by the functions that take steps, and old
 * history still restores.
 */
#include "postgres.h"

#include "fmgr.h"
#include "funcapi.h"
#include "utils/tuplestore.h"

#include "case.h"
#include "vocabulary.h"

#define ONE(type)	(1 << (type))

/* What a full survey answers, and what a list of changes does. */
#define SURVEYS		(ONE(MISSED_OUT) | ONE(SHOCK) | ONE(APPEAL) | ONE(CYCLIC) | ONE(RECERTIFICATION))
#define LISTS		(ONE(ROSTER) | ONE(CORRECTION))
#define ANY			(SURVEYS | LISTS | ONE(GRIEVANCE))

typedef struct Transition
{
	int			types;			/* bits of the update types it is for */
	CaseState	from;
	CaseEvent	event;
	CaseState	to;
} Transition;

/*
 * What waits for the household expires; what waits for the registry does not:
 * nobody loses an update to a clerk's delay.
 */
static const Transition transition[] = {
	{ANY, NO_STATE, OPEN, REQUESTED},

	{ANY, REQUESTED, SCREEN, SCREENED},
	{ANY, REQUESTED, REJECT, REJECTED},
	{ANY, REQUESTED, CANCEL, CANCELLED},
	{ANY, REQUESTED, EXPIRE, EXPIRED},

	{SURVEYS | LISTS, SCREENED, START_INTERVIEW, INTERVIEWING},
	/* a list of changes and a complaint need no interview */
	{LISTS | ONE(GRIEVANCE), SCREENED, SUBMIT, SUBMITTED},
	{ANY, SCREENED, REJECT, REJECTED},
	{ANY, SCREENED, CANCEL, CANCELLED},
	{ANY, SCREENED, EXPIRE, EXPIRED},

	{SURVEYS | LISTS, INTERVIEWING, SUBMIT, SUBMITTED},
	{SURVEYS | LISTS, INTERVIEWING, REJECT, REJECTED},
	{SURVEYS | LISTS, INTERVIEWING, CANCEL, CANCELLED},
	{SURVEYS | LISTS, INTERVIEWING, EXPIRE, EXPIRED},

	{ANY, SUBMITTED, VERIFY, VERIFIED},
	{ANY, SUBMITTED, REJECT, REJECTED},
	{ANY, SUBMITTED, CANCEL, CANCELLED},
	{SURVEYS | LISTS, SUBMITTED, SEND_BACK, INTERVIEWING},
	{ONE(GRIEVANCE), SUBMITTED, SEND_BACK, SCREENED},

	{ANY, VERIFIED, APPLY, APPLIED},
	{ANY, VERIFIED, REJECT, REJECTED},
	{ANY, VERIFIED, CANCEL, CANCELLED},
	{SURVEYS | LISTS, VERIFIED, SEND_BACK, INTERVIEWING},
	{ONE(GRIEVANCE), VERIFIED, SEND_BACK, SCREENED},
};

/*
 * The state that event leads to, NO_STATE where it is not permitted.
 */
static CaseState
next_state(UpdateType type, CaseState from, CaseEvent event)
{
	for (int i = 0; i < (int) lengthof(transition); i++)
		if (transition[i].from == from && transition[i].event == event &&
			(transition[i].types & ONE(type)) != 0)
			return transition[i].to;
	return NO_STATE;
}

/* What the enums' values are here; kept in fn_extra. */
typedef struct CaseEnums
{
	EnumCache	type;
	EnumCache	state;
	EnumCache	event;
} CaseEnums;

/*
 * next_state(update_type, case_state, case_event) -> case_state: NULL where the
 * event is not permitted; a state of NULL is that of a case that is being opened.
 */
PG_FUNCTION_INFO_V1(case_next_state);
Datum
case_next_state(PG_FUNCTION_ARGS)
{
	CaseEnums  *enums = fcinfo->flinfo->fn_extra;
	CaseState	from = NO_STATE,
				to;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	if (enums == NULL)
		enums = fcinfo->flinfo->fn_extra =
			MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(CaseEnums));

	if (!PG_ARGISNULL(1))
		from = enum_code(&case_state_vocabulary, &enums->state, PG_GETARG_OID(1));
	to = next_state(enum_code(&update_type_vocabulary, &enums->type, PG_GETARG_OID(0)), from,
					enum_code(&case_event_vocabulary, &enums->event, PG_GETARG_OID(2)));
	if (to == NO_STATE)
		PG_RETURN_NULL();
	PG_RETURN_OID(enum_value(&case_state_vocabulary, &enums->state, to,
							 get_fn_expr_rettype(fcinfo->flinfo)));
}

/*
 * transitions() -> a row a step and update type: update_type, from_state (NULL
 * for a case that is being opened), event, to_state.
 */
PG_FUNCTION_INFO_V1(case_transitions);
Datum
case_transitions(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	CaseEnums	enums = {0};

	InitMaterializedSRF(fcinfo, 0);
	for (int type = 1; type <= update_type_vocabulary.size; type++)
		for (int i = 0; i < (int) lengthof(transition); i++)
		{
			const Transition *t = &transition[i];
			TupleDesc	desc = rsinfo->setDesc;
			Datum		values[4] = {0};
			bool		nulls[4] = {false};

			if ((t->types & ONE(type)) == 0)
				continue;
			values[0] = ObjectIdGetDatum(enum_value(&update_type_vocabulary, &enums.type, type, TupleDescAttr(desc, 0)->atttypid));
			nulls[1] = t->from == NO_STATE;
			if (!nulls[1])
				values[1] = ObjectIdGetDatum(enum_value(&case_state_vocabulary, &enums.state, t->from, TupleDescAttr(desc, 1)->atttypid));
			values[2] = ObjectIdGetDatum(enum_value(&case_event_vocabulary, &enums.event, t->event, TupleDescAttr(desc, 2)->atttypid));
			values[3] = ObjectIdGetDatum(enum_value(&case_state_vocabulary, &enums.state, t->to, TupleDescAttr(desc, 3)->atttypid));
			tuplestore_putvalues(rsinfo->setResult, desc, values, nulls);
		}
	return (Datum) 0;
}
