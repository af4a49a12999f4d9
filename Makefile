# Two commands for a newcomer: `make run` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PORT ?= 8000
HOST ?= 127.0.0.1
DATA ?= $(CURDIR)/.data
export PORT DATA

VENV := .venv
PY := $(VENV)/bin/python
PO := $(wildcard locale/*/LC_MESSAGES/*.po)
MO := $(PO:.po=.mo)

.PHONY: help run test test-fast elasticsearch lint format messages lock bench bench-officehours bench-live bench-server \
        bench-desk bench-faq bench-agora bench-training bench-search eval-search bench-lighthouse screenshots clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | sed -E 's/:[^#]*## /\t/' | expand -t 20

# ---- what is installed: one environment, two layers, each from its locked and hash-checked file ----
$(VENV)/run.stamp: requirements/run.txt
	@deploy/make-venv $(VENV)
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@touch $@

$(VENV)/test.stamp: requirements/test.txt $(VENV)/run.stamp
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	@touch $@

$(VENV)/bench.stamp: requirements/bench.txt $(VENV)/test.stamp
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	@touch $@

locale/%.mo: locale/%.po | $(VENV)/run.stamp
	@$(PY) -m babel.messages.frontend --quiet compile --input-file $< --output-file $@

# ---- use it ----
run: $(VENV)/run.stamp $(MO) ## start the product with its demo world (PORT=8000, DATA=.data)
	@$(PY) manage.py start --host "$(HOST)" --port "$(PORT)"

# ---- check it ----
test: $(VENV)/test.stamp $(MO) ## everything, on SQLite and PostgreSQL, with real Redis and Chromium
	@$(PY) -m tests.harness $(ARGS)

test-fast: $(VENV)/test.stamp $(MO) ## the suite on SQLite without a browser, for while you write
	@$(PY) -m pytest -q -n 2 --dist loadgroup -m "not browser and not redis" $(ARGS)

elasticsearch: $(VENV)/test.stamp ## fetch a real Elasticsearch for the tests of its engine, once on this machine
	@$(PY) -m tests.harness.elasticsearch

lint: $(VENV)/test.stamp $(MO) ## ruff, mypy, import floors, templates, migrations, the helpdesk overlay
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/lint-imports
	@$(VENV)/bin/djlint templates --lint --quiet
	@$(PY) manage.py makemigrations --check --dry-run
	@$(PY) -m pytest -q tests/platform_core/test_helpdesk_overlay.py
	@deploy/check-production
	@$(VENV)/bin/mypy

format: $(VENV)/test.stamp ## put the code in shape
	@$(VENV)/bin/ruff check --fix-only --quiet .
	@$(VENV)/bin/ruff format .

messages: $(VENV)/test.stamp ## collect the strings to translate (needs gettext)
	@$(PY) manage.py makemessages -l ca -l es --no-location --no-obsolete --no-wrap \
	  --ignore=.venv --ignore=tests --ignore=bench --ignore=node_modules

lock: ## resolve the requirements again (needs uv)
	@uv pip compile --universal --python-version 3.11 -q --generate-hashes --no-header --no-emit-index-url \
	  pyproject.toml -o requirements/run.txt
	@uv pip compile --universal --python-version 3.11 -q --generate-hashes --no-header --no-emit-index-url \
	  pyproject.toml --group test -c requirements/run.txt -o requirements/test.txt
	@uv pip compile --universal --python-version 3.11 -q --generate-hashes --no-header --no-emit-index-url \
	  pyproject.toml --group test --group bench -c requirements/test.txt -o requirements/bench.txt

# ---- measure it ----
bench: bench-officehours bench-server bench-desk bench-faq bench-agora bench-training bench-search eval-search bench-live ## every figure of docs/performance.md, as JSON in bench/results and tables

bench-officehours: $(VENV)/bench.stamp
	@$(PY) -m bench.officehours --json bench/results/officehours.json

bench-live: $(VENV)/bench.stamp $(MO)
	@$(PY) -m bench.live --json bench/results/live.json
	@$(PY) -m bench.delivery --json bench/results/delivery.json

bench-server: $(VENV)/bench.stamp $(MO)
	@$(PY) -m bench.server --json bench/results/server.json

bench-desk: $(VENV)/bench.stamp $(MO)
	@$(PY) -m bench.desk --json bench/results/desk.json

bench-faq: $(VENV)/bench.stamp $(MO)
	@$(PY) -m bench.faq --json bench/results/faq.json

bench-training: $(VENV)/bench.stamp $(MO)
	@$(PY) -m bench.training --json bench/results/training.json

bench-agora: $(VENV)/bench.stamp $(MO)
	@$(PY) -m bench.agora --json bench/results/agora.json

bench-search: $(VENV)/bench.stamp $(MO)
	@$(PY) -m bench.search --json bench/results/search.json

eval-search: $(VENV)/bench.stamp $(MO) ## how well people find the answers, with each engine (ARGS=--misses)
	@$(PY) -m bench.eval_search --json bench/results/eval-search.json $(ARGS)

bench-lighthouse: $(VENV)/test.stamp $(MO) ## Lighthouse on home and sign-in (needs npm and chromium)
	@$(PY) -m bench.lighthouse --json bench/results/lighthouse.json

screenshots: $(VENV)/test.stamp $(MO) ## docs/screenshots from the running product
	@$(PY) docs/screenshots.py

clean: ## forget the environment and the compiled catalogues; the data stays
	@rm -rf $(VENV) $(MO)
