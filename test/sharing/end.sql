SET client_min_messages = warning;
RESET SESSION AUTHORIZATION;
RESET ROLE;
DROP SCHEMA IF EXISTS population CASCADE;
DROP SCHEMA nser, share, release CASCADE;
DELETE FROM registry.formula WHERE NOT shipped;
DROP OWNED BY regress_owner, regress_unit, regress_committee, regress_secretary, regress_extractor;
DROP ROLE regress_owner, regress_unit, regress_committee, regress_secretary, regress_extractor;
