# Everything a person does here. `make run` and `make test` need Python 3.11 or newer and nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEV := $(VENV)/.dev
DEMO := $(VENV)/.demo
JOBS ?= 2

# Compiled code is kept, whatever the shell says: hundreds of processes start while the tests run.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run check test test-all simulate bench format clean

help:  ## Show this.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

EXAMPLE ?= orders
run: $(DEMO)  ## Start Freehold, deploy an app with the SAM CLI and work it; EXAMPLE=workflows, saas-events or clinic for another than the orders.
	@$(BIN)/python -m examples.$(EXAMPLE).run

check: $(DEV)  ## Format, lint, types, imports, tidy rules.
	$(BIN)/ruff format --check src tests bench examples
	$(BIN)/ruff check src tests bench examples
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest tests/tidy -q

test: check  ## Check, then all the tests that need no more than minutes.
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup -m "not slow" --ignore tests/tidy

test-all: check  ## Every test, the slow ones with real clients included.
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup --ignore tests/tidy

SEED ?= 0
simulate: $(DEV)  ## Simulate a cloud that crashes; SEED=n repeats a run.
	FREEHOLD_SEED=$(SEED) $(BIN)/python -m pytest tests/simulation -q

bench: $(DEV)  ## Measure beside the peers; writes bench/RESULTS.md.
	$(BIN)/python -m bench.run

format: $(DEV)  ## Format and sort.
	$(BIN)/ruff check --fix src tests bench examples
	$(BIN)/ruff format src tests bench examples

$(VENV)/bin/python:
	@echo "Making a virtual environment in $(VENV) ..."
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Freehold needs Python 3.11 or newer: make PYTHON=/path/to/python3.11")'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --upgrade pip

$(DEMO): pyproject.toml | $(VENV)/bin/python
	@echo "Installing Freehold and the SAM CLI (about a minute) ..."
	@$(BIN)/python -m pip install --quiet -e '.[demo]'
	@touch $@

$(DEV): pyproject.toml | $(VENV)/bin/python
	@echo "Installing Freehold and its tools ..."
	@$(BIN)/python -m pip install --quiet -e '.[dev]'
	@touch $@

clean:  ## Remove the virtual environment and caches.
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
