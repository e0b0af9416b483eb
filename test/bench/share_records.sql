-- share_records: what it takes to make N anonymized records, and to check that many.
\set QUIET on
\set ECHO none
\i test/sharing/begin.sql
\set QUIET on
SELECT pg_temp.agree('regress_partner_a', 'anonymized', '{"attributes":["sex","age_group","marital_status","score_band","disabled"],"level":"tehsil"}') AS a \gset
SELECT pg_temp.agree('regress_partner_b', 'anonymized', '{"attributes":["sex","age_group","relationship","household_size","region"],"level":"district","with_household":true}') AS b \gset
INSERT INTO nser.release (agreement_id, release_no, definition, relation) VALUES (:a, 1, '{}', 'r1'), (:b, 1, '{}', 'r2');
SELECT clock_timestamp() AS t \gset
SELECT rows, losses ->> 'loss' AS loss, losses ->> 'left_out' AS left_out, checks ->> 'ways_tried' AS tried FROM registry.make_records(1) \gset
SELECT format('figure: %s anonymized records in %s s (loss %s, %s left out, %s ways tried)', :'rows',
	round(extract(epoch FROM clock_timestamp() - :'t'), 1), :'loss', :'left_out', :'tried') \g (format=unaligned tuples_only)
SELECT clock_timestamp() AS t \gset
SELECT rows, losses ->> 'loss' AS loss, losses ->> 'left_out' AS left_out, checks ->> 'household_key' AS household_key FROM registry.make_records(2) \gset
SELECT format('figure: %s with a household key asked for in %s s (loss %s, %s left out, key %s)', :'rows',
	round(extract(epoch FROM clock_timestamp() - :'t'), 1), :'loss', :'left_out', :'household_key') \g (format=unaligned tuples_only)

-- six columns and the household, over records as they come
CREATE TABLE nser.bench_records AS
	SELECT m.household_id, registry.ancestor(m.area, 'tehsil') AS tehsil, m.sex, m.age, m.marital_status, m.relationship, m.literate
	FROM nser.member_profile AS m;
ANALYZE nser.bench_records;
SELECT count(*) AS rows FROM nser.bench_records \gset
SELECT clock_timestamp() AS t \gset
SELECT a.groups FROM registry.anonymity('nser.bench_records', '{tehsil,sex,age,marital_status,relationship,literate}', 'household_id') AS a \gset
SELECT format('figure: anonymity() of %s records by 6 columns, %s groups: %s s', :'rows', :'groups',
	round(extract(epoch FROM clock_timestamp() - :'t'), 2)) \g (format=unaligned tuples_only)
\i test/sharing/end.sql
