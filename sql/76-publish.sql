
-- publish: from an agreement to what its partner reads --------------------------------
--
-- One transaction: computed, frozen, checked as it is stored, and shown.  Whatever is
-- refused leaves nothing.

-- What a table of a release may show beside the attributes that were agreed.
CREATE FUNCTION registry.release_columns(category registry.share_category, with_cnic boolean, with_household boolean) RETURNS name[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN (CASE category
		WHEN 'beneficiary_list' THEN '{name,address,poverty_level}'::name[]
		WHEN 'beneficiary_dimensions' THEN '{name,address,poverty_level}'::name[]
		WHEN 'anonymized' THEN '{person,area,area_name}'::name[]
		WHEN 'geo_tagged' THEN '{person,area,area_name,cell}'::name[]
		WHEN 'summary' THEN '{area,area_name,level,count,households,persons,percent}'::name[]
		WHEN 'custom_analysis' THEN '{area,area_name,level,count,households,persons,percent}'::name[]
		WHEN 'map' THEN '{area,area_name,level,count,households,persons,percent}'::name[]
		ELSE '{}'::name[] END)
		|| CASE WHEN with_cnic AND category IN ('beneficiary_list', 'beneficiary_dimensions') THEN '{cnic}'::name[] ELSE '{}'::name[] END
		|| CASE WHEN with_household AND category IN ('anonymized', 'geo_tagged') THEN '{household}'::name[] ELSE '{}'::name[] END;
COMMENT ON FUNCTION registry.release_columns(registry.share_category, boolean, boolean) IS
	'columns that a release of a category may have beside the attributes of its request; with_cnic: of lists, with_household: of records';

CREATE FUNCTION registry.check_release_table(release_id bigint) RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	made	record;
	stray	text;
BEGIN
	SELECT to_regclass(format('release.%I', r.relation)) AS relation, q.category,
		registry.release_columns(q.category, q.with_cnic, q.with_household)
			|| CASE WHEN q.category = 'beneficiary_list' THEN '{}' ELSE q.attributes END::name[] AS allowed
	INTO made
	FROM nser.release AS r
	JOIN nser.agreement AS a ON a.agreement_id = r.agreement_id
	JOIN nser.data_request AS q ON q.request_id = a.request_id
	WHERE r.release_id = check_release_table.release_id;
	IF made.relation IS NULL OR NOT EXISTS (SELECT FROM pg_class AS c WHERE c.oid = made.relation AND c.relkind = 'r' AND c.relpersistence = 'p') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('release %s has no table', check_release_table.release_id),
			HINT = 'The maker of its category makes one in schema release, by the name in nser.release.relation.';
	END IF;
	SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) INTO stray
	FROM pg_attribute AS a
	WHERE a.attrelid = made.relation AND a.attnum > 0 AND NOT a.attisdropped AND a.attname <> ALL (made.allowed);
	IF stray IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG022',
			MESSAGE = format('a release of %s would show what was not agreed', made.category),
			DETAIL = format('Columns: %s.', stray),
			HINT = 'What it may show are the attributes of the request, and registry.release_columns().';
	END IF;
	PERFORM registry.close_relation(made.relation);
END;
$$;
COMMENT ON FUNCTION registry.check_release_table(bigint) IS
	'refuse a release whose table is not there, has a column that was not agreed (RG022), or is open to anybody but its owner';

CREATE FUNCTION registry.share_view_name(login name, agreement_id bigint) RETURNS name
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	-- upload_ is of what is sent back
	RETURN CASE WHEN login <> 'upload' AND octet_length(login::text || '_' || agreement_id) <= 63 THEN login::text || '_' || agreement_id
		ELSE 'agreement_' || agreement_id END::name;
COMMENT ON FUNCTION registry.share_view_name(name, bigint) IS
	'the name of an agreement''s view in schema share: its login and number, or agreement_ and the number where that is too long, or would be that of a table of registry.agree_write_back()';

-- Behind the locks of registry.publish_as().
CREATE FUNCTION registry.make_release(agreement_id bigint, release_no integer) RETURNS bigint
	LANGUAGE plpgsql
	-- what is written down as text is the same whoever publishes
	SET datestyle = 'ISO, YMD'
	SET timezone = 'UTC'
AS $$
DECLARE
	agreed	record;
	policy	jsonb;
	new_id	bigint;
	made	record;
BEGIN
	SELECT a.category, o.login, to_jsonb(q) AS request INTO agreed
	FROM nser.agreement AS a
	JOIN nser.organization AS o ON o.organization_id = a.organization_id
	JOIN nser.data_request AS q ON q.request_id = a.request_id
	WHERE a.agreement_id = make_release.agreement_id;
	PERFORM registry.check_partner(agreed.login);
	SELECT to_jsonb(p) INTO policy FROM registry.share_policy_on() AS p;
	IF agreed.category IS NULL OR agreed.request ->> 'category' IS DISTINCT FROM agreed.category::text THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG022',
			MESSAGE = format('agreement %s is not of the category of its request', make_release.agreement_id),
			HINT = 'What was signed is the request as it stood.';
	END IF;

	INSERT INTO nser.release AS r (agreement_id, release_no, definition)
	VALUES (make_release.agreement_id, make_release.release_no, jsonb_build_object('request', agreed.request, 'policy', policy, 'source_at', now(),
		'version', (SELECT e.extversion FROM pg_extension AS e WHERE e.extname = 'registry')))
	RETURNING r.release_id INTO new_id;
	IF agreed.category = 'score' THEN
		PERFORM registry.check_dimensions(new_id);
		SELECT m.losses, m.checks INTO made FROM registry.make_score(new_id) AS m;
		UPDATE nser.release AS r SET losses = made.losses, checks = made.checks WHERE r.release_id = new_id;
		EXECUTE format('GRANT SELECT ON share.my_agreements TO %I', agreed.login);
		RETURN new_id;
	END IF;

	UPDATE nser.release AS r SET relation = 'r' || r.release_id WHERE r.release_id = new_id;
	CASE
		WHEN agreed.category IN ('beneficiary_list', 'beneficiary_dimensions') THEN
			SELECT m.rows, m.persons, m.households, m.losses, m.checks INTO made FROM registry.make_list(new_id) AS m;
		WHEN agreed.category IN ('anonymized', 'geo_tagged') THEN
			SELECT m.rows, m.persons, m.households, m.losses, m.checks INTO made FROM registry.make_records(new_id) AS m;
		WHEN agreed.category IN ('summary', 'custom_analysis', 'map') THEN
			SELECT m.rows, m.persons, m.households, m.losses, m.checks INTO made FROM registry.make_cells(new_id) AS m;
		ELSE
			RAISE EXCEPTION USING
				ERRCODE = 'RG022',
				MESSAGE = format('nothing is made of category %s', agreed.category),
				HINT = 'A category that no maker is known for is not shown.';
	END CASE;
	PERFORM registry.check_release_table(new_id);
	UPDATE nser.release AS r SET rows = made.rows, persons = made.persons, households = made.households,
		losses = coalesce(made.losses, '{}'), checks = coalesce(made.checks, '{}')
	WHERE r.release_id = new_id;

	-- what is stored is what is checked
	PERFORM registry.check_dimensions(new_id);
	IF agreed.category IN ('anonymized', 'geo_tagged') THEN
		made.checks := registry.check_linkage(new_id) || registry.check_refresh(new_id);
		UPDATE nser.release AS r SET checks = r.checks || made.checks WHERE r.release_id = new_id;
	END IF;
	PERFORM registry.make_share_view(new_id);
	RETURN new_id;
END;
$$;
COMMENT ON FUNCTION registry.make_release(bigint, integer) IS
	'make, check and show a release of an agreement under a number from 1, and return its id; registry.publish() and refresh() call it';

CREATE FUNCTION registry.publish_as(agreement_id bigint, first boolean) RETURNS bigint
	LANGUAGE plpgsql
AS $$
DECLARE
	before	record;
	new_id	bigint;
BEGIN
	PERFORM registry.check_share_owner();
	-- one of all partners' at a time: linkage() of two that are made at once would see neither
	LOCK TABLE nser.release_key IN SHARE UPDATE EXCLUSIVE MODE;
	-- by the order in which the steps of a request lock
	PERFORM FROM nser.data_request AS q WHERE q.request_id = (SELECT a.request_id FROM nser.agreement AS a WHERE a.agreement_id = publish_as.agreement_id)
	FOR NO KEY UPDATE;
	PERFORM FROM nser.agreement AS a WHERE a.agreement_id = publish_as.agreement_id FOR NO KEY UPDATE;
	PERFORM registry.agreement_in_force(publish_as.agreement_id);
	SELECT max(r.release_no) AS release_no, max(r.release_id) FILTER (WHERE r.state = 'published') AS release_id INTO before
	FROM nser.release AS r WHERE r.agreement_id = publish_as.agreement_id;
	IF publish_as.first <> (before.release_id IS NULL) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG020',
			MESSAGE = format(CASE WHEN publish_as.first THEN 'agreement %s is published already' ELSE 'agreement %s is not published yet' END, publish_as.agreement_id),
			HINT = CASE WHEN publish_as.first THEN 'registry.refresh() makes the next release.' ELSE 'registry.publish() makes the first release.' END;
	END IF;
	UPDATE nser.release AS r SET state = 'replaced' WHERE r.release_id = before.release_id;
	new_id := registry.make_release(publish_as.agreement_id, coalesce(before.release_no, 0) + 1);
	UPDATE nser.release AS r SET state = 'published' WHERE r.release_id = new_id;
	-- refuses who has not the duty, or did another step of the request
	PERFORM registry.take_request_step(a.request_id, 'provide') FROM nser.agreement AS a WHERE a.agreement_id = publish_as.agreement_id;
	PERFORM registry.log_read(publish_as.agreement_id, 'publish', new_id, (SELECT r.rows FROM nser.release AS r WHERE r.release_id = new_id), NULL);
	RETURN new_id;
END;
$$;
COMMENT ON FUNCTION registry.publish_as(bigint, boolean) IS 'registry.publish(), where it is the first release, else registry.refresh()';

CREATE FUNCTION registry.publish(agreement_id bigint) RETURNS bigint
	LANGUAGE plpgsql
AS $$
BEGIN
	RETURN registry.publish_as(publish.agreement_id, true);
END;
$$;
COMMENT ON FUNCTION registry.publish(bigint) IS
	'compute the first release of an agreement that is in force, check what is stored, and show it to the partner''s login as a view in schema '
	'share (a score service: open it); returns the id of nser.release; refused, and nothing left: RG020 (published already), RG022 to RG027, and '
	'a login or owner with rights beyond; the owner''s';

CREATE FUNCTION registry.refresh(agreement_id bigint) RETURNS bigint
	LANGUAGE plpgsql
AS $$
BEGIN
	RETURN registry.publish_as(refresh.agreement_id, false);
END;
$$;
COMMENT ON FUNCTION registry.refresh(bigint) IS
	'make the next release of an agreement, under the same view; refused, as registry.publish() is, it leaves the one before as it was; waits '
	'five seconds at most for who reads that; the owner''s';
