
-- targeting: histograms of scores, cut-offs and errors ------------------------

CREATE FUNCTION registry.pmt_tally_add(bigint[], score double precision) RETURNS bigint[]
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION registry.pmt_tally_add(bigint[], double precision) IS 'aggregate transition function';

CREATE FUNCTION registry.pmt_tally_add(bigint[], score double precision, weight bigint) RETURNS bigint[]
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION registry.pmt_tally_add(bigint[], double precision, bigint) IS 'aggregate transition function';

CREATE FUNCTION registry.pmt_tally_combine(bigint[], bigint[]) RETURNS bigint[]
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION registry.pmt_tally_combine(bigint[], bigint[]) IS 'aggregate combine function';

CREATE AGGREGATE registry.pmt_tally(score double precision) (
	SFUNC = registry.pmt_tally_add,
	STYPE = bigint[],
	SSPACE = 80032,
	COMBINEFUNC = registry.pmt_tally_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE registry.pmt_tally(double precision) IS
	'exact histogram of scores: 10,001 counts, of 0.00, 0.01, ..., 100.00; NULL scores are left out';

CREATE AGGREGATE registry.pmt_tally(score double precision, weight bigint) (
	SFUNC = registry.pmt_tally_add,
	STYPE = bigint[],
	SSPACE = 80032,
	COMBINEFUNC = registry.pmt_tally_combine,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE registry.pmt_tally(double precision, bigint) IS
	'exact weighted histogram of scores; survey weights go in as thousandths';

-- The state's first element is the score 0.00.
CREATE FUNCTION registry.cutoff_for(tally bigint[], families bigint) RETURNS double precision
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 50000
	RETURN (SELECT max(c.bin - 1) / 100::double precision
			FROM (SELECT t.bin, t.n, sum(t.n) OVER (ORDER BY t.bin) AS reached
				  FROM unnest(tally) WITH ORDINALITY AS t (n, bin)) AS c
			WHERE c.reached <= families AND c.n > 0);
COMMENT ON FUNCTION registry.cutoff_for(bigint[], bigint) IS
	'the highest score up to which, all ties included, at most so many are eligible; NULL where even the poorest are more';

CREATE FUNCTION registry.targeting_add(bigint[], poor boolean, eligible boolean) RETURNS bigint[]
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION registry.targeting_add(bigint[], boolean, boolean) IS 'aggregate transition function';

CREATE FUNCTION registry.targeting_add(bigint[], poor boolean, eligible boolean, weight bigint) RETURNS bigint[]
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION registry.targeting_add(bigint[], boolean, boolean, bigint) IS 'aggregate transition function';

CREATE FUNCTION registry.targeting_combine(bigint[], bigint[]) RETURNS bigint[]
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION registry.targeting_combine(bigint[], bigint[]) IS 'aggregate combine function';

CREATE TYPE registry.targeting AS (
	poor				bigint,
	eligible			bigint,
	everyone			bigint,
	inclusion			numeric,
	undercoverage		numeric,
	leakage				numeric,
	exclusion			numeric,
	exclusion_error		numeric,
	inclusion_error		numeric
);
COMMENT ON TYPE registry.targeting IS
	'how eligibility meets poverty: sums of weights, then percentages of everyone (inclusion = poor and eligible, '
	'undercoverage = poor only, leakage = eligible only, exclusion = neither), of the poor (exclusion_error = missed) '
	'and of the eligible (inclusion_error = not poor)';

CREATE FUNCTION registry.targeting_final(bigint[]) RETURNS registry.targeting
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
	SELECT ROW(t.poor, t.eligible, t.everyone,
			   round(100 * t.n[1] / nullif(t.everyone, 0)::numeric, 2),
			   round(100 * t.n[2] / nullif(t.everyone, 0)::numeric, 2),
			   round(100 * t.n[3] / nullif(t.everyone, 0)::numeric, 2),
			   round(100 * t.n[4] / nullif(t.everyone, 0)::numeric, 2),
			   round(100 * t.n[2] / nullif(t.poor, 0)::numeric, 2),
			   round(100 * t.n[3] / nullif(t.eligible, 0)::numeric, 2))::registry.targeting
	FROM (SELECT $1 AS n, $1[1] + $1[2] AS poor, $1[1] + $1[3] AS eligible, $1[1] + $1[2] + $1[3] + $1[4] AS everyone) AS t;
END;
COMMENT ON FUNCTION registry.targeting_final(bigint[]) IS 'aggregate final function';

CREATE AGGREGATE registry.targeting_errors(poor boolean, eligible boolean) (
	SFUNC = registry.targeting_add,
	STYPE = bigint[],
	COMBINEFUNC = registry.targeting_combine,
	FINALFUNC = registry.targeting_final,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE registry.targeting_errors(boolean, boolean) IS
	'errors of targeting; rows where either is NULL are left out';

CREATE AGGREGATE registry.targeting_errors(poor boolean, eligible boolean, weight bigint) (
	SFUNC = registry.targeting_add,
	STYPE = bigint[],
	COMBINEFUNC = registry.targeting_combine,
	FINALFUNC = registry.targeting_final,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE registry.targeting_errors(boolean, boolean, bigint) IS
	'errors of targeting by weight; survey weights go in as thousandths';
