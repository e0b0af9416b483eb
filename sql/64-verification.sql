
-- verification: people as the registry and as NADRA describe them -------------------
--
-- NADRA's answers are in nser.nadra_record.  One statement compares: the members of
-- a household, or of a range of them, or of a roster that was submitted.  What is
-- found is told by the names of fields, never by values.

CREATE FUNCTION registry.names_agree(text, text) RETURNS boolean
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	-- the keys forgive spelling; the number is the same, so that less than all words do
	RETURN CASE WHEN registry.name_key($1) IS NOT NULL AND registry.name_key($2) IS NOT NULL
		THEN registry.name_agreement($1, $2) > 0::real END;
COMMENT ON FUNCTION registry.names_agree(text, text) IS
	'whether two spellings may be one name: all words of one, by registry.name_key(), are in the other; NULL where one has no Latin letter';

CREATE FUNCTION registry.birth_dates_agree(date, date) RETURNS boolean
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN $1 = $2 OR extract(year FROM $1) = extract(year FROM $2) AND 1 IN (extract(doy FROM $1), extract(doy FROM $2));
COMMENT ON FUNCTION registry.birth_dates_agree(date, date) IS
	'whether two dates of birth may be one: the same, or of the same year where one is 1 January, which stands for a year alone';

CREATE FUNCTION registry.is_payable(outcome text, fields text[]) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN coalesce(outcome = 'verified' OR outcome = 'mismatch' AND fields <@ '{alpha,beta}'::text[], false);
COMMENT ON FUNCTION registry.is_payable(text, text[]) IS
	'whether who has such a verification may be paid: verified, or differing in alpha or beta alone, as the family tree is a check and '
	'no condition; false of any other outcome and of none';

-- Live rows of a range of households, or, of one household, the roster that was
-- submitted: what that leaves out of a known person is as it stands.
CREATE FUNCTION registry.judge_members(first_household bigint, last_household bigint, members jsonb DEFAULT NULL,
		OUT household_id bigint, OUT line integer, OUT version integer, OUT area registry.area_code, OUT outcome text,
		OUT fields text[], OUT unknown text[], OUT as_of date)
	RETURNS SETOF record
	LANGUAGE plpgsql STABLE ROWS 6
AS $$
BEGIN
	-- where row security hides the answers, nobody would be found
	IF row_security_active('nser.nadra_record') THEN
		IF NOT EXISTS (SELECT FROM pg_policy AS p CROSS JOIN LATERAL unnest(p.polroles) AS r (role)
					   WHERE p.polrelid = 'nser.nadra_record'::regclass AND (r.role = 0 OR pg_has_role(r.role, 'USAGE'))) THEN
			RAISE EXCEPTION USING
				ERRCODE = 'insufficient_privilege',
				MESSAGE = 'NADRA''s answers are not shown to this role, and without them nobody is found',
				HINT = 'The owner of the store verifies, or a role of the nation: registry.limit_role(''verification'', ''PK'').';
		END IF;
	END IF;
	RETURN QUERY
		WITH person AS (
			SELECT m.household_id, m.line::integer, m.version, m.area, m.name, m.cnic, m.sex, m.birth_date,
				m.spouse_line::integer, m.father_line::integer, m.mother_line::integer
			FROM nser.member AS m
			WHERE judge_members.members IS NULL
			AND m.household_id BETWEEN judge_members.first_household AND judge_members.last_household
			AND m.valid_to IS NULL AND m.superseded_at IS NULL
			UNION ALL
			SELECT judge_members.first_household, (j.one ->> 'line')::integer, m.version, m.area,
				CASE WHEN j.one ? 'name' THEN j.one ->> 'name' ELSE m.name END,
				CASE WHEN j.one ? 'cnic' THEN (j.one ->> 'cnic')::registry.cnic ELSE m.cnic END,
				CASE WHEN j.one ? 'sex' THEN (j.one ->> 'sex')::registry.sex ELSE m.sex END,
				CASE WHEN j.one ? 'birth_date' THEN (j.one ->> 'birth_date')::date ELSE m.birth_date END,
				CASE WHEN j.one ? 'spouse_line' THEN (j.one ->> 'spouse_line')::integer ELSE m.spouse_line END,
				CASE WHEN j.one ? 'father_line' THEN (j.one ->> 'father_line')::integer ELSE m.father_line END,
				CASE WHEN j.one ? 'mother_line' THEN (j.one ->> 'mother_line')::integer ELSE m.mother_line END
			FROM jsonb_array_elements(judge_members.members) AS j (one)
			LEFT JOIN nser.member AS m ON m.household_id = judge_members.first_household
				AND m.line = (j.one ->> 'line')::integer AND m.valid_to IS NULL AND m.superseded_at IS NULL
		), answered AS (
			SELECT p.*, n.found, n.as_of, n.alive, n.name AS their_name, n.sex AS their_sex, n.birth_date AS their_birth_date,
				n.alpha_family AS alpha, n.beta_family AS beta,
				array_agg(p.line) OVER home AS lines, array_agg(p.spouse_line) OVER home AS spouses, array_agg(p.mother_line) OVER home AS mothers,
				array_agg(n.alpha_family) OVER home AS alphas, array_agg(n.beta_family) OVER home AS betas
			FROM person AS p
			LEFT JOIN nser.nadra_record AS n ON n.cnic OPERATOR(registry.=) p.cnic
			WINDOW home AS (PARTITION BY p.household_id)
		), parents AS (
			SELECT a.*, CASE WHEN a.mother_line <> a.line THEN a.betas[array_position(a.lines, a.mother_line)] END AS mother_beta,
				CASE WHEN a.father_line <> a.line THEN a.betas[array_position(a.lines, a.father_line)] END AS father_beta
			FROM answered AS a
			OFFSET 0		-- here and below: what is used twice is computed once
		), compared AS (
			SELECT a.household_id, a.line, a.version, a.area, a.cnic, a.found, a.as_of,
				registry.names_agree(a.name, a.their_name) AS name,
				registry.birth_dates_agree(a.birth_date, a.their_birth_date) AS birth_date,
				a.sex = a.their_sex AS sex, a.alive,
				-- born into the family the parents made; brothers and sisters into one
				CASE WHEN a.alpha IS NULL THEN NULL
					WHEN a.mother_beta IS NOT NULL OR a.father_beta IS NOT NULL
						THEN coalesce(a.alpha = a.mother_beta, false) OR coalesce(a.alpha = a.father_beta, false)
					WHEN a.mother_line > 0 THEN (
						SELECT CASE WHEN count(s.alpha) > 1 THEN bool_and(s.alpha = a.alpha) END
						FROM unnest(a.mothers, a.alphas) AS s (mother, alpha) WHERE s.mother = a.mother_line) END AS alpha,
				-- of several wives the husband names the first, and all name him
				CASE WHEN a.beta IS NOT NULL THEN (
					SELECT bool_or(s.beta = a.beta)
					FROM unnest(a.lines, a.spouses, a.betas) AS s (line, spouse, beta)
					WHERE s.line <> a.line AND (s.line = a.spouse_line OR s.spouse = a.line)) END AS beta
			FROM parents AS a
			OFFSET 0
		), told AS (
			SELECT c.household_id, c.line, c.version, c.area, c.cnic, c.found, c.as_of,
				-- a number alone tells nobody apart
				array_remove(ARRAY[
					CASE WHEN NOT c.name OR c.name IS NULL AND c.birth_date IS NULL THEN 'name' END,
					CASE WHEN NOT c.birth_date OR c.name IS NULL AND c.birth_date IS NULL THEN 'birth_date' END,
					CASE WHEN NOT c.sex THEN 'sex' END, CASE WHEN NOT c.alive THEN 'alive' END,
					CASE WHEN NOT c.alpha THEN 'alpha' END, CASE WHEN NOT c.beta THEN 'beta' END], NULL) AS fields,
				array_remove(ARRAY[CASE WHEN c.name IS NULL THEN 'name' END, CASE WHEN c.birth_date IS NULL THEN 'birth_date' END,
					CASE WHEN c.sex IS NULL THEN 'sex' END, CASE WHEN c.alive IS NULL THEN 'alive' END], NULL) AS unknown
			FROM compared AS c
			OFFSET 0
		)
		SELECT t.household_id, t.line, t.version, t.area,
			CASE WHEN t.cnic IS NULL THEN 'no_document' WHEN t.found IS NOT TRUE THEN 'not_found'
				WHEN t.fields = '{}' THEN 'verified' ELSE 'mismatch' END,
			CASE WHEN t.cnic IS NOT NULL AND t.found THEN t.fields ELSE '{}' END,
			CASE WHEN t.cnic IS NOT NULL AND t.found THEN t.unknown ELSE '{}' END, t.as_of
		FROM told AS t;
END;
$$;
COMMENT ON FUNCTION registry.judge_members(bigint, bigint, jsonb) IS
	'compare the live members of a range of households, or the members of a submitted roster of the first, with NADRA''s answers: '
	'outcome, the fields that differ, and those that could not be compared; as_of NULL where there is no answer; refuses a role that sees no answers';

CREATE FUNCTION registry.check_verified(members jsonb) RETURNS void
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	wrong	record;
BEGIN
	IF jsonb_typeof(members) <> 'array' OR EXISTS (
		SELECT FROM jsonb_array_elements(CASE jsonb_typeof(members) WHEN 'array' THEN members END) AS j (one)
		WHERE jsonb_typeof(j.one) <> 'object' OR coalesce(j.one ->> 'line' !~ '^([1-9]|[1-9]\d|1\d\d|2[0-4]\d|25[0-4])$', true)) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG010',
			MESSAGE = 'members is an array of objects, each with its line from 1 to 254',
			HINT = 'Write [{"line": 1, "name": "...", "cnic": "...", "sex": "female", "birth_date": "1980-05-17"}].';
	END IF;
	SELECT j.one ->> 'line' AS line INTO wrong
	FROM jsonb_array_elements(members) AS j (one)
	GROUP BY j.one ->> 'line'
	HAVING count(*) > 1
	LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG010',
			MESSAGE = format('line %s stands twice in members', wrong.line),
			HINT = 'A line is one person.';
	END IF;
	SELECT j.one ->> 'line' AS line, k.key, e.message INTO wrong
	FROM jsonb_array_elements(members) AS j (one)
	JOIN (VALUES ('cnic', 'registry.cnic'::regtype), ('sex', 'registry.sex'), ('birth_date', 'date'),
				 ('spouse_line', 'smallint'), ('father_line', 'smallint'), ('mother_line', 'smallint')) AS k (key, type) ON j.one ? k.key
	CROSS JOIN LATERAL registry.input_error(k.type, j.one ->> k.key) AS e
	WHERE e.error_code IS NOT NULL
	LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG010',
			MESSAGE = format('%s of line %s of members cannot be read', wrong.key, wrong.line),
			DETAIL = wrong.message || '.',
			HINT = 'Write [{"line": 1, "name": "...", "cnic": "...", "sex": "female", "birth_date": "1980-05-17"}].';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.check_verified(jsonb) IS
	'refuse members that cannot be compared: no list of them, no line, one line twice, or a value no type takes (RG010)';

CREATE FUNCTION registry.verify_members(household_id bigint, members jsonb DEFAULT NULL, OUT line integer, OUT outcome text, OUT fields text[])
	RETURNS SETOF record
	LANGUAGE plpgsql STABLE ROWS 6
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
	SET enable_hashjoin = off
	SET enable_mergejoin = off
	SET max_parallel_workers_per_gather = 0
	SET jit = off
AS $$
BEGIN
	PERFORM FROM nser.household AS h WHERE h.household_id = verify_members.household_id;
	IF NOT FOUND THEN
		PERFORM registry.refuse_unknown_household(verify_members.household_id);
	END IF;
	members := nullif(verify_members.members, 'null');
	IF members IS NOT NULL THEN
		PERFORM registry.check_verified(members);
	END IF;
	RETURN QUERY
		SELECT j.line, j.outcome, j.fields
		FROM registry.judge_members(verify_members.household_id, verify_members.household_id, members) AS j
		ORDER BY j.line;
END;
$$;
COMMENT ON FUNCTION registry.verify_members(bigint, jsonb) IS
	'compare members with NADRA''s answers, writing nothing: of a roster as it is submitted, [{"line": 1, "name": ...}], where what is '
	'left out of a known line is as it stands, or, NULL, those who live there; outcome verified, mismatch (fields says in what), '
	'not_found (NADRA does not know the number, or there is no answer) or no_document';

CREATE FUNCTION registry.verifications_follow_household() RETURNS trigger
	LANGUAGE plpgsql
AS $$
BEGIN
	UPDATE nser.verification AS v SET area = NEW.area WHERE v.household_id = NEW.household_id;
	RETURN NULL;
END;
$$;
COMMENT ON FUNCTION registry.verifications_follow_household() IS 'trigger: the area of verifications is that of the household';

-- A row where something else was found, or of somebody else; and where the answer was
-- too old, and a newer one says the same.
CREATE FUNCTION registry.store_verifications(first_household bigint, last_household bigint, by_case bigint,
											 OUT unverified bigint, OUT written bigint)
	LANGUAGE plpgsql
AS $$
DECLARE
	oldest	CONSTANT date := (SELECT registry.today() - p.answers_last FROM nser.verification_policy AS p
							  WHERE p.since <= registry.today() ORDER BY p.since DESC LIMIT 1);
BEGIN
	WITH judged AS MATERIALIZED (
		SELECT j.household_id, j.line, j.version, j.area, j.outcome, j.fields, j.unknown, j.as_of
		FROM registry.judge_members(store_verifications.first_household, store_verifications.last_household) AS j
	), stored AS (
		INSERT INTO nser.verification (household_id, line, verification_no, area, version, outcome, fields, unknown, by_case, as_of)
		SELECT j.household_id, j.line, coalesce(v.verification_no, 0) + 1, j.area, j.version, j.outcome, j.fields, j.unknown,
			store_verifications.by_case, j.as_of
		FROM judged AS j
		LEFT JOIN LATERAL (
			SELECT x.verification_no, x.version, x.outcome, x.fields, x.unknown, x.as_of
			FROM nser.verification AS x
			WHERE x.household_id = j.household_id AND x.line = j.line
			ORDER BY x.verification_no DESC LIMIT 1) AS v ON true
		WHERE v.outcome IS DISTINCT FROM j.outcome OR v.fields <> j.fields OR v.unknown <> j.unknown
		-- the first answer, though it says that NADRA does not know
		OR (v.as_of IS NULL) <> (j.as_of IS NULL)
		OR v.as_of < oldest AND v.as_of < j.as_of
		OR v.version <> j.version AND NOT EXISTS (
			SELECT FROM nser.member AS a JOIN nser.member AS b ON b.household_id = a.household_id AND b.line = a.line AND b.version = j.version
			WHERE a.household_id = j.household_id AND a.line = j.line AND a.version = v.version
			AND a.name = b.name AND a.cnic::bigint IS NOT DISTINCT FROM b.cnic::bigint AND a.sex IS NOT DISTINCT FROM b.sex
			AND a.birth_date IS NOT DISTINCT FROM b.birth_date)
		-- who verifies the same at the same time found the same
		ON CONFLICT ON CONSTRAINT verification_pkey DO NOTHING
		RETURNING true
	)
	SELECT count(*) FILTER (WHERE j.outcome <> 'verified'), (SELECT count(*) FROM stored) INTO unverified, written
	FROM judged AS j;
END;
$$;
COMMENT ON FUNCTION registry.store_verifications(bigint, bigint, bigint) IS
	'store what verification finds of the live members of a range of households, where it is new, or rests on a newer answer than one '
	'that is too old; how many are not verified, and how many rows were written';

CREATE FUNCTION registry.verify_household(household_id bigint, by_case bigint DEFAULT NULL) RETURNS integer
	LANGUAGE plpgsql
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
	SET enable_hashjoin = off
	SET enable_mergejoin = off
	SET max_parallel_workers_per_gather = 0
	SET jit = off
AS $$
BEGIN
	-- who moves the household waits, and then takes this along; two clerks come one after the other
	PERFORM FROM nser.household AS h WHERE h.household_id = verify_household.household_id FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		PERFORM registry.refuse_unknown_household(verify_household.household_id);
	END IF;
	RETURN (SELECT s.unverified
			FROM registry.store_verifications(verify_household.household_id, verify_household.household_id, verify_household.by_case) AS s);
END;
$$;
COMMENT ON FUNCTION registry.verify_household(bigint, bigint) IS
	'compare those who live in a household with NADRA''s answers, and store in nser.verification what is new; returns how many are not verified';

-- Of the same person as described then it says as much elsewhere; of another, nothing.
CREATE FUNCTION registry.carry_verifications(from_household bigint, to_household bigint, old_lines integer[], new_lines integer[]) RETURNS void
	LANGUAGE plpgsql
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
	SET enable_hashjoin = off
	SET enable_mergejoin = off
	SET jit = off
AS $$
BEGIN
	INSERT INTO nser.verification (household_id, line, verification_no, area, version, outcome, fields, unknown, verified_at, as_of)
	SELECT n.household_id, n.line, 1, n.area, n.version, v.outcome, v.fields, v.unknown, v.verified_at, v.as_of
	FROM unnest(carry_verifications.old_lines, carry_verifications.new_lines) AS u (old_line, new_line)
	CROSS JOIN LATERAL (
		SELECT x.version, x.outcome, x.fields, x.unknown, x.verified_at, x.as_of
		FROM nser.verification AS x
		WHERE x.household_id = carry_verifications.from_household AND x.line = u.old_line
		ORDER BY x.verification_no DESC LIMIT 1) AS v
	JOIN nser.member AS o ON o.household_id = carry_verifications.from_household AND o.line = u.old_line AND o.version = v.version
	JOIN nser.member AS n ON n.household_id = carry_verifications.to_household AND n.line = u.new_line AND n.version = 1
		AND n.name = o.name AND n.cnic::bigint IS NOT DISTINCT FROM o.cnic::bigint AND n.sex IS NOT DISTINCT FROM o.sex
		AND n.birth_date IS NOT DISTINCT FROM o.birth_date
	ON CONFLICT ON CONSTRAINT verification_pkey DO NOTHING;
END;
$$;
COMMENT ON FUNCTION registry.carry_verifications(bigint, bigint, integer[], integer[]) IS
	'after lines of a household went on as new_lines of another: the last verification of each is theirs there too, with its day and moment; '
	'alpha and beta are as they were found in the old house, until they are verified in the new';

CREATE FUNCTION registry.verify_range(first_household bigint, last_household bigint, OUT surveys bigint, OUT written bigint)
	LANGUAGE plpgsql STRICT
	SET plan_cache_mode = force_custom_plan
	SET enable_seqscan = off
	SET work_mem = '64MB'
	SET jit = off
AS $$
BEGIN
	-- who verifies one of them alone, or changes it, waits, and then sees this
	PERFORM FROM nser.household AS h
	WHERE h.household_id BETWEEN verify_range.first_household AND verify_range.last_household
	ORDER BY h.household_id
	FOR SHARE;
	GET DIAGNOSTICS surveys = ROW_COUNT;
	SELECT s.written INTO written FROM registry.store_verifications(verify_range.first_household, verify_range.last_household, NULL) AS s;
END;
$$;
COMMENT ON FUNCTION registry.verify_range(bigint, bigint) IS
	'verify_household() of a range of households at once, after a load of NADRA''s answers: households looked at, and rows written; '
	'who changes one of them waits until it ends';

CREATE PROCEDURE registry.verify_all(batch integer DEFAULT 5000)
	LANGUAGE plpgsql
AS $$
BEGIN
	CALL registry.run_batches('verify', '', batch);
END;
$$;
COMMENT ON PROCEDURE registry.verify_all(integer) IS
	'verify the members of every household against NADRA''s answers, committing each batch of households; goes on where an '
	'interrupted run stopped; nser.batch_run shows the progress; a batch of NULL is one transaction';
