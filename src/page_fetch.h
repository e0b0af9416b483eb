/*
 * page_fetch.h
 *	  Have the pages to come on their way while a scan works on this one.
 *
 * A heap page is read from its end, at uneven steps that the processor does not
 * guess: it waited for every row's value, for longer than it worked on it.
 */
#ifndef REGISTRY_PAGE_FETCH_H
#define REGISTRY_PAGE_FETCH_H

#include "compat.h"

extern REGISTRY_LOCAL uintptr_t page_visited;
extern REGISTRY_LOCAL unsigned page_visits;

extern REGISTRY_LOCAL void page_enter(uintptr_t page);

/*
 * A value of the page is about to be read; it need not be in one.
 */
static inline void
page_fetch(const void *value)
{
	uintptr_t	page = (uintptr_t) value & ~(uintptr_t) (BLCKSZ - 1);

	if (page == page_visited)
		page_visits++;
	else
		page_enter(page);
}

#endif							/* REGISTRY_PAGE_FETCH_H */
