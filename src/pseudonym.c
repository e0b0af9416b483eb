/*
 * pseudonym.c
 *	  Pseudonyms: HMAC-SHA-256 of a value, cut to a uuid of version 8.
 *
 * The key is taken in once: the two hashes that have read it, inner and outer,
 * are kept in fn_extra and copied a row, as long as the bytes of the key are the
 * same.  The server's own pg_hmac cannot be copied, so what it is built on is used:
 * OpenSSL's digests, or without OpenSSL the server's, which read the pads anew.
 * What was derived of a key is wiped with the memory it is in.
 */
#include "postgres.h"

#include "common/cryptohash.h"
#include "common/sha2.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/uuid.h"

#ifdef USE_OPENSSL
#include <openssl/evp.h>
#endif

#include "compat.h"

#define BLOCK		PG_SHA256_BLOCK_LENGTH
#define DIGEST		PG_SHA256_DIGEST_LENGTH
#define MIN_KEY		16
#define MAX_KEY		BLOCK

typedef struct KeyedHash
{
	int			key_size;		/* 0: no key was taken in */
	uint8		key[MAX_KEY];
	uint8		inner_pad[BLOCK];
	uint8		outer_pad[BLOCK];
#ifdef USE_OPENSSL
	EVP_MD_CTX *inner;			/* has read inner_pad */
	EVP_MD_CTX *outer;
	EVP_MD_CTX *work;
#else
	pg_cryptohash_ctx *work;
#endif
	MemoryContextCallback forget;
} KeyedHash;

/*
 * The hashes are not of a memory context of ours.
 */
static void
forget_key(void *arg)
{
	KeyedHash  *hash = arg;

#ifdef USE_OPENSSL
	EVP_MD_CTX_free(hash->inner);
	EVP_MD_CTX_free(hash->outer);
	EVP_MD_CTX_free(hash->work);
#else
	pg_cryptohash_free(hash->work);
#endif
	explicit_bzero(hash, sizeof(KeyedHash));
}

static void
fail_to_hash(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INTERNAL_ERROR),
			 errmsg("could not compute a pseudonym"),
			 errhint("The server's cryptographic library refused SHA-256.")));
}

#ifdef USE_OPENSSL

static void
open_hash(KeyedHash *hash)
{
	hash->inner = EVP_MD_CTX_new();
	hash->outer = EVP_MD_CTX_new();
	hash->work = EVP_MD_CTX_new();
	if (hash->inner == NULL || hash->outer == NULL || hash->work == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY),
				 errmsg("out of memory")));
}

static bool
read_pad(EVP_MD_CTX *state, const uint8 *pad)
{
	return EVP_DigestInit_ex(state, EVP_sha256(), NULL) == 1 && EVP_DigestUpdate(state, pad, BLOCK) == 1;
}

static bool
read_pads(KeyedHash *hash)
{
	return read_pad(hash->inner, hash->inner_pad) && read_pad(hash->outer, hash->outer_pad);
}

static bool
half(EVP_MD_CTX *work, const EVP_MD_CTX *keyed, const void *data, size_t size, uint8 *digest)
{
	return EVP_MD_CTX_copy_ex(work, keyed) == 1 && EVP_DigestUpdate(work, data, size) == 1 &&
		EVP_DigestFinal_ex(work, digest, NULL) == 1;
}

static bool
keyed_hash(KeyedHash *hash, const void *data, size_t size, uint8 *digest)
{
	return half(hash->work, hash->inner, data, size, digest) &&
		half(hash->work, hash->outer, digest, DIGEST, digest);
}

#else							/* !USE_OPENSSL */

static void
open_hash(KeyedHash *hash)
{
	hash->work = pg_cryptohash_create(PG_SHA256);
	if (hash->work == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY),
				 errmsg("out of memory")));
}

static bool
read_pads(KeyedHash *hash)
{
	return true;
}

static bool
half(pg_cryptohash_ctx *work, const uint8 *pad, const void *data, size_t size, uint8 *digest)
{
	return pg_cryptohash_init(work) >= 0 && pg_cryptohash_update(work, pad, BLOCK) >= 0 &&
		pg_cryptohash_update(work, data, size) >= 0 && pg_cryptohash_final(work, digest, DIGEST) >= 0;
}

static bool
keyed_hash(KeyedHash *hash, const void *data, size_t size, uint8 *digest)
{
	return half(hash->work, hash->inner_pad, data, size, digest) &&
		half(hash->work, hash->outer_pad, digest, DIGEST, digest);
}

#endif							/* USE_OPENSSL */

/*
 * Take in a key of MIN_KEY to MAX_KEY bytes, which RFC 2104 fills up with zeros.
 */
static void
take_key(KeyedHash *hash, const uint8 *key, int size)
{
	hash->key_size = 0;			/* should this fail, there is none */
	memset(hash->key, 0, sizeof(hash->key));
	memcpy(hash->key, key, size);
	for (int i = 0; i < BLOCK; i++)
	{
		hash->inner_pad[i] = hash->key[i] ^ 0x36;
		hash->outer_pad[i] = hash->key[i] ^ 0x5c;
	}
	if (!read_pads(hash))
		fail_to_hash();
	hash->key_size = size;
}

/*
 * The state of this call site, with the key at hand taken in.  Not by
 * get_fn_expr_arg_stable(): PL/pgSQL calls one site with other keys.
 */
static KeyedHash *
hash_of(FmgrInfo *flinfo, const uint8 *key, int size)
{
	KeyedHash  *hash = flinfo->fn_extra;

	if (hash == NULL)
	{
		hash = MemoryContextAllocZero(flinfo->fn_mcxt, sizeof(KeyedHash));
		hash->forget.func = forget_key;
		hash->forget.arg = hash;
		MemoryContextRegisterResetCallback(flinfo->fn_mcxt, &hash->forget);
		open_hash(hash);
		flinfo->fn_extra = hash;
	}
	if (hash->key_size != size || memcmp(hash->key, key, size) != 0)
		take_key(hash, key, size);
	return hash;
}

/*
 * The first 16 bytes, with the version and variant of RFC 9562.
 */
static pg_uuid_t *
uuid_of(const uint8 *digest)
{
	pg_uuid_t  *uuid = palloc(sizeof(pg_uuid_t));

	memcpy(uuid->data, digest, UUID_LEN);
	uuid->data[6] = (uuid->data[6] & 0x0f) | 0x80;
	uuid->data[8] = (uuid->data[8] & 0x3f) | 0x80;
	return uuid;
}

/*
 * pseudonym(key bytea, value text) -> uuid
 */
PG_FUNCTION_INFO_V1(registry_pseudonym);
Datum
registry_pseudonym(PG_FUNCTION_ARGS)
{
	bytea	   *key = PG_GETARG_BYTEA_PP(0);
	text	   *value = PG_GETARG_TEXT_PP(1);
	int			size = VARSIZE_ANY_EXHDR(key);
	uint8		digest[DIGEST];

	if (size < MIN_KEY || size > MAX_KEY)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a key of pseudonyms has %d to %d bytes", MIN_KEY, MAX_KEY),
				 errhint("registry.random_key() makes one of 32 bytes.")));
	if (!keyed_hash(hash_of(fcinfo->flinfo, (const uint8 *) VARDATA_ANY(key), size),
					VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value), digest))
		fail_to_hash();
	PG_FREE_IF_COPY(key, 0);
	PG_FREE_IF_COPY(value, 1);
	PG_RETURN_UUID_P(uuid_of(digest));
}

/*
 * random_key() -> bytea, of 32 bytes
 */
PG_FUNCTION_INFO_V1(registry_random_key);
Datum
registry_random_key(PG_FUNCTION_ARGS)
{
	bytea	   *key = palloc(VARHDRSZ + DIGEST);

	SET_VARSIZE(key, VARHDRSZ + DIGEST);
	if (!pg_strong_random(VARDATA(key), DIGEST))
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("the server has no random bytes"),
				 errhint("Its strong random source failed; nothing was made.")));
	PG_RETURN_BYTEA_P(key);
}
