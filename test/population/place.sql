
-- place: where on the map ------------------------------------------------------
--
-- Districts stand on a grid over their province, tehsils and union councils around
-- them: near the place a code names, though not at it.

CREATE FUNCTION population.point(district_no integer, tehsil integer, uc integer, lon double precision, lat double precision,
								 half_width double precision, half_height double precision, urban boolean, hash bigint) RETURNS geometry
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN ST_SetSRID(ST_MakePoint(
		floor((lon + half_width * ((district_no * 5 % 6) - 2.5) / 3
			+ half_width / 8 * ((tehsil * 3 % 5) - 2) / 2 + half_width / 60 * ((uc % 6) - 2.5)
			+ (population.draw(hash, 0) - 512) * half_width / CASE WHEN urban THEN 200000 ELSE 60000 END) * 100000) / 100000,
		floor((lat + half_height * ((district_no % 6) - 2.5) / 3
			+ half_height / 8 * ((tehsil * 2 % 5) - 2) / 2 + half_height / 60 * ((uc / 6) - 2)
			+ (population.draw(hash, 1) - 512) * half_height / CASE WHEN urban THEN 200000 ELSE 60000 END) * 100000) / 100000), 4326);

CREATE FUNCTION population.address(uc integer, village integer, urban boolean, hash bigint) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN urban
		THEN concat('House ', 1 + population.draw(hash, 2) * 400 / 1024, ', Street ', 1 + population.draw(hash, 3) * 30 / 1024,
			', Mohalla ', (ARRAY['Islampura', 'Usmanabad', 'Model Town', 'Gulshan', 'Eidgah', 'Qasimabad', 'Railway Colony', 'Purani Mandi'])
				[1 + population.draw(hash, 4) * 8 / 1024], ', Ward ', uc)
		ELSE concat('Village ', village, ', near ', (ARRAY['the school', 'the canal', 'the mosque', 'the mill', 'the shrine', 'the bridge', 'the dispensary', 'the bus stop'])
				[1 + population.draw(hash, 4) * 8 / 1024], ', Union Council ', uc)
	END;
