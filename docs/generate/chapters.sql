-- What stands on which page: the chapters of the reference, by the parts of sql/ that make
-- their objects, the longest beginning of a part's path counts; and what each part makes.
-- Included by reference.sql and entity.sql.

CREATE TEMPORARY TABLE chapter (no serial, page text PRIMARY KEY, title text, about text, parts text[]);
INSERT INTO chapter (page, title, about, parts) VALUES
	('types', 'Types and what reads them', 'Numbers, names, land, areas and labels; what judges input before it is cast.',
		'{sql/00,sql/01,sql/02,sql/03,sql/04,sql/05,sql/1}'),
	('answers', 'Answers, rosters and families', 'What a household answered, who its members are, what is counted of them, and its families.',
		'{sql/2,sql/43,sql/store/20,sql/store/25,sql/store/50}'),
	('scoring', 'Scores, programmes and runs over the nation', 'Formulas, scores, cut-offs and eligibility; the store and its version; work in ranges.',
		'{sql/3,sql/40,sql/41,sql/42,sql/store/00,sql/store/05,sql/store/30,sql/store/40}'),
	('households', 'Households, people and history', 'Households and members as they come, change, move and end; numbers; duplicates; the past.',
		'{sql/44,sql/45,sql/46,sql/47,sql/48,sql/49,sql/69,sql/store/10,sql/store/60,sql/store/88-history}'),
	('geography', 'Areas, places and maps', 'Areas and their boundaries, where households are, centres, coverage, maps, and staff of an area.',
		'{sql/50,sql/51,sql/52,sql/53,sql/57,sql/58,sql/59,sql/60,sql/store/08,sql/store/12,sql/store/14,sql/store/75,sql/store/99}'),
	('shocks', 'Shocks and hazards', 'What hit whom, what may, and who lives under a shape.',
		'{sql/54,sql/55,sql/56,sql/store/70}'),
	('updates', 'Updates, cases and verification', 'Who may be updated, the life of a case, tablets, NADRA, and how a case is applied.',
		'{sql/61,sql/62,sql/63,sql/64,sql/65,sql/68,sql/store/80,sql/store/82,sql/store/83,sql/store/84,sql/store/88-due}'),
	('benefits', 'Beneficiaries', 'Candidates, invitations, enrolments, recertification, and changes of scores.',
		'{sql/66,sql/67,sql/store/86}'),
	('requests', 'Sharing: requests and agreements', 'Organizations, requests, duties, prices, agreements.',
		'{sql/70,sql/72,sql/store/90,sql/store/91}'),
	('releases', 'Sharing: releases', 'Publishing and revoking, pseudonyms, lists, anonymized records, protected counts.',
		'{sql/71,sql/73,sql/74,sql/75,sql/76,sql/store/92,sql/store/94-cube,sql/store/95}'),
	('services', 'Sharing: scores, the log, and writing back', 'Scores against a number, the public, who read what, a person''s own record, what partners send.',
		'{sql/77,sql/78,sql/79,sql/store/93,sql/store/94-share_monitor,sql/store/96-write_back}'),
	('themes', 'Reports: themes', 'The thematic indicators of every area.', '{sql/81,sql/store/97-theme}'),
	('quality', 'Reports: quality of data', 'Checks, flags, scores of operators and centres, spot checks.', '{sql/82,sql/store/97}'),
	('monitoring', 'Reports: monitoring', 'How centres, operators and cases do.', '{sql/83,sql/store/98-monitoring}'),
	('reports', 'Reports by name, loads and what is public', 'What is printed by name, and what the client loads and shows.',
		'{sql/8,sql/store/96-report,sql/store/98}'),
	('catalog', 'What holds of all', 'What is done last, to every object.', '{sql/99}');

-- name (of an object, or 'part'), the part, and of a part its heading
CREATE TEMPORARY TABLE made (name text, part text, heading text);
\copy made FROM pstdin

CREATE TEMPORARY TABLE part AS
SELECT p.part, c.no AS chapter, c.page,
	CASE WHEN p.part ~ 'store/' THEN 'Made with the store'
		ELSE upper(left(h.subject, 1)) || substr(replace(h.subject, '_', ' '), 2) END AS section,
	CASE WHEN p.part !~ 'store/' THEN h.meaning END AS meaning
FROM (SELECT m.part, max(m.heading) FILTER (WHERE m.name = 'part') AS heading FROM made AS m GROUP BY m.part) AS p
CROSS JOIN LATERAL (
	SELECT CASE WHEN p.heading ~ '^[a-z _]+: ' THEN split_part(p.heading, ': ', 1) ELSE substring(p.part FROM '[0-9]-([a-z_0-9]+)\.') END AS subject,
		CASE WHEN p.heading ~ '^[a-z _]+: ' THEN substr(p.heading, strpos(p.heading, ': ') + 2) ELSE p.heading END AS meaning) AS h
LEFT JOIN LATERAL (
	SELECT k.no, k.page FROM chapter AS k CROSS JOIN LATERAL unnest(k.parts) AS u (beginning)
	WHERE starts_with(p.part, u.beginning) ORDER BY length(u.beginning) DESC LIMIT 1) AS c ON true;

-- A part that no chapter has stops the run, and so does an object that no part makes.
DO $$
DECLARE
	lost	text;
BEGIN
	SELECT string_agg(p.part, ', ' ORDER BY p.part) INTO lost FROM pg_temp.part AS p WHERE p.chapter IS NULL;
	IF lost IS NOT NULL THEN
		RAISE EXCEPTION USING MESSAGE = format('in no chapter: %s', lost), HINT = 'Add them to docs/generate/chapters.sql.';
	END IF;
END;
$$;

-- What stands in a sentence of a page, and what stands between bars.
CREATE FUNCTION pg_temp.plain(words text) RETURNS text LANGUAGE sql IMMUTABLE
	RETURN regexp_replace(regexp_replace(regexp_replace(words, '([\\*<|\[\]`~$])', '\\\1', 'g'), '(?<![[:alnum:]])_|_(?![[:alnum:]])', '\\_', 'g'), '\s+', ' ', 'g');
CREATE FUNCTION pg_temp.code(words text) RETURNS text LANGUAGE sql IMMUTABLE
	RETURN '`' || regexp_replace(words, '\s+', ' ', 'g') || '`';
CREATE FUNCTION pg_temp.cell(words text) RETURNS text LANGUAGE sql IMMUTABLE
	RETURN replace(pg_temp.code(words), '|', '\|');
-- Names of headings as the forges make them.
CREATE FUNCTION pg_temp.anchor(heading text) RETURNS text LANGUAGE sql IMMUTABLE
	RETURN replace(regexp_replace(lower(heading), '[^a-z0-9 _-]', '', 'g'), ' ', '-');
