--
-- Attack: a filter that divides by zero where a guess is right, so that the error answers.
--
\set ECHO none
\i test/sharing/list.sql
SELECT name AS listed, cnic AS number FROM release.r1 WHERE cnic IS NOT NULL ORDER BY name COLLATE "C" LIMIT 1 \gset
\set ECHO all
-- is somebody of this name, or number, on a list that was not opened
SET SESSION AUTHORIZATION regress_partner_a;
SELECT count(*) AS shown FROM share.regress_partner_a_1 WHERE 1 / (CASE name WHEN :'listed' THEN 0 ELSE 1 END) = 1;
SELECT count(*) AS shown FROM share.regress_partner_a_1 WHERE 1 / (cnic::bigint - :'number'::registry.cnic::bigint) = 0;
SELECT count(1 / (length(name) - length(name))) AS shown FROM share.regress_partner_a_1;

-- the same, where rows are hidden one by one
RESET SESSION AUTHORIZATION;
SET ROLE regress_owner;
CREATE VIEW share.weak AS SELECT r.name, r.address, r.poverty_level, r.cnic FROM release.r1 AS r
	WHERE EXISTS (SELECT FROM nser.list_opening AS t WHERE t.login = SESSION_USER AND r.name IS NOT NULL);
GRANT SELECT ON share.weak TO regress_partner_a;
SET SESSION AUTHORIZATION regress_partner_a;
SELECT count(*) AS shown FROM share.weak WHERE 1 / (CASE name WHEN :'listed' THEN 0 ELSE 1 END) = 1;
SELECT count(*) AS shown FROM share.weak WHERE 1 / (CASE name WHEN 'nobody of this name' THEN 0 ELSE 1 END) = 1;
SELECT count(*) AS shown FROM share.weak WHERE 1 / (cnic::bigint - :'number'::registry.cnic::bigint) = 0;

\set ECHO none
\i test/sharing/unlist.sql
