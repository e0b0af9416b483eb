SELECT nextval('bench.birth') AS n \gset
SELECT c.household_id AS h FROM bench.change AS c WHERE c.no = 20001 - :n \gset
SELECT registry.register_member(:h, 'Newborn', 'female', 'child', birth_date => registry.today() - 20, on_date => registry.today() - 10);
