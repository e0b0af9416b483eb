/*
 * family.h
 *	  The families of a roster, by members' indexes.
 */
#ifndef REGISTRY_FAMILY_H
#define REGISTRY_FAMILY_H

#include "kinship.h"

/* How a member was placed, or why in no family. */
typedef enum Evidence
{
	BY_SPOUSE_LINE,
	BY_MOTHER_LINE,
	BY_FATHER_LINE,
	BY_RELATIONSHIP,
	HUSBAND_ELSEWHERE,
	HUSBAND_UNKNOWN,
	NO_WIFE_HERE,
	NO_PARENT_HERE,
	MOTHER_UNCLEAR,
	SEX_UNKNOWN,
	MARITAL_STATUS_UNKNOWN
} Evidence;

typedef struct Family
{
	uint8		woman;			/* indexes of members */
	uint8		husband;		/* or KIN_ELSEWHERE, KIN_UNKNOWN */
	uint8		kind;			/* code of family_kind */
	uint8		counts;			/* a Fact: whether she has the age */
	uint8		evidence;		/* how the husband was found, of married women */
} Family;

#define NO_FAMILY		UNKNOWN

/* Each member is in the family of[i]; a husband of several wives in the first's. */
typedef struct Families
{
	int			n;
	Family		family[ROSTER_MAX_LINE];	/* by the woman's line */
	uint8		of[ROSTER_MAX_LINE];
	uint8		evidence[ROSTER_MAX_LINE];
} Families;

extern REGISTRY_LOCAL void families_derive(const RosterMember *member, int n, int min_age, Families *families);

#endif							/* REGISTRY_FAMILY_H */
