/*
 * profile_page.c
 *		The frame of a profile: head, style, words of explanation, foot.
 *
 * A page asks nobody for anything: no script, and a policy that forbids what could
 * be fetched.  Each text stands in English and Urdu side by side, and is marked as
 * what it is, for readers by ear and for the right letters.
 */
#include "profile.h"

static const char style[] =
"*{box-sizing:border-box}\n"
"html{-webkit-text-size-adjust:100%;text-size-adjust:100%}\n"
"body{margin:0 auto;padding:1rem;max-width:72rem;background:#fff;color:#1d2328;font:16px/1.5 system-ui,\"Segoe UI\",Roboto,\"Noto Sans\",\"Liberation Sans\",sans-serif}\n"
"[lang=ur]{font-family:\"Noto Nastaliq Urdu\",\"Jameel Noori Nastaleeq\",\"Urdu Typesetting\",\"Noto Naskh Arabic\",serif;line-height:2.1}\n"
"h1,h2,h3{line-height:1.3;margin:0 0 .5rem}\n"
"h1{font-size:1.7rem}h2{font-size:1.3rem;border-bottom:2px solid #1b6b5a;padding-bottom:.2rem}h3{font-size:1.05rem}\n"
"h1 [lang=ur],h2 [lang=ur],h3 [lang=ur]{font-weight:normal}\n"
".both{display:flex;flex-wrap:wrap;justify-content:space-between;column-gap:1rem}\n"
"p.both{margin:.4rem 0}p.both>*{flex:1 1 18rem}\n"
"header{border-top:.5rem solid #1b6b5a;padding-top:.8rem}section{margin-top:2rem}\n"
".figures{display:grid;grid-template-columns:1fr;gap:.6rem;margin:0;padding:0;list-style:none}\n"
".figures>li{border:1px solid #8a949c;border-radius:.4rem;padding:.5rem .8rem}.figures .both>*{flex:1 0 100%}.figures strong{font-size:1.5rem}.figures small{font-size:.8rem;font-weight:normal}\n"
".grid{display:grid;grid-template-columns:1fr;gap:1.6rem}\n"
"article{min-width:0;break-inside:avoid}\n"
"svg{display:block;width:100%;height:auto;max-width:30rem}svg text{font-family:system-ui,\"Segoe UI\",Roboto,\"Noto Sans\",\"Liberation Sans\",sans-serif}\n"
"svg text[lang=ur]{font-family:\"Noto Naskh Arabic\",\"Noto Nastaliq Urdu\",\"Urdu Typesetting\",serif}\n"
"table{border-collapse:collapse;width:100%;max-width:30rem;font-size:.85rem;margin-top:.6rem}caption{text-align:start;padding:.2rem 0;color:#414b53}\n"
"th,td{border-bottom:1px solid #c3cad0;padding:.2rem .3rem;text-align:right;vertical-align:top}td{white-space:nowrap}th[scope=row]{overflow-wrap:break-word}\n"
"@media(max-width:24rem){table{font-size:.75rem}th,td{padding:.2rem .15rem}}\n"
"thead th{vertical-align:bottom}th[scope=row],th:first-child{text-align:left;font-weight:normal}th [lang=ur]{display:block}\n"
"tr.this th,tr.this td{font-weight:700}tr.part th{font-weight:700;background:#eef2f1}\n"
"footer{margin-top:2rem;border-top:1px solid #8a949c;font-size:.9rem}\n"
".item{display:inline-block;margin-inline-end:1rem}.key{display:inline-block;width:1em;height:1em;border:1px solid #1d2328;vertical-align:-.1em}\n"
"@media(min-width:52rem){.grid{grid-template-columns:1fr 1fr}.figures{grid-template-columns:repeat(auto-fill,minmax(12rem,1fr))}}\n"
"@page{size:A4;margin:14mm}\n"
"@media print{body{max-width:none;padding:0;font-size:10pt;-webkit-print-color-adjust:exact;print-color-adjust:exact}.grid{grid-template-columns:1fr 1fr}"
"h2,h3{break-after:avoid}tr,.figures>li{break-inside:avoid}}\n";

void
append_text(PQExpBuffer page, const char *text)
{
	for (const char *at = text; *at != '\0'; at++)
		switch (*at)
		{
			case '&':
				appendPQExpBufferStr(page, "&amp;");
				break;
			case '<':
				appendPQExpBufferStr(page, "&lt;");
				break;
			case '>':
				appendPQExpBufferStr(page, "&gt;");
				break;
			case '"':
				appendPQExpBufferStr(page, "&quot;");
				break;
			case '\'':
				appendPQExpBufferStr(page, "&#39;");
				break;
			default:
				/* what HTML has no characters for */
				appendPQExpBufferChar(page, (unsigned char) *at < ' ' || *at == 0x7f ? ' ' : *at);
		}
}

void
append_both(PQExpBuffer page, const char *english, const char *urdu)
{
	appendPQExpBufferStr(page, "<span lang=\"en\">");
	append_text(page, english);
	appendPQExpBufferStr(page, "</span> <span lang=\"ur\" dir=\"rtl\">");
	append_text(page, urdu);
	appendPQExpBufferStr(page, "</span>");
}

/* Digits by threes: 12,345. */
void
append_count(PQExpBuffer page, const char *digits)
{
	size_t		length = strlen(digits);

	for (size_t i = 0; i < length; i++)
	{
		if (i > 0 && (length - i) % 3 == 0)
			appendPQExpBufferChar(page, ',');
		append_text(page, (char[]) {digits[i], '\0'});
	}
}

/* Not all that a page shows was counted at once: each says when, as part of its caption. */
void
append_day(PQExpBuffer page, const char *day)
{
	if (day == NULL)
		return;
	appendPQExpBufferStr(page, " <time datetime=\"");
	append_text(page, day);
	appendPQExpBufferStr(page, "\">");
	append_text(page, day);
	appendPQExpBufferStr(page, "</time>");
}

void
append_cell(PQExpBuffer page, const char *value, bool is_percent)
{
	appendPQExpBufferStr(page, "<td>");
	if (value == NULL)
		appendPQExpBufferStr(page, is_percent ? "–" : "hidden");
	else if (is_percent)
		append_text(page, value);
	else
		append_count(page, value);
	appendPQExpBufferStr(page, "</td>");
}

void
append_column(PQExpBuffer page, const char *english, const char *urdu)
{
	appendPQExpBufferStr(page, "<th scope=\"col\">");
	append_both(page, english, urdu);
	appendPQExpBufferStr(page, "</th>");
}

void
begin_section(PQExpBuffer page, const char *english, const char *urdu)
{
	appendPQExpBufferStr(page, "<section>\n<h2 class=\"both\">");
	append_both(page, english, urdu);
	appendPQExpBufferStr(page, "</h2>\n");
}

void
begin_article(PQExpBuffer page, const char *english, const char *urdu)
{
	appendPQExpBufferStr(page, "<article>\n<h3 class=\"both\">");
	append_both(page, english, urdu);
	appendPQExpBufferStr(page, "</h3>\n");
}

/* A row of a table of districts, to where its numbers begin: the page's own has a star. */
void
begin_district(PQExpBuffer page, const PGresult *districts, int row)
{
	const char *name = value_of(districts, row, "name");

	appendPQExpBufferStr(page, strcmp(value_of(districts, row, "is_this"), "t") == 0 ? "<tr class=\"this\"><th scope=\"row\">★ " : "<tr><th scope=\"row\">");
	append_text(page, name ? name : value_of(districts, row, "area"));
	appendPQExpBufferStr(page, "</th>");
}

void
append_head(PQExpBuffer page, const Profile *profile)
{
	appendPQExpBufferStr(page, "<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n"
						 "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
						 "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
						 "<meta name=\"generator\" content=\"registry-report\">\n<title>");
	append_text(page, profile->name);
	appendPQExpBufferStr(page, ": district profile</title>\n<style>\n");
	appendPQExpBufferStr(page, style);
	appendPQExpBufferStr(page, "</style>\n</head>\n<body>\n<header>\n<h1 class=\"both\"><span>District profile: ");
	append_text(page, profile->name);
	appendPQExpBufferStr(page, "</span> <span lang=\"ur\" dir=\"rtl\">ضلعی خاکہ: <bdi lang=\"en\" dir=\"ltr\">");
	append_text(page, profile->name);
	appendPQExpBufferStr(page, "</bdi></span></h1>\n<p>");
	append_text(page, profile->code);
	if (profile->division != NULL)
	{
		appendPQExpBufferStr(page, ", division of ");
		append_text(page, profile->division);
	}
	appendPQExpBufferStr(page, ", ");
	append_text(page, profile->province);
	appendPQExpBufferStr(page, ", Pakistan</p>\n");
	for (int row = 0; row < PQntuples(profile->totals); row++)
	{
		const char *day = value_of(profile->totals, row, "counted_on");
		const char *before = row > 0 ? value_of(profile->totals, row - 1, "counted_on") : NULL;
		const char *after = row + 1 < PQntuples(profile->totals) ? value_of(profile->totals, row + 1, "counted_on") : NULL;
		bool		persons = strcmp(value_of(profile->totals, row, "unit"), "person") == 0;
		bool		same = (before && strcmp(before, day) == 0) || (after && strcmp(after, day) == 0);

		/* people and households may have been counted on two days */
		if (same && row > 0)
			continue;
		appendPQExpBuffer(page, "<p class=\"both\"><span lang=\"en\">%s <time datetime=\"%s\">%s</time></span> <span lang=\"ur\" dir=\"rtl\">%s: <bdi dir=\"ltr\">%s</bdi></span></p>\n",
						  same ? "Counted on" : persons ? "People counted on" : "Households counted on", day, day,
						  same ? "گنتی کی تاریخ" : persons ? "افراد کی گنتی کی تاریخ" : "گھرانوں کی گنتی کی تاریخ", day);
	}
	appendPQExpBufferStr(page, "<p class=\"both\">");
	append_both(page, "Hidden: a small count, or one from which a small count would follow, so that nobody can be picked out. "
				"A percentage of which a count is hidden is not given either: –.",
				"پوشیدہ: بہت چھوٹی تعداد، یا وہ تعداد جس سے چھوٹی تعداد معلوم ہو سکے، ظاہر نہیں کی جاتی تاکہ کسی فرد کی شناخت نہ ہو۔ ایسی صورت میں فیصد بھی نہیں دیا جاتا: –");
	appendPQExpBufferStr(page, "</p>\n<p class=\"both\">");
	append_both(page, "In charts: ▬ the district, ◆ the province, ○ Pakistan; percentages.",
				"چارٹوں میں: ▬ ضلع، ◆ صوبہ، ○ پاکستان؛ فیصد");
	appendPQExpBufferStr(page, "</p>\n</header>\n<main>\n");
}

/* Where scores are shown, whose they are, and what they are not. */
void
append_formulas(PQExpBuffer page, const Profile *profile)
{
	const char *before = NULL;

	for (int row = 0; row < PQntuples(profile->sections); row++)
	{
		const char *formula = value_of(profile->sections, row, "formula");

		if (formula == NULL || (before != NULL && strcmp(before, formula) == 0))
			continue;
		before = formula;
		appendPQExpBufferStr(page, "<p class=\"both\"><span lang=\"en\"><strong>Scores are by the formula ");
		append_text(page, formula);
		appendPQExpBufferStr(page, ".</strong> ");
		append_text(page, strcmp(formula, "hies-2015-demo") == 0 ?
					"It is a demonstration, fitted on a survey of 2015-16, and not BISP's: it says nothing of anyone's poverty or right to a programme." :
					"They are not a decision on anyone's right to a programme.");
		appendPQExpBufferStr(page, "</span> <span lang=\"ur\" dir=\"rtl\">اسکور کا فارمولا: <bdi lang=\"en\" dir=\"ltr\">");
		append_text(page, formula);
		appendPQExpBufferStr(page, "</bdi>۔ ");
		append_text(page, strcmp(formula, "hies-2015-demo") == 0 ?
					"یہ محض نمونہ ہے، بی آئی ایس پی کا فارمولا نہیں: کسی کی غربت یا کسی پروگرام کے حق کے بارے میں کچھ نہیں بتاتا۔" : "یہ کسی پروگرام کے لیے اہلیت کا فیصلہ نہیں۔");
		appendPQExpBufferStr(page, "</span></p>\n");
	}
}

void
append_foot(PQExpBuffer page)
{
	appendPQExpBufferStr(page, "</main>\n<footer>\n<p class=\"both\">");
	append_both(page, "Source: counts of the registry that are released to the public, protected against picking out persons. Made by registry-report.",
				"ماخذ: رجسٹری کے وہ اعداد و شمار جو عوام کے لیے جاری کیے گئے ہیں، افراد کی شناخت سے محفوظ۔");
	appendPQExpBufferStr(page, "</p>\n");
	appendPQExpBufferStr(page, "</footer>\n</body>\n</html>\n");
}
