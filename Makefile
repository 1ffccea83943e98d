# Everything a person does with this project. `make help` lists it.
#
# TORCH_INDEX: only tests, training and other models than the bundled one need PyTorch. Where pip finds a CPU build by
# itself leave this empty; elsewhere name PyTorch's CPU index, or Linux brings gigabytes of CUDA:
#   make test TORCH_INDEX=https://download.pytorch.org/whl/cpu

SHELL := /bin/bash
PYTHON ?= python3
VENV ?= .venv
TORCH ?= torch==2.13.0
TORCH_INDEX ?=
URL ?=
BENCHMARK_DATA ?= ../shared/data
# What the shipped weights learned from beside this repository. Empty: learn without, which makes other weights.
TRAINING_DATA ?= build/training-data
STANCE_DATA ?= $(addprefix $(TRAINING_DATA)/,fm2_dev.jsonl.gz fm2_test.jsonl.gz feversymmetric_test.jsonl.gz)
JUDGED_POSTS ?= $(TRAINING_DATA)/judged
ARGS ?=

BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
TESTING := $(VENV)/.testing
TOOLS := $(VENV)-tools
PIP := python -m pip --disable-pip-version-check -q
# Every file is checked against the constraints, and none runs code to build itself.
LOCKED := --require-hashes --only-binary :all:
# Node.js comes as a Python package.
WITH_NODE := PATH="$(abspath $(BIN)):$$PATH"
# The extension is checked by TypeScript 7. openapi-typescript still needs TypeScript 5, which lies beside it.
TSC := node_modules/typescript-7/bin/tsc
API := build/openapi.json
EXTENSION_UNITS = $(WITH_NODE) node --test "tests/extension/unit/**/*.test.js" "tests/integrations/coop/*.test.js"
# The tests in parts, two at a time, each a process of its own: whichever core is done takes the next, the long ones
# first. What they print is mixed; each ends with its own summary.
PARTS := unit-killed unit-service unit-web unit-extension unit-others unit-index
KILLED := tests/service/test_killed.py tests/service/test_several_machines.py
API_TYPES := node_modules/.bin/openapi-typescript $(API) --default-non-nullable false --output extension/service/openapi.d.ts

.DEFAULT_GOAL := help
.PHONY: help install serve check test format lint types unit $(PARTS) test-crash test-api api-types client extension screenshot train bench lock audit clean

help: ## list every target
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'
	@echo "  Settings: GEGENCHECK_… variables (see README.md); flags for serve: make serve ARGS='--port 9000'"

$(VENV)/bin/python:
	@bash scripts/make_venv.sh "$(PYTHON)" "$(VENV)"

# constraints.txt names all there is to install, so pip need not look; Python compiles what is imported, when it is.
$(RUNTIME): $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Installing what Gegencheck needs (about 800 MB; a minute or so, once) …"
	@start=$$SECONDS; $(BIN)/$(PIP) install --no-deps --no-compile $(LOCKED) -r constraints.txt && \
	  $(BIN)/$(PIP) install --no-index --no-deps --no-build-isolation -e . && \
	  echo "Installed in $$((SECONDS - start)) s." && touch $@

# PyTorch comes last and by itself: its CPU build is another file than PyPI's. What it needs is there by then.
$(TESTING): $(RUNTIME) constraints-test.txt package-lock.json
	@echo "Installing what the tests need: PyTorch for the CPU, browsers, proxies, PostgreSQL, test tools (about 1.5 GB; some minutes, once) …"
	@$(BIN)/$(PIP) install $(LOCKED) --no-deps -r constraints-test.txt
	@$(BIN)/$(PIP) install $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) "$(TORCH)"
	@bash scripts/install_debian.sh chromium firefox-esr nginx caddy postgresql-15 curl systemd fonts-dejavu-core
	@$(WITH_NODE) npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
	@touch $@

$(TOOLS)/.ready: constraints-tools.txt
	@bash scripts/make_venv.sh "$(PYTHON)" "$(TOOLS)"
	@$(TOOLS)/bin/$(PIP) install $(LOCKED) -r constraints-tools.txt
	@touch $@

install: $(RUNTIME) ## create the virtual environment and install what running needs

serve: $(RUNTIME) ## serve at http://127.0.0.1:8000 (the first run prepares model and starter statements)
	@echo 'The command line: export PATH="$(abspath $(BIN)):$$PATH"; gegencheck --help'
	@exec $(BIN)/gegencheck serve $(ARGS)

check: $(RUNTIME) ## check one link from the terminal: make check URL=https://…
	@test -n "$(URL)" || { echo "Say which: make check URL=https://…"; exit 2; }
	@exec $(BIN)/gegencheck check $(ARGS) "$(URL)"

test: $(TESTING) format lint ## the one gate: format check, lint, strict types and all tests
	$(EXTENSION_UNITS)
	@$(MAKE) --no-print-directory -k -j2 $(firstword $(PARTS)) types $(wordlist 2,99,$(PARTS))

format: $(TESTING) ## check the formatting
	$(BIN)/ruff format --check .

lint: $(TESTING) ## lint, the packed extension included
	$(BIN)/ruff check .
	@$(PYTHON) scripts/pack_extension.py build
	$(WITH_NODE) node_modules/.bin/web-ext lint --source-dir build/gegencheck-firefox.zip --warnings-as-errors

types: $(TESTING) ## strict types, the extension's included, and whether those of the API are the service's
	$(BIN)/mypy
	$(BIN)/python scripts/describe_api.py $(API)
	@$(WITH_NODE) $(API_TYPES) --check || { echo "The API has changed: run make api-types, and look at what changed."; exit 1; }
	$(WITH_NODE) $(TSC) --project extension/jsconfig.json

api-types: $(TESTING) ## write the API's types for the extension again, from the service's OpenAPI document
	$(BIN)/python scripts/describe_api.py $(API)
	$(WITH_NODE) $(API_TYPES)

client: $(TESTING) $(TOOLS)/.ready ## write the Python client's models, its synchronous half and docs/api.md's tables again
	$(BIN)/python scripts/describe_api.py $(API)
	$(BIN)/python scripts/list_calls.py $(API)
	$(BIN)/python scripts/write_client.py $(API) $(TOOLS)/bin/datamodel-codegen

unit: $(TESTING) ## all tests, those in Chromium and Firefox included
	$(EXTENSION_UNITS)
	@$(if $(ARGS),$(BIN)/python -m pytest $(ARGS),$(MAKE) --no-print-directory -k -j2 $(PARTS))

# Each test is in one part: the last two hold whatever the others do not name.
unit-killed:
	@$(BIN)/python -m pytest $(KILLED)

unit-web:
	@$(BIN)/python -m pytest tests/service/web

unit-extension:
	@$(BIN)/python -m pytest tests/extension

unit-index:
	@$(BIN)/python -m pytest tests/index

unit-service:
	@$(BIN)/python -m pytest tests/service --ignore=tests/service/web $(KILLED:%=--ignore=%)

unit-others:
	@$(BIN)/python -m pytest --ignore=tests/service --ignore=tests/extension --ignore=tests/index

test-crash: $(TESTING) ## the crash test at length: 200 kills while checks and imports run (the gate has 20)
	$(BIN)/python -m pytest tests/service/test_killed.py tests/service/test_several_machines.py --kills 200 $(ARGS)

test-api: $(TESTING) ## the API against its document at length: 15,000 calls open and as many keyed (the gate has hundreds)
	$(BIN)/python -m pytest tests/service/web/test_api.py --cases 15000 $(ARGS)

extension: ## pack the browser extension for Chrome and Firefox into build/
	@$(PYTHON) scripts/pack_extension.py build

train: $(TESTING) ## learn again what is learned: claims, rules and pair model, with the data in TRAINING_DATA (it says which)
	$(BIN)/python -m training.sources $(STANCE_DATA) $(JUDGED_POSTS)
	$(BIN)/python -m training.sentences.fit --models-dir build/models --write
	$(BIN)/python -m training.rules.fit --models-dir build/models --write
	$(BIN)/python -m training.embedder.projection --models-dir build/models --write
	$(BIN)/python -m training.pairs.train --models-dir build/models --out build/pairs.pt --stance-data $(STANCE_DATA)
	$(BIN)/python -m training.pairs.export --models-dir build/models --trained build/pairs.pt
	$(BIN)/python -m training.pairs.calibrate --models-dir build/models --write $(if $(JUDGED_POSTS),--judged $(JUDGED_POSTS))

bench: $(TESTING) ## measure what needs no running service (BENCHMARK_DATA names the measuring data)
	$(BIN)/python -m benchmarks.vectors
	$(BIN)/python -m benchmarks.page_filter
	GEGENCHECK_BENCHMARK_DATA=$(BENCHMARK_DATA) $(BIN)/python -m benchmarks.highlight
	GEGENCHECK_BENCHMARK_DATA=$(BENCHMARK_DATA) $(BIN)/python -m benchmarks.extraction
	GEGENCHECK_BENCHMARK_DATA=$(BENCHMARK_DATA) $(BIN)/python -m benchmarks.embedding
	GEGENCHECK_BENCHMARK_DATA=$(BENCHMARK_DATA) $(BIN)/python -m benchmarks.reading
	GEGENCHECK_BENCHMARK_DATA=$(BENCHMARK_DATA) $(BIN)/python -m benchmarks.ratings
	$(BIN)/python -m benchmarks.budget

screenshot: $(TESTING) ## make the README's picture again
	$(BIN)/python docs/screenshot.py

lock: $(TOOLS)/.ready ## write the constraints anew from pyproject.toml (ARGS=--upgrade takes the newest versions)
	@bash scripts/lock.sh $(TOOLS)/bin/uv $(ARGS)

audit: $(TESTING) $(TOOLS)/.ready ## look for known vulnerabilities in what is installed (asks PyPI's and npm's services)
	@$(TOOLS)/bin/pip-audit --strict --disable-pip --require-hashes $(patsubst %,-r %,$(wildcard constraints*.txt))
	@$(TOOLS)/bin/pip-audit --strict --disable-pip --no-deps -r <(echo "$(TORCH)")
	@$(WITH_NODE) npm audit

clean: ## remove the virtual environment and what was built (the data folder stays)
	rm -rf $(VENV) $(TOOLS) node_modules build *.egg-info .mypy_cache .ruff_cache .pytest_cache
