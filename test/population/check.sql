
-- check: are the generated households what they should be? ---------------------
--
-- Run after population.load(), at least 5,000 households from the first on, over
-- all provinces.  Prints each figure beside the one it follows, and ends with an
-- error if any is off by more than it may.  What samples allow: four standard
-- errors are added to each tolerance.

SET search_path = registry, public;

CREATE TEMP TABLE home AS
	SELECT h.household_id, p.name AS province, i.indicators, i.members, i.indicators ->> 'region' AS region, h.place
	FROM nser.household AS h
	JOIN (SELECT s.household_id, s.survey_id, s.indicators, s.indicators -> 'members' AS members FROM nser.survey AS s) AS i
		ON i.household_id = h.household_id AND i.survey_id = h.current_survey
	JOIN population.province AS p ON p.label = i.indicators ->> 'province';

CREATE TEMP TABLE person AS
	SELECT s.household_id, m.*
	FROM nser.survey AS s
	CROSS JOIN LATERAL registry.members(s.roster) AS m;
CREATE INDEX ON person (household_id, line);
ANALYZE home, person;

CREATE TEMP TABLE result (
	no			integer GENERATED ALWAYS AS IDENTITY,
	what		text NOT NULL,
	source		text NOT NULL,
	expected	double precision NOT NULL,
	here		double precision,
	allowed		double precision NOT NULL
);

-- Where they live and how many they are: the annual report 2022-23.

INSERT INTO result (what, source, expected, here, allowed)
	SELECT 'households, % in ' || p.name, 'annual report', 100.0 * p.households / sum(p.households) OVER (),
		100.0 * count(h.*) / sum(count(h.*)) OVER (), 0.1
	FROM population.province AS p
	LEFT JOIN home AS h ON h.province = p.name
	GROUP BY p.digit
	ORDER BY p.digit;

INSERT INTO result (what, source, expected, here, allowed)
	SELECT 'mean household, ' || p.name, 'annual report', p.members::float8 / p.households, avg(h.members),
		0.06 + 4 * stddev(h.members) / sqrt(count(h.*))
	FROM population.province AS p
	LEFT JOIN home AS h ON h.province = p.name
	GROUP BY p.digit
	ORDER BY p.digit;

INSERT INTO result (what, source, expected, here, allowed)
	SELECT 'mean household, Pakistan', 'annual report', 5.226, avg(h.members), 0.03 + 4 * stddev(h.members) / sqrt(count(*))
	FROM home AS h;

INSERT INTO result (what, source, expected, here, allowed)
	SELECT 'safe drinking water, %', 'annual report', 84, 100 * avg(x.safe), 6
	FROM (SELECT (h.indicators ->> 'water' IN ('piped', 'hand_pump', 'motor_pump', 'covered_well', 'protected_spring',
			'filtration_plant', 'bottled'))::integer AS safe FROM home AS h) AS x;

-- How they live: household survey (HIES) 2015-16, own tabulation with its weights;
-- wide tolerances, as the registry is seven years younger.

INSERT INTO result (what, source, expected, here, allowed)
	SELECT x.what, 'HIES 2015-16', x.expected, 100.0 * avg(x.yes::integer), x.allowed + 4 * 50 / sqrt(count(*))
	FROM home AS h
	CROSS JOIN LATERAL (VALUES
		(1, 'electricity, % of urban', 98.4, h.region = 'urban', h.indicators ->> 'electricity' <> 'none', 2),
		(2, 'electricity, % of rural', 86, h.region = 'rural', h.indicators ->> 'electricity' <> 'none', 6),
		(3, 'piped gas, % of urban', 80, h.region = 'urban', h.indicators ->> 'gas' <> 'none', 6),
		(4, 'piped gas, % of rural', 18, h.region = 'rural', h.indicators ->> 'gas' <> 'none', 5),
		(5, 'no toilet, % of urban', 1, h.region = 'urban', h.indicators ->> 'toilet' = 'none', 2),
		(6, 'no toilet, % of rural (fewer since)', 18, h.region = 'rural', h.indicators ->> 'toilet' = 'none', 10),
		(7, 'public sewer, % of urban', 56, h.region = 'urban', h.indicators ->> 'toilet' = 'flush_sewer', 6),
		(8, 'one room, %', 29, true, h.indicators -> 'rooms' = 1, 4),
		(9, 'two rooms, %', 36, true, h.indicators -> 'rooms' = 2, 5),
		(10, 'mobile phone, %', 93, true, h.indicators -> 'mobile_phone' = 1, 4),
		(11, 'more than one couple, %', 23.4, true,
			(SELECT count(*) > 1 FROM person AS w WHERE w.household_id = h.household_id AND w.sex = 'female' AND w.marital_status = 'married'), 4)
	) AS x(no, what, expected, counted, yes, allowed)
	WHERE x.counted
	GROUP BY x.no, x.what, x.expected, x.allowed
	ORDER BY x.no;

INSERT INTO result (what, source, expected, here, allowed)
	SELECT x.what, 'HIES 2015-16', x.expected, 100.0 * avg(x.yes::integer), x.allowed + 4 * 50 / sqrt(count(*))
	FROM person AS m
	CROSS JOIN LATERAL (VALUES
		(1, 'out of school, % of 4 to 18', 40.8, m.age BETWEEN 4 AND 18, NOT m.attending_school, 4),
		(2, 'literate, % of 10 and older', 60, m.age >= 10, m.literate, 6),
		(3, 'female heads, %', 11, m.relationship = 'head', m.sex = 'female', 5),
		(4, 'heads who never attended, % (fewer since)', 42, m.relationship = 'head', NOT m.ever_attended, 10),
		(5, 'husband elsewhere, % of married women', 10, m.sex = 'female' AND m.marital_status = 'married', m.spouse_line = 0, 3),
		(6, 'widows, % of ever-married women', 11.8, m.sex = 'female' AND m.marital_status IN ('married', 'widowed', 'divorced', 'separated'), m.marital_status = 'widowed', 3),
		(7, 'men at work, % of 25 to 54', 95, m.sex = 'male' AND m.age BETWEEN 25 AND 54, m.employment = 'employed', 4),
		(8, 'women at work, % of 25 to 54', 26, m.sex = 'female' AND m.age BETWEEN 25 AND 54, m.employment = 'employed', 9),
		(9, 'under 15, %', 39, true, m.age < 15, 10)
	) AS x(no, what, expected, counted, yes, allowed)
	WHERE x.counted
	GROUP BY x.no, x.what, x.expected, x.allowed
	ORDER BY x.no;

INSERT INTO result (what, source, expected, here, allowed)
	SELECT 'several wives, % of households (under 1)', 'provincial survey', 0.5, 100.0 * count(*) FILTER (WHERE x.wives > 1) / count(*), 0.5
	FROM (SELECT count(*) FILTER (WHERE m.relationship = 'spouse') AS wives FROM person AS m GROUP BY m.household_id) AS x;

-- What must never happen.

INSERT INTO result (what, source, expected, here, allowed)
	SELECT x.what, 'never', 0, x.n, 0
	FROM (VALUES
		(1, 'households without a head, or with two',
			(SELECT count(*) FROM (SELECT 1 FROM person AS m GROUP BY m.household_id HAVING count(*) FILTER (WHERE m.relationship = 'head') <> 1) AS q)),
		(2, 'mothers less than 14 years older, or no women',
			(SELECT count(*) FROM person AS m JOIN person AS p ON p.household_id = m.household_id AND p.line = m.mother_line
			 WHERE p.age < m.age + 14 OR p.sex <> 'female')),
		(3, 'fathers less than 14 years older, or no men',
			(SELECT count(*) FROM person AS m JOIN person AS p ON p.household_id = m.household_id AND p.line = m.father_line
			 WHERE p.age < m.age + 14 OR p.sex <> 'male')),
		(4, 'spouses who do not name each other, or are not married',
			(SELECT count(*) FROM person AS m JOIN person AS p ON p.household_id = m.household_id AND p.line = m.spouse_line
			 WHERE m.marital_status <> 'married' OR p.marital_status <> 'married' OR m.sex = p.sex
				OR (p.spouse_line <> m.line AND NOT (m.relationship = 'spouse' AND p.line = 1)))),
		(5, 'lines of kin that nobody has',
			(SELECT count(*) FROM person AS m CROSS JOIN LATERAL (VALUES (m.spouse_line), (m.father_line), (m.mother_line)) AS k(line)
			 WHERE k.line > 0 AND NOT EXISTS (SELECT FROM person AS p WHERE p.household_id = m.household_id AND p.line = k.line))),
		(6, 'married children',
			(SELECT count(*) FROM person AS m WHERE m.age < 16 AND m.marital_status <> 'never_married')),
		(7, 'members whose household, line, sex or age the roster does not have',
			(SELECT count(*) FROM nser.member AS m
			 LEFT JOIN person AS p ON p.household_id = m.household_id AND p.line = m.line
			 JOIN nser.household AS h ON h.household_id = m.household_id
			 WHERE p.line IS NULL OR p.sex <> m.sex OR p.age <> extract(year FROM age(h.registered_on, m.birth_date)) OR m.area <> h.area)),
		(8, 'numbers that no member holds, or two do',
			(SELECT count(*) FROM nser.member AS m FULL JOIN nser.identity AS i ON i.cnic = m.cnic
			 WHERE (m.cnic IS NOT NULL OR i.cnic IS NOT NULL) AND (m.household_id, m.line) IS DISTINCT FROM (i.household_id, i.line))
			+ (SELECT count(m.cnic) - count(DISTINCT m.cnic) FROM nser.member AS m)),
		(9, 'numbers whose last digit belies the sex',
			(SELECT count(*) FROM nser.member AS m
			 WHERE m.sex <> 'transgender' AND (right(m.cnic::text, 1)::integer % 2 = 1) <> (m.sex = 'male'))),
		(10, 'surveys of no household, or elsewhere',
			(SELECT count(*) FROM nser.survey AS s LEFT JOIN nser.household AS h ON h.household_id = s.household_id AND h.area = s.area
			 WHERE h.household_id IS NULL)),
		(11, 'people who change with the size of the chunk',
			(SELECT count(*) FROM (SELECT m.* FROM population.member(101, 150, 1, NULL) AS m
								   EXCEPT SELECT m.* FROM population.member(1, 1000, 1, NULL) AS m) AS q)),
		(12, 'people of one seed whom another has too',
			(SELECT count(*) FROM population.member(1, 200, 1, NULL) AS m JOIN population.member(1, 200, 2, NULL) AS o
				ON (o.household_id, o.line, o.cnic, o.birth_date) = (m.household_id, m.line, m.cnic, m.birth_date))),
		(13, 'households of which no full survey is of the day they state',
			(SELECT count(*) FROM nser.household AS h
			 WHERE h.surveyed_on IS DISTINCT FROM (SELECT max((s.submitted_at AT TIME ZONE 'Asia/Karachi')::date) FROM nser.survey AS s
												   WHERE s.household_id = h.household_id AND s.is_full))),
		(14, 'households without a place near Pakistan',
			(SELECT count(*) FROM home AS h WHERE h.place && ST_MakeEnvelope(60, 23, 78, 37.5, 4326) IS NOT TRUE))
	) AS x(no, what, n)
	ORDER BY x.no;

\pset footer off
SELECT r.what, r.source, round(r.expected::numeric, 2) AS expected, round(r.here::numeric, 2) AS here,
	round((r.here - r.expected)::numeric, 2) AS off_by, round(r.allowed::numeric, 2) AS allowed
FROM result AS r
ORDER BY r.no;

DO $$
DECLARE
	off	text;
BEGIN
	SELECT string_agg(r.what, '; ' ORDER BY r.no) INTO off
	FROM result AS r
	WHERE (abs(r.here - r.expected) <= r.allowed) IS NOT TRUE;

	IF off IS NOT NULL THEN
		RAISE EXCEPTION 'generated households are off: %', off;
	END IF;
END;
$$;
