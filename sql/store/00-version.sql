
CREATE SCHEMA nser;
COMMENT ON SCHEMA nser IS 'national socio-economic registry: the people, their surveys and scores';

CREATE TABLE nser.store_version (
	layout		integer NOT NULL,
	created_at	timestamptz NOT NULL DEFAULT now(),
	one_row		boolean NOT NULL DEFAULT true PRIMARY KEY CHECK (one_row)
);
COMMENT ON TABLE nser.store_version IS 'layout of this schema; CALL registry.upgrade_store() brings it up to date';
INSERT INTO nser.store_version (layout) VALUES (1);

-- Rows that a bulk load could not take.  They are people's data: the owner's only.
CREATE TABLE nser.load_error (
	load_id		bigint NOT NULL,
	row_no		bigint NOT NULL,
	source		text NOT NULL,
	column_name	text,
	sqlstate	text NOT NULL,
	reason		text NOT NULL,
	row			jsonb,
	recorded_at	timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (load_id, source, row_no)
);
COMMENT ON TABLE nser.load_error IS 'rows a bulk load could not take, each with the reason; correct and load them again';
COMMENT ON COLUMN nser.load_error.load_id IS 'the load: nextval(''nser.load_id_seq'')';
COMMENT ON COLUMN nser.load_error.row_no IS 'row of the source, from 1';
COMMENT ON COLUMN nser.load_error.source IS 'file or table the row came from';
COMMENT ON COLUMN nser.load_error.reason IS 'what is wrong and what was expected, without quoting the value';

CREATE SEQUENCE nser.load_id_seq OWNED BY nser.load_error.load_id;
COMMENT ON SEQUENCE nser.load_id_seq IS 'numbers of bulk loads';
