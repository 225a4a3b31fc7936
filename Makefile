# Every target works on a fresh machine with Python 3.11+ and make; each sets up what it needs once.
PYTHON  ?= python3
RELEASE ?= sample
PORT    ?= 8000

VENV    := .venv
BIN     := $(VENV)/bin
STAMPS  := .cache/stamps
# What is not an error is not said: warnings of a machine's own configuration would fill the screen.
PIP     := $(BIN)/python -m pip -qq --disable-pip-version-check --no-input
# How many tests run side by side.
WORKERS ?= $(shell getconf _NPROCESSORS_ONLN)
# Node from the venv (requirements-node.txt) is found before the system's.
export PATH := $(CURDIR)/$(BIN):$(PATH)

# Where the site will be served (in a workflow: on GitHub Pages), and where its notebooks' pictures are. Read by
# `futures-explorer build`.
SITE_URL ?= $(if $(GITHUB_REPOSITORY),https://$(GITHUB_REPOSITORY_OWNER).github.io/$(notdir $(GITHUB_REPOSITORY))/)
PICTURES ?= content/pages/pictures
export SITE_URL PICTURES

.PHONY: serve build api doctor mirror image addon test pictures bench lint format lock clean help
.DEFAULT_GOAL := help

help: ## This list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

serve: build ## Build the explorer and serve it (PORT=8000 RELEASE=sample|latest|FOLDER)
	@$(BIN)/futures-explorer serve --port $(PORT)

mirror: build ## Put the built site's data on an S3-compatible bucket (TO=s3://BUCKET/PREFIX)
	@test -n "$(TO)" || { echo "Say where to: make mirror TO=s3://BUCKET/PREFIX, with AWS_ACCESS_KEY_ID and the like set"; exit 2; }
	@$(BIN)/futures-explorer mirror --to "$(TO)"

# The first of these that is here; all three take the same arguments.
ENGINE ?= $(firstword $(foreach engine,docker podman buildah,$(shell command -v $(engine) >/dev/null && echo $(engine))))
IMAGE ?= binance-futures-explorer
image: $(STAMPS)/dev build ## Build a container image of the site (IMAGE=NAME ENGINE=docker|podman|buildah)
	@test -n "$(ENGINE)" || { echo "Needed here: docker, podman or buildah"; exit 2; }
	@arguments=$$($(BIN)/python deploy/container/lay_out.py _site .cache/container) && \
	  $(ENGINE) build --file deploy/container/Containerfile --tag "$(IMAGE)" $$arguments .cache/container

addon: setup ## Build jupyterlite-duckdb, for other JupyterLite sites, into dist/
	@$(BIN)/futures-explorer addon

doctor: $(STAMPS)/python ## Look at a deployed site as a browser would (URL=https://…/)
	@test -n "$(URL)" || { echo "Say which: make doctor URL=https://owner.github.io/name/"; exit 2; }
	@$(BIN)/futures-explorer doctor "$(URL)"

build: setup ## Build _site/ (RELEASE=sample|latest|FOLDER)
	@$(BIN)/futures-explorer build --release "$(RELEASE)" $(if $(STORE),--store "$(STORE)")

api: $(STAMPS)/dev ## Write the API alone, into .cache/api/v1, and hold it to its description (RELEASE=…)
	@$(BIN)/futures-explorer api --release "$(RELEASE)"
	@$(BIN)/pytest -q tests/unit/api

pictures: $(STAMPS)/dev build ## Take the pictures of the front page and of README.md in Chromium, and build with them
	@$(BIN)/python tests/support/chromium.py
	@$(BIN)/python tests/pictures/run.py _site "$(PICTURES)"
	@$(MAKE) --no-print-directory build

.PHONY: chunks
chunks: $(STAMPS)/dev build # After a new JupyterLab: record which of its files a notebook needs, and build with them
	@$(BIN)/python tests/support/chromium.py
	@$(BIN)/python tests/chunks/run.py _site
	@$(MAKE) --no-print-directory build

test: lint test-unit test-browser ## Lint, host tests and browser tests (RELEASE=…)

test-changed: $(STAMPS)/dev build ## Only what a change since main can break (BASE=COMMIT)
	@$(BIN)/python tests/support/chromium.py >/dev/null
	@WORKERS=$(WORKERS) $(BIN)/python tests/support/changed.py "$(BASE)"

.PHONY: test-unit test-browser test-release test-changed
test-unit: $(STAMPS)/dev build
	@$(BIN)/python tests/support/install.py "buildah with nginx"
	@$(BIN)/pytest -n $(WORKERS) --dist worksteal tests/unit
test-browser: $(STAMPS)/dev build
	@$(BIN)/python tests/support/chromium.py
	@$(BIN)/python tests/support/install.py Firefox
	@$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder tests/browser
# The short visit in private sessions, too, every notebook in each browser, and the README's table of the browsers that passed it
.PHONY: browsers
browsers: $(STAMPS)/dev build
	@$(BIN)/python tests/support/chromium.py
	@$(BIN)/python tests/support/install.py
	@WRITE_TABLE=1 ALL_BROWSERS=1 $(BIN)/pytest tests/browser/test_browsers.py
# The site built from another release, beside _site: make test-release RELEASE=FOLDER
test-release: $(STAMPS)/dev $(STAMPS)/node
	@$(BIN)/futures-explorer build --release "$(RELEASE)" --out .cache/site-of-release
	@SITE=.cache/site-of-release $(BIN)/pytest tests/browser -k "(test_site and front_page) or (test_quickstart and (native_duckdb or changed_day))"

.PHONY: test-spark bench-scale-out
# docs/scale-out.md by PySpark, too: 400 MB and a Java, so in an environment of its own
SPARK := .cache/spark
$(SPARK)/done: requirements-spark.txt | $(STAMPS)/venv
	@java -version >/dev/null 2>&1 || { echo "PySpark needs Java 17 or newer: sudo apt-get install openjdk-17-jre-headless"; exit 2; }
	@echo "Setting up PySpark in $(SPARK) …"
	@test -x $(SPARK)/bin/python || $(PYTHON) -m venv $(SPARK)
	@$(SPARK)/bin/python -m pip install -qq --disable-pip-version-check --no-input --require-hashes -r requirements-spark.txt
	@touch $@
test-spark: $(STAMPS)/dev $(SPARK)/done
	@SPARK_PYTHON=$(SPARK)/bin/python $(BIN)/pytest tests/unit/test_scale_out.py
bench-scale-out: $(STAMPS)/dev $(SPARK)/done
	@SPARK_PYTHON=$(SPARK)/bin/python $(BIN)/python tests/bench/run.py scale_out

.PHONY: test-duckdb
# DuckDB's own Python tests in the kernel, from a folder outside: make test-duckdb SUITE=duckdb-python/tests
test-duckdb: $(STAMPS)/dev build
	@test -n "$(SUITE)" || { echo "Say where the tests are: make test-duckdb SUITE=FOLDER, the tests of duckdb/duckdb-python"; exit 2; }
	@$(BIN)/python tests/support/chromium.py
	@$(BIN)/python tests/duckdb_suite/run.py "$(SUITE)"

.PHONY: release-download
# Upstream's newest release into FOLDER, with its provenance; needs the GitHub command line `gh`.
UPSTREAM ?= terrylica/binance-futures-availability
release-download:
	@test -n "$(FOLDER)" || { echo "Say where to: make release-download FOLDER=release"; exit 2; }
	@gh release download latest --repo "$(UPSTREAM)" --dir "$(FOLDER)" --clobber \
	  --pattern availability.duckdb.gz --pattern 'availability-daily.parquet' --pattern volume-rankings-timeseries.parquet
	@gh release view latest --repo "$(UPSTREAM)" --json tagName,assets --jq '{tag: .tagName, repository: "$(UPSTREAM)", \
	  published: (.assets | map(.updatedAt) | max), synthetic: false}' > "$(FOLDER)/release.json"

.PHONY: bench-layout bench-year bench-links
bench-layout: $(STAMPS)/python
	@$(BIN)/python tests/bench/layout.py --encodings --times-ten
bench-year: $(STAMPS)/python
	@$(BIN)/python tests/bench/year.py

bench-links: $(STAMPS)/dev $(STAMPS)/node
	@$(BIN)/python tests/bench/fuzz_links.py

bench: $(STAMPS)/dev build ## Counts, sizes and ratios, measured and held to their limits
	@$(BIN)/python tests/bench/run.py

TYPED := build/engine build/labextension build/sqlkernel build/start build/start/src/service-worker
.PHONY: lint-python lint-workflows $(TYPED:%=types-of/%)
lint: $(STAMPS)/dev $(STAMPS)/node ## Code style, types, workflows
	@$(MAKE) --silent --no-print-directory -j$(WORKERS) lint-python lint-workflows $(TYPED:%=types-of/%)
lint-python:
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
$(TYPED:%=types-of/%): types-of/%:
	@npx --no-install tsc --noEmit -p $*
lint-workflows:
	@$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(BIN)/zizmor --offline --no-progress --quiet .github/workflows

# --- Daily refresh: the steps of .github/workflows/refresh.yml, which run on a laptop too ----------------------
# FETCH is where the release comes from (empty: upstream; a folder: FETCH="--from FOLDER"), REMOTE where the store
# lives between runs (github:OWNER/NAME or a folder). Run them in this order.
REMOTE  ?= .cache/refresh/remote
STORE   ?=
REPOSITORY ?= $(GITHUB_REPOSITORY)
FETCH   ?=
REFRESH := .cache/refresh
SITE    := _site
FETCHED  = $$(cat $(REFRESH)/release)
STEP     = $(BIN)/python -m futures_explorer.refresh

.PHONY: refresh-fetch refresh-new refresh-pull refresh-build refresh-pictures refresh-test refresh-push refresh-keep refresh-count refresh-report
refresh-fetch: $(STAMPS)/python # Bring the release into the cache
	@mkdir -p $(REFRESH)
	@$(BIN)/futures-explorer fetch $(FETCH) > $(REFRESH)/release
refresh-new: $(STAMPS)/python # Say true where the store has no snapshot of it, else false
	@$(STEP) new --remote "$(REMOTE)" --release "$(FETCHED)"
refresh-pull: $(STAMPS)/python # Bring the store here, keep what the policy keeps
	@$(STEP) pull --remote "$(REMOTE)" --store $(REFRESH)/store
	@$(BIN)/futures-explorer snapshots prune --store $(REFRESH)/store
refresh-build: $(STAMPS)/python # Add the snapshot, build the site (DATA=--data-only: its data only)
	@$(BIN)/futures-explorer build $(DATA) --release "$(FETCHED)" --store $(REFRESH)/store --out $(SITE)
refresh-pictures: # The notebooks' pictures, of the new snapshot
	@$(MAKE) --no-print-directory pictures RELEASE="$(FETCHED)" STORE=$(REFRESH)/store
refresh-test: $(STAMPS)/dev # Data and browser tests on the result
	@EXPLORER_DATA=$(SITE)/data $(BIN)/pytest tests/unit/test_data_docs.py
	@$(if $(DATA),,$(MAKE) --no-print-directory test-browser RELEASE="$(FETCHED)" STORE=$(REFRESH)/store)
refresh-push: $(STAMPS)/python # Send the store back
	@$(STEP) push --remote "$(REMOTE)" --store $(REFRESH)/store
refresh-keep: $(STAMPS)/python # Send back only what links name: starter notebooks and kernels
	@$(STEP) keep --remote "$(REMOTE)" --store $(REFRESH)/store
refresh-count: $(STAMPS)/python # Add GitHub's counts of downloads, visitors and refused refreshes to the store (REPOSITORY=OWNER/NAME)
	@test -n "$(REPOSITORY)" || { echo "Say whose: make refresh-count REPOSITORY=OWNER/NAME"; exit 2; }
	@$(STEP) count --remote "$(REMOTE)" --repository "$(REPOSITORY)"
refresh-report: $(STAMPS)/python # Open or update one issue with the message in $(REFRESH)/message
	@$(STEP) report --remote "$(REMOTE)" --message $(REFRESH)/message
# ---------------------------------------------------------------------------------------------------------------

format: $(STAMPS)/dev ## Format the Python code
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

clean: ## Remove what was built; keeps downloads in the platform's cache
	@rm -rf _site .cache $(VENV) node_modules

lock: $(STAMPS)/dev ## Resolve requirements*.in again (needs the package registry)
	@set -e; COMPILE="$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-header --no-annotate"; \
	$$COMPILE --universal --python-version 3.11 -o requirements.txt requirements.in; \
	$$COMPILE --universal --python-version 3.11 -o requirements-dev.txt requirements-dev.in; \
	$$COMPILE --universal --python-version 3.11 -o requirements-node.txt requirements-node.in; \
	$$COMPILE --universal --python-version 3.11 --no-deps -o requirements-engine.txt requirements-engine.in; \
	$$COMPILE --universal --python-version 3.11 -o tests/duckdb_suite/requirements.txt tests/duckdb_suite/requirements.in; \
	$$COMPILE --universal --python-version 3.11 -o requirements-spark.txt requirements-spark.in; \
	$$COMPILE --python-version 3.14 --no-deps -o requirements-upstream.txt requirements-upstream.in; \
	$$COMPILE --python-version 3.14 --python-platform wasm32-pyodide2024 -o requirements-kernel.txt requirements-kernel.in

$(STAMPS)/venv: requirements-node.txt
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; $(PYTHON) is " + sys.version.split()[0] + ". Set PYTHON=…") if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null || \
	  { echo "No Node 20 or newer here: installing one into $(VENV) …"; $(PIP) install --require-hashes -r requirements-node.txt; }
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/python: requirements.txt pyproject.toml | $(STAMPS)/venv
	@echo "Setting up Python packages in $(VENV) …"
	@$(PIP) install --require-hashes -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(STAMPS)/dev: requirements-dev.txt $(STAMPS)/python
	@echo "Setting up test and lint tools …"
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

$(STAMPS)/node: package-lock.json | $(STAMPS)/venv
	@echo "Setting up Node packages …"
	@npm ci --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@

# Both at once, as each mostly waits for the network.
.PHONY: setup
setup: $(STAMPS)/venv
	@$(MAKE) --silent --no-print-directory -j2 $(STAMPS)/python $(STAMPS)/node
