
-- province: how many households live where, and the draws ----------------------

CREATE SCHEMA population;
COMMENT ON SCHEMA population IS 'generator of households that do not exist, for tests, benchmarks and the demonstration';

-- The only randomness: 64 bits for a household (line 0) or one of its members.
-- hashint8extended() folds its argument to 32 bits, hence at most 2^26 households.
CREATE FUNCTION population.hash(household bigint, line integer, seed bigint, salt integer) RETURNS bigint
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN hashint8extended(household * 64 + line, seed * 64 + salt);

-- Draw 0 to 5 of a hash: 0 to 1023.
CREATE FUNCTION population.draw(hash bigint, no integer) RETURNS integer
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN ((hash >> (10 * no)) & 1023)::integer;

-- Rare things need a finer draw: 0 to 1,048,575, from draws 4 and 5.
CREATE FUNCTION population.fine_draw(hash bigint) RETURNS integer
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN ((hash >> 40) & 1048575)::integer;

-- Households and members as the annual report 2022-23 prints them.  What tunes the
-- households to those figures stands beside them: of 1024 urban; wealth is added
-- to a household's own (about 512, 210 either way); births and joint families
-- are multiples, in 1024ths.
CREATE TABLE population.province (
	digit			integer PRIMARY KEY,	-- of the P-code
	name			text NOT NULL,
	label			text NOT NULL,			-- in the codebook
	cnic_digit		integer NOT NULL,
	households		bigint NOT NULL,
	members			bigint NOT NULL,
	districts		integer NOT NULL,
	urban			integer NOT NULL,
	wealth			integer NOT NULL,
	births			integer NOT NULL,
	joint			integer NOT NULL,
	first_position	bigint,					-- households of the provinces before
	next_position	bigint
);
COMMENT ON TABLE population.province IS 'households and members of the annual report, and what tunes the generator to them';

INSERT INTO population.province VALUES
	(1, 'Azad Jammu and Kashmir', 'azad_jammu_kashmir', 8, 791163, 4272815, 10, 170, 30, 912, 1024),
	(2, 'Balochistan', 'balochistan', 5, 1762175, 8913584, 35, 290, -110, 746, 1024),
	(3, 'Gilgit-Baltistan', 'gilgit_baltistan', 7, 247165, 1611780, 14, 190, 0, 1244, 1024),
	(4, 'Islamabad', 'islamabad', 6, 207740, 851423, 1, 490, 130, 654, 1024),
	(5, 'Khyber Pakhtunkhwa', 'khyber_pakhtunkhwa', 1, 6230037, 37080545, 35, 160, -10, 1034, 1024),
	(6, 'Punjab', 'punjab', 3, 17942363, 91521508, 36, 400, 15, 851, 1024),
	(7, 'Sindh', 'sindh', 4, 8465207, 42034419, 29, 530, -35, 790, 1024);

UPDATE population.province AS p
	SET first_position = q.before, next_position = q.before + p.households
	FROM (SELECT x.digit, sum(x.households) OVER (ORDER BY x.digit) - x.households AS before FROM population.province AS x) AS q
	WHERE q.digit = p.digit;

-- The real districts and tehsils, each with the middle and half the sides of a box
-- in it.
CREATE TABLE population.tehsil (
	code			registry.area_code PRIMARY KEY,
	lon				double precision NOT NULL,
	lat				double precision NOT NULL,
	half_width		double precision NOT NULL,
	half_height		double precision NOT NULL
);
COMMENT ON TABLE population.tehsil IS 'where households of a tehsil stand: within a box of about half its size around its centre';

INSERT INTO population.tehsil
	SELECT g.code, g.lon, g.lat, 0.36 * sqrt(g.km2) / 111 / cos(radians(g.lat)), 0.36 * sqrt(g.km2) / 111
	FROM registry.gazetteer() AS g
	WHERE g.lon IS NOT NULL;

CREATE TABLE population.district (
	province		integer NOT NULL,
	district_no		integer NOT NULL,
	first_tehsil	integer NOT NULL,
	tehsils			integer NOT NULL,
	PRIMARY KEY (province, district_no)
);
COMMENT ON TABLE population.district IS 'how many tehsils a district has, and the number of the first';

INSERT INTO population.district
	SELECT substr(t.code::text, 3, 1)::integer, substr(t.code::text, 4, 2)::integer, min(substr(t.code::text, 6, 2)::integer), count(*)
	FROM population.tehsil AS t
	GROUP BY 1, 2;

-- Where household k falls among the report's 35,645,850.  Steps of the golden
-- ratio spread evenly, so that the first thousand households already have the
-- provinces' shares.
CREATE FUNCTION population.position(household bigint, seed bigint) RETURNS bigint
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN (((household * 2654435769 + (hashint8extended(seed, 1) & 4294967295)) & 4294967295) * 35645850) >> 32;
