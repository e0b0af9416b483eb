/*
 * compat.h
 *	  What newer PostgreSQL releases have and older supported ones lack.
 */
#ifndef REGISTRY_COMPAT_H
#define REGISTRY_COMPAT_H

/* Soft input errors came with 16; before that, every input error is hard. */
#if PG_VERSION_NUM < 160000
#define ereturn(escontext, result, ...) ereport(ERROR, __VA_ARGS__)
#define errsave(escontext, ...) ereport(ERROR, __VA_ARGS__)
#else
#include "nodes/miscnodes.h"
#include "varatt.h"
#endif

/*
 * Of functions that several files share: modules are loaded RTLD_GLOBAL, and a
 * name visible outside could collide with another extension's.
 */
#define REGISTRY_LOCAL __attribute__((visibility("hidden")))

#endif							/* REGISTRY_COMPAT_H */
