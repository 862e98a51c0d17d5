# The commands a person must know. Each works as the first one on a fresh clone: it needs
# Python 3.11 or newer with venv, Node 20 or newer, and make.

PYTHON ?= python3
SHELL := /bin/bash
.DEFAULT_GOAL := help

# Compiled files are kept, whatever the shell says: a city is many programs of the same sources.
unexport PYTHONDONTWRITEBYTECODE

# Always `python -m tool`: the scripts in .venv/bin break when the folder is moved.
VENV := .venv
RUN := $(VENV)/bin/python
TESTS ?= tests
# The tests of the whole city wait more than they compute, on a worker of their own: two others
# keep two cores busy meanwhile.
WORKERS ?= 3
# Browser tests wait more than they compute: with three at a time two cores are busy.
BROWSERS ?= 3

# Whatever tries cases at random.
RANDOM = $(shell grep -rl "random_cases import" tests --include='test_*.py')

.PHONY: help setup tools packages desk-packages h5 console weapp run test test-long bench-floor bench-imports bench-ledger bench-registers bench-register-imports check check-python check-app openapi ledger-check settings-doc states-doc duties-doc registers-doc declarations rooms-doc

help:
	@echo "make run           the demo city on this machine (PORT=8000, DATA_DIR=.data)"
	@echo "make test          everything CI runs"
	@echo "make test-long     random histories and made-up input, for an hour or two"
	@echo "make bench-floor   what the shortest requests cost beside a bare Flask route"
	@echo "make bench-imports what a city's roster costs to read, check and write, and how much memory"
	@echo "make bench-register-imports what a register of ENTRIES=20000 entries costs to bring and take back"
	@echo "make bench-ledger  what the ledger costs in a city of MEMBERS=20000 members"
	@echo "make bench-registers what a register of ENTRIES=100000 costs to read"
	@echo "make check         the fast half: lint, types, architecture, documents"
	@echo "make openapi       write docs/openapi.json and the client generated from it"
	@echo "make declarations  lock what registers declare, and refuse what changes the meaning of a name"
	@echo "make console       the desktop console, in console/dist"
	@echo "make weapp         the WeChat package, in miniprogram/dist/build/mp-weixin"
	@echo "make ledger-check  prove that sources = postings = tallies"

# The stamp carries a hash of what was installed and where; a moved or half-made
# environment has none that fits, and is made again.
setup:
	@bash launcher/setup.sh "$(PYTHON)" "$(VENV)" requirements.txt requirements-dev.txt

h5: setup packages
	@bash launcher/build.sh $(RUN) h5

weapp: setup packages
	@bash launcher/build.sh $(RUN) mp-weixin

console: setup desk-packages
	@bash launcher/build.sh $(RUN) console

tools:
	@bash launcher/node.sh .

packages:
	@bash launcher/node.sh miniprogram

desk-packages:
	@bash launcher/node.sh console

run: setup h5 console
	@exec $(RUN) -m launcher.run

check:
	@$(MAKE) --no-print-directory -j2 check-python check-app

check-python: setup
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy
	$(RUN) -c "import sys; from importlinter.cli import lint_imports_command as c; sys.argv = ['lint-imports']; c()"
	$(RUN) -m launcher.command --offline flask check-documents
	$(RUN) -m tests.rooms --check

check-app: tools packages desk-packages
	npm run --silent api:check
	npm run --silent lint
	npm --prefix miniprogram run --silent type-check
	npm --prefix miniprogram run --silent test
	npm --prefix console run --silent type-check
	npm --prefix console run --silent test

# Of no real host: the compiled package is run here against the demo city.
test: export VITE_API_ORIGIN ?= https://api.example.gov.cn
test:
	@$(MAKE) --no-print-directory -j2 check-python check-app h5 weapp console
	$(RUN) -m pytest -n $(WORKERS) --dist loadgroup --no-loadscope-reorder $(TESTS)
	node e2e/run.mjs $(BROWSERS) e2e/*.test.mjs e2e/console/*.test.mjs e2e/weapp/*.test.mjs

# Random histories and made-up input, many and each time others; a fault shows how to see it again.
test-long: setup
	TESTS_LONG=1 $(RUN) -m pytest -n $(WORKERS) --timeout 7200 $(RANDOM)

# Of CPU, in one process: the figures of a shared machine hold as ratios only.
bench-floor: setup
	@$(RUN) -m bench.floor

# MEMBERS=1000000 takes a quarter of an hour and four gigabytes.
bench-imports: setup
	@MEMBERS=$(or $(MEMBERS),20000) $(RUN) -m bench.imports

bench-register-imports: setup
	@ENTRIES=$(or $(ENTRIES),20000) $(RUN) -m bench.register_imports

# ONLY=new_year: the rows of the next year, and nothing else.
bench-ledger: setup
	@MEMBERS=$(or $(MEMBERS),20000) $(RUN) -m bench.ledger

bench-registers: setup
	@ENTRIES=$(or $(ENTRIES),100000) $(RUN) -m bench.registers

openapi: setup tools
	$(RUN) -m launcher.command --offline flask openapi --write
	npm run --silent api

settings-doc: setup
	$(RUN) -m launcher.command --offline flask settings-doc --write

states-doc: setup
	$(RUN) -m launcher.command --offline flask states-doc --write

duties-doc: setup
	$(RUN) -m launcher.command --offline flask duties-doc --write

registers-doc: setup
	$(RUN) -m launcher.command --offline flask registers-doc --write

declarations: setup
	$(RUN) -m launcher.command --offline flask declarations --write

rooms-doc: setup
	$(RUN) -m tests.rooms --write

ledger-check: setup
	@$(RUN) -m launcher.command flask ledger-check
