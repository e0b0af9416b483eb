/*
 * chart_inline.c
 *		Takes what gnuplot wrote into a page.
 *
 * Nothing is copied unread: elements and attributes that draw are written anew, by
 * a list; anything else, such as a script, an image or a link, fails.  Names are
 * made unique, by which a page can have many.
 */
#include "profile.h"

typedef enum Fate
{
	FATE_DRAWN,
	FATE_LEFT_OUT,				/* with all that is in it */
	FATE_UNKNOWN
} Fate;

static bool
is_one_of(const char *name, size_t length, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strlen(*list) == length && strncmp(*list, name, length) == 0)
			return true;
	return false;
}

static Fate
fate_of(const char *name, size_t length)
{
	static const char *const drawn[] = {"g", "defs", "path", "circle", "rect", "use", "polygon", "polyline", "text", "tspan", NULL};
	static const char *const left_out[] = {"title", "desc", "filter", NULL};

	if (is_one_of(name, length, drawn))
		return FATE_DRAWN;
	return is_one_of(name, length, left_out) ? FATE_LEFT_OUT : FATE_UNKNOWN;
}

/* Attributes: written as they are, as names, or not (fonts are the page's). */
static bool
append_attribute(PQExpBuffer page, const char *id, const char *name, size_t length, const char *value, size_t value_length)
{
	static const char *const drawn[] = {"r", "d", "x", "y", "cx", "cy", "width", "height", "points", "transform", "fill", "stroke", "stroke-width",
	"stroke-linecap", "stroke-linejoin", "stroke-dasharray", "stroke-opacity", "color", "opacity", "fill-opacity", "fill-rule", "shape-rendering", "font-size", "text-anchor", NULL};
	static const char *const left_out[] = {"font-family", "font-weight", "font-style", "xml:space", "style", "class", NULL};
	static const char *const named[] = {"id", NULL};
	static const char *const naming[] = {"xlink:href", "href", NULL};

	if (is_one_of(name, length, left_out))
		return true;
	for (size_t i = 0; i < value_length; i++)
		if (strchr("\"<>&\\", value[i]) != NULL)
			return false;
	if (is_one_of(name, length, named))
		appendPQExpBuffer(page, " id=\"%s-%.*s\"", id, (int) value_length, value);
	else if (is_one_of(name, length, naming))
	{
		if (value_length < 2 || value[0] != '#')
			return false;
		appendPQExpBuffer(page, " href=\"#%s-%.*s\"", id, (int) value_length - 1, value + 1);
	}
	else if (is_one_of(name, length, drawn) && (value_length < 3 || strncmp(value, "url", 3) != 0))
		appendPQExpBuffer(page, " %.*s=\"%.*s\"", (int) length, name, (int) value_length, value);
	else
		return false;
	return true;
}

/* Whether letters of Arabic script, U+0600 to U+06FF, come before the next tag. */
static bool
is_urdu(const char *text)
{
	for (; *text != '\0' && *text != '<'; text++)
		if ((unsigned char) *text >= 0xd8 && (unsigned char) *text <= 0xdb)
			return true;
	return false;
}

/* From behind the < of an element that is drawn to behind its >; NULL where it is not as expected. */
static const char *
append_element(PQExpBuffer page, const char *id, const char *at, size_t length)
{
	const char *name = at;

	appendPQExpBuffer(page, "<%.*s", (int) length, name);
	at += length;
	for (;;)
	{
		const char *attribute;
		const char *value;
		size_t		attribute_length;
		char		quote;

		at += strspn(at, " \t\r\n");
		if (*at == '>' || (at[0] == '/' && at[1] == '>'))
			break;
		attribute = at;
		attribute_length = strcspn(at, " \t\r\n=/><");
		at += attribute_length;
		at += strspn(at, " \t\r\n");
		if (attribute_length == 0 || *at != '=')
			return NULL;
		at++;
		at += strspn(at, " \t\r\n");
		quote = *at;
		if (quote != '"' && quote != '\'')
			return NULL;
		value = ++at;
		at = strchr(at, quote);
		if (at == NULL || !append_attribute(page, id, attribute, attribute_length, value, at - value))
			return NULL;
		at++;
	}
	if (length == 4 && strncmp(name, "text", 4) == 0 && is_urdu(strchr(at, '>') + 1))
		/* gnuplot knows of one direction: what ended at a point starts there */
		appendPQExpBufferStr(page, " lang=\"ur\" direction=\"rtl\" text-anchor=\"start\"");
	if (*at == '/')
		appendPQExpBufferChar(page, *at++);
	appendPQExpBufferChar(page, '>');
	return at + 1;
}

bool
append_inline(PQExpBuffer page, const char *id, const char *title, const char *svg)
{
	const char *at = strstr(svg, "<svg");
	const char *box;
	int			width;
	int			height;

	if (at == NULL || (box = strstr(at, "viewBox=\"0 0 ")) == NULL || sscanf(box, "viewBox=\"0 0 %d %d\"", &width, &height) != 2)
		return false;
	appendPQExpBuffer(page, "<svg class=\"chart\" role=\"img\" viewBox=\"0 0 %d %d\" aria-label=\"", width, height);
	append_text(page, title);
	appendPQExpBufferStr(page, "\"><title>");
	append_text(page, title);
	appendPQExpBufferStr(page, "</title>\n");

	at = strchr(at, '>');
	while (at != NULL && *at++ == '>')
	{
		size_t		text = strcspn(at, "<");
		size_t		length;

		/* gnuplot has written < and & of texts as they must be */
		if (strspn(at, " \t\r\n") < text)
			appendBinaryPQExpBuffer(page, at, text);
		at += text;
		if (strncmp(at, "</svg>", 6) == 0)
		{
			appendPQExpBufferStr(page, "</svg>\n");
			return true;
		}
		if (*at++ != '<')
			return false;
		if (*at == '/')
		{
			length = strcspn(at + 1, ">");
			if (fate_of(at + 1, length) != FATE_DRAWN)
				return false;
			appendPQExpBuffer(page, "</%.*s>\n", (int) length, at + 1);
			at += 1 + length;
			continue;
		}
		length = strcspn(at, " \t\r\n/>");
		switch (fate_of(at, length))
		{
			case FATE_DRAWN:
				at = append_element(page, id, at, length);
				if (at == NULL)
					return false;
				at--;
				break;
			case FATE_LEFT_OUT:
				{
					char		end[16];

					snprintf(end, sizeof(end), "</%.*s>", (int) length, at);
					at = strstr(at, end);
					if (at == NULL)
						return false;
					at += strlen(end) - 1;
					break;
				}
			case FATE_UNKNOWN:
				return false;
		}
	}
	return false;
}
