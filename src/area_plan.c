/*
 * area_plan.c
 *	  What the planner is told of area <@ container and container @> area.
 *
 * Index condition: a subtree is one range of codes, so on a btree index both
 * are exactly area >= container AND area <= area_last(container).
 *
 * Selectivity: the share of pairs of which one lies in the other, from what
 * ANALYZE found on either side.  Operators are asked through the estimators,
 * calls of the functions under them through the support functions; all end in
 * containment_selectivity().
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "access/stratnum.h"
#include "catalog/pg_am.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_statistic.h"
#include "fmgr.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/supportnodes.h"
#include "optimizer/optimizer.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/selfuncs.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

#include "area.h"
#include "compat.h"

/*
 * The part of the country in one area of each depth, where nothing better is
 * known: 7 provinces, 160 districts, 577 tehsils (COD-AB 2022), and a guess of
 * ten to one below them.
 */
static const double area_share[AREA_DEPTHS] = {1.0, 1.0 / 7, 1.0 / 160, 1.0 / 577, 1.0 / 5770, 1.0 / 57700};

/* Where not even the depth is known: districts are what most people ask for. */
#define DEFAULT_AREA_SHARE	(area_share[AREA_DISTRICT])

/* What is known of one argument. */
typedef struct Argument
{
	bool		is_const;
	int64		value;			/* of a constant, unless NULL (nulls = 1) */
	VariableStatData var;		/* of anything else */
	bool		has_statistics;
	double		nulls;			/* part of the rows that is NULL, */
	double		rest;			/* and that is neither NULL nor common */
	double		distinct;		/* values not common */
	AttStatsSlot common;
	AttStatsSlot bounds;
} Argument;

/*
 * Look up an argument.  Statistics that the user may not see are used only if
 * the function they would be shown to is leakproof; ours is.
 */
static void
open_argument(PlannerInfo *root, Node *node, Oid function, Argument *argument)
{
	HeapTuple	tuple;
	bool		is_default;

	memset(argument, 0, sizeof(*argument));
	node = estimate_expression_value(root, node);
	if (IsA(node, Const))
	{
		Const	   *constant = (Const *) node;

		argument->is_const = true;
		if (constant->constisnull)
			argument->nulls = 1.0;
		else
			argument->value = DatumGetInt64(constant->constvalue);
		return;
	}

	examine_variable(root, node, 0, &argument->var);
	tuple = argument->var.statsTuple;
	if (!HeapTupleIsValid(tuple) || !statistic_proc_security_check(&argument->var, function))
		return;

	argument->has_statistics = true;
	argument->nulls = ((Form_pg_statistic) GETSTRUCT(tuple))->stanullfrac;
	argument->rest = 1.0 - argument->nulls;
	get_attstatsslot(&argument->common, tuple, STATISTIC_KIND_MCV, InvalidOid,
					 ATTSTATSSLOT_VALUES | ATTSTATSSLOT_NUMBERS);
	get_attstatsslot(&argument->bounds, tuple, STATISTIC_KIND_HISTOGRAM, InvalidOid, ATTSTATSSLOT_VALUES);
	for (int i = 0; i < argument->common.nnumbers; i++)
		argument->rest -= argument->common.numbers[i];
	argument->rest = Max(argument->rest, 0.0);
	argument->distinct = get_variable_numdistinct(&argument->var, &is_default) - argument->common.nvalues;
}

static void
close_argument(Argument *argument)
{
	if (argument->is_const)
		return;
	if (argument->has_statistics)
	{
		free_attstatsslot(&argument->common);
		free_attstatsslot(&argument->bounds);
	}
	ReleaseVariableStats(argument->var);
}

/*
 * How many of the histogram's bins lie below a code, the one it falls into in
 * proportion.
 */
static double
bins_below(const AttStatsSlot *bounds, int64 area)
{
	int			low = 0;
	int			high = bounds->nvalues - 1;

	if (area <= DatumGetInt64(bounds->values[low]))
		return 0.0;
	if (area > DatumGetInt64(bounds->values[high]))
		return high;

	/* Invariant: values[low] < area <= values[high] */
	while (high - low > 1)
	{
		int			middle = (low + high) / 2;

		if (DatumGetInt64(bounds->values[middle]) < area)
			low = middle;
		else
			high = middle;
	}
	return low + (double) (area - DatumGetInt64(bounds->values[low])) /
		(DatumGetInt64(bounds->values[high]) - DatumGetInt64(bounds->values[low]));
}

/*
 * The part of an argument's rows that lies in a given container.
 */
static double
share_in(const Argument *area, int64 container)
{
	const AttStatsSlot *bounds = &area->bounds;
	int			bins = bounds->nvalues - 1;
	double		share = area_share[area_depth(container)];
	double		common = 0.0;

	if (area->is_const)
		return area_lies_in(area->value, container) ? 1.0 : 0.0;
	if (!area->has_statistics)
		return share;

	for (int i = 0; i < area->common.nnumbers; i++)
		if (area_lies_in(DatumGetInt64(area->common.values[i]), container))
			common += area->common.numbers[i];

	if (container == 0)
		share = 1.0;
	else if (bins > 0)
	{
		double		first = bins_below(bounds, container);
		double		last = bins_below(bounds, area_last(container) + 1);

		/*
		 * Codes are sparse: within one bin, proportion says too little.  A
		 * subtree holds its usual share of the country, but not more than the
		 * bin; and not less than one value.
		 */
		if (floor(first) == floor(last) && first < last)
			share = Max((last - first) / bins, Min(share, 1.0 / bins));
		else
			share = (last - first) / bins;
	}
	if (area->distinct >= 1.0)
		share = Max(share, 1.0 / area->distinct);

	return common + area->rest * Min(share, 1.0);
}

/*
 * The part of all pairs in which the area lies in the container.
 */
static double
share_of_pairs(const Argument *area, const Argument *container)
{
	double		share = 0.0;

	if ((area->is_const && area->nulls > 0.0) || (container->is_const && container->nulls > 0.0))
		return 0.0;
	if (container->is_const)
		return share_in(area, container->value);

	if (!container->has_statistics)
	{
		share = DEFAULT_AREA_SHARE;
		if (area->has_statistics && area->distinct + area->common.nvalues >= 1.0)
			share = Max(share, 1.0 / (area->distinct + area->common.nvalues));
		return share * (1.0 - area->nulls);
	}

	/* On average over the containers: common ones by weight, others by sample. */
	for (int i = 0; i < container->common.nnumbers; i++)
		share += container->common.numbers[i] *
			share_in(area, DatumGetInt64(container->common.values[i]));
	if (container->distinct >= 1.0 && container->bounds.nvalues > 0)
	{
		int			bounds = container->bounds.nvalues;
		double		sums[AREA_DEPTHS] = {0.0};

		for (int i = 0; i < bounds; i++)
		{
			int64		bound = DatumGetInt64(container->bounds.values[i]);
			AreaDepth	depth = area_depth(bound);

			/* A sample rarely has the very area that holds a constant. */
			if (!area->is_const)
				sums[depth] += share_in(area, bound);
			else if (depth <= area_depth(area->value))
				sums[depth] = bounds;
		}

		/*
		 * Areas of one depth do not overlap, so together they hold everything
		 * once at most: or a single province in the sample would count as
		 * many.
		 */
		for (int depth = 0; depth < AREA_DEPTHS; depth++)
			share += container->rest * Min(sums[depth] / bounds, 1.0 / container->distinct);
	}
	return share;
}

/*
 * The selectivity of "args", the container first or last.
 */
static double
containment_selectivity(PlannerInfo *root, Oid function, List *args, bool container_first,
						SpecialJoinInfo *sjinfo)
{
	Argument	area;
	Argument	container;
	double		share;

	open_argument(root, container_first ? lsecond(args) : linitial(args), function, &area);
	open_argument(root, container_first ? linitial(args) : lsecond(args), function, &container);
	share = share_of_pairs(&area, &container);

	/* A semijoin asks which rows of the left have a match at all on the right. */
	if (sjinfo != NULL && (sjinfo->jointype == JOIN_SEMI || sjinfo->jointype == JOIN_ANTI))
	{
		RelOptInfo *rels[] = {area.var.rel, container.var.rel};

		for (int i = 0; i < (int) lengthof(rels); i++)
			if (rels[i] != NULL && bms_is_subset(rels[i]->relids, sjinfo->min_righthand))
				share *= Max(rels[i]->rows, 1.0);
	}

	close_argument(&area);
	close_argument(&container);
	CLAMP_PROBABILITY(share);
	return share;
}

/*
 * area >= container AND area <= area_last(container), where the index can take
 * that: NIL, where not.
 */
static List *
containment_index_conditions(SupportRequestIndexCondition *request, bool container_first)
{
	List	   *args;
	Expr	   *area;
	Expr	   *container;
	Expr	   *last;
	Oid			type;
	Oid			ge;
	Oid			le;

	if (is_opclause(request->node))
		args = ((OpExpr *) request->node)->args;
	else if (is_funcclause(request->node))
		args = ((FuncExpr *) request->node)->args;
	else
		return NIL;

	/* The index must have the area; one that has containers is no range. */
	if (list_length(args) != 2 || request->indexarg != (container_first ? 1 : 0))
		return NIL;
	area = list_nth(args, request->indexarg);
	container = list_nth(args, 1 - request->indexarg);
	if (!is_pseudo_constant_for_index(request->root, (Node *) container, request->index))
		return NIL;

	/* Its order must be the type's own, which is what makes a subtree a range. */
	type = exprType((Node *) area);
	if (request->index->relam != BTREE_AM_OID ||
		request->opfamily != lookup_type_cache(type, TYPECACHE_BTREE_OPFAMILY)->btree_opf)
		return NIL;
	ge = get_opfamily_member(request->opfamily, type, type, BTGreaterEqualStrategyNumber);
	le = get_opfamily_member(request->opfamily, type, type, BTLessEqualStrategyNumber);
	if (!OidIsValid(ge) || !OidIsValid(le))
		return NIL;

	if (IsA(container, Const))
	{
		Const	   *constant = (Const *) copyObject(container);

		if (constant->constisnull)
			return NIL;
		constant->constvalue = Int64GetDatum(area_last(DatumGetInt64(constant->constvalue)));
		last = (Expr *) constant;
	}
	else
	{
		/* area_last() stands in the schema of the function asked about. */
		Oid			function = GetSysCacheOid3(PROCNAMEARGSNSP, Anum_pg_proc_oid,
											   CStringGetDatum("area_last"),
											   PointerGetDatum(buildoidvector(&type, 1)),
											   ObjectIdGetDatum(get_func_namespace(request->funcid)));

		if (!OidIsValid(function))
			return NIL;
		last = (Expr *) makeFuncExpr(function, type, list_make1(copyObject(container)),
									 InvalidOid, InvalidOid, COERCE_EXPLICIT_CALL);
	}

	request->lossy = false;
	return list_make2(make_opclause(ge, BOOLOID, false, area, container, InvalidOid, InvalidOid),
					  make_opclause(le, BOOLOID, false, copyObject(area), last, InvalidOid, InvalidOid));
}

static Node *
containment_support(Node *rawrequest, bool container_first)
{
	if (IsA(rawrequest, SupportRequestIndexCondition))
		return (Node *) containment_index_conditions((SupportRequestIndexCondition *) rawrequest,
													 container_first);

	if (IsA(rawrequest, SupportRequestSelectivity))
	{
		SupportRequestSelectivity *request = (SupportRequestSelectivity *) rawrequest;

		request->selectivity = containment_selectivity(request->root, request->funcid, request->args,
													   container_first,
													   request->is_join ? request->sjinfo : NULL);
		return rawrequest;
	}

	return NULL;
}

PG_FUNCTION_INFO_V1(area_code_contained_by_support);
Datum
area_code_contained_by_support(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(containment_support((Node *) PG_GETARG_POINTER(0), false));
}

PG_FUNCTION_INFO_V1(area_code_contains_support);
Datum
area_code_contains_support(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(containment_support((Node *) PG_GETARG_POINTER(0), true));
}

/*
 * Estimators: (root, operator, args, varRelid) and (root, operator, args,
 * jointype, sjinfo).
 */
static Datum
containment_estimate(FunctionCallInfo fcinfo, bool container_first, bool is_join)
{
	PlannerInfo *root = (PlannerInfo *) PG_GETARG_POINTER(0);
	Oid			function = get_opcode(PG_GETARG_OID(1));
	List	   *args = (List *) PG_GETARG_POINTER(2);
	SpecialJoinInfo *sjinfo = is_join ? (SpecialJoinInfo *) PG_GETARG_POINTER(4) : NULL;

	PG_RETURN_FLOAT8(containment_selectivity(root, function, args, container_first, sjinfo));
}

PG_FUNCTION_INFO_V1(area_code_contained_by_sel);
Datum
area_code_contained_by_sel(PG_FUNCTION_ARGS)
{
	return containment_estimate(fcinfo, false, false);
}

PG_FUNCTION_INFO_V1(area_code_contained_by_joinsel);
Datum
area_code_contained_by_joinsel(PG_FUNCTION_ARGS)
{
	return containment_estimate(fcinfo, false, true);
}

PG_FUNCTION_INFO_V1(area_code_contains_sel);
Datum
area_code_contains_sel(PG_FUNCTION_ARGS)
{
	return containment_estimate(fcinfo, true, false);
}

PG_FUNCTION_INFO_V1(area_code_contains_joinsel);
Datum
area_code_contains_joinsel(PG_FUNCTION_ARGS)
{
	return containment_estimate(fcinfo, true, true);
}
