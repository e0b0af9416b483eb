
-- Who is not the owner sees the rows of people that registry.limit_role() gave him,
-- and none before: enabled, so that a role without a policy sees nothing; never
-- forced, so that keys, triggers of keys and what the owner does see all.  Every
-- table of people is meant, those of later parts too; what tells of areas alone, or
-- of staff, is open to whoever may read it.
DECLARE
	guarded	regclass;
BEGIN
	FOR guarded IN
		SELECT DISTINCT c.oid::regclass
		FROM pg_class AS c
		JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname IN ('household_id', 'area')
		WHERE c.relnamespace = 'nser'::regnamespace AND c.relkind IN ('r', 'p')
		AND c.relname NOT IN ('census', 'area_alias', 'centre', 'centre_stop', 'operator', 'shock_area', 'data_request')
		UNION
		SELECT unnest('{nser.load_error,nser.nadra_record,nser.submission,nser.score_ticket,nser.received_row,nser.survey_load_row}'::regclass[])
		ORDER BY 1
	LOOP
		EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', guarded);
	END LOOP;
END;

CREATE VIEW nser.role_limit WITH (security_invoker = true) AS
	SELECT l.role, l.area, l.tables, ARRAY(SELECT b.reason FROM registry.role_beyond(l.role, l.area) AS b ORDER BY 1) AS beyond
	FROM registry.role_limits() AS l;
COMMENT ON VIEW nser.role_limit IS 'roles limited to an area by registry.limit_role(), and by what rights, if any, they get beyond it';
COMMENT ON COLUMN nser.role_limit.tables IS 'those of which they may see rows, once they have SELECT';
COMMENT ON COLUMN nser.role_limit.beyond IS
	'what makes the limit void, as it was granted since, or shows places all the same; empty: nothing that registry.role_beyond() looks for';
