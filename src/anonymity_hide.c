/*
 * anonymity_hide.c
 *	  Records left out, so that no total less the records tells of them.
 *
 * Who is left out is of a group that is too small.  Totals that others have
 * would tell how many those are, by each value: where that is few, larger
 * groups are left out with them.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "anonymity.h"

/*
 * The code by which totals that others have would tell a record: what is shown
 * of it, but an area no finer than totals go.
 */
static inline int32
public_code(const Attribute *a, int step, int32 code)
{
	step = Max(step, a->public_step);
	return step < a->steps ? a->coarser[step * a->size + code] : 0;
}

/*
 * Leaves out one more group, the smallest, for each value of an attribute that
 * is short; whether there was one for each.
 */
static bool
leave_more(Search *search, const Attribute *a, int step, const bool *is_short, int64 *left)
{
	int32	   *smallest = palloc(sizeof(int32) * a->size);
	bool		found = true;

	memset(smallest, -1, sizeof(int32) * a->size);
	for (int p = 0; p < search->patterns; p++)
	{
		int32		value = public_code(a, step, packed_code(&search->finest[p], a));
		Alike	   *g = GROUP(search, search->group_of[p]);
		Alike	   *other;

		if (!is_short[value] || g->left_out)
			continue;
		other = smallest[value] < 0 ? NULL : GROUP(search, smallest[value]);
		if (other == NULL || g->persons < other->persons ||
			(g->persons == other->persons && memcmp(&g->shown, &other->shown, sizeof(Combination)) < 0))
			smallest[value] = search->group_of[p];
	}
	for (int v = 0; v < a->size; v++)
	{
		Alike	   *g;

		if (!is_short[v])
			continue;
		if (smallest[v] < 0)
		{
			found = false;
			break;
		}
		g = GROUP(search, smallest[v]);
		if (!g->left_out)
			*left += g->persons;
		g->left_out = true;
	}
	pfree(smallest);
	return found;
}

/*
 * Whether those left out are k persons and households of each value that they
 * have, so that no total less the records tells of fewer: larger groups go with
 * them until they are, as far as so many may be left out.
 */
bool
hide_left(Search *search, const int *step, int64 *left)
{
	bool		again = *left > 0;

	while (again && *left <= search->max_left)
	{
		again = false;
		for (int i = 0; i < search->attributes && *left <= search->max_left; i++)
		{
			const Attribute *a = &search->attribute[i];
			int64	   *persons = palloc0(sizeof(int64) * a->size);
			int64	   *households = palloc0(sizeof(int64) * a->size);
			int32	   *last = palloc(sizeof(int32) * a->size);
			bool	   *is_short = palloc0(sizeof(bool) * a->size);
			bool		some_short = false;

			CHECK_FOR_INTERRUPTS();
			memset(last, -1, sizeof(int32) * a->size);
			for (int r = 0; r < search->records; r++)
			{
				int32		value;

				if (!GROUP(search, search->group_of[search->pattern[r]])->left_out)
					continue;
				value = public_code(a, step[i], a->code[r]);
				persons[value]++;
				households[value] += last[value] != search->household[r];
				last[value] = search->household[r];
			}
			for (int v = 0; v < a->size; v++)
			{
				is_short[v] = persons[v] > 0 && (persons[v] < search->k || households[v] < search->k);
				some_short |= is_short[v];
			}
			if (some_short && !leave_more(search, a, step[i], is_short, left))
				return false;
			again |= some_short;
			pfree(persons);
			pfree(households);
			pfree(last);
			pfree(is_short);
		}
	}
	return *left <= search->max_left;
}
