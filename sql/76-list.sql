
-- list: beneficiaries by name, which are read on record -------------------------------

CREATE FUNCTION registry.make_list(release_id bigint, OUT rows bigint, OUT persons bigint, OUT households bigint, OUT losses jsonb, OUT checks jsonb)
	LANGUAGE plpgsql
	SET client_min_messages = warning
AS $$
DECLARE
	asked	record;
	shown	text[];
	told	record;
BEGIN
	SELECT r.relation, a.category, q.programme, q.member_types, q.with_cnic, q.formula, q.level,
		CASE a.category WHEN 'beneficiary_dimensions' THEN q.attributes ELSE '{}' END AS attributes
	INTO asked
	FROM nser.release AS r
	JOIN nser.agreement AS a ON a.agreement_id = r.agreement_id
	JOIN nser.data_request AS q ON q.request_id = a.request_id
	WHERE r.release_id = make_list.release_id AND a.category IN ('beneficiary_list', 'beneficiary_dimensions');
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG022',
			MESSAGE = format('release %s is not one of a list', coalesce(make_list.release_id::text, 'NULL')),
			HINT = 'Lists are of categories beneficiary_list and beneficiary_dimensions.';
	END IF;
	IF NOT EXISTS (SELECT FROM nser.programme AS p WHERE p.code = asked.programme) OR asked.formula IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG022',
			MESSAGE = 'a list is of the beneficiaries of a programme, with their poverty level by a formula',
			HINT = 'The request names both: programme ''kafaalat'', formula ''hies-2015-demo''.';
	END IF;
	-- the area is that of the address, by its level, and the level of poverty is there anyway
	shown := ARRAY(SELECT x.attribute FROM unnest(asked.attributes) WITH ORDINALITY AS x (attribute, no)
				   WHERE x.attribute NOT IN ('area', 'score_band') GROUP BY x.attribute ORDER BY min(x.no));

	-- by one statement: whoever is shown is whose record says so
	DROP TABLE IF EXISTS pg_temp.registry_share_list;
	EXECUTE format('CREATE TEMPORARY TABLE registry_share_list ON COMMIT DROP AS'
		' SELECT q.household_id AS registry_household, q.line AS registry_line, h.area AS registry_area, m.cnic AS registry_cnic, m.name, h.address, q.poverty_level%s'
		' FROM (%s) AS q (household_id, line, lives_in, poverty_level%s)'
		' JOIN nser.household AS h ON h.household_id = q.household_id'
		' JOIN nser.member AS m ON m.household_id = q.household_id AND m.line = q.line AND m.valid_to IS NULL AND m.superseded_at IS NULL'
		' WHERE EXISTS (%s)',
		CASE WHEN asked.with_cnic THEN ', m.cnic' ELSE '' END
			|| CASE WHEN 'area' = ANY (asked.attributes) THEN format(', coalesce(registry.ancestor(h.area, %L), h.area) AS area', asked.level) ELSE '' END
			|| CASE WHEN 'score_band' = ANY (asked.attributes) THEN ', q.poverty_level AS score_band' ELSE '' END
			|| coalesce((SELECT string_agg(format(', q.%I', x.attribute), '' ORDER BY x.no) FROM unnest(shown) WITH ORDINALITY AS x (attribute, no)), ''),
		registry.share_source(make_list.release_id, '{score_band}'::text[] || shown, 'person'),
		coalesce((SELECT string_agg(format(', %I', x.attribute), '' ORDER BY x.no) FROM unnest(shown) WITH ORDINALITY AS x (attribute, no)), ''),
		registry.list_holders(asked.programme, asked.member_types));
	EXECUTE format('CREATE TABLE release.%I AS SELECT %s FROM pg_temp.registry_share_list AS l ORDER BY l.name COLLATE "C", l.address COLLATE "C", l.registry_cnic',
		asked.relation, (SELECT string_agg(format('l.%I', a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute AS a
						 WHERE a.attrelid = 'pg_temp.registry_share_list'::regclass AND a.attnum > 4));
	INSERT INTO nser.release_subject (household_id, release_id, area, lines)
	SELECT l.registry_household, make_list.release_id, l.registry_area, array_agg(l.registry_line ORDER BY l.registry_line)
	FROM pg_temp.registry_share_list AS l GROUP BY l.registry_household, l.registry_area;
	DROP TABLE pg_temp.registry_share_list;

	-- what the planner knows of a list, EXPLAIN would tell who has not opened it
	FOR told IN
		SELECT a.attname AS name FROM pg_attribute AS a
		WHERE a.attrelid = format('release.%I', asked.relation)::regclass AND a.attnum > 0
	LOOP
		EXECUTE format('ALTER TABLE release.%I ALTER COLUMN %I SET STATISTICS 0', asked.relation, told.name);
	END LOOP;
	IF asked.with_cnic THEN
		EXECUTE format('CREATE INDEX ON release.%I (cnic)', asked.relation);
		EXECUTE format('COMMENT ON COLUMN release.%I.cnic IS ''identity number; NULL where there is none''', asked.relation);
	END IF;
	EXECUTE format('COMMENT ON TABLE release.%I IS %L', asked.relation, format('release %s: beneficiaries of %s', make_list.release_id, asked.programme));
	EXECUTE format('COMMENT ON COLUMN release.%I.name IS ''name''', asked.relation);
	EXECUTE format('COMMENT ON COLUMN release.%I.address IS ''address of the household; NULL where it is not known''', asked.relation);
	EXECUTE format('COMMENT ON COLUMN release.%I.poverty_level IS ''band of the poverty score, low = poor; NULL where it is not known''', asked.relation);
	EXECUTE format('ANALYZE release.%I', asked.relation);

	EXECUTE format('SELECT count(*) FROM release.%I', asked.relation) INTO rows;
	SELECT sum(cardinality(s.lines)), count(*) INTO persons, households FROM nser.release_subject AS s WHERE s.release_id = make_list.release_id;
	persons := coalesce(persons, 0);
	losses := '{}';
	checks := jsonb_build_object('named', true, 'with_cnic', asked.with_cnic);
END;
$$;
COMMENT ON FUNCTION registry.make_list(bigint) IS
	'make the table of a list: beneficiaries of the request''s programme today, within its area, scores and member types, with name, address and '
	'band of poverty, with the number where that was agreed, and the attributes of beneficiary_dimensions; never a place or telephone; of a household that is '
	'enrolled as a whole, who receives, else its head, or who is meant by the member types; the owner''s';

-- Of h and m of registry.make_list().
CREATE FUNCTION registry.list_holders(programme text, member_types text[]) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN format('SELECT FROM nser.enrolment AS e WHERE e.household_id = h.household_id AND e.programme = %L AND e.exited_on IS NULL'
		' AND CASE WHEN e.line IS NOT NULL THEN e.line = m.line %s END', programme,
		CASE WHEN member_types = '{}' THEN
			'WHEN EXISTS (SELECT FROM nser.member AS x WHERE x.household_id = h.household_id AND x.cnic OPERATOR(registry.=) e.recipient'
			' AND x.valid_to IS NULL AND x.superseded_at IS NULL) THEN m.cnic OPERATOR(registry.=) e.recipient ELSE m.relationship = ''head'''
			ELSE 'ELSE true' END);
COMMENT ON FUNCTION registry.list_holders(text, text[]) IS
	'SQL that finds a row where a member m of a household h stands for an open enrolment in a programme';

CREATE FUNCTION registry.open_list_as(agreement_id bigint, why text) RETURNS uuid
	LANGUAGE plpgsql
AS $$
DECLARE
	opened	record;
BEGIN
	PERFORM registry.agreement_in_force(open_list_as.agreement_id, session_user);
	IF coalesce(open_list_as.why !~ '[^[:space:]]', true) OR length(open_list_as.why) > 1000 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'who opens a list of names says why, in at most 1000 characters',
			HINT = 'SELECT registry.open_list(1, ''payments of the first quarter'');';
	END IF;
	INSERT INTO nser.list_opening AS t (agreement_id, release_id, why)
	SELECT r.agreement_id, r.release_id, open_list_as.why
	FROM nser.release AS r
	JOIN nser.agreement AS a ON a.agreement_id = r.agreement_id
	WHERE r.agreement_id = open_list_as.agreement_id AND r.state = 'published' AND a.category IN ('beneficiary_list', 'beneficiary_dimensions')
	RETURNING t.ticket, t.release_id, (SELECT r.rows FROM nser.release AS r WHERE r.release_id = t.release_id) AS rows INTO opened;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG023',
			MESSAGE = 'this agreement has no list to open',
			HINT = 'share.my_agreements lists yours, what each is of, and its view.';
	END IF;
	PERFORM registry.log_read(open_list_as.agreement_id, 'open_list', opened.release_id, opened.rows, opened.ticket);
	RETURN opened.ticket;
END;
$$;
COMMENT ON FUNCTION registry.open_list_as(bigint, text) IS 'what share.open_list() does by the owner''s rights, for who is logged in';

CREATE FUNCTION registry.open_list(agreement_id bigint, why text) RETURNS uuid
	LANGUAGE plpgsql
AS $$
BEGIN
	RETURN share.open_list(open_list.agreement_id, open_list.why);
END;
$$;
COMMENT ON FUNCTION registry.open_list(bigint, text) IS
	'open the list of names of an agreement of the login''s own, for an hour, and say why: from the commit on, its view shows rows to that login; '
	'returns the ticket under which nser.read_log has it; refused: an agreement that is not in force or not the login''s, alike (RG023)';
