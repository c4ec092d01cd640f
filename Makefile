# The commands of a new machine: `make publish`, `make test` and `make console`. Everything else is for those who work on xuanfa.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# What the repository's own workspace remembers outside its database stays inside, so that nobody's home is littered.
STATE := XDG_STATE_HOME=$(CURDIR)/var/state

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev setup-bench fonts system publish console test test-86 torture check format bench simulate requirements bundle clean

help: ## List the commands
	@grep -E '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

publish: setup fonts ## Set up, then publish the repository's own posts: the website for real, other channels in rehearsal
	@$(STATE) $(BIN)/xuanfa publish --workspace . || test $$? -eq 1
	@echo
	@$(STATE) $(BIN)/xuanfa count --workspace .
	@echo
	@echo "网站 website:     file://$(CURDIR)/public/index.html"
	@echo "看各渠道的样子:   $(BIN)/xuanfa rehearse 2026-11-susong-fuwu --open"
	@echo "台账 deliveries:  $(BIN)/xuanfa deliveries"

LISTEN ?= 127.0.0.1:8000
console: setup fonts ## Open the console on a copy of the repository's workspace: four example people, all in rehearsal (LISTEN=127.0.0.1:8765)
	@deploy/example-console.sh $(LISTEN)

test: setup-dev system ## Set up what the tests need, then run them all
	$(BIN)/python -m pytest -n auto --dist loadgroup -q

test-86: setup-dev system ## Open every page of the console in a real Chromium 86, the oldest browser it is built for (fetched by npm, by its hash)
	@tests/chromium-86.sh
	$(BIN)/python -m pytest -n 0 -q tests/console/oldest_browser.py

torture: setup-dev system ## Kill, stop, cut and fill everything, change settings and put an older database back while posts go out, and count (DELIVERIES=2000 SEED=… DATABASES="sqlite postgresql")
	$(BIN)/python -m tests.torture $(DATABASES) $(if $(DELIVERIES),--deliveries $(DELIVERIES)) $(if $(SEED),--seed $(SEED))

check: setup-dev ## Formatting, lint and types
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/mypy

format: setup-dev ## Format the sources
	$(BIN)/ruff format src tests benchmarks
	$(BIN)/ruff check --fix src tests benchmarks

bench: setup-bench ## Measure, side by side with known things, in one run
	@deploy/packages.sh postgresql redis-server
	$(BIN)/python -m benchmarks

SEED ?= 1
COURTS ?= 100
DAYS ?= 365
simulate: setup-dev ## Simulate a province's year against faults (SEED=7 COURTS=10 DAYS=30 for less): nothing twice, nothing lost
	$(BIN)/python -m benchmarks.simulation --seed $(SEED) --courts $(COURTS) --days $(DAYS)

setup: $(VENV)/.base
setup-dev: $(VENV)/.dev
setup-bench: $(VENV)/.bench

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更新 / Python 3.11 or newer is needed"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || deploy/packages.sh python3-venv
	$(PYTHON) -m venv $(VENV)

# The pip and setuptools that come with Python may be years old, with known faults.
$(VENV)/.pip: requirements/pip.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --upgrade -r requirements/pip.txt
	@touch $@

$(VENV)/.base: requirements/base.txt pyproject.toml $(VENV)/.pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.base
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

# Covers and text cards are drawn, so a machine without any Chinese typeface gets one. Where that fails the other channels go on.
fonts: setup
	@$(BIN)/python -c 'import sys; from xuanfa.content.pictures.fonts import font_trouble; sys.exit(bool(font_trouble()))' || deploy/packages.sh fonts-noto-cjk \
	  || { echo "没有装上中文字体：封面和文字卡片暂时画不了，其余照常。请安装软件包 fonts-noto-cjk（麒麟、openEuler 为 google-noto-cjk-fonts），再运行一次 make publish，会自动补上。"; \
	       echo "No Chinese typeface was installed: covers and cards cannot be drawn yet, the rest goes on. Install the package fonts-noto-cjk, then run make publish again."; } >&2

# What xuanfa is measured beside; nothing else needs it.
$(VENV)/.bench: requirements/bench.txt $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	@touch $@

# Servers and fonts that the tests start for themselves. Debian and Ubuntu; elsewhere install the like by hand.
system:
	@deploy/packages.sh $$(sed 's/#.*//' requirements/debian.txt)

requirements: setup-dev ## Pin again after a change of dependencies
	$(BIN)/python -m pip install --quiet pip-tools
	cd requirements && compile="../$(BIN)/pip-compile --quiet --strip-extras --generate-hashes --allow-unsafe --no-annotate --no-header \
	    --no-emit-index-url --no-emit-find-links --no-emit-trusted-host" \
	  && $$compile --output-file pip.txt pip.in \
	  && $$compile --output-file base.txt ../pyproject.toml base.in \
	  && $$compile --constraint base.txt --extra alarms --extra cluster --extra metrics --extra postgres --output-file dev.txt ../pyproject.toml base.in dev.in \
	  && $$compile --constraint dev.txt --output-file bench.txt bench.in

# For a machine without a network: the program, everything it needs for this kind of machine and Python, and deploy/, in one file.
bundle: setup-dev ## Pack what a machine without a network needs into dist/xuanfa-offline.tar.gz
	rm -rf dist/xuanfa-offline
	mkdir -p dist/xuanfa-offline/wheels
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist/xuanfa-offline/wheels .
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --require-hashes --dest dist/xuanfa-offline/wheels -r requirements/base.txt
	cp -r deploy docs requirements/base.txt dist/xuanfa-offline/
	tar -C dist -czf dist/xuanfa-offline.tar.gz xuanfa-offline
	@echo "dist/xuanfa-offline.tar.gz"

clean: ## Remove what was made, and what is remembered of it: the next publish begins anew
	rm -rf $(VENV) var public xuanfa.marks dist .pytest_cache .mypy_cache .ruff_cache
	@grep -lsF '"folder":"$(CURDIR)"' "$${XDG_STATE_HOME:-$$HOME/.local/state}"/xuanfa/*.marks | xargs -r rm -f
