/*
 * area.c
 *	  Type area_code: places in the administrative hierarchy.
 *
 * An area code is stored as an int8 whose order is the hierarchy's (see
 * area.h): comparison and hash are int8's own, and a lies in b exactly when
 * b <= a <= area_last(b).  What the planner makes of that is in area_plan.c.
 *
 * Containment, area_last() and parent() never fail and never report: that is
 * what makes LEAKPROOF in sql/13-area.sql true, so keep them so.
 */
#include "postgres.h"

#include "fmgr.h"
#include "libpq/pqformat.h"
#include "utils/lsyscache.h"

#include "area.h"
#include "compat.h"
#include "vocabulary.h"

/* Codes of area_level_vocabulary: depths from 1, and divisions after them. */
#define LEVEL_OF_DEPTH(depth)	((depth) + 1)
#define DEPTH_OF_LEVEL(level)	((AreaDepth) ((level) - 1))
#define LEVEL_DIVISION			LEVEL_OF_DEPTH(AREA_DEPTHS)

/* The enum area_level as a call site has met it, in fn_extra. */
typedef struct LevelCache
{
	Oid			type;			/* area_level, where the function returns it */
	EnumCache	values;
} LevelCache;

static LevelCache *
level_cache(FunctionCallInfo fcinfo)
{
	FmgrInfo   *flinfo = fcinfo->flinfo;
	LevelCache *cache = flinfo->fn_extra;

	if (cache == NULL)
	{
		cache = MemoryContextAllocZero(flinfo->fn_mcxt, sizeof(LevelCache));
		cache->type = get_func_rettype(flinfo->fn_oid);
		flinfo->fn_extra = cache;
	}
	return cache;
}

PG_FUNCTION_INFO_V1(area_code_in);
Datum
area_code_in(PG_FUNCTION_ARGS)
{
	char	   *str = PG_GETARG_CSTRING(0);
	int64		area;

	if (!area_parse(str, strlen(str), &area))
		ereturn(fcinfo->context, (Datum) 0,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type %s", "area_code"),
				 errdetail("An area code is PK with 0, 1, 3, 5, 8 or 12 digits, of which no group (1-2-2-3-4) is zero."),
				 errhint("Write PK617 for a district, PK61701 for a tehsil.")));

	PG_RETURN_INT64(area);
}

PG_FUNCTION_INFO_V1(area_code_out);
Datum
area_code_out(PG_FUNCTION_ARGS)
{
	char	   *str = palloc(AREA_TEXT_SIZE);

	area_print(PG_GETARG_INT64(0), str);
	PG_RETURN_CSTRING(str);
}

PG_FUNCTION_INFO_V1(area_code_recv);
Datum
area_code_recv(PG_FUNCTION_ARGS)
{
	int64		area = pq_getmsgint64((StringInfo) PG_GETARG_POINTER(0));

	if (!area_is_valid(area))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid external value for type %s", "area_code")));

	PG_RETURN_INT64(area);
}

PG_FUNCTION_INFO_V1(area_code_send);
Datum
area_code_send(PG_FUNCTION_ARGS)
{
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendint64(&buf, PG_GETARG_INT64(0));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

PG_FUNCTION_INFO_V1(area_code_contained_by);
Datum
area_code_contained_by(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(area_lies_in(PG_GETARG_INT64(0), PG_GETARG_INT64(1)));
}

PG_FUNCTION_INFO_V1(area_code_contains);
Datum
area_code_contains(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(area_lies_in(PG_GETARG_INT64(1), PG_GETARG_INT64(0)));
}

PG_FUNCTION_INFO_V1(area_code_last);
Datum
area_code_last(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(area_last(PG_GETARG_INT64(0)));
}

PG_FUNCTION_INFO_V1(area_code_parent);
Datum
area_code_parent(PG_FUNCTION_ARGS)
{
	int64		area = PG_GETARG_INT64(0);
	AreaDepth	depth = area_depth(area);

	if (depth == AREA_COUNTRY)
		PG_RETURN_NULL();
	PG_RETURN_INT64(area_at_depth(area, depth - 1));
}

PG_FUNCTION_INFO_V1(area_code_level);
Datum
area_code_level(PG_FUNCTION_ARGS)
{
	LevelCache *cache = level_cache(fcinfo);
	int			level = LEVEL_OF_DEPTH(area_depth(PG_GETARG_INT64(0)));

	PG_RETURN_OID(enum_value(&area_level_vocabulary, &cache->values, level, cache->type));
}

PG_FUNCTION_INFO_V1(area_code_ancestor);
Datum
area_code_ancestor(PG_FUNCTION_ARGS)
{
	int64		area = PG_GETARG_INT64(0);
	int			level = enum_code(&area_level_vocabulary, &level_cache(fcinfo)->values, PG_GETARG_OID(1));

	if (level == LEVEL_DIVISION)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("divisions have no area code"),
				 errdetail("A division is a name that several districts share."),
				 errhint("Ask for the district or the province.")));

	if (area_depth(area) < DEPTH_OF_LEVEL(level))
		PG_RETURN_NULL();
	PG_RETURN_INT64(area_at_depth(area, DEPTH_OF_LEVEL(level)));
}
