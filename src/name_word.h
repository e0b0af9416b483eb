/*
 * name_word.h
 *	  The words of a name: plain small letters, and what kind of word each is.
 *	  Pure: no memory, no error reports.
 */
#ifndef REGISTRY_NAME_WORD_H
#define REGISTRY_NAME_WORD_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define NAME_WORDS		8		/* more are not looked at */
#define NAME_LETTERS	31		/* of a word; more are not looked at */

/* What a word tells: the lowest kind that a name has makes its key. */
typedef enum NameKind
{
	NAME_PLAIN,
	NAME_MUHAMMAD,
	NAME_COURTESY,				/* bibi, khan, syed: names where they stand alone */
	NAME_TITLE
} NameKind;

typedef struct NameWord
{
	char		letters[NAME_LETTERS + 1];
	int			length;
	char		before;			/* the byte in front of it */
} NameWord;

/* Runs of letters with marks: up to "last", the letter without. */
typedef struct NameMarked
{
	uint8_t		last;
	char		letter;
} NameMarked;

static inline bool
name_is_vowel(char c)
{
	return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
}

static inline char
name_unmarked(const NameMarked *runs, int offset)
{
	while (runs->last < offset)
		runs++;
	return runs->letter;
}

/*
 * The letter at str, a to z, or 0 where there is none; a blank is what may
 * stand within a word.  Sets how many bytes it takes.
 */
static inline char
name_letter(const char *str, int length, int *bytes)
{
	static const char latin_1[] = "aaaaaaaceeeeiiiidnooooo\0ouuuuyts";
	static const NameMarked extended_a[] = {	/* U+0100 */
		{0x05, 'a'}, {0x0d, 'c'}, {0x11, 'd'}, {0x1b, 'e'}, {0x23, 'g'}, {0x27, 'h'}, {0x31, 'i'}, {0x35, 'j'}, {0x38, 'k'},
		{0x42, 'l'}, {0x4b, 'n'}, {0x53, 'o'}, {0x59, 'r'}, {0x61, 's'}, {0x67, 't'}, {0x73, 'u'}, {0x75, 'w'}, {0x78, 'y'},
		{0x7e, 'z'}, {0xff, 's'}
	};
	static const NameMarked additional[] = {	/* U+1E00 */
		{0x01, 'a'}, {0x07, 'b'}, {0x09, 'c'}, {0x13, 'd'}, {0x1d, 'e'}, {0x1f, 'f'}, {0x21, 'g'}, {0x2b, 'h'}, {0x2f, 'i'},
		{0x35, 'k'}, {0x3d, 'l'}, {0x43, 'm'}, {0x4b, 'n'}, {0x53, 'o'}, {0x57, 'p'}, {0x5f, 'r'}, {0x69, 's'}, {0x71, 't'},
		{0x7b, 'u'}, {0x7f, 'v'}, {0x89, 'w'}, {0x8d, 'x'}, {0x8f, 'y'}, {0x95, 'z'}, {0x96, 'h'}, {0x97, 't'}, {0x98, 'w'},
		{0x99, 'y'}, {0x9a, 'a'}, {0x9f, 's'}, {0xb7, 'a'}, {0xc7, 'e'}, {0xcb, 'i'}, {0xe3, 'o'}, {0xf1, 'u'}, {0xf9, 'y'},
		{0xff, '\0'}
	};
	const uint8_t *at = (const uint8_t *) str;

	*bytes = 1;
	if (at[0] < 0x80)
	{
		if (at[0] >= 'A' && at[0] <= 'Z')
			return (char) (at[0] - 'A' + 'a');
		if (at[0] >= 'a' && at[0] <= 'z')
			return (char) at[0];
		return at[0] == '\'' || at[0] == '`' ? ' ' : '\0';
	}
	if (length < 2 || (at[1] & 0xc0) != 0x80)
		return '\0';
	*bytes = 2;
	if (at[0] == 0xc3)
		return latin_1[at[1] & 0x1f];
	if (at[0] == 0xc4 || at[0] == 0xc5)
		return name_unmarked(extended_a, (at[0] & 1) << 6 | (at[1] & 0x3f));
	if (at[0] == 0xcc || at[0] == 0xcd || (at[0] == 0xca && at[1] >= 0xb9))
		return ' ';				/* marks by themselves; hamza and ayn */
	if (length < 3 || (at[2] & 0xc0) != 0x80 || at[0] < 0xe0)
		return '\0';
	*bytes = 3;
	if (at[0] == 0xe1 && at[1] >= 0xb8 && at[1] <= 0xbb)
		return name_unmarked(additional, (at[1] & 0x03) << 6 | (at[2] & 0x3f));
	if (at[0] == 0xe2 && at[1] == 0x80 && (at[2] == 0x98 || at[2] == 0x99))
		return ' ';				/* quotation marks */
	return '\0';
}

/*
 * The words of a name in plain small letters; returns how many.
 */
static inline int
name_split(const char *str, int length, NameWord *words)
{
	int			n = 0;
	int			bytes;
	bool		inside = false;

	for (int i = 0; i < length; i += bytes)
	{
		char		letter = name_letter(str + i, length - i, &bytes);

		if (letter == '\0')
			inside = false;
		else if (letter != ' ')
		{
			if (!inside)
			{
				if (n == NAME_WORDS)
					break;
				words[n].length = 0;
				words[n].before = i > 0 ? str[i - 1] : '\0';
				n++;
				inside = true;
			}
			if (words[n - 1].length < NAME_LETTERS)
				words[n - 1].letters[words[n - 1].length++] = letter;
		}
	}
	for (int i = 0; i < n; i++)
		words[i].letters[words[i].length] = '\0';
	return n;
}

/* One of a list, each between blanks. */
static inline bool
name_is_one_of(const NameWord *word, const char *list)
{
	const char *at = list;

	while ((at = strstr(at, word->letters)) != NULL)
	{
		if (at[-1] == ' ' && at[word->length] == ' ')
			return true;
		at++;
	}
	return false;
}

/* The vowels from "at" on: how many, and which, as bits of a, e, i (or y), o and u. */
static inline int
name_vowels(const char *at, int *which)
{
	int			n = 0;

	*which = 0;
	while (name_is_vowel(at[n]) || at[n] == 'y')
	{
		*which |= at[n] == 'a' ? 1 : at[n] == 'e' ? 2 : at[n] == 'o' || at[n] == 'u' ? 8 : 4;
		n++;
	}
	return n;
}

/*
 * Names whose consonants are the same, and whose vowels tell them apart:
 * Muhammad and Mahmood, Hussain and Hassan.  The key, or NULL for other names.
 */
static inline const char *
name_told_by_vowels(const char *word)
{
	const char *at = word + 1;
	int			first;
	int			last;
	int			n;

	if (word[0] == 'h')
	{
		n = name_vowels(at, &first);
		at += n;
		if (n == 0 || *at != 's')
			return NULL;
		while (*at == 's')
			at++;
		n = name_vowels(at, &last);
		if (n == 0 || at[n] != 'n' || at[n + 1] != '\0')
			return NULL;
		return (first & 8) || (last & 4) || memcmp(at, "ee", 2) == 0 ? "hsen" : "hsn";
	}
	if (word[0] == 'm')
	{
		at += name_vowels(at, &first);
		if (*at++ != 'h')
			return NULL;
		at += name_vowels(at, &first);
		if (*at != 'm')
			return NULL;
		while (*at == 'm')
			at++;
		n = name_vowels(at, &last);
		if (n == 0 || at[n] != 'd' || at[n + 1] != '\0')
			return NULL;
		return last & 8 ? "mhmud" : "mhmd";
	}
	return NULL;
}

static inline NameKind
name_kind(const NameWord *word)
{
	const char *told;

	if (name_is_one_of(word, " mr mrs ms miss mst mstt musammat mussammat mosammat dr haji hajji haaji hajan hafiz hafiza "
					   "molvi maulvi moulvi molana maulana moulana qari alhaj late sahib sahab saheb sahiba mian miyan "))
		return NAME_TITLE;
	if (name_is_one_of(word, " bibi bebe biwi begum begam begham khan khaan khatoon khatun khatoun khanum khanam mai "
					   "syed syeda syyed syyeda sayed sayeda sayyed sayyeda sayyid sayyida sayid saiyed saiyid "))
		return NAME_COURTESY;
	if (name_is_one_of(word, " md mhd mohd muhd mohamd muhamd m "))
		return NAME_MUHAMMAD;
	if (word->length == 1)
		return NAME_COURTESY;
	told = name_told_by_vowels(word->letters);
	return told != NULL && strcmp(told, "mhmd") == 0 ? NAME_MUHAMMAD : NAME_PLAIN;
}

#endif							/* REGISTRY_NAME_WORD_H */
