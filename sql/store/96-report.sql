
-- What can be printed.  The views stand with their subjects, and bring their rows.
CREATE TABLE nser.report (
	name		text PRIMARY KEY CHECK (name ~ '^[a-z][a-z0-9_]*$'),
	subject		text NOT NULL CHECK (subject ~ '[^[:space:]]'),
	title		text NOT NULL CHECK (title ~ '[^[:space:]]'),
	meaning		text NOT NULL CHECK (meaning ~ '[^[:space:]]'),
	relation	text NOT NULL,
	sorted_by	text[] NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE nser.report IS 'reports: registry.report_query() and registry-report print them; the owner adds his own by a view and a row';
COMMENT ON COLUMN nser.report.subject IS 'what reports are listed under: themes, quality, monitoring';
COMMENT ON COLUMN nser.report.meaning IS 'what is counted, of whom, and what NULL stands for';
COMMENT ON COLUMN nser.report.relation IS 'the view, with its schema; columns area (registry.area_code), level and day (a date) are what a reader narrows it by';
COMMENT ON COLUMN nser.report.sorted_by IS 'columns, with - in front where the greatest comes first';
CREATE TRIGGER report_checked BEFORE INSERT OR UPDATE ON nser.report FOR EACH ROW
	EXECUTE FUNCTION registry.check_report();
