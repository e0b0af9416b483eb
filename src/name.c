/*
 * name.c
 *	  Phonetic keys of names; see name.h for the rules.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"

#include "compat.h"
#include "name.h"

/*
 * The whole key, or its first word; NULL where there is none, so that names in
 * other scripts do not all look alike.
 */
static Datum
key_datum(FunctionCallInfo fcinfo, bool first_word)
{
	text	   *name = PG_GETARG_TEXT_PP(0);
	char		key[NAME_KEY_SIZE];
	int			size = name_key(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name), key);

	PG_FREE_IF_COPY(name, 0);
	if (size == 0)
		PG_RETURN_NULL();
	if (first_word)
		size = (int) strcspn(key, " ");
	PG_RETURN_TEXT_P(cstring_to_text_with_len(key, size));
}

PG_FUNCTION_INFO_V1(registry_name_key);
Datum
registry_name_key(PG_FUNCTION_ARGS)
{
	return key_datum(fcinfo, false);
}

PG_FUNCTION_INFO_V1(registry_given_key);
Datum
registry_given_key(PG_FUNCTION_ARGS)
{
	return key_datum(fcinfo, true);
}

PG_FUNCTION_INFO_V1(registry_name_agreement);
Datum
registry_name_agreement(PG_FUNCTION_ARGS)
{
	text	   *a = PG_GETARG_TEXT_PP(0);
	text	   *b = PG_GETARG_TEXT_PP(1);
	char		a_key[NAME_KEY_SIZE];
	char		b_key[NAME_KEY_SIZE];

	(void) name_key(VARDATA_ANY(a), VARSIZE_ANY_EXHDR(a), a_key);
	(void) name_key(VARDATA_ANY(b), VARSIZE_ANY_EXHDR(b), b_key);
	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	PG_RETURN_FLOAT4(name_key_agreement(a_key, b_key));
}
