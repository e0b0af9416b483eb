/*
 * composition.h
 *	  The counts of a roster, as answers.
 */
#ifndef REGISTRY_COMPOSITION_H
#define REGISTRY_COMPOSITION_H

#include "indicators.h"
#include "roster.h"

/* Positions AT_members to AT_head_ever_attended. */
#define COMPOSITION		(AT_head_ever_attended - AT_members + 1)

extern REGISTRY_LOCAL void count_roster(const RosterMember *member, int n, uint8 *answer);

#endif							/* REGISTRY_COMPOSITION_H */
