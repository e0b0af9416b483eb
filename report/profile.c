/*
 * profile.c
 *		Writes one page of a district, made of what is public and nothing else.
 *
 * All of it is read from share.public_cell and share.public_area, in one
 * transaction, so that no two numbers of a page are of different moments.  The page
 * takes its name when it is whole.
 */
#include "profile.h"

#define FIND_DISTRICT \
	"SELECT d.code, d.name, d.division, p.code AS province_code, coalesce(p.name, p.code::text) AS province" \
	" FROM share.public_area AS d" \
	" JOIN share.public_area AS p ON p.level = 'province' AND p.code OPERATOR(registry.=) registry.ancestor(d.code, 'province')" \
	" WHERE d.level = 'district' AND (d.code::text = upper($1) OR lower(d.name) = lower($1))" \
	" ORDER BY d.code"

#define READ_TOTALS \
	"SELECT DISTINCT ON (c.unit) c.unit, c.count, c.is_hidden, c.counted_on" \
	" FROM share.public_cell AS c" \
	" WHERE c.area OPERATOR(registry.=) $1::registry.area_code AND c.level = 'district' AND c.attributes = '{}' AND c.limited_to IS NULL" \
	" ORDER BY c.unit DESC, c.snapshot DESC"

#define READ_SECTIONS \
	"SELECT s.* FROM share.profile_sections($1::registry.area_code) AS s ORDER BY s.no, s.row_no"

#define READ_DISTRICTS \
	"SELECT d.*, d.area OPERATOR(registry.=) $1::registry.area_code AS is_this," \
	" d.area OPERATOR(registry.<@) registry.ancestor($1::registry.area_code, 'province') AS is_near," \
	" count(d.percent) FILTER (WHERE d.area OPERATOR(registry.<@) registry.ancestor($1::registry.area_code, 'province')) OVER (PARTITION BY d.no) AS near_shown" \
	" FROM share.profile_districts() AS d ORDER BY d.no, coalesce(d.name, d.area::text), d.area"

#define READ_AREAS \
	"SELECT a.code, a.level, a.name, a.is_approximate, a.outline, a.view_box, a.code OPERATOR(registry.=) $1::registry.area_code AS is_this" \
	" FROM share.public_area AS a" \
	" WHERE a.level = 'country' OR a.code OPERATOR(registry.<@) registry.ancestor($1::registry.area_code, 'province')" \
	" ORDER BY a.level, a.code OPERATOR(registry.=) $1::registry.area_code, a.code"

static ExitCode
refused(PGconn *conn, const PGresult *result)
{
	const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
	ExitCode	code = report_failure(conn, result, "cannot read what is public");

	if (state == NULL)
		return code;
	if (strcmp(state, "42501") == 0)
		pg_log_error_hint("The owner of the store lets a role read what is public: SELECT registry.grant_public('role').");
	else if (strcmp(state, "3F000") == 0 || strcmp(state, "42P01") == 0 || strcmp(state, "42883") == 0 || strcmp(state, "42704") == 0)
	{
		pg_log_error_hint("The database has no share.public_cell: CALL registry.upgrade_store() makes it.");
		return EXIT_WRONG_SERVER;
	}
	return code;
}

static ExitCode
read_result(PGconn *conn, const char *query, const char *parameter, PGresult **result)
{
	*result = PQexecParams(conn, query, 1, NULL, &parameter, NULL, NULL, 0);
	return PQresultStatus(*result) == PGRES_TUPLES_OK ? EXIT_DONE : refused(conn, *result);
}

static ExitCode
find_district(PGconn *conn, const char *district, Profile *profile)
{
	ExitCode	code = read_result(conn, FIND_DISTRICT, district, &profile->place);

	if (code != EXIT_DONE)
		return code;
	if (PQntuples(profile->place) == 0)
	{
		pg_log_error("no district has the code or name \"%s\"", district);
		pg_log_error_hint("A district is named as PK703, or Dadu.");
		return EXIT_USAGE;
	}
	if (PQntuples(profile->place) > 1)
	{
		pg_log_error("several districts have the name \"%s\"", district);
		for (int row = 0; row < PQntuples(profile->place); row++)
			pg_log_error_hint("One is %s.", value_of(profile->place, row, "code"));
		return EXIT_USAGE;
	}
	profile->code = value_of(profile->place, 0, "code");
	profile->name = value_of(profile->place, 0, "name");
	if (profile->name == NULL)
		profile->name = profile->code;
	profile->division = value_of(profile->place, 0, "division");
	profile->province_code = value_of(profile->place, 0, "province_code");
	profile->province = value_of(profile->place, 0, "province");
	return EXIT_DONE;
}

static ExitCode
read_profile(PGconn *conn, const char *district, Profile *profile)
{
	ExitCode	code = begin_reading(conn, "cannot read what is public");

	if (code == EXIT_DONE)
		code = find_district(conn, district, profile);
	if (code == EXIT_DONE)
		code = read_result(conn, READ_TOTALS, profile->code, &profile->totals);
	if (code == EXIT_DONE)
		code = read_result(conn, READ_SECTIONS, profile->code, &profile->sections);
	if (code == EXIT_DONE)
		code = read_result(conn, READ_DISTRICTS, profile->code, &profile->districts);
	if (code == EXIT_DONE)
		code = read_result(conn, READ_AREAS, profile->code, &profile->areas);
	PQclear(PQexec(conn, "ROLLBACK"));
	return code;
}

static ExitCode
make_page(PQExpBuffer page, const Profile *profile)
{
	ExitCode	code;

	append_head(page, profile);
	append_figures(page, profile);
	append_formulas(page, profile);
	append_maps(page, profile);
	code = append_sections(page, profile, "person");
	if (code == EXIT_DONE)
		code = append_sections(page, profile, "household");
	if (code != EXIT_DONE)
		return code;
	append_extremes(page, profile);
	append_missing(page, profile);
	append_foot(page);
	if (PQExpBufferBroken(page))
	{
		pg_log_error("out of memory");
		return EXIT_FILE;
	}
	return EXIT_DONE;
}

ExitCode
write_profile(PGconn *conn, const char *district, const Options *options)
{
	Profile		profile = {0};
	PQExpBufferData page;
	char		name[MAXPGPATH];
	Options		named = *options;
	Output		output = {0};
	ExitCode	code = read_profile(conn, district, &profile);

	initPQExpBuffer(&page);
	if (code == EXIT_DONE)
		code = make_page(&page, &profile);
	if (code == EXIT_DONE && named.output == NULL)
	{
		snprintf(name, sizeof(name), "registry-profile-%s.html", profile.code);
		named.output = name;
	}
	if (code == EXIT_DONE)
		code = open_output(&output, &named);
	if (code == EXIT_DONE)
	{
		fwrite(page.data, 1, page.len, output.file);
		code = close_output(&output, code);
	}
	if (code == EXIT_DONE && !options->quiet)
	{
		Output		said = {.file = stdout, .name = "standard output"};

		printf("%s\n", named.output);
		code = close_output(&said, code);
	}
	termPQExpBuffer(&page);
	PQclear(profile.place);
	PQclear(profile.totals);
	PQclear(profile.sections);
	PQclear(profile.districts);
	PQclear(profile.areas);
	return code;
}
