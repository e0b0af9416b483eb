/*
 * cnic.c
 *	  Type cnic: Pakistan's thirteen-digit national identity number.
 *
 * A cnic is stored as the int8 its digits spell, so its order, equality and
 * hash are int8's own (see sql/10-cnic.sql); only its spelling is ours.
 *
 * Error reports never quote the number: logs must not hold identities.
 */
#include "postgres.h"

#include "fmgr.h"
#include "libpq/pqformat.h"

#include "cnic.h"
#include "compat.h"

#define CNIC_RULE "A CNIC has %d digits, the first from 1 to 8."

PG_FUNCTION_INFO_V1(cnic_in);
Datum
cnic_in(PG_FUNCTION_ARGS)
{
	char	   *str = PG_GETARG_CSTRING(0);
	int64		cnic;

	if (!cnic_parse(str, strlen(str), &cnic))
		ereturn(fcinfo->context, (Datum) 0,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type %s", "cnic"),
				 errdetail(CNIC_RULE, CNIC_DIGITS),
				 errhint("Write 35202-1234567-1, or the digits alone.")));

	PG_RETURN_INT64(cnic);
}

PG_FUNCTION_INFO_V1(cnic_out);
Datum
cnic_out(PG_FUNCTION_ARGS)
{
	char	   *str = palloc(CNIC_TEXT_SIZE);

	cnic_print(PG_GETARG_INT64(0), str);
	PG_RETURN_CSTRING(str);
}

PG_FUNCTION_INFO_V1(cnic_recv);
Datum
cnic_recv(PG_FUNCTION_ARGS)
{
	int64		cnic = pq_getmsgint64((StringInfo) PG_GETARG_POINTER(0));

	if (!cnic_is_valid(cnic))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid external value for type %s", "cnic")));

	PG_RETURN_INT64(cnic);
}

PG_FUNCTION_INFO_V1(cnic_send);
Datum
cnic_send(PG_FUNCTION_ARGS)
{
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendint64(&buf, PG_GETARG_INT64(0));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

PG_FUNCTION_INFO_V1(cnic_from_bigint);
Datum
cnic_from_bigint(PG_FUNCTION_ARGS)
{
	int64		cnic = PG_GETARG_INT64(0);

	if (!cnic_is_valid(cnic))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("value out of range for type %s", "cnic"),
				 errdetail(CNIC_RULE, CNIC_DIGITS)));

	PG_RETURN_INT64(cnic);
}
