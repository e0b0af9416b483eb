
-- vocabulary: closed lists of labels ------------------------------------------
--
-- C knows the same labels (src/vocabulary.c).  Values are only ever added.

CREATE TYPE registry.sex AS ENUM ('male', 'female', 'transgender');
COMMENT ON TYPE registry.sex IS 'sex as the registry records it';

CREATE TYPE registry.marital_status AS ENUM
	('never_married', 'married', 'widowed', 'divorced', 'separated', 'nikah_only');
COMMENT ON TYPE registry.marital_status IS
	'marital status; nikah_only: nikah solemnised, rukhsati not yet, so not yet married';

CREATE TYPE registry.relationship AS ENUM
	('head', 'spouse', 'child', 'grandchild', 'parent', 'sibling', 'nephew_or_niece', 'child_in_law',
	 'sibling_in_law', 'parent_in_law', 'grandparent', 'uncle_or_aunt', 'servant', 'other');
COMMENT ON TYPE registry.relationship IS 'relationship to the head of household (the 14 of PBS)';

CREATE TYPE registry.family_kind AS ENUM ('couple', 'couple_with_children', 'divorced_or_separated_woman', 'widow');
COMMENT ON TYPE registry.family_kind IS 'family of an ever-married woman, by what she is: as many as there are such women';

CREATE TYPE registry.area_level AS ENUM
	('country', 'province', 'division', 'district', 'tehsil', 'union_council', 'village');
COMMENT ON TYPE registry.area_level IS 'level of an administrative area; divisions have no code and exist in reports only';

CREATE TYPE registry.update_type AS ENUM
	('missed_out', 'roster', 'shock', 'appeal', 'cyclic', 'recertification', 'correction', 'grievance');
COMMENT ON TYPE registry.update_type IS
	'why a household''s data is collected or changed: NSER''s six update types, and the two cases that go beside them, '
	'correction (the registry was wrong) and grievance (a complaint, which changes nothing itself)';
