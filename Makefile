# Ontmoet. `make` lists what there is.
#
# Needs Python 3.11 or newer with venv, and make. Each step leaves a stamp, so a second call is quick.

.DEFAULT_GOAL := help

# One goal has what it needs set up side by side; several go one after another. A make inside another adds nothing.
ifneq ($(words $(MAKECMDGOALS)),1)
.NOTPARALLEL:
else ifeq ($(MAKELEVEL),0)
MAKEFLAGS += --jobs=2
endif

HOST ?= 127.0.0.1
PORT ?= 8000
export HOST PORT

# Python is compiled once, also where the surroundings say not to keep it: each of the processes that are started takes
# 1 second then, not 3.
unexport PYTHONDONTWRITEBYTECODE

# Trust what this machine trusts, also on a network that inspects its traffic.
export UV_SYSTEM_CERTS ?= 1
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt),)
export NODE_EXTRA_CA_CERTS ?= /etc/ssl/certs/ca-certificates.crt
endif

# The system's own Python, where it will do: one that was built by hand, and is found before it, is often a fifth
# slower.
WILL_DO := import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell /usr/bin/python3 -c '$(WILL_DO)' 2>/dev/null && echo /usr/bin/)python3
BIN := .venv/bin
INSTALL := uv pip install --quiet --require-hashes
# Node from our own folder goes first, where it exists.
NODE_PATH := PATH="$(CURDIR)/.venv-node/bin:$$PATH"
HAS_NODE := { node -e 'process.exit(+(parseInt(process.versions.node) < 20))' && npm --version; } >/dev/null 2>&1
ENSURE_NODE = $(HAS_NODE) || $(MAKE) --no-print-directory .venv-node/stamp
ASSET_SOURCES = $(shell find static templates ontmoet -type f -not -path 'static/dist/*' -not -name '*.pyc' -not -name '*.mo') tools/css.mjs

# Fonts: without them Chromium draws boxes for Arabic and Cyrillic, and for emoji.
CHROMIUM := chromium-headless-shell fonts-dejavu-core fonts-noto-color-emoji
APT := DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=1 \
	-o Acquire::http::Timeout=10 -o Acquire::https::Timeout=10

.PHONY: help demo test check lint serve bench lock assets format clean chromium

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' $(MAKEFILE_LIST) | while IFS='|' read -r name text; do \
		printf '  make %-8s %s\n' "$$name" "$$text"; done

demo: .venv/runtime.stamp assets ## Start a filled demo (PORT=8000, ONTMOET_DATA=instance, HOST=0.0.0.0 for a phone)
	@exec $(BIN)/python tools/demo.py

TESTABLE := .venv/tests.stamp chromium assets
# One more than two cores can do at once: some tests wait, for a lock, a clock or a server.
PYTEST := exec $(BIN)/pytest -n 3 --dist worksteal

test: $(TESTABLE) ## Run all tests (ARGS="-k agenda" for some)
	@$(PYTEST) $(ARGS)

check: lint $(TESTABLE) ## Everything CI does: lint, types, contracts, lock files, tests
	@$(PYTEST) $(ARGS)

lint: .venv/dev.stamp ## The quick half of check
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates

serve: .venv/runtime.stamp assets ## Start the production server and the work behind it (see README for its settings)
	@exec $(BIN)/python tools/serve.py

bench: .venv/dev.stamp assets ## Print the benchmark table
	@exec $(BIN)/python -m tests.bench

format: .venv/dev.stamp ## Put the code in the house style
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

lock: .venv/uv.stamp ## Make the lock files again (ARGS=--upgrade for newer Python libraries)
	@for list in requirements-uv requirements requirements-build requirements-dev; do \
		$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
			$(ARGS) "$$list.in" -o "$$list.txt" || exit 1; done
	@+$(ENSURE_NODE)
	@$(NODE_PATH) npm run --silent lock

clean: ## Remove everything made here, except the demo's data
	rm -rf .venv .venv-node node_modules static/dist ontmoet/translations/*/LC_MESSAGES/*.mo build test-results .*_cache .hypothesis

# Python

.venv/uv.stamp: requirements-uv.txt
	@echo 'Setting up Python ...'
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

.venv/runtime.stamp: requirements.txt pyproject.toml .venv/uv.stamp
	@$(BIN)/$(INSTALL) --python .venv -r $<
	@$(BIN)/uv pip install --quiet --python .venv --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev.stamp: requirements-dev.txt .venv/runtime.stamp
	@echo 'Setting up what tests and checks need ...'
	@$(BIN)/$(INSTALL) --python .venv -r $<
	@touch $@

# Browser assets

assets: static/dist/manifest.json ## Build the style sheet and scripts into static/dist

static/dist/manifest.json: node_modules/.package-lock.json .venv/runtime.stamp $(ASSET_SOURCES)
	@$(NODE_PATH) $(BIN)/python -m ontmoet.web.build
	@touch $@

# Where Node is missing, Python's installer fetches it. With + make knows that this may be a make too.
node_modules/.package-lock.json: package.json package-lock.json .npmrc | .venv/uv.stamp
	@echo 'Setting up browser libraries ...'
	@+$(ENSURE_NODE)
	@$(NODE_PATH) npm ci --silent
	@touch $@

.venv-node/stamp: requirements-build.txt .venv/uv.stamp
	@echo 'Setting up Node ...'
	@$(PYTHON) -m venv --without-pip .venv-node
	@$(BIN)/$(INSTALL) --python .venv-node -r $<
	@touch $@

# What only tests need

# PostgreSQL is tried, and libraries are compiled once, not by each of the processes that the tests start.
.venv/tests.stamp: .venv/dev.stamp
	@$(BIN)/python tools/try_postgres.py
	@$(BIN)/python -W ignore -c 'import tests.fixtures'
	@touch $@

chromium:
	@command -v chromium-headless-shell >/dev/null \
		|| { [ "$$(id -u)" = 0 ] && echo 'Installing Chromium ...' && $(APT) update -qq \
			&& $(APT) install -qq -y --no-install-recommends $(CHROMIUM) >/dev/null; } \
		|| command -v chromium >/dev/null \
		|| { echo 'The browser tests need Chromium: sudo apt-get install $(CHROMIUM)' >&2; exit 1; }
