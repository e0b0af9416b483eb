/*
 * profile_map.c
 *		Where the district is, and the districts of its province shaded by an indicator.
 *
 * Outlines come as path data of SVG in one projection for all, and are looked at
 * before they are written.  What is shaded is the indicator of which most districts
 * of the province are shown; hidden ones are hatched, and a table has the numbers.
 */
#include "profile.h"

#define SHADES 4

static const char *const shade[SHADES] = {"#e3efe9", "#a3cfbe", "#4f9c84", "#1b5b4c"};

typedef struct Box
{
	double		left;
	double		top;
	double		width;
	double		height;
} Box;

static bool
is_outline(const char *text)
{
	return text != NULL && text[strspn(text, "MmLlHhVvZz0123456789 ,.-")] == '\0';
}

static bool
read_box(const char *text, Box *box)
{
	return text != NULL && sscanf(text, "%lf %lf %lf %lf", &box->left, &box->top, &box->width, &box->height) == 4 && box->width > 0 && box->height > 0;
}

static void
begin_map(PQExpBuffer page, Box box, const char *title)
{
	/* a margin for outlines that are drawn with a thick pen */
	box.left -= box.width / 40;
	box.top -= box.height / 40;
	appendPQExpBuffer(page, "<svg class=\"map\" role=\"img\" viewBox=\"%.0f %.0f %.0f %.0f\" aria-label=\"",
					  box.left, box.top, box.width * 1.05, box.height * 1.05);
	append_text(page, title);
	appendPQExpBufferStr(page, "\"><title>");
	append_text(page, title);
	appendPQExpBufferStr(page, "</title>\n");
}

static void
append_path(PQExpBuffer page, const char *outline, const char *fill, const char *stroke, const char *width, const char *title)
{
	appendPQExpBuffer(page, "<path d=\"%s\" fill=\"%s\" fill-rule=\"evenodd\" stroke=\"%s\" stroke-width=\"%s\" stroke-linejoin=\"round\" vector-effect=\"non-scaling-stroke\">",
					  outline, fill, stroke, width);
	if (title != NULL)
	{
		appendPQExpBufferStr(page, "<title>");
		append_text(page, title);
		appendPQExpBufferStr(page, "</title>");
	}
	appendPQExpBufferStr(page, "</path>\n");
}

static int
find_area(const PGresult *areas, const char *column, const char *value)
{
	for (int row = 0; row < PQntuples(areas); row++)
		if (strcmp(value_of(areas, row, column), value) == 0 && is_outline(value_of(areas, row, "outline")))
			return row;
	return -1;
}

static void
append_locator(PQExpBuffer page, const Profile *profile)
{
	int			country = find_area(profile->areas, "level", "country");
	int			province = find_area(profile->areas, "level", "province");
	int			district = find_area(profile->areas, "is_this", "t");
	Box			box;
	Box			here;
	char	   *title;

	if (country < 0 || district < 0 || !read_box(value_of(profile->areas, country, "view_box"), &box) || !read_box(value_of(profile->areas, district, "view_box"), &here))
		return;
	title = psprintf("%s in Pakistan", profile->name);
	begin_article(page, "In Pakistan", "پاکستان میں مقام");
	begin_map(page, box, title);
	pg_free(title);
	append_path(page, value_of(profile->areas, country, "outline"), "#f4f6f5", "#5b6670", "1", NULL);
	if (province >= 0)
		append_path(page, value_of(profile->areas, province, "outline"), "#a3cfbe", "#5b6670", "1", profile->province);
	append_path(page, value_of(profile->areas, district, "outline"), "#1b5b4c", "#1d2328", "1", profile->name);
	appendPQExpBuffer(page, "<circle cx=\"%.0f\" cy=\"%.0f\" r=\"%.0f\" fill=\"none\" stroke=\"#8a3b00\" stroke-width=\"2.5\" vector-effect=\"non-scaling-stroke\"/>\n</svg>\n</article>\n",
					  here.left + here.width / 2, here.top + here.height / 2, Max(here.width, here.height) / 2 + box.width / 40);
}

/* The first row of the indicator of which most districts of the province are shown; -1: none. */
static int
choose_indicator(const PGresult *districts)
{
	int			chosen = -1;
	int			most = 0;

	for (int row = 0; row < PQntuples(districts); row++)
		if (atoi(value_of(districts, row, "near_shown")) > most)
		{
			most = atoi(value_of(districts, row, "near_shown"));
			chosen = row;
		}
	return chosen;
}

static bool
is_near(const PGresult *districts, int row, int chosen)
{
	return strcmp(value_of(districts, row, "no"), value_of(districts, chosen, "no")) == 0 && strcmp(value_of(districts, row, "is_near"), "t") == 0;
}

/* Shades are equal steps of whole percentages; which one a percentage has. */
static int
shade_of(const char *percent, int least, int step)
{
	return Min(Max((atoi(percent) - least) / step, 0), SHADES - 1);
}

static void
append_legend(PQExpBuffer page, int least, int step, int most, bool any_hidden)
{
	appendPQExpBufferStr(page, "<p>");
	for (int i = 0; i < SHADES && least + i * step <= most; i++)
		appendPQExpBuffer(page, "<span class=\"item\"><span class=\"key\" style=\"background:%s\">&nbsp;</span> <span lang=\"en\">%d to below %d %%</span> "
						  "<span lang=\"ur\" dir=\"rtl\">%d فیصد سے %d فیصد سے کم</span></span> ",
						  shade[i], least + i * step, least + (i + 1) * step, least + i * step, least + (i + 1) * step);
	if (any_hidden)
	{
		appendPQExpBufferStr(page, "<span class=\"item\"><span class=\"key\" style=\"background:repeating-linear-gradient(45deg,#fff 0 2px,#5b6670 2px 4px)\">&nbsp;</span> ");
		append_both(page, "hidden", "پوشیدہ");
		appendPQExpBufferStr(page, "</span> ");
	}
	appendPQExpBufferStr(page, "<span class=\"item\"><span class=\"key\">&nbsp;</span> ");
	append_both(page, "not public", "جاری نہیں");
	appendPQExpBufferStr(page, "</span></p>\n");
}

static void
append_shaded(PQExpBuffer page, const Profile *profile, int chosen, int least, int step)
{
	const PGresult *areas = profile->areas;
	const PGresult *districts = profile->districts;
	int			province = find_area(areas, "level", "province");
	Box			box;
	char	   *title;

	if (province < 0 || !read_box(value_of(areas, province, "view_box"), &box))
		return;
	title = psprintf("Districts of %s: %s", profile->province, value_of(districts, chosen, "english"));
	begin_map(page, box, title);
	pg_free(title);
	appendPQExpBuffer(page, "<defs><pattern id=\"province-hidden\" width=\"%.0f\" height=\"%.0f\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
					  "<rect width=\"%.0f\" height=\"%.0f\" fill=\"#ffffff\"/><rect width=\"%.0f\" height=\"%.0f\" fill=\"#5b6670\"/></pattern></defs>\n",
					  box.width / 50, box.width / 50, box.width / 50, box.width / 50, box.width / 150, box.width / 50);
	/* this one comes last, over its neighbours' outlines */
	for (int row = 0; row < PQntuples(areas); row++)
	{
		const char *fill = "#ffffff";
		const char *percent = NULL;
		const char *name = value_of(areas, row, "name") ? value_of(areas, row, "name") : value_of(areas, row, "code");
		bool		is_this = strcmp(value_of(areas, row, "is_this"), "t") == 0;

		if (strcmp(value_of(areas, row, "level"), "district") != 0 || !is_outline(value_of(areas, row, "outline")))
			continue;
		for (int i = 0; i < PQntuples(districts); i++)
			if (is_near(districts, i, chosen) && strcmp(value_of(districts, i, "area"), value_of(areas, row, "code")) == 0)
			{
				percent = value_of(districts, i, "percent");
				fill = percent ? shade[shade_of(percent, least, step)] : "url(#province-hidden)";
			}
		title = percent ? psprintf("%s: %s %%", name, percent) : pg_strdup(name);
		append_path(page, value_of(areas, row, "outline"), fill, is_this ? "#8a3b00" : "#5b6670", is_this ? "4" : "1", title);
		pg_free(title);
	}
	appendPQExpBufferStr(page, "</svg>\n");
}

static void
append_numbers(PQExpBuffer page, const Profile *profile, int chosen)
{
	const PGresult *districts = profile->districts;

	appendPQExpBufferStr(page, "<table>\n<caption>");
	append_both(page, value_of(districts, chosen, "english"), value_of(districts, chosen, "urdu"));
	append_day(page, value_of(districts, chosen, "counted_on"));
	appendPQExpBufferStr(page, "</caption>\n<thead><tr>");
	append_column(page, "District", "ضلع");
	append_column(page, "Count", "تعداد");
	appendPQExpBufferStr(page, "<th scope=\"col\">%</th></tr></thead>\n<tbody>\n");
	for (int row = 0; row < PQntuples(districts); row++)
	{
		if (!is_near(districts, row, chosen))
			continue;
		begin_district(page, districts, row);
		append_cell(page, value_of(districts, row, "count"), false);
		append_cell(page, value_of(districts, row, "percent"), true);
		appendPQExpBufferStr(page, "</tr>\n");
	}
	appendPQExpBufferStr(page, "</tbody>\n</table>\n");
}

void
append_maps(PQExpBuffer page, const Profile *profile)
{
	const PGresult *districts = profile->districts;
	int			chosen = choose_indicator(districts);
	int			least = 100;
	int			most = 0;
	bool		any_hidden = false;

	if (find_area(profile->areas, "is_this", "t") < 0)
		return;
	begin_section(page, "Where", "مقام");
	if (strcmp(value_of(profile->areas, find_area(profile->areas, "is_this", "t"), "is_approximate"), "t") == 0)
	{
		appendPQExpBufferStr(page, "<p class=\"both\">");
		append_both(page, "Outlines are approximate: drawn around centres, not surveyed.", "حدود تخمینی ہیں، سروے شدہ نہیں۔");
		appendPQExpBufferStr(page, "</p>\n");
	}
	appendPQExpBufferStr(page, "<div class=\"grid\">\n");
	append_locator(page, profile);
	for (int row = 0; chosen >= 0 && row < PQntuples(districts); row++)
		if (is_near(districts, row, chosen))
		{
			const char *percent = value_of(districts, row, "percent");

			any_hidden = any_hidden || percent == NULL;
			least = Min(least, percent ? atoi(percent) : least);
			most = Max(most, percent ? atoi(percent) : most);
		}
	if (chosen >= 0)
	{
		int			step = (most - least) / SHADES + 1;

		begin_article(page, value_of(districts, chosen, "english"), value_of(districts, chosen, "urdu"));
		append_shaded(page, profile, chosen, least, step);
		append_legend(page, least, step, most, any_hidden);
		append_numbers(page, profile, chosen);
		appendPQExpBufferStr(page, "</article>\n");
	}
	appendPQExpBufferStr(page, "</div>\n</section>\n");
}
