-- What psql reads from a file, as a variable.
\set provinces `cat :scratch/adm1.geojson`
\set districts `cat :scratch/adm2.geojson`
\set tehsils `cat :scratch/adm3.geojson`
\set union_councils `cat :scratch/adm4_uc.geojson`

CREATE TABLE loads (level area_level, run text, load_id bigint, features int, loaded bigint, refused bigint, remarked bigint, seconds numeric);
CREATE PROCEDURE pg_temp.load(level area_level, run text, file jsonb, code text, name text, parent text, division text, tolerance float8, join_parts boolean)
	LANGUAGE plpgsql AS $$
DECLARE
	began	timestamptz := clock_timestamp();
BEGIN
	INSERT INTO loads (level, run, features, load_id, loaded, refused, remarked)
	SELECT load.level, load.run, jsonb_array_length(load.file -> 'features'), l.*
	FROM load_boundaries(load.level, load.file, load.code, load.name, load.parent, load.division, NULL, load.tolerance, load.join_parts, load.run) AS l;
	UPDATE loads SET seconds = extract(epoch FROM clock_timestamp() - began) WHERE loads.run = load.run;
END $$;

CALL pg_temp.load('province', 'adm1', :'provinces', 'adm1_pcode', 'adm1_en', NULL, NULL, 0.01, false);
CALL pg_temp.load('district', 'adm2', :'districts', 'adm2_pcode', 'adm2_en', NULL, 'division', 0.01, false);
CALL pg_temp.load('tehsil', 'adm3', :'tehsils', 'adm3_pcode', 'adm3_en', NULL, NULL, 0.01, false);
-- the union councils as strictly as by default: kept aside, then as leniently as they need
CALL pg_temp.load('union_council', 'uc strict', :'union_councils', 'uc_code', 'uc_name', 'adm3_pcode', NULL, 0.01, false);
CREATE TABLE strict_codes AS SELECT code, source_code FROM nser.area WHERE level(code) = 'union_council';
CALL pg_temp.load('union_council', 'uc lenient', :'union_councils', 'uc_code', 'uc_name', 'adm3_pcode', NULL, 0.1, true);
CREATE TABLE lenient_codes AS SELECT code, source_code FROM nser.area WHERE level(code) = 'union_council';
CALL pg_temp.load('union_council', 'uc again', :'union_councils', 'uc_code', 'uc_name', 'adm3_pcode', NULL, 0.1, true);
