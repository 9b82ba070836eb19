# One prerequisite: Python 3.11 or newer. Everything else is set up by the first of these commands.
PYTHON ?= $(or $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done),python3)
VENV := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help python setup setup-tests run test lint faults bench screenshots catalogues constraints

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo 'Python 3.11 or newer is needed, and $(PYTHON) is not. Install it, or name it: make PYTHON=/path/to/python3 run'; exit 1; }

setup: python ## install and build everything that the sites need
	@$(PYTHON) -m deploy.local.setup

setup-tests: python ## the same, with what tests and checks need
	@$(PYTHON) -m deploy.local.setup --tests

run: setup ## start both sites with their workers on this machine; Ctrl-C stops them
	@exec $(VENV) -m deploy.local.run

test: setup-tests ## every check and every test, as a change must pass them
	@exec $(VENV) -m deploy.local.test

lint: setup-tests ## the checks alone
	@exec $(VENV) -m deploy.local.lint

faults: setup-tests ## the bridge's promises in their long forms; takes hours
	@LONG=1 DJANGO_SETTINGS_MODULE=tests.settings_office $(VENV) -m pytest -q -s tests/exchange/test_promises.py tests/exchange/test_state_machine.py
	@LONG=1 exec $(VENV) -m pytest -p no:django -q -s tests/faults

bench: setup-tests ## measure what the specification asks to be measured
	@exec $(VENV) -m pytest -p no:django -q -s tests/bench

screenshots: setup-tests ## photograph the main pages into build/screenshots
	@exec $(VENV) -m deploy.local.screenshots

catalogues: setup-tests ## bring the message catalogues up to date with the code
	@$(VENV) -m deploy.local.catalogues extract

constraints: python ## pin what changed requirements bring along
	@$(VENV) -m deploy.local.constraints
