
-- What may be shared with whom is data; what protects people is in rows with dates.
CREATE SCHEMA share;
COMMENT ON SCHEMA share IS 'what partners may use: a view a release, and functions that log';
-- Frozen releases, which only the owner reads; partners by the views over them.
CREATE SCHEMA release;
COMMENT ON SCHEMA release IS 'frozen releases, a table each, which nobody but the owner reads';

CREATE TABLE nser.share_policy (
	valid			daterange NOT NULL CHECK (NOT isempty(valid)),
	k				integer NOT NULL DEFAULT 5 CHECK (k >= 2),
	l				integer NOT NULL DEFAULT 2 CHECK (l >= 1),
	cell_outside	integer NOT NULL DEFAULT 10 CHECK (cell_outside >= 2),
	max_linkage		double precision NOT NULL DEFAULT 0.01 CHECK (max_linkage BETWEEN 0 AND 1),
	max_loss		double precision NOT NULL DEFAULT 0.05 CHECK (max_loss BETWEEN 0 AND 1),
	solve_within	interval NOT NULL DEFAULT '1 minute' CHECK (solve_within > '0'),
	changed_by		name NOT NULL DEFAULT session_user,
	changed_at		timestamptz NOT NULL DEFAULT now(),
	EXCLUDE USING gist (valid WITH &&)
);
INSERT INTO nser.share_policy (valid) VALUES (daterange('2008-01-01', NULL));
COMMENT ON TABLE nser.share_policy IS
	'the thresholds of what is shared, from when until when; no source publishes them: the first row is of EU and UK practice';
COMMENT ON COLUMN nser.share_policy.k IS 'persons and households at least that share every combination of shown values';
COMMENT ON COLUMN nser.share_policy.l IS 'different values at least of a sensitive attribute in each such group';
COMMENT ON COLUMN nser.share_policy.cell_outside IS 'least count that a cell shown to others may have; 0 is below it';
COMMENT ON COLUMN nser.share_policy.max_linkage IS 'share of the records of a release at most that match one of another release uniquely';
COMMENT ON COLUMN nser.share_policy.max_loss IS 'share of the records at most that may be left out to reach k';
COMMENT ON COLUMN nser.share_policy.solve_within IS 'how long what to hide, and an attack on a table, may be computed; a longer one refuses it';

CREATE TABLE nser.dimension (
	dimension		text PRIMARY KEY CHECK (dimension ~ '^[a-z][a-z_]*$'),
	number			integer NOT NULL UNIQUE CHECK (number BETWEEN 1 AND 17),
	name			text NOT NULL,
	locked			boolean NOT NULL,
	priced			boolean NOT NULL
);
INSERT INTO nser.dimension (dimension, number, name, locked, priced) VALUES
	('score', 1, 'poverty score', false, false), ('area', 2, 'area', false, false),
	('household_composition', 3, 'household composition', false, false), ('gender', 4, 'gender', false, false),
	('relationship', 5, 'relationships', false, true), ('age', 6, 'age brackets', false, false),
	('marital_status', 7, 'marital status', false, true), ('disability', 8, 'disability', true, true),
	('employment', 9, 'employment', true, true), ('education', 10, 'education', true, true),
	('rooms', 11, 'rooms', true, true), ('toilet', 12, 'toilet', true, true),
	('electrical', 13, 'electrical equipment', true, true), ('gas_equipment', 14, 'gas equipment', true, true),
	('kitchen', 15, 'kitchen assets', true, true), ('livestock', 16, 'livestock', true, true), ('land', 17, 'land', true, true);
COMMENT ON TABLE nser.dimension IS 'the dimensions of what may be shared, by name, as Annex III numbers them otherwise';
COMMENT ON COLUMN nser.dimension.number IS '1 to 17, as viii is disability';
COMMENT ON COLUMN nser.dimension.locked IS 'viii to xvii: never all of them to one partner and its affiliates';
COMMENT ON COLUMN nser.dimension.priced IS 'whether Annex III counts it in a price';

-- An attribute is a column of nser.household_profile or nser.member_profile, or one of
-- those that registry.share_columns() works out of them.
CREATE TABLE nser.share_attribute (
	attribute		text PRIMARY KEY CHECK (attribute ~ '^[a-z][a-z_0-9]*$'),
	dimension		text REFERENCES nser.dimension,
	unit			text NOT NULL CHECK (unit IN ('household', 'person')),
	sensitive		boolean NOT NULL DEFAULT false,
	reviewed		boolean NOT NULL DEFAULT true
);
COMMENT ON TABLE nser.share_attribute IS 'what can be shared of a household or person, and of which dimension it is';
COMMENT ON COLUMN nser.share_attribute.dimension IS 'NULL: outside the 17, and reviewed singly';
COMMENT ON COLUMN nser.share_attribute.unit IS 'what it is of: household or person';
COMMENT ON COLUMN nser.share_attribute.sensitive IS 'must have l different values in each group: disability, chronic disease';
COMMENT ON COLUMN nser.share_attribute.reviewed IS 'whether it may be asked for without a review of its own';
INSERT INTO nser.share_attribute (attribute, dimension, unit, sensitive, reviewed)
	SELECT c.name, nullif(c.dimension, 'outside_17'), 'household', c.name IN ('disabled_members', 'chronically_ill_members'), c.dimension <> 'outside_17'
	FROM registry.codebook() AS c
	WHERE c.name NOT LIKE 'reserved%' AND c.name <> 'province';
INSERT INTO nser.share_attribute (attribute, dimension, unit, sensitive) VALUES
	('score_band', 'score', 'household', false), ('score', 'score', 'household', false),
	('household_size', 'household_composition', 'household', false),
	('area', 'area', 'household', false), ('land_band', 'land', 'household', false),
	('sex', 'gender', 'person', false), ('age_group', 'age', 'person', false), ('relationship', 'relationship', 'person', false),
	('marital_status', 'marital_status', 'person', false), ('disabled', 'disability', 'person', true),
	('chronically_ill', 'disability', 'person', true), ('employment', 'employment', 'person', false),
	('literate', 'education', 'person', false), ('attending_school', 'education', 'person', false)
	ON CONFLICT (attribute) DO NOTHING;

-- What a category shows, and to whom.  What the Operations Manual leaves open is as narrow
-- as it can be: a state's body is a government's, whom it does not name gets nothing.
CREATE TABLE nser.share_category (
	category		registry.share_category PRIMARY KEY,
	number			integer NOT NULL UNIQUE CHECK (number BETWEEN 1 AND 8),
	name			text NOT NULL,
	content			text NOT NULL CHECK (content IN ('cells', 'service', 'list', 'records')),
	kinds			registry.organization_kind[] NOT NULL,
	implementers	boolean NOT NULL DEFAULT false,
	is_public		boolean NOT NULL DEFAULT false,
	approved_by		text NOT NULL DEFAULT 'secretary' CHECK (approved_by IN ('committee', 'secretary')),
	finest_private	registry.area_level NOT NULL,
	finest_public	registry.area_level NOT NULL DEFAULT 'country' CHECK (finest_public <= 'district'),
	dimensions		text[],
	max_attributes	integer CHECK (max_attributes >= 0),
	max_locked		integer NOT NULL DEFAULT 3 CHECK (max_locked >= 0),
	exact_score		boolean NOT NULL DEFAULT false,
	may_have_cnic	boolean NOT NULL DEFAULT false,
	may_have_household boolean NOT NULL DEFAULT false,
	needs_programme	boolean NOT NULL DEFAULT false,
	price_rule		text NOT NULL CHECK (price_rule IN ('formula', 'case_by_case', 'free')),
	CONSTRAINT share_category_numbers CHECK (content = 'list' OR NOT may_have_cnic),
	CONSTRAINT share_category_households CHECK (content = 'records' OR NOT may_have_household),
	CONSTRAINT share_category_cells CHECK (content <> 'cells' OR coalesce(max_attributes <= 3, false)),
	CONSTRAINT share_category_public CHECK (content = 'cells' OR NOT is_public),
	-- of records and cells the score is in bands
	CONSTRAINT share_category_score CHECK (content IN ('list', 'service') OR NOT exact_score)
);
INSERT INTO nser.share_category (category, number, name, content, kinds, implementers, is_public, approved_by, finest_private, finest_public,
		dimensions, max_attributes, exact_score, may_have_cnic, may_have_household, needs_programme, price_rule) VALUES
	('summary', 1, 'information summaries', 'cells', '{government,semi_autonomous,academic,local_ngo,donor}', false, true, 'secretary', 'village', 'district',
		NULL, 3, false, false, false, false, 'case_by_case'),
	('custom_analysis', 2, 'custom analysis', 'cells', '{government,semi_autonomous,academic,local_ngo,donor}', false, false, 'secretary', 'village', 'country',
		NULL, 3, false, false, false, false, 'case_by_case'),
	('score', 3, 'poverty score against a CNIC', 'service', '{government,semi_autonomous,local_ngo}', true, false, 'committee', 'village', 'country',
		'{score}', 1, true, false, false, false, 'formula'),
	('beneficiary_list', 4, 'beneficiary lists', 'list', '{government,semi_autonomous}', true, false, 'secretary', 'village', 'country',
		'{}', 0, false, true, false, true, 'formula'),
	('beneficiary_dimensions', 5, 'beneficiary lists with selected dimensions', 'list', '{government,semi_autonomous}', true, false, 'secretary', 'village', 'country',
		NULL, NULL, true, true, false, true, 'formula'),
	('anonymized', 6, 'anonymized records', 'records', '{government,semi_autonomous,academic,local_ngo}', true, false, 'secretary', 'tehsil', 'country',
		NULL, NULL, false, false, true, false, 'formula'),
	('map', 7, 'information maps', 'cells', '{government,semi_autonomous,academic,local_ngo}', true, true, 'secretary', 'village', 'district',
		NULL, 3, false, false, false, false, 'case_by_case'),
	('geo_tagged', 8, 'geo-tagged information', 'records', '{government,semi_autonomous,academic,local_ngo}', true, false, 'secretary', 'tehsil', 'country',
		NULL, NULL, false, false, true, false, 'formula');
COMMENT ON TABLE nser.share_category IS 'the eight categories: what each may show, to whom, by whose approval, and how it is priced; a category without a row is not shared';
COMMENT ON COLUMN nser.share_category.number IS 'i to viii';
COMMENT ON COLUMN nser.share_category.content IS 'cells: counts; service: answers about one number; list: people by name; records: people without names';
COMMENT ON COLUMN nser.share_category.kinds IS 'who may have it; implementers: and who implements a programme; is_public: and everybody, of the public kind';
COMMENT ON COLUMN nser.share_category.approved_by IS 'secretary, after the committee recommends it; or the committee alone, once';
COMMENT ON COLUMN nser.share_category.finest_private IS 'the finest areas shown to a partner; of lists, which have addresses, asked for';
COMMENT ON COLUMN nser.share_category.finest_public IS 'the finest areas shown to everybody';
COMMENT ON COLUMN nser.share_category.dimensions IS 'of which dimensions attributes may be asked for; NULL: all, and those outside the 17 once reviewed';
COMMENT ON COLUMN nser.share_category.max_attributes IS 'attributes at most; NULL: any number';
COMMENT ON COLUMN nser.share_category.max_locked IS 'locked dimensions at most with an exact score';
COMMENT ON COLUMN nser.share_category.exact_score IS 'whether the score may be exact; elsewhere it is in bands';
COMMENT ON COLUMN nser.share_category.may_have_cnic IS 'whether identity numbers may be asked for; may_have_household: whether households can be told apart';
COMMENT ON COLUMN nser.share_category.needs_programme IS 'whether it is of a programme''s beneficiaries';
COMMENT ON COLUMN nser.share_category.price_rule IS 'formula: registry.price(); case_by_case: as the unit judges; free';

CREATE TABLE nser.gratis_ground (
	ground			text PRIMARY KEY CHECK (ground ~ '^[a-z][a-z_]*$'),
	name			text NOT NULL,
	kinds			registry.organization_kind[] NOT NULL,
	implementers	boolean NOT NULL DEFAULT false
);
INSERT INTO nser.gratis_ground (ground, name, kinds, implementers) VALUES
	('research', 'research whose findings are shared', '{government,semi_autonomous,academic,local_ngo,donor}', false),
	('beneficiaries', 'with BISP, or for its beneficiaries', '{government,semi_autonomous,local_ngo,donor}', true),
	('non_profit', 'an organization without profit', '{academic,local_ngo,donor}', false),
	('marginalized', 'government for the marginalized', '{government}', false);
COMMENT ON TABLE nser.gratis_ground IS 'why data may be free, and for whom';
COMMENT ON COLUMN nser.gratis_ground.kinds IS 'whose ground it can be; implementers: and that of who implements a programme';

CREATE TABLE nser.share_rate (
	kind			registry.organization_kind NOT NULL,
	valid_from		date NOT NULL CHECK (isfinite(valid_from)),
	per_household	numeric(10, 2) NOT NULL CHECK (per_household >= 0),
	dimension_share	numeric(5, 4) NOT NULL DEFAULT 0.15 CHECK (dimension_share >= 0),
	PRIMARY KEY (kind, valid_from)
);
INSERT INTO nser.share_rate (kind, valid_from, per_household) VALUES
	('government', '2008-01-01', 3), ('semi_autonomous', '2008-01-01', 5), ('academic', '2008-01-01', 20),
	('local_ngo', '2008-01-01', 25), ('donor', '2008-01-01', 50), ('business', '2008-01-01', 100);
COMMENT ON TABLE nser.share_rate IS 'rates of Annex II, from a day until the next of that kind';
COMMENT ON COLUMN nser.share_rate.per_household IS 'rupees a household; dimension_share: of that, for each dimension that is priced';

-- Rows with dates tell the rule of a day; this tells what was written when, and by whom.
CREATE TABLE nser.share_change (
	change_id		bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	relation		name NOT NULL,
	before			jsonb,
	after			jsonb,
	changed_by		name NOT NULL DEFAULT session_user,
	changed_at		timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE nser.share_change IS 'every change of the rules of sharing, of its organizations and of who has which duty; rows that came with the store apart';
COMMENT ON COLUMN nser.share_change.before IS 'the row as it was; NULL: it was added';
COMMENT ON COLUMN nser.share_change.after IS 'the row as it is since; NULL: it was deleted';
CREATE TRIGGER share_change_signed BEFORE INSERT ON nser.share_change FOR EACH ROW EXECUTE FUNCTION registry.sign_share_change();
CREATE TRIGGER share_change_history BEFORE UPDATE OR DELETE ON nser.share_change FOR EACH ROW EXECUTE FUNCTION registry.refuse_rewrite('another change');
CREATE TRIGGER share_change_kept BEFORE TRUNCATE ON nser.share_change FOR EACH STATEMENT EXECUTE FUNCTION registry.refuse_rewrite('another change');

CREATE TRIGGER share_policy_signed BEFORE INSERT OR UPDATE ON nser.share_policy FOR EACH ROW EXECUTE FUNCTION registry.sign_share_change();
CREATE TRIGGER share_policy_changed AFTER INSERT OR UPDATE OR DELETE ON nser.share_policy FOR EACH ROW EXECUTE FUNCTION registry.record_share_change();
CREATE TRIGGER share_policy_kept BEFORE TRUNCATE ON nser.share_policy FOR EACH STATEMENT EXECUTE FUNCTION registry.refuse_rewrite('rows that are deleted');
CREATE TRIGGER dimension_changed AFTER INSERT OR UPDATE OR DELETE ON nser.dimension FOR EACH ROW EXECUTE FUNCTION registry.record_share_change();
CREATE TRIGGER dimension_kept BEFORE TRUNCATE ON nser.dimension FOR EACH STATEMENT EXECUTE FUNCTION registry.refuse_rewrite('rows that are deleted');
CREATE TRIGGER share_attribute_changed AFTER INSERT OR UPDATE OR DELETE ON nser.share_attribute FOR EACH ROW EXECUTE FUNCTION registry.record_share_change();
CREATE TRIGGER share_attribute_kept BEFORE TRUNCATE ON nser.share_attribute FOR EACH STATEMENT EXECUTE FUNCTION registry.refuse_rewrite('rows that are deleted');
CREATE TRIGGER share_category_changed AFTER INSERT OR UPDATE OR DELETE ON nser.share_category FOR EACH ROW EXECUTE FUNCTION registry.record_share_change();
CREATE TRIGGER share_category_kept BEFORE TRUNCATE ON nser.share_category FOR EACH STATEMENT EXECUTE FUNCTION registry.refuse_rewrite('rows that are deleted');
CREATE TRIGGER gratis_ground_changed AFTER INSERT OR UPDATE OR DELETE ON nser.gratis_ground FOR EACH ROW EXECUTE FUNCTION registry.record_share_change();
CREATE TRIGGER gratis_ground_kept BEFORE TRUNCATE ON nser.gratis_ground FOR EACH STATEMENT EXECUTE FUNCTION registry.refuse_rewrite('rows that are deleted');
CREATE TRIGGER share_rate_changed AFTER INSERT OR UPDATE OR DELETE ON nser.share_rate FOR EACH ROW EXECUTE FUNCTION registry.record_share_change();
CREATE TRIGGER share_rate_kept BEFORE TRUNCATE ON nser.share_rate FOR EACH STATEMENT EXECUTE FUNCTION registry.refuse_rewrite('rows that are deleted');
