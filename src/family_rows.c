/*
 * family_rows.c
 *	  families(roster), a row a family, and aggregate family_tally(roster, min_age).
 *
 * families() hands over its rows one by one, for a target list, where storing a
 * nation's families costs half of what it does in FROM.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/builtins.h"

#include "counts.h"
#include "family.h"
#include "page_fetch.h"

static const char *const evidence_name[] = {
	[BY_SPOUSE_LINE] = "spouse_line",
	[BY_MOTHER_LINE] = "mother_line",
	[BY_FATHER_LINE] = "father_line",
	[BY_RELATIONSHIP] = "relationship",
	[HUSBAND_ELSEWHERE] = "husband_elsewhere",
	[HUSBAND_UNKNOWN] = "husband_unknown",
	[NO_WIFE_HERE] = "no_wife_here",
	[NO_PARENT_HERE] = "no_parent_here",
	[MOTHER_UNCLEAR] = "mother_unclear",
	[SEX_UNKNOWN] = "sex_unknown",
	[MARITAL_STATUS_UNKNOWN] = "marital_status_unknown",
};

static int
min_age_arg(FunctionCallInfo fcinfo, int argno)
{
	int32		min_age = PG_GETARG_INT32(argno);

	if (min_age < 0 || min_age > ROSTER_MAX_AGE)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("min_age is out of range"),
				 errdetail("It is a number of years from 0 to %d, such as 18.", ROSTER_MAX_AGE)));
	return min_age;
}

/* ----------
 * Rows
 * ----------
 */

/*
 * What one call of families() goes through; a Families is cut to size, or else it
 * would not fit into the first block of a small memory context.
 */
typedef struct FamilyRows
{
	const RosterMember *member;
	int			n;
	int			nfamilies;
	Family	   *family;
	uint8	   *of;				/* by member, as in Families */
	uint8	   *evidence;
	EnumCache	kind;
} FamilyRows;

static FamilyRows *
family_rows(struct varlena *roster, int min_age)
{
	FamilyRows *rows = palloc0(sizeof(FamilyRows));
	Families	families;

	rows->member = roster_members(roster, &rows->n);
	families_derive(rows->member, rows->n, min_age, &families);
	rows->nfamilies = families.n;
	rows->family = palloc(families.n * sizeof(Family) + 2 * rows->n);
	rows->of = (uint8 *) &rows->family[families.n];
	rows->evidence = rows->of + rows->n;
	memcpy(rows->family, families.family, families.n * sizeof(Family));
	memcpy(rows->of, families.of, rows->n);
	memcpy(rows->evidence, families.evidence, rows->n);
	return rows;
}

typedef struct Lines
{
	int			n;
	Datum		line[ROSTER_MAX_LINE];
} Lines;

typedef struct Texts
{
	int			n;
	Datum		text[ROSTER_MAX_LINE + 1];
} Texts;

static inline Datum
lines_datum(Lines *lines)
{
	return PointerGetDatum(construct_array(lines->line, lines->n, INT4OID, sizeof(int32), true, TYPALIGN_INT));
}

static inline void
texts_add(Texts *texts, Evidence evidence)
{
	texts->text[texts->n++] = CStringGetTextDatum(evidence_name[evidence]);
}

/*
 * The row of family f; NO_FAMILY stands for the members of none.
 */
static Datum
family_row(FamilyRows *rows, int f, TupleDesc tupdesc)
{
	const Family *family = f == NO_FAMILY ? NULL : &rows->family[f];
	Lines		children,
				members;
	Texts		evidence;
	Datum		values[8];
	bool		nulls[8] = {false};

	children.n = members.n = evidence.n = 0;
	for (int i = 0; i < rows->n; i++)
	{
		bool		is_husband = family != NULL && family->husband == i;

		if (rows->of[i] != f && !is_husband)
			continue;
		members.line[members.n++] = Int32GetDatum(rows->member[i].line);
		if (family != NULL && !is_husband && family->woman != i)
			children.line[children.n++] = Int32GetDatum(rows->member[i].line);
		if (family == NULL || (!is_husband && family->woman != i))
			texts_add(&evidence, rows->evidence[i]);
	}

	if (family == NULL)
		nulls[0] = nulls[1] = nulls[2] = nulls[3] = nulls[7] = true;
	else
	{
		if (family->kind == COUPLE || family->kind == COUPLE_WITH_CHILDREN)
			texts_add(&evidence, family->evidence);
		values[0] = Int32GetDatum(f + 1);
		values[1] = ObjectIdGetDatum(enum_value(&family_kind_vocabulary, &rows->kind, family->kind,
												TupleDescAttr(tupdesc, 1)->atttypid));
		values[2] = Int32GetDatum(rows->member[family->woman].line);
		nulls[3] = !IS_KIN(family->husband);
		values[3] = nulls[3] ? 0 : Int32GetDatum(rows->member[family->husband].line);
		nulls[7] = family->counts == FACT_UNKNOWN;
		values[7] = BoolGetDatum(family->counts == FACT_YES);
	}
	values[4] = lines_datum(&children);
	values[5] = PointerGetDatum(construct_array(evidence.text, evidence.n, TEXTOID, -1, false, TYPALIGN_INT));
	values[6] = lines_datum(&members);
	return HeapTupleGetDatum(heap_form_tuple(tupdesc, values, nulls));
}

/*
 * families(roster, min_age int) returns setof (family_no int, kind family_kind,
 * woman_line int, husband_line int, child_lines int[], evidence text[],
 * member_lines int[], counts boolean): a row a family, by the woman's line, and
 * one of the members of none.  min_age is in years, 0 to 150.
 */
PG_FUNCTION_INFO_V1(roster_families);
Datum
roster_families(PG_FUNCTION_ARGS)
{
	FuncCallContext *context;
	FamilyRows *rows;
	int			f;

	if (SRF_IS_FIRSTCALL())
	{
		ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
		MemoryContext before;

		context = SRF_FIRSTCALL_INIT();
		before = MemoryContextSwitchTo(context->multi_call_memory_ctx);
		page_fetch(PG_GETARG_POINTER(0));

		/* the executor knows it already: looking it up would cost more than the families */
		if (rsinfo != NULL && IsA(rsinfo, ReturnSetInfo) && rsinfo->expectedDesc != NULL &&
			(rsinfo->expectedDesc->tdtypeid != RECORDOID || rsinfo->expectedDesc->tdtypmod >= 0))
			context->tuple_desc = rsinfo->expectedDesc;
		else if (get_call_result_type(fcinfo, NULL, &context->tuple_desc) != TYPEFUNC_COMPOSITE)
			elog(ERROR, "families must return rows");

		context->user_fctx = family_rows((struct varlena *) PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(0)),
										 min_age_arg(fcinfo, 1));
		MemoryContextSwitchTo(before);
	}

	context = SRF_PERCALL_SETUP();
	rows = context->user_fctx;
	f = context->call_cntr;
	if (f < rows->nfamilies)
		SRF_RETURN_NEXT(context, family_row(rows, f, context->tuple_desc));
	if (f == rows->nfamilies && memchr(rows->of, NO_FAMILY, rows->n) != NULL)
		SRF_RETURN_NEXT(context, family_row(rows, NO_FAMILY, context->tuple_desc));
	SRF_RETURN_DONE(context);
}

/* ----------
 * Counting the nation's
 * ----------
 */

enum
{
	TALLY_HOUSEHOLDS,
	TALLY_MEMBERS,
	TALLY_FAMILIES,				/* those that count, and of each kind */
	TALLY_KIND,					/* + code - 1 */
	TALLY_UNDER_AGE = TALLY_KIND + 4,
	TALLY_AGE_UNKNOWN,
	TALLY_NO_FAMILY,
	TALLY_HOUSEHOLDS_OF_SEVERAL,
	TALLIES
};

/*
 * family_tally_add(bigint[], roster, min_age int): where one is NULL, nothing is counted
 */
PG_FUNCTION_INFO_V1(family_tally_add);
Datum
family_tally_add(PG_FUNCTION_ARGS)
{
	ArrayType  *state = counts_state(fcinfo, 0, TALLIES);
	int64	   *count = CELLS(state);
	const RosterMember *member;
	Families	families;
	int			n;
	int			counted = 0;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_ARRAYTYPE_P(state);
	page_fetch(PG_GETARG_POINTER(1));
	member = roster_members(PG_GETARG_VARLENA_PP(1), &n);
	families_derive(member, n, min_age_arg(fcinfo, 2), &families);

	count[TALLY_HOUSEHOLDS]++;
	count[TALLY_MEMBERS] += n;
	for (int f = 0; f < families.n; f++)
	{
		const Family *family = &families.family[f];
		bool		counts = family->counts == FACT_YES;

		counted += counts;
		count[TALLY_KIND + family->kind - 1] += counts;
		count[TALLY_UNDER_AGE] += family->counts == FACT_NO;
		count[TALLY_AGE_UNKNOWN] += family->counts == FACT_UNKNOWN;
	}
	count[TALLY_FAMILIES] += counted;
	count[TALLY_HOUSEHOLDS_OF_SEVERAL] += counted > 1;
	for (int i = 0; i < n; i++)
		count[TALLY_NO_FAMILY] += families.of[i] == NO_FAMILY;
	PG_RETURN_ARRAYTYPE_P(state);
}

PG_FUNCTION_INFO_V1(family_tally_combine);
Datum
family_tally_combine(PG_FUNCTION_ARGS)
{
	return counts_combine(fcinfo, TALLIES);
}

/*
 * family_tally_final(bigint[]) returns family_totals: its counts in order
 */
PG_FUNCTION_INFO_V1(family_tally_final);
Datum
family_tally_final(PG_FUNCTION_ARGS)
{
	TupleDesc	tupdesc;
	Datum		values[TALLIES];
	bool		nulls[TALLIES] = {false};
	const int64 *count = CELLS(counts_state(fcinfo, 0, TALLIES));

	if (get_call_result_type(fcinfo, NULL, &tupdesc) != TYPEFUNC_COMPOSITE || tupdesc->natts != TALLIES)
		elog(ERROR, "family_tally must return family_totals");
	for (int i = 0; i < TALLIES; i++)
		values[i] = Int64GetDatum(count[i]);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(tupdesc, values, nulls)));
}
