/*
 * vocabulary.h
 *	  Closed vocabularies: a code (1 upwards) for every label.
 *
 * Codes are what packed values hold, so a vocabulary only grows, at its end.
 * They follow the codebook and the PBS questionnaire, never an enum's order.
 */
#ifndef REGISTRY_VOCABULARY_H
#define REGISTRY_VOCABULARY_H

#include "compat.h"

typedef struct Vocabulary
{
	const char *name;			/* of the SQL enum, where there is one; for messages */
	int			size;
	const char *const *labels;	/* labels[code - 1] */
} Vocabulary;

extern REGISTRY_LOCAL const Vocabulary sex_vocabulary;
extern REGISTRY_LOCAL const Vocabulary marital_status_vocabulary;
extern REGISTRY_LOCAL const Vocabulary relationship_vocabulary;
extern REGISTRY_LOCAL const Vocabulary employment_vocabulary;
extern REGISTRY_LOCAL const Vocabulary work_vocabulary;
extern REGISTRY_LOCAL const Vocabulary disability_vocabulary;
extern REGISTRY_LOCAL const Vocabulary chronic_disease_vocabulary;
extern REGISTRY_LOCAL const Vocabulary area_level_vocabulary;
extern REGISTRY_LOCAL const Vocabulary family_kind_vocabulary;
extern REGISTRY_LOCAL const Vocabulary update_type_vocabulary;
extern REGISTRY_LOCAL const Vocabulary case_state_vocabulary;
extern REGISTRY_LOCAL const Vocabulary case_event_vocabulary;
extern REGISTRY_LOCAL const Vocabulary update_reason_vocabulary;

#define SEX_MALE			1
#define SEX_FEMALE			2
#define SEX_TRANSGENDER		3

#define NEVER_MARRIED		1
#define MARRIED				2
#define WIDOWED				3
#define DIVORCED			4
#define SEPARATED			5
#define NIKAH_ONLY			6	/* not yet married */

#define RELATIONSHIP_HEAD				1
#define RELATIONSHIP_SPOUSE				2
#define RELATIONSHIP_CHILD				3
#define RELATIONSHIP_GRANDCHILD			4
#define RELATIONSHIP_PARENT				5
#define RELATIONSHIP_SIBLING			6
#define RELATIONSHIP_NEPHEW_OR_NIECE	7
#define RELATIONSHIP_CHILD_IN_LAW		8
#define RELATIONSHIP_SIBLING_IN_LAW		9
#define RELATIONSHIP_PARENT_IN_LAW		10
#define RELATIONSHIP_GRANDPARENT		11
#define RELATIONSHIP_UNCLE_OR_AUNT		12
#define RELATIONSHIP_OTHER				14

#define COUPLE							1
#define COUPLE_WITH_CHILDREN			2
#define DIVORCED_OR_SEPARATED_WOMAN		3
#define WIDOW							4

#define EMPLOYED			1

/* More than any vocabulary that an enum mirrors. */
#define VOCABULARY_MAX		32

/* One enum's values as met so far; zeroed to start with, kept in fn_extra. */
typedef struct EnumCache
{
	Oid			oid[VOCABULARY_MAX + 1];	/* by code */
} EnumCache;

extern REGISTRY_LOCAL int vocabulary_code(const Vocabulary *vocabulary, const char *label, int length);
extern REGISTRY_LOCAL char *vocabulary_list(const Vocabulary *vocabulary);
extern REGISTRY_LOCAL int enum_code(const Vocabulary *vocabulary, EnumCache *cache, Oid value);
extern REGISTRY_LOCAL Oid enum_value(const Vocabulary *vocabulary, EnumCache *cache, int code, Oid type);

#endif							/* REGISTRY_VOCABULARY_H */
