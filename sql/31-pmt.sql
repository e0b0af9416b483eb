
-- pmt: proxy means test scores ------------------------------------------------

CREATE FUNCTION registry.pmt_score(registry.indicators, registry.pmt_formula) RETURNS double precision
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 5 AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION registry.pmt_score(registry.indicators, registry.pmt_formula) IS
	'score, 0 to 100, low = poor, exact to the hundredth; NULL where an answer the formula needs is missing';

CREATE FUNCTION registry.pmt_explain(registry.indicators, registry.pmt_formula,
									 OUT term text, OUT answer text, OUT points numeric) RETURNS SETOF record
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 12 AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION registry.pmt_explain(registry.indicators, registry.pmt_formula) IS
	'why a score is what it is: a row a term, whose points add up to the score; points are NULL where an answer is missing';

CREATE TYPE registry.poverty_level AS ENUM
	('extremely_poor', 'chronically_poor', 'transitory_poor', 'non_poor');
COMMENT ON TYPE registry.poverty_level IS 'bands of the Poverty Scorecard, from the poorest up';

CREATE FUNCTION registry.poverty_band(score double precision) RETURNS registry.poverty_level
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN CASE
		WHEN score < 0 OR score > 100 THEN NULL
		WHEN score < 12 THEN 'extremely_poor'::registry.poverty_level
		WHEN score < 19 THEN 'chronically_poor'::registry.poverty_level
		WHEN score < 24 THEN 'transitory_poor'::registry.poverty_level
		ELSE 'non_poor'::registry.poverty_level
	END;
COMMENT ON FUNCTION registry.poverty_band(double precision) IS
	'band of the Poverty Scorecard: 0-11 extremely, 12-18 chronically, 19-23 transitory poor, 24-100 non-poor; '
	'a score between two bands is in the lower one; says nothing of scores by another formula';
