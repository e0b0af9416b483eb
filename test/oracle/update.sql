-- The rules of updates a second time, from their text alone: first what stands in the
-- way, reason by reason, then what would have to be known.  Needs schema oracle.

CREATE FUNCTION oracle.update_reason(type registry.update_type, f registry.update_facts, p registry.update_policy, on_date date)
	RETURNS registry.update_reason
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE
		WHEN type IS NULL THEN 'unknown_fact'::registry.update_reason
		WHEN (f).open_case IS NOT NULL AND type <> 'grievance' THEN 'case_open'
		WHEN type = 'missed_out' AND (f).registered THEN 'already_registered'
		WHEN type NOT IN ('missed_out', 'correction', 'grievance') AND NOT (f).registered THEN 'not_registered'
		WHEN type = 'shock' AND (f).shock_window IS NULL THEN 'no_shock'
		WHEN type = 'shock' AND NOT on_date <@ (f).shock_window THEN 'outside_shock_window'
		WHEN type = 'appeal' AND NOT coalesce((p).appeal_launched, false) THEN 'appeal_not_launched'
		WHEN type = 'appeal' AND NOT (f).appeal_condition THEN 'appeal_condition_not_met'
		WHEN type IN ('appeal', 'cyclic') AND (f).beneficiary THEN 'is_beneficiary'
		WHEN type = 'recertification' AND NOT (f).beneficiary THEN 'not_beneficiary'
		WHEN type = 'cyclic' AND coalesce((p).cyclic_for, 'non_beneficiary') <> 'non_beneficiary'
			AND (f).score <> 'NaN' AND (f).cutoff <> 'NaN' AND (f).score <= (f).cutoff THEN 'not_above_cutoff'
		WHEN type = 'cyclic' AND (f).last_survey + coalesce((p).cyclic_every, '2 years') > on_date THEN 'too_early'
		WHEN type = 'recertification' AND (f).last_certified + coalesce((p).recertify_every, '3 years') > on_date THEN 'too_early'
		WHEN type NOT IN ('correction', 'grievance') AND (f).registered IS NULL THEN 'unknown_fact'
		WHEN type = 'shock' AND on_date IS NULL THEN 'unknown_fact'
		WHEN type = 'appeal' AND ((f).appeal_condition IS NULL OR (f).beneficiary IS NULL) THEN 'unknown_fact'
		WHEN type = 'cyclic' AND ((f).beneficiary IS NULL OR (f).last_survey IS NULL OR on_date IS NULL) THEN 'unknown_fact'
		WHEN type = 'cyclic' AND (p).cyclic_for <> 'non_beneficiary' AND (f).score IS NOT NULL
			AND ((f).score = 'NaN' OR coalesce((f).cutoff, 'NaN') = 'NaN') THEN 'unknown_fact'
		WHEN type = 'recertification' AND ((f).beneficiary IS NULL OR (f).last_certified IS NULL OR on_date IS NULL) THEN 'unknown_fact'
		ELSE 'allowed'
	END;

-- What is later than midnight is the next day's.
CREATE FUNCTION oracle.first_day(timestamp) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN $1::date + CASE WHEN isfinite($1) AND $1::date < $1 THEN 1 ELSE 0 END;

CREATE FUNCTION oracle.allowed_from(reason registry.update_reason, type registry.update_type, f registry.update_facts,
									p registry.update_policy, on_date date) RETURNS date
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE reason
		WHEN 'allowed' THEN on_date
		WHEN 'outside_shock_window' THEN CASE WHEN lower((f).shock_window) > on_date THEN lower((f).shock_window) END
		WHEN 'too_early' THEN oracle.first_day(CASE type
			WHEN 'cyclic' THEN (f).last_survey + coalesce((p).cyclic_every, '2 years')
			ELSE (f).last_certified + coalesce((p).recertify_every, '3 years') END)
	END;
