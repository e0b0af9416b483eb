/*
 * page_fetch.c
 *	  Fetching the next page of a scan: page_fetch.h.
 */
#include "postgres.h"

#include "page_fetch.h"

/* One scan at a time is followed; a guess that is wrong costs little. */
uintptr_t	page_visited;
unsigned	page_visits;

/*
 * Pages read one after the other mostly lie side by side, so it is the next that
 * is fetched, and this one too where it was not expected.  Not where pages are
 * visited for a row or two.
 */
void
page_enter(uintptr_t page)
{
#ifdef __GNUC__
	if (page_visits > 3)
		for (int i = page == page_visited + BLCKSZ ? BLCKSZ : 0; i < 2 * BLCKSZ; i += 64)
			__builtin_prefetch((const void *) (page + i));
#endif
	page_visited = page;
	page_visits = 0;
}
