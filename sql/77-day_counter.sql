
-- day_counter: what no rollback turns back ---------------------------------------------
--
-- Questions are counted in sequences, one for each day of the last 32, whose value is
-- the day's number, then the count.

CREATE FUNCTION registry.day_counter(counters text, on_date date) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN format('nser.%s_%s', counters, (on_date - '2000-01-01'::date) % 32);
COMMENT ON FUNCTION registry.day_counter(text, date) IS 'the sequence, of those of a name, that counts on a day';

CREATE FUNCTION registry.make_day_counters(counters text, owned_by text, comment text) RETURNS void
	LANGUAGE plpgsql
AS $$
DECLARE
	counter	text;
BEGIN
	FOR counter IN SELECT registry.day_counter(make_day_counters.counters, '2000-01-01'::date + i) FROM generate_series(0, 31) AS i LOOP
		IF to_regclass(counter) IS NULL THEN
			EXECUTE format('CREATE SEQUENCE nser.%I OWNED BY %s', split_part(counter, '.', 2), make_day_counters.owned_by);
			EXECUTE format('COMMENT ON SEQUENCE nser.%I IS %L', split_part(counter, '.', 2), make_day_counters.comment);
		END IF;
	END LOOP;
END;
$$;
COMMENT ON FUNCTION registry.make_day_counters(text, text, text) IS 'make the sequences of a name that are not there yet, of a column of a table, with a comment; the owner''s';

CREATE FUNCTION registry.count_up(counters text) RETURNS bigint
	LANGUAGE plpgsql
AS $$
DECLARE
	on_date	CONSTANT date := (clock_timestamp() AT TIME ZONE 'Asia/Karachi')::date;
	day_no	CONSTANT bigint := on_date - '2000-01-01'::date;
	counter	CONSTANT regclass := registry.day_counter(count_up.counters, on_date);
	counted	bigint := nextval(counter);
BEGIN
	-- the first of the day; of two at once the day loses one question
	IF counted / 1000000000 < day_no THEN
		counted := setval(counter, day_no * 1000000000 + 1);
	END IF;
	RETURN counted - day_no * 1000000000;
END;
$$;
COMMENT ON FUNCTION registry.count_up(text) IS
	'count one more today, by the clock, in the sequences of a name, for good whatever becomes of the transaction, and return how many; the owner''s';

CREATE FUNCTION registry.day_counts(counters text, OUT day date, OUT counted bigint) RETURNS SETOF record
	LANGUAGE plpgsql
AS $$
BEGIN
	FOR day IN SELECT registry.today() - i FROM generate_series(0, 31) AS i ORDER BY 1 LOOP
		EXECUTE format('SELECT c.last_value FROM %s AS c', registry.day_counter(day_counts.counters, day)::regclass) INTO counted;
		IF counted / 1000000000 = day - '2000-01-01'::date THEN
			counted := counted % 1000000000;
			RETURN NEXT;
		END IF;
	END LOOP;
END;
$$;
COMMENT ON FUNCTION registry.day_counts(text) IS 'what the sequences of a name counted, by day, of the last 32 days; days without any have no row; the owner''s';
