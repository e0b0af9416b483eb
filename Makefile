# registry: PGXS build.  Build in the source tree; VPATH builds are not supported.
#
# make demo, make test, make bench and make reference set up what they need by themselves and
# work where no PostgreSQL is installed yet; everything else needs pg_config.

EXTENSION  = registry
EXTVERSION = $(shell sed -n "s/^default_version = '\(.*\)'/\1/p" registry.control)
PGFILEDESC = "registry - national socio-economic registry for PostgreSQL"

MODULE_big = registry
OBJS       = $(patsubst %.c,%.o,$(sort $(wildcard src/*.c)))

# The install script is the numbered parts, in order.  Numbers also keep a part
# from sharing a test's name: pg_regress would run sql/cnic.sql as test "cnic".
PARTS      = $(sort $(wildcard sql/[0-9]*.sql))
STORE      = $(sort $(wildcard sql/store/[0-9]*.sql))
DATA_built = registry--$(EXTVERSION).sql
DATA       = $(wildcard sql/registry--*.sql)

# Scripts in test/, answers in expected/.
REGRESS        := $(sort $(patsubst test/sql/%.sql,%,$(wildcard test/sql/*.sql)))
REGRESS_OPTS    = --inputdir=test --load-extension=postgis --load-extension=pg_trgm --load-extension=registry
ISOLATION      := $(sort $(patsubst test/specs/%.spec,%,$(wildcard test/specs/*.spec)))
ISOLATION_OPTS  = $(REGRESS_OPTS) --outputdir=.

# In CPPFLAGS because the JIT's bitcode gets those and not CFLAGS.
PG_CPPFLAGS = -ffp-contract=off

# The solver of src/cube_solve.c is linked in whole, and none of its names go out.
SHLIB_LINK  = -llpsolve55_pic -lcolamd -ldl -lm -Wl,--exclude-libs,ALL
# Pseudonyms hash by what the server hashes by: OpenSSL where it was built with it.
SHLIB_LINK += $(filter -lcrypto,$(LIBS))

PG_CONFIG ?= pg_config
PGXS      := $(shell $(PG_CONFIG) --pgxs 2>/dev/null)
ifneq ($(wildcard $(PGXS)),)
include $(PGXS)

# The store's plain DDL becomes the body of registry.create_store(), at the mark.
registry--$(EXTVERSION).sql: $(PARTS) $(STORE) Makefile
	awk '$$0 == "@STORE@" { while ((cmd | getline line) > 0) print line; next } 1' \
		cmd="cat $(STORE)" $(PARTS) >$@

$(OBJS): $(wildcard src/*.h)

# The client, in a folder of its own, goes with the extension.
all: client
install: install-client
uninstall: uninstall-client
clean: clean-client
client install-client uninstall-client clean-client:
	$(MAKE) -C report $(patsubst client,all,$(@:%-client=%)) PG_CONFIG=$(PG_CONFIG)
.PHONY: client install-client uninstall-client clean-client
else
all install uninstall clean installcheck:
	@echo "make $@: $(PG_CONFIG) of a postgresql-server-dev package is missing" >&2; exit 1
endif

# N (of bench), SUITES (of test) and PGVERSION come through the environment.
# make reference writes the pages of docs/ that are made from the catalog.
.PHONY: demo test bench reference
demo test bench reference:
	@sh test/run.sh $@
