/*
 * load_file.c
 *		Lines of a file of surveys, read without holding it whole.
 *
 * A line is judged by what the server could not be sent: everything else about it is
 * the server's to say.  The digest is of the file as it is, every byte of it.
 */
#include "load.h"

#include <poll.h>
#include <unistd.h>

#include "fe_utils/cancel.h"
#include "mb/pg_wchar.h"

bool
begin_lines(LineReader *reader, int fd)
{
	reader->fd = fd;
	reader->failed = reader->at_end = false;
	reader->rows = reader->bytes = 0;
	reader->start = reader->end = 0;
	reader->hash = pg_cryptohash_create(PG_SHA256);
	return reader->hash != NULL && pg_cryptohash_init(reader->hash) == 0;
}

bool
end_reading(LineReader *reader, uint8 digest[PG_SHA256_DIGEST_LENGTH])
{
	bool		done = pg_cryptohash_final(reader->hash, digest, PG_SHA256_DIGEST_LENGTH) == 0;

	pg_cryptohash_free(reader->hash);
	reader->hash = NULL;
	return done;
}

/* False at the end of the file, after Ctrl-C, and where it cannot be read or hashed. */
static bool
read_block(LineReader *reader)
{
	struct pollfd waits = {.fd = reader->fd,.events = POLLIN};
	ssize_t		got = 0;

	/* a read that waits goes on after Ctrl-C, and this does not */
	while (poll(&waits, 1, -1) < 0 && errno == EINTR && !CancelRequested)
		;
	if (!CancelRequested)
		got = read(reader->fd, reader->block, sizeof(reader->block));
	if (got <= 0)
	{
		reader->failed = got < 0;
		reader->at_end = true;
		return false;
	}
	if (pg_cryptohash_update(reader->hash, (uint8 *) reader->block, got) != 0)
	{
		errno = ENOMEM;
		reader->failed = reader->at_end = true;
		return false;
	}
	reader->bytes += got;
	reader->start = 0;
	reader->end = got;
	return true;
}

static LineKind
judge_line(LineReader *reader, bool too_long)
{
	char	   *line = reader->line;

	/* some editors begin a file with a mark of its encoding, and end lines with two characters */
	if (reader->rows == 1 && reader->length >= 3 && memcmp(line, "\xEF\xBB\xBF", 3) == 0)
		memmove(line, line + 3, reader->length -= 3);
	if (reader->length > 0 && line[reader->length - 1] == '\r')
		reader->length--;
	if (too_long || reader->length > LONGEST_LINE)
		return LINE_TOO_LONG;
	line[reader->length] = '\0';
	if (strspn(line, " \t\r") == reader->length)
		return LINE_BLANK;
	if (memchr(line, '\0', reader->length) != NULL)
		return LINE_NUL;
	if (pg_encoding_verifymbstr(PG_UTF8, line, reader->length) != (int) reader->length)
		return LINE_NOT_UTF8;
	return LINE_GOOD;
}

bool
next_line(LineReader *reader, LineKind *kind)
{
	bool		too_long = false;
	bool		began = false;

	reader->length = 0;
	for (;;)
	{
		char	   *from;
		char	   *newline;
		size_t		piece;

		if (reader->start == reader->end && !read_block(reader))
		{
			/* a last line may lack its newline */
			if (!began || reader->failed)
				return false;
			break;
		}
		began = true;
		from = reader->block + reader->start;
		newline = memchr(from, '\n', reader->end - reader->start);
		piece = newline ? (size_t) (newline - from) : reader->end - reader->start;
		/* room for a mark of the encoding and a carriage return */
		if (reader->length + piece > LONGEST_LINE + 4)
			too_long = true;
		else
		{
			memcpy(reader->line + reader->length, from, piece);
			reader->length += piece;
		}
		reader->start += piece + (newline != NULL);
		if (newline)
			break;
	}
	reader->rows++;
	*kind = judge_line(reader, too_long);
	return true;
}

const char *
line_problem(LineKind kind)
{
	switch (kind)
	{
		case LINE_GOOD:
			break;
		case LINE_BLANK:
			return "blank";
		case LINE_TOO_LONG:
			return "too_long";
		case LINE_NOT_UTF8:
			return "not_utf8";
		case LINE_NUL:
			return "nul";
	}
	return NULL;
}
