/*
 * family.c
 *	  Who of a household is a family: as many as there are ever-married women.
 *
 * BISP's operations manual: husband, wife and unmarried children; husband and
 * wife; a divorced or separated woman, or a widow, with or without unmarried
 * children.  docs/family.md states each rule; the evidence is tried in the order
 * written there, and where none is left nobody is guessed.
 *
 * Pure: no memory, no errors, whatever the roster says.
 */
#include "postgres.h"

#include "family.h"

/*
 * A mother found by relationship alone is so many years older than the child: so
 * are 99.7 of 100 of the mothers that HIES 2015-16 knows by line.
 */
#define MOTHER_OLDER_FROM	15
#define MOTHER_OLDER_TO		50

#define BIT(code)			(1 << (code))

/* By the wife's relationship to the head: her husband's. */
static const uint8 husband_relationship[] = {
	[RELATIONSHIP_HEAD] = RELATIONSHIP_SPOUSE,
	[RELATIONSHIP_SPOUSE] = RELATIONSHIP_HEAD,
	[RELATIONSHIP_CHILD] = RELATIONSHIP_CHILD_IN_LAW,
	[RELATIONSHIP_PARENT] = RELATIONSHIP_PARENT,
	[RELATIONSHIP_SIBLING] = RELATIONSHIP_SIBLING_IN_LAW,
	[RELATIONSHIP_CHILD_IN_LAW] = RELATIONSHIP_CHILD,
	[RELATIONSHIP_SIBLING_IN_LAW] = RELATIONSHIP_SIBLING,
	[RELATIONSHIP_PARENT_IN_LAW] = RELATIONSHIP_PARENT_IN_LAW,
	[RELATIONSHIP_GRANDPARENT] = RELATIONSHIP_GRANDPARENT,
	[RELATIONSHIP_UNCLE_OR_AUNT] = RELATIONSHIP_UNCLE_OR_AUNT,
	[RELATIONSHIP_OTHER] = 0
};

/* By the child's relationship to the head: the mother's may be one of these. */
static const uint16 mother_relationships[] = {
	[RELATIONSHIP_HEAD] = BIT(RELATIONSHIP_PARENT),
	[RELATIONSHIP_SIBLING] = BIT(RELATIONSHIP_PARENT),
	[RELATIONSHIP_GRANDCHILD] = BIT(RELATIONSHIP_CHILD) | BIT(RELATIONSHIP_CHILD_IN_LAW),
	[RELATIONSHIP_NEPHEW_OR_NIECE] = BIT(RELATIONSHIP_SIBLING) | BIT(RELATIONSHIP_SIBLING_IN_LAW),
	[RELATIONSHIP_SIBLING_IN_LAW] = BIT(RELATIONSHIP_PARENT_IN_LAW),
	[RELATIONSHIP_UNCLE_OR_AUNT] = BIT(RELATIONSHIP_GRANDPARENT),
	[RELATIONSHIP_OTHER] = 0
};

static inline bool
is_man(const RosterMember *m)
{
	return m->sex == SEX_MALE || m->sex == SEX_TRANSGENDER;
}

static inline bool
is_family_woman(const RosterMember *m)
{
	return m->sex == SEX_FEMALE && member_ever_married(m) == FACT_YES;
}

/* Or it is not known that she is none. */
static inline bool
may_be_family_woman(const RosterMember *m)
{
	return (m->sex == SEX_FEMALE || m->sex == 0) && member_ever_married(m) != FACT_NO;
}

/*
 * The member who names index spouse as spouse, of known sex where there is one, or
 * KIN_UNKNOWN; kinship.c leaves at most one of known sex to a wife who names nobody.
 */
static uint8
named_by(const RosterMember *member, int n, const Kinship *kin, uint8 spouse)
{
	uint8		by = KIN_UNKNOWN;

	for (int i = 0; i < n; i++)
	{
		if (kin->spouse[i] != spouse)
			continue;
		if (member[i].sex != 0)
			return i;
		by = i;
	}
	return by;
}

/*
 * Whether a member is the spouse that relationships tell: married, and no line says
 * to whom; unknown where the marital status is.
 */
static Fact
spouse_is_open(const RosterMember *member, int n, const Kinship *kin, uint8 i)
{
	if (kin->spouse[i] != KIN_UNKNOWN || named_by(member, n, kin, i) != KIN_UNKNOWN)
		return FACT_NO;
	return member_married(&member[i]);
}

/*
 * The only husband there can be by relationship for a wife whose line is unknown,
 * or KIN_UNKNOWN.
 */
static uint8
husband_by_relationship(const RosterMember *member, int n, const Kinship *kin, uint8 wife)
{
	int			hers = member[wife].relationship;
	int			his = husband_relationship[hers];
	uint8		husband = KIN_UNKNOWN;

	if (kin->head == KIN_UNKNOWN || his == 0)
		return KIN_UNKNOWN;
	if (hers == RELATIONSHIP_SPOUSE)
		return is_man(&member[kin->head]) && member[kin->head].marital_status == MARRIED ? kin->head : KIN_UNKNOWN;

	/* whoever may be meant, too, makes it unclear */
	for (int i = 0; i < n; i++)
	{
		Fact		open = i == wife ? FACT_NO : spouse_is_open(member, n, kin, i);

		if (open == FACT_NO)
			continue;
		if (member[i].relationship == hers && !is_man(&member[i]))
			return KIN_UNKNOWN;
		if (member[i].relationship == his && member[i].sex != SEX_FEMALE)
		{
			if (husband != KIN_UNKNOWN || open == FACT_UNKNOWN || !is_man(&member[i]))
				return KIN_UNKNOWN;
			husband = i;
		}
	}
	return husband;
}

static inline void
find_husband(const RosterMember *member, int n, const Kinship *kin, Family *family)
{
	family->husband = kin->spouse[family->woman];
	family->evidence = IS_KIN(family->husband) ? BY_SPOUSE_LINE : HUSBAND_ELSEWHERE;
	if (family->husband != KIN_UNKNOWN)
		return;

	family->husband = named_by(member, n, kin, family->woman);
	family->evidence = BY_SPOUSE_LINE;
	if (family->husband == KIN_UNKNOWN)
	{
		family->husband = husband_by_relationship(member, n, kin, family->woman);
		family->evidence = BY_RELATIONSHIP;
	}
	else if (member[family->husband].sex == 0)
		family->husband = KIN_UNKNOWN;	/* he may be a woman, and only he says it */
	if (family->husband == KIN_UNKNOWN)
		family->evidence = HUSBAND_UNKNOWN;
}

/*
 * The only woman who can be the mother by relationship; KIN_ELSEWHERE where there
 * is none, KIN_UNKNOWN where there are two.
 */
static uint8
mother_by_relationship(const RosterMember *member, int n, const RosterMember *child)
{
	uint8		mother = KIN_ELSEWHERE;

	for (int i = 0; i < n; i++)
	{
		if (!may_be_family_woman(&member[i]) || (mother_relationships[child->relationship] & BIT(member[i].relationship)) == 0)
			continue;
		if (child->age != UNKNOWN && member[i].age != UNKNOWN &&
			(member[i].age < child->age + MOTHER_OLDER_FROM || member[i].age > child->age + MOTHER_OLDER_TO))
			continue;
		if (mother != KIN_ELSEWHERE || !is_family_woman(&member[i]))
			return KIN_UNKNOWN;
		mother = i;
	}
	return mother;
}

/*
 * Place an unmarried member with a parent's family, or say why in none.
 *
 * family_of_wife is by the husband's index: the family of his first wife.
 */
static inline Evidence
place_child(const RosterMember *member, int n, const Kinship *kin, const uint8 *family_of_wife,
			uint8 i, Families *families)
{
	const RosterMember *child = &member[i];
	uint8		mother = kin->mother[i];
	uint8		father = kin->father[i];

	if (IS_KIN(mother))
	{
		if (is_family_woman(&member[mother]))
			families->of[i] = families->of[mother];
		return BY_MOTHER_LINE;
	}
	if (IS_KIN(father))
	{
		families->of[i] = family_of_wife[father];
		return BY_FATHER_LINE;
	}
	if (kin->head == KIN_UNKNOWN || child->relationship == 0)
		return NO_PARENT_HERE;
	if (child->relationship == RELATIONSHIP_CHILD)
	{
		if (child->age != UNKNOWN && member[kin->head].age <= child->age)
			return NO_PARENT_HERE;
		if (is_family_woman(&member[kin->head]) && mother == KIN_UNKNOWN)
			families->of[i] = families->of[kin->head];
		else if (is_man(&member[kin->head]) && father == KIN_UNKNOWN)
			families->of[i] = family_of_wife[kin->head];
	}
	else if (mother == KIN_UNKNOWN)
	{
		mother = mother_by_relationship(member, n, child);
		if (mother == KIN_UNKNOWN)
			return MOTHER_UNCLEAR;
		if (mother != KIN_ELSEWHERE)
			families->of[i] = families->of[mother];
	}
	return BY_RELATIONSHIP;
}

/*
 * The families of a roster's n members.  min_age is in years.
 */
void
families_derive(const RosterMember *member, int n, int min_age, Families *families)
{
	uint8		family_of_wife[ROSTER_MAX_LINE];
	Kinship		kin;

	kinship_resolve(member, n, &kin);
	families->n = 0;
	memset(families->of, NO_FAMILY, n);
	memset(family_of_wife, NO_FAMILY, n);

	for (int i = 0; i < n; i++)
	{
		const RosterMember *m = &member[i];
		Family	   *family = &families->family[families->n];

		if (!is_family_woman(m))
			continue;
		families->of[i] = families->n++;
		family->woman = i;
		family->husband = KIN_ELSEWHERE;
		family->kind = m->marital_status == MARRIED ? COUPLE :
			m->marital_status == WIDOWED ? WIDOW : DIVORCED_OR_SEPARATED_WOMAN;
		family->counts = m->age == UNKNOWN ? FACT_UNKNOWN : m->age >= min_age ? FACT_YES : FACT_NO;
		if (family->kind == COUPLE)
			find_husband(member, n, &kin, family);
	}

	/* the first wife is whom he names, else the one of the lowest line */
	for (int f = 0; f < families->n; f++)
	{
		uint8		husband = families->family[f].husband;

		if (IS_KIN(husband) &&
			(family_of_wife[husband] == NO_FAMILY || kin.spouse[husband] == families->family[f].woman))
			family_of_wife[husband] = families->of[husband] = f;
	}

	for (int i = 0; i < n; i++)
	{
		const RosterMember *m = &member[i];
		Fact		married = member_ever_married(m);

		if (families->of[i] != NO_FAMILY)
			continue;
		if (married != FACT_NO)
		{
			families->evidence[i] = married == FACT_UNKNOWN ? MARITAL_STATUS_UNKNOWN :
				m->sex == 0 ? SEX_UNKNOWN : NO_WIFE_HERE;
			continue;
		}
		families->evidence[i] = place_child(member, n, &kin, family_of_wife, i, families);
		if (families->of[i] == NO_FAMILY)
		{
			if (families->evidence[i] != MOTHER_UNCLEAR)
				families->evidence[i] = NO_PARENT_HERE;
		}
		else if (families->family[families->of[i]].kind == COUPLE)
			families->family[families->of[i]].kind = COUPLE_WITH_CHILDREN;
	}
}
