
-- plant: people registered again -------------------------------------------------
--
-- Each is added to another household, without a document, with the names written
-- otherwise, and some with another birth date: :share of a thousand members of every
-- :every-th household.

CREATE TABLE planted.pair (
	household_id	bigint NOT NULL,
	line			smallint NOT NULL,
	other_household	bigint NOT NULL,
	other_line		smallint NOT NULL,
	names			text NOT NULL,
	birth			text NOT NULL,
	place			text NOT NULL,
	PRIMARY KEY (household_id, line)
);
COMMENT ON TABLE planted.pair IS 'who was registered again, where, and what was changed';

INSERT INTO planted.pair
	WITH chosen AS (
		SELECT m.household_id, m.line, m.area, population.hash(m.household_id, m.line, 1, 91) AS h
		FROM nser.member AS m
		WHERE m.birth_date IS NOT NULL AND m.household_id % :every = 0
		AND population.fine_draw(population.hash(m.household_id, m.line, 1, 90)) < (1048575::bigint * :share) / 1000
	), drawn AS (
		SELECT c.*,
			CASE
				WHEN population.draw(h, 0) < 60 THEN 'as before'
				WHEN population.draw(h, 0) < 500 THEN 'respelled'
				WHEN population.draw(h, 0) < 640 THEN 'mistyped name'
				WHEN population.draw(h, 0) < 740 THEN 'mistyped father''s'
				WHEN population.draw(h, 0) < 880 THEN 'word more or less'
				WHEN population.draw(h, 0) < 930 THEN 'words swapped'
				WHEN population.draw(h, 0) < 980 THEN 'no father''s name'
				ELSE 'another''s for father''s'
			END AS names,
			CASE
				WHEN population.draw(h, 1) < 500 THEN 'as before'
				WHEN population.draw(h, 1) < 660 THEN 'on 1 January'
				WHEN population.draw(h, 1) < 760 THEN 'day and month swapped'
				WHEN population.draw(h, 1) < 920 THEN '1 or 2 years off'
				ELSE 'none'
			END AS birth,
			CASE
				WHEN population.draw(h, 2) < 460 THEN 'same union council'
				WHEN population.draw(h, 2) < 770 THEN 'same district'
				ELSE 'elsewhere'
			END AS place
		FROM chosen AS c
	)
	SELECT d.household_id, d.line, x.household_id,
		(SELECT max(o.line) FROM nser.member AS o WHERE o.household_id = x.household_id)
			+ row_number() OVER (PARTITION BY x.household_id ORDER BY d.household_id, d.line),
		d.names, d.birth, x.place
	FROM drawn AS d
	-- the first household of the place, from one at random on; where there is none, the next wider
	CROSS JOIN LATERAL (
		SELECT y.household_id, y.place FROM (
			(SELECT h.household_id, d.place, 1 AS choice FROM nser.household AS h
			 WHERE d.place = 'same union council' AND h.area <@ ancestor(d.area, 'union_council') AND h.household_id <> d.household_id
			 ORDER BY hashint8extended(h.household_id, d.line) LIMIT 1)
			UNION ALL
			(SELECT h.household_id, 'same district', 2 FROM nser.household AS h
			 WHERE d.place <> 'elsewhere' AND h.area <@ ancestor(d.area, 'district') AND h.household_id <> d.household_id
			 ORDER BY h.area, h.household_id OFFSET (d.h >> 30 & 7) LIMIT 1)
			UNION ALL
			(SELECT h.household_id, 'elsewhere', 3 FROM nser.household AS h
			 WHERE h.household_id >= 1 + (d.h >> 8 & 1073741823) % (SELECT max(z.household_id) - 50 FROM nser.household AS z)
			 AND NOT h.area <@ ancestor(d.area, 'district')
			 ORDER BY h.household_id LIMIT 1)) AS y
		ORDER BY y.choice LIMIT 1) AS x;

INSERT INTO nser.member (household_id, line, area, document, name, father_name, sex, birth_date, relationship, marital_status)
	SELECT p.other_household, p.other_line, h.area, 'none',
		coalesce(nullif(btrim(CASE p.names
			WHEN 'as before' THEN m.name
			WHEN 'mistyped name' THEN planted.mistype(m.name, d.a)
			WHEN 'word more or less' THEN planted.reword(m.name, d.a)
			WHEN 'words swapped' THEN regexp_replace(m.name, '^(.*) (\S+)$', '\2 \1')
			ELSE planted.respell(m.name, d.a)
		END), ''), m.name),
		CASE p.names
			WHEN 'as before' THEN m.father_name
			WHEN 'mistyped name' THEN CASE WHEN d.b < 512 THEN m.father_name ELSE planted.respell(m.father_name, d.b) END
			WHEN 'mistyped father''s' THEN planted.mistype(m.father_name, d.b)
			WHEN 'word more or less' THEN planted.reword(m.father_name, d.b)
			WHEN 'words swapped' THEN m.father_name
			WHEN 'respelled' THEN planted.respell(m.father_name, d.b)
			WHEN 'another''s for father''s' THEN (SELECT g.name FROM population.given AS g WHERE g.sex = 'male' AND g.no = d.b * 4)
		END,
		m.sex,
		CASE p.birth
			WHEN 'as before' THEN m.birth_date
			WHEN 'on 1 January' THEN date_trunc('year', m.birth_date)::date
			WHEN 'day and month swapped' THEN coalesce(day_and_month_swapped(m.birth_date), m.birth_date)
			WHEN '1 or 2 years off' THEN least((m.birth_date + make_interval(years => (ARRAY[-2, -1, 1, 2])[1 + d.a % 4]))::date, current_date)
		END,
		'other', m.marital_status
	FROM planted.pair AS p
	JOIN nser.member AS m ON m.household_id = p.household_id AND m.line = p.line
	JOIN nser.household AS h ON h.household_id = p.other_household
	CROSS JOIN LATERAL (
		SELECT population.draw(population.hash(p.household_id, p.line, 1, 92), 0) AS a,
			population.draw(population.hash(p.household_id, p.line, 1, 92), 1) AS b) AS d;

-- nothing was swapped where the day is no month
UPDATE planted.pair AS p SET birth = 'as before'
	FROM nser.member AS m
	WHERE p.birth = 'day and month swapped' AND m.household_id = p.household_id AND m.line = p.line
	AND day_and_month_swapped(m.birth_date) IS NULL;
ANALYZE nser.member, nser.household;
