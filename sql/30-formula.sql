
-- formula: scoring formulas, which are data -----------------------------------

CREATE TYPE registry.pmt_formula;

CREATE FUNCTION registry.pmt_formula_in(cstring) RETURNS registry.pmt_formula
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE FUNCTION registry.pmt_formula_out(registry.pmt_formula) RETURNS cstring
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE FUNCTION registry.pmt_formula_recv(internal) RETURNS registry.pmt_formula
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

CREATE FUNCTION registry.pmt_formula_send(registry.pmt_formula) RETURNS bytea
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME';

-- EXTERNAL: a scan that scores compares formulas, and would decompress one each time.
CREATE TYPE registry.pmt_formula (
	INPUT = registry.pmt_formula_in,
	OUTPUT = registry.pmt_formula_out,
	RECEIVE = registry.pmt_formula_recv,
	SEND = registry.pmt_formula_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = int4,
	STORAGE = external
);
COMMENT ON TYPE registry.pmt_formula IS
	'proxy means test formula, a JSON object: {"terms": [{"indicator": "rooms", "bands": [[1, 0], [null, 5.5]]}]}';

CREATE CAST (registry.pmt_formula AS jsonb) WITH INOUT;
COMMENT ON CAST (registry.pmt_formula AS jsonb) IS 'the formula as jsonb';
CREATE CAST (jsonb AS registry.pmt_formula) WITH INOUT;
COMMENT ON CAST (jsonb AS registry.pmt_formula) IS 'a formula from jsonb';

CREATE FUNCTION registry.pmt_formula_eq(registry.pmt_formula, registry.pmt_formula) RETURNS boolean
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'byteaeq';

CREATE FUNCTION registry.pmt_formula_ne(registry.pmt_formula, registry.pmt_formula) RETURNS boolean
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE AS 'byteane';

CREATE FUNCTION registry.pmt_formula_hash(registry.pmt_formula) RETURNS integer
	LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'hashvarlena';

CREATE FUNCTION registry.pmt_formula_hash_extended(registry.pmt_formula, bigint) RETURNS bigint
	LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE AS 'hashvarlenaextended';

CREATE OPERATOR registry.= (
	LEFTARG = registry.pmt_formula, RIGHTARG = registry.pmt_formula, FUNCTION = registry.pmt_formula_eq,
	COMMUTATOR = OPERATOR(registry.=), NEGATOR = OPERATOR(registry.<>),
	RESTRICT = eqsel, JOIN = eqjoinsel, HASHES
);

CREATE OPERATOR registry.<> (
	LEFTARG = registry.pmt_formula, RIGHTARG = registry.pmt_formula, FUNCTION = registry.pmt_formula_ne,
	COMMUTATOR = OPERATOR(registry.<>), NEGATOR = OPERATOR(registry.=),
	RESTRICT = neqsel, JOIN = neqjoinsel
);

CREATE OPERATOR CLASS registry.pmt_formula_hash_ops DEFAULT FOR TYPE registry.pmt_formula USING hash AS
	OPERATOR 1 registry.=,
	FUNCTION 1 registry.pmt_formula_hash(registry.pmt_formula),
	FUNCTION 2 registry.pmt_formula_hash_extended(registry.pmt_formula, bigint);

CREATE TABLE registry.formula (
	name		text PRIMARY KEY CHECK (name <> ''),
	formula		registry.pmt_formula NOT NULL,
	source		text NOT NULL CHECK (source <> ''),
	effective	daterange NOT NULL DEFAULT daterange(NULL, NULL),
	shipped		boolean NOT NULL DEFAULT false
);
SELECT pg_extension_config_dump('registry.formula', 'WHERE NOT shipped');
COMMENT ON TABLE registry.formula IS
	'scoring formulas: those shipped, and a site''s own; one that scores or programmes cite cannot be changed or deleted';
COMMENT ON COLUMN registry.formula.source IS 'where the points are from';
COMMENT ON COLUMN registry.formula.effective IS 'when it is, or was, the formula to score with';
COMMENT ON COLUMN registry.formula.shipped IS 'whether it came with the extension; dumps leave it out';

-- Whoever scores holds this lock in share mode until the scores are committed,
-- so that the check below sees them.
CREATE FUNCTION registry.formula_lock(name text) RETURNS bigint
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN hashtextextended('registry.formula ' || name, 0);
COMMENT ON FUNCTION registry.formula_lock(text) IS 'key of the advisory lock that scoring with a formula takes';

CREATE FUNCTION registry.keep_cited_formula() RETURNS trigger
	LANGUAGE plpgsql
AS $$
DECLARE
	cited	boolean := false;
BEGIN
	IF TG_OP = 'TRUNCATE' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = 'registry.formula cannot be truncated',
			HINT = 'DELETE FROM registry.formula WHERE NOT shipped deletes those that nothing cites.';
	END IF;
	IF TG_OP <> 'DELETE' AND NEW.shipped AND NOT (TG_OP = 'UPDATE' AND OLD.shipped) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('formula "%s" did not come with the extension', NEW.name),
			HINT = 'Leave "shipped" false: dumps leave shipped formulas out.';
	END IF;
	-- not a CHECK, whose message would show the formula
	IF TG_OP <> 'DELETE' AND NEW.formula::text::jsonb ->> 'name' <> NEW.name THEN
		RAISE EXCEPTION USING
			ERRCODE = 'check_violation',
			MESSAGE = format('formula "%s" has another name in its "name"', NEW.name),
			HINT = 'Leave "name" out of the formula, or write the same.';
	END IF;
	IF TG_OP = 'INSERT' THEN
		RETURN NEW;
	END IF;
	IF OLD.shipped THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('formula "%s" is shipped with the extension and cannot be changed or deleted', OLD.name),
			HINT = 'Add a formula of another name.';
	END IF;
	IF TG_OP = 'UPDATE' AND NEW.name = OLD.name AND NEW.formula::text = OLD.formula::text THEN
		RETURN NEW;		-- its source or dates
	END IF;

	-- an older snapshot would not see what was scored meanwhile
	IF current_setting('transaction_isolation') <> 'read committed' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_transaction_state',
			MESSAGE = 'formulas can only be changed or deleted in a READ COMMITTED transaction';
	END IF;
	PERFORM pg_advisory_xact_lock(registry.formula_lock(OLD.name));
	-- only tables with a text to compare: reading anything else that someone called
	-- so could run code of theirs
	IF (SELECT count(*) = 2 FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
		WHERE c.oid IN (to_regclass('nser.score'), to_regclass('nser.programme'))
		AND c.relkind = 'r' AND a.attname = 'formula' AND a.atttypid = 'pg_catalog.text'::regtype) THEN
		cited := EXISTS (SELECT FROM ONLY nser.programme AS p WHERE p.formula = OLD.name)
			OR EXISTS (SELECT FROM ONLY nser.score AS s WHERE s.formula = OLD.name);
	END IF;
	IF cited THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('formula "%s" is cited by scores or programmes and cannot be changed or deleted', OLD.name),
			HINT = 'Add a formula of another name; the scores can then be explained for ever.';
	END IF;
	RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END;
$$;
COMMENT ON FUNCTION registry.keep_cited_formula() IS 'trigger: formulas that are shipped or cited stay as they are';

INSERT INTO registry.formula (name, formula, source, effective, shipped) VALUES
('ppi-pakistan-2009', $${
	"name": "ppi-pakistan-2009",
	"source": "Schreiner, M. (2009), Simple Poverty Scorecard: Pakistan, on PSLM 2005-06",
	"direction": "higher_is_better_off",
	"range": [0, 100],
	"terms": [
		{"indicator": "province",
		 "labels": {"balochistan": 0, "khyber_pakhtunkhwa": 9, "sindh": 11, "punjab": 12, "islamabad": 12}},
		{"indicator": "children_0_13", "bands": [[0, 31], [1, 22], [2, 15], [3, 11], [4, 6], [null, 0]]},
		{"indicator": "children_5_13_at_school", "per": "children_5_13", "when_zero": 5, "bands": [[0.999, 0], [null, 5]]},
		{"indicator": "elementary_workers", "bands": [[0, 12], [1, 5], [null, 0]]},
		{"name": "female head or spouse's education",
		 "first_of": [{"when": {"has_female_head_or_spouse": false}, "points": 4},
					  {"when": {"female_head_or_spouse_class": {"min": 1}}, "points": 6}], "otherwise": 0, "unknown": 0},
		{"indicator": "water",
		 "labels": {"piped": 3, "hand_pump": 3, "motor_pump": 3, "covered_well": 3}, "otherwise": 0},
		{"indicator": "toilet",
		 "labels": {"flush_sewer": 4, "flush_septic": 2, "flush_pit": 2, "flush_open_drain": 2}, "otherwise": 0},
		{"any_of": ["refrigerator", "freezer"], "points": 12},
		{"indicator": "television", "points": 3},
		{"any_of": ["motorcycle", "car", "rickshaw"], "points": 12}
	],
	"when_missing": "null"
}$$,
'Published points of the Simple Poverty Scorecard (PPI) for Pakistan: M. Schreiner, 2009, on PSLM 2005-06. '
'Higher is less poor; no points for AJK and GB. BISP''s cut-offs do not apply to it.',
daterange('2009-01-01', NULL), true),

('hies-2015-demo', $${
	"name": "hies-2015-demo",
	"source": "Demonstration, fitted on HIES 2015-16 microdata; not BISP's",
	"direction": "higher_is_better_off",
	"range": [0, 100],
	"terms": [
		{"indicator": "dependants", "bands": [[2, 13.8], [4, 7.5], [6, 3.2], [null, 0]]},
		{"indicator": "head_class", "bands": [[0, 0], [5, 1.7], [10, 4.6], [null, 14.1]]},
		{"indicator": "children_5_16_at_school", "per": "children_5_16", "when_zero": 4.8,
		 "bands": [[0, 0], [0.999, 1.9], [null, 5.7]]},
		{"indicator": "rooms", "per": "members", "bands": [[0.2, 0], [0.3, 3.4], [0.4, 7.8], [null, 15.1]]},
		{"indicator": "toilet",
		 "labels": {"flush_sewer": 7.5, "flush_septic": 7.5, "flush_pit": 7.5, "flush_open_drain": 7.5,
					"dry_raised": 3.9, "dry_pit": 3.9, "other": 3.9, "none": 0}},
		{"indicator": "electricity", "labels": {"none": 0, "own_meter": 4.7, "extension": 4.7}},
		{"indicator": "gas", "labels": {"none": 0, "own_meter": 8.0, "extension": 8.0}},
		{"indicator": "internet", "points": 6.5},
		{"indicator": "mobile_phone", "points": 6.2},
		{"indicator": "computer", "points": 5.0},
		{"indicator": "landline", "points": 13.4}
	],
	"when_missing": "null"
}$$,
'Demonstration points: least squares of log monthly expenditure per head on the public microdata of HIES 2015-16 (PBS). '
'Fitted in the open to show how scoring works; not BISP''s, and not for any decision about people. '
'A toilet of another kind counts as a dry one: a reading of ours.',
daterange('2015-01-01', NULL), true),

('psc-2010', $${
	"name": "psc-2010",
	"source": "Structure of the Poverty Scorecard 2009-10: Schreiner, appendix B; the points are not public",
	"direction": "higher_is_better_off",
	"range": [0, 100],
	"terms": [
		{"indicator": "dependants", "bands": [[2, null], [4, null], [6, null], [null, null]]},
		{"name": "head's education",
		 "first_of": [{"when": {"head_ever_attended": false}, "points": null},
					  {"when": {"head_class": {"max": 5}}, "points": null},
					  {"when": {"head_class": {"max": 10}}, "points": null}], "otherwise": null},
		{"indicator": "children_5_16_at_school", "per": "children_5_16", "when_zero": null,
		 "bands": [[0, null], [0.999, null], [null, null]]},
		{"indicator": "rooms", "per": "members", "bands": [[0.2, null], [0.3, null], [0.4, null], [null, null]]},
		{"indicator": "toilet",
		 "labels": {"flush_sewer": null, "flush_septic": null, "flush_pit": null, "flush_open_drain": null,
					"dry_raised": null, "dry_pit": null, "none": null}},
		{"any_of": ["refrigerator", "freezer", "washing_machine"], "points": null},
		{"any_of": ["air_conditioner", "air_cooler", "geyser", "heater"], "points": null},
		{"any_of": ["cooking_stove", "cooking_range", "microwave"], "points": null},
		{"name": "engine vehicles",
		 "first_of": [{"when": {"any_of": ["car", "tractor"], "motorcycle": true}, "points": null},
					  {"when": {"any_of": ["car", "tractor"]}, "points": null},
					  {"when": {"motorcycle": true}, "points": null}], "otherwise": null},
		{"indicator": "television", "points": null},
		{"name": "livestock",
		 "first_of": [{"when": {"buffaloes": true, "any_of": ["cows", "goats", "sheep"]}, "points": null},
					  {"when": {"buffaloes": true}, "points": null},
					  {"when": {"any_of": ["cows", "goats", "sheep"]}, "points": null}], "otherwise": null},
		{"name": "land", "indicator": "land_kanals", "bands": [[0, null], [100, null], [null, null]]}
	],
	"when_missing": "null"
}$$,
'Structure only of the Poverty Scorecard of 2009-10 (Schreiner, appendix B): the official points are not public, so it refuses to score. '
'Land is banded at 12.5 acres; some sources say hectares.',
daterange('2010-01-01', '2017-01-01'), true);

CREATE TRIGGER formula_kept BEFORE INSERT OR UPDATE OR DELETE ON registry.formula
	FOR EACH ROW EXECUTE FUNCTION registry.keep_cited_formula();
CREATE TRIGGER formulas_kept BEFORE TRUNCATE ON registry.formula
	FOR EACH STATEMENT EXECUTE FUNCTION registry.keep_cited_formula();
