/*
 * parsers.c
 *	  Fuzzing of the pure parsers: cnic, mobile_number, land_area, area_code; and of
 *	  the keys of names.
 *
 * What must hold for any bytes at all: a parser reads none beyond the length
 * it is given, and what it accepts is valid, and prints as text that parses as
 * the same value.
 *
 * With libFuzzer:
 *	  clang -g -fsanitize=fuzzer,address,undefined -Isrc test/fuzz/parsers.c -o parsers
 * Alone, N inputs (default 1000000) of a fixed sequence:
 *	  gcc -g -DSTANDALONE -fsanitize=address,undefined -fno-sanitize-recover -Isrc test/fuzz/parsers.c -o parsers
 *	  ./parsers [N [seed]]
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "area.h"
#include "cnic.h"
#include "land.h"
#include "mobile.h"
#include "name.h"

int			LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned long accepted[5];

#define CHECK(condition) \
	do { \
		if (!(condition)) \
		{ \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
			abort(); \
		} \
	} while (0)

/*
 * The text in a block of its exact size, so that a sanitizer sees a read of the
 * byte after it.
 */
static char *
exact_copy(const void *data, size_t size)
{
	char	   *copy = malloc(size > 0 ? size : 1);

	CHECK(copy != NULL);
	if (size > 0)
		memcpy(copy, data, size);
	return copy;
}

static void
check_cnic(const char *str, int length)
{
	int64_t		value;
	int64_t		again;
	char		text[CNIC_TEXT_SIZE];

	if (!cnic_parse(str, length, &value))
		return;
	accepted[0]++;
	CHECK(cnic_is_valid(value));
	cnic_print(value, text);
	CHECK(strlen(text) == CNIC_TEXT_SIZE - 1);
	CHECK(cnic_parse(text, (int) strlen(text), &again) && again == value);
}

static void
check_mobile(const char *str, int length)
{
	int64_t		value;
	int64_t		again;
	char		text[MOBILE_TEXT_SIZE];

	if (!mobile_parse(str, length, &value))
		return;
	accepted[1]++;
	CHECK(mobile_is_valid(value));
	mobile_print(value, text);
	CHECK(strlen(text) == MOBILE_TEXT_SIZE - 1);
	CHECK(mobile_parse(text, (int) strlen(text), &again) && again == value);
}

static void
check_land(const char *str, int length)
{
	int64_t		value;
	int64_t		again;
	int			where = -1;
	LandError	error = land_parse(str, length, &value, &where);
	char		text[LAND_TEXT_SIZE];

	CHECK(where >= 0 && where <= length);
	if (error != LAND_OK)
		return;
	accepted[2]++;
	CHECK(land_is_valid(value));
	land_print(value, text);
	CHECK(strlen(text) < LAND_TEXT_SIZE);
	CHECK(land_parse(text, (int) strlen(text), &again, &where) == LAND_OK && again == value);
}

static void
check_area(const char *str, int length)
{
	int64_t		value;
	int64_t		again;
	char		text[AREA_TEXT_SIZE];
	AreaDepth	depth;

	if (!area_parse(str, length, &value))
		return;
	accepted[3]++;
	CHECK(area_is_valid(value));
	area_print(value, text);
	CHECK((int) strlen(text) == length);
	CHECK(memcmp(text + 2, str + 2, length - 2) == 0);
	CHECK(area_parse(text, (int) strlen(text), &again) && again == value);

	/* The end of the subtree is a code itself, and inside. */
	CHECK(area_is_valid(area_last(value)));
	CHECK(area_lies_in(area_last(value), value) && area_lies_in(value, value));
	depth = area_depth(value);
	if (depth > AREA_COUNTRY)
	{
		int64_t		parent = area_at_depth(value, depth - 1);

		CHECK(area_is_valid(parent) && area_depth(parent) == depth - 1);
		CHECK(area_lies_in(value, parent) && !area_lies_in(parent, value));
		CHECK(area_last(parent) >= area_last(value));
	}
}

/*
 * A key is small letters with single blanks between, fits, and does not depend on
 * the size of letters.
 */
static void
check_name(const char *str, int length)
{
	static char last[NAME_KEY_SIZE];
	char		key[NAME_KEY_SIZE];
	char		large_key[NAME_KEY_SIZE];
	char	   *large;
	int			size = name_key(str, length, key);
	float		agreement;

	CHECK(size >= 0 && size < NAME_KEY_SIZE && (int) strlen(key) == size);
	for (int i = 0; i < size; i++)
		CHECK((key[i] >= 'a' && key[i] <= 'z') || (key[i] == ' ' && i > 0 && i + 1 < size && key[i - 1] != ' '));
	CHECK(name_key_agreement(key, key) == (size > 0 ? 1.0f : 0.0f));
	agreement = name_key_agreement(key, last);
	CHECK(agreement >= 0.0f && agreement <= 1.0f && agreement == name_key_agreement(last, key));
	memcpy(last, key, sizeof(last));
	if (size == 0)
		return;
	accepted[4]++;

	large = exact_copy(str, (size_t) length);
	for (int i = 0; i < length; i++)
		if (large[i] >= 'a' && large[i] <= 'z')
			large[i] = (char) (large[i] - 'a' + 'A');
	CHECK(name_key(large, length, large_key) == size && memcmp(key, large_key, (size_t) size) == 0);
	free(large);
}

/*
 * Eight bytes as a hostile client would send them: what passes for valid prints
 * as text that parses as itself.
 */
static void
check_binary(const uint8_t *data, size_t size)
{
	int64_t		value;
	int64_t		again;
	int			where;
	char		text[LAND_TEXT_SIZE];

	if (size < sizeof(value))
		return;
	memcpy(&value, data, sizeof(value));

	if (cnic_is_valid(value))
	{
		cnic_print(value, text);
		CHECK(cnic_parse(text, (int) strlen(text), &again) && again == value);
	}
	if (mobile_is_valid(value))
	{
		mobile_print(value, text);
		CHECK(mobile_parse(text, (int) strlen(text), &again) && again == value);
	}
	if (land_is_valid(value))
	{
		land_print(value, text);
		CHECK(land_parse(text, (int) strlen(text), &again, &where) == LAND_OK && again == value);
	}
	value %= INT64_C(2000000000000);
	if (area_is_valid(value))
	{
		area_print(value, text);
		CHECK(area_parse(text, (int) strlen(text), &again) && again == value);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char	   *str;

	if (size > 4096)
		return 0;
	str = exact_copy(data, size);
	check_cnic(str, (int) size);
	check_mobile(str, (int) size);
	check_land(str, (int) size);
	check_area(str, (int) size);
	check_name(str, (int) size);
	free(str);
	check_binary(data, size);
	return 0;
}

#ifdef STANDALONE

static const char *const seeds[] = {
	"35202-1234567-1", "3520212345671", "8999999999999",
	"0300-1234567", "03001234567", "+92 300 1234567", "+92-300-1234567", "00923001234567", "0092 300-1234567",
	"2 acre 3 kanal 5 marla 4 sarsai", "0 marla", "2.5 kanal", "0.0125 acres", "1 Murabba 24 ACRES",
	"0.00025murabba", "6405119470038037 acre 7 kanal 19 marla 8 sarsai", "6405119470038038 acre 6 kanal 8 sarsai",
	"9223372036854775807 sarsai",
	"PK", "PK6", "pk617", "PK61701", "PK61701003", "PK617010030012", "PK999999999999",
	"Muhammad Abdul Rehman", "Syed Ghulam Hussain Shah", "Mst. Fatima Bibi", "Ali s/o Akram", "Noor ud Din", "Ishaque Chaudhry",
	"F\xc4\x81\xe1\xb9\xadima", "Qu\xca\xbe r\xcc\x84 X \xe2\x80\x99",
};

#define SEEDS		(sizeof(seeds) / sizeof(seeds[0]))
#define INPUT_SIZE	96

/* xorshift64*: the same sequence everywhere. */
static uint64_t state;

static uint32_t
draw(uint32_t below)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (uint32_t) ((state * UINT64_C(2685821657736338717)) >> 32) % below;
}

/*
 * A seed with up to four changes, or, one time in eight, anything.
 */
static size_t
make_input(uint8_t *input)
{
	static const char alphabet[] = "0123456789 -+.PKpkacremlnsiubdhgoqtuwy/\xc4\xe1\xb8";
	const char *seed;
	size_t		size;

	if (draw(8) == 0)
	{
		size = draw(INPUT_SIZE);
		for (size_t i = 0; i < size; i++)
			input[i] = (uint8_t) draw(256);
		return size;
	}

	seed = seeds[draw(SEEDS)];
	size = strlen(seed);
	memcpy(input, seed, size);
	for (uint32_t changes = draw(5); changes > 0; changes--)
	{
		uint8_t		byte = (uint8_t) (draw(16) == 0 ? draw(256) : (uint32_t) alphabet[draw(sizeof(alphabet) - 1)]);
		size_t		at = size > 0 ? draw((uint32_t) size) : 0;

		switch (draw(4))
		{
			case 0:				/* replace */
				if (size > 0)
					input[at] = byte;
				break;
			case 1:				/* insert */
				if (size < INPUT_SIZE)
				{
					memmove(input + at + 1, input + at, size - at);
					input[at] = byte;
					size++;
				}
				break;
			case 2:				/* remove */
				if (size > 0)
				{
					memmove(input + at, input + at + 1, size - at - 1);
					size--;
				}
				break;
			default:			/* another seed's text behind */
				seed = seeds[draw(SEEDS)];
				if (size + 1 + strlen(seed) <= INPUT_SIZE)
				{
					input[size++] = ' ';
					memcpy(input + size, seed, strlen(seed));
					size += strlen(seed);
				}
		}
	}
	return size;
}

int
main(int argc, char **argv)
{
	unsigned long inputs = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000;
	uint8_t		input[INPUT_SIZE];

	state = argc > 2 ? strtoul(argv[2], NULL, 10) | 1 : 8171;
	for (size_t i = 0; i < SEEDS; i++)
		LLVMFuzzerTestOneInput((const uint8_t *) seeds[i], strlen(seeds[i]));
	for (unsigned long i = 0; i < inputs; i++)
		LLVMFuzzerTestOneInput(input, make_input(input));

	printf("%lu inputs; accepted: cnic %lu, mobile_number %lu, land_area %lu, area_code %lu; names with a key %lu\n",
		   inputs, accepted[0], accepted[1], accepted[2], accepted[3], accepted[4]);
	for (int i = 0; i < 5; i++)
		CHECK(inputs == 0 || accepted[i] > 0);
	return 0;
}

#endif							/* STANDALONE */
