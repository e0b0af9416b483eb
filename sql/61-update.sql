
-- update: may a household have an update, why not, and from when -------------------

-- The order is that in which the first that applies is given.
CREATE TYPE registry.update_reason AS ENUM
	('allowed', 'case_open', 'already_registered', 'not_registered', 'no_shock', 'outside_shock_window', 'appeal_not_launched',
	 'appeal_condition_not_met', 'is_beneficiary', 'not_beneficiary', 'not_above_cutoff', 'too_early', 'unknown_fact');
COMMENT ON TYPE registry.update_reason IS 'why a household may or may not have an update; registry.update_reasons() says it in words';

CREATE TYPE registry.update_facts AS (
	registered			boolean,
	beneficiary			boolean,
	score				double precision,
	cutoff				double precision,
	last_survey			date,
	last_certified		date,
	shock_window		daterange,
	appeal_condition	boolean,
	open_case			registry.update_type
);
COMMENT ON TYPE registry.update_facts IS 'what the rules of updates ask of a household; NULL is unknown, of four fields it is none';
COMMENT ON COLUMN registry.update_facts.registered IS 'whether it is registered, and neither merged, dissolved nor only requested';
COMMENT ON COLUMN registry.update_facts.beneficiary IS 'whether it is in a programme whose beneficiaries are recertified';
COMMENT ON COLUMN registry.update_facts.score IS 'its score, 0 to 100; NULL: none yet; NaN: unknown';
COMMENT ON COLUMN registry.update_facts.cutoff IS 'the highest score that is eligible, for this household';
COMMENT ON COLUMN registry.update_facts.last_survey IS 'day of its last full survey; -infinity: it never had one';
COMMENT ON COLUMN registry.update_facts.last_certified IS 'day since which it is longest a beneficiary without recertification';
COMMENT ON COLUMN registry.update_facts.shock_window IS 'when who was hit as it was may have a shock update; NULL: no shock hit it';
COMMENT ON COLUMN registry.update_facts.appeal_condition IS 'whether it meets the conditions of an appeal';
COMMENT ON COLUMN registry.update_facts.open_case IS 'of what type the case is that it has open, grievances apart; NULL: none';

CREATE TYPE registry.update_policy AS (
	cyclic_every		interval,
	recertify_every		interval,
	appeal_launched		boolean,
	cyclic_for			text
);
COMMENT ON TYPE registry.update_policy IS 'the rules'' own figures; NULL, of a field or all, is the default: 2 years, 3 years, false, non_beneficiary';
COMMENT ON COLUMN registry.update_policy.cyclic_every IS 'time from a full survey to the next';
COMMENT ON COLUMN registry.update_policy.recertify_every IS 'time from one certification to the next';
COMMENT ON COLUMN registry.update_policy.appeal_launched IS 'whether appeals are taken at all';
COMMENT ON COLUMN registry.update_policy.cyclic_for IS
	'non_beneficiary, or above_cutoff: of those, who has no score or one above the cut-off; any other word is taken as the stricter, above_cutoff';

CREATE FUNCTION registry.update_verdict(update_type registry.update_type, facts registry.update_facts, policy registry.update_policy,
										on_date date, OUT allowed boolean, OUT reason registry.update_reason, OUT allowed_from date)
	LANGUAGE C IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME';
COMMENT ON FUNCTION registry.update_verdict(registry.update_type, registry.update_facts, registry.update_policy, date) IS
	'whether a household of such facts may have an update on a day, the first reason that applies, and from when: on_date where it is '
	'allowed, the first day that is not too early, or the first of a shock''s window to come; infinity is never, NULL no day by waiting '
	'alone; a fact that is needed and NULL is unknown_fact, where nothing else stands in the way; refuses no input';

-- Volatile, so that a view asks it once a household, and not wherever it reads a field.
CREATE FUNCTION registry.update_verdict_once(update_type registry.update_type, facts registry.update_facts, policy registry.update_policy,
											 on_date date, OUT allowed boolean, OUT reason registry.update_reason, OUT allowed_from date)
	LANGUAGE C VOLATILE PARALLEL SAFE AS 'MODULE_PATHNAME', 'update_verdict';
COMMENT ON FUNCTION registry.update_verdict_once(registry.update_type, registry.update_facts, registry.update_policy, date) IS
	'registry.update_verdict(), called once a row where a query reads several fields of its answer; of nser.due';

CREATE FUNCTION registry.update_reasons(OUT reason registry.update_reason, OUT meaning text) RETURNS SETOF record
	LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 13
BEGIN ATOMIC
	SELECT r.reason, r.meaning
	FROM (VALUES
		('allowed'::registry.update_reason, 'the household may have this update'),
		('case_open', 'another case of the household is open'),
		('already_registered', 'the household is registered already'),
		('not_registered', 'the household is not registered'),
		('no_shock', 'no declared shock hit the household'),
		('outside_shock_window', 'the shock''s update window is not open'),
		('appeal_not_launched', 'appeals of the cut-off are not taken'),
		('appeal_condition_not_met', 'the household does not meet the conditions of an appeal'),
		('is_beneficiary', 'the household is a beneficiary'),
		('not_beneficiary', 'the household is no beneficiary'),
		('not_above_cutoff', 'the household''s score is not above the cut-off'),
		('too_early', 'too little time has passed since the last full survey or certification'),
		('unknown_fact', 'something that decides is not known of the household'))
		AS r (reason, meaning)
	ORDER BY r.reason;
END;
COMMENT ON FUNCTION registry.update_reasons() IS 'the reasons of registry.update_verdict(), in the order in which the first that applies is given, in words';

-- The store's -------------------------------------------------------------------

CREATE FUNCTION registry.policy_on(on_date date) RETURNS registry.update_policy
	LANGUAGE plpgsql STABLE
	SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
	policy	registry.update_policy;
BEGIN
	SELECT p.cyclic_every, p.recertify_every, p.appeal_launched, p.cyclic_for INTO policy
	FROM nser.update_policy AS p WHERE p.valid @> policy_on.on_date;
	RETURN policy;
END;
$$;
COMMENT ON FUNCTION registry.policy_on(date) IS
	'the policy of updates of a day, of nser.update_policy; all NULL, which is the default, where none is valid; asked of many households, '
	'write (SELECT registry.policy_on(registry.today())), so that it runs once';

-- Planned anew for each statement, of one survey or of a nation's.  In the order of their
-- numbers, so that two loads do not wait for each other in a circle.
CREATE FUNCTION registry.date_last_survey() RETURNS trigger
	LANGUAGE plpgsql
	SET enable_seqscan = off
	SET enable_hashjoin = off
	SET enable_mergejoin = off
AS $$
DECLARE
	surveyed	CONSTANT bigint := (SELECT count(DISTINCT a.household_id) FROM added AS a WHERE a.is_full);
	dated		bigint;
BEGIN
	IF surveyed = 0 THEN
		RETURN NULL;
	END IF;
	-- one that arrives late does not replace a later one, nor one that came past this trigger
	EXECUTE $update$
		UPDATE nser.household AS h
		SET surveyed_on = greatest(h.surveyed_on, x.surveyed_on, (SELECT (max(v.submitted_at) AT TIME ZONE 'Asia/Karachi')::date
			FROM nser.survey AS v WHERE v.household_id = h.household_id AND v.is_full))
		FROM (SELECT a.household_id, max((a.submitted_at AT TIME ZONE 'Asia/Karachi')::date) AS surveyed_on
			  FROM added AS a WHERE a.is_full GROUP BY a.household_id ORDER BY a.household_id) AS x
		WHERE h.household_id = x.household_id
		$update$;
	GET DIAGNOSTICS dated = ROW_COUNT;
	-- row security hides a household from who may insert a survey of it
	IF dated < surveyed THEN
		RAISE EXCEPTION USING
			ERRCODE = 'insufficient_privilege',
			MESSAGE = 'a survey is recorded by who may change its household',
			HINT = 'Surveys go through a back end that works as the owner of the store.';
	END IF;
	RETURN NULL;
END;
$$;
COMMENT ON FUNCTION registry.date_last_survey() IS 'trigger: a household''s surveyed_on follows the full surveys that are inserted';

-- Surveys are never deleted, so that the day never goes back: who cannot see all of them
-- cannot make it.
CREATE FUNCTION registry.check_last_survey() RETURNS trigger
	LANGUAGE plpgsql
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
AS $$
BEGIN
	IF NEW.surveyed_on IS DISTINCT FROM greatest(OLD.surveyed_on,
			(SELECT (max(v.submitted_at) AT TIME ZONE 'Asia/Karachi')::date
			 FROM nser.survey AS v WHERE v.household_id = NEW.household_id AND v.is_full)) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'check_violation',
			CONSTRAINT = TG_NAME,
			MESSAGE = format('household %s was not last surveyed in full on that day', NEW.household_id),
			HINT = 'nser.household.surveyed_on follows nser.survey by itself.';
	END IF;
	RETURN NEW;
END;
$$;
COMMENT ON FUNCTION registry.check_last_survey() IS
	'trigger: refuses a day of the last full survey that the surveys do not have';

-- The day decides of shocks, programmes and policy; what a household is, is as of now.
-- Plans are by key whatever the statistics.
CREATE FUNCTION registry.update_facts_of(household_id bigint, on_date date DEFAULT registry.today()) RETURNS registry.update_facts
	LANGUAGE plpgsql STABLE
	SET plan_cache_mode = force_generic_plan
	SET enable_seqscan = off
	SET enable_hashjoin = off
	SET enable_mergejoin = off
	SET jit = off
AS $$
DECLARE
	facts	registry.update_facts;
BEGIN
	IF update_facts_of.household_id IS NULL THEN
		facts.registered := false;
		facts.beneficiary := false;
		RETURN facts;
	END IF;
	SELECT f.registered, f.beneficiary, f.score, f.cutoff, f.last_survey, f.last_certified, f.shock_window, f.appeal_condition, f.open_case
	INTO facts
	FROM nser.update_facts_on(update_facts_of.on_date) AS f WHERE f.household_id = update_facts_of.household_id;
	IF NOT FOUND THEN
		PERFORM registry.refuse_unknown_household(update_facts_of.household_id, 'One that is not registered has no number yet: registry.may_update(NULL, ''missed_out'').');
	END IF;
	RETURN facts;
END;
$$;
COMMENT ON FUNCTION registry.update_facts_of(bigint, date) IS
	'what the rules of updates ask of a household on a day: shocks, cut-off and policy are that day''s, all else is as it is now; '
	'NULL is a household that is not registered yet; refuses one that there is not; of many: nser.update_fact';

CREATE FUNCTION registry.may_update(household_id bigint, update_type registry.update_type, on_date date DEFAULT registry.today(),
									OUT allowed boolean, OUT reason registry.update_reason, OUT allowed_from date)
	LANGUAGE plpgsql STABLE
AS $$
BEGIN
	SELECT v.allowed, v.reason, v.allowed_from INTO allowed, reason, allowed_from
	FROM registry.update_verdict(may_update.update_type, registry.update_facts_of(may_update.household_id, may_update.on_date),
								 registry.policy_on(may_update.on_date), may_update.on_date) AS v;
END;
$$;
COMMENT ON FUNCTION registry.may_update(bigint, registry.update_type, date) IS
	'whether a household may have an update on a day, why not, and from when: registry.update_verdict() of its facts by the policy of '
	'that day; household_id is NULL of one that is not registered yet, as of people whose household was merged or dissolved: its number '
	'is not registered again (RG015 of open_case()); refuses one that there is not; of many: nser.due, nser.update_fact';
