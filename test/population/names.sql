
-- names: what people are called, and how it is spelled -------------------------
--
-- A name has one usual romanisation and several others ('Hussain/Husain/Hussein'),
-- and a clerk's choice among them differs from person to person: matching by name
-- has to live with that.

-- Spelling of 'usual/other/...': two thirds the usual one.
CREATE FUNCTION population.spell(spellings text, draw integer) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN draw < 680 THEN split_part(spellings, '/', 1)
		ELSE coalesce(nullif(split_part(spellings, '/', 2 + draw % 3), ''), split_part(spellings, '/', 1))
	END;

-- One of a list.
CREATE FUNCTION population.pick(list text[], draw integer) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN list[1 + draw * cardinality(list) / 1024];

CREATE FUNCTION population.male_name(draw integer) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN population.pick('{Ali/Aly,Ahmed/Ahmad/Ahmet,Hussain/Husain/Hussein/Hussian,Hassan/Hasan,Usman/Osman/Uthman,
			Umar/Omar/Omer/Umer,Bilal,Imran/Emran,Asif/Aasif,Tariq/Tarik/Tareq,Rashid/Rasheed/Rashed,
			Khalid/Khaled,Nadeem/Nadim,Saleem/Salim/Selim,Kashif/Kashaf,Shahid/Shaheed,Zahid/Zahed,
			Javed/Javaid/Jawed,Iqbal/Eqbal,Akram/Ikram,Aslam/Islam,Arshad/Irshad,Ashraf/Asharf,
			Yousaf/Yousuf/Yusuf/Yusaf,Younas/Younis/Yunus/Younus,Ibrahim/Ebrahim/Ibraheem,Ismail/Esmail/Ismaeel,
			Ishaq/Ishaque/Eshaq,Yaqoob/Yaqub/Yakoob,Dawood/Daud/Daood,Suleman/Sulaiman/Sulieman,Idrees/Idris,
			Ayub/Ayoub/Ayyub,Haroon/Harun/Haron,Zubair/Zubir/Zobair,Hamza/Hamzah,Talha/Talhah,
			Abdullah/Abdulla/Abdallah,Abdul Rehman/Abdul Rahman/Abdur Rehman,
			Abdul Ghafoor/Abdul Ghafur/Abdul Gafoor,Abdul Majeed/Abdul Majid,
			Abdul Qayyum/Abdul Qayum/Abdul Qayoom,Abdul Sattar/Abdus Sattar,
			Ghulam Rasool/Ghulam Rasul/Gulam Rasool,Ghulam Mustafa/Gulam Mustafa,Faisal/Fesal/Faysal,
			Adnan/Adnaan,Irfan/Erfan,Waqas/Waqqas,Waseem/Wasim,Naeem/Naim,Sajid/Sajed,Majid/Majeed,Amjad/Amjid,
			Riaz/Riyaz/Reyaz,Nawaz/Navaz,Sarfraz/Sarfaraz/Sarfraaz,Mumtaz/Momtaz,Afzal/Afzaal,Anwar/Anwer,
			Akbar/Akber,Sher Zaman,Gul Zaman,Mushtaq/Mushtaque,Ishfaq/Ashfaq,Shabbir/Shabir/Shabeer,Nazir/Nazeer,
			Bashir/Basheer,Munir/Muneer,Zafar/Zaffar,Qasim/Kasim,Zeeshan/Zishan,Saad/Saud,Daniyal/Danial/Danyal,
			Hamid/Hameed,Habib/Habeeb,Latif/Lateef}', draw);

CREATE FUNCTION population.female_name(draw integer) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN population.pick('{Fatima/Fatimah/Fatma,Ayesha/Aisha/Aysha/Aesha,Khadija/Khadeeja/Khadijah,Zainab/Zaynab/Zenab,
			Maryam/Mariam/Maryum/Marium,Amina/Aamina/Ameena,Hafsa/Hafsah,Sumaira/Sumera/Sumayra,Saima/Saimah,
			Nadia/Nadya,Samina/Sameena,Shazia/Shaziya,Rubina/Robina/Rubeena,Nasreen/Nasrin,
			Parveen/Perveen/Parvin,Shaheen/Shahin,Yasmeen/Yasmin/Yasmine,Tahira/Tahera,Zahida/Zaheda,
			Sajida/Sajeda,Rashida/Rasheeda,Khalida/Khaleda,Nusrat/Nusret,Ishrat/Eshrat,Musarrat/Mussarat/Musarat,
			Farzana/Farzanah,Rukhsana/Ruksana/Rukhsanah,Rehana/Rihana/Rehanah,Sultana/Sultanah,Razia/Raziya,
			Safia/Safiya/Sofia,Sakina/Sakeena/Sakinah,Hajra/Hajira/Hajrah,Kalsoom/Kulsoom/Kulsum/Kalsum,
			Bushra/Bushrah,Sadia/Sadiya,Hina/Henna,Sana/Sanaa,Iqra/Eqra,Kiran/Keran,Mehwish/Mahwish/Mehvish,
			Noreen/Naureen/Norin,Asma/Asmaa,Asia/Aasia/Asiya,Uzma/Ozma,Lubna/Lobna,Humaira/Humera/Humayra,
			Shabana/Shabanah,Shamim/Shameem,Naseem/Nasim,Gulshan/Gulshen,Zubaida/Zubeda/Zobaida,
			Jamila/Jameela/Jamilah,Halima/Haleema/Halimah,Rabia/Rabiya/Rabeea,Nazia/Naziya,Shaista/Shayista,
			Fozia/Fouzia/Fauzia,Zarina/Zareena,Palwasha/Palwesha,Spogmai/Spogmay,Gul Bano,Shah Bano,Laiba/Layba,
			Areeba/Ariba,Mahnoor/Mah Noor,Aliza/Alizah}', draw);

-- Family or tribal names of a province, by the digit of its P-code.
CREATE FUNCTION population.surname(province integer, draw integer) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN population.pick(CASE province
		WHEN 1 THEN '{Raja,Abbasi,Mughal/Moghal,Mir/Meer,Dar,Lone,Butt/Bhatt,Chaudhry/Choudhary/Chaudhary,Khan,Awan,Sudhan,
			Kiani/Kayani,Gujjar,Qureshi/Qureshy/Quraishi}'
		WHEN 2 THEN '{Baloch/Baluch,Marri/Mari,Bugti/Bughti,Mengal,Rind,Raisani/Raeesani,Kakar,Achakzai,Zehri,Lashari,
			Brohi/Brahui,Domki,Jamali,Kasi,Tareen/Tarin,Khan,Rodeni,Magsi}'
		WHEN 3 THEN '{Baig/Beg,Shah,Karim/Kareem,Hunzai,Balti,Ali,Khan,Haider/Hyder,Wali,Mirza,Hussaini}'
		WHEN 4 THEN '{Abbasi,Raja,Malik,Khan,Satti,Awan,Kiani/Kayani,Butt,Chaudhry/Choudhary,Mughal}'
		WHEN 5 THEN '{Khan,Afridi,Yousafzai/Yusufzai/Yousufzai,Khattak/Khatak,Shinwari,Mohmand/Momand,Wazir/Wazeer,
			Mehsud/Mahsud,Orakzai,Bangash,Marwat,Durrani/Durani,Swati,Tanoli,Khalil/Khaleel,Gul,Shah,Jan}'
		WHEN 6 THEN '{Malik/Malick,Butt,Cheema,Chaudhry/Choudhary/Chaudhary/Chaudhri,Bhatti/Bhati,Awan,Sheikh/Shaikh,
			Mughal/Moghal,Rana,Gujjar/Gujar,Khan,Dogar,Warraich/Waraich,Sial,Kharal,Baloch,Qureshi/Quraishi,
			Bukhari/Bokhari,Tarar,Masih/Maseeh,Joyia/Joya,Virk,Sandhu,Gondal}'
		ELSE '{Soomro/Sumro,Memon/Maimon,Channa,Mahar/Maher,Chandio/Chandyo,Solangi,Abro/Abbro,Panhwar/Panhwer,
			Jatoi,Khoso/Khosa,Bhutto/Bhuto,Shaikh/Sheikh,Laghari/Leghari,Mirani,Junejo,Kolhi,Meghwar/Menghwar,
			Qureshi,Ansari,Siddiqui/Siddiqi,Brohi,Magsi,Talpur,Khan}'
	END::text[], draw);

-- The lists above are slow to look into, so they are spelled out once.
CREATE TABLE population.given (
	sex		text NOT NULL,
	no		integer NOT NULL,
	name	text NOT NULL,
	PRIMARY KEY (sex, no)
);
COMMENT ON TABLE population.given IS 'names without the family''s: 4096 a sex, each as some clerk would spell it';

INSERT INTO population.given
	SELECT 'male', n.no,
		CASE WHEN population.draw(n.h, 2) < 430
			THEN population.spell('Muhammad/Mohammad/Mohd/Mohammed', population.draw(n.h, 3)) || ' ' ELSE '' END
		|| population.spell(population.male_name(population.draw(n.h, 0)), population.draw(n.h, 1))
	FROM (SELECT no, population.hash(no, 0, 0, 20) AS h FROM generate_series(0, 4095) AS no) AS n;

INSERT INTO population.given
	SELECT 'female', n.no,
		population.spell(population.female_name(population.draw(n.h, 0)), population.draw(n.h, 1)) || ' ' ||
		CASE
			WHEN population.draw(n.h, 2) < 420 THEN population.spell('Bibi/BiBi', population.draw(n.h, 3))
			WHEN population.draw(n.h, 2) < 560 THEN population.spell('Begum/Begam', population.draw(n.h, 3))
			WHEN population.draw(n.h, 2) < 700 THEN population.spell('Khatoon/Khatun', population.draw(n.h, 3))
			WHEN population.draw(n.h, 2) < 760 THEN 'Mai'
			WHEN population.draw(n.h, 2) < 860 THEN population.spell('Akhtar/Akhter', population.draw(n.h, 3))
			WHEN population.draw(n.h, 2) < 930 THEN population.spell('Jan/Jaan', population.draw(n.h, 3))
			ELSE population.spell('Bano/Banu', population.draw(n.h, 3))
		END
	FROM (SELECT no, population.hash(no, 0, 0, 21) AS h FROM generate_series(0, 4095) AS no) AS n;

-- Rows 16 n to 16 n + 15 of a province are spellings of one family's name.
CREATE TABLE population.family (
	province	integer NOT NULL,
	no			integer NOT NULL,
	name		text NOT NULL,
	PRIMARY KEY (province, no)
);
COMMENT ON TABLE population.family IS 'family names, 64 a province in 16 spellings each; one man in three gives none';

INSERT INTO population.family
	SELECT p.digit, n.no,
		CASE WHEN n.no % 16 < 6 THEN ''
			ELSE ' ' || population.spell(population.surname(p.digit, n.no / 16 * 16), population.draw(population.hash(n.no, 0, 0, 22), 0))
		END
	FROM population.province AS p
	CROSS JOIN generate_series(0, 1023) AS n(no);
ANALYZE population.given, population.family;
