# make run and make test do all of their set-up; `make help` lists the rest.
SHELL := /bin/bash
MAIN := .venv/bin
RASA := .venv-rasa/bin
MODEL_SOURCES := $(shell find nlu_data domain.yml -name '*.yml' -o -name '*.py' -o -name '*.json' 2>/dev/null)

.PHONY: help setup run test train lint clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ -/'

setup: .venv/.installed .venv-rasa/.installed ## both environments and the system packages

.venv/.installed: deploy/requirements.txt pyproject.toml deploy/setup
	deploy/setup main

.venv-rasa/.installed: deploy/requirements-rasa.txt deploy/setup
	deploy/setup rasa

models/mitra.tar.gz: $(MODEL_SOURCES) | setup
	$(MAIN)/mitra train

train: setup ## train understanding and dialogue (models/mitra.tar.gz)
	$(MAIN)/mitra train

run: setup models/mitra.tar.gz ## start everything; Ctrl-C stops everything
	deploy/run

test: setup ## all tests, both environments
	deploy/test

lint: setup ## ruff and mypy
	$(MAIN)/ruff check . && $(MAIN)/ruff format --check . && $(MAIN)/mypy

clean: ## remove what was built, keep what citizens left in var/
	rm -rf .venv .venv-rasa models/mitra.tar.gz .rasa results
