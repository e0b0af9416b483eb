-- Takes away what test/sharing/attack_records.sql made.
RESET SESSION AUTHORIZATION;
\i test/sharing/end.sql
DROP ROLE regress_partner_a, regress_partner_b;
