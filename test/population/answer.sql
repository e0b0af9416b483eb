
-- answer: what a household said about its dwelling and what it owns ------------
--
-- Everything leans on wealth, which nobody asks about, with luck of its own: so
-- scores spread, and no two answers say quite the same.  Shares are near those of
-- the Household Integrated Economic Survey 2015-16, a few years on.

-- Answers of households first to last as the text of registry.indicators, and
-- land as the text of registry.land_area; what was not answered is absent.
CREATE FUNCTION population.answer(first bigint, last bigint, seed bigint, district text)
	RETURNS TABLE (household_id bigint, area text, surveyed date, answers text, land text)
	LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH drawn AS (
		SELECT h.household_id, h.area, h.surveyed, h.province_label, h.urban, h.wealth, h.members, h.province,
			population.hash(h.household_id, 0, answer.seed, 31) AS h1,
			population.hash(h.household_id, 0, answer.seed, 32) AS h2,
			population.hash(h.household_id, 0, answer.seed, 33) AS h3,
			population.hash(h.household_id, 0, answer.seed, 34) AS h4,
			population.hash(h.household_id, 0, answer.seed, 35) AS h5,
			population.hash(h.household_id, 0, answer.seed, 36) AS h6,
			population.hash(h.household_id, 0, answer.seed, 37) AS h7,
			population.hash(h.household_id, 0, answer.seed, 38) AS h8
		FROM population.household(answer.first, answer.last, answer.seed, answer.district) AS h
		OFFSET 0
	),
	-- built: quality of the dwelling; missing: the one question left unanswered, if any
	leaning AS (
		SELECT d.*,
			d.wealth + population.draw(d.h1, 0) / 2 AS built,
			CASE WHEN d.urban THEN 1.0 ELSE 0.0 END AS town,
			CASE WHEN population.draw(d.h1, 1) < 26 THEN population.draw(d.h1, 2) % 9 END AS missing,
			population.draw(d.h4, 3) + d.wealth / 3 AS farm
		FROM drawn AS d
		OFFSET 0
	),
	answered AS (
		SELECT l.*,
			CASE
				WHEN population.draw(l.h1, 3) < CASE WHEN l.urban THEN 690 ELSE 850 END THEN 'owned'
				WHEN population.draw(l.h1, 3) < 880 THEN CASE WHEN l.urban THEN 'rented' ELSE 'rent_free' END
				WHEN population.draw(l.h1, 3) < 960 THEN 'rent_free'
				WHEN population.draw(l.h1, 3) < 990 THEN 'subsidised'
				ELSE 'owned_self_hired'
			END AS tenure,
			CASE
				WHEN population.draw(l.h1, 4) < 820 THEN 'independent_house'
				WHEN population.draw(l.h1, 4) < 860 THEN CASE WHEN l.urban THEN 'apartment' ELSE 'part_of_compound' END
				WHEN population.draw(l.h1, 4) < 930 THEN 'part_of_large_unit'
				WHEN population.draw(l.h1, 4) < 1005 THEN 'part_of_compound'
				ELSE 'other'
			END AS dwelling,
			CASE WHEN l.missing IS DISTINCT FROM 0 THEN
				CASE
					WHEN (l.wealth * 5 + population.draw(l.h2, 0) * 3) / 4 + l.members * 26 < 945 THEN 1
					WHEN (l.wealth * 5 + population.draw(l.h2, 0) * 3) / 4 + l.members * 26 < 1285 THEN 2
					WHEN (l.wealth * 5 + population.draw(l.h2, 0) * 3) / 4 + l.members * 26 < 1490 THEN 3
					WHEN (l.wealth * 5 + population.draw(l.h2, 0) * 3) / 4 + l.members * 26 < 1630 THEN 4
					WHEN (l.wealth * 5 + population.draw(l.h2, 0) * 3) / 4 + l.members * 26 < 1740 THEN 5
					ELSE 6
				END
			END AS rooms,
			CASE
				WHEN l.built < 520 THEN 'raw_brick_or_mud'
				WHEN l.built < 560 THEN 'wood_or_bamboo'
				WHEN l.province IN (1, 3) AND population.draw(l.h2, 1) < 600 OR population.draw(l.h2, 1) < 70 THEN 'stone'
				WHEN population.draw(l.h2, 1) < 960 THEN 'burnt_brick'
				WHEN population.draw(l.h2, 1) < 1010 THEN 'concrete'
				ELSE 'other'
			END AS wall,
			CASE
				WHEN l.built < 500 THEN 'wood_or_bamboo'
				WHEN l.built < 690 THEN CASE WHEN population.draw(l.h2, 2) < 680 THEN 'girder' ELSE 'iron_or_cement_sheet' END
				WHEN population.draw(l.h2, 2) < 130 THEN 'girder'
				WHEN population.draw(l.h2, 2) < 420 THEN 'burnt_brick'
				ELSE 'concrete'
			END AS roof,
			CASE
				WHEN l.built < 640 THEN 'earth_or_sand'
				WHEN l.built < 760 THEN 'brick'
				WHEN l.built < 1020 THEN 'cement'
				ELSE 'tile_marble_or_chips'
			END AS floor,
			CASE
				WHEN l.urban THEN CASE
					WHEN population.draw(l.h2, 3) < 450 THEN 'piped' WHEN population.draw(l.h2, 3) < 740 THEN 'motor_pump'
					WHEN population.draw(l.h2, 3) < 820 THEN 'hand_pump' WHEN population.draw(l.h2, 3) < 900 THEN 'tanker'
					WHEN population.draw(l.h2, 3) < 980 THEN 'filtration_plant' ELSE 'bottled'
				END
				WHEN l.province IN (1, 2, 3, 5) THEN CASE
					WHEN population.draw(l.h2, 3) < 330 THEN 'piped' WHEN population.draw(l.h2, 3) < 500 THEN 'hand_pump'
					WHEN population.draw(l.h2, 3) < 670 THEN 'motor_pump' WHEN population.draw(l.h2, 3) < 730 THEN 'protected_spring'
					WHEN population.draw(l.h2, 3) < 800 THEN 'unprotected_spring' WHEN population.draw(l.h2, 3) < 870 THEN 'surface'
					WHEN population.draw(l.h2, 3) < 940 THEN 'open_well' WHEN population.draw(l.h2, 3) < 980 THEN 'covered_well'
					WHEN l.province = 2 THEN 'karez' ELSE 'tanker'
				END
				WHEN population.draw(l.h2, 3) < 480 THEN 'hand_pump'
				WHEN population.draw(l.h2, 3) < 830 THEN 'motor_pump'
				WHEN population.draw(l.h2, 3) < 920 THEN 'piped'
				WHEN population.draw(l.h2, 3) < 960 THEN 'surface'
				WHEN population.draw(l.h2, 3) < 990 THEN 'open_well'
				ELSE 'tanker'
			END AS water,
			CASE WHEN l.missing IS DISTINCT FROM 1 THEN CASE
				WHEN population.draw(l.h2, 4) < 620 - l.wealth * 1.15 - l.town * 250 THEN 'none'
				WHEN population.draw(l.h2, 5) < CASE WHEN l.urban THEN 15 ELSE 160 END THEN 'dry_pit'
				WHEN population.draw(l.h2, 5) < CASE WHEN l.urban THEN 20 ELSE 225 END THEN 'dry_raised'
				WHEN population.draw(l.h2, 5) < CASE WHEN l.urban THEN 180 ELSE 640 END THEN 'flush_pit'
				WHEN population.draw(l.h2, 5) < CASE WHEN l.urban THEN 280 ELSE 860 END THEN 'flush_septic'
				WHEN population.draw(l.h2, 5) < CASE WHEN l.urban THEN 440 ELSE 960 END THEN 'flush_open_drain'
				ELSE 'flush_sewer'
			END END AS toilet,
			CASE WHEN l.missing IS DISTINCT FROM 2 THEN CASE
				WHEN population.draw(l.h3, 0) < 400 - l.wealth * 0.65 - l.town * 110 THEN 'none'
				WHEN population.draw(l.h3, 1) < 60 THEN 'extension'
				ELSE 'own_meter'
			END END AS electricity,
			CASE WHEN l.missing IS DISTINCT FROM 3 THEN CASE
				WHEN population.draw(l.h3, 2) >= l.wealth * 1.1 - 330 + l.town * 520 THEN 'none'
				WHEN population.draw(l.h3, 3) < 40 THEN 'extension'
				ELSE 'own_meter'
			END END AS gas,
			population.draw(l.h3, 4) < l.wealth * 1.35 - 170 AS refrigerator,
			population.draw(l.h3, 5) < l.wealth * 0.2 - 50 AS freezer,
			population.draw(l.h4, 0) < l.wealth * 1.3 - 140 AS washing_machine,
			population.draw(l.h4, 1) < l.wealth * 0.6 - 260 + l.town * 40 AS air_conditioner,
			population.draw(l.h4, 2) < l.wealth * 0.6 - 160 AS air_cooler,
			population.draw(l.h4, 4) < l.wealth * 0.5 - 210 AS geyser,
			population.draw(l.h4, 5) < l.wealth * 0.4 - 130 AS heater,
			population.draw(l.h5, 0) < l.wealth * 0.4 - 170 AS microwave,
			population.draw(l.h5, 1) < 400 + l.wealth * 0.6 AS cooking_stove,
			population.draw(l.h5, 2) < l.wealth * 0.4 - 140 AS cooking_range,
			population.draw(l.h5, 3) < l.wealth * 1.2 - 30 AS television,
			CASE WHEN l.missing IS DISTINCT FROM 4 THEN population.draw(l.h5, 4) < l.wealth * 0.8 - 320 + l.town * 40 END AS computer,
			CASE WHEN l.missing IS DISTINCT FROM 5 THEN population.draw(l.h5, 5) < l.wealth * 1.1 - 330 + l.town * 60 END AS internet,
			CASE WHEN l.missing IS DISTINCT FROM 6 THEN population.draw(l.h6, 0) < 800 + l.wealth * 0.34 END AS mobile_phone,
			CASE WHEN l.missing IS DISTINCT FROM 7 THEN population.draw(l.h6, 1) < l.wealth * 0.34 - 145 + l.town * 20 END AS landline,
			population.draw(l.h6, 2) < l.wealth * 0.4 - 150 AS car,
			NOT l.urban AND population.draw(l.h6, 3) < l.wealth * 0.2 - 60 AS tractor,
			population.draw(l.h6, 4) < l.wealth * 0.8 + 40 AS motorcycle,
			population.draw(l.h6, 5) < 30 AS rickshaw,
			-- half of the rural households keep animals, few of the urban
			CASE WHEN population.draw(l.h7, 0) < 380 - l.town * 340 THEN 1 + population.draw(l.h7, 1) * population.draw(l.h7, 1) / 250000 ELSE 0 END AS buffaloes,
			CASE WHEN population.draw(l.h7, 2) < 330 - l.town * 300 THEN 1 + population.draw(l.h7, 1) * population.draw(l.h7, 1) / 260000 ELSE 0 END AS cows,
			CASE WHEN population.draw(l.h7, 3) < 380 - l.town * 320 THEN 1 + population.draw(l.h7, 4) / 180 ELSE 0 END AS goats,
			CASE WHEN population.draw(l.h7, 5) < 70 - l.town * 68 THEN 2 + population.draw(l.h7, 4) / 60 ELSE 0 END AS sheep,
			CASE WHEN population.draw(l.h8, 0) < 50 - l.town * 46 THEN 1 + population.draw(l.h8, 1) / 700 ELSE 0 END AS camels,
			-- a third of the rural households own land, most of them little
			CASE
				WHEN l.missing = 8 THEN NULL
				WHEN population.draw(l.h8, 2) >= 200 + l.wealth * 0.3 - l.town * 300 THEN 0
				ELSE 1 + population.draw(l.h8, 3) * population.draw(l.h8, 3) / 1024 * l.wealth / 9000
			END AS kanals
		FROM leaning AS l
		OFFSET 0
	)
	SELECT a.household_id, a.area, a.surveyed,
		-- concat() leaves out what is NULL
		concat('{"province":"', a.province_label, '","region":"', CASE WHEN a.urban THEN 'urban' ELSE 'rural' END,
			'","tenure":"', a.tenure, '","dwelling":"', a.dwelling, '"', ',"rooms":' || a.rooms,
			',"wall":"', a.wall, '","roof":"', a.roof, '","floor":"', a.floor, '","water":"', a.water, '"',
			',"toilet":"' || a.toilet || '"', ',"electricity":"' || a.electricity || '"', ',"gas":"' || a.gas || '"',
			',"cooking_fuel":"', CASE WHEN a.gas IN ('own_meter', 'extension') THEN 'gas'
				WHEN population.draw(a.h8, 4) < a.wealth * 0.5 - 60 THEN 'lpg'
				WHEN population.draw(a.h8, 4) < 850 THEN 'firewood' WHEN population.draw(a.h8, 4) < 960 THEN 'dung' ELSE 'crop_residue' END,
			'","lighting":"', CASE WHEN a.electricity = 'none' THEN CASE WHEN population.draw(a.h8, 5) < 700 THEN 'solar' ELSE 'kerosene' END ELSE 'electricity' END,
			'","refrigerator":', a.refrigerator::text, ',"freezer":', a.freezer::text, ',"washing_machine":', a.washing_machine::text,
			',"air_conditioner":', a.air_conditioner::text, ',"air_cooler":', a.air_cooler::text, ',"geyser":', a.geyser::text,
			',"heater":', a.heater::text, ',"microwave":', a.microwave::text, ',"cooking_stove":', a.cooking_stove::text,
			',"cooking_range":', a.cooking_range::text, ',"television":', a.television::text,
			',"computer":' || a.computer::text, ',"internet":' || a.internet::text, ',"mobile_phone":' || a.mobile_phone::text,
			',"landline":' || a.landline::text, ',"car":', a.car::text, ',"tractor":', a.tractor::text,
			',"motorcycle":', a.motorcycle::text, ',"rickshaw":', a.rickshaw::text,
			',"buffaloes":', a.buffaloes, ',"cows":', a.cows, ',"goats":', a.goats, ',"sheep":', a.sheep, ',"camels":', a.camels, '}'),
		CASE WHEN a.kanals % 8 = 0 THEN a.kanals / 8 || ' acre' ELSE a.kanals || ' kanal ' || population.draw(a.h4, 3) % 20 || ' marla' END
	FROM answered AS a;
END;
COMMENT ON FUNCTION population.answer(bigint, bigint, bigint, text) IS
	'answers and land of households first to last of a seed, as text of registry.indicators and registry.land_area';
