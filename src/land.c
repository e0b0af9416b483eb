/*
 * land.c
 *	  Type land_area: revenue land measure, exact.
 *
 * A land area is stored as an int8 count of sarsai, the smallest unit, so that
 * areas add up without rounding and in any order; comparison and hash are
 * int8's own (see sql/12-land.sql).
 */
#include "postgres.h"

#include "fmgr.h"
#include "libpq/pqformat.h"

#include "compat.h"
#include "land.h"

/*
 * What a person did not write right; "where" counts bytes from 0, and what
 * comes before it is plain ASCII.
 */
static int
land_errdetail(LandError error, int where)
{
	switch (error)
	{
		case LAND_NEGATIVE:
			return errdetail("Land is never below zero.");
		case LAND_REPEATED:
			return errdetail("The unit at character %d was given before.", where + 1);
		case LAND_FRACTION:
			return errdetail("The amount at character %d is not a whole number of sarsai (1 marla = 9 sarsai).",
							 where + 1);
		default:
			return errdetail("Expected an amount with its unit (murabba, acre, kanal, marla or sarsai); character %d does not fit.",
							 where + 1);
	}
}

PG_FUNCTION_INFO_V1(land_area_in);
Datum
land_area_in(PG_FUNCTION_ARGS)
{
	char	   *str = PG_GETARG_CSTRING(0);
	int64		land;
	int			where;
	LandError	error = land_parse(str, strlen(str), &land, &where);

	if (error == LAND_RANGE)
		ereturn(fcinfo->context, (Datum) 0,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("value out of range for type %s", "land_area")));
	if (error != LAND_OK)
		ereturn(fcinfo->context, (Datum) 0,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type %s", "land_area"),
				 land_errdetail(error, where),
				 errhint("Write 2 acre 3 kanal 5 marla 4 sarsai, or 2.5 kanal.")));

	PG_RETURN_INT64(land);
}

PG_FUNCTION_INFO_V1(land_area_out);
Datum
land_area_out(PG_FUNCTION_ARGS)
{
	char	   *str = palloc(LAND_TEXT_SIZE);

	land_print(PG_GETARG_INT64(0), str);
	PG_RETURN_CSTRING(str);
}

PG_FUNCTION_INFO_V1(land_area_recv);
Datum
land_area_recv(PG_FUNCTION_ARGS)
{
	int64		land = pq_getmsgint64((StringInfo) PG_GETARG_POINTER(0));

	if (!land_is_valid(land))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid external value for type %s", "land_area")));

	PG_RETURN_INT64(land);
}

PG_FUNCTION_INFO_V1(land_area_send);
Datum
land_area_send(PG_FUNCTION_ARGS)
{
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendint64(&buf, PG_GETARG_INT64(0));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

PG_FUNCTION_INFO_V1(land_area_from_bigint);
Datum
land_area_from_bigint(PG_FUNCTION_ARGS)
{
	int64		land = PG_GETARG_INT64(0);

	if (!land_is_valid(land))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("value out of range for type %s", "land_area"),
				 errdetail("Land is never below zero.")));

	PG_RETURN_INT64(land);
}

PG_FUNCTION_INFO_V1(land_area_add);
Datum
land_area_add(PG_FUNCTION_ARGS)
{
	int64		sum;

	if (!land_add(PG_GETARG_INT64(0), PG_GETARG_INT64(1), &sum))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("value out of range for type %s", "land_area")));

	PG_RETURN_INT64(sum);
}

PG_FUNCTION_INFO_V1(land_area_subtract);
Datum
land_area_subtract(PG_FUNCTION_ARGS)
{
	int64		a = PG_GETARG_INT64(0);
	int64		b = PG_GETARG_INT64(1);

	if (b > a)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("value out of range for type %s", "land_area"),
				 errdetail("More land was subtracted than there is.")));

	PG_RETURN_INT64(a - b);
}
