-- What a partner pays: Annexes II and III, item by item.
\set ECHO none
\i test/sharing/begin.sql
\set ECHO all
\set SHOW_CONTEXT never
-- the worked example: government, 1,000,000 households, 3 dimensions: Rs 4,350,000
SELECT * FROM registry.price('government', 1000000, '{disability,education,land}');
-- every kind of organization
SELECT k.kind, p.* FROM unnest(enum_range(NULL::registry.organization_kind)) AS k (kind), registry.price(k.kind, 1000, '{disability,education}') AS p;
-- i to iv and vi cost nothing more, relationships, marital status and the ten locked do; one that is named twice is one
SELECT n.number, n.dimension, p.d, p.f, p.g FROM nser.dimension AS n, registry.price('academic', 100, ARRAY[n.dimension, n.dimension]) AS p ORDER BY n.number;
SELECT * FROM registry.price('business', 35645850, ARRAY(SELECT dimension FROM nser.dimension));
SELECT * FROM registry.price('donor', 0, '{}');
-- gratis by a ground that is one for it
SELECT g.ground, k.kind, p.g
FROM nser.gratis_ground AS g CROSS JOIN unnest(enum_range(NULL::registry.organization_kind)) AS k (kind)
CROSS JOIN LATERAL registry.price(k.kind, 10, '{}', CASE WHEN g.kinds @> ARRAY[k.kind] THEN g.ground END) AS p
WHERE p.g = 0 ORDER BY 1, 2;
SELECT g FROM registry.price('business', 10, '{}', 'beneficiaries', implementer => true);
SELECT registry.price('business', 10, '{}', 'beneficiaries');
SELECT registry.price('academic', 10, '{}', 'marginalized');
SELECT registry.price('academic', 10, '{}', 'because');
-- what is no request for a price
SELECT registry.price('government', -1, '{}');
SELECT registry.price('government', NULL, '{}');
SELECT registry.price(NULL, 1, '{}');
SELECT registry.price('government', 1, NULL);
SELECT registry.price('government', 1, '{land,moon,NULL}');
-- another rate, from a day on; before the first there is no price
INSERT INTO nser.share_rate (kind, valid_from, per_household, dimension_share) VALUES ('government', '2024-01-01', 4, 0.1);
SELECT d.on_date, p.a, p.e, p.g
FROM unnest('{2007-12-31,2023-12-31,2024-01-01}'::date[]) AS d (on_date), registry.price('government', 1000, '{land}', on_date => d.on_date) AS p;
DELETE FROM nser.share_rate WHERE kind = 'government' AND valid_from = '2024-01-01';

-- of requests: 12 registered households of Lahore and 3 of Kasur, of which one is merged
INSERT INTO nser.household (area, status) SELECT 'PK617', 'registered' FROM generate_series(1, 12);
INSERT INTO nser.household (area, status) SELECT 'PK616', CASE n WHEN 3 THEN 'merged' ELSE 'registered' END FROM generate_series(1, 3) AS n;
INSERT INTO nser.enrolment (household_id, area, programme, unit, entered_on, entry_reason, certified_on, exited_on, exit_reason)
	SELECT h.household_id, h.area, 'kafaalat', 'household', '2024-01-01', 'loaded', '2024-01-01',
		CASE WHEN x.no = 1 THEN '2024-06-01'::date END, CASE WHEN x.no = 1 THEN 'left' END
	FROM (SELECT household_id, row_number() OVER (ORDER BY household_id) AS no FROM nser.household) AS x JOIN nser.household AS h USING (household_id)
	WHERE x.no <= 5;
CREATE FUNCTION pg_temp.ask(category registry.share_category, asks jsonb, kind registry.organization_kind DEFAULT 'government') RETURNS bigint LANGUAGE sql AS $$
	INSERT INTO nser.organization (name, kind, login) VALUES ('partner ' || kind, kind, 'regress_' || kind) ON CONFLICT DO NOTHING;
	SELECT registry.enter_request((SELECT organization_id FROM nser.organization AS o WHERE o.kind = ask.kind),
		jsonb_build_object('contact', 'x', 'purpose', 'x', 'category', category, 'valid', '[2100-01-01,2101-01-01)') || asks) $$;
SELECT pg_temp.ask('anonymized', '{"attributes": ["sex", "marital_status", "widows", "toilet"]}') AS id \gset
SELECT * FROM registry.price_request(:id);
SELECT pg_temp.ask('anonymized', '{"area": "PK617"}', 'academic') AS id \gset
SELECT * FROM registry.price_request(:id);
SELECT pg_temp.ask('anonymized', '{"area": "PK617", "gratis_ground": "research"}', 'academic') AS id \gset
SELECT * FROM registry.price_request(:id);
SELECT pg_temp.ask('beneficiary_list', '{"programme": "kafaalat"}') AS id \gset
SELECT * FROM registry.price_request(:id);
SELECT pg_temp.ask('beneficiary_list', '{"programme": "kafaalat", "score_range": "[0,20]", "formula": "hies-2015-demo"}') AS id \gset
SELECT * FROM registry.price_request(:id);
SELECT pg_temp.ask('geo_tagged', '{}') AS id \gset
SELECT * FROM registry.price_request(:id, 1000);
-- nobody can count whom a service will be asked about
SELECT pg_temp.ask('score', '{}') AS id \gset
SELECT * FROM registry.price_request(:id);
SELECT pg_temp.ask('score', '{}') AS id \gset
SELECT * FROM registry.price_request(:id, 5000);
-- case by case, but for who has a ground
SELECT min(pg_temp.ask(c.category, '{}')) AS id FROM unnest('{summary,custom_analysis,map}'::registry.share_category[]) AS c (category) \gset
SELECT r.category, p.* FROM nser.data_request AS r, registry.price_request(r.request_id) AS p WHERE r.request_id >= :id ORDER BY 1;
SELECT pg_temp.ask('map', '{"gratis_ground": "marginalized"}') AS id \gset
SELECT * FROM registry.price_request(:id);
SELECT pg_temp.ask('map', '{"gratis_ground": "non_profit"}', 'business') AS id \gset
SELECT * FROM registry.price_request(:id);
SELECT registry.price_request(99999);
\set ECHO none
\i test/sharing/end.sql
