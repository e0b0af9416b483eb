-- reference: every public object of the catalog by its COMMENT, as pages of docs/.
--
-- Run by run.sh.  A line "@reference/types.md" begins a page.  Left out is what nobody calls
-- by name: what types, operators, index methods and aggregates are made of.

\ir chapters.sql
SET search_path = registry, pg_catalog, pg_temp;

-- Routines that stand under something else that is listed.
CREATE TEMPORARY TABLE inner_routine AS
SELECT u.oid FROM pg_type AS t CROSS JOIN LATERAL unnest(ARRAY[t.typinput, t.typoutput, t.typreceive, t.typsend, t.typmodin, t.typmodout, t.typanalyze]) AS u (oid)
	WHERE t.typnamespace = 'registry'::regnamespace
UNION SELECT a.amproc FROM pg_amproc AS a
UNION SELECT u.oid FROM pg_operator AS o CROSS JOIN LATERAL unnest(ARRAY[o.oprcode, o.oprrest, o.oprjoin]) AS u (oid) WHERE o.oprnamespace = 'registry'::regnamespace
UNION SELECT u.oid FROM pg_aggregate AS a CROSS JOIN LATERAL unnest(ARRAY[a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggserialfn, a.aggdeserialfn, a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn]) AS u (oid)
UNION SELECT p.prosupport FROM pg_proc AS p;

CREATE TEMPORARY TABLE object AS
WITH known AS (SELECT m.name, min(m.part) AS part FROM made AS m WHERE m.name <> 'part' GROUP BY m.name),
found AS (
	SELECT CASE WHEN p.prorettype = 'trigger'::regtype THEN 'trigger function' ELSE CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END END AS kind,
		p.oid, p.pronamespace AS schema, p.proname AS name, obj_description(p.oid, 'pg_proc') AS words
	FROM pg_proc AS p WHERE NOT EXISTS (SELECT FROM inner_routine AS i WHERE i.oid = p.oid)
	UNION ALL
	SELECT CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'view' ELSE 'table' END, c.oid, c.relnamespace, c.relname, obj_description(c.oid, 'pg_class')
	FROM pg_class AS c WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
	UNION ALL
	SELECT 'type', t.oid, t.typnamespace, t.typname, obj_description(t.oid, 'pg_type')
	FROM pg_type AS t
	WHERE t.typtype IN ('b', 'e', 'd') AND t.typcategory <> 'A'
		OR t.typtype = 'c' AND EXISTS (SELECT FROM pg_class AS c WHERE c.oid = t.typrelid AND c.relkind = 'c')
)
-- what is made in a loop is of the part that its name begins with
SELECT f.kind, f.oid, f.schema::regnamespace::text AS schema, f.name::text AS name,
	CASE WHEN f.schema = 'registry'::regnamespace THEN '' ELSE f.schema::regnamespace || '.' END || f.name AS called,
	f.words, p.part, p.chapter, p.page, p.section, p.meaning
FROM found AS f
LEFT JOIN known AS k ON k.name = f.schema::regnamespace || '.' || f.name
LEFT JOIN LATERAL (
	SELECT q.* FROM part AS q CROSS JOIN LATERAL substring(q.part FROM '[0-9]-([a-z_0-9]+)\.') AS s (stem)
	WHERE q.part = k.part OR k.part IS NULL AND starts_with(f.name, s.stem)
	ORDER BY length(s.stem) DESC, q.part ~ 'store/' DESC LIMIT 1) AS p ON true
WHERE f.schema::regnamespace::text IN ('registry', 'nser', 'share');

DO $$
DECLARE
	lost	text;
BEGIN
	SELECT string_agg(concat_ws(' ', o.kind, o.schema || '.' || o.name), ', ') INTO lost FROM pg_temp.object AS o WHERE o.chapter IS NULL OR o.words IS NULL;
	IF lost IS NOT NULL THEN
		RAISE EXCEPTION USING MESSAGE = format('made by no part of sql/, or without a comment: %s', lost);
	END IF;
END;
$$;

CREATE TEMPORARY TABLE line (chapter integer, block integer, name text, no serial, text text);

-- Pages ------------------------------------------------------------------------------
INSERT INTO line (chapter, block, name, text)
SELECT c.no, 0, '', u.text
FROM chapter AS c
CROSS JOIN LATERAL (VALUES (1, '@reference/' || c.page || '.md'), (2, '# ' || c.title), (3, ''),
	(4, c.about || ' Made from the catalog by `make reference`: [index](../reference.md), [how to read it](../reference.md#how-to-read-it).')) AS u (no, text)
WHERE EXISTS (SELECT FROM object AS o WHERE o.chapter = c.no)
ORDER BY c.no, u.no;

INSERT INTO line (chapter, block, name, text)
SELECT DISTINCT o.chapter, b.block, '', u.text
FROM object AS o
JOIN (VALUES ('table', 10, 'Tables'), ('view', 20, 'Views'), ('type', 30, 'Types'), ('aggregate', 50, 'Functions'), ('procedure', 50, 'Functions'), ('function', 50, 'Functions'),
	('trigger function', 70, 'Trigger functions')) AS b (kind, block, title) USING (kind)
CROSS JOIN LATERAL (VALUES (''), ('## ' || b.title)) AS u (text)
ORDER BY 1, 2, 4;

-- Tables and views: columns, keys and what they refer to -----------------------------
INSERT INTO line (chapter, block, name, text)
SELECT o.chapter, CASE o.kind WHEN 'table' THEN 10 ELSE 20 END, o.called, u.text
FROM object AS o
CROSS JOIN LATERAL (
	SELECT 0, 0, '' UNION ALL SELECT 1, 0, '### ' || o.called
	UNION ALL SELECT 2, 0, ''
	UNION ALL SELECT 3, 0, upper(left(pg_temp.plain(o.words), 1)) || substr(pg_temp.plain(o.words), 2) || '.'
	UNION ALL SELECT 4, 0, ''
	UNION ALL SELECT 5, 0, '| column | type | meaning |' UNION ALL SELECT 6, 0, '|---|---|---|'
	UNION ALL
	SELECT 7, a.attnum, format('| %s | %s | %s |', pg_temp.cell(a.attname),
		pg_temp.plain(format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ', not null' ELSE '' END),
		coalesce(pg_temp.plain(col_description(o.oid, a.attnum)), ''))
	FROM pg_attribute AS a WHERE a.attrelid = o.oid AND a.attnum > 0 AND NOT a.attisdropped
	UNION ALL
	SELECT 8, 0, '' WHERE EXISTS (SELECT FROM pg_constraint AS k WHERE k.conrelid = o.oid AND k.contype IN ('p', 'u', 'f', 'x'))
	UNION ALL
	SELECT 9, row_number() OVER (ORDER BY k.contype <> 'p', k.contype = 'f', k.conname), '- ' || pg_temp.code(replace(pg_get_constraintdef(k.oid), ' NOT DEFERRABLE', ''))
	FROM pg_constraint AS k WHERE k.conrelid = o.oid AND k.contype IN ('p', 'u', 'f', 'x')
	) AS u (no, within, text)
WHERE o.kind IN ('table', 'view')
ORDER BY o.chapter, o.called, u.no, u.within;

-- Types: labels, attributes, operators, casts ----------------------------------------
INSERT INTO line (chapter, block, name, text)
SELECT o.chapter, 30, o.called, u.text
FROM object AS o
JOIN pg_type AS t ON t.oid = o.oid
CROSS JOIN LATERAL (
	SELECT 0, 0, '' UNION ALL SELECT 1, 0, '### ' || o.called
	UNION ALL SELECT 2, 0, ''
	UNION ALL SELECT 3, 0, upper(left(pg_temp.plain(o.words), 1)) || substr(pg_temp.plain(o.words), 2) || '.'
	UNION ALL SELECT 4, 0, '' WHERE t.typtype IN ('e', 'c', 'b')
	UNION ALL
	SELECT 5, 0, 'Labels: ' || string_agg(pg_temp.code(e.enumlabel), ', ' ORDER BY e.enumsortorder) || '.' FROM pg_enum AS e WHERE e.enumtypid = o.oid HAVING count(*) > 0
	UNION ALL
	SELECT 6, 0, 'Attributes: ' || string_agg(pg_temp.code(concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod))), ', ' ORDER BY a.attnum) || '.'
	FROM pg_attribute AS a WHERE a.attrelid = t.typrelid AND t.typtype = 'c' AND a.attnum > 0 AND NOT a.attisdropped HAVING count(*) > 0
	UNION ALL
	SELECT 7, row_number() OVER (ORDER BY p.oprname COLLATE "C", p.oprleft::regtype::text, p.oprright::regtype::text),
		format('- operator %s: %s', pg_temp.code(concat_ws(' ', nullif(p.oprleft, 0)::regtype, p.oprname, p.oprright::regtype) || ' → ' || p.oprresult::regtype), pg_temp.plain(obj_description(p.oid, 'pg_operator')))
	FROM pg_operator AS p WHERE o.oid = CASE WHEN p.oprnamespace <> 'registry'::regnamespace THEN 0
		WHEN (SELECT n.typnamespace FROM pg_type AS n WHERE n.oid = p.oprleft) = 'registry'::regnamespace THEN p.oprleft ELSE p.oprright END
	UNION ALL
	SELECT 8, row_number() OVER (ORDER BY c.castsource::regtype::text, c.casttarget::regtype::text),
		format('- cast %s%s: %s', pg_temp.code(c.castsource::regtype || ' → ' || c.casttarget::regtype),
			CASE c.castcontext WHEN 'i' THEN ', by itself' WHEN 'a' THEN ', where assigned' ELSE '' END, pg_temp.plain(obj_description(c.oid, 'pg_cast')))
	FROM pg_cast AS c WHERE o.oid IN (c.castsource, c.casttarget) AND obj_description(c.oid, 'pg_cast') IS NOT NULL
	) AS u (no, within, text)
WHERE o.kind = 'type'
ORDER BY o.chapter, o.called, u.no, u.within;

-- Routines, by the part that makes them ----------------------------------------------
CREATE TEMPORARY TABLE routine AS
SELECT o.*, o.kind = 'trigger function' AS fires,
	CASE WHEN o.kind IN ('function', 'trigger function') THEN '' ELSE o.kind || ' ' END
		|| pg_temp.code(format('%s(%s)', o.called, regexp_replace(pg_get_function_arguments(o.oid), '(NULL|''[^'']*'')::[a-z_. ]+(\[\])?', '\1', 'g')) || coalesce(' → ' || nullif(pg_get_function_result(o.oid), 'void'), ''))
		|| CASE WHEN p.prosecdef THEN ' (with its owner''s rights)' ELSE '' END || ': ' || pg_temp.plain(o.words) AS text
FROM object AS o JOIN pg_proc AS p ON p.oid = o.oid;

INSERT INTO line (chapter, block, name, text)
SELECT r.chapter, 50, r.part, u.text
FROM (SELECT DISTINCT chapter, part, section, meaning FROM routine WHERE NOT fires) AS r
CROSS JOIN LATERAL (
	SELECT 0, '' , '' UNION ALL SELECT 1, '', '### ' || r.section || CASE WHEN r.section = 'Made with the store' THEN ': ' || r.part ELSE '' END
	UNION ALL SELECT 2, '', '' UNION ALL SELECT 3, '', upper(left(pg_temp.plain(r.meaning), 1)) || substr(pg_temp.plain(r.meaning), 2) || ' (`' || r.part || '`).' WHERE r.meaning IS NOT NULL
	UNION ALL SELECT 4, '', '' WHERE r.meaning IS NOT NULL
	UNION ALL
	SELECT 5, x.called || pg_get_function_identity_arguments(x.oid), '- ' || x.text FROM routine AS x WHERE NOT x.fires AND x.chapter = r.chapter AND x.part = r.part) AS u (no, within, text)
ORDER BY r.chapter, r.part, u.no, u.within;

INSERT INTO line (chapter, block, name, text)
SELECT r.chapter, 70, '~', u.text
FROM (SELECT DISTINCT chapter FROM routine WHERE fires) AS r
CROSS JOIN LATERAL (
	SELECT 0, '', ''
	UNION ALL
	SELECT 1, x.called, format('- %s%s: %s', pg_temp.code(x.called || '()'),
		coalesce((SELECT ', of ' || string_agg(DISTINCT pg_temp.code(t.tgrelid::regclass::text), ', ') FROM pg_trigger AS t WHERE t.tgfoid = x.oid), ''), pg_temp.plain(x.words))
	FROM routine AS x WHERE x.fires AND x.chapter = r.chapter) AS u (no, within, text)
ORDER BY r.chapter, u.no, u.within;

SELECT l.text FROM line AS l ORDER BY l.chapter, l.block, l.name COLLATE "C", l.no;

-- The index --------------------------------------------------------------------------
SELECT u.text FROM (VALUES
	('@reference.md'), ('# Reference'), (''),
	('Every object of the schemas `registry`, `nser` and `share`, in the words of its COMMENT, which `\dT+`, `\df+`, `\do+` and `\d+` show'),
	('in psql as well. The pages are made from the catalog: `make reference` writes them anew, and `test/docs` fails where they are not what it would write.'),
	(''), ('| page | what it has | tables | views | types | routines | trigger functions |'), ('|---|---|---:|---:|---:|---:|---:|')) AS u (text);
SELECT format('| [%s](reference/%s.md) | %s | %s | %s | %s | %s | %s |', c.title, c.page, c.about,
	count(*) FILTER (WHERE o.kind = 'table'), count(*) FILTER (WHERE o.kind = 'view'), count(*) FILTER (WHERE o.kind = 'type'),
	count(*) FILTER (WHERE o.kind IN ('function', 'procedure', 'aggregate')), count(*) FILTER (WHERE o.kind = 'trigger function'))
FROM chapter AS c JOIN object AS o ON o.chapter = c.no GROUP BY c.no, c.title, c.page, c.about ORDER BY c.no;
SELECT u.text FROM (VALUES
	(''), ('How the tables hang together is drawn in [entities](entity.md); who may call what stands in [operations](operations.md).'),
	(''), ('## How to read it'), (''),
	('- A name without a schema is of `registry`. `nser` is the store, made by `create_store()`; `share` is what partners and staff of sharing use.'),
	('- A column that says nothing is what its name says; a view''s is its table''s.'),
	('- Routines stand by the part of `sql/` that makes them, in the order in which the parts are loaded. Those that do the work of others stand there, too: begin with the page of the subject.'),
	('- Trigger functions have a list of their own, with the tables whose triggers call them; nobody calls them by name.'),
	('- Left out are routines that nobody calls by name: what types read, print and compare by, what operators and aggregates are made of, support for indexes and the planner. `\df+` shows them.'),
	('- Tables of schema `release`, and views and tables of `share` that are made for an agreement, are as many as there are agreements: [publishing](publish.md).'),
	(''), ('## By name'), ('')) AS u (text);
SELECT u.text
FROM (
	SELECT left(o.name, 1) AS letter,
		string_agg(DISTINCT format('[%s](reference/%s.md#%s)', o.called, o.page,
			CASE WHEN o.kind IN ('table', 'view', 'type') THEN pg_temp.anchor(o.called)
				WHEN o.kind = 'trigger function' THEN 'trigger-functions'
				WHEN o.section = 'Made with the store' THEN pg_temp.anchor(o.section || ': ' || o.part)
				ELSE pg_temp.anchor(o.section) END), ' · ') AS names
	FROM object AS o GROUP BY 1) AS i
CROSS JOIN LATERAL (VALUES (1, format('**%s** %s', i.letter, i.names)), (2, '')) AS u (no, text)
ORDER BY i.letter, u.no;
