-- Drops the logins of partner.sql, when its database is gone.
SET client_min_messages = warning;
DROP ROLE IF EXISTS tutorial_owner, tutorial_unit, tutorial_committee, tutorial_secretary, tutorial_extractor, tutorial_university, tutorial_health;
