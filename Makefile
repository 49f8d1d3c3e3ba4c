# Everything a person does here. Needs Python 3.11 or later, make and git, and nothing else.

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
VENDOR := gateway/web/static/vendor
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# npm is a script that starts the first `node` it finds: ours.
export PATH := $(CURDIR)/$(BIN):$(PATH)

.DEFAULT_GOAL := help
.PHONY: help run test coverage mutants lint bench reset

help: ## Show this list
	@sed -n 's/^\([a-z]*\):[^#]*## /  make \1|/p' Makefile | column -t -s '|' 2>/dev/null \
	  || sed -n 's/^\([a-z]*\):[^#]*## /  make \1  /p' Makefile

run: .venv/ready $(VENDOR)/ready ## Try passgate: starts everything, prints one address and the log-ins
	@exec $(BIN)/python -m sandbox.run $(ARGS)

test: .venv/ready $(VENDOR)/ready ## Run all tests on throw-away servers (or DATABASE_URL, REDIS_URL)
	@exec $(BIN)/pytest -n 2 --dist worksteal $(ARGS)

coverage: .venv/ready ## See that the rules' own tests take every branch of them (a minute)
	@exec $(BIN)/pytest -q -n 2 tests/domain --cov $(ARGS)

mutants: .venv/ready ## Plant bugs in the rules and see which ones their tests let live (an hour)
	@$(BIN)/mutmut run $(ARGS)
	@$(BIN)/mutmut results

lint: .venv/ready ## Check style, types, import directions and dependencies
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

bench: .venv/ready $(VENDOR)/ready ## Measure ratios to this machine's limits and print a table
	@exec $(BIN)/python -m benchmarks $(ARGS)

reset: .venv/ready ## Forget what `make run` has stored
	@exec $(BIN)/python -m sandbox.reset

.venv/ready: requirements.lock
	@test -n "$(PYTHON)" || { echo "passgate needs Python 3.11 or later (set PYTHON=...)"; exit 1; }
	@echo "[1/3] making .venv with $(PYTHON)"
	@$(PYTHON) -m venv --clear .venv
	@echo "[2/3] installing the dependencies, checked against requirements.lock (a minute or two)"
	@$(BIN)/pip install --quiet --quiet --no-deps --require-hashes -r requirements.lock
	@echo "[3/3] installing passgate itself"
	@$(BIN)/pip install --quiet --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENDOR)/ready: package-lock.json .venv/ready
	@echo "fetching the scanner for browsers that have none (checked against package-lock.json)"
	@$(BIN)/npm ci --silent --ignore-scripts --no-audit --no-fund
	@mkdir -p $(VENDOR)
	@cp node_modules/barcode-detector/dist/iife/ponyfill.js $(VENDOR)/barcode-detector.js
	@cp node_modules/zxing-wasm/dist/reader/zxing_reader.wasm $(VENDOR)/zxing_reader.wasm
	@touch $@
