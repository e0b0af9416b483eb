
-- quality: checks are rows, and one pass over surveys evaluates them all ----------
--
-- A check is a condition on one survey, over aliases that its scope has; those of a
-- scope are put into one statement, so that a nation is read once a scope however
-- many checks there are.  The owner's conditions are the owner's SQL: they run when
-- the owner himself calls, and for nobody else, a superuser included.

-- The answers a text mentions as a.rooms, as columns: codes as their labels, flags as
-- booleans.  Only those, as every column is planned; in PL/pgSQL, which keeps the plan of
-- this for the next call, as SQL does not.
CREATE FUNCTION registry.answer_columns(mentioned text, alias text, indicators text) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $source$
BEGIN
	RETURN (SELECT format('CROSS JOIN LATERAL (SELECT %s) AS %s', concat_ws(', ', '1 AS survey', string_agg(format(
		CASE c.kind WHEN 'code' THEN '%1$s OPERATOR(registry.->>) %2$L AS %2$I'
			WHEN 'flag' THEN '(%1$s OPERATOR(registry.->) %2$L) = 1 AS %2$I' ELSE '%1$s OPERATOR(registry.->) %2$L AS %2$I' END,
		answer_columns.indicators, c.name), ', ' ORDER BY c.position)), answer_columns.alias)
	FROM registry.codebook() AS c
	WHERE c.name IN (SELECT m.names[1] FROM regexp_matches(answer_columns.mentioned, format('\m%s\.(\w+)', answer_columns.alias), 'g') AS m (names)));
END;
$source$;
COMMENT ON FUNCTION registry.answer_columns(text, text, text) IS
	'part of a FROM clause: the answers that a text mentions under an alias, as columns of the expression indicators';

-- What the checks of a scope are asked of; $1 and $2 are the first and last household,
-- $3 the area, $4 the households.
CREATE FUNCTION registry.quality_source(scope text, mentioned text, is_listed boolean) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $source$
BEGIN
	RETURN (SELECT concat_ws(E'\n', 'FROM nser.household AS h', x.surveys,
		'LEFT JOIN nser.quality_form AS f ON f.form_version = s.form_version',
		'LEFT JOIN nser.area_summary AS u ON u.area OPERATOR(registry.=) registry.ancestor(h.area, ''union_council'')',
		$$CROSS JOIN LATERAL (SELECT extract(epoch FROM s.submitted_at - s.started_at) / 60 AS minutes,
			extract(hour FROM s.submitted_at AT TIME ZONE 'Asia/Karachi') AS hour) AS t$$,
		registry.answer_columns(quality_source.mentioned, 'a', 's.indicators'), x.more,
		format('WHERE h.area OPERATOR(registry.<@) $3 AND %s AND %s', replace(x.range, '%', 'h'), x.kept))
	FROM (SELECT r.range,
			CASE quality_source.scope
				WHEN 'shared' THEN 'JOIN nser.survey AS s ON s.household_id = h.household_id AND s.survey_id = h.current_survey'
				WHEN 'change' THEN format('JOIN (SELECT v.*, lag(v.indicators) OVER w AS before_answers, lag(v.submitted_at) OVER w AS before_at
					FROM nser.survey AS v WHERE %s WINDOW w AS (PARTITION BY v.household_id ORDER BY v.submitted_at, v.survey_id)) AS s
					ON s.household_id = h.household_id', replace(r.range, '%', 'v'))
				ELSE 'JOIN nser.survey AS s ON s.household_id = h.household_id' END AS surveys,
			CASE quality_source.scope
				WHEN 'member' THEN 'CROSS JOIN LATERAL registry.members(s.roster) AS m'
				WHEN 'change' THEN concat_ws(E'\n', registry.answer_columns(quality_source.mentioned, 'b', 's.before_answers'),
					'CROSS JOIN LATERAL (SELECT s.before_answers AS indicators, s.before_at AS submitted_at,
						extract(epoch FROM s.submitted_at - s.before_at) / 2629746 AS months) AS p')
				WHEN 'shared' THEN format($$
					LEFT JOIN (SELECT o.phone, count(*) AS households
						FROM (SELECT DISTINCT h.phone FROM nser.household AS h
							  WHERE h.area OPERATOR(registry.<@) $3 AND %1$s AND h.phone IS NOT NULL) AS asked
						JOIN nser.household AS o ON o.phone OPERATOR(registry.=) asked.phone AND o.status = 'registered'
						GROUP BY o.phone) AS by_phone ON by_phone.phone OPERATOR(registry.=) h.phone
					LEFT JOIN (SELECT asked.area, asked.hash, count(*) AS households
						FROM (SELECT DISTINCT h.area, registry.address_hash(h.address) AS hash FROM nser.household AS h
							  WHERE h.area OPERATOR(registry.<@) $3 AND %1$s AND h.address IS NOT NULL) AS asked
						JOIN nser.household AS o ON registry.address_hash(o.address) = asked.hash AND o.area OPERATOR(registry.=) asked.area
							AND o.status = 'registered' AND o.address IS NOT NULL
						GROUP BY asked.area, asked.hash) AS by_address
						ON by_address.area OPERATOR(registry.=) h.area AND by_address.hash = registry.address_hash(h.address)
					LEFT JOIN (SELECT d.household_id, count(*) AS pairs
						FROM (SELECT h.household_id FROM nser.duplicate_review AS h WHERE h.state = 'open' AND %1$s
							  UNION ALL
							  SELECT h.household_id FROM (SELECT r.other_household AS household_id, r.household_id AS other, r.state FROM nser.duplicate_review AS r) AS h
							  WHERE h.state = 'open' AND h.other <> h.household_id AND %1$s) AS d
						GROUP BY d.household_id) AS pair ON pair.household_id = h.household_id
					CROSS JOIN LATERAL (SELECT by_phone.households AS phone_households, by_address.households AS address_households,
						coalesce(pair.pairs, 0) AS open_pairs) AS x$$, replace(r.range, '%', 'h')) END AS more,
			CASE quality_source.scope
				WHEN 'shared' THEN 'h.status = ''registered''' WHEN 'change' THEN 's.before_answers IS NOT NULL'
				WHEN 'member' THEN 's.roster IS NOT NULL' ELSE 'true' END
				|| CASE WHEN quality_source.scope <> 'change' THEN ' AND ' || replace(r.range, '%', 's') ELSE '' END AS kept
		  FROM (SELECT CASE WHEN quality_source.is_listed THEN '%.household_id = ANY ($4)'
						ELSE '%.household_id BETWEEN $1 AND $2' END AS range) AS r) AS x);
END;
$source$;
COMMENT ON FUNCTION registry.quality_source(text, text, boolean) IS
	'FROM and WHERE of the surveys that checks of a scope are asked of, with the aliases they may use (docs/quality.md); '
	'parameters: first and last household, area, and the households, where they are listed';

CREATE FUNCTION registry.address_hash(address text) RETURNS bigint
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN hashtextextended(translate(lower(address COLLATE "C"), ' .,-/#', ''), 0);
COMMENT ON FUNCTION registry.address_hash(text) IS
	'equal for addresses that differ in blanks, case of Latin letters and ". , - / #" alone; NULL of none';

CREATE FUNCTION registry.require_check_owner() RETURNS void
	LANGUAGE plpgsql STABLE
AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM pg_class AS c WHERE c.oid = 'nser.quality_check'::regclass AND pg_get_userbyid(c.relowner) = current_user) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'insufficient_privilege',
			MESSAGE = 'checks are written and run by the owner of nser.quality_check alone',
			HINT = 'They hold the owner''s SQL, which would run with your rights: SET ROLE to the owner first.';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.require_check_owner() IS 'refuse whoever is not the owner of nser.quality_check, a superuser included';

-- In a function that is not volatile, so that what is tried is no command that writes,
-- though what it calls may; by a cursor, which takes one statement.
CREATE FUNCTION registry.try_check(scope text, predicate text, measure text) RETURNS void
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	first_ones	CONSTANT bigint[] := ARRAY(SELECT h.household_id FROM nser.household AS h ORDER BY h.household_id LIMIT 100);
	source		CONSTANT text := registry.quality_source(try_check.scope, concat(try_check.predicate, ' ', try_check.measure), true);
	trial		refcursor;
BEGIN
	-- in a condition there are neither aggregates nor rows of their own
	OPEN trial FOR EXECUTE format(E'SELECT (%s\n)::numeric %s AND CASE WHEN (%s\n) THEN true END', coalesce(try_check.measure, '0'), source, try_check.predicate)
		USING NULL::bigint, NULL::bigint, 'PK'::registry.area_code, first_ones;
	MOVE ALL IN trial;
	CLOSE trial;
END;
$$;
COMMENT ON FUNCTION registry.try_check(text, text, text) IS
	'evaluate a condition and a measure on the surveys of the first hundred households; fails where they are not SQL over the aliases of the scope, '
	'no boolean and no number, or fail on a survey';

CREATE FUNCTION registry.check_quality_check() RETURNS trigger
	LANGUAGE plpgsql
AS $$
DECLARE
	state	text;
	reason	text;
BEGIN
	PERFORM registry.require_check_owner();
	-- one that failed can be put aside
	IF NEW.scope = 'routine' OR NOT NEW.enabled THEN
		RETURN NEW;
	END IF;
	BEGIN
		PERFORM registry.try_check(NEW.scope, NEW.predicate, NEW.measure);
	EXCEPTION WHEN OTHERS THEN
		GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, reason = MESSAGE_TEXT;
		RAISE EXCEPTION USING
			ERRCODE = state,
			MESSAGE = format('check %s cannot be asked of a survey', NEW.name),
			-- what failed on a survey may quote it
			DETAIL = CASE WHEN left(state, 2) IN ('42', '0A') OR state = '25006' THEN reason ELSE format('It failed on a survey with SQLSTATE %s.', state) END,
			HINT = 'The predicate is a condition over the aliases of its scope, as a.rooms > 20; the measure is a number, as a.rooms.';
	END;
	RETURN NEW;
END;
$$;
COMMENT ON FUNCTION registry.check_quality_check() IS
	'trigger of nser.quality_check: the owner writes it, and the condition and measure of one that is enabled have been tried on surveys';

CREATE FUNCTION registry.forget_check() RETURNS trigger
	LANGUAGE plpgsql
AS $$
BEGIN
	IF NEW.name IS DISTINCT FROM OLD.name THEN
		DELETE FROM nser.quality_flag AS q WHERE q.check_name = OLD.name;
	END IF;
	RETURN NULL;
END;
$$;
COMMENT ON FUNCTION registry.forget_check() IS 'trigger of nser.quality_check: the flags of a check go with it, or with its name';

-- By what operators and centres are compared.
CREATE FUNCTION registry.check_quality_measure() RETURNS trigger
	LANGUAGE plpgsql
AS $$
DECLARE
	kind	text;
	labels	text[];
BEGIN
	IF NEW.kind <> 'answer' THEN
		RETURN NEW;
	END IF;
	SELECT c.kind, c.labels INTO kind, labels FROM registry.codebook() AS c WHERE c.name = NEW.indicator AND c.name NOT LIKE 'reserved%';
	IF kind IS NULL OR (kind = 'code') <> (NEW.label IS NOT NULL) OR NEW.label <> ALL (labels) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('measure %s asks for no answer of the codebook', NEW.name),
			HINT = 'Name an indicator of registry.codebook(), with one of its labels where it is a code, else with at_least.';
	END IF;
	RETURN NEW;
END;
$$;
COMMENT ON FUNCTION registry.check_quality_measure() IS 'trigger of nser.quality_measure: the answer is one of the codebook';
