--
-- Keys of names in Roman script
--
\set VERBOSITY default
SET search_path = registry, public;

-- spellings of one name have one key
SELECT name, array_agg(DISTINCT name_key(spelling)) AS keys
FROM (VALUES ('Muhammad', 'Mohammad,Mohammed,Mohamed,Muhammed,Mohd,Md,Mhd,M.'), ('Fatima', 'Fatimah,Fatma,FATIMA,Faatima'),
			 ('Hussain', 'Hussein,Husain,Hussian,Hossain'), ('Ahmad', 'Ahmed'), ('Yousaf', 'Yusuf,Yousuf,Yusaf'), ('Zainab', 'Zenab,Zaynab'),
			 ('Abdul Rehman', 'Abdur Rahman,Abdulrehman,Abdurrahman,Abd-ur-Rehman,Abdul  Rahman'), ('Abdullah', 'Abdulla,Abdallah'),
			 ('Khadija', 'Khadeeja,Khadijah'), ('Ayesha', 'Aisha,Aysha,Aesha'), ('Sajjad', 'Sajad'), ('Naseem', 'Nasim'),
			 ('Shaikh', 'Sheikh'), ('Chaudhry', 'Choudhary,Chaudhary,Chaudhri,Chowdhury'), ('Qureshi', 'Quraishi,Qureshy'),
			 ('Ghulam Rasool', 'Gulam Rasul'), ('Dawood', 'Daud,Daood'), ('Ishaq', 'Ishaque,Eshaq'), ('Javed', 'Javaid,Jawed'),
			 ('Fozia', 'Fauzia,Fouzia'), ('Nadia', 'Nadya,Nadiya'), ('Noor ud Din', 'Nooruddin,Noor Din,Noor-ud-Deen'),
			 ('Ambreen', 'Anbreen'), ('Ali', 'Aly')) AS v (name, others),
	LATERAL unnest(string_to_array(others, ',') || name) AS spelling
GROUP BY name ORDER BY name;

-- different names that differ in vowels alone
SELECT name_key('Muhammad') <> name_key('Mahmood') AS muhammad_mahmood, name_key('Hassan') <> name_key('Hussain') AS hassan_hussain,
	name_key('Mahmood') = name_key('Mehmud') AS mahmood_mehmud, name_key('Hassan') = name_key('Hasan') AS hassan_hasan;

-- titles, courtesy words and Muhammad are left out where another word remains
SELECT name, name_key(name)
FROM unnest('{Muhammad Imran,Imran Muhammad,M. Imran,Mr. Imran Khan,Haji Imran,Syed Imran,Mst. Nasreen Bibi,Nasreen Begum,Nasreen Khatoon,
	Nasreen Mai,Khan,Bibi,Syed,Muhammad Khan,Khan Muhammad,Haji,Mst. Bibi,Haji Khan}'::text[]) AS name;

-- what else may stand in the field
SELECT name, name_key(name)
FROM unnest(ARRAY['Ali s/o Akram', 'Ali son of Akram', 'Ali urf Pappu', 'Zia-ul-Haq', 'Gul-e-Rana', 'Qurrat ul Ain', '  Ali   Raza ', 'Sana''a', 'al', 'H', 'B',
	'one two three four five six seven eight nine']) AS name;

-- letters with marks are letters; other scripts have no key
SELECT name_key(U&'F\0101\1E6Dima B\012Bb\012B') AS fatima, name_key(U&'Mu\1E25ammad \02BFAl\012B') AS ali, name_key(U&'Rah\0304man') AS rahman;
SELECT name_key(U&'\0645\062D\0645\062F') AS urdu, name_key('') AS empty, name_key(' .12') AS none, given_key('12') AS none;

SELECT given_key('Muhammad Abdul Rehman Qureshi'), given_key('Nasreen Bibi');

-- the share of words in common; each with a word of its own are no same name
SELECT a, b, name_agreement(a, b)
FROM (VALUES ('Muhammad Imran', 'Emran'), ('Imran Malik', 'Malik Imran'), ('Imran', 'Imran Malik'), ('Aslam Baloch', 'Akram Baloch'),
			 ('Imran', 'Bilal'), ('Imran', '')) AS v (a, b);

-- similar by trigrams, in whatever schema pg_trgm is
SELECT trigram_schema(), name_similarity('Shabbir', 'Shabir') > 0.5 AS similar, resembles('shabbir', 'shabir'), resembles('bilal', 'umar');
