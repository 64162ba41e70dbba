# Two commands do everything: `make run` starts the portal, `make test` checks it.
# Needed beforehand: Python 3.11 or newer with venv, make and git.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
UV := $(VENV)/bin/uv
PY := $(VENV)/bin/python
export UV_PROJECT_ENVIRONMENT := $(VENV)
export PORT
# Where this is set, each of the many processes compiles the whole portal anew, which takes longer than what it does.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run setup develop test quick lint clean messages pictures screens permissions

run: setup ## start the portal with its demonstration on http://127.0.0.1:8000 (PORT=8123 for another port)
	@PORTAL_DEMONSTRATION=true $(PY) -m portal demo
	@PORTAL_DEMONSTRATION=true $(PY) -m portal serve

setup: $(VENV)/.runtime ## everything that serving needs, without serving
	@PORTAL_DEMONSTRATION=$${PORTAL_DEMONSTRATION:-true} $(PY) -m portal migrate

develop: $(VENV)/.develop ## the tools for tests as well

test: develop ## every check: style, types, import contracts, tests on SQLite and on PostgreSQL
	@$(PY) -m tests

quick: develop ## style, types, contracts and the tests that need no browser, on SQLite, in under a minute
	@$(PY) -m tests --quick

messages: develop ## collect the sentences to translate into the catalogues
	@$(PY) -m tests.messages

pictures: develop ## take the pictures of the guides from the demonstration, with Chromium
	@$(PY) -m tests.pictures

screens: develop ## the main pages in six languages at two widths, into var/screens, to be looked at
	@$(PY) -m tests.screens

permissions: develop ## print the table of who may what into docs/permissions.md
	@PORTAL_DEMONSTRATION=true $(PY) -m portal permissions > docs/permissions.md

$(UV): 
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name one with PYTHON=..."; exit 2; }
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check "uv>=0.13,<0.14"

$(VENV)/.runtime: $(UV) uv.lock pyproject.toml
	@$(UV) sync --frozen --quiet --no-dev --inexact
	@touch $@

$(VENV)/.develop: $(UV) uv.lock pyproject.toml
	@$(UV) sync --frozen --quiet
	@touch $@ $(VENV)/.runtime

clean: ## remove what was installed and built; the database and the uploads stay
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
