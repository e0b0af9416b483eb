-- For attacks: a list of names of regress_partner_a with numbers, not opened yet, as
-- agreement :a and release.r1; cells of it, which need no opening, by hand, as
-- share.regress_partner_a_2; and regress_partner_b, who has nothing.
\set people 300
\set VERBOSITY terse
\set SHOW_CONTEXT never
\i test/sharing/begin.sql
\i test/sharing/families.sql
RESET ROLE;
CREATE ROLE regress_partner_a;
CREATE ROLE regress_partner_b;
SET ROLE regress_owner;
SELECT pg_temp.agree('regress_partner_a', 'beneficiary_list', '{"programme": "kafaalat", "with_cnic": true}') AS a \gset
SELECT pg_temp.agree('regress_partner_a', 'summary', '{"attributes": ["sex"]}') AS cells \gset
SET SESSION AUTHORIZATION regress_extractor;
SELECT nser.publish(:a) AS r_a \gset
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
CREATE TABLE release.r900 AS SELECT 'PK6'::registry.area_code AS area, n AS count FROM generate_series(100, 102) AS n;
INSERT INTO nser.release (release_id, agreement_id, release_no, state, relation, definition) VALUES (900, :cells, 1, 'published', 'r900', '{}');
SELECT registry.make_share_view(900) \g /dev/null
RESET SESSION AUTHORIZATION;
