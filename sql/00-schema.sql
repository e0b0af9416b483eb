\echo Use "CREATE EXTENSION registry CASCADE" to load this file. \quit

-- Nothing here is found but what the core has: a better match in the schema of a
-- required extension, where others may create, would run as whoever installs.
SET LOCAL search_path = pg_catalog, pg_temp;

CREATE SCHEMA registry;
GRANT USAGE ON SCHEMA registry TO PUBLIC;
COMMENT ON SCHEMA registry IS 'national socio-economic registry: types, scoring and the logic of the store';
