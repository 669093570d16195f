# The two commands to know are `make run` and `make test`; each does all its own set-up.

PORT ?= 8000
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PORT

.PHONY: help run test check format lock translations bench clean

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: $(VENV)/run.stamp var ## Start the site on PORT (default 8000), with everything it needs
	@MULTAQA_PREPARE=1 exec $(BIN)/honcho start --no-prefix

var: # The first start prepares here, where it can show how far it is; later ones, if something is missing, by themselves
	@$(BIN)/flask site prepare

test: check ## Run all checks and all tests (SQLite, PostgreSQL where there is one, browser)
	@$(BIN)/python -m tests.run

check: $(VENV)/dev.stamp ## Lint, format, types, import contracts, translations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint webapp --lint --quiet
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.translations

format: $(VENV)/dev.stamp ## Put the code into its standard form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

translations: $(VENV)/dev.stamp ## Collect the strings to translate and bring the catalogues in step
	$(BIN)/python -m tests.translations --update

lock: ## Renew the lock files from pyproject.toml (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --upgrade -o requirements.lock pyproject.toml
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --upgrade --group dev -c requirements.lock -o requirements-dev.lock pyproject.toml

clean: ## Remove the virtual environment and everything the site wrote (database included)
	rm -rf $(VENV) var

$(VENV)/run.stamp: requirements.lock
	@echo "Setting up the virtual environment (about a minute) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock
	@echo "Setting up the virtual environment for development ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@ $(VENV)/run.stamp
