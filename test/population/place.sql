
-- place: where on the map ------------------------------------------------------
--
-- Union councils stand on a grid in a box around the real centre of their tehsil,
-- households around the middle of theirs: near the place a code names, though not at it.

CREATE FUNCTION population.point(uc integer, lon double precision, lat double precision,
								 half_width double precision, half_height double precision, urban boolean, hash bigint) RETURNS geometry
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN ST_SetSRID(ST_MakePoint(
		floor((lon + half_width * (((uc % 6) - 2.5) / 3
			+ (population.draw(hash, 0) - 512) / 512.0 / CASE WHEN urban THEN 24 ELSE 6 END)) * 100000) / 100000,
		floor((lat + half_height * ((((uc - 1) / 6) - 2) / 2.5
			+ (population.draw(hash, 1) - 512) / 512.0 / CASE WHEN urban THEN 20 ELSE 5 END)) * 100000) / 100000), 4326);

CREATE FUNCTION population.address(uc integer, village integer, urban boolean, hash bigint) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN urban
		THEN concat('House ', 1 + population.draw(hash, 2) * 400 / 1024, ', Street ', 1 + population.draw(hash, 3) * 30 / 1024,
			', Mohalla ', (ARRAY['Islampura', 'Usmanabad', 'Model Town', 'Gulshan', 'Eidgah', 'Qasimabad', 'Railway Colony', 'Purani Mandi'])
				[1 + population.draw(hash, 4) * 8 / 1024], ', Ward ', uc)
		ELSE concat('Village ', village, ', near ', (ARRAY['the school', 'the canal', 'the mosque', 'the mill', 'the shrine', 'the bridge', 'the dispensary', 'the bus stop'])
				[1 + population.draw(hash, 4) * 8 / 1024], ', Union Council ', uc)
	END;
