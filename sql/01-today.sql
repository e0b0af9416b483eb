
-- today: the day in Pakistan, whatever the time zone of the session --------------

CREATE FUNCTION registry.today() RETURNS date
	LANGUAGE sql STABLE PARALLEL SAFE
	RETURN (now() AT TIME ZONE 'Asia/Karachi')::date;
COMMENT ON FUNCTION registry.today() IS 'the day in Pakistan when the transaction began';
