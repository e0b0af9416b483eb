
-- request_check: what may be asked for, and by whom --------------------------------------
--
-- The rules are rows: nser.share_category, share_attribute, dimension, gratis_ground.
-- What no row allows is not allowed.

CREATE FUNCTION registry.reviewed_attributes(request_id bigint) RETURNS text[]
	LANGUAGE plpgsql STABLE
AS $$
BEGIN
	-- of the form as it was handed in last
	RETURN ARRAY(
		SELECT DISTINCT a.name
		FROM nser.request_step AS s CROSS JOIN LATERAL jsonb_array_elements_text(s.content -> 'attributes') AS a (name)
		WHERE s.request_id = reviewed_attributes.request_id AND s.event = 'review_attribute'
		AND s.step > (SELECT max(x.step) FROM nser.request_step AS x WHERE x.request_id = s.request_id AND x.event = 'submit')
		ORDER BY 1);
END;
$$;
COMMENT ON FUNCTION registry.reviewed_attributes(bigint) IS 'attributes of a request that the unit reviewed singly since it was handed in last, by name';

CREATE FUNCTION registry.attribute_problems(request_id bigint, singly boolean) RETURNS SETOF text
	LANGUAGE plpgsql STABLE ROWS 2
AS $$
DECLARE
	asked	record;
	found	record;
	locked	bigint;
	seen	text[] := registry.reviewed_attributes(attribute_problems.request_id);
BEGIN
	SELECT r.category, r.attributes, r.member_types, k.dimensions, k.max_attributes, k.max_locked, k.exact_score, k.content INTO STRICT asked
	FROM nser.data_request AS r JOIN nser.share_category AS k ON k.category = r.category
	WHERE r.request_id = attribute_problems.request_id;

	SELECT string_agg(quote_literal(left(x.name, 40)), ', ' ORDER BY x.no) FILTER (WHERE t.attribute IS NULL) AS unknown,
		count(*) > count(DISTINCT x.name) AS twice,
		string_agg(x.name, ', ' ORDER BY x.no) FILTER (WHERE asked.dimensions IS NOT NULL AND NOT coalesce(t.dimension = ANY (asked.dimensions), false)
													   AND t.attribute IS NOT NULL) AS beyond,
		string_agg(x.name, ', ' ORDER BY x.no) FILTER (WHERE (t.dimension IS NULL OR NOT t.reviewed) AND t.attribute IS NOT NULL
													   AND x.name <> ALL (seen)) AS singly,
		coalesce(bool_or(x.name = 'score'), false) AS exact
	INTO found
	FROM unnest(asked.attributes) WITH ORDINALITY AS x (name, no)
	LEFT JOIN nser.share_attribute AS t ON t.attribute = x.name;
	SELECT count(*) INTO locked
	FROM unnest(registry.asked_dimensions(asked.attributes, asked.member_types)) AS x (name) JOIN nser.dimension AS n ON n.dimension = x.name AND n.locked;

	IF found.unknown IS NOT NULL THEN
		RETURN NEXT format('there is no attribute %s', found.unknown);
	END IF;
	IF found.twice THEN
		RETURN NEXT 'an attribute is named twice';
	END IF;
	IF cardinality(asked.attributes) > asked.max_attributes THEN
		RETURN NEXT format('category %s has %s attributes at most', asked.category, asked.max_attributes);
	END IF;
	IF found.beyond IS NOT NULL THEN
		RETURN NEXT format('category %s does not show %s', asked.category, found.beyond);
	END IF;
	IF found.exact AND NOT asked.exact_score THEN
		RETURN NEXT format('category %s shows the score in bands: score_band', asked.category);
	END IF;
	IF (found.exact OR asked.content = 'service') AND locked > asked.max_locked THEN
		RETURN NEXT format('an exact score with more than %s locked dimensions', asked.max_locked);
	END IF;
	IF locked > 0 AND locked = (SELECT count(*) FROM nser.dimension AS n WHERE n.locked) THEN
		RETURN NEXT format('all %s locked dimensions', locked);
	END IF;
	IF attribute_problems.singly AND found.singly IS NOT NULL THEN
		RETURN NEXT format('to be reviewed singly: %s', found.singly);
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.attribute_problems(bigint, boolean) IS
	'what is wrong with the attributes of a request, in words, a row each; singly: whether those that need a review of their own must have '
	'had it';

CREATE FUNCTION registry.request_problems(request_id bigint, on_event registry.request_event DEFAULT 'submit') RETURNS SETOF text
	LANGUAGE plpgsql STABLE ROWS 5
AS $$
DECLARE
	asked	record;
	finest	registry.area_level;
	judged	boolean := request_problems.on_event NOT IN ('submit', 'visit', 'interview', 'review_attribute');
BEGIN
	SELECT r.category, r.audience, r.level, r.area, r.formula, r.score_range, r.programme, r.with_cnic, r.with_household, r.storage, r.valid,
		r.gratis_ground, r.attributes, o.kind, o.implementer, o.keeps_safe, o.login,
		k.name, k.kinds, k.implementers, k.is_public, k.finest_private, k.finest_public, k.may_have_cnic, k.may_have_household, k.needs_programme, k.content
	INTO asked
	FROM nser.data_request AS r
	JOIN nser.organization AS o ON o.organization_id = r.organization_id
	JOIN nser.share_category AS k ON k.category = r.category
	WHERE r.request_id = request_problems.request_id;
	IF NOT FOUND THEN
		RETURN NEXT 'there is no such request, or nothing is known of its category';
		RETURN;
	END IF;

	IF asked.audience = 'public' THEN
		IF NOT asked.is_public THEN
			RETURN NEXT format('category %s is not for the public', asked.category);
		END IF;
	ELSE
		IF NOT (asked.kinds @> ARRAY[asked.kind] OR asked.implementers AND asked.implementer) THEN
			RETURN NEXT format('category %s is not for an organization of the kind %s', asked.category, asked.kind);
		END IF;
		IF coalesce(asked.storage !~ '[^[:space:]]', true) THEN
			RETURN NEXT 'where the data will be kept is not stated';
		END IF;
		IF NOT asked.keeps_safe OR judged AND asked.keeps_safe IS NULL THEN
			RETURN NEXT CASE WHEN asked.keeps_safe IS NULL THEN 'the unit has not looked at whether the organization can keep data safe'
						ELSE 'the organization cannot keep data safe' END;
		END IF;
	END IF;
	-- one area shown alone is as fine as its own level
	finest := CASE asked.audience WHEN 'public' THEN asked.finest_public ELSE asked.finest_private END;
	IF asked.level > finest OR registry.level(asked.area) > finest THEN
		RETURN NEXT format('category %s, %s, shows no area below the %s', asked.category, asked.audience, replace(finest::text, '_', ' '));
	END IF;

	RETURN QUERY SELECT p.problem FROM registry.attribute_problems(request_problems.request_id, judged) AS p (problem);
	IF asked.with_cnic AND NOT asked.may_have_cnic THEN
		RETURN NEXT format('category %s has no identity numbers', asked.category);
	END IF;
	IF asked.with_household AND NOT asked.may_have_household THEN
		RETURN NEXT format('category %s has no households that can be told apart', asked.category);
	END IF;
	IF asked.needs_programme AND asked.programme IS NULL THEN
		RETURN NEXT format('category %s is of a programme''s beneficiaries', asked.category);
	END IF;
	IF asked.formula IS NULL AND (asked.score_range IS NOT NULL OR asked.content IN ('service', 'list') OR '{score,score_band}' && asked.attributes) THEN
		RETURN NEXT 'which formula''s score is not stated';
	ELSIF asked.formula IS NOT NULL AND NOT EXISTS (SELECT FROM registry.formula AS f WHERE f.name = asked.formula) THEN
		RETURN NEXT 'there is no such formula';
	END IF;
	IF isempty(asked.score_range) OR lower(asked.score_range) < 0 OR upper(asked.score_range) > 100 THEN
		RETURN NEXT 'scores are from 0 to 100';
	END IF;
	IF upper(asked.valid) <= registry.today() THEN
		RETURN NEXT 'its period is over';
	END IF;
	IF asked.gratis_ground IS NOT NULL AND NOT EXISTS (
		SELECT FROM nser.gratis_ground AS g
		WHERE g.ground = asked.gratis_ground AND (g.kinds @> ARRAY[asked.kind] OR g.implementers AND asked.implementer)) THEN
		RETURN NEXT format('the ground %s is not one for an organization of the kind %s', asked.gratis_ground, asked.kind);
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.request_problems(bigint, registry.request_event) IS
	'why a request cannot take a step, by what it asks and who asks, in words, a row each; none: it can; from the review on the '
	'organization must have been found to keep data safe, and attributes that need it have been reviewed singly';

CREATE FUNCTION registry.check_data_request(request_id bigint, on_event registry.request_event) RETURNS void
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	problems	text;
BEGIN
	SELECT string_agg(p.problem, '; ') INTO problems
	FROM registry.request_problems(check_data_request.request_id, check_data_request.on_event) AS p (problem);
	IF problems IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG022',
			MESSAGE = format('request %s cannot be taken on by %s', check_data_request.request_id, check_data_request.on_event),
			DETAIL = problems || '.',
			HINT = 'nser.share_category says what each category may show, to whom; send the request back to have it changed.';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.check_data_request(bigint, registry.request_event) IS
	'refuse (RG022) a request that registry.request_problems() finds something wrong with, and say what';

-- What a step says besides: of a review the price, for which nobody's word is taken
-- where a formula gives it.
CREATE FUNCTION registry.request_content(request_id bigint, event registry.request_event, content jsonb) RETURNS jsonb
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	asked	record;
	priced	record;
	unknown	text;
BEGIN
	SELECT r.attributes, k.price_rule, r.gratis_ground INTO asked
	FROM nser.data_request AS r JOIN nser.share_category AS k ON k.category = r.category
	WHERE r.request_id = request_content.request_id;
	IF jsonb_typeof(request_content.content) <> 'object' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'the content of a step is a JSON object',
			HINT = 'As {"households": 250000}.';
	END IF;
	IF request_content.event = 'submit' THEN
		RETURN registry.request_form(request_content.request_id);
	ELSIF request_content.event = 'review' THEN
		IF coalesce(request_content.content - '{households,price}'::text[] <> '{}', false)
		OR EXISTS (SELECT FROM unnest('{households,price}'::text[]) AS x (key)
				   WHERE request_content.content ? x.key
				   AND CASE jsonb_typeof(request_content.content -> x.key) WHEN 'number'
					   THEN (request_content.content ->> x.key)::numeric NOT BETWEEN 0 AND 100000000000 ELSE true END)
		OR coalesce(request_content.content ? 'price', false) AND (asked.price_rule <> 'case_by_case' OR asked.gratis_ground IS NOT NULL) THEN
			RAISE EXCEPTION USING
				ERRCODE = 'invalid_parameter_value',
				MESSAGE = 'a review states the number of households, or the price where it is judged case by case',
				HINT = 'As {"households": 250000}, by default those that it is about; or {"price": 400000} of a summary, custom analysis or map.';
		END IF;
		SELECT p.a, p.b, p.c, p.d, p.e, p.f, p.g INTO priced
		FROM registry.price_request(request_content.request_id, round((request_content.content ->> 'households')::numeric)::bigint) AS p;
		IF asked.price_rule = 'formula' AND priced.g IS NULL THEN
			RAISE EXCEPTION USING
				ERRCODE = 'null_value_not_allowed',
				MESSAGE = format('request %s has no price', request_content.request_id),
				HINT = 'State the number of households, as {"households": 250000}; nser.share_rate must have a rate of today.';
		END IF;
		RETURN jsonb_build_object('a', priced.a, 'b', priced.b, 'c', priced.c, 'd', priced.d, 'e', priced.e, 'f', priced.f,
								  'price', coalesce(priced.g, (request_content.content ->> 'price')::numeric));
	ELSIF request_content.event = 'review_attribute' THEN
		IF coalesce(jsonb_typeof(request_content.content -> 'attributes') <> 'array' OR request_content.content - 'attributes' <> '{}'
				OR request_content.content -> 'attributes' = '[]', true) THEN
			unknown := 'none';
		ELSE
			SELECT string_agg(left(x.name, 40), ', ') INTO unknown
			FROM jsonb_array_elements_text(request_content.content -> 'attributes') AS x (name)
			WHERE NOT coalesce(x.name = ANY (asked.attributes), false);
		END IF;
		IF unknown IS NOT NULL THEN
			RAISE EXCEPTION USING
				ERRCODE = 'invalid_parameter_value',
				MESSAGE = 'attributes are reviewed that the request asks for',
				HINT = 'As {"attributes": ["tenure"]}.';
		END IF;
	ELSIF request_content.event = 'spot_check' THEN
		IF NOT coalesce(request_content.content - 'outcome' = '{}' AND request_content.content ->> 'outcome' IN ('in_order', 'lacking', 'not_admitted'), false) THEN
			RAISE EXCEPTION USING
				ERRCODE = 'invalid_parameter_value',
				MESSAGE = 'a spot check has an outcome: in_order, lacking or not_admitted',
				HINT = 'As {"outcome": "in_order"}; a breach is a step of its own.';
		END IF;
	ELSIF request_content.event = 'breach' THEN
		IF coalesce(request_content.content - 'penalty' <> '{}' OR CASE jsonb_typeof(request_content.content -> 'penalty') WHEN 'number'
					THEN (request_content.content ->> 'penalty')::numeric NOT BETWEEN 0 AND 100000000000 ELSE true END, false)
		AND request_content.content IS NOT NULL THEN
			RAISE EXCEPTION USING
				ERRCODE = 'invalid_parameter_value',
				MESSAGE = 'a breach may have a penalty in rupees, and no other content',
				HINT = 'As {"penalty": 500000}, where the agreement sets one.';
		END IF;
	ELSIF request_content.content IS NOT NULL AND request_content.event <> 'provide' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('%s has no content', request_content.event),
			HINT = 'Say it in the reason, without personal values.';
	END IF;
	RETURN request_content.content;
END;
$$;
COMMENT ON FUNCTION registry.request_content(bigint, registry.request_event, jsonb) IS
	'what a step of a request says: of submit the form; of review the price by its items, and of one judged case by case the one that is '
	'given, in rupees; of review_attribute which attributes; of spot_check its outcome; of breach the penalty in rupees, if any; refuses content of another shape';
