
-- What themes are told from, by union council or as fine as known: registry.refresh_themes().
CREATE TABLE nser.theme_count (
	area			registry.area_code PRIMARY KEY,
	households		bigint NOT NULL,
	tally			bigint[] NOT NULL,
	counted_at		timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE nser.theme_count IS 'what registered households of an area answered, by registry.theme_tally(); an area without any has no row';
COMMENT ON COLUMN nser.theme_count.area IS 'union council, or what those state who state nothing finer';
COMMENT ON COLUMN nser.theme_count.households IS 'registered, those without a survey included';
COMMENT ON COLUMN nser.theme_count.tally IS 'of current surveys: registry.theme_cells() says what each count is of';

CREATE TABLE nser.theme_score (
	area			registry.area_code NOT NULL,
	formula			text NOT NULL,
	scores			bigint[] NOT NULL,
	PRIMARY KEY (area, formula)
);
COMMENT ON TABLE nser.theme_score IS 'scores of current surveys of registered households by area and formula, in whole points: registry.theme_scores()';

CREATE TABLE nser.theme_family (
	area			registry.area_code NOT NULL,
	kind			registry.family_kind NOT NULL,
	families		bigint NOT NULL,
	counting		bigint NOT NULL,
	of_unknown_age	bigint NOT NULL,
	children		bigint NOT NULL,
	PRIMARY KEY (area, kind)
);
COMMENT ON TABLE nser.theme_family IS 'families of current surveys of registered households by area and kind';
COMMENT ON COLUMN nser.theme_family.counting IS 'those that count for payment; of_unknown_age: of whom it is unknown whether they do';

-- Only ever inserted into, so that nobody waits for another to mark the same area.
CREATE TABLE nser.theme_mark (
	area			registry.area_code NOT NULL
);
COMMENT ON TABLE nser.theme_mark IS
	'areas in which something changed since registry.refresh_themes(), marked by triggers in the transaction that changes it; a row for each of a statement''s areas';

CREATE TABLE nser.theme_band (
	formula			text NOT NULL,
	from_score		integer NOT NULL CHECK (from_score BETWEEN 0 AND 100),
	name			text NOT NULL CHECK (name ~ '[^[:space:]]'),
	PRIMARY KEY (formula, from_score),
	UNIQUE (formula, name)
);
COMMENT ON TABLE nser.theme_band IS 'bands of scores that nser.theme_poverty tells of, from the poorest up; the owner changes them, and nothing is counted anew';
COMMENT ON COLUMN nser.theme_band.formula IS 'whose scores it is of; empty: of every formula that has no bands of its own';
COMMENT ON COLUMN nser.theme_band.from_score IS 'the least of its scores; the lowest band has what is lower still';
INSERT INTO nser.theme_band (formula, from_score, name)
VALUES ('', 0, 'extremely_poor'), ('', 12, 'chronically_poor'), ('', 19, 'transitory_poor'), ('', 24, 'non_poor');

-- They mark for whoever changes a row, who needs no right on the marks.
CREATE FUNCTION nser.mark_themes() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
AS $$
BEGIN
	INSERT INTO nser.theme_mark (area) SELECT DISTINCT c.area FROM changed AS c;
	RETURN NULL;
END;
$$;
COMMENT ON FUNCTION nser.mark_themes() IS 'trigger: marks the areas of rows that were inserted or deleted';

CREATE FUNCTION nser.mark_themes_changed() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
AS $$
BEGIN
	INSERT INTO nser.theme_mark (area) SELECT b.area FROM before AS b UNION SELECT a.area FROM after AS a;
	RETURN NULL;
END;
$$;
COMMENT ON FUNCTION nser.mark_themes_changed() IS 'trigger: marks the areas that rows of what is derived were and are of';

-- What stays as it is cancels out, without a join whose plan would be that of one row.
CREATE FUNCTION nser.mark_themes_of_household() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
AS $$
BEGIN
	INSERT INTO nser.theme_mark (area)
	SELECT DISTINCT x.area
	FROM (SELECT u.area
		  FROM (SELECT b.household_id, b.area, b.status, b.current_survey, -1 AS n FROM before AS b
				UNION ALL
				SELECT a.household_id, a.area, a.status, a.current_survey, 1 FROM after AS a) AS u
		  GROUP BY u.household_id, u.area, u.status, u.current_survey
		  HAVING sum(u.n) <> 0) AS x;
	RETURN NULL;
END;
$$;
COMMENT ON FUNCTION nser.mark_themes_of_household() IS 'trigger: marks the areas of households whose area, status or current survey changed';

CREATE FUNCTION nser.mark_all_themes() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET debug_print_plan = off
AS $$
BEGIN
	INSERT INTO nser.theme_mark (area) SELECT c.area FROM nser.theme_count AS c;
	RETURN NULL;
END;
$$;
COMMENT ON FUNCTION nser.mark_all_themes() IS 'trigger: marks all areas that were counted';
REVOKE EXECUTE ON FUNCTION nser.mark_themes(), nser.mark_themes_changed(), nser.mark_themes_of_household(), nser.mark_all_themes() FROM PUBLIC;

DECLARE
	source	text;
BEGIN
	FOREACH source IN ARRAY '{household,score,family}'::text[] LOOP
		EXECUTE format('CREATE TRIGGER theme_added AFTER INSERT ON nser.%I REFERENCING NEW TABLE AS changed FOR EACH STATEMENT
			EXECUTE FUNCTION nser.mark_themes()', source);
		EXECUTE format('CREATE TRIGGER theme_removed AFTER DELETE ON nser.%I REFERENCING OLD TABLE AS changed FOR EACH STATEMENT
			EXECUTE FUNCTION nser.mark_themes()', source);
		EXECUTE format('CREATE TRIGGER theme_changed AFTER UPDATE ON nser.%I REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT
			EXECUTE FUNCTION nser.%I()', source, CASE source WHEN 'household' THEN 'mark_themes_of_household' ELSE 'mark_themes_changed' END);
		EXECUTE format('CREATE TRIGGER theme_emptied AFTER TRUNCATE ON nser.%I FOR EACH STATEMENT
			EXECUTE FUNCTION nser.mark_all_themes()', source);
	END LOOP;
END;
