/*
 * vocabulary.c
 *	  Closed vocabularies, and the SQL enums that mirror some of them.
 *
 * C works with the codes of vocabulary.h.  An enum's value is an OID that
 * differs from database to database; it is translated by its label, once for
 * each value and call site.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_enum.h"
#include "lib/stringinfo.h"
#include "utils/syscache.h"

#include "vocabulary.h"

#define VOCABULARY(vocabulary, ...) \
	static const char *const vocabulary##_labels[] = {__VA_ARGS__}; \
	const Vocabulary vocabulary##_vocabulary = \
	{#vocabulary, lengthof(vocabulary##_labels), vocabulary##_labels}

VOCABULARY(sex, "male", "female", "transgender");

VOCABULARY(marital_status, "never_married", "married", "widowed", "divorced", "separated", "nikah_only");

/* The 14 of PBS (PSLM), in its order. */
VOCABULARY(relationship, "head", "spouse", "child", "grandchild", "parent", "sibling",
		   "nephew_or_niece", "child_in_law", "sibling_in_law", "parent_in_law",
		   "grandparent", "uncle_or_aunt", "servant", "other");

VOCABULARY(employment, "employed", "seeking", "retired", "student", "housewife", "disabled", "unemployed");

VOCABULARY(work, "regular", "seasonal", "day_labour", "self_agri", "self_non_agri");

VOCABULARY(disability, "upper_limb", "lower_limb", "mental", "speech", "hearing",
		   "visual_partial", "visual_full", "other");

VOCABULARY(chronic_disease, "diabetes", "hypertension", "heart_disease", "respiratory",
		   "tuberculosis", "hepatitis", "kidney_disease", "cancer", "other");

/* In the order of the area code's groups; divisions have no code of their own. */
VOCABULARY(area_level, "country", "province", "district", "tehsil", "union_council", "village", "division");

VOCABULARY(family_kind, "couple", "couple_with_children", "divorced_or_separated_woman", "widow");

/* The six update types, and the two cases beside them. */
VOCABULARY(update_type, "missed_out", "roster", "shock", "appeal", "cyclic", "recertification", "correction", "grievance");

VOCABULARY(case_state, "requested", "screened", "interviewing", "submitted", "verified", "applied",
		   "rejected", "cancelled", "expired");

VOCABULARY(case_event, "open", "screen", "start_interview", "submit", "verify", "apply",
		   "reject", "cancel", "send_back", "expire");

/* In the order in which the first that applies is given. */
VOCABULARY(update_reason, "allowed", "case_open", "already_registered", "not_registered", "no_shock",
		   "outside_shock_window", "appeal_not_launched", "appeal_condition_not_met", "is_beneficiary",
		   "not_beneficiary", "not_above_cutoff", "too_early", "unknown_fact");

/*
 * The code of a label, or 0 where there is no such label.
 */
int
vocabulary_code(const Vocabulary *vocabulary, const char *label, int length)
{
	for (int i = 0; i < vocabulary->size; i++)
		if (strncmp(vocabulary->labels[i], label, length) == 0 && vocabulary->labels[i][length] == '\0')
			return i + 1;
	return 0;
}

/*
 * The labels as a person would list them: "a", "b" or "c".
 */
char *
vocabulary_list(const Vocabulary *vocabulary)
{
	StringInfoData buf;

	initStringInfo(&buf);
	for (int i = 0; i < vocabulary->size; i++)
		appendStringInfo(&buf, "%s\"%s\"",
						 i == 0 ? "" : i == vocabulary->size - 1 ? " or " : ", ",
						 vocabulary->labels[i]);
	return buf.data;
}

/*
 * The code of an enum's value.
 */
int
enum_code(const Vocabulary *vocabulary, EnumCache *cache, Oid value)
{
	HeapTuple	tuple;
	int			code;

	for (code = 1; code <= vocabulary->size; code++)
		if (cache->oid[code] == value)
			return code;

	tuple = SearchSysCache1(ENUMOID, ObjectIdGetDatum(value));
	if (!HeapTupleIsValid(tuple))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid internal value for enum %s", vocabulary->name)));
	code = vocabulary_code(vocabulary, NameStr(((Form_pg_enum) GETSTRUCT(tuple))->enumlabel),
						   strlen(NameStr(((Form_pg_enum) GETSTRUCT(tuple))->enumlabel)));
	ReleaseSysCache(tuple);
	if (code == 0)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("a value of enum %s is not known to the registry library", vocabulary->name),
				 errhint("Update the library to the version of the extension.")));

	cache->oid[code] = value;
	return code;
}

/*
 * The value of enum "type" for a code.
 */
Oid
enum_value(const Vocabulary *vocabulary, EnumCache *cache, int code, Oid type)
{
	if (!OidIsValid(cache->oid[code]))
	{
		cache->oid[code] = GetSysCacheOid2(ENUMTYPOIDNAME, Anum_pg_enum_oid,
										   ObjectIdGetDatum(type),
										   CStringGetDatum(vocabulary->labels[code - 1]));
		if (!OidIsValid(cache->oid[code]))
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_OBJECT),
					 errmsg("enum %s has no value \"%s\"", vocabulary->name, vocabulary->labels[code - 1]),
					 errhint("Run ALTER EXTENSION registry UPDATE.")));
	}
	return cache->oid[code];
}
