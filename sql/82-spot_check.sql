
-- spot check: surveys drawn by a seed, taken again, and compared -------------------
--
-- Whoever knows the seed can draw again: a survey's place in the order is the SHA-256
-- of the seed and its keys, and neither rows, plans nor machines come into it.  Say the
-- seed after the surveys are in, by a die that others see fall: who knows it before
-- knows which surveys nobody will look at.

CREATE FUNCTION registry.spot_check_key(seed text, household_id bigint, survey_id bigint) RETURNS bytea
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN sha256(convert_to(concat(seed, ':', household_id, ':', survey_id), 'UTF8'));
COMMENT ON FUNCTION registry.spot_check_key(text, bigint, bigint) IS
	'the place of a survey in a draw: SHA-256 of "seed:household:survey"; the lowest of each stratum are drawn';

CREATE FUNCTION registry.draw_spot_check(seed text, within registry.area_code DEFAULT 'PK', share numeric DEFAULT NULL, size integer DEFAULT NULL,
										 strata text DEFAULT 'centre', since date DEFAULT NULL, until date DEFAULT NULL)
	RETURNS bigint
	LANGUAGE plpgsql
	SET jit = off
	SET work_mem = '128MB'
AS $$
DECLARE
	draw		bigint;
	drawn_from	bigint;
	strata_no	bigint;
BEGIN
	IF num_nulls(draw_spot_check.seed, draw_spot_check.within, draw_spot_check.strata) > 0 OR draw_spot_check.seed !~ '[^[:space:]]' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = 'a draw needs a seed, an area and strata',
			HINT = 'SELECT registry.draw_spot_check(''2026-05 dice 4 2 6'', ''PK617'', share => 0.02);';
	ELSIF num_nonnulls(draw_spot_check.share, draw_spot_check.size) <> 1 OR NOT coalesce(draw_spot_check.share > 0 AND draw_spot_check.share <= 1, true)
	OR draw_spot_check.size <= 0 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'a draw is of a share above 0 up to 1, or of a size of at least 1',
			HINT = 'share => 0.02 is one survey in fifty, size => 400 is four hundred surveys.';
	ELSIF draw_spot_check.strata NOT IN ('none', 'centre', 'operator', 'province', 'district', 'tehsil', 'union_council') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'a draw has no such strata',
			HINT = 'They are none, centre, operator, province, district, tehsil and union_council.';
	END IF;

	INSERT INTO nser.spot_check (seed, drawn_within, share, size, strata, since, until)
	VALUES (draw_spot_check.seed, draw_spot_check.within, draw_spot_check.share, draw_spot_check.size, draw_spot_check.strata,
			draw_spot_check.since, draw_spot_check.until)
	RETURNING draw_id INTO draw;

	WITH survey AS MATERIALIZED (
		SELECT v.household_id, v.survey_id, v.area, registry.spot_check_key(draw_spot_check.seed, v.household_id, v.survey_id) AS key,
			coalesce(CASE draw_spot_check.strata WHEN 'none' THEN '' WHEN 'centre' THEN v.centre::text WHEN 'operator' THEN v.operator::text
				ELSE registry.ancestor(v.area, draw_spot_check.strata::registry.area_level)::text END, 'none') AS stratum
		FROM nser.household AS h
		JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey
		WHERE h.status = 'registered' AND h.area OPERATOR(registry.<@) draw_spot_check.within AND v.is_full
		AND registry.day_in_pakistan(v.submitted_at) >= coalesce(draw_spot_check.since, '-infinity')
		AND registry.day_in_pakistan(v.submitted_at) <= coalesce(draw_spot_check.until, 'infinity')
	), stratum AS (
		SELECT s.stratum, count(*) AS surveys, sum(count(*)) OVER () AS all_surveys, count(*) OVER () AS strata
		FROM survey AS s
		GROUP BY s.stratum
	), whole AS (
		-- one of each, and the others by what is left of each: in whole numbers, so that equal remainders are equal
		SELECT t.*, CASE WHEN draw_spot_check.share IS NOT NULL THEN greatest(round(draw_spot_check.share * t.surveys), 1)
				ELSE 1 + coalesce(div(x.parts, x.among), 0) END AS certain,
			row_number() OVER (ORDER BY coalesce(mod(x.parts, x.among), 0) DESC, t.stratum COLLATE "C") AS turn
		FROM stratum AS t
		CROSS JOIN LATERAL (SELECT (least(draw_spot_check.size, t.all_surveys) - t.strata)::numeric * (t.surveys - 1) AS parts,
								nullif(t.all_surveys - t.strata, 0)::numeric AS among) AS x
	), quota AS (
		SELECT w.stratum, w.surveys, w.strata, w.all_surveys,
			w.certain + CASE WHEN draw_spot_check.size IS NOT NULL
				AND w.turn <= least(draw_spot_check.size, w.all_surveys) - sum(w.certain) OVER () THEN 1 ELSE 0 END AS quota
		FROM whole AS w
	), drawn AS (
		INSERT INTO nser.spot_check_survey (household_id, survey_id, draw_id, area, stratum, of_surveys)
		SELECT o.household_id, o.survey_id, draw, o.area, o.stratum, q.surveys
		FROM (SELECT s.*, row_number() OVER (PARTITION BY s.stratum ORDER BY s.key, s.household_id, s.survey_id) AS place FROM survey AS s) AS o
		JOIN quota AS q ON q.stratum = o.stratum AND o.place <= q.quota
	)
	SELECT max(q.all_surveys), max(q.strata) INTO drawn_from, strata_no FROM quota AS q;
	IF drawn_from IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'no_data_found',
			MESSAGE = 'there is no survey to draw from',
			HINT = 'Full current surveys of registered households are drawn, submitted from since until until, both included.';
	ELSIF strata_no > draw_spot_check.size THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('%s surveys cannot hold one of each of %s strata', draw_spot_check.size, strata_no),
			HINT = 'Draw more, or choose coarser strata, as district or none.';
	END IF;
	UPDATE nser.spot_check AS d SET surveys = drawn_from WHERE d.draw_id = draw;
	RETURN draw;
END;
$$;
COMMENT ON FUNCTION registry.draw_spot_check(text, registry.area_code, numeric, integer, text, date, date) IS
	'draw surveys to be taken again: a share of each stratum, rounded, or so many in all, by the strata''s sizes, one of each at least; of the full current '
	'surveys of an area, submitted within days in Pakistan; strata: none, centre, operator, or areas of a level; the same seed draws the same surveys of '
	'the same, everywhere; returns the draw_id, its surveys are in nser.spot_check_survey; the owner''s';

CREATE FUNCTION registry.record_reinterview(draw_id bigint, household_id bigint, survey_id bigint, answers registry.indicators,
											roster registry.roster DEFAULT NULL, operator bigint DEFAULT NULL,
											interviewed_on date DEFAULT registry.today())
	RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	area_now	registry.area_code;
	first_by	bigint;
	first_on	date;
BEGIN
	IF num_nulls(record_reinterview.answers, record_reinterview.interviewed_on) > 0 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = 'a re-interview needs answers and a day',
			HINT = 'Answers that were not asked again are left out: {"rooms": 3, "toilet": "none"}.';
	END IF;
	SELECT s.area, v.operator, registry.day_in_pakistan(v.submitted_at) INTO area_now, first_by, first_on
	FROM nser.spot_check_survey AS s
	JOIN nser.survey AS v ON v.household_id = s.household_id AND v.survey_id = s.survey_id
	WHERE s.draw_id = record_reinterview.draw_id AND s.household_id = record_reinterview.household_id AND s.survey_id = record_reinterview.survey_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'no_data_found',
			MESSAGE = format('survey %s of household %s was not drawn in draw %s', record_reinterview.survey_id, record_reinterview.household_id, record_reinterview.draw_id),
			HINT = 'Only what was drawn is taken again: nser.spot_check_survey lists it.';
	ELSIF record_reinterview.interviewed_on < first_on OR record_reinterview.interviewed_on > registry.today() THEN
		RAISE EXCEPTION USING
			ERRCODE = 'datetime_field_overflow',
			MESSAGE = 'a re-interview is taken on a day from its survey''s until today',
			HINT = 'interviewed_on is the day in Pakistan on which it was taken.';
	ELSIF record_reinterview.operator = first_by THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('operator %s took the survey, and cannot be who takes it again', record_reinterview.operator),
			HINT = 'Send another operator.';
	END IF;
	INSERT INTO nser.spot_check_interview (household_id, survey_id, draw_id, area, indicators, roster, operator, interviewed_on)
	VALUES (record_reinterview.household_id, record_reinterview.survey_id, record_reinterview.draw_id, area_now,
			registry.complete(record_reinterview.answers, record_reinterview.roster), record_reinterview.roster, record_reinterview.operator,
			record_reinterview.interviewed_on);
END;
$$;
COMMENT ON FUNCTION registry.record_reinterview(bigint, bigint, bigint, registry.indicators, registry.roster, bigint, date) IS
	'record what a drawn household answered when it was asked again, by another operator, once a draw; the counts of a roster are derived where one is '
	'given; answers left out are not compared; the registry stays as it is: a correction is a case of its own';

CREATE FUNCTION registry.kappa(first_answers integer[], second_answers integer[]) RETURNS numeric
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH pair AS (
		SELECT p.a, p.b FROM unnest(kappa.first_answers, kappa.second_answers) AS p (a, b) WHERE num_nulls(p.a, p.b) = 0
	), chance AS (
		SELECT coalesce(sum(x.n * y.n), 0) AS alike
		FROM (SELECT p.a, count(*)::numeric AS n FROM pair AS p GROUP BY p.a) AS x
		JOIN (SELECT p.b, count(*)::numeric AS n FROM pair AS p GROUP BY p.b) AS y ON y.b = x.a
	)
	-- (observed - expected) / (1 - expected), over the square of the pairs, so that whole numbers decide
	SELECT CASE WHEN count(*)::numeric * count(*) > max(c.alike)
		THEN (count(*) FILTER (WHERE p.a = p.b)::numeric * count(*) - max(c.alike)) / (count(*)::numeric * count(*) - max(c.alike)) END
	FROM pair AS p CROSS JOIN chance AS c;
END;
COMMENT ON FUNCTION registry.kappa(integer[], integer[]) IS
	'Cohen''s kappa of two answers to the same, pair by pair: 1 agree, 0 no more than by chance; pairs with a NULL are left out; '
	'NULL where there are none, or where everybody answered the same both times';
