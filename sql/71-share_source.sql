
-- share_source: the rows an agreement allows, each attribute at its finest -----------

-- Who of the households is meant by a word of nser.data_request.member_types.
CREATE FUNCTION registry.share_members(member_types text[]) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN (SELECT string_agg(w.condition, ' OR ' ORDER BY w.no)
			FROM (VALUES (1, 'head', 'm.relationship = ''head'''), (2, 'woman', 'm.sex = ''female'' AND m.age >= 18'), (3, 'child', 'm.age <= 17'),
				(4, 'adult', 'm.age BETWEEN 18 AND 59'), (5, 'elderly', 'm.age >= 60'), (6, 'disabled', 'cardinality(m.disabilities) > 0')
				) AS w (no, word, condition)
			WHERE w.word = ANY (share_members.member_types));
COMMENT ON FUNCTION registry.share_members(text[]) IS
	'SQL over m (nser.member_profile) that is true of who is meant: head, woman (18 or older), child (below 18), adult (18 to 59), elderly '
	'(60 or older), disabled; who has the fact unknown is not meant; NULL where no word is given: everybody';

CREATE FUNCTION registry.share_source(release_id bigint, attributes text[], unit text DEFAULT 'person', every_step boolean DEFAULT false) RETURNS text
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	asked	record;
	wrong	text;
	shown	text;
	meant	text;
	enrolled	text;
	limits	text;
	of_persons	boolean := share_source.unit = 'person';
BEGIN
	IF NOT coalesce(share_source.unit IN ('person', 'household'), false) OR share_source.attributes IS NULL OR share_source.every_step IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'a source has attributes, and rows of persons or households',
			HINT = 'Write registry.share_source(7, ''{sex,age_group}'', ''person''), or ''household'' for a row a household.';
	END IF;
	SELECT r.area, r.formula, r.score_range, r.member_types, r.programme, p.unit AS programme_unit INTO asked
	FROM nser.release AS l
	JOIN nser.agreement AS a ON a.agreement_id = l.agreement_id
	JOIN nser.data_request AS r ON r.request_id = a.request_id
	LEFT JOIN nser.programme AS p ON p.code = r.programme
	WHERE l.release_id = share_source.release_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'no_data_found',
			MESSAGE = format('there is no release %s', coalesce(share_source.release_id::text, 'NULL')),
			HINT = 'registry.publish(agreement_id) makes one.';
	END IF;

	SELECT string_agg(coalesce(x.attribute, 'NULL'), ', ' ORDER BY x.no) INTO wrong
	FROM unnest(share_source.attributes) WITH ORDINALITY AS x (attribute, no)
	WHERE NOT EXISTS (SELECT FROM nser.share_attribute AS t JOIN registry.share_columns() AS c ON c.attribute = t.attribute AND c.step = 0
					  WHERE t.attribute = x.attribute AND (of_persons OR t.unit = 'household'))
	OR EXISTS (SELECT FROM unnest(share_source.attributes) WITH ORDINALITY AS o (attribute, no) WHERE o.attribute = x.attribute AND o.no < x.no);
	IF wrong IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG022',
			MESSAGE = format('rows of %ss have no such column, or have it once: %s', share_source.unit, wrong),
			HINT = 'Attributes are those of nser.share_attribute, each once, a person''s for rows of persons alone; the area is always there.';
	END IF;
	IF asked.formula IS NULL AND (asked.score_range IS NOT NULL OR share_source.attributes && '{score,score_band}') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG022',
			MESSAGE = 'the request names no formula, and asks for scores',
			HINT = 'A request by scores says whose: formula ''hies-2015-demo'', a name in registry.formula.';
	END IF;

	SELECT string_agg(format(', %s AS %I', c.expression, CASE c.step WHEN 0 THEN x.attribute ELSE format('%s/%s', x.attribute, c.step) END), ''
					  ORDER BY x.no, c.step) INTO shown
	FROM unnest(share_source.attributes) WITH ORDINALITY AS x (attribute, no)
	JOIN registry.share_columns() AS c ON c.attribute = x.attribute AND (c.step = 0 OR share_source.every_step);
	meant := registry.share_members(asked.member_types);
	IF asked.programme IS NOT NULL THEN
		-- who holds the enrolment benefits; of a household's all do
		enrolled := format('EXISTS (SELECT FROM nser.enrolment AS e WHERE e.household_id = h.household_id AND e.programme = %L AND e.exited_on IS NULL%s)',
			asked.programme, CASE WHEN asked.programme_unit <> 'household' AND (of_persons OR meant IS NOT NULL) THEN ' AND e.line = m.line' ELSE '' END);
	END IF;
	limits := concat_ws(' AND ', '(' || meant || ')', enrolled);
	IF meant IS NOT NULL AND NOT of_persons THEN
		limits := format('EXISTS (SELECT FROM nser.member_profile AS m WHERE m.household_id = h.household_id AND %s)', limits);
	END IF;

	RETURN format('SELECT h.household_id, %s AS line, h.area%s FROM nser.household_profile AS h',
			CASE WHEN of_persons THEN 'm.line::smallint' ELSE 'NULL::smallint' END, coalesce(shown, ''))
		|| CASE WHEN of_persons THEN ' JOIN nser.member_profile AS m ON m.household_id = h.household_id' ELSE '' END
		|| CASE WHEN asked.formula IS NOT NULL THEN format(' LEFT JOIN nser.score AS s ON s.household_id = h.household_id AND s.survey_id = h.survey_id'
			' AND s.area OPERATOR(registry.=) h.area AND s.formula = %L', asked.formula) ELSE '' END
		|| format(' WHERE h.area OPERATOR(registry.<@) %L::registry.area_code', asked.area)
		|| CASE WHEN asked.score_range IS NOT NULL THEN format(' AND s.score::numeric <@ %L::numrange', asked.score_range) ELSE '' END
		|| CASE WHEN limits <> '' THEN ' AND ' || limits ELSE '' END;
END;
$$;
COMMENT ON FUNCTION registry.share_source(bigint, text[], text, boolean) IS
	'a SELECT of the rows that the request of a release allows, by its area, scores, member types and programme (enrolled now): household_id, '
	'line (NULL where the unit is household), area as fine as known, and each attribute at its finest as text, NULL where unknown '
	'(with every_step, as "sex/1" what it coarsens to beside it); '
	'refused: attributes there are not, twice, or of persons for rows of households (RG022)';
