-- entity: the tables of the store and how they hang together, as diagrams of docs/entity.md.
--
-- Run by run.sh.  Tables and foreign keys are the catalog's; what hangs together by no key
-- is in the list below, with the reason.  A table is drawn with the columns of its keys.

\ir chapters.sql
SET search_path = registry, pg_catalog, pg_temp;

-- A table is drawn in the diagram of the part that makes it, the longest beginning counts.
CREATE TEMPORARY TABLE diagram (no serial, title text, about text, parts text[]);
INSERT INTO diagram (title, about, parts) VALUES
	('Households and surveys', 'Who lives where, what they answered, and what is derived of that: families, scores, flags.',
		'{sql/store/10,sql/store/20,sql/store/25,sql/store/30}'),
	('Duplicates', 'Pairs of members who may be one person, and what was decided.', '{sql/store/60}'),
	('Geography', 'Areas and what they were, places, centres, and the figures that maps show.', '{sql/store/08,sql/store/12,sql/store/14,sql/store/75,sql/51}'),
	('Shocks and hazards', 'What hit whom, and what may.', '{sql/store/70}'),
	('Cases', 'Updates, step by step; what tablets sent, and what NADRA answered.', '{sql/store/80,sql/store/82,sql/store/83,sql/store/84,sql/store/88}'),
	('Benefits', 'Programmes, who they take, and who benefits since when.', '{sql/store/40,sql/store/86}'),
	('Sharing: requests and agreements', 'Who asked for what, which steps were taken, and by which rules.', '{sql/store/90,sql/store/91}'),
	('Sharing: releases and counts', 'What was released, of whom, and the counts that are protected together.', '{sql/store/92,sql/store/94-cube}'),
	('Sharing: scores against a number, and the log', 'Questions and answers, quotas, and who read what.', '{sql/store/93,sql/store/94}'),
	('Sharing: writing back', 'What partners send, and what became of it.', '{sql/store/96-write_back}'),
	('Quality', 'Checks and what they found, and spot checks.', '{sql/82,sql/store/97-quality,sql/store/97-spot}'),
	('Reports and runs', 'What is printed by name, what was counted for it, and what runs over the nation left.',
		'{sql/8,sql/store/00,sql/store/05,sql/store/96,sql/store/97,sql/store/98}');

-- What hangs together without a foreign key, and why there is none.  One row of the first
-- to one of the second at most, or many.
CREATE TEMPORARY TABLE loose (child text, columns text, parent text, one boolean, reason text);
INSERT INTO loose VALUES
	('household', 'area', 'area', false, 'a registry begins before its boundaries are known; codes are never reused, and `nser.area_change` says what became of each'),
	('member', 'cnic', 'identity', false, 'a number is one person''s, through all versions of the line: triggers `member_claims` and `identity_kept` see to it'),
	('score', 'household_id, survey_id', 'survey', false, 'a run writes millions of rows; derived, and made good by `score_all()`'),
	('family', 'household_id, survey_id', 'survey', false, 'derived of the roster, and made good by `derive_all()`'),
	('quality_flag', 'household_id, survey_id', 'survey', false, 'derived, and made good by `derive_all()` and `check_quality_all()`'),
	('household_place', 'household_id', 'household', true, 'derived, and made good by `fill_places()`'),
	('household_place', 'place_area', 'area', false, 'derived, and made good by `fill_places()`'),
	('verification', 'household_id, line, version', 'member', false, 'a run writes millions of rows; the area is kept by a trigger'),
	('nadra_record', 'cnic', 'identity', true, 'answers are loaded by number, of whomever they are'),
	('submission', 'for_household, for_case, step', 'case_step', true, 'a tablet''s word, until it is done'),
	('area_past', 'code', 'area', false, 'what an area was, or one that is no more'),
	('area_change', 'old_area', 'area', false, 'changes name areas that are no more'),
	('area_change', 'new_area', 'area', false, 'changes name areas that are not yet'),
	('area_alias', 'area', 'area', false, 'names come before boundaries do'),
	('census', 'area', 'area', false, 'a census counts by the areas of its day'),
	('area_summary', 'area', 'area', true, 'derived, and made good by `refresh_area_summary()`'),
	('certification', 'household_id, survey_id', 'survey', false, 'the survey by which it was decided, NULL where by none'),
	('duplicate', 'other_household, other_line', 'member', false, 'the other household of a pair is in the row of the first; `other_area` is kept by a trigger'),
	('duplicate_decision', 'household_id, line, other_household, other_line', 'duplicate', false, 'decisions are history, and stay when a pair goes'),
	('received_row', 'for_household, for_case', 'update_case', false, 'history; a row that came to nothing has none'),
	('person_flag', 'source', 'flag_source', false, 'a source may have flags of several meanings'),
	('person_flag_past', 'source', 'flag_source', false, 'a source may have had flags of several meanings'),
	('duty_routine', 'duty', 'duty', false, 'what a duty may run is there before anybody has it');

-- A diagram shows what is there.
DELETE FROM loose AS l WHERE to_regclass('nser.' || l.child) IS NULL OR to_regclass('nser.' || l.parent) IS NULL;
DO $$
DECLARE
	wrong	text;
BEGIN
	SELECT string_agg(DISTINCT concat_ws('.', l.child, u.name), ', ') INTO wrong
	FROM pg_temp.loose AS l CROSS JOIN LATERAL unnest(string_to_array(l.columns, ', ')) AS u (name)
	WHERE NOT EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = to_regclass('nser.' || l.child) AND a.attname = u.name AND NOT a.attisdropped);
	IF wrong IS NOT NULL THEN
		RAISE EXCEPTION USING MESSAGE = format('not in the store: %s', wrong), HINT = 'docs/generate/entity.sql lists what hangs together without a foreign key.';
	END IF;
	SELECT string_agg(concat_ws(' ', l.child, l.parent), ', ') INTO wrong
	FROM pg_temp.loose AS l JOIN pg_constraint AS k ON k.contype = 'f' AND k.conrelid = to_regclass('nser.' || l.child) AND k.confrelid = to_regclass('nser.' || l.parent)
	WHERE l.columns = (SELECT string_agg(a.attname, ', ' ORDER BY u.no) FROM unnest(k.conkey) WITH ORDINALITY AS u (attnum, no) JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.attnum);
	IF wrong IS NOT NULL THEN
		RAISE EXCEPTION USING MESSAGE = format('has a foreign key, and is listed as having none: %s', wrong);
	END IF;
END;
$$;

CREATE TEMPORARY TABLE entity AS
SELECT c.oid, c.relname::text AS name, p.part, d.no AS diagram
FROM pg_class AS c
LEFT JOIN LATERAL (SELECT min(m.part) AS part FROM made AS m WHERE m.name = 'nser.' || c.relname) AS p ON true
LEFT JOIN LATERAL (
	SELECT g.no FROM diagram AS g CROSS JOIN LATERAL unnest(g.parts) AS u (beginning)
	WHERE starts_with(p.part, u.beginning) ORDER BY length(u.beginning) DESC LIMIT 1) AS d ON true
WHERE c.relnamespace = 'nser'::regnamespace AND c.relkind IN ('r', 'p');

DO $$
DECLARE
	lost	text;
BEGIN
	SELECT string_agg(e.name, ', ') INTO lost FROM pg_temp.entity AS e WHERE e.diagram IS NULL;
	IF lost IS NOT NULL THEN
		RAISE EXCEPTION USING MESSAGE = format('in no diagram: %s', lost), HINT = 'Add the parts that make them to docs/generate/entity.sql.';
	END IF;
END;
$$;

-- left: how many of the child; right: whether there is always a parent
CREATE TEMPORARY TABLE relation AS
SELECT c.name AS child, p.name AS parent, c.diagram, u.columns AS label, false AS loose,
	CASE WHEN EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = k.conrelid AND i.indisunique AND i.indpred IS NULL AND (i.indkey::smallint[])[0:i.indnkeyatts - 1] <@ k.conkey) THEN '|o' ELSE '}o' END AS many,
	CASE WHEN u.always THEN '||' ELSE 'o|' END AS one, k.conkey AS attnums
FROM pg_constraint AS k
JOIN entity AS c ON c.oid = k.conrelid
JOIN entity AS p ON p.oid = k.confrelid
CROSS JOIN LATERAL (
	SELECT string_agg(a.attname, ', ' ORDER BY u.no) AS columns, bool_and(a.attnotnull) AS always
	FROM unnest(k.conkey) WITH ORDINALITY AS u (attnum, no) JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.attnum) AS u
WHERE k.contype = 'f'
UNION ALL
SELECT c.name, p.name, c.diagram, l.columns, true, CASE WHEN l.one THEN '|o' ELSE '}o' END, 'o|',
	(SELECT array_agg(a.attnum) FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attname = ANY (string_to_array(l.columns, ', ')))
FROM loose AS l JOIN entity AS c ON c.name = l.child JOIN entity AS p ON p.name = l.parent;

SELECT u.text FROM (VALUES
	('@entity.md'), ('# Entities'), (''),
	('The tables of schema `nser`, by subject, drawn from the catalog by `make reference`; `test/docs` fails where they are drawn no more as they are.'),
	('Each table is drawn once with the columns of its keys, PK and FK, and as a bare box where another diagram refers to it; under a diagram stand those that refer to nothing. What else it has stands in the [reference](reference.md).'),
	('A line in full is a foreign key, of the columns beside it; a dashed one has none, and [why](#without-a-foreign-key) is below. Tables of households carry the area of the household, by a key'),
	('that follows it, so that they can be partitioned or distributed by either. Tables of schema `release` are made one for a release, and refer to nothing.')) AS u (text);
SELECT x.text
FROM diagram AS d
CROSS JOIN LATERAL (
	SELECT 1 AS no, ''::text AS name, u.no::integer AS within, u.text
	FROM unnest(ARRAY['', '## ' || d.title, '', d.about, '', '```mermaid', 'erDiagram']) WITH ORDINALITY AS u (text, no)
	UNION ALL
	SELECT 2, concat_ws(' ', r.child, r.parent, r.label), 0, format('    %s %s%s%s %s : "%s"', r.child, r.many, CASE WHEN r.loose THEN '..' ELSE '--' END, r.one, r.parent, r.label)
	FROM relation AS r WHERE r.diagram = d.no
	UNION ALL
	SELECT 3, e.name, f.no, f.text
	FROM entity AS e
	CROSS JOIN LATERAL (
		SELECT 0 AS no, format('    %s {', e.name) AS text
		UNION ALL
		SELECT k.no, format('        %s %s%s', regexp_replace(format_type(k.atttypid, NULL), '[^a-z0-9_]+', '_', 'g'), k.attname,
			coalesce(' ' || nullif(concat_ws(', ', CASE WHEN k.own THEN 'PK' END, CASE WHEN k.theirs THEN 'FK' END), ''), ''))
		FROM (SELECT a.attnum AS no, a.attname, a.atttypid,
				EXISTS (SELECT FROM pg_constraint AS q WHERE q.conrelid = e.oid AND q.contype = 'p' AND a.attnum = ANY (q.conkey)) AS own,
				EXISTS (SELECT FROM pg_constraint AS q WHERE q.conrelid = e.oid AND q.contype = 'f' AND a.attnum = ANY (q.conkey)) AS theirs,
				EXISTS (SELECT FROM relation AS r WHERE r.child = e.name AND a.attnum = ANY (r.attnums)) AS drawn
			  FROM pg_attribute AS a WHERE a.attrelid = e.oid AND a.attnum > 0 AND NOT a.attisdropped) AS k
		WHERE k.own OR k.drawn
		UNION ALL SELECT 10000, '    }') AS f
	WHERE e.diagram = d.no AND EXISTS (SELECT FROM relation AS r WHERE r.diagram = d.no AND e.name IN (r.child, r.parent))
	UNION ALL SELECT 4, '', 0, '```' WHERE EXISTS (SELECT FROM relation AS r WHERE r.diagram = d.no)
	UNION ALL
	SELECT 5, '', u.no, u.text
	FROM (SELECT string_agg(format('`%s`', e.name), ', ' ORDER BY e.name) AS names
		  FROM entity AS e
		  WHERE e.diagram = d.no AND NOT EXISTS (SELECT FROM relation AS r WHERE r.diagram = d.no AND e.name IN (r.child, r.parent))) AS a
	CROSS JOIN LATERAL (VALUES (1, ''), (2, 'By themselves: ' || a.names || '.')) AS u (no, text)
	WHERE a.names IS NOT NULL) AS x
WHERE EXISTS (SELECT FROM entity AS e WHERE e.diagram = d.no)
	-- nothing to draw where all are by themselves
	AND (EXISTS (SELECT FROM relation AS r WHERE r.diagram = d.no) OR x.no > 1 OR x.within < 5)
ORDER BY d.no, x.no, CASE WHEN x.no > 1 THEN x.name END, x.within;

SELECT u.text FROM (VALUES (''), ('## Without a foreign key'), (''), ('| of | to | why there is no key |'), ('|---|---|---|')) AS u (text);
SELECT format('| `%s` (%s) | `%s` | %s |', l.child, l.columns, l.parent, l.reason) FROM loose AS l ORDER BY l.child, l.parent, l.columns;
