/*
 * area.h
 *	  Codes of administrative areas.  Pure: no memory, no error reports.
 *
 * A P-code is PK and up to twelve digits, in groups of 1 (province), 2
 * (district), 2 (tehsil), 3 (union council) and 4 (village).  Provinces to
 * tehsils follow OCHA's COD-AB; union councils and villages have no national
 * code and get one minted within their parent, from 1 up.
 *
 * The code as a number is its digits padded on the right with zeros to twelve;
 * the country has none and is 0.  No group is zero, so the zeros tell the level
 * and a subtree is one range of numbers: [code, area_last(code)].
 */
#ifndef REGISTRY_AREA_H
#define REGISTRY_AREA_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define AREA_DIGITS		12
#define AREA_TEXT_SIZE	15		/* PK617010030012, and the end */

/* How many of the groups a code has. */
typedef enum AreaDepth
{
	AREA_COUNTRY,
	AREA_PROVINCE,
	AREA_DISTRICT,
	AREA_TEHSIL,
	AREA_UNION_COUNCIL,
	AREA_VILLAGE
} AreaDepth;

#define AREA_DEPTHS		(AREA_VILLAGE + 1)

/* Digits of a code of each depth, and how many numbers its subtree spans. */
static const int area_digits[AREA_DEPTHS] = {0, 1, 3, 5, 8, AREA_DIGITS};
static const int64_t area_span[AREA_DEPTHS] = {
	INT64_C(1000000000000), INT64_C(100000000000), INT64_C(1000000000), 10000000, 10000, 1
};

/*
 * The least depth at which nothing but zeros follows.
 */
static inline AreaDepth
area_depth(int64_t area)
{
	int			depth = AREA_COUNTRY;

	while (depth < AREA_VILLAGE && area % area_span[depth] != 0)
		depth++;
	return (AreaDepth) depth;
}

/*
 * The area of the given depth that holds this one, which must be no less deep.
 */
static inline int64_t
area_at_depth(int64_t area, AreaDepth depth)
{
	return area - area % area_span[depth];
}

/*
 * The greatest number of the subtree, whether or not any area has it.
 */
static inline int64_t
area_last(int64_t area)
{
	return area + area_span[area_depth(area)] - 1;
}

static inline bool
area_lies_in(int64_t area, int64_t container)
{
	return area >= container && area <= area_last(container);
}

static inline bool
area_is_valid(int64_t area)
{
	if (area < 0 || area >= area_span[AREA_COUNTRY])
		return false;

	/* Each group down to the depth adds something to the one before. */
	for (int depth = area_depth(area); depth > AREA_COUNTRY; depth--)
		if (area_at_depth(area, (AreaDepth) depth) == area_at_depth(area, (AreaDepth) (depth - 1)))
			return false;
	return true;
}

/*
 * Read PK617, all of "length" bytes.
 */
static inline bool
area_parse(const char *str, int length, int64_t *area)
{
	int			depth = AREA_COUNTRY;

	*area = 0;
	if (length < 2 || (str[0] != 'P' && str[0] != 'p') || (str[1] != 'K' && str[1] != 'k'))
		return false;
	while (depth < AREA_VILLAGE && area_digits[depth] < length - 2)
		depth++;
	if (area_digits[depth] != length - 2)
		return false;

	for (int i = 2; i < length; i++)
	{
		if (str[i] < '0' || str[i] > '9')
			return false;
		*area = *area * 10 + (str[i] - '0');
	}
	*area *= area_span[depth];

	/* A last group of zeros would make it another, less deep area's code. */
	return area_is_valid(*area) && area_depth(*area) == (AreaDepth) depth;
}

/*
 * Write PK617 into AREA_TEXT_SIZE bytes.
 */
static inline void
area_print(int64_t area, char *str)
{
	AreaDepth	depth = area_depth(area);
	int			end = 2 + area_digits[depth];

	memcpy(str, "PK", 2);
	str[end] = '\0';
	area /= area_span[depth];
	while (end > 2)
	{
		str[--end] = (char) ('0' + area % 10);
		area /= 10;
	}
}

#endif							/* REGISTRY_AREA_H */
