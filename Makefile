# Two commands: `make demo` to look at it, `make test` to trust it. `make help` names the others.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
PORT ?= 8080
HOST ?= 127.0.0.1
SIZE ?= full
export PORT HOST
BIN := .venv/bin
WORKERS ?= 2

.PHONY: help setup demo demo-reset serve test suite lint types i18n i18n-check bench chaos lock screenshots

help: ## these lines
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

setup: ## install what the portal runs on
	@scripts/setup base

demo: setup ## set up everything and serve an invented region on PORT (8080)
	@exec $(BIN)/woonvast demo

demo-reset: setup ## throw the demo's data away and fill it anew
	@exec $(BIN)/woonvast demo --reset

serve: setup ## production: needs the three WOONVAST_ variables of the README
	@exec $(BIN)/woonvast serve --host $(HOST) --workers $(WORKERS)

test: ## lint, types, import rule, translations and all tests
	@scripts/setup test
	@$(MAKE) --no-print-directory --jobs=2 --output-sync lint i18n-check
	@$(MAKE) --no-print-directory --jobs=2 types suite

suite:
	@exec $(BIN)/python -m pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder

lint:
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .
	@told=$$($(BIN)/lint-imports) || { echo "$$told"; exit 1; }

types:
	@$(BIN)/mypy app playbook tenants

i18n: ## extract, merge and compile the translations; fails on a gap
	@scripts/setup test
	@$(BIN)/python scripts/i18n.py update

i18n-check:
	@$(BIN)/python scripts/i18n.py check

bench: ## measure against bare SQL, Django and LibreOffice (SIZE=small: four minutes)
	@scripts/setup bench
	@exec $(BIN)/python -m bench --size $(SIZE)

chaos: ## kill web, worker and database at random for three minutes, then count
	@scripts/setup test
	@exec $(BIN)/python scripts/chaos.py

lock: ## write the hash-locked requirements anew (with uv)
	@command -v uv >/dev/null || { echo "make lock needs uv. Run: pipx install uv" >&2; exit 1; }
	@cd requirements && for kind in base test bench; do \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-header $$kind.in --output-file $$kind.txt; done

screenshots: ## the README's pictures, from a demo of their own
	@scripts/setup test
	@exec $(BIN)/python scripts/screenshots.py
