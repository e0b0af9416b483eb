/*
 * update.c
 *	  update_verdict(): the rules of update_rule.c, asked of SQL's values.
 *
 * The function is total: there is no input to it that is an error.
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

#include "update.h"
#include "vocabulary.h"

/* Where there is no policy, or it does not say. */
static const Policy default_policy = {
	.cyclic_every = {.month = 24},
	.recertify_every = {.month = 36},
	.appeal_launched = false,
	.cyclic_for_all = true
};

/* Attributes of update_facts and update_policy, in order. */
enum
{
	REGISTERED, BENEFICIARY, SCORE, CUTOFF, LAST_SURVEY, LAST_CERTIFIED, SHOCK_WINDOW, APPEAL_CONDITION, OPEN_CASE,
	FACTS
};
enum
{
	CYCLIC_EVERY, RECERTIFY_EVERY, APPEAL_LAUNCHED, CYCLIC_FOR,
	POLICIES
};

/* One composite type, as met at this call site. */
typedef struct RowType
{
	Oid			type;
	int32		typmod;
	TupleDesc	desc;
} RowType;

typedef struct VerdictCache
{
	EnumCache	types;
	EnumCache	reasons;
	RowType		facts;
	RowType		policy;
	TypeCacheEntry *daterange;
	TupleDesc	result;
} VerdictCache;

/*
 * The fields of argument argno, all NULL where it is.
 */
static void
deform(FunctionCallInfo fcinfo, int argno, RowType *row, const Oid *types, int size, Datum *values, bool *nulls)
{
	HeapTupleHeader header;
	HeapTupleData tuple;

	if (PG_ARGISNULL(argno))
	{
		memset(nulls, true, size * sizeof(bool));
		return;
	}
	header = PG_GETARG_HEAPTUPLEHEADER(argno);
	if (row->desc == NULL || row->type != HeapTupleHeaderGetTypeId(header) || row->typmod != HeapTupleHeaderGetTypMod(header))
	{
		TupleDesc	desc = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(header), HeapTupleHeaderGetTypMod(header));
		MemoryContext old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
		bool		as_known = desc->natts == size;

		for (int i = 0; as_known && i < size; i++)
			as_known = !TupleDescAttr(desc, i)->attisdropped && (types[i] == InvalidOid || TupleDescAttr(desc, i)->atttypid == types[i]);
		if (!as_known)
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("type %s is not as the registry library knows it", format_type_be(desc->tdtypeid)),
					 errhint("Run ALTER EXTENSION registry UPDATE.")));
		if (row->desc != NULL)
			FreeTupleDesc(row->desc);
		row->desc = CreateTupleDescCopy(desc);
		row->type = HeapTupleHeaderGetTypeId(header);
		row->typmod = HeapTupleHeaderGetTypMod(header);
		MemoryContextSwitchTo(old);
		ReleaseTupleDesc(desc);
	}
	tuple.t_len = HeapTupleHeaderGetDatumLength(header);
	ItemPointerSetInvalid(&tuple.t_self);
	tuple.t_tableOid = InvalidOid;
	tuple.t_data = header;
	heap_deform_tuple(&tuple, row->desc, values, nulls);
}

static Tristate
tristate(Datum value, bool isnull)
{
	return isnull ? UNKNOWN : known(DatumGetBool(value));
}

static Day
day(Datum value, bool isnull)
{
	return isnull ? (Day) {.known = false} : (Day) {true, DatumGetDateADT(value)};
}

static void
read_facts(FunctionCallInfo fcinfo, int argno, VerdictCache *cache, Facts *facts)
{
	static const Oid types[FACTS] = {
		BOOLOID, BOOLOID, FLOAT8OID, FLOAT8OID, DATEOID, DATEOID, DATERANGEOID, BOOLOID, InvalidOid
	};
	Datum		value[FACTS];
	bool		isnull[FACTS];

	deform(fcinfo, argno, &cache->facts, types, FACTS, value, isnull);
	facts->registered = tristate(value[REGISTERED], isnull[REGISTERED]);
	facts->beneficiary = tristate(value[BENEFICIARY], isnull[BENEFICIARY]);
	facts->has_score = !isnull[SCORE];
	facts->above_cutoff = UNKNOWN;
	/* not a number is neither above nor below */
	if (!isnull[SCORE] && !isnull[CUTOFF] && !isnan(DatumGetFloat8(value[SCORE])) && !isnan(DatumGetFloat8(value[CUTOFF])))
		facts->above_cutoff = known(DatumGetFloat8(value[SCORE]) > DatumGetFloat8(value[CUTOFF]));
	facts->last_survey = day(value[LAST_SURVEY], isnull[LAST_SURVEY]);
	facts->last_certified = day(value[LAST_CERTIFIED], isnull[LAST_CERTIFIED]);
	facts->has_window = !isnull[SHOCK_WINDOW];
	if (facts->has_window)
	{
		if (cache->daterange == NULL)
			cache->daterange = lookup_type_cache(DATERANGEOID, TYPECACHE_RANGE_INFO);
		range_deserialize(cache->daterange, DatumGetRangeTypeP(value[SHOCK_WINDOW]),
						  &facts->window_first, &facts->window_last, &facts->window_empty);
	}
	facts->appeal_condition = tristate(value[APPEAL_CONDITION], isnull[APPEAL_CONDITION]);
	facts->open_case = !isnull[OPEN_CASE];
}

/*
 * What a policy does not say is by default; for whom cyclic updates are, in words
 * that are not known, is the stricter.
 */
static void
read_policy(FunctionCallInfo fcinfo, int argno, VerdictCache *cache, Policy *policy)
{
	static const Oid types[POLICIES] = {INTERVALOID, INTERVALOID, BOOLOID, TEXTOID};
	Datum		value[POLICIES];
	bool		isnull[POLICIES];

	deform(fcinfo, argno, &cache->policy, types, POLICIES, value, isnull);
	*policy = default_policy;
	if (!isnull[CYCLIC_EVERY])
		policy->cyclic_every = *DatumGetIntervalP(value[CYCLIC_EVERY]);
	if (!isnull[RECERTIFY_EVERY])
		policy->recertify_every = *DatumGetIntervalP(value[RECERTIFY_EVERY]);
	if (!isnull[APPEAL_LAUNCHED])
		policy->appeal_launched = DatumGetBool(value[APPEAL_LAUNCHED]);
	if (!isnull[CYCLIC_FOR])
	{
		static const char all[] = "non_beneficiary";
		text	   *words = DatumGetTextPP(value[CYCLIC_FOR]);

		policy->cyclic_for_all = VARSIZE_ANY_EXHDR(words) == sizeof(all) - 1 &&
			memcmp(VARDATA_ANY(words), all, sizeof(all) - 1) == 0;
	}
}

/*
 * update_verdict(update_type, update_facts, update_policy, on_date) ->
 * (allowed, reason, allowed_from)
 */
PG_FUNCTION_INFO_V1(update_verdict);
Datum
update_verdict(PG_FUNCTION_ARGS)
{
	VerdictCache *cache = fcinfo->flinfo->fn_extra;
	Verdict		verdict = {.reason = UNKNOWN_FACT};
	Datum		values[3];
	bool		nulls[3] = {false};

	if (cache == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
		TupleDesc	result;

		if (get_call_result_type(fcinfo, NULL, &result) != TYPEFUNC_COMPOSITE)
			elog(ERROR, "return type must be a row type");
		cache = palloc0(sizeof(VerdictCache));
		cache->result = BlessTupleDesc(CreateTupleDescCopy(result));
		fcinfo->flinfo->fn_extra = cache;
		MemoryContextSwitchTo(old);
	}

	if (!PG_ARGISNULL(0))
	{
		Facts		facts;
		Policy		policy;
		UpdateType	type = enum_code(&update_type_vocabulary, &cache->types, PG_GETARG_OID(0));

		read_facts(fcinfo, 1, cache, &facts);
		read_policy(fcinfo, 2, cache, &policy);
		verdict = update_judge(type, &facts, &policy, day(PG_GETARG_DATUM(3), PG_ARGISNULL(3)));
	}

	values[0] = BoolGetDatum(verdict.reason == ALLOWED);
	values[1] = ObjectIdGetDatum(enum_value(&update_reason_vocabulary, &cache->reasons, verdict.reason,
											TupleDescAttr(cache->result, 1)->atttypid));
	values[2] = DateADTGetDatum(verdict.allowed_from.date);
	nulls[2] = !verdict.allowed_from.known;
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(cache->result, values, nulls)));
}
