
-- What NADRA answered, by number: loaded, never asked for from here.  No household
-- stands in it, so that nobody limited to an area sees any of it.
CREATE TABLE nser.nadra_record (
	cnic			registry.cnic PRIMARY KEY,
	found			boolean NOT NULL DEFAULT true,
	name			text,
	father_name		text,
	sex				registry.sex,
	birth_date		date,
	alive			boolean,
	alpha_family	text,
	beta_family		text,
	as_of			date NOT NULL,
	load_id			bigint NOT NULL
);
COMMENT ON TABLE nser.nadra_record IS
	'what NADRA answered about numbers, the newest that it said of each: registry.load_nadra() writes it; people''s data';
COMMENT ON COLUMN nser.nadra_record.found IS 'false: NADRA was asked, and knows no such number';
COMMENT ON COLUMN nser.nadra_record.alpha_family IS 'the family one was born into, as NADRA numbers them; NULL unknown';
COMMENT ON COLUMN nser.nadra_record.beta_family IS 'the family one made by marriage; NULL unknown or none';
COMMENT ON COLUMN nser.nadra_record.as_of IS 'the day of the newest answer, in Pakistan; what it did not say is as an older one said';
COMMENT ON COLUMN nser.nadra_record.load_id IS 'the load it came by; what that could not take is in nser.load_error';

CREATE TABLE nser.verification_policy (
	since			date PRIMARY KEY,
	answers_last	interval NOT NULL CHECK (answers_last > interval '0')
);
COMMENT ON TABLE nser.verification_policy IS
	'how long an answer of NADRA is good for before nser.nadra_request asks again, and since when that is the rule; the owner adds rows';
INSERT INTO nser.verification_policy (since, answers_last) VALUES ('2000-01-01', '1 year');

-- What a check of each member against NADRA's answer found.  No values, and no
-- foreign key: a run writes millions of rows, and the area is kept by a trigger.
CREATE TABLE nser.verification (
	household_id	bigint NOT NULL,
	line			smallint NOT NULL,
	verification_no	integer NOT NULL CHECK (verification_no > 0),
	area			registry.area_code NOT NULL,
	version			integer NOT NULL,
	outcome			text NOT NULL CHECK (outcome IN ('verified', 'mismatch', 'not_found', 'no_document')),
	fields			text[] NOT NULL DEFAULT '{}' CHECK (fields <@ '{name,birth_date,sex,alive,alpha,beta}'),
	unknown			text[] NOT NULL DEFAULT '{}' CHECK (unknown <@ '{name,birth_date,sex,alive}'),
	verified_at		timestamptz NOT NULL DEFAULT now(),
	by_case			bigint,
	as_of			date,
	PRIMARY KEY (household_id, line, verification_no),
	CONSTRAINT verification_mismatch_has_fields CHECK ((outcome = 'mismatch') = (fields <> '{}'))
);
COMMENT ON TABLE nser.verification IS
	'verifications of members against NADRA''s answers, with their history: a row where another outcome, or another person, was found, '
	'or a newer answer where that of the last had become too old';
COMMENT ON COLUMN nser.verification.version IS 'the version of the member''s line that was compared';
COMMENT ON COLUMN nser.verification.fields IS 'in what the two differ: name, birth_date, sex, alive, alpha, beta; never the values';
COMMENT ON COLUMN nser.verification.unknown IS 'what could not be compared, as one side does not know it, or writes it in another script';
COMMENT ON COLUMN nser.verification.as_of IS 'the day of the answer; NULL where there was none';

CREATE TRIGGER verification_history BEFORE UPDATE OR DELETE ON nser.verification FOR EACH ROW
	EXECUTE FUNCTION registry.refuse_change('another verification');
CREATE TRIGGER verification_kept BEFORE TRUNCATE ON nser.verification FOR EACH STATEMENT
	EXECUTE FUNCTION registry.refuse_change('another verification');
-- after household_moved_other, which says who may move a household
CREATE TRIGGER household_moved_verified AFTER UPDATE OF area ON nser.household FOR EACH ROW
	WHEN (OLD.area OPERATOR(registry.<>) NEW.area)
	EXECUTE FUNCTION registry.verifications_follow_household();

-- A verification is of a person as described then: of another name, number, sex or
-- date of birth it says nothing.
CREATE VIEW nser.member_verification WITH (security_invoker = true) AS
	SELECT m.household_id, m.line, h.area, m.version, m.document, m.sex, m.opened_by,
		CASE WHEN c.holds THEN v.outcome END AS outcome, CASE WHEN c.holds THEN v.fields END AS fields,
		CASE WHEN c.holds THEN v.unknown END AS unknown, v.verified_at, v.by_case, v.as_of,
		coalesce(c.holds, false) AND registry.is_payable(v.outcome, v.fields) AS is_payable
	FROM nser.household AS h
	JOIN nser.member AS m ON m.household_id = h.household_id AND m.valid_to IS NULL AND m.superseded_at IS NULL
	LEFT JOIN LATERAL (
		-- by key, so that of an area its own alone are read
		SELECT x.household_id, x.line, x.version, x.outcome, x.fields, x.unknown, x.verified_at, x.by_case, x.as_of
		FROM nser.verification AS x
		WHERE x.household_id = m.household_id AND x.line = m.line
		ORDER BY x.verification_no DESC LIMIT 1) AS v ON true
	LEFT JOIN nser.member AS w ON w.household_id = v.household_id AND w.line = v.line AND w.version = v.version
	CROSS JOIN LATERAL (
		SELECT m.name = w.name AND m.cnic::bigint IS NOT DISTINCT FROM w.cnic::bigint AND m.sex IS NOT DISTINCT FROM w.sex
			AND m.birth_date IS NOT DISTINCT FROM w.birth_date AS holds) AS c
	WHERE h.status = 'registered';
COMMENT ON VIEW nser.member_verification IS
	'who lives in registered households, with the last verification; outcome NULL: none yet, or name, number, sex or date of birth changed since';
COMMENT ON COLUMN nser.member_verification.is_payable IS
	'verified, or differing from NADRA in the family tree alone; an answer that is old asks again, and stops no pay: nobody loses it by silence';

-- By who wrote the row the person stands with: the case's operator, else the survey's.
CREATE VIEW nser.verification_count WITH (security_invoker = true) AS
	SELECT registry.ancestor(v.area, 'district') AS district, v.sex, coalesce(c.operator, s.operator) AS operator, v.document,
		count(*) AS members,
		count(*) FILTER (WHERE v.outcome = 'verified') AS verified,
		count(*) FILTER (WHERE v.outcome = 'mismatch') AS mismatch,
		count(*) FILTER (WHERE 'name' = ANY (v.fields)) AS mismatch_name,
		count(*) FILTER (WHERE 'birth_date' = ANY (v.fields)) AS mismatch_birth_date,
		count(*) FILTER (WHERE 'sex' = ANY (v.fields)) AS mismatch_sex,
		count(*) FILTER (WHERE 'alive' = ANY (v.fields)) AS mismatch_alive,
		count(*) FILTER (WHERE 'alpha' = ANY (v.fields)) AS mismatch_alpha,
		count(*) FILTER (WHERE 'beta' = ANY (v.fields)) AS mismatch_beta,
		count(*) FILTER (WHERE v.outcome = 'not_found') AS not_found,
		count(*) FILTER (WHERE v.outcome = 'not_found' AND v.as_of IS NULL) AS unanswered,
		count(*) FILTER (WHERE v.outcome = 'no_document') AS no_document,
		count(*) FILTER (WHERE v.outcome IS NULL) AS not_checked,
		count(*) FILTER (WHERE NOT v.is_payable) AS unpayable
	FROM nser.member_verification AS v
	JOIN nser.household AS h ON h.household_id = v.household_id
	LEFT JOIN nser.survey AS s ON s.household_id = h.household_id AND s.survey_id = h.current_survey
	LEFT JOIN nser.update_case AS c ON c.household_id = v.household_id AND c.case_id = v.opened_by
	GROUP BY 1, 2, 3, 4;
COMMENT ON VIEW nser.verification_count IS
	'members of registered households and what their verification says, by district, sex, operator and document';
COMMENT ON COLUMN nser.verification_count.operator IS
	'of the case that wrote the row the person stands with, else of the current survey; NULL unknown';
COMMENT ON COLUMN nser.verification_count.mismatch IS 'who differs in any field; one who differs in two is in two of the columns after it';
COMMENT ON COLUMN nser.verification_count.unanswered IS 'of not_found: those of whom there is no answer at all';
COMMENT ON COLUMN nser.verification_count.not_checked IS 'no verification yet, or changed since it';

CREATE VIEW nser.nadra_request WITH (security_invoker = true) AS
	SELECT m.cnic, m.document, m.household_id, m.line, m.area, n.as_of AS last_answer,
		CASE WHEN n.cnic IS NULL THEN 'no answer' ELSE 'old answer' END AS reason
	FROM nser.household AS h
	JOIN nser.member AS m ON m.household_id = h.household_id AND m.valid_to IS NULL AND m.superseded_at IS NULL
	LEFT JOIN nser.nadra_record AS n ON n.cnic OPERATOR(registry.=) m.cnic
	WHERE h.status = 'registered' AND m.cnic IS NOT NULL
	AND (n.cnic IS NULL OR n.as_of < (
		SELECT registry.today() - p.answers_last FROM nser.verification_policy AS p
		WHERE p.since <= registry.today() ORDER BY p.since DESC LIMIT 1));
COMMENT ON VIEW nser.nadra_request IS
	'whom to ask NADRA about: members with a number and no answer, or one older than nser.verification_policy lets it be; for the owner, who sees the answers';
