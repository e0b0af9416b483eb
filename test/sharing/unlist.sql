\i test/sharing/end.sql
DROP OWNED BY regress_partner_a, regress_partner_b;
DROP ROLE regress_partner_a, regress_partner_b;
