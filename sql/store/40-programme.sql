
CREATE TABLE nser.programme (
	code		text PRIMARY KEY CHECK (code <> ''),
	name		text NOT NULL,
	formula		text NOT NULL,
	cutoff		double precision NOT NULL CHECK (cutoff BETWEEN 0 AND 100),
	valid		daterange NOT NULL DEFAULT daterange(NULL, NULL),
	source		text,
	unit		text NOT NULL DEFAULT 'family' CHECK (unit IN ('household', 'family', 'person')),
	recertifies	boolean NOT NULL DEFAULT true
);
COMMENT ON TABLE nser.programme IS 'programmes: a household is eligible when score <= cutoff, or by a relaxation';
COMMENT ON COLUMN nser.programme.formula IS 'name in registry.formula';
COMMENT ON COLUMN nser.programme.cutoff IS 'highest score that is eligible, 0 to 100, on days for which nser.programme_cutoff has no other';
COMMENT ON COLUMN nser.programme.valid IS 'when the programme takes households in';
COMMENT ON COLUMN nser.programme.unit IS 'whom it enrols: households, families (by the woman), or persons';
COMMENT ON COLUMN nser.programme.recertifies IS
	'whether its beneficiaries are recertified: they alone are beneficiaries to the rules of updates, a school meal for all makes nobody one';

CREATE TRIGGER programme_formula BEFORE INSERT OR UPDATE OF formula ON nser.programme FOR EACH ROW
	EXECUTE FUNCTION registry.refuse_unknown_formula();

CREATE TABLE nser.programme_cutoff (
	programme	text NOT NULL REFERENCES nser.programme ON UPDATE CASCADE,
	valid		daterange NOT NULL CHECK (NOT isempty(valid)),
	cutoff		double precision NOT NULL CHECK (cutoff BETWEEN 0 AND 100),
	source		text,
	PRIMARY KEY (programme, valid)
);
-- equality of a text in an index of ranges is pg_trgm's, which the extension requires
EXECUTE format('ALTER TABLE nser.programme_cutoff ADD CONSTRAINT programme_cutoff_once EXCLUDE USING gist (programme %s.gist_trgm_ops WITH =, valid WITH &&)',
	(SELECT e.extnamespace::regnamespace FROM pg_extension AS e WHERE e.extname = 'pg_trgm'));
COMMENT ON TABLE nser.programme_cutoff IS
	'cut-offs a programme had, or will have, such as 16.17 before 32; on days that no row has it is that of nser.programme';
COMMENT ON COLUMN nser.programme_cutoff.valid IS 'from when until when; no two of a programme overlap';
COMMENT ON COLUMN nser.programme_cutoff.cutoff IS 'highest score that is eligible, 0 to 100';

CREATE FUNCTION nser.cutoff_on(programme text, on_date date) RETURNS double precision
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN (SELECT coalesce((SELECT c.cutoff FROM nser.programme_cutoff AS c
							 WHERE c.programme = p.code AND c.valid @> cutoff_on.on_date), p.cutoff)
			FROM nser.programme AS p WHERE p.code = cutoff_on.programme);
COMMENT ON FUNCTION nser.cutoff_on(text, date) IS
	'the cut-off of a programme on a day, without relaxations; NULL where there is no such programme';

CREATE TABLE nser.relaxation (
	programme	text NOT NULL REFERENCES nser.programme ON UPDATE CASCADE,
	indicator	text NOT NULL,
	at_least	integer NOT NULL DEFAULT 1 CHECK (at_least BETWEEN 0 AND 254),
	cutoff		double precision NOT NULL CHECK (cutoff BETWEEN 0 AND 100),
	valid		daterange NOT NULL DEFAULT daterange(NULL, NULL),
	source		text,
	PRIMARY KEY (programme, indicator, at_least, valid),
	-- refuses a name that is not in the codebook
	CONSTRAINT relaxation_indicator CHECK ((registry.indicators '{}' OPERATOR(registry.->) indicator) IS NULL)
);
COMMENT ON TABLE nser.relaxation IS
	'higher cut-offs for some, such as 37 where a member is disabled; a household has the highest that applies';
COMMENT ON COLUMN nser.relaxation.indicator IS 'name of the codebook whose answer decides';
COMMENT ON COLUMN nser.relaxation.at_least IS 'lowest answer to which it applies; a flag is 1, a label its code';

-- Whether a score is eligible: true, false, or NULL where it cannot be known.
CREATE FUNCTION nser.judge(programme text, base_cutoff double precision, score double precision,
						   indicators registry.indicators, on_date date,
						   OUT cutoff double precision, OUT eligible boolean)
	RETURNS SETOF record
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
BEGIN ATOMIC
	SELECT greatest(judge.base_cutoff, r.applies),
		CASE
			WHEN judge.score <= greatest(judge.base_cutoff, r.applies) THEN true
			WHEN judge.score <= r.may_apply THEN NULL
			WHEN judge.score IS NOT NULL THEN false
		END
	FROM (SELECT max(x.cutoff) FILTER (WHERE (judge.indicators OPERATOR(registry.->) x.indicator) >= x.at_least) AS applies,
				 max(x.cutoff) FILTER (WHERE (judge.indicators OPERATOR(registry.->) x.indicator) IS NULL) AS may_apply
		  FROM nser.relaxation AS x
		  WHERE x.programme = judge.programme AND x.valid @> judge.on_date) AS r;
END;
COMMENT ON FUNCTION nser.judge(text, double precision, double precision, registry.indicators, date) IS
	'the cut-off a household has in a programme, and whether its score is at or under it';

CREATE VIEW nser.eligibility WITH (security_invoker = true) AS
	SELECT p.code AS programme, h.household_id, h.area, s.survey_id, p.formula, s.score, j.cutoff, j.eligible
	FROM (SELECT x.code, x.formula, coalesce(c.cutoff, x.cutoff) AS cutoff
		  FROM nser.programme AS x
		  LEFT JOIN nser.programme_cutoff AS c ON c.programme = x.code AND c.valid @> registry.today()
		  WHERE x.valid @> registry.today()) AS p
	CROSS JOIN nser.household AS h
	LEFT JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey
	-- no key binds a score to its survey: one of an area that is not its household's is not its own
	LEFT JOIN nser.score AS s ON s.household_id = v.household_id AND s.survey_id = v.survey_id AND s.area OPERATOR(registry.=) v.area
		AND s.formula = p.formula
	CROSS JOIN LATERAL nser.judge(p.code, p.cutoff, s.score, v.indicators, registry.today()) AS j
	WHERE h.status = 'registered';
COMMENT ON VIEW nser.eligibility IS
	'every household in every programme of today: its score, its cut-off and whether it is eligible; NULL where unknown';
