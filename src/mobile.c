/*
 * mobile.c
 *	  Type mobile_number: Pakistani mobile numbers.
 *
 * A mobile number is stored as the int8 its ten national digits spell, so that
 * every spelling of one number is equal; order, equality and hash are int8's
 * own (see sql/11-mobile.sql).
 *
 * Error reports never quote the number: logs must not hold identities.
 */
#include "postgres.h"

#include "fmgr.h"
#include "libpq/pqformat.h"

#include "compat.h"
#include "mobile.h"

#define MOBILE_RULE "A mobile number has %d digits after 0, +92 or 0092, the first of them 3."

PG_FUNCTION_INFO_V1(mobile_number_in);
Datum
mobile_number_in(PG_FUNCTION_ARGS)
{
	char	   *str = PG_GETARG_CSTRING(0);
	int64		mobile;

	if (!mobile_parse(str, strlen(str), &mobile))
		ereturn(fcinfo->context, (Datum) 0,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type %s", "mobile_number"),
				 errdetail(MOBILE_RULE, MOBILE_DIGITS),
				 errhint("Write 0300-1234567 or +92 300 1234567.")));

	PG_RETURN_INT64(mobile);
}

PG_FUNCTION_INFO_V1(mobile_number_out);
Datum
mobile_number_out(PG_FUNCTION_ARGS)
{
	char	   *str = palloc(MOBILE_TEXT_SIZE);

	mobile_print(PG_GETARG_INT64(0), str);
	PG_RETURN_CSTRING(str);
}

PG_FUNCTION_INFO_V1(mobile_number_recv);
Datum
mobile_number_recv(PG_FUNCTION_ARGS)
{
	int64		mobile = pq_getmsgint64((StringInfo) PG_GETARG_POINTER(0));

	if (!mobile_is_valid(mobile))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid external value for type %s", "mobile_number")));

	PG_RETURN_INT64(mobile);
}

PG_FUNCTION_INFO_V1(mobile_number_send);
Datum
mobile_number_send(PG_FUNCTION_ARGS)
{
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendint64(&buf, PG_GETARG_INT64(0));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

PG_FUNCTION_INFO_V1(mobile_number_from_bigint);
Datum
mobile_number_from_bigint(PG_FUNCTION_ARGS)
{
	int64		mobile = PG_GETARG_INT64(0);

	if (!mobile_is_valid(mobile))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("value out of range for type %s", "mobile_number"),
				 errdetail("The national digits are %d, the first of them 3.", MOBILE_DIGITS)));

	PG_RETURN_INT64(mobile);
}
