
-- member: the people of a household, line by line ------------------------------

CREATE TYPE population.part AS ENUM ('head', 'wife', 'father', 'mother', 'branch', 'child', 'sibling', 'extra',
	'son', 'son_wife', 'brother', 'brother_wife', 'daughter', 'grandchild', 'nephew');
COMMENT ON TYPE population.part IS 'part of a household that a line is in; from son on, what it is in a branch';

-- Eleven digits, those of the number turned about: relatives' numbers are not neighbours.
CREATE FUNCTION population.shuffle(number bigint) RETURNS bigint
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN number % 1000000 * 10000 + number / 1000000 % 10000;

-- Members of households first to last, as roster_agg() takes them, with what only
-- the member table holds: birth date, document, number, and which names.
CREATE FUNCTION population.member(first bigint, last bigint, seed bigint, district text)
	RETURNS TABLE (
		household_id bigint, line integer, province integer, surveyed date,
		relationship registry.relationship, sex registry.sex, age integer, marital_status registry.marital_status,
		spouse_line integer, father_line integer, mother_line integer,
		class integer, ever_attended boolean, attending_school boolean, literate boolean,
		employment text, work text, elementary_occupation boolean, disabilities text[], chronic_diseases text[],
		birth_date date, document text, cnic text,
		given_no integer, family_no integer, father_given_no integer, father_family_no integer
	)
	LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	-- What part of the household a line is in, and which it is there.
	WITH placed AS (
		SELECT h.*, line,
			population.hash(h.household_id, line, member.seed, 1) AS m1,
			population.hash(h.household_id, line, member.seed, 2) AS m2,
			population.hash(h.household_id, line, member.seed, 3) AS m3,
			population.hash(h.household_id, line, member.seed, 4) AS m4,
			population.hash(h.household_id, line, member.seed, 5) AS m5,
			population.hash(h.household_id, line, member.seed, 6) AS m6,
			population.hash(h.household_id, 0, member.seed, 9) AS home,
			CASE
				WHEN line = 1 THEN 'head'::population.part
				WHEN line < 2 + h.wives THEN 'wife'
				WHEN line < h.branch1_line THEN CASE WHEN h.father_in = 1 AND line = 2 + h.wives THEN 'father'::population.part ELSE 'mother' END
				WHEN line < h.children_line THEN 'branch'
				WHEN line < h.siblings_line THEN 'child'
				WHEN line < h.extra_line THEN 'sibling'
				ELSE 'extra'
			END AS part,
			CASE
				WHEN line >= h.children_line OR line < h.branch1_line THEN 0
				WHEN line >= h.branch3_line THEN 3
				WHEN line >= h.branch2_line THEN 2
				ELSE 1
			END AS branch_no
		FROM population.household(member.first, member.last, member.seed, member.district) AS h
		CROSS JOIN LATERAL generate_series(1, h.members) AS line
		OFFSET 0
	),
	branched AS (
		SELECT p.*,
			CASE p.branch_no WHEN 1 THEN p.branch1 WHEN 2 THEN p.branch2 WHEN 3 THEN p.branch3 END AS branch,
			CASE p.branch_no WHEN 1 THEN p.branch1_line WHEN 2 THEN p.branch2_line WHEN 3 THEN p.branch3_line END AS branch_line,
			CASE p.branch_no WHEN 1 THEN p.branch1_age WHEN 2 THEN p.branch2_age WHEN 3 THEN p.branch3_age END AS branch_age,
			CASE p.branch_no WHEN 1 THEN p.branch1_children WHEN 2 THEN p.branch2_children WHEN 3 THEN p.branch3_children END AS branch_children
		FROM placed AS p
		OFFSET 0
	),
	-- Parts of a branch: man, wife (of a son elsewhere, too), daughter, grandchild.
	parted AS (
		SELECT b.*,
			CASE
				WHEN b.part <> 'branch' THEN b.part
				WHEN b.line = b.branch_line THEN CASE b.branch
					WHEN 'daughter' THEN 'daughter'::population.part WHEN 'son_elsewhere' THEN 'son_wife'
					WHEN 'brother' THEN 'brother' ELSE 'son'
				END
				WHEN b.line = b.branch_line + 1 AND b.branch IN ('son', 'brother') THEN CASE b.branch WHEN 'son' THEN 'son_wife'::population.part ELSE 'brother_wife' END
				WHEN b.branch = 'brother' THEN 'nephew'
				ELSE 'grandchild'
			END AS role,
			-- the mother of a branch's children is its wife, or daughter
			b.branch_line + CASE WHEN b.branch IN ('son', 'brother') THEN 1 ELSE 0 END AS branch_mother_line,
			CASE WHEN b.branch = 'daughter' THEN b.branch_age ELSE greatest(17, b.branch_age - 3) END AS branch_mother_age
		FROM branched AS b
		OFFSET 0
	),
	aged AS (
		SELECT p.*,
			CASE p.role
				WHEN 'head' THEN p.head_age
				WHEN 'wife' THEN CASE WHEN p.line = 2 THEN p.wife_age ELSE p.wife2_age END
				WHEN 'father' THEN p.parent_age + population.draw(p.m1, 0) * 8 / 1024
				WHEN 'mother' THEN p.parent_age
				WHEN 'son' THEN p.branch_age
				WHEN 'brother' THEN p.branch_age
				WHEN 'daughter' THEN p.branch_age
				WHEN 'son_wife' THEN p.branch_mother_age
				WHEN 'brother_wife' THEN p.branch_mother_age
				WHEN 'grandchild' THEN population.child_age(p.branch_mother_age, p.line - p.branch_mother_line, p.branch_children, population.draw(p.m1, 0))
				WHEN 'nephew' THEN population.child_age(p.branch_mother_age, p.line - p.branch_mother_line, p.branch_children, population.draw(p.m1, 0))
				WHEN 'child' THEN population.child_age(p.mother_age, p.line - p.children_line + 1, p.children, population.draw(p.m1, 0))
				WHEN 'sibling' THEN population.child_age(p.parent_age, p.line - p.siblings_line + 1, p.siblings, population.draw(p.m1, 0))
				ELSE 12 + population.draw(p.m1, 0) * 60 / 1024
			END AS age
		FROM parted AS p
		OFFSET 0
	),
	sexed AS (
		SELECT a.*,
			CASE
				WHEN a.role = 'head' THEN a.head_sex
				WHEN a.role IN ('wife', 'mother', 'daughter', 'son_wife', 'brother_wife') THEN 'female'::registry.sex
				WHEN a.role IN ('father', 'son', 'brother') THEN 'male'
				WHEN a.age >= 13 AND population.fine_draw(a.m1) < 260 THEN 'transgender'
				-- grown daughters have married and left
				WHEN population.draw(a.m1, 1) < CASE WHEN a.age < 18 THEN 525 ELSE 590 END THEN 'male'
				ELSE 'female'
			END AS sex,
			CASE
				WHEN a.role = 'head' THEN CASE
					WHEN a.kind IN ('widow', 'widower') THEN 'widowed'::registry.marital_status
					WHEN a.kind = 'divorced' THEN CASE WHEN population.draw(a.m1, 2) < 700 THEN 'divorced'::registry.marital_status ELSE 'separated' END
					WHEN a.kind = 'single' THEN 'never_married'
					ELSE 'married'
				END
				WHEN a.role IN ('father', 'mother') THEN CASE WHEN a.father_in + a.mother_in = 2 THEN 'married'::registry.marital_status ELSE 'widowed' END
				WHEN a.role = 'daughter' THEN CASE WHEN population.draw(a.m1, 2) < 400 THEN 'divorced'::registry.marital_status WHEN population.draw(a.m1, 2) < 750 THEN 'widowed' ELSE 'separated' END
				WHEN a.role IN ('wife', 'son', 'son_wife', 'brother', 'brother_wife') THEN 'married'
				WHEN a.role = 'extra' THEN CASE
					WHEN a.age < 24 OR a.kind = 'single' OR population.fine_draw(a.m1) < 260 THEN 'never_married'::registry.marital_status
					WHEN a.age > 50 THEN 'widowed'
					WHEN population.draw(a.m1, 2) < 500 THEN 'married'
					ELSE 'never_married'
				END
				WHEN a.age >= 17 AND population.draw(a.m1, 2) < 5 THEN 'nikah_only'
				ELSE 'never_married'
			END AS marital_status,
			CASE a.role
				WHEN 'head' THEN 'head'::registry.relationship
				WHEN 'wife' THEN 'spouse'
				WHEN 'father' THEN 'parent'
				WHEN 'mother' THEN 'parent'
				WHEN 'child' THEN 'child'
				WHEN 'son' THEN 'child'
				WHEN 'daughter' THEN 'child'
				WHEN 'son_wife' THEN 'child_in_law'
				WHEN 'grandchild' THEN 'grandchild'
				WHEN 'sibling' THEN 'sibling'
				WHEN 'brother' THEN 'sibling'
				WHEN 'brother_wife' THEN 'sibling_in_law'
				WHEN 'nephew' THEN 'nephew_or_niece'
				ELSE CASE
					WHEN a.kind = 'single' THEN 'other'::registry.relationship
					WHEN a.wealth > 700 THEN 'servant'
					WHEN a.wives > 0 AND a.age >= a.wife_age + 18 THEN 'parent_in_law'
					WHEN a.age >= a.head_age + 40 THEN 'grandparent'
					WHEN a.age >= a.head_age + 10 THEN 'uncle_or_aunt'
					ELSE 'other'
				END
			END AS relationship,
			-- 0 lives elsewhere or is dead
			CASE a.role
				WHEN 'head' THEN CASE WHEN a.wives > 0 THEN 2 WHEN a.kind = 'husband_elsewhere' THEN 0 END
				WHEN 'wife' THEN 1
				WHEN 'father' THEN CASE WHEN a.mother_in = 1 THEN a.line + 1 END
				WHEN 'mother' THEN CASE WHEN a.father_in = 1 THEN a.line - 1 END
				WHEN 'son' THEN a.line + 1
				WHEN 'brother' THEN a.line + 1
				WHEN 'son_wife' THEN CASE WHEN a.branch = 'son' THEN a.line - 1 ELSE 0 END
				WHEN 'brother_wife' THEN a.line - 1
			END AS spouse_line,
			CASE a.role
				WHEN 'child' THEN CASE WHEN a.wives > 0 OR a.kind = 'widower' THEN 1 ELSE 0 END
				WHEN 'son' THEN CASE WHEN a.wives > 0 OR a.kind = 'widower' THEN 1 ELSE 0 END
				WHEN 'daughter' THEN CASE WHEN a.wives > 0 OR a.kind = 'widower' THEN 1 ELSE 0 END
				WHEN 'grandchild' THEN CASE WHEN a.branch = 'son' THEN a.branch_line ELSE 0 END
				WHEN 'nephew' THEN a.branch_line
				WHEN 'wife' THEN 0
				WHEN 'son_wife' THEN 0
				WHEN 'brother_wife' THEN 0
				WHEN 'extra' THEN 0
				WHEN 'father' THEN 0
				WHEN 'mother' THEN 0
				-- the head, brothers and sisters
				ELSE CASE WHEN a.father_in = 1 THEN 2 + a.wives ELSE 0 END
			END AS father_line,
			CASE a.role
				WHEN 'child' THEN CASE
					WHEN a.wives = 2 AND a.age <= a.wife2_age - 16 AND population.draw(a.m1, 3) < 512 THEN 3
					WHEN a.wives > 0 THEN 2
					WHEN a.head_sex = 'female' THEN 1
					ELSE 0
				END
				WHEN 'son' THEN CASE WHEN a.wives > 0 THEN 2 WHEN a.head_sex = 'female' THEN 1 ELSE 0 END
				WHEN 'daughter' THEN CASE WHEN a.wives > 0 THEN 2 WHEN a.head_sex = 'female' THEN 1 ELSE 0 END
				WHEN 'grandchild' THEN a.branch_mother_line
				WHEN 'nephew' THEN a.branch_mother_line
				WHEN 'wife' THEN 0
				WHEN 'son_wife' THEN 0
				WHEN 'brother_wife' THEN 0
				WHEN 'extra' THEN 0
				WHEN 'father' THEN 0
				WHEN 'mother' THEN 0
				ELSE CASE WHEN a.mother_in = 1 THEN 2 + a.wives + a.father_in ELSE 0 END
			END AS mother_line
		FROM aged AS a
		OFFSET 0
	),
	-- Schooling follows the household's wealth and its own inclination (home), the
	-- person's sex, age and luck.
	schooled AS (
		SELECT s.*,
			s.wealth + 20 + population.draw(s.home, 0) / 2 + population.draw(s.m2, 0) / 3
				- CASE WHEN s.sex = 'female' THEN CASE WHEN s.province IN (2, 5) THEN 170 ELSE 110 END ELSE 0 END
				- CASE WHEN s.province = 2 THEN 55 WHEN s.province = 7 THEN 75 ELSE 0 END
				- CASE WHEN s.age >= 18 THEN greatest(0, s.age - 18) * 5 + 35 ELSE 0 END AS inclined,
			population.draw(s.m2, 1) < 4 AS school_unknown
		FROM sexed AS s
		OFFSET 0
	),
	taught AS (
		SELECT s.*,
			s.age >= 4 AND s.inclined > CASE WHEN s.age = 4 THEN 1080 WHEN s.age = 5 THEN 720 ELSE 620 END AS ever,
			s.age BETWEEN 4 AND 24 AND s.inclined > CASE
				WHEN s.age = 4 THEN 1080
				WHEN s.age = 5 THEN 720
				WHEN s.age <= 12 THEN 640
				WHEN s.age <= 14 THEN 720
				WHEN s.age <= 16 THEN 820
				WHEN s.age <= 18 THEN 900
				ELSE 1150
			END AND s.role NOT IN ('wife', 'son_wife', 'brother_wife', 'son', 'brother', 'head') AS attends
		FROM schooled AS s
		OFFSET 0
	),
	working AS (
		SELECT t.*,
			CASE
				WHEN NOT t.ever THEN 0
				WHEN t.attends THEN least(16, greatest(0, t.age - 5 - population.draw(t.m2, 2) * 3 / 1024))
				ELSE least(greatest(0, t.age - 6),
					CASE
						WHEN t.inclined + population.draw(t.m2, 3) / 3 < 960 THEN 1 + population.draw(t.m2, 4) * 5 / 1024
						WHEN t.inclined + population.draw(t.m2, 3) / 3 < 1090 THEN 5 + population.draw(t.m2, 4) * 4 / 1024
						WHEN t.inclined + population.draw(t.m2, 3) / 3 < 1330 THEN 10
						WHEN t.inclined + population.draw(t.m2, 3) / 3 < 1430 THEN 12
						ELSE 14 + population.draw(t.m2, 4) * 2 / 1024 * 2
					END)
			END AS class,
			CASE
				WHEN t.age < 5 THEN NULL
				WHEN t.attends THEN 'student'
				WHEN t.age < 14 THEN NULL
				WHEN t.sex = 'female' THEN CASE
					WHEN t.age <= 60 AND population.draw(t.m3, 0) < CASE WHEN t.urban THEN 160 ELSE 320 END THEN 'employed'
					WHEN t.age > 65 AND population.draw(t.m3, 0) < 500 THEN 'unemployed'
					WHEN population.draw(t.m3, 0) > 1000 THEN 'seeking'
					ELSE 'housewife'
				END
				WHEN population.draw(t.m3, 0) < CASE WHEN t.age < 18 THEN 420 WHEN t.age < 25 THEN 800 WHEN t.age <= 55 THEN 965 WHEN t.age <= 65 THEN 720 ELSE 320 END THEN 'employed'
				WHEN t.age > 58 THEN 'retired'
				WHEN population.draw(t.m3, 1) < 90 THEN 'disabled'
				WHEN population.draw(t.m3, 1) < 600 THEN 'seeking'
				ELSE 'unemployed'
			END AS employment,
			population.draw(t.m3, 2) + t.wealth / 2 + CASE WHEN t.urban THEN 2000 ELSE 0 END AS trade
		FROM taught AS t
		OFFSET 0
	),
	employed AS (
		SELECT w.*,
			CASE
				WHEN w.employment IS DISTINCT FROM 'employed' THEN NULL
				WHEN w.trade >= 2000 THEN CASE
					WHEN w.trade < 2520 THEN 'day_labour' WHEN w.trade < 2570 THEN 'seasonal'
					WHEN w.trade < 2840 THEN 'self_non_agri' ELSE 'regular'
				END
				WHEN w.trade < 470 THEN 'day_labour'
				WHEN w.trade < 530 THEN 'seasonal'
				WHEN w.trade < 840 THEN 'self_agri'
				WHEN w.trade < 1000 THEN 'self_non_agri'
				ELSE 'regular'
			END AS work,
			-- what the father was named by, who lives here or does not
			population.hash(w.household_id, CASE WHEN w.father_line > 0 THEN w.father_line ELSE w.line END, member.seed,
				CASE WHEN w.father_line > 0 THEN 6 ELSE 10 END) AS father_hash
		FROM working AS w
		OFFSET 0
	),
	documented AS (
		SELECT e.*,
			CASE
				WHEN e.age >= 18 THEN CASE
					WHEN population.draw(e.m5, 0) < CASE WHEN e.sex = 'male' THEN 25 ELSE 50 END + CASE WHEN e.wealth < 350 THEN 30 ELSE 0 END THEN 'none'
					ELSE 'cnic'
				END
				WHEN population.draw(e.m5, 0) < CASE WHEN e.age < 1 THEN 500 ELSE 850 END THEN 'b_form'
				ELSE 'none'
			END AS document,
			-- a bijection of household and line, so that no two people share a number;
			-- ten digits of twelve, so that the second is 0, as far as known never issued
			population.shuffle((e.household_id * 64 + e.line) * 1618033989 + member.seed * 7919) AS serial,
			-- some were issued elsewhere, and those of the former tribal areas start with 2
			CASE
				WHEN population.draw(e.m5, 1) < 51 THEN 1 + population.draw(e.m5, 2) * 8 / 1024
				WHEN e.province = 5 AND e.district_no > 28 THEN 2
				ELSE e.cnic_digit
			END AS issued_in
		FROM employed AS e
		OFFSET 0
	)
	SELECT d.household_id, d.line, d.province, d.surveyed,
		d.relationship, d.sex, d.age, d.marital_status,
		CASE WHEN d.marital_status = 'nikah_only' OR d.role = 'extra' AND d.marital_status = 'married' THEN 0 ELSE d.spouse_line END,
		-- one child in a hundred: nobody knew whose it is
		CASE WHEN population.draw(d.m4, 0) >= 10 OR d.age > 17 THEN d.father_line END,
		CASE WHEN population.draw(d.m4, 1) >= 10 OR d.age > 17 THEN d.mother_line END,
		CASE WHEN NOT d.school_unknown THEN d.class END,
		CASE WHEN NOT d.school_unknown THEN d.ever END,
		CASE WHEN NOT d.school_unknown THEN d.attends END,
		d.age >= 8 AND (d.ever AND d.class >= 3 OR population.draw(d.m4, 2) < 25),
		d.employment, d.work,
		coalesce(d.work IN ('day_labour', 'seasonal') AND population.draw(d.m3, 3) < 620 OR d.work = 'regular' AND d.class < 5 AND population.draw(d.m3, 3) < 300, false),
		CASE
			WHEN population.draw(d.m4, 3) = 1023 THEN NULL::text[]
			WHEN population.draw(d.m4, 3) >= CASE WHEN d.age < 18 THEN 14 WHEN d.age < 60 THEN 24 ELSE 80 END THEN '{}'
			WHEN d.employment = 'disabled' OR population.draw(d.m4, 4) < 300 THEN '{lower_limb}'
			WHEN population.draw(d.m4, 4) < 430 THEN '{upper_limb}'
			WHEN population.draw(d.m4, 4) < 560 THEN '{mental}'
			WHEN population.draw(d.m4, 4) < 620 THEN '{speech,hearing}'
			WHEN population.draw(d.m4, 4) < 740 THEN '{hearing}'
			WHEN population.draw(d.m4, 4) < 900 THEN '{visual_partial}'
			WHEN population.draw(d.m4, 4) < 960 THEN '{visual_full}'
			ELSE '{other}'
		END,
		CASE
			WHEN population.draw(d.m5, 3) = 1023 THEN NULL::text[]
			WHEN population.draw(d.m5, 3) >= CASE WHEN d.age < 18 THEN 6 WHEN d.age < 40 THEN 22 WHEN d.age < 60 THEN 100 ELSE 215 END THEN '{}'
			WHEN d.age < 30 THEN CASE WHEN population.draw(d.m5, 4) < 400 THEN '{respiratory}'::text[] WHEN population.draw(d.m5, 4) < 700 THEN '{hepatitis}' ELSE '{other}' END
			WHEN population.draw(d.m5, 4) < 260 THEN '{diabetes}'
			WHEN population.draw(d.m5, 4) < 480 THEN '{hypertension}'
			WHEN population.draw(d.m5, 4) < 600 THEN '{diabetes,hypertension}'
			WHEN population.draw(d.m5, 4) < 740 THEN '{heart_disease}'
			WHEN population.draw(d.m5, 4) < 820 THEN '{hepatitis}'
			WHEN population.draw(d.m5, 4) < 880 THEN '{respiratory}'
			WHEN population.draw(d.m5, 4) < 930 THEN '{kidney_disease}'
			WHEN population.draw(d.m5, 4) < 960 THEN '{tuberculosis}'
			WHEN population.draw(d.m5, 4) < 975 THEN '{cancer}'
			ELSE '{other}'
		END,
		-- 365.25 days a year, and 1 to 363 more: the age holds on the day of the survey
		d.surveyed - (d.age * 1461 + 3) / 4 - 1 - population.draw(d.m6, 0) * 363 / 1024,
		d.document,
		-- last digit odd for men, even for women; transgender holders choose
		CASE WHEN d.document <> 'none' THEN
			(((d.issued_in * 100000000000 + d.serial) * 10)
			+ population.draw(d.m5, 5) * 5 / 1024 * 2
			+ CASE d.sex WHEN 'male' THEN 1 WHEN 'female' THEN 0 ELSE population.draw(d.m6, 1) & 1 END)::text
		END,
		(d.m6 & 4095)::integer, (population.draw(d.home, 3) & 63) * 16 + (population.draw(d.m6, 2) & 15),
		(d.father_hash & 4095)::integer, (population.draw(d.home, 3) & 63) * 16 + (population.draw(d.father_hash, 2) & 15)
	FROM documented AS d;
END;
COMMENT ON FUNCTION population.member(bigint, bigint, bigint, text) IS
	'members of households first to last of a seed, with what a roster holds and what the member table does';
