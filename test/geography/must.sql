-- What must hold, in words: a failure ends the script.
CREATE FUNCTION pg_temp.must(what text, is_so boolean) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	IF is_so IS NOT TRUE THEN
		RAISE EXCEPTION 'it must hold that %', what;
	END IF;
END $$;
