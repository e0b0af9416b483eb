/*
 * profile.h
 *		What the parts of a district's profile share.
 */
#ifndef REGISTRY_PROFILE_H
#define REGISTRY_PROFILE_H

#include "report.h"

#include "pqexpbuffer.h"

/* A row of a chart: percentages as the server wrote them, NULL where hidden. */
typedef struct Bar
{
	const char *label;
	const char *label_urdu;
	const char *district;
	const char *province;
	const char *nation;
} Bar;

/* The district, and the results that its page is made of. */
typedef struct Profile
{
	const char *code;
	const char *name;
	const char *division;		/* NULL where not known */
	const char *province_code;
	const char *province;
	PGresult   *place;			/* holds the above */
	PGresult   *totals;			/* unit, count, counted_on */
	PGresult   *sections;		/* share.profile_sections() */
	PGresult   *districts;		/* share.profile_districts() */
	PGresult   *areas;			/* outlines of the country and the province's districts */
} Profile;

/* profile_page.c: text of a page; all that comes from the server goes through append_text(). */
extern void append_text(PQExpBuffer page, const char *text);
extern void append_both(PQExpBuffer page, const char *english, const char *urdu);
extern void append_count(PQExpBuffer page, const char *digits);
extern void append_day(PQExpBuffer page, const char *day);
extern void append_column(PQExpBuffer page, const char *english, const char *urdu);
extern void append_cell(PQExpBuffer page, const char *value, bool is_percent);
extern void begin_section(PQExpBuffer page, const char *english, const char *urdu);
extern void begin_article(PQExpBuffer page, const char *english, const char *urdu);
extern void begin_district(PQExpBuffer page, const PGresult *districts, int row);
extern void append_head(PQExpBuffer page, const Profile *profile);
extern void append_formulas(PQExpBuffer page, const Profile *profile);
extern void append_foot(PQExpBuffer page);

/* profile_section.c */
extern ExitCode append_sections(PQExpBuffer page, const Profile *profile, const char *unit);
extern void append_figures(PQExpBuffer page, const Profile *profile);
extern void append_extremes(PQExpBuffer page, const Profile *profile);
extern void append_missing(PQExpBuffer page, const Profile *profile);

/* profile_map.c */
extern void append_maps(PQExpBuffer page, const Profile *profile);

/* chart.c: a chart by gnuplot, as SVG within a page. */
extern ExitCode append_chart(PQExpBuffer page, const char *id, const char *title, const Bar *bars, int count);

/* chart_inline.c: what gnuplot wrote, or false where it is not what is expected of it. */
extern bool append_inline(PQExpBuffer page, const char *id, const char *title, const char *svg);

/* A value of a result, NULL where it is. */
static inline const char *
value_of(const PGresult *result, int row, const char *column)
{
	int			no = PQfnumber(result, column);

	return no < 0 || PQgetisnull(result, row, no) ? NULL : PQgetvalue(result, row, no);
}

#endif							/* REGISTRY_PROFILE_H */
