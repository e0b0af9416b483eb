
-- price: what a partner pays, by Annexes II and III --------------------------------------
--
-- A rupees a household by the kind of organization, B households, C = A x B; D dimensions
-- that are priced, E = a share of A for each, F = B x D x E; G = C + F.

CREATE FUNCTION registry.check_gratis(ground text, kind registry.organization_kind, implementer boolean) RETURNS void
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	fits	boolean;
BEGIN
	SELECT g.kinds @> ARRAY[check_gratis.kind] OR g.implementers AND check_gratis.implementer INTO fits
	FROM nser.gratis_ground AS g WHERE g.ground = check_gratis.ground;
	IF NOT coalesce(fits, false) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG022',
			MESSAGE = format('the ground %s is not one for an organization of the kind %s', coalesce(quote_literal(left(check_gratis.ground, 40)), 'NULL'),
							 coalesce(check_gratis.kind::text, 'NULL')),
			HINT = 'nser.gratis_ground lists the grounds, and for whom each is.';
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.check_gratis(text, registry.organization_kind, boolean) IS
	'refuse (RG022) a ground for getting data free that there is not, or that is not for such an organization; implementer: whether it '
	'carries out a programme for BISP''s beneficiaries';

CREATE FUNCTION registry.price(kind registry.organization_kind, households bigint, dimensions text[], gratis_ground text DEFAULT NULL,
							   implementer boolean DEFAULT false, on_date date DEFAULT registry.today(),
							   OUT a numeric, OUT b bigint, OUT c numeric, OUT d integer, OUT e numeric, OUT f numeric, OUT g numeric)
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	rate	record;
	unknown	text;
BEGIN
	IF price.kind IS NULL OR coalesce(price.households < 0, true) OR price.dimensions IS NULL OR price.on_date IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'a price is of a kind of organization, a number of households from 0, and dimensions, if any',
			HINT = 'registry.price(''government'', 1000000, ''{disability,education,land}''); of a request: registry.price_request(1).';
	END IF;
	SELECT string_agg(coalesce(quote_literal(left(x.name, 40)), 'NULL'), ', ' ORDER BY x.no) INTO unknown
	FROM unnest(price.dimensions) WITH ORDINALITY AS x (name, no)
	WHERE NOT EXISTS (SELECT FROM nser.dimension AS n WHERE n.dimension = x.name);
	IF unknown IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'RG022',
			MESSAGE = format('there is no dimension %s', unknown),
			HINT = 'nser.dimension lists them: household_composition, disability and the like.';
	END IF;
	IF price.gratis_ground IS NOT NULL THEN
		PERFORM registry.check_gratis(price.gratis_ground, price.kind, price.implementer);
	END IF;
	SELECT r.per_household, r.dimension_share INTO rate
	FROM nser.share_rate AS r
	WHERE r.kind = price.kind AND r.valid_from <= price.on_date
	ORDER BY r.valid_from DESC LIMIT 1;
	-- no rate, no price
	IF NOT FOUND THEN
		RETURN;
	END IF;
	a := rate.per_household;
	b := price.households;
	c := round(a * b, 2);
	SELECT count(*) INTO d FROM nser.dimension AS n WHERE n.dimension = ANY (price.dimensions) AND n.priced;
	e := trim_scale(a * rate.dimension_share);
	f := round(b * d * e, 2);
	g := CASE WHEN price.gratis_ground IS NULL THEN c + f ELSE 0.00 END;
END;
$$;
COMMENT ON FUNCTION registry.price(registry.organization_kind, bigint, text[], text, boolean, date) IS
	'a price by the rates of a day, in rupees, item by item as Annex II names them: a a household, b households, c = a x b, d dimensions that '
	'are priced (each once), e for a dimension and household, f = b x d x e, g all of it, 0 by a ground for getting it free; all NULL where '
	'the day has no rate; refuses dimensions and grounds that there are not, and a ground that is not for such an organization (RG022)';

-- Registered households that the request is about, its members' kinds left aside.
CREATE FUNCTION registry.count_asked(request_id bigint) RETURNS bigint
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	asked	record;
	counted	bigint;
BEGIN
	SELECT r.area, r.formula, r.score_range, r.programme INTO asked FROM nser.data_request AS r WHERE r.request_id = count_asked.request_id;
	IF NOT FOUND THEN
		RETURN NULL;
	END IF;
	SELECT count(*) INTO counted
	FROM nser.household AS h
	WHERE h.status = 'registered' AND h.area OPERATOR(registry.<@) asked.area
	AND (asked.score_range IS NULL
		 OR EXISTS (SELECT FROM nser.score AS s
					WHERE s.household_id = h.household_id AND s.survey_id = h.current_survey AND s.formula = asked.formula
					AND s.score <> 'NaN' AND s.score::numeric <@ asked.score_range))
	AND (asked.programme IS NULL
		 OR EXISTS (SELECT FROM nser.enrolment AS n
					WHERE n.household_id = h.household_id AND n.programme = asked.programme AND n.exited_on IS NULL));
	RETURN counted;
END;
$$;
COMMENT ON FUNCTION registry.count_asked(bigint) IS
	'registered households of the area, score range and programme of a request, whomever of their members it asks for; NULL for a request '
	'that there is not';

CREATE FUNCTION registry.asked_dimensions(attributes text[], member_types text[]) RETURNS text[]
	LANGUAGE plpgsql STABLE
AS $$
BEGIN
	RETURN ARRAY(
		SELECT t.dimension FROM nser.share_attribute AS t WHERE t.attribute = ANY (asked_dimensions.attributes) AND t.dimension IS NOT NULL
		UNION
		-- who is among those who have one shows that one
		SELECT 'disability' WHERE 'disabled' = ANY (asked_dimensions.member_types)
		ORDER BY 1);
END;
$$;
COMMENT ON FUNCTION registry.asked_dimensions(text[], text[]) IS
	'dimensions, each once, of what a request asks for: of its attributes, and disability where it asks for who is disabled';

CREATE FUNCTION registry.price_request(request_id bigint, households bigint DEFAULT NULL,
									   OUT a numeric, OUT b bigint, OUT c numeric, OUT d integer, OUT e numeric, OUT f numeric, OUT g numeric)
	LANGUAGE plpgsql STABLE
AS $$
DECLARE
	asked	record;
BEGIN
	SELECT r.gratis_ground, o.kind, o.implementer, k.price_rule, k.content,
		registry.asked_dimensions(r.attributes, r.member_types) AS dimensions
	INTO asked
	FROM nser.data_request AS r
	JOIN nser.organization AS o ON o.organization_id = r.organization_id
	JOIN nser.share_category AS k ON k.category = r.category
	WHERE r.request_id = price_request.request_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'no_data_found',
			MESSAGE = format('there is no request %s', coalesce(price_request.request_id::text, 'NULL')),
			HINT = 'nser.data_request lists them.';
	END IF;
	IF asked.gratis_ground IS NOT NULL THEN
		PERFORM registry.check_gratis(asked.gratis_ground, asked.kind, asked.implementer);
	END IF;
	IF asked.price_rule = 'formula' THEN
		-- whom a service will be asked about, nobody can count
		b := coalesce(price_request.households, CASE WHEN asked.content <> 'service' THEN registry.count_asked(price_request.request_id) END);
		IF b IS NOT NULL THEN
			SELECT p.a, p.b, p.c, p.d, p.e, p.f, p.g INTO a, b, c, d, e, f, g
			FROM registry.price(asked.kind, b, asked.dimensions, asked.gratis_ground, asked.implementer) AS p;
		END IF;
	END IF;
	IF asked.price_rule = 'free' OR asked.gratis_ground IS NOT NULL THEN
		g := 0.00;
	END IF;
END;
$$;
COMMENT ON FUNCTION registry.price_request(bigint, bigint) IS
	'registry.price() of a request today, of so many households, by default as many as its area, score range and programme have; g is 0 '
	'where it is free by category or ground; NULL where it is judged case by case, and of a score service until the number of '
	'households is given; refuses a request that there is not, and a ground that is not for such an organization (RG022)';
