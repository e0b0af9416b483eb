/*
 * land.h
 *	  Land as the revenue department measures it.  Pure: no memory, no error
 *	  reports.
 *
 * 1 murabba = 25 acre, 1 acre = 8 kanal, 1 kanal = 20 marla, 1 marla = 9
 * sarsai.  An area is a whole number of sarsai, 0 and up.
 */
#ifndef REGISTRY_LAND_H
#define REGISTRY_LAND_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define LAND_KANAL			180	/* sarsai */

typedef enum LandError
{
	LAND_OK,
	LAND_SYNTAX,
	LAND_NEGATIVE,
	LAND_REPEATED,				/* a unit given twice */
	LAND_FRACTION,				/* not a whole number of sarsai */
	LAND_RANGE					/* more than an int8 holds */
} LandError;

typedef struct LandUnit
{
	const char *name;
	int			length;			/* of the name */
	int64_t		sarsai;			/* that one unit has */
} LandUnit;

#define LAND_UNITS			5
#define LAND_TEXT_SIZE		64	/* 6405119470038037 acre 7 kanal 19 marla 8 sarsai is the longest */

/*
 * A fraction of a murabba (36000 sarsai, 2^5 * 3^2 * 5^3) that comes out whole
 * has at most five decimals; one of any smaller unit, no more than that.
 */
#define LAND_MAX_DECIMALS	5

static const LandUnit land_units[LAND_UNITS] = {
	{"murabba", 7, 36000},
	{"acre", 4, 1440},
	{"kanal", 5, LAND_KANAL},
	{"marla", 5, 9},
	{"sarsai", 6, 1},
};

static inline bool
land_is_valid(int64_t land)
{
	return land >= 0;
}

/*
 * The sum, or false where it does not fit.
 */
static inline bool
land_add(int64_t a, int64_t b, int64_t *sum)
{
	if (a > INT64_MAX - b)
		return false;
	*sum = a + b;
	return true;
}

static inline bool
land_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
land_is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline int
land_skip_spaces(const char *str, int length, int at)
{
	while (at < length && str[at] == ' ')
		at++;
	return at;
}

/*
 * The unit that "length" letters name, in any case and with or without the
 * plural's s; LAND_UNITS where they name none.
 */
static inline int
land_find_unit(const char *word, int length)
{
	int			unit;

	for (unit = 0; unit < LAND_UNITS; unit++)
	{
		const LandUnit *candidate = &land_units[unit];
		int			i = 0;

		if (length != candidate->length && length != candidate->length + 1)
			continue;
		while (i < length && (word[i] | 0x20) == (i < candidate->length ? candidate->name[i] : 's'))
			i++;
		if (i == length)
			break;
	}
	return unit;
}

/*
 * Read amounts with their units, in any order, all of "length" bytes.  On an
 * error, "where" is the byte, from 0, at which what is wrong begins.
 */
static inline LandError
land_parse(const char *str, int length, int64_t *land, int *where)
{
	bool		seen[LAND_UNITS] = {false};
	int			at = land_skip_spaces(str, length, 0);

	*land = 0;
	*where = at;
	if (at >= length)
		return LAND_SYNTAX;

	while (at < length)
	{
		int			whole = at;
		int			decimals = 0;
		int			decimals_end = 0;
		int			word;
		int			unit;
		int64_t		size;
		int64_t		amount = 0;
		int64_t		numerator = 0;
		int64_t		denominator = 1;

		/* The amount's digits, then the unit, before any arithmetic. */
		*where = at;
		if (str[at] == '-')
			return LAND_NEGATIVE;
		while (at < length && land_is_digit(str[at]))
			at++;
		if (at == whole)
			return LAND_SYNTAX;
		decimals = decimals_end = at;
		if (at < length && str[at] == '.')
		{
			decimals = ++at;
			while (at < length && land_is_digit(str[at]))
				at++;
			if (at == decimals)
			{
				*where = at;
				return LAND_SYNTAX;
			}
			decimals_end = at;
			while (decimals_end > decimals && str[decimals_end - 1] == '0')
				decimals_end--;
		}
		at = word = land_skip_spaces(str, length, at);
		while (at < length && land_is_letter(str[at]))
			at++;
		unit = land_find_unit(str + word, at - word);
		if (unit == LAND_UNITS)
		{
			*where = word;
			return LAND_SYNTAX;
		}
		if (seen[unit])
		{
			*where = word;
			return LAND_REPEATED;
		}
		seen[unit] = true;
		size = land_units[unit].sarsai;

		/* Whole units, then the fraction of one: exact, or refused. */
		for (int i = whole; i < length && land_is_digit(str[i]); i++)
		{
			if (amount > (INT64_MAX / size - (str[i] - '0')) / 10)
				return LAND_RANGE;
			amount = amount * 10 + (str[i] - '0');
		}
		if (decimals_end - decimals > LAND_MAX_DECIMALS)
			return LAND_FRACTION;
		for (int i = decimals; i < decimals_end; i++)
		{
			numerator = numerator * 10 + (str[i] - '0');
			denominator *= 10;
		}
		if (numerator * size % denominator != 0)
			return LAND_FRACTION;
		if (!land_add(*land, amount * size, land) ||
			!land_add(*land, numerator * size / denominator, land))
			return LAND_RANGE;

		at = land_skip_spaces(str, length, at);
	}
	return LAND_OK;
}

/*
 * Write 2 acre 3 kanal 5 marla 4 sarsai into LAND_TEXT_SIZE bytes.  The acre
 * is the largest unit written, units of which there are none are left out, and
 * nothing at all is 0 marla.
 */
static inline void
land_print(int64_t land, char *str)
{
	if (land == 0)
	{
		memcpy(str, "0 marla", sizeof("0 marla"));
		return;
	}

	for (int unit = 1; unit < LAND_UNITS; unit++)
	{
		int64_t		amount = land / land_units[unit].sarsai;
		char		digits[20];
		int			first = sizeof(digits);

		land %= land_units[unit].sarsai;
		if (amount == 0)
			continue;
		for (; amount > 0; amount /= 10)
			digits[--first] = (char) ('0' + amount % 10);
		memcpy(str, digits + first, sizeof(digits) - first);
		str += sizeof(digits) - first;
		*str++ = ' ';
		memcpy(str, land_units[unit].name, land_units[unit].length);
		str += land_units[unit].length;
		*str++ = ' ';
	}
	str[-1] = '\0';
}

#endif							/* REGISTRY_LAND_H */
