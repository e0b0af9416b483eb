
-- What a programme asks beyond the score.  Source lists name only whom they found,
-- so a flag that is absent does not hold; an answer that is missing is unknown.
CREATE TABLE nser.programme_rule (
	programme	text NOT NULL REFERENCES nser.programme ON UPDATE CASCADE,
	rule_no		smallint NOT NULL CHECK (rule_no > 0),
	purpose		text NOT NULL CHECK (purpose IN ('filter', 'criterion')),
	indicator	text,
	flag		text CHECK (flag <> ''),
	at_least	integer NOT NULL DEFAULT 1,
	at_most		integer CHECK (at_most >= at_least),
	alternative	smallint CHECK (alternative BETWEEN 1 AND 62),
	valid		daterange NOT NULL DEFAULT daterange(NULL, NULL) CHECK (NOT isempty(valid)),
	source		text,
	PRIMARY KEY (programme, rule_no),
	CONSTRAINT programme_rule_about CHECK (num_nonnulls(indicator, flag) = 1),
	-- refuses a name that is not in the codebook
	CONSTRAINT programme_rule_indicator CHECK (indicator IS NULL OR (registry.indicators '{}' OPERATOR(registry.->) indicator) IS NULL),
	-- a filter excludes by itself; criteria are numbered, as several may do
	CONSTRAINT programme_rule_alternative CHECK ((purpose = 'criterion') = (alternative IS NOT NULL))
);
COMMENT ON TABLE nser.programme_rule IS
	'what a programme asks of households at or under its cut-off: filters, each of which excludes, and criteria, which must be met';
COMMENT ON COLUMN nser.programme_rule.purpose IS 'filter: excludes whom it holds for; criterion: must hold';
COMMENT ON COLUMN nser.programme_rule.indicator IS 'name of the codebook whose answer decides; unknown where it is missing';
COMMENT ON COLUMN nser.programme_rule.flag IS 'flag of nser.person_flag that someone of the household has; who is not listed does not have it';
COMMENT ON COLUMN nser.programme_rule.at_least IS 'lowest answer, or value of the flag, for which it holds; a flag is 1, a label its code';
COMMENT ON COLUMN nser.programme_rule.at_most IS 'highest; NULL where there is none';
COMMENT ON COLUMN nser.programme_rule.alternative IS
	'of a criterion: among those of one number one must hold, and every number must have one; NULL of a filter';
COMMENT ON COLUMN nser.programme_rule.valid IS 'from when until when it is asked';

CREATE TABLE nser.person_flag (
	household_id	bigint NOT NULL,
	line			smallint NOT NULL CHECK (line BETWEEN 1 AND 254),
	flag			text NOT NULL CHECK (flag <> ''),
	value			integer NOT NULL DEFAULT 1,
	source			text NOT NULL,
	as_of			date NOT NULL,
	area			registry.area_code NOT NULL,
	-- a bill of one company says nothing of another's
	PRIMARY KEY (household_id, line, flag, source),
	FOREIGN KEY (household_id, area) REFERENCES nser.household (household_id, area) ON UPDATE CASCADE
);
COMMENT ON TABLE nser.person_flag IS
	'what lists of others say of people, such as government_employee, foreign_travel, vehicle, telephone_bill, executive_fee; they count while the '
	'line is live; who moves takes them along, and the rows of the old line go';
COMMENT ON COLUMN nser.person_flag.value IS '1, or how much: a telephone bill in rupees a month';
COMMENT ON COLUMN nser.person_flag.source IS 'the list it is from';
COMMENT ON COLUMN nser.person_flag.as_of IS 'the day of that list: it says nothing of days before';

-- A list grows old; one that is not here counts for good.
CREATE TABLE nser.flag_source (
	source		text NOT NULL CHECK (source ~ '[^[:space:]]'),
	flag		text NOT NULL CHECK (flag <> ''),
	measure		text,
	holds_for	interval CHECK (holds_for > '0' AND isfinite(holds_for)),
	PRIMARY KEY (source, flag)
);
COMMENT ON TABLE nser.flag_source IS 'where flags of nser.person_flag come from: lists, and partners';
COMMENT ON COLUMN nser.flag_source.source IS 'as nser.person_flag has it, such as excise department';
COMMENT ON COLUMN nser.flag_source.measure IS 'what a value is, such as rupees a month; NULL: 1 who is on the list';
COMMENT ON COLUMN nser.flag_source.holds_for IS 'how long after its day it counts; NULL: for good';

CREATE FUNCTION nser.judge_rules(programme text, household_id bigint, indicators registry.indicators, on_date date,
								 OUT passes_filters boolean, OUT meets_criteria boolean)
	RETURNS SETOF record
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
	SELECT
		CASE
			WHEN bool_or(r.holds) FILTER (WHERE r.purpose = 'filter') THEN false
			WHEN bool_or(r.holds IS NULL) FILTER (WHERE r.purpose = 'filter') THEN NULL
			ELSE true
		END,
		-- a bit a number: that must be met, that are, and that may be
		CASE
			WHEN count(r.alternative) = 0 OR bit_or(1::bigint << r.alternative) = bit_or(1::bigint << r.alternative) FILTER (WHERE r.holds) THEN true
			WHEN bit_or(1::bigint << r.alternative) = bit_or(1::bigint << r.alternative) FILTER (WHERE r.holds IS NOT false) THEN NULL
			ELSE false
		END
	FROM (SELECT x.purpose, x.alternative,
				 CASE WHEN x.flag IS NULL THEN
					(judge_rules.indicators OPERATOR(registry.->) x.indicator) BETWEEN x.at_least AND coalesce(x.at_most, 254)
				 ELSE EXISTS (
					SELECT FROM nser.person_flag AS f
					WHERE f.household_id = judge_rules.household_id AND f.flag = x.flag AND f.as_of <= judge_rules.on_date
					AND f.value >= x.at_least AND (f.value <= x.at_most OR x.at_most IS NULL)
					AND NOT EXISTS (SELECT FROM nser.flag_source AS s
									WHERE s.source = f.source AND s.flag = f.flag AND f.as_of + s.holds_for <= judge_rules.on_date)
					AND EXISTS (SELECT FROM nser.member AS m
								WHERE m.household_id = f.household_id AND m.line = f.line AND m.valid_to IS NULL AND m.superseded_at IS NULL))
				 END AS holds
		  FROM nser.programme_rule AS x
		  WHERE x.programme = judge_rules.programme AND x.valid @> judge_rules.on_date
		  -- each rule is looked at once
		  OFFSET 0) AS r;
END;
COMMENT ON FUNCTION nser.judge_rules(text, bigint, registry.indicators, date) IS
	'whether a household passes a programme''s filters and meets its criteria, of nser.programme_rule; NULL where that cannot be known';

CREATE VIEW nser.candidacy WITH (security_invoker = true) AS
	SELECT p.code AS programme, h.household_id, h.area, v.survey_id, s.score, j.cutoff, j.eligible, r.passes_filters, r.meets_criteria,
		j.eligible AND r.passes_filters AND r.meets_criteria AS is_candidate
	FROM (SELECT x.code, x.formula, coalesce(c.cutoff, x.cutoff) AS cutoff
		  FROM nser.programme AS x
		  LEFT JOIN nser.programme_cutoff AS c ON c.programme = x.code AND c.valid @> registry.today()
		  WHERE x.valid @> registry.today()) AS p
	CROSS JOIN nser.household AS h
	LEFT JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey
	LEFT JOIN nser.score AS s ON s.household_id = v.household_id AND s.survey_id = v.survey_id AND s.area OPERATOR(registry.=) v.area
		AND s.formula = p.formula
	CROSS JOIN LATERAL nser.judge(p.code, p.cutoff, s.score, v.indicators, registry.today()) AS j
	CROSS JOIN LATERAL nser.judge_rules(p.code, h.household_id, v.indicators, registry.today()) AS r
	WHERE h.status = 'registered';
COMMENT ON VIEW nser.candidacy IS
	'nser.eligibility, then filters and criteria: every household in every programme of today; NULL where unknown';
COMMENT ON COLUMN nser.candidacy.is_candidate IS 'eligible, passed by the filters, and meeting the criteria';

-- Surveys as scores of a day are told from: the last of that day in Pakistan.
CREATE FUNCTION nser.scores_on(formula text, on_date date, within registry.area_code,
							   OUT household_id bigint, OUT area registry.area_code, OUT survey_id bigint,
							   OUT indicators registry.indicators, OUT score double precision)
	RETURNS SETOF record
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 100000
BEGIN ATOMIC
	SELECT DISTINCT ON (v.household_id) v.household_id, v.area, v.survey_id, v.indicators, s.score
	FROM nser.survey AS v
	JOIN nser.household AS h ON h.household_id = v.household_id AND h.status = 'registered'
	LEFT JOIN nser.score AS s ON s.household_id = v.household_id AND s.survey_id = v.survey_id AND s.area OPERATOR(registry.=) v.area
		AND s.formula = scores_on.formula
	WHERE v.area OPERATOR(registry.<@) scores_on.within
	AND v.submitted_at < (scores_on.on_date + 1)::timestamp AT TIME ZONE 'Asia/Karachi'
	ORDER BY v.household_id, v.submitted_at DESC, v.survey_id DESC;
END;
COMMENT ON FUNCTION nser.scores_on(text, date, registry.area_code) IS
	'of every household of an area that is registered, the last survey of a day and its score; NULL where that has none';
