# The project's tasks; `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# Python environments and other tools, installed on demand.
TESTS := .tools/tests
CODEGEN := .tools/codegen
CLIENTS := .tools/clients
CLIENTS_NODE := .tools/clients-node
CONTRACT_TOOLS := .tools/contract-tools
CHECK_DEPS := .tools/check-deps
MUTANTS := .tools/mutants
PGBOUNCER := .tools/pgbouncer
ENVOY := .tools/envoy
PATRONI := .tools/patroni
CLIENT_GENERATORS := $(addsuffix /installed,$(CODEGEN) $(CLIENTS) $(CLIENTS_NODE))
PYTEST := $(TESTS)/bin/python -B -m pytest

# test-contract: examples for each operation and phase, the seed (a random one when empty), and the URL of a deployed server.
EXAMPLES ?= 20
SEED ?=
URL ?=
# test-clients, check-breaking-clients: the clients to test (all when empty), and whether missing languages are installed.
LANGUAGES ?=
REQUIRE_ALL ?=
CLIENT_TOOLS = $(if $(REQUIRE_ALL),npm go javac mvn ruby ruby-typhoeus)
CLIENT_OPTIONS = $(if $(REQUIRE_ALL),--require-all) $(addprefix --language ,$(LANGUAGES))
# check-breaking: what to compare with, the last release when all are empty: a revision, a file, or the server at URL.
BASE ?=
FILE ?=
# mock: the port it listens on.
PORT ?= 4010
# faults: how many keys each scenario revokes.
ROUNDS ?= 500
# failover: seconds of load before each fault and after its repair.
LOAD ?= 5
# fuzz: seconds for each target, and the targets (all when empty).
SECONDS ?= 60
TARGETS ?=
# hostile: seconds of each attack, and of its baseline.
ATTACK ?= 10

# What `make lint` checks with shellcheck.
SHELL_SCRIPTS = $(shell git grep -lE '^\#!/usr/bin/env bash|^\#!/bin/sh' -- . ':!generated' ':!codegen/clients/*/package')

.PHONY: help bootstrap run build test test-rust test-fuzz test-upgrade test-migrations-at-scale test-contract test-contract-tools test-tools test-bench test-docs test-acceptance test-clients \
  check-generated lint lint-python lint-shell check-layers lint-contract check-breaking check-breaking-clients check-deps \
  generate generate-server generate-clients mock fuzz faults failover hostile mutants bench bench-search clean

help: ## List the tasks
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 24

bootstrap: ## Install the Debian packages that all tasks need; each task installs its own if they are missing
	@tools/install --all

run: ## Build and start the server on http://127.0.0.1:8080 with its own Postgres; user admin, password latchkey-demo
	@tools/install cc
	cargo build
	LATCHKEY_ADMIN_PASSWORD=$${LATCHKEY_ADMIN_PASSWORD:-latchkey-demo} target/debug/latchkey serve

build: ## Build the optimised program: target/release/latchkey
	@tools/install cc
	cargo build --release

test: check-generated test-tools test-contract-tools test-bench test-rust test-fuzz test-upgrade test-contract test-clients test-docs test-acceptance ## Run all tests

test-rust: $(PGBOUNCER)/installed $(ENVOY)/installed ## Run the unit and integration tests with a temporary Postgres
	@tools/install cc initdb nginx haproxy caddy faketime ip openssl
	LATCHKEY_TEST_PGBOUNCER=$(CURDIR)/$(PGBOUNCER)/pgbouncer LATCHKEY_TEST_ENVOY=$(CURDIR)/$(ENVOY)/bin/envoy \
	  tests/with-postgres cargo test --workspace

test-fuzz: ## Fuzz the parsers of outside input, for half a minute in all
	@tools/install cc c++
	tools/fuzz 3
	tools/fuzz 12 request

test-upgrade: ## Test this version beside the program of the last release, which the first run builds, on one database
	@tools/install cc initdb
	program=$$(tools/build-released); LATCHKEY_TEST_RELEASED_PROGRAM=$$program tests/with-postgres \
	  cargo test -p latchkey-server --test upgrade

test-migrations-at-scale: ## Test that the migrations since the last release block no statement, with a million keys
	@tools/install cc initdb
	program=$$(tools/build-released); LATCHKEY_TEST_RELEASED_PROGRAM=$$program LATCHKEY_TEST_MIGRATION_ROWS=1000000 \
	  tests/with-postgres cargo test -p latchkey-server --test upgrade migration -- --nocapture

test-contract: $(TESTS)/installed ## Fuzz the server with requests made from the contract, or a deployed one at URL
ifeq ($(URL),)
	@tools/install cc initdb
	cargo build
	$(PYTEST) tests/contract --examples $(EXAMPLES) $(if $(SEED),--seed $(SEED))
else
	@$(TESTS)/bin/python -B -m tests.contract.deployed '$(URL)' --examples $(EXAMPLES) $(if $(SEED),--seed $(SEED))
endif

test-contract-tools: $(TESTS)/installed $(CONTRACT_TOOLS)/installed $(CLIENT_GENERATORS) ## Test that lint-contract, check-breaking and check-breaking-clients find violations, and the mock
	@tools/install java $(CLIENT_TOOLS)
	$(PYTEST) tests/contract_tools $(CLIENT_OPTIONS)

test-tools: $(TESTS)/installed ## Test the scripts in tools/
	$(PYTEST) tests/tools

test-bench: $(TESTS)/installed ## Test the statements of the benchmarks and the plans of searches, and attack a node briefly
	@tools/install cc initdb wrk
	cargo build
	$(PYTEST) tests/bench tests/hostile

test-docs: $(TESTS)/installed $(CONTRACT_TOOLS)/installed ## Run the code blocks of the documentation, and use /docs in a browser
	@tools/install cc initdb chromium chromedriver curl nginx openssl
	cargo build
	tests/with-postgres $(PYTEST) tests/docs

test-acceptance: $(TESTS)/installed ## Issue a key to a customer, who uses a browser and nginx, and revoke it on three nodes
	@tools/install cc initdb chromium chromedriver nginx
	cargo build
	tests/with-postgres $(PYTEST) -s tests/acceptance

test-clients: $(TESTS)/installed ## Test the generated clients; REQUIRE_ALL=1 installs missing languages, LANGUAGES selects some
	@tools/install cc initdb $(CLIENT_TOOLS)
	cargo build
	$(PYTEST) tests/clients $(CLIENT_OPTIONS)

check-generated: generate ## Fail when generated/ is out of date, or holds files that nothing generates
	@test -z "$$(git status --porcelain generated)" || { git status --porcelain generated; \
	  echo 'generated/ is out of date: run `make generate` and commit the changes' >&2; exit 1; }

lint: lint-python lint-shell check-layers lint-contract check-breaking check-deps ## Check formatting, lints, API documentation, scripts, the contract and dependencies
	@tools/install cc c++
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps --document-private-items --quiet

lint-python: $(TESTS)/installed ## Check the Python code with ruff and mypy
	$(TESTS)/bin/ruff format --quiet --check
	$(TESTS)/bin/ruff check --quiet
	$(TESTS)/bin/mypy --no-error-summary

lint-shell: ## Check the shell scripts with shellcheck
	@tools/install shellcheck
	shellcheck $(SHELL_SCRIPTS)

check-layers: ## Check that imports in crates/domain follow its layers
	tools/check_layers.py

lint-contract: $(CONTRACT_TOOLS)/installed ## Check the contract's style, and that the generators support it
	REDOCLY_SUPPRESS_UPDATE_NOTICE=true $(CONTRACT_TOOLS)/node_modules/.bin/redocly lint --config contract/ruleset.yaml openapi.yaml

check-breaking: $(CONTRACT_TOOLS)/installed ## List changes of the contract that break clients of the last release, of the revision BASE, of FILE, or of the server at URL
	@$(if $(URL),tools/install curl)
	@BASE='$(BASE)' FILE='$(FILE)' URL='$(URL)' contract/check-breaking $(CONTRACT_TOOLS)/oasdiff

check-breaking-clients: $(TESTS)/installed ## Check that programs for the clients of the last release compile with the generated clients
	@$(if $(CLIENT_TOOLS),tools/install $(CLIENT_TOOLS))
	$(PYTEST) tests/clients/test_released.py $(CLIENT_OPTIONS)

check-deps: $(CHECK_DEPS)/installed ## Check licences and sources of dependencies, and known advisories if their list can be fetched
	$(CHECK_DEPS)/bin/cargo-deny --log-level error check bans licenses sources
	if $(CHECK_DEPS)/bin/cargo-deny --log-level off fetch db 2>/dev/null; \
	then $(CHECK_DEPS)/bin/cargo-deny --log-level error check advisories; \
	else echo 'check-deps: advisories are not checked: their list could not be fetched' >&2; fi

generate: generate-server generate-clients ## Generate everything in generated/ from openapi.yaml and pinned packages, byte for byte the same

generate-server: $(CODEGEN)/installed ## Generate generated/server/ and generated/docs/
	@tools/install java npm
	codegen/generate $(CODEGEN)
	codegen/docs/generate

generate-clients: $(CLIENT_GENERATORS) ## Generate generated/clients/ and generated/client-calls/
	@tools/install java go
	codegen/clients/generate $(CODEGEN) $(CLIENTS) $(CLIENTS_NODE)

mock: $(CONTRACT_TOOLS)/installed ## Serve the contract's examples on http://127.0.0.1:PORT, without a database
	@echo 'serving the examples of openapi.yaml on http://127.0.0.1:$(PORT); any credential is accepted'
	@contract/mock $(CONTRACT_TOOLS) $(PORT)

fuzz: ## Fuzz the parsers of outside input, SECONDS for each target; TARGETS selects some
	@tools/install cc c++
	tools/fuzz $(SECONDS) $(TARGETS)

faults: $(PGBOUNCER)/installed ## Revoke keys under injected faults, ROUNDS for each scenario; writes docs/FAULTS.md
	@tools/install cc initdb faketime ip
	LATCHKEY_FAULT_ROUNDS=$(ROUNDS) LATCHKEY_FAULT_REPORT=$(CURDIR)/docs/FAULTS.md \
	  LATCHKEY_FAULT_RUN="$$(date +%F), commit $$(git rev-parse --short HEAD), $$(nproc) processors, unoptimised build." \
	  LATCHKEY_TEST_PGBOUNCER=$(CURDIR)/$(PGBOUNCER)/pgbouncer \
	  tests/with-postgres cargo test -p latchkey-server --test faults -- --nocapture --test-threads=1

failover: $(TESTS)/installed $(PATRONI)/installed ## Fail a Patroni cluster over under load, LOAD seconds before and after; writes docs/FAILOVER.md
	@tools/install cc initdb etcd haproxy ip
	cargo build
	PATH="$(CURDIR)/$(PATRONI)/bin:$$PATH" tests/failover/with-namespaces $(TESTS)/bin/python -B -m tests.failover --seconds $(LOAD) --report docs/FAILOVER.md \
	  --run "$$(date +%F), commit $$(git rev-parse --short HEAD), $$(nproc) processors, unoptimised build."

hostile: $(TESTS)/installed ## Measure the program and its other clients under attack, ATTACK seconds each; writes docs/HOSTILE.md
	@tools/install cc initdb
	cargo build --release
	$(TESTS)/bin/python -B -m tests.hostile --seconds $(ATTACK) --report docs/HOSTILE.md \
	  --run "$$(date +%F), commit $$(git rev-parse --short HEAD), $$(nproc) processors, optimised build."

mutants: $(MUTANTS)/installed ## Test the tests of the domain's rules with up to 100 mutations; the next run tests others
	@tools/install cc
	tools/mutants $(MUTANTS)/bin/cargo-mutants

bench: ## Measure the program against pgbench and the baseline server; writes docs/BENCHMARKS.md
	@tools/install cc initdb wrk nginx
	python3 -B -m bench.bench

bench-search: ## Measure searches of keys and bulk revocation with ten million keys; writes docs/SEARCH.md
	@tools/install cc initdb wrk
	python3 -B -m bench.search

clean: ## Remove build results and installed tools
	rm -rf target .tools

$(TESTS)/installed: tests/requirements.txt
	tools/python-environment $(@D) $<

$(CODEGEN)/installed: codegen/requirements.txt
	tools/python-environment $(@D) $<

$(CLIENTS)/installed: codegen/clients/python/requirements.txt
	tools/python-environment $(@D) $<

$(CLIENTS_NODE)/installed: codegen/clients/typescript/package.json codegen/clients/typescript/package-lock.json
	@tools/install npm
	mkdir -p $(@D)
	cp $^ $(@D)
	npm ci --prefix $(@D) --ignore-scripts --no-audit --no-fund --silent
	touch $@

$(CONTRACT_TOOLS)/installed: $(addprefix contract/,install package-lock.json go.sum)
	contract/install $(@D)

$(PGBOUNCER)/installed: tools/install-pgbouncer
	tools/install-pgbouncer $(@D)

$(ENVOY)/installed: tools/envoy-requirements.txt
	tools/python-environment $(@D) $<

# With a Python that the account of Postgres can run, which may not read this user's home.
$(PATRONI)/installed: tests/failover/requirements.txt
	PATH="/usr/bin:$$PATH" tools/python-environment $(@D) $<

$(CHECK_DEPS)/installed:
	@tools/install cc
	cargo install --quiet --debug --locked --root $(@D) cargo-deny@0.20.2
	touch $@

$(MUTANTS)/installed:
	@tools/install cc
	cargo install --quiet --debug --locked --root $(@D) cargo-mutants@27.1.0
	touch $@
