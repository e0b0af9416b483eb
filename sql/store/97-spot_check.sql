
CREATE TABLE nser.spot_check (
	draw_id			bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	seed			text NOT NULL,
	drawn_within	registry.area_code NOT NULL,
	share			numeric,
	size			integer,
	strata			text NOT NULL,
	since			date,
	until			date,
	surveys			bigint,
	drawn_at		timestamptz NOT NULL DEFAULT now(),
	drawn_by		name NOT NULL DEFAULT session_user
);
COMMENT ON TABLE nser.spot_check IS 'draws of surveys that are taken again: registry.draw_spot_check(), with all that repeats them';
COMMENT ON COLUMN nser.spot_check.surveys IS 'that were drawn from';

CREATE TABLE nser.spot_check_survey (
	household_id	bigint NOT NULL,
	survey_id		bigint NOT NULL,
	draw_id			bigint NOT NULL REFERENCES nser.spot_check,
	area			registry.area_code NOT NULL,
	stratum			text NOT NULL,
	of_surveys		bigint NOT NULL CHECK (of_surveys > 0),
	PRIMARY KEY (household_id, survey_id, draw_id),
	FOREIGN KEY (household_id, area) REFERENCES nser.household (household_id, area) ON UPDATE CASCADE,
	FOREIGN KEY (household_id, survey_id) REFERENCES nser.survey (household_id, survey_id)
);
CREATE INDEX spot_check_survey_draw ON nser.spot_check_survey (draw_id);
COMMENT ON TABLE nser.spot_check_survey IS 'surveys that were drawn';
COMMENT ON COLUMN nser.spot_check_survey.stratum IS 'centre, operator or area it was drawn for; none: not known';
COMMENT ON COLUMN nser.spot_check_survey.of_surveys IS 'surveys of the stratum: over those drawn of it, what each stands for';

CREATE TABLE nser.spot_check_interview (
	household_id	bigint NOT NULL,
	survey_id		bigint NOT NULL,
	draw_id			bigint NOT NULL,
	area			registry.area_code NOT NULL,
	indicators		registry.indicators NOT NULL,
	roster			registry.roster,
	operator		bigint,
	interviewed_on	date NOT NULL,
	recorded_at		timestamptz NOT NULL DEFAULT now(),
	recorded_by		name NOT NULL DEFAULT session_user,
	PRIMARY KEY (household_id, survey_id, draw_id),
	FOREIGN KEY (household_id, survey_id, draw_id) REFERENCES nser.spot_check_survey,
	FOREIGN KEY (household_id, area) REFERENCES nser.household (household_id, area) ON UPDATE CASCADE
);
COMMENT ON TABLE nser.spot_check_interview IS 'what drawn households answered when asked again: registry.record_reinterview(); nothing else reads it';
COMMENT ON COLUMN nser.spot_check_interview.operator IS 'who asked again; NULL where not an operator';
CREATE TRIGGER spot_check_interview_kept BEFORE UPDATE OR DELETE ON nser.spot_check_interview FOR EACH ROW
	EXECUTE FUNCTION registry.refuse_change('another draw');

CREATE VIEW nser.spot_check_pair WITH (security_invoker = true) AS
	SELECT r.draw_id, r.household_id, r.survey_id, r.area, s.stratum, v.operator, c.position, c.name AS question, c.kind,
		v.indicators OPERATOR(registry.->) c.name AS first, r.indicators OPERATOR(registry.->) c.name AS second
	FROM nser.spot_check_interview AS r
	JOIN nser.spot_check_survey AS s ON s.household_id = r.household_id AND s.survey_id = r.survey_id AND s.draw_id = r.draw_id
	JOIN nser.survey AS v ON v.household_id = r.household_id AND v.survey_id = r.survey_id
	-- of the place everybody knows
	CROSS JOIN registry.codebook() AS c
	WHERE c.name NOT LIKE 'reserved%' AND c.name <> 'province';
COMMENT ON VIEW nser.spot_check_pair IS
	'answers of both times, a row a question: first of the survey, second of the re-interview, as codes; NULL: not answered; operator: who took the survey';

CREATE VIEW nser.spot_check_question WITH (security_invoker = true) AS
	SELECT p.draw_id, p.question, p.kind, count(*) AS interviews, count(p.first + p.second) AS both_times,
		count(*) FILTER (WHERE p.first <> p.second) AS differing,
		round(100.0 * count(*) FILTER (WHERE p.first <> p.second) / nullif(count(p.first + p.second), 0), 1) AS differing_pct,
		CASE WHEN p.kind <> 'count' THEN round(registry.kappa(array_agg(p.first), array_agg(p.second)), 3) END AS kappa,
		CASE WHEN p.kind = 'count' THEN round(avg(abs(p.first - p.second)), 2) END AS mean_difference,
		CASE WHEN p.kind = 'count' THEN round(avg(p.second - p.first), 2) END AS mean_change
	FROM nser.spot_check_pair AS p
	GROUP BY p.draw_id, p.position, p.question, p.kind;
COMMENT ON VIEW nser.spot_check_question IS
	'how the two answers to each question differ, of those answered both times: of codes and flags with Cohen''s kappa, 1 where all agree and 0 where no '
	'more than by chance, NULL where all answers are alike; of counts the mean absolute difference, and the mean change; NULL where nobody answered twice';

CREATE VIEW nser.spot_check_operator WITH (security_invoker = true) AS
	SELECT p.draw_id, p.operator, count(DISTINCT (p.household_id, p.survey_id)) AS interviews, count(p.first + p.second) AS both_times,
		count(*) FILTER (WHERE p.first <> p.second) AS differing,
		round(100.0 * count(*) FILTER (WHERE p.first <> p.second) / nullif(count(p.first + p.second), 0), 1) AS differing_pct
	FROM nser.spot_check_pair AS p
	GROUP BY p.draw_id, p.operator;
COMMENT ON VIEW nser.spot_check_operator IS
	'of each operator''s surveys that were taken again, how many answers differ, of all given both times; NULL operator: the survey names none';

CREATE VIEW nser.spot_check_progress WITH (security_invoker = true) AS
	SELECT s.draw_id, d.seed, s.stratum, max(s.of_surveys) AS surveys, count(*) AS drawn, count(r.household_id) AS interviewed,
		round(100.0 * count(r.household_id) / count(*), 1) AS interviewed_pct
	FROM nser.spot_check_survey AS s
	JOIN nser.spot_check AS d ON d.draw_id = s.draw_id
	LEFT JOIN nser.spot_check_interview AS r ON r.household_id = s.household_id AND r.survey_id = s.survey_id AND r.draw_id = s.draw_id
	GROUP BY s.draw_id, d.seed, s.stratum;
COMMENT ON VIEW nser.spot_check_progress IS 'of each stratum of a draw, surveys there were, drawn and taken again';

INSERT INTO nser.report (name, subject, title, meaning, relation, sorted_by) VALUES
	('spot_check_question', 'quality', 'Spot checks: disagreement by question', 'Answers given both times; kappa of codes and flags, mean difference of counts.',
	 'nser.spot_check_question', '{draw_id,-differing_pct,question}'),
	('spot_check_operator', 'quality', 'Spot checks: disagreement by operator', 'Answers of each operator''s surveys that were given both times, and differ.',
	 'nser.spot_check_operator', '{draw_id,-differing_pct,operator}'),
	('spot_check_progress', 'quality', 'Spot checks: how far they are', 'Surveys drawn and taken again, by stratum.', 'nser.spot_check_progress', '{draw_id,stratum}');
