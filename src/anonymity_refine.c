/*
 * anonymity_refine.c
 *	  A good way to show records, where there are too many to try them all.
 *
 * Down from the finest, by what gains most records for its loss, and from there
 * up again wherever less can be lost.
 */
#include "postgres.h"

#include "anonymity.h"

int64
total_loss(const Search *search, const int *step, int64 left)
{
	int64		loss = 0;
	int64		weights = 0;

	for (int i = 0; i < search->attributes; i++)
	{
		const Attribute *a = &search->attribute[i];

		loss += a->weight * (step[i] < a->steps ? a->loss[step[i]] : MILLION);
		weights += a->weight;
	}
	return loss * (search->records - left) + weights * MILLION * left;
}

/*
 * From everything at its finest, always the step coarser that gains most records
 * for what it loses, until few enough are left out.
 */
static bool
coarsen(Search *search, int *step, int64 *left)
{
	*left = try_node(search, step);
	while (*left > search->max_left || !hide_left(search, step, left))
	{
		double		most = -1;
		int			coarser = -1;

		for (int i = 0; i < search->attributes; i++)
		{
			const Attribute *a = &search->attribute[i];
			int64		gained;
			int64		lost;

			if (step[i] == a->steps)
				continue;
			lost = -total_loss(search, step, 0);
			step[i]++;
			lost += total_loss(search, step, 0);
			gained = *left - try_node(search, step);
			if ((double) Max(gained, 0) / Max(lost, 1) > most)
			{
				most = (double) Max(gained, 0) / Max(lost, 1);
				coarser = i;
			}
			step[i]--;
		}
		if (coarser < 0)
			return false;
		step[coarser]++;
		*left = try_node(search, step);
	}
	return true;
}

int32
refine(Search *search, int64 *best)
{
	int			step[MAX_ATTRIBUTES] = {0};
	bool		dead[MAX_ATTRIBUTES] = {false};
	int			finer = -1;
	int32		number = 0;
	int64		left;

	if (!coarsen(search, step, &left))
		return -1;
	*best = total_loss(search, step, left);

	do
	{
		finer = -1;
		for (int i = 0; i < search->attributes; i++)
		{
			int64		loss;

			if (dead[i] || step[i] == 0)
				continue;
			step[i]--;
			left = try_node(search, step);
			/* what fails now does so when others are finer */
			dead[i] = left > search->max_left || !hide_left(search, step, &left);
			loss = total_loss(search, step, left);
			if (!dead[i] && (loss < *best || (loss == *best && finer < 0)))
			{
				*best = loss;
				finer = i;
			}
			step[i]++;
		}
		if (finer >= 0)
			step[finer]--;
	} while (finer >= 0);

	for (int i = 0; i < search->attributes; i++)
		number += step[i] * search->attribute[i].stride;
	return number;
}
