/*
 * name.h
 *	  The phonetic key of a Pakistani name in Roman script.  Pure: no memory, no
 *	  error reports.
 *
 * One name has many spellings (Hussain, Husain, Hussein), and a clerk's choice
 * differs from person to person.  A key holds for each word what spellings agree
 * in: its consonants, of which some are one (k kh q c; g gh; t th; d dh; f ph;
 * v w), doubled ones once; the vowel it begins with, as a, i or u; and the vowel
 * it ends with.  Titles, courtesy words and Muhammad are left out where another
 * word remains.  Letters with marks count as those without; other scripts have
 * no key.
 */
#ifndef REGISTRY_NAME_H
#define REGISTRY_NAME_H

#include "name_word.h"

#define NAME_KEY_SIZE	(NAME_WORDS * (2 * NAME_LETTERS + 4) + 1)

/* What a word ends with, from its last vowels: nothing, i, ia, a or u. */
static inline const char *
name_ending(const char *word, int first, int last, bool has_h)
{
	switch (word[last - 1])
	{
		case 'a':
			if (last - first < 2)
				return "a";
			return word[last - 2] == 'i' || word[last - 2] == 'y' || word[last - 2] == 'e' ? "ia" : "a";
		case 'e':
			if (last - first >= 2 && (word[last - 2] == 'e' || word[last - 2] == 'i'))
				return "i";
			return has_h ? "a" : "";
		case 'i':
		case 'y':
			return "i";
		default:
			return "u";
	}
}

/*
 * The key of one word, onto "key"; returns its length, never 0.
 */
static inline int
name_word_key(const char *word, int length, char *key)
{
	int			n = 0;
	int			i = 0;
	int			stop = length;
	int			ending = length;
	char		previous = '\0';	/* consonant just before, without a vowel between */
	bool		has_h;

	/* the vowels at the end, and an h behind them */
	has_h = length > 2 && word[length - 1] == 'h' && (name_is_vowel(word[length - 2]) || word[length - 2] == 'y');
	if (has_h)
		stop--;
	for (ending = stop; ending > 0 && (name_is_vowel(word[ending - 1]) || word[ending - 1] == 'y');)
		ending--;

	if (name_is_vowel(word[0]))
	{
		key[n++] = word[0] == 'a' ? (word[1] == 'u' ? 'u' : 'a') : word[0] == 'e' || word[0] == 'i' ? 'i' : 'u';
		while (i < ending && (name_is_vowel(word[i]) || word[i] == 'y'))
			i++;
		if (ending == 0)
			return n;
	}
	for (; i < ending; i++)
	{
		char		c = word[i];
		char		next = i + 1 < length ? word[i + 1] : '\0';
		bool		after_vowel = i > 0 && name_is_vowel(word[i - 1]);

		if (name_is_vowel(c) || (c == 'y' && i > 0))
		{
			previous = '\0';
			continue;
		}
		switch (c)
		{
			case 'c':
				c = next == 'h' ? 'c' : next == 'e' || next == 'i' ? 's' : 'k';
				break;
			case 'q':
				c = 'k';
				break;
			case 's':
				if (next == 'h')
					c = 'x';
				break;
			case 'p':
				if (next == 'h')
					c = 'f';
				break;
			case 'n':
				if (next == 'b' || next == 'p')
					c = 'm';
				break;
			case 'v':
			case 'w':
				/* part of a vowel: Tawfiq, Toufiq; Dawood, Daud */
				if (c == 'w' && after_vowel && (!name_is_vowel(next) || next == 'u' || (next == 'o' && word[i + 2] == 'o')) && next != 'y')
					continue;
				c = 'v';
				break;
			case 'x':
				key[n++] = 'k';
				c = 's';
				break;
			default:
				break;
		}
		if (next == 'h' && strchr("bcdfgjkprtxz", c) != NULL)
			i++;
		if (c != previous)
			key[n++] = c;
		previous = c;
	}
	/* Ishaque: what follows q is no vowel */
	if (ending < stop && !(ending > 0 && word[ending - 1] == 'q' && stop - ending == 2 && memcmp(word + ending, "ue", 2) == 0))
	{
		const char *end = name_ending(word, ending, stop, has_h);

		while (*end != '\0')
			key[n++] = *end++;
	}
	if (n == 0)
		key[n++] = word[0];
	return n;
}

/*
 * Abdul goes with the word behind it, whatever became of its l: Abdul Rehman,
 * Abdur Rahman, Abdulrehman.  How many of the letters are its own, or 0.
 */
static inline int
name_abdul(const NameWord *word)
{
	int			n = word->letters[1] == 'a' ? 4 : 3;

	if (word->length < n || memcmp(word->letters + n - 3, "abd", 3) != 0)
		return 0;
	if (word->length == n)
		return n;
	if (!name_is_vowel(word->letters[n]))
		return 0;
	while (name_is_vowel(word->letters[n]))
		n++;
	return word->letters[n] == 'l' || n + 1 == word->length ? n + 1 : n;
}

/*
 * The key of one to two words that are one name; returns how many.
 */
static inline int
name_part_key(const NameWord *words, int n, char *key, int *size)
{
	const char *told = name_told_by_vowels(words[0].letters);
	int			own = name_abdul(&words[0]);

	if (told != NULL)
	{
		*size = (int) strlen(told);
		memcpy(key, told, *size);
		return 1;
	}
	if (own > 0)
	{
		memcpy(key, "abd", 3);
		*size = 3;
		if (own < words[0].length)
		{
			*size += name_word_key(words[0].letters + own, words[0].length - own, key + 3);
			return 1;
		}
		if (n > 1)
		{
			*size += name_word_key(words[1].letters, words[1].length, key + 3);
			return 2;
		}
		return 1;
	}
	*size = name_word_key(words[0].letters, words[0].length, key);
	if (n > 1 && *size == 3 && memcmp(key, "glm", 3) == 0)
	{
		/* so many have Ghulam that it tells nothing alone */
		*size += name_word_key(words[1].letters, words[1].length, key + 3);
		return 2;
	}
	return 1;
}

/*
 * Write the key of "length" bytes of a name into NAME_KEY_SIZE bytes: the words'
 * keys with blanks between.  Returns its length, 0 where there is no Latin letter.
 */
static inline int
name_key(const char *str, int length, char *key)
{
	NameWord	words[NAME_WORDS];
	NameKind	kinds[NAME_WORDS];
	NameKind	lowest = NAME_TITLE;
	int			n = name_split(str, length, words);
	int			kept = 0;
	int			size = 0;

	/* whose child or spouse: "s/o", "son of"; and what else one is called: "urf" */
	for (int i = 1; i < n; i++)
	{
		if (name_is_one_of(&words[i], " urf alias "))
			n = i;
		else if (i > 1 && ((words[i].before == '/' && strcmp(words[i].letters, "o") == 0 && words[i - 1].length == 1) ||
						   strcmp(words[i].letters, "of") == 0))
			n = i - 1;
	}
	for (int i = 0; i < n; i++)
	{
		if (n > 1 && name_is_one_of(&words[i], " al ul ur ud us un uz el e bin bint ibn "))
			continue;
		words[kept++] = words[i];
	}
	/* the particles alone: then they are the name */
	if (kept == 0)
		kept = n;
	n = kept;
	for (int i = 0; i < n; i++)
	{
		kinds[i] = name_kind(&words[i]);
		if (kinds[i] < lowest)
			lowest = kinds[i];
	}
	kept = 0;
	for (int i = 0; i < n; i++)
	{
		if (kinds[i] == lowest)
			words[kept++] = words[i];
	}
	n = kept;

	for (int i = 0; i < n;)
	{
		int			part;

		if (lowest == NAME_MUHAMMAD)
		{
			memcpy(key, "mhmd", 4);
			size = 4;
			break;
		}
		/* Noor ud Din, Nooruddin */
		if (size > 0 && !name_is_one_of(&words[i], " din deen uddin udin "))
			key[size++] = ' ';
		if (name_is_one_of(&words[i], " uddin udin ") && size > 0)
		{
			memcpy(key + size, "dn", 2);
			size += 2;
			i++;
			continue;
		}
		i += name_part_key(words + i, n - i, key + size, &part);
		size += part;
	}
	key[size] = '\0';
	return size;
}

/*
 * Of two keys, the share of words that both have: 1 where they have the same
 * words, in whatever order; less where one has all words of the other and more;
 * 0 where each has a word of its own: a family's name alone makes no one the same.
 */
static inline float
name_key_agreement(const char *a, const char *b)
{
	int			a_words = 0;
	int			b_words = 0;
	int			common = 0;
	uint32_t	used = 0;		/* of b's words */

	for (const char *w = b; *w != '\0'; w += strcspn(w, " "), w += *w == ' ')
		b_words++;
	for (const char *v = a; *v != '\0'; v += strcspn(v, " "), v += *v == ' ')
	{
		size_t		size = strcspn(v, " ");
		int			n = 0;

		a_words++;
		for (const char *w = b; *w != '\0'; w += strcspn(w, " "), w += *w == ' ', n++)
		{
			if (!(used >> n & 1) && strcspn(w, " ") == size && memcmp(v, w, size) == 0)
			{
				used |= UINT32_C(1) << n;
				common++;
				break;
			}
		}
	}
	if (common == 0 || (common < a_words && common < b_words))
		return 0.0f;
	return 2.0f * (float) common / (float) (a_words + b_words);
}

#endif							/* REGISTRY_NAME_H */
