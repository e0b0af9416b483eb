/*
 * formula.h
 *	  A PMT formula as stored, and as compiled for scoring.
 *
 * Points are ten-thousandths of a point, so that sums are exact.
 */
#ifndef REGISTRY_FORMULA_H
#define REGISTRY_FORMULA_H

#include "fmgr.h"
#include "nodes/nodes.h"

#include "indicators.h"
#include "json.h"

/* For hints. */
#define FORMULA_EXAMPLE "{\"terms\": [{\"indicator\": \"rooms\", \"bands\": [[1, 0], [null, 5.5]]}]}"

#define FORMULA_VERSION		1
#define POINT				10000	/* ten-thousandths */
#define POINTS_MAX			(100000 * POINT)	/* of one term, either way */
#define POINTS_MISSING		PG_INT32_MIN		/* an answer that is needed is missing */

/* Ratios of counts below this are looked up. */
#define RATIO_TABLE		32

typedef struct Fingerprint
{
	uint64		hash[2];
} Fingerprint;

/*
 * Stored: the JSON in one spelling, and a hash of it by which a scan tells
 * that its formula is still the one it compiled.  The hash is never taken from
 * a client.
 */
typedef struct Formula
{
	char		vl_len_[VARHDRSZ];
	uint8		version;
	uint8		fingerprint[sizeof(Fingerprint)];
	char		text[FLEXIBLE_ARRAY_MEMBER];
} Formula;

#define FORMULA_HEADER		(offsetof(Formula, text) - VARHDRSZ)

typedef enum Truth
{
	FAILS,
	HOLDS,
	UNSURE
} Truth;

/* Flags and counts of which any or all are wanted; a count above 0 is true. */
typedef struct PmtGroup
{
	int			n;
	uint8		position[INDICATORS];
} PmtGroup;

/* One indicator and the answers that satisfy. */
typedef struct PmtCondition
{
	uint8		position;
	bool		accepts[COUNT_MAX + 1];
} PmtCondition;

/* All of it must hold. */
typedef struct PmtWhen
{
	int			nconditions;
	PmtCondition *condition;
	PmtGroup	any;			/* none: holds */
	PmtGroup	all;
} PmtWhen;

/* Holds for values up to and including "up_to". */
typedef struct PmtBand
{
	int64		up_to;			/* ten-thousandths */
	int32		points;
} PmtBand;

typedef struct FirstRow
{
	PmtWhen		when;
	int32		points;
} FirstRow;

typedef enum TermKind
{
	TERM_TABLE,					/* one indicator: an outcome for each answer */
	TERM_RATIO,
	TERM_ANY,
	TERM_ALL,
	TERM_FIRST
} TermKind;

typedef struct PmtTerm
{
	TermKind	kind;
	const char *name;
	uint8		position;		/* TABLE, RATIO */
	uint8		per;			/* RATIO */
	int32		missing;		/* points for a missing answer, or POINTS_MISSING */
	int32		points;			/* ANY, ALL: where it holds */
	int32		otherwise;		/* ANY, ALL, FIRST */
	int32		when_zero;		/* RATIO: over nothing */
	int			nbands;
	PmtBand	   *band;			/* RATIO; the last covers the rest */
	int32		(*ratio)[RATIO_TABLE];	/* RATIO: by per, then count */
	PmtGroup	group;			/* ANY, ALL */
	int			nrows;
	FirstRow   *row;			/* FIRST */
	int32	   *table;			/* TABLE: by answer, MISSING too */
} PmtTerm;

/*
 * A term as scoring runs through it, without a branch that depends on answers.
 * TABLE: points by answer.  ANY, ALL: an outcome by what the mask's answers are.
 * FIRST: points by cell, where the table is small.
 */
#define STEP_INPUTS		8		/* indicators */
#define STEP_CELLS		4096

typedef struct PmtStep
{
	const PmtTerm *term;
	uint64		mask;			/* ANY, ALL: a bit for each indicator */
	int32		outcome[3];		/* one is true (ALL: false), one is missing, neither */
	int			ninputs;		/* FIRST; 0: ask formula_points() */
	uint8		position[STEP_INPUTS];
	uint16	   *part[STEP_INPUTS];	/* FIRST: by answer, what it adds to the cell */
	int32	   *points;
} PmtStep;

typedef struct PmtTerms
{
	int			n;				/* 0: none, no score */
	PmtTerm    *term;
	PmtStep    *step;			/* TABLE first, then ANY, then ALL, then the others */
	int			ntables;
	int			nany;
	int			nall;
	int64		base;
} PmtTerms;

typedef struct PmtVariant
{
	PmtWhen		when;
	PmtTerms	terms;
} PmtVariant;

typedef struct PmtPlan
{
	const char *name;			/* "" where it has none */
	int64		low;			/* the range */
	int64		high;
	bool		error_when_missing;
	bool		unpublished;	/* some points are not public: refuses to score */
	int			nvariants;
	PmtVariant *variant;
	PmtTerms	terms;			/* where no variant matches */
} PmtPlan;

extern REGISTRY_LOCAL PmtPlan *formula_compile(const JsonNode *json, Node *escontext);
extern REGISTRY_LOCAL int32 formula_ratio(const PmtTerm *term, int count, int per);
extern REGISTRY_LOCAL int32 formula_points(const PmtTerm *term, const uint8 *answer);
extern REGISTRY_LOCAL const PmtTerms *formula_terms(const PmtPlan *plan, const uint8 *answer);
extern REGISTRY_LOCAL void formula_lay_out(PmtTerms *terms);
extern REGISTRY_LOCAL int formula_asks(const PmtTerm *term, uint8 *position);
extern REGISTRY_LOCAL void formula_when_asks(const PmtWhen *when, uint8 *position, int *n);
/* What a call site used last; formula.c keeps more behind it. */
typedef struct PlanCache
{
	Fingerprint fingerprint;
	const PmtPlan *plan;
} PlanCache;

extern REGISTRY_LOCAL const PmtPlan *formula_plan_find(FmgrInfo *flinfo, Datum formula);

/*
 * The compiled form of a formula, kept while the call site is.  What comes is
 * compared on every call, for a call site in PL/pgSQL sees changing formulas;
 * mostly it is the last one again, and not stored out of line.
 */
static inline const PmtPlan *
formula_plan(FmgrInfo *flinfo, Datum datum)
{
	const PlanCache *cache = flinfo->fn_extra;
	const Formula *formula = (const Formula *) DatumGetPointer(datum);
	Fingerprint fingerprint;

	if (cache != NULL && !VARATT_IS_EXTENDED(formula))
	{
		memcpy(&fingerprint, formula->fingerprint, sizeof(Fingerprint));
		if (cache->fingerprint.hash[0] == fingerprint.hash[0] && cache->fingerprint.hash[1] == fingerprint.hash[1])
			return cache->plan;
	}
	return formula_plan_find(flinfo, datum);
}

#endif							/* REGISTRY_FORMULA_H */
