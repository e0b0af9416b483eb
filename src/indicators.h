/*
 * indicators.h
 *	  A household's answers and derived counts: one byte an indicator.
 */
#ifndef REGISTRY_INDICATORS_H
#define REGISTRY_INDICATORS_H

#include "codebook.h"
#include "compat.h"

#define INDICATORS		64
#define MISSING			255		/* no answer; never 0, which is one */
#define COUNT_MAX		254		/* counts above are kept as this */

/* The position of each indicator, as AT_rooms. */
#define CODEBOOK_POSITION(name, kind, dimension, labels, meaning) AT_##name,
enum
{
	CODEBOOK(CODEBOOK_POSITION)
	CODEBOOK_SIZE
};
StaticAssertDecl(CODEBOOK_SIZE == INDICATORS, "the codebook has as many indicators as there are bytes");

typedef enum IndicatorKind
{
	CODE,						/* one of its labels */
	COUNT,						/* 0 to COUNT_MAX */
	FLAG						/* 0 no, 1 yes */
} IndicatorKind;

typedef struct Indicator
{
	const char *name;
	int			length;			/* of the name */
	IndicatorKind kind;
	const char *dimension;
	const char *labels;			/* of codes 1, 2, ..., joined by '|' */
	const char *meaning;
} Indicator;

typedef struct Indicators
{
	uint8		answer[INDICATORS];
} Indicators;

#define DatumGetIndicators(datum)		((Indicators *) DatumGetPointer(datum))
#define PG_GETARG_INDICATORS(n)			DatumGetIndicators(PG_GETARG_DATUM(n))
#define PG_RETURN_INDICATORS(x)			PG_RETURN_POINTER(x)

extern REGISTRY_LOCAL const Indicator codebook[INDICATORS];

extern REGISTRY_LOCAL int indicator_position(const char *name, int length);
extern REGISTRY_LOCAL int indicator_highest(int position);
extern REGISTRY_LOCAL int indicator_code(int position, const char *label, int length);
extern REGISTRY_LOCAL const char *indicator_label(int position, int code, int *length);
extern REGISTRY_LOCAL char *indicator_labels(int position);
extern REGISTRY_LOCAL char *indicator_answer(int position, int answer);

#endif							/* REGISTRY_INDICATORS_H */
