-- family_prepare: the members of the rosters as rows, for the peers: a row a member, in
-- the order of households, of the columns they need and no others.  The sexes and
-- marital statuses are numbers, in the order of their enums.  Of generated members age, sex
-- and marital status are known, so that the peers need not ask.

CREATE TABLE bench.member AS
	SELECT s.household_id::integer, m.line::smallint, array_position(enum_range(NULL::registry.sex), m.sex)::smallint AS sex,
		m.age::smallint, array_position(enum_range(NULL::registry.marital_status), m.marital_status)::smallint AS marital_status,
		m.spouse_line::smallint, m.father_line::smallint, m.mother_line::smallint,
		coalesce(m.attending_school, CASE WHEN NOT m.ever_attended THEN false END) AS attends,
		m.employment IS NOT DISTINCT FROM 'employed' AS employed, cardinality(m.disabilities) > 0 AS disabled
	FROM nser.survey AS s CROSS JOIN LATERAL registry.members(s.roster) AS m
	ORDER BY s.household_id, m.line;
ALTER TABLE bench.member ADD PRIMARY KEY (household_id, line), ALTER sex SET NOT NULL, ALTER age SET NOT NULL, ALTER marital_status SET NOT NULL;

-- PL/pgSQL is at its best a call a household, over arrays.
CREATE TABLE bench.household AS
	SELECT m.household_id, array_agg(m.line ORDER BY m.line) AS line, array_agg(m.sex ORDER BY m.line) AS sex,
		array_agg(m.age ORDER BY m.line) AS age, array_agg(m.marital_status ORDER BY m.line) AS marital_status,
		array_agg(m.spouse_line ORDER BY m.line) AS spouse_line, array_agg(m.father_line ORDER BY m.line) AS father_line,
		array_agg(m.mother_line ORDER BY m.line) AS mother_line, array_agg(m.attends ORDER BY m.line) AS attends,
		array_agg(m.employed ORDER BY m.line) AS employed, array_agg(m.disabled ORDER BY m.line) AS disabled
	FROM bench.member AS m GROUP BY m.household_id ORDER BY m.household_id;

-- Families by kind, those in none, and ten counts of a household.
CREATE FUNCTION bench.count_household(line smallint[], sex smallint[], age smallint[], marital_status smallint[], spouse_line smallint[],
		father_line smallint[], mother_line smallint[], attends boolean[], employed boolean[], disabled boolean[])
	RETURNS integer[]
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
	n		CONSTANT integer := cardinality(line);
	mother	integer[] := array_fill(0, ARRAY[n]);	-- children by the woman's position
	husband	boolean[] := array_fill(false, ARRAY[n]);
	total	integer[] := array_fill(0, ARRAY[15]);	-- the columns of family_registry.sql
	m		integer;
BEGIN
	total[6] := n;
	FOR i IN 1 .. n LOOP
		IF age[i] < 18 OR age[i] > 65 THEN total[7] := total[7] + 1; END IF;
		IF age[i] <= 13 THEN total[8] := total[8] + 1; END IF;
		IF age[i] BETWEEN 5 AND 16 THEN
			total[9] := total[9] + 1;
			total[10] := total[10] + attends[i]::integer;
		END IF;
		IF age[i] BETWEEN 14 AND 60 AND employed[i] THEN total[15] := total[15] + 1; END IF;
		IF age[i] >= 60 THEN total[13] := total[13] + 1; END IF;
		total[14] := total[14] + disabled[i]::integer;

		IF marital_status[i] IN (1, 6) THEN
			m := CASE
				WHEN mother_line[i] > 0 THEN array_position(line, mother_line[i])
				WHEN father_line[i] > 0 THEN array_position(line, spouse_line[array_position(line, father_line[i])])
			END;
			IF m IS NULL THEN total[5] := total[5] + 1; ELSE mother[m] := mother[m] + 1; END IF;
		ELSIF sex[i] = 2 THEN
			IF age[i] >= 18 THEN total[11] := total[11] + 1; END IF;
			IF marital_status[i] = 3 THEN total[12] := total[12] + 1; END IF;
			IF marital_status[i] = 2 AND spouse_line[i] > 0 THEN
				husband[array_position(line, spouse_line[i])] := true;
			END IF;
		END IF;
	END LOOP;

	FOR i IN 1 .. n LOOP
		IF sex[i] = 2 THEN
			IF age[i] >= 18 AND marital_status[i] BETWEEN 2 AND 5 THEN
				m := CASE marital_status[i] WHEN 2 THEN CASE WHEN mother[i] = 0 THEN 1 ELSE 2 END WHEN 3 THEN 4 ELSE 3 END;
				total[m] := total[m] + 1;
			END IF;
		ELSIF marital_status[i] BETWEEN 2 AND 5 AND NOT husband[i] THEN
			total[5] := total[5] + 1;
		END IF;
	END LOOP;
	RETURN total;
END;
$$;

-- How many bits a number has set; DuckDB has it built in.
CREATE FUNCTION bench.bits(bits bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN bit_count(bits::bit(64));

-- What is stored again, into an equal table with an equal key.
CREATE TABLE bench.family (LIKE nser.family INCLUDING ALL);

VACUUM (ANALYZE) bench.member, bench.household;
SELECT pg_prewarm(c.oid) FROM pg_class AS c
	WHERE c.oid IN ('nser.survey'::regclass, 'bench.member'::regclass, 'bench.member_pkey'::regclass, 'bench.household'::regclass) \g /dev/null
