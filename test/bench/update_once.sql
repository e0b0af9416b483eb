SELECT nextval('bench.next') AS no \gset
SELECT r.household_id AS h, r.case_id AS c FROM bench.ready AS r WHERE r.no = :no \gset
BEGIN;
SELECT registry.advance_case(:h, :c, 'submit', gen_random_uuid(), (SELECT r.content FROM bench.ready AS r WHERE r.no = :no));
SELECT registry.advance_case(:h, :c, 'verify', gen_random_uuid());
SELECT registry.apply_case(:h, :c, gen_random_uuid());
COMMIT;
