
-- household: where it lives, and who lives in it -------------------------------
--
-- A household is planned before anyone in it exists: its kind, its counts, and the
-- lines its people will have.  Everything that follows is arithmetic on the plan:
-- a child knows its mother's line and age without looking her up.
--
-- Lines: the head, wives, the head's father and mother, three branches (a married
-- child, brother or returned daughter, with spouse and children), the head's
-- unmarried children, unmarried siblings, and perhaps one other person.

-- Closed lists as enums: they compare as fast as integers.
CREATE TYPE population.kind AS ENUM
	('single', 'widow', 'husband_elsewhere', 'divorced', 'widower', 'sons', 'parents', 'brothers', 'couple');
COMMENT ON TYPE population.kind IS 'who heads a household, and which other couples live in it';

CREATE TYPE population.branch AS ENUM ('son', 'son_elsewhere', 'daughter', 'brother');
COMMENT ON TYPE population.branch IS 'who a branch of a household hangs on';

-- Years of a mother's life in which she bore the unmarried children of the house:
-- their ages lie between youngest and youngest + years - 1.
CREATE FUNCTION population.youngest(mother_age integer) RETURNS integer
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN greatest(0, mother_age - 43);

CREATE FUNCTION population.bearing_years(mother_age integer) RETURNS integer
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN greatest(0, least(mother_age - 17, 24) - greatest(0, mother_age - 43) + 1);

-- How many of them: one in about five years, from a third of that to twice.
CREATE FUNCTION population.children(mother_age integer, births integer, draw integer) RETURNS integer
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN least(9, (population.bearing_years(mother_age) * births * (360 + draw + draw / 2) / (1024 * 5 + 300)) / 1024);

-- Age of child no of n, oldest last.
CREATE FUNCTION population.child_age(mother_age integer, no integer, n integer, draw integer) RETURNS integer
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN population.youngest(mother_age)
		+ population.bearing_years(mother_age) * ((no - 1) * 1024 + draw) / greatest(n * 1024, 1024);

-- Plans of households first to last, all in one district ('PK617') if it is given.
CREATE FUNCTION population.household(first bigint, last bigint, seed bigint, district text)
	RETURNS TABLE (
		household_id bigint, province integer, province_label text, cnic_digit integer, area text,
		district_no integer, tehsil integer, uc integer, village integer, urban boolean,
		wealth integer, surveyed date, kind population.kind, head_sex registry.sex, head_age integer,
		wives integer, wife_age integer, wife2_age integer, mother_age integer,
		father_in integer, mother_in integer, parent_age integer,
		branch1 population.branch, branch1_age integer, branch1_children integer, branch1_line integer,
		branch2 population.branch, branch2_age integer, branch2_children integer, branch2_line integer,
		branch3 population.branch, branch3_age integer, branch3_children integer, branch3_line integer,
		children integer, children_line integer, siblings integer, siblings_line integer,
		extra integer, extra_line integer, members integer
	)
	LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH home AS (
		SELECT k.household_id, p.digit AS province, p.label AS province_label, p.cnic_digit, p.urban AS urban_share,
			p.wealth AS province_wealth, p.births, p.joint,
			population.hash(k.household_id, 0, household.seed, 1) AS h1,
			population.hash(k.household_id, 0, household.seed, 2) AS h2,
			population.hash(k.household_id, 0, household.seed, 3) AS h3,
			population.hash(k.household_id, 0, household.seed, 4) AS h4,
			population.hash(k.household_id, 0, household.seed, 5) AS h5,
			population.hash(k.household_id, 0, household.seed, 6) AS h6,
			population.hash(k.household_id, 0, household.seed, 7) AS h7,
			coalesce(substr(household.district, 4)::integer,
				1 + (p.districts * (population.draw(population.hash(k.household_id, 0, household.seed, 8), 0)
					* population.draw(population.hash(k.household_id, 0, household.seed, 8), 0) >> 10)) / 1024) AS district_no
		FROM (SELECT g AS household_id, population.position(g, household.seed) AS position
			  FROM generate_series(household.first, household.last) AS g OFFSET 0) AS k
		JOIN population.province AS p
			ON CASE WHEN household.district IS NULL
				THEN k.position >= p.first_position AND k.position < p.next_position
				ELSE p.digit = substr(household.district, 3, 1)::integer
			END
		OFFSET 0
	),
	-- Low numbers are the large districts.  A union council is urban or rural as a whole.
	placed AS (
		SELECT h.*,
			1 + (population.draw(h.h1, 2) * 30) / 1024 AS uc,
			d.first_tehsil + (population.draw(h.h1, 1) * d.tehsils) / 1024 AS tehsil,
			CASE
				WHEN population.draw(h.h2, 0) < 12 THEN 'single'::population.kind
				WHEN population.draw(h.h2, 0) < 76 THEN 'widow'
				WHEN population.draw(h.h2, 0) < 146 THEN 'husband_elsewhere'
				WHEN population.draw(h.h2, 0) < 153 THEN 'divorced'
				WHEN population.draw(h.h2, 0) < 178 THEN 'widower'
				WHEN population.draw(h.h2, 0) < 178 + (150 * h.joint >> 10) THEN 'sons'
				WHEN population.draw(h.h2, 0) < 178 + (315 * h.joint >> 10) THEN 'parents'
				WHEN population.draw(h.h2, 0) < 178 + (365 * h.joint >> 10) THEN 'brothers'
				ELSE 'couple'
			END AS kind,
			population.draw(h.h2, 1) + population.draw(h.h2, 2) AS older
		FROM home AS h
		JOIN population.district AS d ON d.province = h.province AND d.district_no = h.district_no
		OFFSET 0
	),
	headed AS (
		SELECT p.*,
			p.uc <= (p.urban_share * 30 + 512) / 1024 AS urban,
			greatest(1, (population.draw(p.h7, 0) + population.draw(p.h7, 1)) / 2 + p.province_wealth
				+ CASE WHEN p.uc <= (p.urban_share * 30 + 512) / 1024 THEN 90 ELSE -50 END
				+ ((p.district_no * 37 + p.tehsil * 59) % 121) - 60) AS wealth,
			CASE
				WHEN p.kind IN ('widow', 'divorced', 'husband_elsewhere') THEN 'female'::registry.sex
				WHEN p.kind = 'single' AND population.draw(p.h2, 3) < 20 THEN 'transgender'
				WHEN p.kind = 'single' AND population.draw(p.h2, 3) < 160 THEN 'female'
				ELSE 'male'
			END AS head_sex,
			CASE p.kind
				WHEN 'sons' THEN 46 + p.older * 17 / 1024
				WHEN 'parents' THEN 22 + p.older * 13 / 1024
				WHEN 'brothers' THEN 26 + p.older * 13 / 1024
				WHEN 'widow' THEN 32 + p.older * 25 / 1024
				WHEN 'husband_elsewhere' THEN 20 + p.older * 15 / 1024
				WHEN 'divorced' THEN 22 + p.older * 15 / 1024
				WHEN 'widower' THEN 38 + p.older * 21 / 1024
				WHEN 'single' THEN 20 + p.older * 20 / 1024
				ELSE 22 + p.older * 23 / 1024
			END AS head_age
		FROM placed AS p
		OFFSET 0
	),
	married AS (
		SELECT h.*,
			-- the poor have more children
			h.births * (1450 - h.wealth * 7 / 8) / 1024 AS births_here,
			CASE
				WHEN h.kind NOT IN ('sons', 'parents', 'brothers', 'couple') THEN 0
				WHEN h.head_age >= 35 AND population.draw(h.h3, 0) < 9 THEN 2
				ELSE 1
			END AS wives,
			greatest(16, h.head_age - population.draw(h.h3, 1) * 9 / 1024) AS wife_age,
			greatest(18, h.head_age - 7 - population.draw(h.h3, 2) * 10 / 1024) AS wife2_age,
			-- the one who bore the head's children, though she be dead
			CASE
				WHEN h.head_sex = 'female' THEN h.head_age
				WHEN h.kind = 'widower' THEN h.head_age - 4
				ELSE greatest(16, h.head_age - population.draw(h.h3, 1) * 9 / 1024)
			END AS mother_age,
			CASE WHEN h.kind = 'parents' AND population.draw(h.h3, 3) < 560 THEN 1 ELSE 0 END AS father_in,
			CASE WHEN h.kind = 'parents' AND (population.draw(h.h3, 3) < 400 OR population.draw(h.h3, 3) >= 560) THEN 1 ELSE 0 END AS mother_in,
			least(h.head_age + 17 + population.draw(h.h3, 4) * 19 / 1024, 88) AS parent_age
		FROM headed AS h
		OFFSET 0
	),
	-- A branch is a son with his wife, the wife of a son who lives elsewhere, a
	-- daughter who came back, or the head's brother with his wife.
	branched AS (
		SELECT m.*,
			CASE
				WHEN m.mother_age < 41 THEN NULL
				WHEN m.kind = 'sons' OR m.kind IN ('widow', 'widower') AND population.draw(m.h4, 0) < 330
					THEN CASE WHEN population.draw(m.h4, 1) < 240 THEN 'son_elsewhere'::population.branch ELSE 'son' END
			END AS branch1,
			20 + greatest(0, least(m.mother_age, 66) - 38) * population.draw(m.h4, 2) / 1024 AS branch1_age,
			CASE WHEN m.kind = 'sons' AND m.mother_age >= 46 AND population.draw(m.h4, 3) < 330
				THEN CASE WHEN population.draw(m.h4, 4) < 240 THEN 'son_elsewhere'::population.branch ELSE 'son' END
			END AS branch2,
			20 + greatest(0, least(m.mother_age, 60) - 40) * population.draw(m.h4, 5) / 1024 AS branch2_age,
			CASE
				WHEN m.kind = 'brothers' THEN 'brother'::population.branch
				WHEN m.mother_age >= 41 AND m.kind <> 'single' AND population.draw(m.h5, 0) < 26 THEN 'daughter'
			END AS branch3,
			CASE WHEN m.kind = 'brothers' THEN greatest(21, m.head_age - 8 + population.draw(m.h5, 1) * 12 / 1024)
				ELSE 20 + greatest(0, least(m.mother_age, 66) - 38) * population.draw(m.h5, 1) / 1024
			END AS branch3_age
		FROM married AS m
		OFFSET 0
	),
	counted AS (
		SELECT b.*,
			-- a son's wife is three years younger, as member() has it
			CASE WHEN b.branch1 IS NULL THEN 0
				ELSE least(5, population.children(greatest(17, b.branch1_age - 3), b.births_here, population.draw(b.h5, 2)))
			END AS branch1_children,
			CASE WHEN b.branch2 IS NULL THEN 0
				ELSE least(5, population.children(greatest(17, b.branch2_age - 3), b.births_here, population.draw(b.h5, 3)))
			END AS branch2_children,
			CASE
				WHEN b.branch3 IS NULL THEN 0
				WHEN b.branch3 = 'daughter' THEN least(3, population.children(b.branch3_age, 600, population.draw(b.h5, 4)))
				ELSE least(6, population.children(greatest(17, b.branch3_age - 3), b.births_here, population.draw(b.h5, 4)))
			END AS branch3_children,
			CASE WHEN b.kind = 'single' THEN 0 ELSE population.children(b.mother_age, b.births_here, population.draw(b.h5, 5)) END AS children,
			CASE WHEN b.mother_in = 1 AND b.parent_age < 66 AND population.draw(b.h6, 0) < 420
				THEN 1 + population.draw(b.h6, 1) * 2 / 1024
				ELSE 0
			END AS siblings,
			CASE WHEN population.draw(b.h6, 2) < (CASE WHEN b.kind = 'single' THEN 400 ELSE 22 END) THEN 1 ELSE 0 END AS extra,
			((b.province * 100 + b.district_no) * 100 + b.tehsil) * 1000 + b.uc AS uc_code,
			CASE WHEN b.urban THEN 0 ELSE 1 + population.draw(b.h6, 3) * 40 / 1024 END AS village
		FROM branched AS b
		OFFSET 0
	)
	SELECT c.household_id, c.province, c.province_label, c.cnic_digit,
		'PK' || CASE WHEN c.urban THEN c.uc_code::bigint ELSE c.uc_code * 10000::bigint + c.village END,
		c.district_no, c.tehsil, c.uc, c.village, c.urban, c.wealth,
		-- the dynamic registry opened in February 2023
		date '2023-02-01' + population.draw(c.h7, 3) * 700 / 1024,
		c.kind, c.head_sex, c.head_age, c.wives, c.wife_age, c.wife2_age, c.mother_age,
		c.father_in, c.mother_in, c.parent_age,
		c.branch1, c.branch1_age, c.branch1_children, l.branch1_line,
		c.branch2, c.branch2_age, c.branch2_children, l.branch2_line,
		c.branch3, c.branch3_age, c.branch3_children, l.branch3_line,
		c.children, l.children_line, c.siblings, l.children_line + c.children,
		c.extra, l.children_line + c.children + c.siblings,
		l.children_line + c.children + c.siblings + c.extra - 1
	FROM counted AS c
	CROSS JOIN LATERAL (
		SELECT 2 + c.wives + c.father_in + c.mother_in AS branch1_line,
			CASE c.branch1 WHEN 'son' THEN 2 WHEN 'son_elsewhere' THEN 1 ELSE 0 END + c.branch1_children AS branch1_size,
			CASE c.branch2 WHEN 'son' THEN 2 WHEN 'son_elsewhere' THEN 1 ELSE 0 END + c.branch2_children AS branch2_size,
			CASE c.branch3 WHEN 'brother' THEN 2 WHEN 'daughter' THEN 1 ELSE 0 END + c.branch3_children AS branch3_size
	) AS s
	CROSS JOIN LATERAL (
		SELECT s.branch1_line,
			s.branch1_line + s.branch1_size AS branch2_line,
			s.branch1_line + s.branch1_size + s.branch2_size AS branch3_line,
			s.branch1_line + s.branch1_size + s.branch2_size + s.branch3_size AS children_line
	) AS l;
END;
COMMENT ON FUNCTION population.household(bigint, bigint, bigint, text) IS
	'plans of households first to last of a seed: place, wealth, kind, counts and lines';
