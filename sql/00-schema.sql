\echo Use "CREATE EXTENSION registry CASCADE" to load this file. \quit

CREATE SCHEMA registry;
GRANT USAGE ON SCHEMA registry TO PUBLIC;
COMMENT ON SCHEMA registry IS 'national socio-economic registry: types, scoring and the logic of the store';
