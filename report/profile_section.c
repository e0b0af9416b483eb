/*
 * profile_section.c
 *		Figures, charts with their tables, the highest and lowest districts, and what is missing.
 *
 * Every chart has a table of the same numbers beneath it, for who reads by ear, on
 * paper, or wants the number.
 */
#include "profile.h"

#define MOST_ROWS 40
#define LISTED 5

/* A section's rows are together; one without a label says that nothing is public. */
static int
section_end(const PGresult *sections, int first)
{
	int			row = first;

	while (row < PQntuples(sections) && strcmp(value_of(sections, row, "no"), value_of(sections, first, "no")) == 0)
		row++;
	return row;
}

static void
append_table(PQExpBuffer page, const PGresult *sections, int first, int end)
{
	appendPQExpBufferStr(page, "<table>\n<caption>");
	append_both(page, strcmp(value_of(sections, first, "unit"), "person") == 0 ? "Persons, and percentages" : "Households, and percentages",
				strcmp(value_of(sections, first, "unit"), "person") == 0 ? "افراد اور فیصد" : "گھرانے اور فیصد");
	append_day(page, value_of(sections, first, "counted_on"));
	appendPQExpBufferStr(page, "</caption>\n<thead><tr>");
	append_column(page, "Which", "تفصیل");
	append_column(page, "Count", "تعداد");
	append_column(page, "District %", "ضلع %");
	append_column(page, "Province %", "صوبہ %");
	append_column(page, "Pakistan %", "پاکستان %");
	appendPQExpBufferStr(page, "</tr></thead>\n<tbody>\n");
	for (int row = first; row < end; row++)
	{
		appendPQExpBufferStr(page, "<tr><th scope=\"row\">");
		append_both(page, value_of(sections, row, "label"), value_of(sections, row, "label_urdu"));
		appendPQExpBufferStr(page, "</th>");
		append_cell(page, value_of(sections, row, "count"), false);
		append_cell(page, value_of(sections, row, "percent"), true);
		append_cell(page, value_of(sections, row, "province_percent"), true);
		append_cell(page, value_of(sections, row, "nation_percent"), true);
		appendPQExpBufferStr(page, "</tr>\n");
	}
	appendPQExpBufferStr(page, "</tbody>\n</table>\n");
}

static ExitCode
append_section(PQExpBuffer page, const PGresult *sections, int first, int end)
{
	Bar			bars[MOST_ROWS];
	char		id[NAMEDATALEN];
	int			count = Min(end - first, MOST_ROWS);
	ExitCode	code;

	snprintf(id, sizeof(id), "chart%s", value_of(sections, first, "no"));
	for (int i = 0; i < count; i++)
	{
		bars[i].label = value_of(sections, first + i, "label");
		bars[i].label_urdu = value_of(sections, first + i, "label_urdu");
		bars[i].district = value_of(sections, first + i, "percent");
		bars[i].province = value_of(sections, first + i, "province_percent");
		bars[i].nation = value_of(sections, first + i, "nation_percent");
	}
	begin_article(page, value_of(sections, first, "english"), value_of(sections, first, "urdu"));
	code = append_chart(page, id, value_of(sections, first, "english"), bars, count);
	append_table(page, sections, first, end);
	appendPQExpBufferStr(page, "</article>\n");
	return code;
}

ExitCode
append_sections(PQExpBuffer page, const Profile *profile, const char *unit)
{
	const PGresult *sections = profile->sections;
	bool		persons = strcmp(unit, "person") == 0;
	bool		any = false;

	for (int first = 0, end; first < PQntuples(sections); first = end)
	{
		ExitCode	code;

		end = section_end(sections, first);
		if (strcmp(value_of(sections, first, "unit"), unit) != 0 || value_of(sections, first, "label") == NULL)
			continue;
		if (!any)
		{
			begin_section(page, persons ? "People" : "Households", persons ? "افراد" : "گھرانے");
			appendPQExpBufferStr(page, "<div class=\"grid\">\n");
			any = true;
		}
		code = append_section(page, sections, first, end);
		if (code != EXIT_DONE)
			return code;
	}
	if (any)
		appendPQExpBufferStr(page, "</div>\n</section>\n");
	return EXIT_DONE;
}

static void
append_figure(PQExpBuffer page, const char *english, const char *urdu, const char *value, bool is_percent, const char *of_all, const char *day)
{
	appendPQExpBufferStr(page, "<li><span class=\"both\">");
	append_both(page, english, urdu);
	append_day(page, day);
	appendPQExpBufferStr(page, "</span><strong>");
	if (value == NULL)
		append_both(page, "hidden", "پوشیدہ");
	else if (is_percent)
	{
		append_text(page, value);
		appendPQExpBufferStr(page, " %");
	}
	else
		append_count(page, value);
	if (value != NULL && of_all != NULL)
	{
		appendPQExpBufferStr(page, " <small>of ");
		append_count(page, of_all);
		appendPQExpBufferStr(page, "</small>");
	}
	appendPQExpBufferStr(page, "</strong></li>\n");
}

void
append_figures(PQExpBuffer page, const Profile *profile)
{
	begin_section(page, "At a glance", "ایک نظر میں");
	appendPQExpBufferStr(page, "<ul class=\"figures\">\n");
	for (int row = 0; row < PQntuples(profile->totals); row++)
	{
		bool		persons = strcmp(value_of(profile->totals, row, "unit"), "person") == 0;

		append_figure(page, persons ? "People registered" : "Households registered", persons ? "رجسٹرڈ افراد" : "رجسٹرڈ گھرانے",
					  value_of(profile->totals, row, "count"), false, NULL, NULL);
	}
	for (int row = 0; row < PQntuples(profile->districts); row++)
		if (strcmp(value_of(profile->districts, row, "is_this"), "t") == 0)
			append_figure(page, value_of(profile->districts, row, "english"), value_of(profile->districts, row, "urdu"),
						  value_of(profile->districts, row, "percent"), true, value_of(profile->districts, row, "of_all"),
						  value_of(profile->districts, row, "counted_on"));
	appendPQExpBufferStr(page, "</ul>\n</section>\n");
}

/* The row of an indicator that has a place, from the highest or the lowest. */
static int
find_place(const PGresult *districts, int first, int end, const char *order, int place)
{
	for (int row = first; row < end; row++)
		if (value_of(districts, row, order) != NULL && atoi(value_of(districts, row, order)) == place)
			return row;
	return -1;
}

static void
append_list(PQExpBuffer page, const PGresult *districts, int first, int end, const char *order, int length)
{
	bool		highest = strcmp(order, "highest") == 0;

	appendPQExpBufferStr(page, "<tbody>\n<tr class=\"part\"><th scope=\"rowgroup\" colspan=\"2\">");
	append_both(page, highest ? "Highest" : "Lowest", highest ? "سب سے زیادہ" : "سب سے کم");
	appendPQExpBufferStr(page, "</th></tr>\n");
	for (int place = 1; place <= length; place++)
	{
		int			row = find_place(districts, first, end, order, place);

		if (row < 0)
			continue;
		begin_district(page, districts, row);
		append_cell(page, value_of(districts, row, "percent"), true);
		appendPQExpBufferStr(page, "</tr>\n");
	}
	appendPQExpBufferStr(page, "</tbody>\n");
}

/* Districts whose count is hidden have no place; too few are not ranked. */
void
append_extremes(PQExpBuffer page, const Profile *profile)
{
	const PGresult *districts = profile->districts;
	bool		any = false;

	for (int first = 0, end; first < PQntuples(districts); first = end)
	{
		int			shown = atoi(value_of(districts, first, "shown"));
		int			length = Min(LISTED, shown / 2);

		end = section_end(districts, first);
		if (length == 0)
			continue;
		if (!any)
		{
			begin_section(page, "Among Pakistan's districts", "پاکستان کے اضلاع میں");
			appendPQExpBufferStr(page, "<div class=\"grid\">\n");
			any = true;
		}
		begin_article(page, value_of(districts, first, "english"), value_of(districts, first, "urdu"));
		appendPQExpBuffer(page, "<table>\n<caption><span lang=\"en\">%s districts whose counts are shown</span> "
						  "<span lang=\"ur\" dir=\"rtl\">اضلاع: %s</span>",
						  value_of(districts, first, "shown"), value_of(districts, first, "shown"));
		append_day(page, value_of(districts, first, "counted_on"));
		appendPQExpBufferStr(page, "</caption>\n<thead><tr>");
		append_column(page, "District", "ضلع");
		appendPQExpBufferStr(page, "<th scope=\"col\">%</th></tr></thead>\n");
		append_list(page, districts, first, end, "highest", length);
		append_list(page, districts, first, end, "lowest", length);
		appendPQExpBufferStr(page, "</table>\n</article>\n");
	}
	if (any)
		appendPQExpBufferStr(page, "</div>\n</section>\n");
}

void
append_missing(PQExpBuffer page, const Profile *profile)
{
	const PGresult *sections = profile->sections;
	bool		any = false;

	for (int row = 0; row < PQntuples(sections); row++)
	{
		if (value_of(sections, row, "label") != NULL)
			continue;
		if (!any)
		{
			begin_section(page, "Not released to the public for this district", "جو اس ضلع کے لیے عوام کو جاری نہیں کیا گیا");
			appendPQExpBufferStr(page, "<ul>\n");
			any = true;
		}
		appendPQExpBufferStr(page, "<li class=\"both\">");
		append_both(page, value_of(sections, row, "english"), value_of(sections, row, "urdu"));
		appendPQExpBufferStr(page, "</li>\n");
	}
	if (any)
		appendPQExpBufferStr(page, "</ul>\n</section>\n");
}
