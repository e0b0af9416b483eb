
-- public_status: what anybody is told of a number -----------------------------------
--
-- One answer a call, to the login of a public front end, never a score.  The counter
-- is of registry.count_up(), which no rollback turns back.  An answer takes its time, the
-- same whatever it is, so that asking for many costs and tells no more.

CREATE FUNCTION registry.charge_public(front_id bigint, per_day integer) RETURNS void
	LANGUAGE plpgsql
AS $$
BEGIN
	IF registry.count_up('public_count_' || charge_public.front_id) > charge_public.per_day THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG028',
			MESSAGE = 'the questions of the day are used',
			DETAIL = format('This login has %s a day.', charge_public.per_day),
			HINT = 'Ask tomorrow: the day is Pakistan''s. Nothing was looked up.';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.charge_public(bigint, integer) IS
	'count a question of a public front end, for good whatever becomes of the transaction, and refuse it beyond so many a day, RG028; the owner''s';

-- Bands end at the cut-offs of today's programmes; a score has two decimals.
CREATE FUNCTION registry.public_band(score double precision, formula text, least_width double precision) RETURNS text
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	from_score	numeric := 0;
	ends_at		numeric;
BEGIN
	FOR ends_at IN
		SELECT DISTINCT round(coalesce(c.cutoff, p.cutoff)::numeric, 2)
		FROM nser.programme AS p
		LEFT JOIN nser.programme_cutoff AS c ON c.programme = p.code AND c.valid @> registry.today()
		WHERE p.valid @> registry.today() AND p.formula = public_band.formula
		ORDER BY 1
	LOOP
		-- a band that is too narrow is nearly a score
		CONTINUE WHEN ends_at - from_score < public_band.least_width OR 100 - ends_at < public_band.least_width;
		IF public_band.score <= ends_at THEN
			RETURN format('%s-%s', trim_scale(from_score), trim_scale(ends_at));
		END IF;
		from_score := ends_at + 0.01;
	END LOOP;
	RETURN format('%s-100', trim_scale(from_score));
END;
$$;
COMMENT ON FUNCTION registry.public_band(double precision, text, double precision) IS
	'the band of a score between the cut-offs of today''s programmes that use the formula, none narrower than so many points';

CREATE FUNCTION registry.tell_status(cnic text) RETURNS text
	LANGUAGE plpgsql
AS $$
DECLARE
	began	CONSTANT timestamptz := clock_timestamp();
	front	record;
	person	record;
	told	text;
BEGIN
	PERFORM registry.check_live_read();
	SELECT f.front_id, f.per_day, f.takes, f.formula, f.least_width INTO front
	FROM nser.public_front AS f
	WHERE f.login = session_user AND f.valid @> (clock_timestamp() AT TIME ZONE 'Asia/Karachi')::date;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG023',
			MESSAGE = 'this login is no public front end',
			HINT = 'registry.allow_public() makes it one.';
	END IF;
	PERFORM registry.charge_public(front.front_id, front.per_day);

	SELECT h.status, s.score,
		EXISTS (SELECT FROM nser.update_case AS c
				WHERE c.household_id = h.household_id AND c.update_type <> 'grievance' AND NOT registry.is_final(c.state)) AS is_open,
		-- nobody is under verification because nobody looked yet
		EXISTS (SELECT FROM nser.member_verification AS y
				WHERE y.household_id = m.household_id AND y.line = m.line AND y.outcome IS NOT NULL AND NOT y.is_payable) AS is_doubtful
	INTO person
	FROM nser.identity AS i
	JOIN nser.member AS m ON m.household_id = i.household_id AND m.line = i.line AND m.cnic OPERATOR(registry.=) i.cnic
		AND m.valid_to IS NULL AND m.superseded_at IS NULL
	JOIN nser.household AS h ON h.household_id = m.household_id AND h.status IN ('registered', 'requested')
	LEFT JOIN nser.survey AS v ON v.household_id = h.household_id AND v.survey_id = h.current_survey
	LEFT JOIN nser.score AS s ON s.household_id = v.household_id AND s.survey_id = v.survey_id AND s.area OPERATOR(registry.=) v.area
		AND s.formula = front.formula
	WHERE i.cnic OPERATOR(registry.=) registry.cnic_or_null(tell_status.cnic);
	told := CASE
		WHEN person.status IS NULL THEN 'not_registered'
		WHEN person.status = 'requested' OR person.is_open OR person.is_doubtful OR person.score IS NULL THEN 'under_verification'
		ELSE registry.public_band(person.score, front.formula, front.least_width)
	END;
	PERFORM pg_sleep(greatest(0, extract(epoch FROM began + front.takes - clock_timestamp())));
	RETURN told;
END;
$$;
COMMENT ON FUNCTION registry.tell_status(text) IS 'what share.public_status() does, by the rights of the store''s owner';

CREATE FUNCTION registry.public_status(cnic text) RETURNS text
	LANGUAGE plpgsql
AS $$
BEGIN
	RETURN share.public_status(public_status.cnic);
END;
$$;
COMMENT ON FUNCTION registry.public_status(text) IS
	'what the public is told of an identity number: not_registered (that, or no number at all), under_verification (a case is open, a check found '
	'a difference, or there is no score yet), or the band between cut-offs that the household''s score is in; never a score; for the login of a '
	'public front end, of which each call is counted, and refused beyond so many a day, RG028';

CREATE FUNCTION registry.allow_public(login name, formula text, per_day integer, takes interval DEFAULT '50 milliseconds',
									  least_width double precision DEFAULT 5) RETURNS bigint
	LANGUAGE plpgsql
AS $$
DECLARE
	front	bigint;
BEGIN
	IF NOT coalesce(allow_public.per_day BETWEEN 1 AND 900000000 AND allow_public.takes BETWEEN '0' AND '10 seconds'
		AND allow_public.least_width BETWEEN 1 AND 100, false) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'a front end has 1 to 900000000 questions a day, each taking 0 to 10 seconds, and bands of 1 to 100 points',
			HINT = 'registry.allow_public(''web'', ''nser-2021'', 50000); for the others there are defaults.';
	END IF;
	INSERT INTO nser.public_front AS f (login, formula, per_day, takes, least_width)
	VALUES (allow_public.login, allow_public.formula, allow_public.per_day, allow_public.takes, allow_public.least_width)
	ON CONFLICT ON CONSTRAINT public_front_login_key DO UPDATE SET formula = excluded.formula, per_day = excluded.per_day, takes = excluded.takes,
		least_width = excluded.least_width, valid = excluded.valid
	RETURNING f.front_id INTO front;
	PERFORM registry.make_day_counters('public_count_' || front, 'nser.public_front.front_id', 'questions of a public front end on a day: registry.public_use() reads it');
	EXECUTE format('GRANT USAGE ON SCHEMA share TO %I', allow_public.login);
	EXECUTE format('GRANT EXECUTE ON FUNCTION share.public_status(text) TO %I', allow_public.login);
	RETURN front;
END;
$$;
COMMENT ON FUNCTION registry.allow_public(name, text, integer, interval, double precision) IS
	'make a login that of a public front end, with so many questions a day, each taking so long; bands are of scores by the formula, and not narrower than '
	'least_width points; called again it changes those; the owner''s';

CREATE FUNCTION registry.public_use(OUT login name, OUT day date, OUT asked bigint) RETURNS SETOF record
	LANGUAGE plpgsql
AS $$
BEGIN
	RETURN QUERY
		SELECT f.login, c.day, c.counted FROM nser.public_front AS f CROSS JOIN LATERAL registry.day_counts('public_count_' || f.front_id) AS c
		ORDER BY 1, 2;
END;
$$;
COMMENT ON FUNCTION registry.public_use() IS
	'questions of the public by login and day, of the last 32 days, those that were refused or rolled back included; days without any have no row; '
	'keep it elsewhere for longer';
