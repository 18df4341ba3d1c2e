# One command each. `make help` lists them.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.made
T ?= tests
PORT ?= 7860
DATA ?= data

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(STAMP): pyproject.toml requirements.txt
	@command -v $(PYTHON) >/dev/null || { echo "Bearhug needs Python 3.11 or newer (make PYTHON=python3)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet torch==2.13.0
	$(BIN)/python -m pip install --quiet -c requirements.txt -e '.[dev]'
	@touch $(STAMP)

env: $(STAMP)  ## make the environment in .venv

run: $(STAMP)  ## start the hub on 127.0.0.1:7860 with its data in ./data
	$(BIN)/bearhug up --make-admin --data $(DATA) --port $(PORT)

test: $(STAMP) system  ## fast tests, or a part: make test T=tests/hub/repos
	$(BIN)/pytest $(T) -m "not slow and not client"

test-postgres: $(STAMP) system  ## the tests of the hub's rooms on PostgreSQL, or of some: make test-postgres T=tests/hub/likes
	$(BIN)/pytest $(if $(filter tests,$(T)),tests/hub,$(T)) --postgres -m "not slow and not client"

ON_POSTGRES := account_pages accounts cards follows gates likes listing lists locks objects orgs recipes recycling search sessions storage tokens xorbs
check-postgres: $(STAMP) system  ## the rooms whose SQL is richest, on PostgreSQL
	$(BIN)/pytest $(ON_POSTGRES:%=tests/hub/%) --postgres -m "not slow and not client"

clients: $(STAMP) system clients-env  ## the oracle: real clients against a live hub; rewrites docs/compatibility.md
	$(BIN)/pytest tests -m "slow or client" --compatibility=write

check-clients: $(STAMP) system clients-env  ## a part of those: all but pages and inference
	$(BIN)/pytest tests -m "slow or client" --ignore=tests/pages --ignore=tests/inference

check-pages: $(STAMP) system clients-env  ## the other part
	$(BIN)/pytest tests/pages tests/inference -m "slow or client"

clients-env: $(STAMP)
	@.ci/clients-env $(BIN)

system:  ## install the system packages that tests need (git-lfs, postgresql, chromium), where that is possible
	@.ci/system

lint: $(STAMP)  ## style, types, floors, dependencies; no file is changed
	$(BIN)/ruff format --check src tests bench
	$(BIN)/ruff check src tests bench
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry src
	$(BIN)/pytest tests/architecture

fix: $(STAMP)  ## let ruff mend what it can
	$(BIN)/ruff check --fix src tests bench
	$(BIN)/ruff format src tests bench

routes: $(STAMP)  ## METHOD PATH -> file:function
	@$(BIN)/bearhug routes

docs: $(STAMP)  ## write docs/api.md anew from the endpoint rows
	$(BIN)/bearhug routes --markdown > docs/api.md

docs-check: $(STAMP)
	@$(BIN)/bearhug routes --markdown | diff - docs/api.md || { echo "docs/api.md is stale: run make docs"; exit 1; }

vendored:  ## fetch anew what pages take over: snippets, emoji, mermaid (needs node and npm)
	@.ci/vendored

migration: $(STAMP)  ## write the next migration from the tables: make migration M="add likes"
	$(BIN)/python -m bearhug.migrations "$(M)"

first-migration: $(STAMP)  ## forget the history of the tables and write its first step anew (before the first release)
	$(BIN)/python -m bearhug.migrations --first

bench: $(STAMP)  ## ratios against baselines in the same run
	$(BIN)/python -m bench

fuzz: $(STAMP)  ## property tests of the parsers, thousands of examples each
	HYPOTHESIS_PROFILE=deep $(BIN)/pytest tests/formats --timeout=3000

check: lint docs-check check-clients test check-pages check-postgres  ## all that CI runs

.PHONY: help env run test test-postgres check-postgres check-clients check-pages clients clients-env system lint fix routes docs docs-check migration first-migration bench fuzz check vendored
