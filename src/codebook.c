/*
 * codebook.c
 *	  Looking things up in the codebook, and showing it: registry.codebook().
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "indicators.h"

#define CODEBOOK_ENTRY(name, kind, dimension, labels, meaning) \
	{#name, sizeof(#name) - 1, kind, #dimension, labels, meaning},

const Indicator codebook[INDICATORS] = {CODEBOOK(CODEBOOK_ENTRY)};

/*
 * The position of a name, or -1.  Reserved positions have no name to write.
 */
int
indicator_position(const char *name, int length)
{
	for (int i = 0; i < INDICATORS; i++)
		if (codebook[i].length == length && memcmp(codebook[i].name, name, length) == 0 &&
			i < AT_reserved_63)
			return i;
	return -1;
}

/*
 * The highest answer an indicator may have; -1 where it may have none.
 */
int
indicator_highest(int position)
{
	static int8 labels[INDICATORS];

	if (position >= AT_reserved_63)
		return -1;
	if (codebook[position].kind == COUNT)
		return COUNT_MAX;
	if (codebook[position].kind == FLAG)
		return 1;
	if (labels[position] == 0)
	{
		labels[position] = 1;
		for (const char *c = codebook[position].labels; *c != '\0'; c++)
			labels[position] += *c == '|';
	}
	return labels[position];
}

/*
 * The label of a code from 1 to indicator_highest(), not ended by a zero byte.
 */
const char *
indicator_label(int position, int code, int *length)
{
	const char *label = codebook[position].labels;

	while (--code > 0)
		label = strchr(label, '|') + 1;
	*length = strcspn(label, "|");
	return label;
}

/*
 * The code of a label, or 0 where the indicator has no such label.
 */
int
indicator_code(int position, const char *label, int length)
{
	for (int code = 1; code <= indicator_highest(position); code++)
	{
		int			known_length;
		const char *known = indicator_label(position, code, &known_length);

		if (known_length == length && memcmp(known, label, length) == 0)
			return code;
	}
	return 0;
}

/*
 * The labels as a list for a message.
 */
char *
indicator_labels(int position)
{
	char	   *list = psprintf("\"%s\"", codebook[position].labels);
	StringInfoData buf;

	initStringInfo(&buf);
	for (char *c = list; *c != '\0'; c++)
		if (*c == '|')
			appendStringInfoString(&buf, "\", \"");
		else
			appendStringInfoChar(&buf, *c);
	return buf.data;
}

/*
 * An answer in words: a label, a number, true or false.  Not for MISSING.
 */
char *
indicator_answer(int position, int answer)
{
	int			length;
	const char *label;

	switch (codebook[position].kind)
	{
		case CODE:
			label = indicator_label(position, answer, &length);
			return pnstrdup(label, length);
		case FLAG:
			return pstrdup(answer ? "true" : "false");
		case COUNT:
			break;
	}
	return psprintf("%d", answer);
}

/*
 * codebook() returns setof (position int, name text, kind text, dimension text,
 *							 labels text[], meaning text)
 */
PG_FUNCTION_INFO_V1(registry_codebook);
Datum
registry_codebook(PG_FUNCTION_ARGS)
{
	static const char *const kinds[] = {"code", "count", "flag"};
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < INDICATORS; i++)
	{
		Datum		values[6];
		bool		nulls[6] = {false};
		int			nlabels = codebook[i].kind == CODE ? indicator_highest(i) : 0;
		Datum	   *labels = palloc(Max(nlabels, 1) * sizeof(Datum));

		for (int code = 1; code <= nlabels; code++)
		{
			int			length;
			const char *label = indicator_label(i, code, &length);

			labels[code - 1] = PointerGetDatum(cstring_to_text_with_len(label, length));
		}
		values[0] = Int32GetDatum(i);
		values[1] = CStringGetTextDatum(codebook[i].name);
		values[2] = CStringGetTextDatum(kinds[codebook[i].kind]);
		values[3] = CStringGetTextDatum(codebook[i].dimension);
		values[4] = PointerGetDatum(construct_array(labels, nlabels, TEXTOID, -1, false, TYPALIGN_INT));
		nulls[4] = codebook[i].kind != CODE;
		values[5] = CStringGetTextDatum(codebook[i].meaning);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	return (Datum) 0;
}
