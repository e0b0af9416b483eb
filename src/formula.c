/*
 * formula.c
 *	  Type pmt_formula: a scoring formula as data, and the cache that keeps it
 *	  compiled while a query scores with it.
 */
#include "postgres.h"

#include "access/detoast.h"
#include "common/hashfn.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/memutils.h"

#include "formula.h"

/*
 * Write a value in the one spelling that is stored.
 */
static void
json_write(StringInfo buf, const JsonNode *node)
{
	bool		object = node->kind == JSON_OF_OBJECT;

	if (node->key != NULL)
	{
		escape_json(buf, node->key);
		appendStringInfoString(buf, ": ");
	}
	switch (node->kind)
	{
		case JSON_OF_NULL:
			appendStringInfoString(buf, "null");
			break;
		case JSON_OF_BOOLEAN:
			appendStringInfoString(buf, node->boolean ? "true" : "false");
			break;
		case JSON_OF_NUMBER:
			appendStringInfoString(buf, node->text);
			break;
		case JSON_OF_STRING:
			escape_json(buf, node->text);
			break;
		case JSON_OF_ARRAY:
		case JSON_OF_OBJECT:
			appendStringInfoChar(buf, object ? '{' : '[');
			for (const JsonNode *child = node->first; child != NULL; child = child->next)
			{
				json_write(buf, child);
				if (child->next != NULL)
					appendStringInfoString(buf, ", ");
			}
			appendStringInfoChar(buf, object ? '}' : ']');
			break;
	}
}

/*
 * Read and check a formula.  NULL after a soft error.
 */
static Formula *
formula_read(const char *text, int length, Node *escontext)
{
	const JsonNode *json = json_read(text, length, "pmt_formula", FORMULA_EXAMPLE, escontext);
	Formula    *formula;
	Fingerprint fingerprint;
	StringInfoData buf;

	if (json == NULL || formula_compile(json, escontext) == NULL)
		return NULL;

	initStringInfo(&buf);
	json_write(&buf, json);

	formula = palloc(offsetof(Formula, text) + buf.len);
	SET_VARSIZE(formula, offsetof(Formula, text) + buf.len);
	formula->version = FORMULA_VERSION;
	for (int i = 0; i < 2; i++)
		fingerprint.hash[i] = DatumGetUInt64(hash_any_extended((unsigned char *) buf.data, buf.len, i));
	memcpy(formula->fingerprint, &fingerprint, sizeof(Fingerprint));
	memcpy(formula->text, buf.data, buf.len);
	return formula;
}

PG_FUNCTION_INFO_V1(pmt_formula_in);
Datum
pmt_formula_in(PG_FUNCTION_ARGS)
{
	char	   *text = PG_GETARG_CSTRING(0);
	Formula    *formula = formula_read(text, strlen(text), fcinfo->context);

	if (formula == NULL)
		PG_RETURN_NULL();
	PG_RETURN_POINTER(formula);
}

PG_FUNCTION_INFO_V1(pmt_formula_out);
Datum
pmt_formula_out(PG_FUNCTION_ARGS)
{
	struct varlena *formula = PG_GETARG_VARLENA_PP(0);

	PG_RETURN_CSTRING(pnstrdup(VARDATA_ANY(formula) + FORMULA_HEADER,
							   VARSIZE_ANY_EXHDR(formula) - FORMULA_HEADER));
}

PG_FUNCTION_INFO_V1(pmt_formula_recv);
Datum
pmt_formula_recv(PG_FUNCTION_ARGS)
{
	StringInfo	buf = (StringInfo) PG_GETARG_POINTER(0);
	char	   *text;
	int			length;

	if (pq_getmsgbyte(buf) != FORMULA_VERSION)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid external value for type %s", "pmt_formula"),
				 errdetail("Expected version %d.", FORMULA_VERSION)));
	text = pq_getmsgtext(buf, buf->len - buf->cursor, &length);
	PG_RETURN_POINTER(formula_read(text, length, NULL));
}

PG_FUNCTION_INFO_V1(pmt_formula_send);
Datum
pmt_formula_send(PG_FUNCTION_ARGS)
{
	struct varlena *formula = PG_GETARG_VARLENA_PP(0);
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendbyte(&buf, FORMULA_VERSION);
	pq_sendtext(&buf, VARDATA_ANY(formula) + FORMULA_HEADER, VARSIZE_ANY_EXHDR(formula) - FORMULA_HEADER);
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}


/* ----------
 * Compiled formulas of a call site
 * ----------
 */

#define FORMULA_FINGERPRINT(formula) \
	(VARDATA_ANY(formula) + offsetof(Formula, fingerprint) - VARHDRSZ)

/* A few, for queries that compare formulas row by row. */
#define CACHED_PLANS	4

typedef struct CachedPlan
{
	MemoryContext context;		/* of the plan; NULL: slot is free */
	PmtPlan    *plan;
	struct varatt_external toast;	/* where it was stored, if out of line */
	Fingerprint fingerprint;
} CachedPlan;

typedef struct PlanSlots
{
	PlanCache	last;			/* must be first: formula_plan() looks at it alone */
	int			last_slot;
	CachedPlan	slot[CACHED_PLANS];
} PlanSlots;

/*
 * Compile into the slot after the last one.
 */
static CachedPlan *
slot_fill(PlanSlots *cache, MemoryContext parent, const struct varlena *formula)
{
	CachedPlan *slot = &cache->slot[(cache->last_slot + 1) % CACHED_PLANS];
	MemoryContext context = AllocSetContextCreate(parent, "PMT formula", ALLOCSET_SMALL_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	PmtPlan    *plan = formula_compile(json_read(VARDATA_ANY(formula) + FORMULA_HEADER,
												 VARSIZE_ANY_EXHDR(formula) - FORMULA_HEADER,
												 "pmt_formula", FORMULA_EXAMPLE, NULL), NULL);

	MemoryContextSwitchTo(caller);
	if (slot->context != NULL)
		MemoryContextDelete(slot->context);
	memset(slot, 0, sizeof(CachedPlan));
	slot->context = context;
	slot->plan = plan;
	memcpy(&slot->fingerprint, FORMULA_FINGERPRINT(formula), sizeof(Fingerprint));
	return slot;
}

static const PmtPlan *
slot_use(PlanSlots *cache, const CachedPlan *slot)
{
	cache->last_slot = slot - cache->slot;
	cache->last.fingerprint = slot->fingerprint;
	cache->last.plan = slot->plan;
	return slot->plan;
}

/*
 * Find a formula among those the call site has compiled, or compile it.  One
 * stored out of line is told by its TOAST pointer, so that a scan that scores
 * does not read it again for every row.
 */
const PmtPlan *
formula_plan_find(FmgrInfo *flinfo, Datum datum)
{
	PlanSlots  *cache = flinfo->fn_extra;
	struct varlena *formula = (struct varlena *) DatumGetPointer(datum);
	bool		stored = VARATT_IS_EXTERNAL_ONDISK(formula);
	struct varatt_external toast;
	CachedPlan *found = NULL;

	if (cache == NULL)
		cache = flinfo->fn_extra = MemoryContextAllocZero(flinfo->fn_mcxt, sizeof(PlanSlots));

	if (stored)
	{
		VARATT_EXTERNAL_GET_POINTER(toast, formula);
		for (CachedPlan *slot = cache->slot; slot < cache->slot + CACHED_PLANS; slot++)
			if (slot->context != NULL && memcmp(&slot->toast, &toast, sizeof(toast)) == 0)
				return slot_use(cache, slot);
	}

	formula = pg_detoast_datum_packed(formula);
	for (CachedPlan *slot = cache->slot; slot < cache->slot + CACHED_PLANS; slot++)
		if (slot->context != NULL && memcmp(&slot->fingerprint, FORMULA_FINGERPRINT(formula), sizeof(Fingerprint)) == 0)
			found = slot;
	if (found == NULL)
		found = slot_fill(cache, flinfo->fn_mcxt, formula);
	if (stored)
		found->toast = toast;
	return slot_use(cache, found);
}
