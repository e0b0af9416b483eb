
-- make_records: a release of anonymized or geo-tagged records ------------------------

CREATE FUNCTION registry.make_records(release_id bigint, OUT rows bigint, OUT persons bigint, OUT households bigint, OUT losses jsonb, OUT checks jsonb)
	LANGUAGE plpgsql
	SET work_mem = '256MB'
	SET jit = off
AS $$
DECLARE
	asked	record;
	policy	record;
	wanted	text[];
	levels	text[];
	columns	text[];
	coded	record;
	way		record;
	item	record;
	n		integer;
	attributes	text[] := '{}'::text[];
	codes	integer[] := '{}'::integer[];
	steps	integer[] := '{}'::integer[];
	sizes	integer[] := '{}'::integer[];
	coarser	integer[] := '{}'::integer[];
	lost	integer[] := '{}'::integer[];
	weights	integer[] := '{}'::integer[];
	sensitive	integer[] := '{}'::integer[];
	public_step	integer[] := '{}'::integer[];
	everybody	bigint;
	shown	jsonb := '{}'::jsonb;
	level	text := 'all';
	names	text[] := '{}'::text[];
	sources	text[] := '{}'::text[];
	quasi	name[];
	told	name[];
	keyed	boolean := false;
	together	record;
	reached	record;
	diverse	jsonb := '{}'::jsonb;
	target	regclass;
BEGIN
	SELECT r.category, r.attributes, r.level, r.area, r.member_types, r.with_household, l.relation, l.agreement_id INTO asked
	FROM nser.release AS l
	JOIN nser.agreement AS a ON a.agreement_id = l.agreement_id
	JOIN nser.data_request AS r ON r.request_id = a.request_id
	WHERE l.release_id = make_records.release_id;
	IF NOT FOUND OR asked.category NOT IN ('anonymized', 'geo_tagged') OR asked.relation IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'records are made for a release of anonymized or geo-tagged records that has a table',
			HINT = 'registry.publish(agreement_id) makes the release, and its records.';
	END IF;
	SELECT p.k, p.l, p.max_loss INTO policy FROM registry.share_policy_on() AS p;
	IF 'disabled' = ANY (asked.member_types) THEN
		PERFORM registry.refuse_records('records of the disabled would say of each that she is', 'Ask for everybody, with the attribute disabled.');
	END IF;

	-- an exact score is never among them, nor an area finer than a tehsil
	wanted := ARRAY(SELECT x.attribute
					FROM (SELECT CASE u.attribute WHEN 'score' THEN 'score_band' ELSE u.attribute END AS attribute, min(u.no) AS no
						  FROM unnest(asked.attributes) WITH ORDINALITY AS u (attribute, no) WHERE u.attribute <> 'area' GROUP BY 1) AS x
					ORDER BY x.no);
	levels := ARRAY(SELECT v.level FROM unnest('{cell,tehsil,district,division,province}'::text[]) WITH ORDINALITY AS v (level, no)
					WHERE CASE v.level WHEN 'cell' THEN asked.category = 'geo_tagged' AND asked.level >= 'tehsil' ELSE asked.level >= v.level::registry.area_level END
					ORDER BY v.no);
	PERFORM registry.share_base(make_records.release_id, wanted, levels, asked.area, policy.k);
	SELECT count(*), bool_and(b."area/division" IS NOT NULL) AS divided INTO everybody, keyed FROM pg_temp.registry_share_base AS b;
	IF everybody = 0 THEN
		PERFORM registry.refuse_records('there are no records to show', 'Ask for a larger area, or more of the households.');
	END IF;
	IF everybody * (cardinality(wanted) + 1) > 200000000 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'program_limit_exceeded',
			MESSAGE = 'records times attributes are more than 200 million',
			HINT = 'Ask province by province, such as area ''PK6'', or for fewer attributes.';
	END IF;
	IF NOT keyed THEN
		levels := array_remove(levels, 'division');
	END IF;

	FOR item IN
		SELECT x.attribute, x.columns, x.sensitive, x.weight
		FROM (SELECT 0 AS no, 'area' AS attribute, ARRAY(SELECT 'area/' || v.level FROM unnest(levels) WITH ORDINALITY AS v (level, no) ORDER BY v.no) AS columns,
					 -- geo-tagged records are for where people are
					 0 AS sensitive, CASE WHEN 'cell' = ANY (levels) THEN greatest(cardinality(wanted), 1) ELSE 1 END AS weight
			  UNION ALL
			  SELECT w.no, w.attribute, ARRAY(SELECT CASE c.step WHEN 0 THEN w.attribute ELSE format('%s/%s', w.attribute, c.step) END
											  FROM registry.share_columns() AS c WHERE c.attribute = w.attribute ORDER BY c.step), t.sensitive::integer, 1
			  FROM unnest(wanted) WITH ORDINALITY AS w (attribute, no)
			  JOIN nser.share_attribute AS t ON t.attribute = w.attribute) AS x
		WHERE x.columns <> '{}'
		ORDER BY x.no
	LOOP
		SELECT c.codes, c.size, c.coarser, c.losses INTO coded FROM registry.share_codes(item.attribute, item.columns) AS c;
		attributes := attributes || item.attribute;
		codes := codes || coded.codes;
		steps := steps || cardinality(item.columns);
		sizes := sizes || coded.size;
		coarser := coarser || coded.coarser;
		lost := lost || coded.losses;
		weights := weights || item.weight;
		sensitive := sensitive || item.sensitive;
		-- totals for everybody stop at the district
		public_step := public_step || CASE item.attribute WHEN 'area' THEN coalesce(array_position(levels, 'district') - 1, 0) ELSE 0 END;
	END LOOP;
	SELECT w.step, w.left_out, w.loss, w.tried INTO way
	FROM registry.least_coarse((SELECT array_agg(b.household ORDER BY b.no) FROM pg_temp.registry_share_base AS b), codes, steps, sizes, coarser, lost,
		weights, sensitive, public_step, policy.k, policy.l, floor(everybody * policy.max_loss)::bigint) AS w;
	codes := NULL;
	IF way.step IS NULL THEN
		PERFORM registry.refuse_records(format('no way of showing these records has %s persons and households in each group', policy.k),
			'Ask for a larger area, or more of the households.');
	END IF;
	DELETE FROM pg_temp.registry_share_base AS b USING unnest(way.left_out) AS o (no) WHERE b.no = o.no;

	-- what is shown of what, and from which column
	n := 0;
	FOR item IN SELECT a.attribute, a.no::integer AS no, way.step[a.no] AS step, steps[a.no] AS steps, sensitive[a.no] = 1 AS sensitive
		FROM unnest(attributes) WITH ORDINALITY AS a (attribute, no) ORDER BY a.no
	LOOP
		IF item.attribute = 'area' THEN
			level := coalesce(levels[item.step + 1], 'all');
			shown := shown || jsonb_build_object('area', jsonb_build_object('level', level, 'lost', CASE WHEN level = 'all' THEN 1 ELSE trim_scale(lost[n + item.step + 1] / 1e6) END));
		ELSE
			shown := shown || jsonb_build_object(item.attribute, jsonb_build_object('step', CASE WHEN item.step < item.steps THEN item.step END,
				'lost', CASE WHEN item.step < item.steps THEN trim_scale(lost[n + item.step + 1] / 1e6) ELSE 1 END));
			IF item.step < item.steps THEN
				names := names || item.attribute;
				sources := sources || CASE item.step WHEN 0 THEN item.attribute ELSE format('%s/%s', item.attribute, item.step) END;
				IF item.sensitive THEN
					told := told || item.attribute::name;
				END IF;
			END IF;
		END IF;
		n := n + item.steps;
	END LOOP;
	told := coalesce(told, '{}');

	-- a key of households tells of all members together
	keyed := false;
	SELECT NULL::bigint AS smallest, NULL::bigint AS households_under_2, NULL::bigint AS least_diverse INTO together;
	IF asked.with_household THEN
		SELECT f.smallest, f.households_under_2, f.least_diverse INTO together
		FROM registry.household_anonymity('pg_temp.registry_share_base', (sources || CASE WHEN level = 'all' THEN '{}' ELSE ARRAY['area/' || level] END)::name[], 'household_id',
			ARRAY(SELECT s.source FROM unnest(names, sources) AS s (name, source) WHERE s.name::name = ANY (told))::name[]) AS f;
		keyed := together.smallest >= policy.k AND coalesce(together.least_diverse >= policy.l, true);
	END IF;
	PERFORM registry.store_records(asked.relation, asked.agreement_id, level, asked.area, asked.with_household, keyed, names, sources);

	-- what is stored, with the households it is of
	target := format('release.%I', asked.relation)::regclass;
	quasi := ARRAY(SELECT x.name::name FROM unnest('{area}'::text[] || CASE WHEN level = 'cell' THEN '{cell}'::text[] ELSE '{}' END || names) AS x (name)
				   WHERE NOT x.name::name = ANY (told));
	SELECT a.groups, a.smallest_persons, a.smallest_households INTO reached FROM registry.anonymity('pg_temp.registry_share_stored', quasi, 'registry_household') AS a;
	FOR item IN SELECT t.name, registry.diversity(target, quasi, t.name) AS values FROM unnest(told) AS t (name) LOOP
		diverse := diverse || jsonb_build_object(item.name, item.values);
		reached.smallest_persons := CASE WHEN coalesce(item.values, policy.l) < policy.l THEN 0 ELSE reached.smallest_persons END;
	END LOOP;
	IF NOT coalesce(reached.smallest_persons >= policy.k AND reached.smallest_households >= policy.k, false) THEN
		PERFORM registry.refuse_records('what was stored is not as anonymous as it was made', 'Nothing was released; the records changed while they were made: try again.');
	END IF;

	DROP VIEW pg_temp.registry_share_stored;

	INSERT INTO nser.release_subject (household_id, release_id, area, lines)
	SELECT b.household_id, make_records.release_id, b.area, array_agg(b.line ORDER BY b.line)
	FROM pg_temp.registry_share_base AS b GROUP BY b.household_id, b.area;
	GET DIAGNOSTICS households = ROW_COUNT;
	EXECUTE format('SELECT count(*) FROM %s', target) INTO rows;
	persons := rows;
	losses := jsonb_build_object('loss', trim_scale(way.loss / 1e6), 'left_out', cardinality(way.left_out), 'attributes', shown);
	checks := jsonb_build_object('k', policy.k, 'l', policy.l, 'groups', reached.groups, 'smallest_persons', reached.smallest_persons,
			'smallest_households', reached.smallest_households, 'diversity', diverse, 'ways_tried', way.tried,
			'household_key', CASE WHEN NOT asked.with_household THEN 'not asked for' WHEN keyed THEN 'shown' ELSE 'dropped' END)
		|| CASE WHEN asked.with_household THEN jsonb_build_object('fingerprint_households', together.smallest, 'unique_households', together.households_under_2) ELSE '{}' END;
END;
$$;
COMMENT ON FUNCTION registry.make_records(bigint) IS
	'fills the table of a release with records of persons under pseudonyms: attributes and areas at the steps that lose least while every group '
	'holds k persons, k households and l values of what is sensitive; a household''s key is NULL for all unless k households share what is shown '
	'of all members; returns the rows, persons and households shown, what was lost, and what was measured on what is stored; refused (RG024) '
	'where it cannot be reached';
