
-- A household's own row says what it is; whoever changes it, what it was is kept.
CREATE TRIGGER household_state_first BEFORE INSERT ON nser.household_state FOR EACH ROW
	EXECUTE FUNCTION registry.begin_household_state();
CREATE TRIGGER household_state_history BEFORE UPDATE OR DELETE ON nser.household_state FOR EACH ROW
	EXECUTE FUNCTION registry.refuse_change('a change of the household');
CREATE TRIGGER household_state_all_kept BEFORE TRUNCATE ON nser.household_state FOR EACH STATEMENT
	EXECUTE FUNCTION registry.refuse_change('a change of the household');
CREATE TRIGGER household_state_kept AFTER UPDATE ON nser.household FOR EACH ROW
	WHEN (OLD.status <> NEW.status OR OLD.area OPERATOR(registry.<>) NEW.area OR OLD.address IS DISTINCT FROM NEW.address
		  OR OLD.phone::bigint IS DISTINCT FROM NEW.phone::bigint OR OLD.place::text IS DISTINCT FROM NEW.place::text)
	EXECUTE FUNCTION registry.keep_household_state();
