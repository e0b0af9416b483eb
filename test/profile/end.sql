DROP ROLE regress_page, regress_nobody, regress_office, regress_unit, regress_committee, regress_secretary, regress_extractor, regress_owner;
