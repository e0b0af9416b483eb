/*
 * codebook.h
 *	  The codebook: every indicator, its position, kind, labels and meaning.
 *
 * This list is the only one.  Positions, names, labels, registry.codebook() and
 * the columns of nser.household_profile all come from it.  Values are stored by
 * position, and answers by code (a label's place in its list, from 1), so the
 * list only grows: a new indicator takes a reserved position, a new label the
 * next code.
 *
 * INDICATOR(name, kind, dimension, labels, meaning): labels are joined by '|';
 * dimension is the one of the 17 of the operations manual that locks it, or
 * outside_17.
 */
#ifndef REGISTRY_CODEBOOK_H
#define REGISTRY_CODEBOOK_H

#define CODEBOOK(INDICATOR) \
	INDICATOR(province, CODE, area, "punjab|sindh|khyber_pakhtunkhwa|balochistan|islamabad|azad_jammu_kashmir" \
			  "|gilgit_baltistan", \
			  "province or region of residence") \
	INDICATOR(region, CODE, area, "rural|urban", \
			  "rural or urban") \
	INDICATOR(tenure, CODE, outside_17, "owned|owned_self_hired|rented|subsidised|rent_free", \
			  "who owns the dwelling") \
	INDICATOR(dwelling, CODE, outside_17, "independent_house|apartment|part_of_large_unit|part_of_compound|other", \
			  "type of dwelling") \
	INDICATOR(rooms, COUNT, rooms, "", \
			  "rooms used for living") \
	INDICATOR(wall, CODE, outside_17, "burnt_brick|stone|concrete|prefabricated|raw_brick_or_mud|wood_or_bamboo" \
			  "|plywood_or_cardboard|other", \
			  "main material of the outer walls") \
	INDICATOR(roof, CODE, outside_17, "concrete|burnt_brick|stone|prefabricated|iron_or_cement_sheet|girder" \
			  "|wood_or_bamboo|other", \
			  "main material of the roof") \
	INDICATOR(floor, CODE, outside_17, "cement|brick|tile_marble_or_chips|earth_or_sand|other", \
			  "main material of the floor") \
	INDICATOR(structure, CODE, outside_17, "kacha|pacca", \
			  "derived by complete(): pacca = wall and roof both burnt brick, concrete, stone or prefabricated") \
	INDICATOR(water, CODE, outside_17, "piped|hand_pump|motor_pump|covered_well|open_well|protected_spring" \
			  "|unprotected_spring|surface|tanker|bottled|filtration_plant|rain|karez" \
			  "|other", \
			  "main source of drinking water") \
	INDICATOR(toilet, CODE, toilet, "flush_sewer|flush_septic|flush_pit|flush_open_drain|dry_raised|dry_pit" \
			  "|none|other", \
			  "type of toilet used") \
	INDICATOR(electricity, CODE, outside_17, "none|own_meter|extension", \
			  "electricity connection") \
	INDICATOR(gas, CODE, outside_17, "none|own_meter|extension", \
			  "piped gas connection") \
	INDICATOR(cooking_fuel, CODE, outside_17, "gas|lpg|electricity|kerosene|firewood|dung|crop_residue|charcoal|other", \
			  "main cooking fuel") \
	INDICATOR(lighting, CODE, outside_17, "electricity|solar|kerosene|firewood|candle|other", \
			  "main source of light") \
	INDICATOR(refrigerator, FLAG, electrical, "", \
			  "owns a refrigerator") \
	INDICATOR(freezer, FLAG, electrical, "", \
			  "owns a freezer") \
	INDICATOR(washing_machine, FLAG, electrical, "", \
			  "owns a washing machine") \
	INDICATOR(air_conditioner, FLAG, electrical, "", \
			  "owns an air conditioner") \
	INDICATOR(air_cooler, FLAG, electrical, "", \
			  "owns an air cooler") \
	INDICATOR(geyser, FLAG, gas_equipment, "", \
			  "owns a water heater (geyser)") \
	INDICATOR(heater, FLAG, gas_equipment, "", \
			  "owns a room heater") \
	INDICATOR(microwave, FLAG, electrical, "", \
			  "owns a microwave oven") \
	INDICATOR(cooking_stove, FLAG, kitchen, "", \
			  "owns a cooking stove") \
	INDICATOR(cooking_range, FLAG, kitchen, "", \
			  "owns a cooking range") \
	INDICATOR(television, FLAG, electrical, "", \
			  "owns a television") \
	INDICATOR(computer, FLAG, outside_17, "", \
			  "owns a desktop or laptop computer") \
	INDICATOR(internet, FLAG, outside_17, "", \
			  "has internet at home") \
	INDICATOR(mobile_phone, FLAG, outside_17, "", \
			  "has a mobile phone") \
	INDICATOR(landline, FLAG, outside_17, "", \
			  "has a landline telephone") \
	INDICATOR(car, FLAG, outside_17, "", \
			  "owns a car van or truck") \
	INDICATOR(tractor, FLAG, outside_17, "", \
			  "owns a tractor") \
	INDICATOR(motorcycle, FLAG, outside_17, "", \
			  "owns a motorcycle or scooter") \
	INDICATOR(rickshaw, FLAG, outside_17, "", \
			  "owns a rickshaw or other motor vehicle") \
	INDICATOR(buffaloes, COUNT, livestock, "", \
			  "buffaloes and bullocks owned") \
	INDICATOR(cows, COUNT, livestock, "", \
			  "cows owned") \
	INDICATOR(goats, COUNT, livestock, "", \
			  "goats owned") \
	INDICATOR(sheep, COUNT, livestock, "", \
			  "sheep and lambs owned") \
	INDICATOR(camels, COUNT, livestock, "", \
			  "camels horses and donkeys owned") \
	INDICATOR(land_kanals, COUNT, land, "", \
			  "agricultural land owned in kanals (8 to the acre) rounded up capped at 254; derived from the survey land measure") \
	INDICATOR(members, COUNT, household_composition, "", \
			  "members of the household (from the roster)") \
	INDICATOR(dependants, COUNT, age, "", \
			  "members younger than 18 or older than 65 (from the roster)") \
	INDICATOR(children_0_13, COUNT, age, "", \
			  "members aged 13 or younger (from the roster)") \
	INDICATOR(children_5_16, COUNT, age, "", \
			  "members aged 5 to 16 (from the roster)") \
	INDICATOR(children_5_16_at_school, COUNT, education, "", \
			  "of those the ones attending school (from the roster)") \
	INDICATOR(children_5_13, COUNT, age, "", \
			  "members aged 5 to 13 (from the roster)") \
	INDICATOR(children_5_13_at_school, COUNT, education, "", \
			  "of those the ones attending school (from the roster)") \
	INDICATOR(children_4_18, COUNT, age, "", \
			  "members aged 4 to 18 (from the roster)") \
	INDICATOR(children_4_18_out_of_school, COUNT, education, "", \
			  "of those the ones never enrolled or dropped out (from the roster)") \
	INDICATOR(head_sex, CODE, gender, "male|female|transgender", \
			  "sex of the head (from the roster)") \
	INDICATOR(head_age, COUNT, age, "", \
			  "age of the head in years (from the roster)") \
	INDICATOR(head_class, COUNT, education, "", \
			  "highest class the head completed 0 if never attended (from the roster)") \
	INDICATOR(female_head_or_spouse_class, COUNT, education, "", \
			  "highest class the female head or first wife of the head completed; missing when there is none (from the roster)") \
	INDICATOR(has_female_head_or_spouse, FLAG, household_composition, "", \
			  "whether there is a female head or wife of the head (from the roster)") \
	INDICATOR(ever_married_women, COUNT, marital_status, "", \
			  "ever-married women aged 18 or older (from the roster)") \
	INDICATOR(elementary_workers, COUNT, employment, "", \
			  "members working in elementary occupations (from the roster)") \
	INDICATOR(workers, COUNT, employment, "", \
			  "members aged 14 to 60 at work (from the roster)") \
	INDICATOR(disabled_members, COUNT, disability, "", \
			  "members with a disability (from the roster)") \
	INDICATOR(chronically_ill_members, COUNT, outside_17, "", \
			  "members with a chronic disease (from the roster)") \
	INDICATOR(widows, COUNT, marital_status, "", \
			  "widows (from the roster)") \
	INDICATOR(elderly, COUNT, age, "", \
			  "members aged 60 or older (from the roster)") \
	INDICATOR(transgender_members, COUNT, gender, "", \
			  "transgender members (from the roster)") \
	INDICATOR(head_ever_attended, FLAG, education, "", \
			  "whether the head ever attended school (from the roster)") \
	INDICATOR(reserved_63, COUNT, , "", \
			  "not used; must be missing")

#endif							/* REGISTRY_CODEBOOK_H */
