/*
 * anonymity_search.c
 *	  The least coarse way to show records.
 *
 * Each attribute has steps, from its finest to not shown at all, and a choice of
 * one for each is a node.  Records that show the same are a group; what cannot
 * be in a group of k persons, k households and l sensitive values is left out.
 * Nodes are tried in order of what they lose.  One that leaves out too many is
 * coarsened for as long as it still does: nothing finer than what that ends in
 * needs a trial of its own, so that few of very many nodes are.  Where there are
 * too many for that, a good one is found first, and a limit is set to trials.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "port/pg_bitutils.h"

#include "anonymity.h"

/* Of more nodes than the first, the best of so many trials is good enough. */
#define MANY_NODES		50000
#define MAX_TRIALS		1000

/* A step of each attribute, as a number. */
typedef struct Way
{
	int64		loss;
	int32		number;
} Way;

static inline void
pack_code(Combination *c, const Attribute *a, int32 code)
{
	c->word[a->word] |= (uint64) code << a->shift;
}

static inline int
node_step(const Attribute *a, int32 node)
{
	return node / a->stride % (a->steps + 1);
}

/*
 * What a combination shows at a node, but for what is sensitive: nobody is
 * looked up by that.
 */
static Combination
shown_at(const Search *search, const Combination *finest, const int *step)
{
	Combination shown = {{0}};

	for (int i = 0; i < search->attributes; i++)
	{
		const Attribute *a = &search->attribute[i];

		if (!a->sensitive && step[i] < a->steps)
			pack_code(&shown, a, a->coarser[step[i] * a->size + packed_code(finest, a)]);
	}
	return shown;
}

/*
 * The slot of a combination among those at base, size bytes apart, or of none.
 */
static int32 *
find_slot(Search *search, const Combination *c, const void *base, size_t size)
{
	uint32		at = hash_bytes((const unsigned char *) c, sizeof(Combination)) & search->mask;

	while (search->slot[at] >= 0 &&
		   memcmp((const char *) base + size * search->slot[at], c, sizeof(Combination)) != 0)
		at = (at + 1) & search->mask;
	return &search->slot[at];
}

/*
 * Slots for so many combinations, all free.
 */
static void
make_slots(Search *search, int64 combinations)
{
	uint32		slots = 1024;

	while (slots < combinations * 2)
		slots *= 2;
	search->mask = slots - 1;
	search->slot = allocate(slots, sizeof(int32));
	memset(search->slot, -1, slots * sizeof(int32));
}

/*
 * Numbers the finest combinations, as there are far fewer than records.
 */
static void
find_patterns(Search *search)
{
	search->pattern = allocate(search->records, sizeof(int32));
	search->finest = allocate(search->records, sizeof(Combination));
	search->persons = allocate(search->records, sizeof(int64));
	make_slots(search, search->records);

	for (int r = 0; r < search->records; r++)
	{
		Combination c = {{0}};
		int32	   *slot;

		if (r % 65536 == 0)
			CHECK_FOR_INTERRUPTS();
		for (int i = 0; i < search->attributes; i++)
			pack_code(&c, &search->attribute[i], search->attribute[i].code[r]);
		slot = find_slot(search, &c, search->finest, sizeof(Combination));
		if (*slot < 0)
		{
			*slot = search->patterns++;
			search->finest[*slot] = c;
			search->persons[*slot] = 0;
		}
		search->pattern[r] = *slot;
		search->persons[*slot]++;
	}
	pfree(search->slot);
	make_slots(search, search->patterns);
	search->group_size = offsetof(Alike, values) + sizeof(uint64) * search->sensitive;
	search->group = allocate(search->patterns, search->group_size);
	search->group_of = allocate(search->patterns, sizeof(int32));
}

int64
try_node(Search *search, const int *step)
{
	int64		left = 0;

	CHECK_FOR_INTERRUPTS();
	search->tried++;
	search->groups = 0;
	memset(search->slot, -1, ((size_t) search->mask + 1) * sizeof(int32));

	for (int p = 0; p < search->patterns; p++)
	{
		Combination shown = shown_at(search, &search->finest[p], step);
		int32	   *slot = find_slot(search, &shown, search->group, search->group_size);
		Alike	   *g;
		int			n = 0;

		if (*slot < 0)
		{
			*slot = search->groups++;
			g = GROUP(search, *slot);
			memset(g, 0, search->group_size);
			g->shown = shown;
			g->last_household = -1;
		}
		g = GROUP(search, *slot);
		search->group_of[p] = *slot;
		g->persons += search->persons[p];
		for (int i = 0; i < search->attributes; i++)
		{
			const Attribute *a = &search->attribute[i];

			if (!a->sensitive)
				continue;
			if (step[i] < a->steps)
				g->values[n] |= (uint64) 1 << a->coarser[step[i] * a->size + packed_code(&search->finest[p], a)];
			n++;
		}
	}

	/* too few persons alone say so without a look at the records */
	for (int i = 0; i < search->groups; i++)
		if (GROUP(search, i)->persons < search->k)
			left += GROUP(search, i)->persons;
	if (left > search->max_left)
		return left;
	left = 0;

	for (int r = 0; r < search->records; r++)
	{
		Alike	   *g = GROUP(search, search->group_of[search->pattern[r]]);

		if (g->last_household != search->household[r])
		{
			g->last_household = search->household[r];
			g->households++;
		}
	}

	for (int i = 0; i < search->groups; i++)
	{
		Alike	   *g = GROUP(search, i);

		g->left_out = g->persons < search->k || g->households < search->k;
		for (int n = 0; n < search->sensitive; n++)
		{
			uint64		known = g->values[n] & ~(uint64) 1;

			/* where nothing is known, nothing is told */
			g->left_out |= known != 0 && pg_popcount64(known) < search->l;
		}
		if (g->left_out)
			left += g->persons;
	}
	return left;
}

void
steps_of(const Search *search, int32 number, int *step)
{
	for (int i = 0; i < search->attributes; i++)
		step[i] = node_step(&search->attribute[i], number);
}

static int
compare_nodes(const void *a, const void *b)
{
	const Way *one = a;
	const Way *other = b;

	if (one->loss != other->loss)
		return one->loss < other->loss ? -1 : 1;
	return one->number < other->number ? -1 : one->number > other->number;
}

/*
 * Nodes by what they lose; of equals, what was asked for first is finer.
 */
static Way *
order_nodes(Search *search, int32 nodes)
{
	Way		   *node = allocate(nodes, sizeof(Way));

	for (int32 i = 0; i < nodes; i++)
	{
		node[i].number = i;
		node[i].loss = 0;
		for (int j = 0; j < search->attributes; j++)
		{
			const Attribute *a = &search->attribute[j];
			int			step = node_step(a, i);

			node[i].loss += a->weight * (step < a->steps ? a->loss[step] : MILLION);
		}
	}
	qsort(node, nodes, sizeof(Way), compare_nodes);
	return node;
}

int32
search_nodes(Search *search, int32 nodes, int64 *lost)
{
	Way		   *node;
	int		  (*failed)[MAX_ATTRIBUTES] = palloc(sizeof(*failed) * 64);
	int			failures = 0;
	int			room = 64;
	int64		weights = 0;
	int64		best = PG_INT64_MAX;
	int32		chosen = -1;
	int			step[MAX_ATTRIBUTES];

	find_patterns(search);
	node = order_nodes(search, nodes);
	for (int i = 0; i < search->attributes; i++)
		weights += search->attribute[i].weight;

	if (nodes > MANY_NODES)
		chosen = refine(search, &best);
	for (int32 n = 0; n < nodes && node[n].loss * search->records < best; n++)
	{
		bool		fails = false;
		int64		left;
		int64		loss;

		if (n % 4096 == 0)
			CHECK_FOR_INTERRUPTS();
		steps_of(search, node[n].number, step);
		for (int f = failures - 1; f >= 0 && !fails; f--)
		{
			fails = true;
			for (int i = 0; i < search->attributes && fails; i++)
				fails = step[i] <= failed[f][i];
		}
		if (fails)
			continue;
		if (nodes > MANY_NODES && search->tried >= MAX_TRIALS)
			break;

		left = try_node(search, step);
		if (left > search->max_left)
		{
			for (int i = 0; i < search->attributes; i++)
				while (step[i] < search->attribute[i].steps)
				{
					step[i]++;
					if (try_node(search, step) > search->max_left)
						continue;
					step[i]--;
					break;
				}
			if (failures == room)
				failed = repalloc(failed, sizeof(*failed) * (room *= 2));
			memcpy(failed[failures++], step, sizeof(step));
			continue;
		}
		if (!hide_left(search, step, &left))
			continue;
		loss = total_loss(search, step, left);
		if (loss < best)
		{
			best = loss;
			chosen = node[n].number;
		}
	}
	*lost = weights > 0 && search->records > 0 && chosen >= 0 ? best / (weights * search->records) : 0;
	return chosen;
}

int32 *
left_out(Search *search, int32 number, int64 *n)
{
	int			step[MAX_ATTRIBUTES];
	int64		many;
	int32	   *left;

	steps_of(search, number, step);
	many = try_node(search, step);
	hide_left(search, step, &many);
	left = allocate(many, sizeof(int32));
	*n = 0;
	for (int r = 0; r < search->records; r++)
		if (GROUP(search, search->group_of[search->pattern[r]])->left_out)
			left[(*n)++] = r + 1;
	return left;
}
