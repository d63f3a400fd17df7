# Warmline. `make help` lists what there is. Needs Python 3.11+, git and make; everything else comes from PyPI.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup demo up train test test-deps lint validate format clean

BIN := .venv/bin
STEP = @printf '\n== %s\n'
PYTEST_WORKERS ?= 2

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 18

setup: ## Set up what is missing: .venv from uv.lock
	@.ci/setup

demo: setup ## Set up, train if needed, show the demonstration, leave the service running
	@$(BIN)/warmline demo

up: setup ## Run the service
	@$(BIN)/warmline up

train: setup ## Train the model if something it is made of has changed
	@$(BIN)/warmline train

lint: setup ## Style, types, imports, YAML
	$(STEP) "ruff"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	$(STEP) "mypy"
	@$(BIN)/mypy
	$(STEP) "imports"
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports
	$(STEP) "yamllint"
	@$(BIN)/yamllint --strict .

validate: setup ## Let Rasa check domain, rules and examples
	$(STEP) "rasa data validate"
	@$(BIN)/warmline train --check

test: lint validate train ## Everything that CI checks
	$(STEP) "pytest"
	@$(BIN)/python -m pytest -q -n $(PYTEST_WORKERS) --dist loadfile

test-deps: ## Install sipp, baresip and Chromium, which some tests use (Debian or Ubuntu, as root)
	@.ci/test-deps

format: setup ## Put the code in shape
	@$(BIN)/ruff check --fix-only -q .
	@$(BIN)/ruff format .

clean: ## Remove everything that was set up, trained or recorded here
	@rm -rf .venv nlu/.venv nlu/models nlu/build var .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
