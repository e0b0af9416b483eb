/*
 * cnic.h
 *	  What makes thirteen digits a CNIC.  Pure: no memory, no error reports.
 *
 * First digit: where it was issued (1 KP, 2 former FATA, 3 Punjab, 4 Sindh,
 * 5 Balochistan, 6 Islamabad, 7 GB, 8 AJK); last: odd for men, even for women,
 * by custom only.  There is no check digit.
 */
#ifndef REGISTRY_CNIC_H
#define REGISTRY_CNIC_H

#include <stdbool.h>
#include <stdint.h>

#define CNIC_DIGITS		13
#define CNIC_MIN		INT64_C(1000000000000)
#define CNIC_MAX		INT64_C(8999999999999)
#define CNIC_TEXT_SIZE	16		/* 35202-1234567-1, and the end */

static inline bool
cnic_is_valid(int64_t cnic)
{
	return cnic >= CNIC_MIN && cnic <= CNIC_MAX;
}

/*
 * Read 3520212345671 or 35202-1234567-1, all of "length" bytes.
 */
static inline bool
cnic_parse(const char *str, int length, int64_t *cnic)
{
	bool		hyphens = length == CNIC_DIGITS + 2;

	*cnic = 0;
	if (length != CNIC_DIGITS && !hyphens)
		return false;
	for (int i = 0; i < length; i++)
	{
		if (hyphens && (i == 5 || i == 13))
		{
			if (str[i] != '-')
				return false;
			continue;
		}
		if (str[i] < '0' || str[i] > '9')
			return false;
		*cnic = *cnic * 10 + (str[i] - '0');
	}
	return cnic_is_valid(*cnic);
}

/*
 * Write 35202-1234567-1 into CNIC_TEXT_SIZE bytes.
 */
static inline void
cnic_print(int64_t cnic, char *str)
{
	str[CNIC_TEXT_SIZE - 1] = '\0';
	for (int i = CNIC_TEXT_SIZE - 2; i >= 0; i--)
	{
		if (i == 5 || i == 13)
		{
			str[i] = '-';
			continue;
		}
		str[i] = (char) ('0' + cnic % 10);
		cnic /= 10;
	}
}

#endif							/* REGISTRY_CNIC_H */
