/*
 * anonymity.h
 *	  Records, and the search for the least coarse way to show them.
 */
#ifndef REGISTRY_ANONYMITY_H
#define REGISTRY_ANONYMITY_H

#include "utils/memutils.h"

#include "compat.h"

#define MAX_ATTRIBUTES	64
#define MAX_NODES		(1 << 20)
#define MAX_WORDS		4		/* of a combination's codes, packed */
#define MILLION			1000000

typedef struct Attribute
{
	int			steps;			/* at which it is shown; one more hides it */
	int			size;			/* codes, 0 being NULL */
	const int32 *code;			/* of each record, at its finest */
	const int32 *coarser;		/* steps x size: what a code becomes */
	const int32 *loss;			/* of each step, in millionths */
	int64		weight;
	bool		sensitive;
	int			public_step;	/* before which no total of others goes */
	int			word;			/* where its code goes in a combination's */
	int			shift;
	uint64		mask;
	int64		stride;			/* of a node's number */
} Attribute;

typedef struct Combination
{
	uint64		word[MAX_WORDS];
} Combination;

typedef struct Alike
{
	Combination shown;
	int64		persons;
	int64		households;
	int32		last_household;
	bool		left_out;
	uint64		values[MAX_ATTRIBUTES]; /* seen of those that are sensitive; NULL is none */
} Alike;

typedef struct Search
{
	int			attributes;
	Attribute	attribute[MAX_ATTRIBUTES];
	int			sensitive;		/* how many are */
	int			records;
	const int32 *household;
	int32	   *pattern;		/* of each record, its finest combination */
	int			patterns;
	Combination *finest;
	int64	   *persons;		/* of each pattern */

	int32	   *group_of;		/* of each pattern, at the node tried last */
	int			groups;
	Alike	   *group;
	size_t		group_size;
	int32	   *slot;
	uint32		mask;

	int			k;
	int			l;
	int64		max_left;
	int			tried;
} Search;

/* As large as there are sensitive attributes. */
#define GROUP(search, i) ((Alike *) ((char *) (search)->group + (search)->group_size * (i)))

/*
 * The number of the node that loses least, in millionths, or -1 where even
 * showing nothing does not hold.
 */
extern REGISTRY_LOCAL int32 search_nodes(Search *search, int32 nodes, int64 *lost);

/*
 * Which records a node leaves out, from 1, and how many.
 */
extern REGISTRY_LOCAL int32 *left_out(Search *search, int32 number, int64 *n);

extern REGISTRY_LOCAL void steps_of(const Search *search, int32 number, int *step);

/*
 * Groups of what a node shows, those too small left out.  How many records that
 * leaves out; where it is too many, it may be more than is told.
 */
extern REGISTRY_LOCAL int64 try_node(Search *search, const int *step);

/* What is lost by a node that leaves out so many, times records. */
extern REGISTRY_LOCAL int64 total_loss(const Search *search, const int *step, int64 left);

/* A good node by its number, and its loss; -1 where there is none. */
extern REGISTRY_LOCAL int32 refine(Search *search, int64 *best);

/* The code of an attribute in a combination. */
static inline int32
packed_code(const Combination *c, const Attribute *a)
{
	return (c->word[a->word] >> a->shift) & a->mask;
}

/*
 * Whether what the node tried last leaves out can be hidden: it may leave out
 * more for that, and adds them.
 */
extern REGISTRY_LOCAL bool hide_left(Search *search, const int *step, int64 *left);

/* An array of any size. */
static inline void *
allocate(int64 n, size_t size)
{
	return MemoryContextAllocHuge(CurrentMemoryContext, Max(n, 1) * size);
}

#endif							/* REGISTRY_ANONYMITY_H */
