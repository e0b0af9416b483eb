/*
 * mobile.h
 *	  What makes ten digits a Pakistani mobile number.  Pure: no memory, no
 *	  error reports.
 *
 * The ten national digits are a code, 3XX, and seven of the subscriber's.  At
 * home a 0 stands before them, abroad +92 or 0092.  The code does not tell the
 * operator: numbers are carried from one to another.
 */
#ifndef REGISTRY_MOBILE_H
#define REGISTRY_MOBILE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define MOBILE_DIGITS		10
#define MOBILE_CODE_DIGITS	3
#define MOBILE_MIN			INT64_C(3000000000)
#define MOBILE_MAX			INT64_C(3999999999)
#define MOBILE_TEXT_SIZE	13	/* 0300-1234567, and the end */

static inline bool
mobile_is_valid(int64_t mobile)
{
	return mobile >= MOBILE_MIN && mobile <= MOBILE_MAX;
}

static inline bool
mobile_is_separator(char c)
{
	return c == ' ' || c == '-';
}

/*
 * Read 03001234567, 0300-1234567, +92 300 1234567 or 00923001234567, all of
 * "length" bytes.  One space or hyphen may stand between groups; the 0 belongs
 * to the code's group.
 */
static inline bool
mobile_parse(const char *str, int length, int64_t *mobile)
{
	int			at;

	*mobile = 0;
	if (length >= 3 && memcmp(str, "+92", 3) == 0)
		at = 3;
	else if (length >= 4 && memcmp(str, "0092", 4) == 0)
		at = 4;
	else if (length >= 1 && str[0] == '0')
		at = 1;
	else
		return false;

	if (at > 1 && at < length && mobile_is_separator(str[at]))
		at++;
	for (int i = 0; i < MOBILE_DIGITS; i++)
	{
		if (i == MOBILE_CODE_DIGITS && at < length && mobile_is_separator(str[at]))
			at++;
		if (at >= length || str[at] < '0' || str[at] > '9')
			return false;
		*mobile = *mobile * 10 + (str[at++] - '0');
	}
	return at == length && mobile_is_valid(*mobile);
}

/*
 * Write 0300-1234567 into MOBILE_TEXT_SIZE bytes.
 */
static inline void
mobile_print(int64_t mobile, char *str)
{
	str[MOBILE_TEXT_SIZE - 1] = '\0';
	for (int i = MOBILE_TEXT_SIZE - 2; i >= 0; i--)
	{
		if (i == 1 + MOBILE_CODE_DIGITS)
		{
			str[i] = '-';
			continue;
		}
		str[i] = (char) ('0' + mobile % 10);
		mobile /= 10;
	}
}

#endif							/* REGISTRY_MOBILE_H */
