/*
 * json.h
 *	  A JSON text as a tree, for the types that are written in JSON.
 */
#ifndef REGISTRY_JSON_H
#define REGISTRY_JSON_H

#include "nodes/nodes.h"

#include "compat.h"

typedef enum JsonKind
{
	JSON_OF_NULL,
	JSON_OF_BOOLEAN,
	JSON_OF_NUMBER,
	JSON_OF_STRING,
	JSON_OF_ARRAY,
	JSON_OF_OBJECT
} JsonKind;

typedef struct JsonNode
{
	JsonKind	kind;
	const char *key;			/* in an object, else NULL */
	const char *text;			/* of a scalar: de-escaped string, number as written */
	bool		boolean;
	int			size;			/* of an array or object */
	struct JsonNode *first;		/* its children, in the order written */
	struct JsonNode *last;
	struct JsonNode *next;		/* the next child of the same parent */
} JsonNode;

extern REGISTRY_LOCAL JsonNode *json_read(const char *text, int length, const char *type, const char *example,
									 Node *escontext);
extern REGISTRY_LOCAL const JsonNode *json_member(const JsonNode *object, const char *key);
extern REGISTRY_LOCAL bool json_count(const JsonNode *node, int *count);
extern REGISTRY_LOCAL const char *name_shown(const char *name, int length);

#endif							/* REGISTRY_JSON_H */
