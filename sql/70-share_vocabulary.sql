
-- share_vocabulary: the words of sharing ------------------------------------------

CREATE TYPE registry.share_category AS ENUM ('summary', 'custom_analysis', 'score', 'beneficiary_list', 'beneficiary_dimensions',
	'anonymized', 'map', 'geo_tagged');
COMMENT ON TYPE registry.share_category IS
	'what a partner may be given, i to viii: information summaries, custom analysis, score against a CNIC, beneficiary lists, those with '
	'selected dimensions, anonymized records, information maps, geo-tagged information';

CREATE TYPE registry.organization_kind AS ENUM ('government', 'semi_autonomous', 'academic', 'local_ngo', 'donor', 'business');
COMMENT ON TYPE registry.organization_kind IS 'what an organization is, which decides what it may be given, and its price';

CREATE TYPE registry.audience AS ENUM ('public', 'private');
COMMENT ON TYPE registry.audience IS 'whom a summary or map is for: everybody, who gets no cell below a district, or one partner';
