# Every target sets itself up in `.venv` from nothing but Python 3.11+, and does so again only when the lock changed.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help demo up test bench fuzz lint lock clean

VENV := .venv
BIN := $(VENV)/bin
PIP := PIP_NO_INPUT=1 PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip -qq
# The folder counts too: an editable install knows where it stands, and a copied `.venv` does not.
STATE := $(shell { pwd; cat requirements-dev.lock pyproject.toml; } 2>/dev/null | cksum | tr -cd '0-9')
READY := $(VENV)/.ready-$(STATE)
# The first Python of the PATH that is new enough and complete; looked for only when the set-up runs.
PYTHON = $(shell for candidate in python3 python3.13 python3.12 python3.11; do \
	"$$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& { command -v "$$candidate"; break; }; done)

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' Makefile

demo: $(READY) ## start everything on this machine, take the tour, stop everything
	@$(BIN)/python -m cli.demo

up: $(READY) ## start everything on this machine and keep it running until Ctrl-C
	@$(BIN)/writ dev

test: $(READY) ## all checks and all tests
	@unclean=0; $(MAKE) --no-print-directory lint || unclean=1; \
	echo "==> pytest"; $(BIN)/python -m pytest -n 2 --dist loadfile || exit 1; \
	if [ $$unclean -ne 0 ]; then echo "make test: the tests pass, a check above does not" >&2; exit 1; fi

fuzz: $(READY) ## change apps at random for an hour and look whether every answer can be read (MINUTES=60)
	@$(BIN)/python -m tests.writ.fuzz --minutes $(or $(MINUTES),60)

lint: $(READY) ## ruff, mypy and the import contracts
	@status=0; \
	for check in "ruff check ." "ruff format --check ." "mypy" "lint-imports --no-cache"; do \
		echo "==> $$check"; $(BIN)/$$check || status=1; \
	done; exit $$status

bench: $(READY) ## measure, print a table, write benchmarks/results/latest.json
	@$(BIN)/python -m benchmarks

lock: $(READY) ## make the locks again from pyproject.toml (UPGRADE=1: with the newest versions)
	@echo "==> requirements-dev.lock: everything"
	@$(LOCK) $(if $(UPGRADE),--upgrade) --extra embedded --extra dev --output-file requirements-dev.lock pyproject.toml
	@echo "==> requirements.lock: what production needs, at the same versions"
	@$(LOCK) --constraint requirements-dev.lock --output-file requirements.lock pyproject.toml
	@echo "==> requirements-build.lock: what builds the wheel, at the same versions"
	@echo hatchling | $(LOCK) --constraint requirements-dev.lock --output-file requirements-build.lock -

LOCK = $(BIN)/uv --no-config --quiet pip compile --universal --python-version 3.11 --generate-hashes \
	--no-emit-package writ --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

clean: ## remove .venv and what the checks left behind; the data in .writ stays
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -type d -name __pycache__ -not -path './.writ/*' -exec rm -rf {} +

$(READY): requirements-dev.lock pyproject.toml
	@if [ -z "$(PYTHON)" ]; then \
		echo "writ needs Python 3.11 or newer with its venv and ensurepip modules; none was found in PATH." >&2; \
		echo "found: python3 = $$(python3 --version 2>&1 || true)" >&2; \
		echo "way out: install one (Debian, Ubuntu: apt install python3 python3-venv), or make PYTHON=/path/to/python" >&2; \
		exit 1; \
	fi
	@if ! $(BIN)/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
		echo "==> set-up: a virtual environment in $(VENV) with $(PYTHON)"; \
		"$(PYTHON)" -m venv --clear $(VENV); \
	fi
	@echo "==> set-up: the locked packages into $(VENV) (the first time takes a minute or two)"
	@$(PIP) install --require-hashes --requirement requirements-dev.lock
	@echo "==> set-up: writ itself"
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@rm -f $(VENV)/.ready-*
	@touch $@
