-- Families of rosters, and what is wrong with rosters: docs/family.md, rule by rule.
\set VERBOSITY terse
SET search_path = registry, public;

-- A roster as a person would write it: line, relationship, sex, age, marital status
-- ('-' where unknown), and the lines of kin that are known: s2 spouse, f1 father, m2 mother.
CREATE FUNCTION pg_temp.people(VARIADIC lines text[]) RETURNS registry.roster LANGUAGE sql IMMUTABLE AS $$
	SELECT registry.roster_agg(w[1]::int, nullif(w[2], '-')::registry.relationship, nullif(w[3], '-')::registry.sex,
			nullif(w[4], '-')::int, nullif(w[5], '-')::registry.marital_status,
			substring(l FROM ' s(\d+)')::int, substring(l FROM ' f(\d+)')::int, substring(l FROM ' m(\d+)')::int,
			NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
	FROM unnest(lines) AS l, regexp_split_to_array(trim(l), '\s+') AS w
$$;
CREATE FUNCTION pg_temp.who(VARIADIC lines text[])
	RETURNS TABLE (family_no int, kind registry.family_kind, woman int, husband int, children int[], evidence text[], members int[], counts boolean)
	LANGUAGE sql AS $$ SELECT * FROM registry.families(pg_temp.people(VARIADIC lines)) $$;
CREATE FUNCTION pg_temp.wrong(VARIADIC lines text[]) RETURNS TABLE (problem text, line int, detail text)
	LANGUAGE sql AS $$ SELECT * FROM registry.roster_problems(pg_temp.people(VARIADIC lines)) $$;

-- Kinds: a couple with children, and a widow, the head's mother, with an unmarried son.
SELECT * FROM pg_temp.who(
	'1 head    male   45 married       s2 f0 m4',
	'2 spouse  female 40 married       s1',
	'3 child   female  8 never_married f1 m2',
	'4 parent  female 70 widowed',
	'5 sibling male   30 never_married f0 m4');

-- Every kind, alone.
SELECT * FROM pg_temp.who('1 head male 30 married s2', '2 spouse female 25 married s1');
SELECT * FROM pg_temp.who('1 head female 50 widowed');
SELECT * FROM pg_temp.who('1 head female 50 widowed', '2 child male 35 never_married m1');
SELECT * FROM pg_temp.who('1 head female 30 divorced', '2 child female 5 never_married m1');
SELECT * FROM pg_temp.who('1 head male 60 widowed', '2 child female 30 separated f1', '3 grandchild male 3 never_married m2');

-- A divorced woman and her children live with her parents, who are a family of their own.
SELECT * FROM pg_temp.who(
	'1 head       male   60 married       s2',
	'2 spouse     female 55 married       s1',
	'3 child      female 30 divorced      f1 m2',
	'4 grandchild male    6 never_married f99 m3',
	'5 child      male   20 never_married f1 m2');

-- A husband of two wives is shown with each; his own family is the first wife's.
-- A child whose mother is dead goes with the first wife.
SELECT * FROM pg_temp.who(
	'1 head   male   50 married       s3',
	'2 spouse female 30 married       s1',
	'3 spouse female 45 married       s1',
	'4 child  male    5 never_married f1 m2',
	'5 child  female 18 never_married f1 m98');

-- A wife under 18: a couple that counts as no family for payment.
SELECT * FROM pg_temp.who('1 head male 20 married s2', '2 spouse female 17 married s1');
SELECT family_no, counts FROM families(pg_temp.people('1 head male 20 married s2', '2 spouse female 17 married s1'), 16);
SELECT family_no, counts FROM families(pg_temp.people('1 head male 20 married s2', '2 spouse female - married s1'));

-- A wife whose husband works abroad.
SELECT * FROM pg_temp.who(
	'1 head  female 28 married       s99',
	'2 child female  4 never_married f99 m1');

-- Nikah without rukhsati is not yet married.
SELECT * FROM pg_temp.who(
	'1 head   male   50 married       s2',
	'2 spouse female 48 married       s1',
	'3 child  female 19 nikah_only    s0 f1 m2');

-- Members of no family: a widower and his children, lone men, servants, the unrelated.
SELECT * FROM pg_temp.who(
	'1 head    male   55 widowed       s98',
	'2 child   female 12 never_married f1 m98',
	'3 servant male   30 married       s99',
	'4 other   female 20 never_married f99 m99',
	'5 sibling male   50 never_married');
SELECT * FROM pg_temp.who('1 head male - - ', '2 other - 40 married s0', '3 other female 30 -', '4 child - 5 - f1', '5 other transgender 40 married s0');

-- By relationship alone: the head's wife, his son's wife, his parents, and theirs.
SELECT * FROM pg_temp.who(
	'1 head         male   50 married',
	'2 spouse       female 45 married',
	'3 child        male   25 married',
	'4 child_in_law female 22 married',
	'5 grandchild   male    3 never_married',
	'6 child        female 15 never_married',
	'7 parent       male   75 married',
	'8 parent       female 70 married',
	'9 sibling      female 32 never_married');

-- Where two men or two mothers can be meant, nobody guesses.
SELECT * FROM pg_temp.who(
	'1 head         male   60 widowed',
	'2 child        male   30 married',
	'3 child        male   28 married',
	'4 child_in_law female 27 married',
	'5 child_in_law female 26 married',
	'6 grandchild   male    3 never_married',
	'7 grandchild   female 11 never_married');
-- Nor where it is not known that another is none.
SELECT * FROM pg_temp.who('1 head male 60 widowed', '2 child male 27 married', '3 child male 25 -', '4 child_in_law female 26 married');
SELECT * FROM pg_temp.who('1 head male 60 widowed', '2 child_in_law female 30 married s0', '3 child_in_law - 30 married s0', '4 grandchild male 5 never_married');
-- Of two, one is too young to be the mother.
SELECT * FROM pg_temp.who(
	'1 head         male   60 widowed',
	'4 child_in_law female 37 married s0',
	'5 child_in_law female 19 married s0',
	'6 grandchild   male   12 never_married');

-- A mother known to live elsewhere is not found by relationship, a father may be.
SELECT * FROM pg_temp.who('1 head female 50 widowed', '2 child male 12 never_married m99');
SELECT * FROM pg_temp.who('1 head male 50 married s2', '2 spouse female 45 married s1', '3 child male 12 never_married m98');
SELECT * FROM pg_temp.who('1 head female 50 widowed', '2 child male 12 never_married f98');

-- The order of lines means nothing.
SELECT * FROM pg_temp.who('3 child male 5 never_married', '2 spouse female 40 married', '1 head male 45 married');

-- What cannot be is no evidence: the next is taken.
-- A spouse line that points at a child.
SELECT * FROM pg_temp.who('1 head male 45 married s3', '2 spouse female 40 married', '3 child female 16 never_married m2');
SELECT * FROM pg_temp.wrong('1 head male 45 married s3', '2 spouse female 40 married', '3 child female 16 never_married m2');
SELECT * FROM pg_temp.wrong('1 head male 45 married s3', '2 spouse female 40 married', '3 child female 16 - f1 m2');
-- A mother younger than her child.
SELECT * FROM pg_temp.who('1 head male 45 married s2', '2 spouse female 30 married s1', '3 child female 33 never_married f1 m2');
SELECT * FROM pg_temp.wrong('1 head male 45 married s2', '2 spouse female 30 married s1', '3 child female 33 never_married f1 m2');
-- Two heads, and none: relationships are evidence of nothing.
SELECT * FROM pg_temp.who('1 head male 45 married', '2 head female 40 married', '3 child female 3 never_married');
SELECT * FROM pg_temp.wrong('1 head male 45 married', '2 head female 40 married', '3 child female 3 never_married');
SELECT * FROM pg_temp.wrong('1 other male 45 widowed');
-- A line that does not exist: who is meant lives elsewhere.
SELECT * FROM pg_temp.who('1 head female 45 married s7', '2 child female 3 never_married f8 m1');
SELECT * FROM pg_temp.wrong('1 head female 45 married s7', '2 child female 3 never_married f8 m1');
-- A circle, through people of unknown age; and somebody his own father.
SELECT * FROM pg_temp.who('1 head female - widowed m2', '2 other female - widowed m3', '3 other female - widowed m1', '4 child male 3 never_married m1');
SELECT * FROM pg_temp.wrong('1 head female - widowed m2', '2 other female - widowed m3', '3 other female - widowed m1', '4 child male 3 never_married m1');
SELECT * FROM pg_temp.wrong('1 head male 30 never_married f1 m1 s1');
-- A father who is a woman, a mother who never married; wrong spouses.
SELECT * FROM pg_temp.wrong('1 head female 45 never_married', '2 child female 3 never_married f1 m1');
SELECT * FROM pg_temp.wrong(
	'1 head    male   45 married s2',
	'2 other   male   40 married s1',
	'3 other   female 40 widowed s4',
	'4 other   male   40 married s5',
	'5 other   female 40 divorced');
-- Husband and wife name different spouses: hers stands.
SELECT * FROM pg_temp.who('1 head male 45 married s2', '2 spouse female 40 married s3', '3 other male 40 married s2');
SELECT * FROM pg_temp.wrong('1 head male 45 married s2', '2 spouse female 40 married s3', '3 other male 40 married s2');
-- Two men name one wife, who names nobody: neither is believed.
SELECT * FROM pg_temp.who('1 other male 45 married s2', '2 other female 40 married', '3 other male 40 married s2', '4 head male 20 widowed');
SELECT * FROM pg_temp.wrong('1 other male 45 married s2', '2 other female 40 married', '3 other male 40 married s2', '4 head male 20 widowed');
-- A child who is married.
SELECT * FROM pg_temp.who('1 head male 20 married s2', '2 spouse female 9 married s1');
SELECT * FROM pg_temp.wrong('1 head male 20 married s2', '2 spouse female 9 married s1');

-- A child of whom no marital status is known is unmarried: nobody's husband, and his mother's child.
SELECT * FROM pg_temp.who('1 head female 40 married s2', '2 other male 7 -', '3 other female 40 divorced', '4 other male 8 - m3 s1');
SELECT * FROM pg_temp.wrong('1 head female 40 married s2', '2 other male 7 -', '3 other female 40 divorced', '4 other male 8 - m3 s1');
-- A child of the head who is not younger than the head.
SELECT * FROM pg_temp.who('1 head male 33 married', '2 spouse female 28 married', '3 child male 35 never_married');
-- Who is of unknown sex is the husband where she says so, not where he does.
SELECT * FROM pg_temp.who('1 head female 40 married', '2 other - 45 married s1');
SELECT * FROM pg_temp.who('1 head female 40 married s2', '2 other - 45 married');

-- Counted over many: who counts, by kind.
SELECT (t).* FROM (SELECT family_tally(r, 18) AS t FROM (VALUES
	(pg_temp.people('1 head male 30 married s2', '2 spouse female 25 married s1', '3 child male 2 never_married m2', '4 parent female 60 widowed')),
	(pg_temp.people('1 head male 20 married s2', '2 spouse female 17 married s1')),
	(pg_temp.people('1 head male 20 married s2', '2 spouse female - married s1', '3 other male 30 never_married')),
	(NULL)) AS x (r)) AS t;
SELECT (family_tally(r, 18)).families FROM (SELECT NULL::roster) AS x (r);

-- Refusals.
SELECT * FROM families(pg_temp.people('1 head male 20 married'), 151);
SELECT family_tally(pg_temp.people('1 head male 20 married'), -1);
SELECT family_tally_final('{1,2}');
SELECT * FROM families(NULL);
SELECT * FROM roster_problems(NULL);
