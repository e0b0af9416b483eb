-- What attacks on records begin with: 3,000 generated households, two partners' logins,
-- and releases made and shown as test/sharing/records.sql does.
\set people 3000
\i test/sharing/begin.sql
RESET ROLE;
SET client_min_messages = warning;
DROP ROLE IF EXISTS regress_partner_a, regress_partner_b;
CREATE ROLE regress_partner_a;
CREATE ROLE regress_partner_b;
SET ROLE regress_owner;
\i test/sharing/records.sql
\set SHOW_CONTEXT never
