# Needs GNU make, Python 3.11 or later and a way to PyPI; everything else goes into .venv.
# Every path is relative, so a checkout may stand anywhere, also where names hold spaces.

PYTHON ?= python3
# How many mutants `make mutate` judges at a time.
JOBS ?= 2
# How many processes run the tests; each file of tests stays in one of them, and the files keep
# their order, which ends with many short ones: no process is left alone with a long one.
WORKERS ?= auto
# How many cases of each ruleset `make agree-wide` draws.
CASES ?= 1000000
# Which executors it holds against each other, by name; without any, all but PostgreSQL and Spark.
EXECUTORS ?=
# Tests start many processes: each would compile the library and the tests anew.
unexport PYTHONDONTWRITEBYTECODE

VENV   := .venv
IN_ENV := $(VENV)/bin/python
PIP    := $(IN_ENV) -m pip --disable-pip-version-check -q

# A stamp is newer than all that the step it stands for was made from.
VENV_MADE := $(VENV)/.made
CORE_DONE := $(VENV)/.core-installed
DEV_DONE  := $(VENV)/.dev-installed

ifeq ($(wildcard pyproject.toml),)
$(error run make in the folder of this Makefile, or name it: make -C <folder>)
endif

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# The order of the checks is part of what `make test` promises, also under -j.
.NOTPARALLEL:
.PHONY: help demo test lint types pytest coverage fmt fuzz agree agree-wide spark wide matrix mutate bench bench-quick bench-largest notebooks clean

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' Makefile

demo: $(CORE_DONE) ## write build/demo.html, with the core dependencies only
	@mkdir -p build
	$(IN_ENV) docs/demo/demo.py

test: lint types pytest ## lint, then types, then the tests; stops at the first failure

lint: $(DEV_DONE) ## check style and formatting
	$(IN_ENV) -m ruff check .
	$(IN_ENV) -m ruff format --check .

types: $(DEV_DONE) ## check types
	$(IN_ENV) -m mypy

pytest: $(DEV_DONE) ## run the tests alone
	$(IN_ENV) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

# Without the laws of tests/property, which take long when traced.
coverage: $(DEV_DONE) ## measure what the tests reach of the source; fails below 95 % (long)
	$(IN_ENV) -m coverage erase
	$(IN_ENV) -m coverage run -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --ignore tests/property
	$(IN_ENV) -m coverage combine -q
	$(IN_ENV) -m coverage report

fuzz: $(DEV_DONE) ## try the laws of decisions and ledgers many times over (long)
	VOUCHER_RULES_THOROUGHNESS=20 $(IN_ENV) -m pytest tests/property tests/ledger tests/synthetic tests/compiled

# Of a file of tests each engine that is there runs every case: DuckDB, and PostgreSQL where psycopg
# and a server are installed.
agree: $(DEV_DONE) ## hold SQL against the code of kernels on every case and many random ones (long)
	VOUCHER_RULES_THOROUGHNESS=5 $(IN_ENV) -m pytest -x -n 2 \
	    tests/compiled/test_sql_of_case_files.py tests/compiled/test_sql_traps.py \
	    tests/property/test_sql_against_kernels.py

# What was tried is kept in build/agreement.jsonl, and the next run tries other cases. PostgreSQL and
# Spark are asked by name, where a server and psycopg or pyspark and Java are installed, as in
# make agree-wide EXECUTORS="numpy postgresql spark"; all then goes on in one process.
agree-wide: $(DEV_DONE) ## hold all executors against each other on CASES of each ruleset (an hour)
	$(IN_ENV) tests/agreement/agree_wide.py --cases $(CASES) --jobs $(JOBS) $(if $(EXECUTORS),--executors $(EXECUTORS))
	$(IN_ENV) tests/agreement/agree_wide.py --generated 500 --jobs $(JOBS) $(if $(EXECUTORS),--executors $(EXECUTORS))

spark: $(DEV_DONE) ## hold SQL against kernels by Spark, and tables it decides; on this machine, needs Java (long)
	$(PIP) install -e ".[spark]"
	VOUCHER_RULES_SPARK=1 $(IN_ENV) -m pytest -x \
	    tests/compiled/test_sql_of_case_files.py tests/compiled/test_sql_traps.py \
	    tests/batch/test_tables_by_spark.py tests/batch/test_records_by_spark.py tests/cli/test_cli_batch.py

wide: $(DEV_DONE) ## hold studies against a plain loop on 100,000 applications a ruleset (long)
	VOUCHER_RULES_ROWS=100000 $(IN_ENV) -m pytest -x -n 2 tests/whatif/test_totals.py

# Python 3.11 to 3.13 as far as they are there, each with the lowest and the newest dependencies.
matrix: ## make the golden records again under every Python there is (minutes)
	$(PYTHON) tests/record/matrix.py

# One ruleset after the other, so that what one leaves open does not hide the rest.
mutate: $(DEV_DONE) ## change every ruleset in every way and see that its cases notice (long)
	@failed=0; for ruleset in rulesets/*/*.yaml; do \
	    case "$${ruleset##*/}" in *.*.yaml) continue;; esac; \
	    $(IN_ENV) -m voucher_rules mutate "$$ruleset" --lang en \
	        --jobs $(JOBS) --explained tests/mutation || failed=1; \
	    echo; \
	done; exit $$failed

fmt: $(DEV_DONE) ## mend what can be mended by machine
	$(IN_ENV) -m ruff check --fix-only .
	$(IN_ENV) -m ruff format .

# Not the core alone: columns need NumPy. Other engines are measured as far as they are installed.
bench: $(DEV_DONE) ## run the benchmarks and make one table of them, build/benchmarks.md (minutes)
	$(IN_ENV) benchmarks/run.py

bench-quick: $(DEV_DONE) ## the same of those that are quick: under a minute
	$(IN_ENV) benchmarks/run.py --quick

bench-largest: $(DEV_DONE) ## decide a table of 10^8 rows by DuckDB, where the disk has room (minutes)
	$(IN_ENV) benchmarks/run.py --largest

notebooks: $(DEV_DONE) ## run the notebooks and see that they show what they showed (minutes)
	$(IN_ENV) docs/tutorial/notebooks/build.py --check

clean: ## remove everything made here, .venv too
	rm -rf $(VENV) build dist htmlcov .coverage* .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -path ./.git -prune -o -type d -name __pycache__ -exec rm -rf {} +

$(VENV_MADE):
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "make: Python 3.11 or later is needed, and '$(PYTHON)' is not;" \
	        "name one with: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@rm -rf $(VENV)
	@"$(PYTHON)" -m venv $(VENV) || { \
	    rm -rf $(VENV); \
	    echo "make: '$(PYTHON) -m venv' failed: it needs the modules venv and ensurepip" \
	        "(on Debian and Ubuntu: apt install python3-venv)" >&2; exit 1; }
	@touch $@

$(CORE_DONE): pyproject.toml $(VENV_MADE)
	$(PIP) install -e .
	@touch $@

# The dev install holds the core one, so it answers for both stamps.
$(DEV_DONE): pyproject.toml $(VENV_MADE)
	$(PIP) install -e ".[dev]"
	@touch $(CORE_DONE) $@
