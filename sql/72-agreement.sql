
-- agreement: whether it is in force, and who counts as one partner -------------------------

CREATE FUNCTION registry.partner_of(organization_id bigint) RETURNS bigint
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	topmost	bigint;
BEGIN
	WITH RECURSIVE above (id, belongs_to) AS (
		SELECT o.organization_id, o.affiliate_of FROM nser.organization AS o WHERE o.organization_id = partner_of.organization_id
		UNION
		SELECT o.organization_id, o.affiliate_of FROM above AS a JOIN nser.organization AS o ON o.organization_id = a.belongs_to
	)
	SELECT a.id INTO topmost FROM above AS a WHERE a.belongs_to IS NULL;
	IF topmost IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'no_data_found',
			MESSAGE = format('there is no organization %s', coalesce(partner_of.organization_id::text, 'NULL')),
			HINT = 'nser.organization lists them.';
	END IF;
	RETURN topmost;
END;
$$;
COMMENT ON FUNCTION registry.partner_of(bigint) IS
	'the topmost organization that one belongs to, itself where it belongs to none: all of one partner are counted together; refuses an '
	'organization that there is not; of many: nser.partner';

CREATE FUNCTION registry.agreement_in_force(agreement_id bigint, login name DEFAULT NULL) RETURNS void
	LANGUAGE plpgsql
AS $$
BEGIN
	-- by the clock: an open transaction does not outlive the last day
	PERFORM FROM nser.agreement AS a
	JOIN nser.data_request AS r ON r.request_id = a.request_id AND r.state IN ('agreed', 'provided')
	JOIN nser.organization AS o ON o.organization_id = a.organization_id
	WHERE a.agreement_id = agreement_in_force.agreement_id AND a.ended_at IS NULL
	AND a.valid @> (clock_timestamp() AT TIME ZONE 'Asia/Karachi')::date
	AND (agreement_in_force.login IS NULL OR o.login = agreement_in_force.login);
	IF NOT FOUND THEN
		-- to a partner, another's agreement is one that there is not
		RAISE EXCEPTION USING
			ERRCODE = 'RG023',
			MESSAGE = CASE WHEN agreement_in_force.login IS NULL
				THEN format('agreement %s is not in force', coalesce(agreement_in_force.agreement_id::text, 'NULL'))
				ELSE 'no agreement is in force for this login' END,
			HINT = CASE WHEN agreement_in_force.login IS NULL THEN 'An agreement is in force once it is signed, in its period, until it ends.'
				ELSE 'share.my_agreements lists yours, and until when each is in force.' END;
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.agreement_in_force(bigint, name) IS
	'refuse (RG023) an agreement that is not in force now, by the clock in Pakistan: signed, in its period, not ended, and, where a login is '
	'given, that login''s; one that there is not is refused alike';

CREATE FUNCTION registry.keep_organization() RETURNS trigger
	LANGUAGE plpgsql
AS $$
DECLARE
	agreed	boolean;
BEGIN
	-- two that join each other at once would close a circle
	-- a lock that nobody but the owner can take
	LOCK TABLE nser.duty_routine IN SHARE UPDATE EXCLUSIVE MODE;
	IF EXISTS (SELECT FROM nser.duty AS d WHERE d.login = NEW.login) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG021',
			MESSAGE = format('login "%s" has a duty of sharing, and can be no partner''s', NEW.login),
			HINT = 'Give the organization a login of its own.';
	END IF;
	IF TG_OP = 'INSERT' THEN
		IF NEW.affiliate_of = NEW.organization_id THEN
			RAISE EXCEPTION USING
				ERRCODE = 'RG022',
				MESSAGE = format('organization %s would belong to itself', NEW.organization_id),
				HINT = 'The topmost organization belongs to none.';
		END IF;
		RETURN NEW;
	END IF;
	SELECT EXISTS (SELECT FROM nser.agreement AS a WHERE a.organization_id = OLD.organization_id) INTO agreed;
	IF NEW.affiliate_of IS DISTINCT FROM OLD.affiliate_of AND NEW.affiliate_of IS NOT NULL AND (
		WITH RECURSIVE above (id, belongs_to) AS (
			SELECT o.organization_id, o.affiliate_of FROM nser.organization AS o WHERE o.organization_id = NEW.affiliate_of
			UNION
			SELECT o.organization_id, o.affiliate_of FROM above AS a JOIN nser.organization AS o ON o.organization_id = a.belongs_to
		)
		SELECT bool_or(a.id = OLD.organization_id) FROM above AS a) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG022',
			MESSAGE = format('organization %s would belong to itself', OLD.organization_id),
			HINT = 'The topmost organization belongs to none.';
	END IF;
	-- what a partner has had stays counted
	IF agreed AND (OLD.affiliate_of IS NOT NULL AND NEW.affiliate_of IS DISTINCT FROM OLD.affiliate_of
				   OR NEW.organization_id <> OLD.organization_id OR NEW.login <> OLD.login) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('organization %s has agreements: its login, and whom it belongs to, stay', OLD.organization_id),
			HINT = 'One that belonged to none may come to belong to another; for another login enter another organization that belongs to it.';
	END IF;
	RETURN NEW;
END;
$$;
COMMENT ON FUNCTION registry.keep_organization() IS
	'trigger: no organization belongs to itself, by however many others; one with agreements keeps its login, and leaves no partner it is '
	'counted with; no login of a partner has a duty';
