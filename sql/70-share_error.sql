
-- share_error: what is refused of sharing, and by what code --------------------------
--
-- The class of SQLSTATEs of the extension's own, RG, from 020 on: a partner's system, or
-- staff, tells by the code what to do.  No message says whether somebody is registered.

CREATE FUNCTION registry.share_errors(OUT sqlstate text, OUT condition text, OUT meaning text, OUT what_to_do text) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 12
BEGIN ATOMIC
	SELECT e.sqlstate, e.condition, e.meaning, e.what_to_do
	FROM (VALUES
		('RG020', 'wrong_step', 'the request or agreement is not in a state for this step', 'take one of the steps that the hint names'),
		('RG021', 'duty_apart', 'the login has not the duty for this step, or did another duty''s step of the same request',
			'let another login take it, or registry.grant_duty()'),
		('RG022', 'not_for_this', 'category, organization, attributes, area or ground do not go together, or an attribute needs a review',
			'correct the request, or review the attribute'),
		('RG023', 'not_in_force', 'this login has no agreement in force', 'ask for an agreement, or for another one'),
		('RG024', 'anonymity_not_reached', 'the records cannot be made anonymous with what may be lost', 'ask for fewer attributes, or a coarser area'),
		('RG025', 'cells_at_risk', 'a hidden count could be worked out', 'ask for fewer attributes, or a coarser area'),
		('RG026', 'locked_dimensions', 'the partner and its affiliates would have too many locked dimensions together', 'ask for fewer attributes'),
		('RG027', 'linkage', 'records match those of another release, or a refresh would expose a household', 'ask for fewer attributes, or refresh later'),
		('RG028', 'quota_used', 'the quota of the day is used', 'come again tomorrow, or with fewer'),
		('RG029', 'ticket_not_readable', 'the ticket is unknown, over, another login''s, or of the same transaction', 'commit the request, then read once more'),
		('RG030', 'upload_refused', 'an upload is not of this agreement, or not what was tried before', 'try it with dry_run first'),
		('RG031', 'attack_timed_out', 'it could not be shown in time that no hidden count can be worked out', 'ask for less, raise nser.share_policy.solve_within, or wait until the snapshot is over'))
		AS e (sqlstate, condition, meaning, what_to_do)
	ORDER BY 1;
END;
COMMENT ON FUNCTION registry.share_errors() IS
	'the SQLSTATEs by which sharing is refused, what each means and what to do; after each of them everything is as it was';

CREATE FUNCTION registry.share_policy_on(on_date date DEFAULT registry.today(), OUT k integer, OUT l integer, OUT cell_outside integer,
										 OUT max_linkage double precision, OUT max_loss double precision, OUT solve_within interval,
										 OUT cell_width integer, OUT snapshot_lasts interval, OUT valid daterange)
	LANGUAGE plpgsql STABLE
AS $$
BEGIN
	SELECT p.k, p.l, p.cell_outside, p.max_linkage, p.max_loss, p.solve_within, p.cell_width, p.snapshot_lasts, p.valid
	INTO k, l, cell_outside, max_linkage, max_loss, solve_within, cell_width, snapshot_lasts, valid
	FROM nser.share_policy AS p WHERE p.valid @> share_policy_on.on_date;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = CASE WHEN share_policy_on.on_date = registry.today() THEN 'there is no policy of sharing today'
				ELSE format('there is no policy of sharing of %s', coalesce(to_char(share_policy_on.on_date, 'YYYY-MM-DD'), 'an unknown day')) END,
			HINT = 'Nothing is shared without one: INSERT INTO nser.share_policy (valid) VALUES (daterange(''2026-01-01'', NULL)).';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.share_policy_on(date) IS
	'the thresholds of sharing of a day, of nser.share_policy; refused where none is valid, so that nothing is shared without';

CREATE FUNCTION registry.refuse_rewrite() RETURNS trigger
	LANGUAGE plpgsql
AS $$
BEGIN
	RAISE EXCEPTION USING
		ERRCODE = 'object_not_in_prerequisite_state',
		MESSAGE = format('rows of %I.%I are history and cannot be changed or deleted', TG_TABLE_SCHEMA, TG_TABLE_NAME),
		HINT = format('Record %s instead.', TG_ARGV[0]);
END;
$$;
COMMENT ON FUNCTION registry.refuse_rewrite() IS 'trigger: keeps all of a row as it was written; its argument says what to record instead';

-- What was the rule is told by what is replaced: the row before, and by whom.
CREATE FUNCTION registry.record_share_change() RETURNS trigger
	LANGUAGE plpgsql
	SET datestyle = 'ISO, YMD'
	SET intervalstyle = 'postgres'
AS $$
BEGIN
	IF TG_OP = 'UPDATE' AND NEW OPERATOR(pg_catalog.*=) OLD THEN
		RETURN NULL;
	END IF;
	INSERT INTO nser.share_change (relation, before, after)
	VALUES (TG_TABLE_NAME, CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END, CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END);
	RETURN NULL;
END;
$$;
COMMENT ON FUNCTION registry.record_share_change() IS 'trigger: what a rule of sharing was before and after a change is kept in nser.share_change';

CREATE FUNCTION registry.sign_share_change() RETURNS trigger
	LANGUAGE plpgsql
AS $$
BEGIN
	IF TG_OP = 'UPDATE' AND NEW OPERATOR(pg_catalog.*=) OLD THEN
		RETURN NEW;
	END IF;
	NEW.changed_by := session_user;
	NEW.changed_at := now();
	RETURN NEW;
END;
$$;
COMMENT ON FUNCTION registry.sign_share_change() IS 'trigger: who changed a rule of sharing, and when, is not the client''s to say';
