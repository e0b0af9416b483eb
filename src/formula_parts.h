/*
 * formula_parts.h
 *	  Reading the parts of a formula.  Each function is false after a soft error.
 */
#ifndef REGISTRY_FORMULA_PARTS_H
#define REGISTRY_FORMULA_PARTS_H

#include "formula.h"

typedef struct Compiler
{
	Node	   *escontext;
	const char *where;			/* which term or variant, for messages; NULL the formula */
	bool		unpublished;
} Compiler;

extern REGISTRY_LOCAL bool fail(Compiler *c, const char *format,...) pg_attribute_printf(2, 3);
extern REGISTRY_LOCAL bool check_keys(Compiler *c, const JsonNode *object, const char *what, const char *known);
extern REGISTRY_LOCAL bool read_decimal(Compiler *c, const JsonNode *node, const char *what, int64 *value);
extern REGISTRY_LOCAL bool read_points(Compiler *c, const JsonNode *node, const char *what, int32 *points);
extern REGISTRY_LOCAL bool read_optional_points(Compiler *c, const JsonNode *object, const char *key, int32 *points);
extern REGISTRY_LOCAL bool read_position(Compiler *c, const JsonNode *node, uint8 *position);
extern REGISTRY_LOCAL bool read_group(Compiler *c, const JsonNode *node, PmtGroup *group);
extern REGISTRY_LOCAL bool read_label(Compiler *c, const char *label, int position, int *code);
extern REGISTRY_LOCAL bool read_when(Compiler *c, const JsonNode *object, PmtWhen *when);
extern REGISTRY_LOCAL bool read_term(Compiler *c, const JsonNode *object, PmtTerm *term);

#endif							/* REGISTRY_FORMULA_PARTS_H */
