# Every task by name; `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

CODEGEN := .tools/codegen
CONTRACT := .tools/contract
DOCS := .tools/docs
# What checks the contract itself, and answers by its examples.
CONTRACT_TOOLS := .tools/contract-tools
AUDIT := .tools/audit
CLIENTS := .tools/clients
CLIENTS_NODE := .tools/clients-node
PGBOUNCER := .tools/pgbouncer
# How many examples Schemathesis tries for each operation and credential, and from which seed; from one of its own when empty.
EXAMPLES ?= 20
SEED ?=
# Which clients `make test-clients` takes; all when empty.
LANGUAGES ?=

# The revision whose contract `make diff-contract` compares with; the last release when empty.
BASE ?=
# Where `make mock` listens.
PORT ?= 4010

# How many keys each scenario of `make faults` ends.
ROUNDS ?= 500

.PHONY: help run build test test-rust test-contract test-docs test-gates test-clients check-generated lint lint-contract diff-contract audit generate clients contract mock faults bench clean

help: ## List the tasks
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 18

run: ## Build, and serve on http://127.0.0.1:8080 with a Postgres of its own; the user is admin, the password latchkey-demo
	@codegen/install cc build-essential
	cargo build
	LATCHKEY_ADMIN_PASSWORD=$${LATCHKEY_ADMIN_PASSWORD:-latchkey-demo} target/debug/latchkey serve

build: ## Build the program for use: target/release/latchkey
	@codegen/install cc build-essential
	cargo build --release

test: check-generated test-gates test-rust test-contract test-clients test-docs ## Everything that .ci/run tests

test-rust: $(PGBOUNCER)/installed ## Unit and integration tests, against a real Postgres that is gone afterwards
	@codegen/install cc build-essential
	@codegen/install initdb postgresql
	@codegen/install nginx nginx
	@codegen/install haproxy haproxy
	@codegen/install caddy caddy
	@codegen/install faketime faketime
	@codegen/install ip iproute2
	LATCHKEY_TEST_PGBOUNCER=$(CURDIR)/$(PGBOUNCER)/pgbouncer tests/with-postgres cargo test --workspace

test-contract: $(CONTRACT)/installed ## Fuzz the contract with Schemathesis, EXAMPLES for each operation
	@codegen/install cc build-essential
	@codegen/install initdb postgresql
	cargo build
	tests/contract/run --examples $(EXAMPLES) $(if $(SEED),--seed $(SEED)) $(CONTRACT) target/debug/latchkey
	tests/contract/test_url $(CONTRACT) target/debug/latchkey

test-gates: $(CONTRACT_TOOLS)/installed $(CODEGEN)/installed ## Break the contract in many ways, each of which lint-contract or diff-contract must name; ask the mock
	$(CODEGEN)/bin/python tests/lint-contract $(CONTRACT_TOOLS)/node_modules/.bin/redocly
	$(CODEGEN)/bin/python tests/diff-contract $(CONTRACT_TOOLS)/oasdiff
	$(CODEGEN)/bin/python tests/mock-contract $(CONTRACT_TOOLS)

test-docs: $(DOCS)/installed $(CONTRACT_TOOLS)/installed ## Run every code block of the documentation, and /docs in a browser: target/docs.png
	@codegen/install cc build-essential
	@codegen/install initdb postgresql
	@codegen/install chromium chromium
	@codegen/install chromedriver chromium-driver
	@codegen/install curl curl
	@codegen/install nginx nginx
	@codegen/install openssl openssl
	cargo build
	tests/with-postgres $(DOCS)/bin/python tests/docs/run target/debug/latchkey target/docs.png

test-clients: $(CODEGEN)/installed ## Take every client through one scenario; REQUIRE_ALL=1 installs the languages that are missing
	@codegen/install cc build-essential
	@codegen/install initdb postgresql
	$(if $(REQUIRE_ALL),@codegen/install npm npm)
	$(if $(REQUIRE_ALL),@codegen/install go golang-go)
	$(if $(REQUIRE_ALL),@codegen/install mvn maven)
	$(if $(REQUIRE_ALL),@codegen/install ruby ruby)
	$(if $(REQUIRE_ALL),@ruby -r typhoeus -e '' 2>/dev/null || codegen/install --always ruby-typhoeus)
	cargo build
	$(CODEGEN)/bin/python tests/clients/run target/debug/latchkey $(if $(REQUIRE_ALL),--require-all) $(LANGUAGES)
	$(CODEGEN)/bin/python tests/clients/run target/debug/latchkey --broken

check-generated: generate clients ## Fail when generated/ is stale, or holds what nothing generates
	@test -z "$$(git status --porcelain generated)" || { git status --porcelain generated; \
	  echo 'generated/ is stale: run `make generate clients` and commit what it wrote' >&2; exit 1; }

lint: ## Formatting, clippy, documentation and dependencies; warnings are errors
	@codegen/install cc build-essential
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps --document-private-items --quiet
	$(MAKE) --no-print-directory lint-contract diff-contract audit

lint-contract: $(CONTRACT_TOOLS)/installed ## The contract's style, and whether the generators can handle it
	REDOCLY_SUPPRESS_UPDATE_NOTICE=true $(CONTRACT_TOOLS)/node_modules/.bin/redocly lint --config codegen/contract/ruleset.yaml openapi.yaml

diff-contract: $(CONTRACT_TOOLS)/installed ## What in the contract breaks the clients of the last release, or of the revision BASE
	@BASE='$(BASE)' codegen/contract/diff $(CONTRACT_TOOLS)/oasdiff

audit: $(AUDIT)/installed ## Licences, sources and bans of dependencies; known advisories where their list can be had
	$(AUDIT)/bin/cargo-deny --log-level error check bans licenses sources
	if $(AUDIT)/bin/cargo-deny --log-level off fetch db 2>/dev/null; \
	then $(AUDIT)/bin/cargo-deny --log-level error check advisories; \
	else echo 'audit: the list of advisories cannot be had from here; not checked' >&2; fi

generate: $(CODEGEN)/installed ## Write generated/ anew from openapi.yaml and pinned packages, the same bytes each time
	@codegen/install java default-jre-headless
	@codegen/install npm npm
	codegen/generate $(CODEGEN)
	codegen/docs/generate

contract: $(CONTRACT)/installed ## Hold the Latchkey at URL to the contract, as the user of USERNAME and PASSWORD, TOKEN or KEY
	@[ -n '$(URL)' ] || { echo 'make contract: say where it runs: URL=https://latchkey.example.com' >&2; exit 2; }
	@tests/contract/run --url '$(URL)' --examples $(EXAMPLES) $(if $(SEED),--seed $(SEED)) $(CONTRACT)

mock: $(CONTRACT_TOOLS)/installed ## Answer by the contract's examples on http://127.0.0.1:PORT, without a database
	@echo 'answering by the examples of openapi.yaml on http://127.0.0.1:$(PORT); any credential is good'
	@codegen/contract/mock $(CONTRACT_TOOLS) $(PORT)

clients: $(CODEGEN)/installed $(CLIENTS)/installed $(CLIENTS_NODE)/installed ## Write generated/clients/ anew from openapi.yaml, the same bytes each time
	@codegen/install java default-jre-headless
	@codegen/install gofmt golang-go
	codegen/clients/generate $(CODEGEN) $(CLIENTS) $(CLIENTS_NODE)

faults: $(PGBOUNCER)/installed ## End keys while things go wrong, ROUNDS for each scenario; writes docs/FAULTS.md
	@codegen/install cc build-essential
	@codegen/install initdb postgresql
	@codegen/install faketime faketime
	@codegen/install ip iproute2
	LATCHKEY_FAULT_ROUNDS=$(ROUNDS) LATCHKEY_FAULT_REPORT=$(CURDIR)/docs/FAULTS.md \
	  LATCHKEY_FAULT_RUN="$$(date +%F), commit $$(git rev-parse --short HEAD), $$(nproc) processors, unoptimised build." \
	  LATCHKEY_TEST_PGBOUNCER=$(CURDIR)/$(PGBOUNCER)/pgbouncer \
	  tests/with-postgres cargo test -p latchkey-server --test faults -- --nocapture --test-threads=1

bench: ## Measure against pgbench and a bare axum handler; writes docs/BENCHMARKS.md
	@codegen/install cc build-essential
	@codegen/install initdb postgresql
	@codegen/install wrk wrk
	@codegen/install nginx nginx
	bench/run

clean: ## Remove what was built and installed here
	rm -rf target .tools

$(CODEGEN)/installed: codegen/requirements.txt
	codegen/environment $(@D) $<

$(CONTRACT)/installed: tests/contract/requirements.txt
	codegen/environment $(@D) $<

$(DOCS)/installed: tests/docs/requirements.txt
	codegen/environment $(@D) $<

$(CONTRACT_TOOLS)/installed: $(addprefix codegen/contract/,install package-lock.json go.sum)
	codegen/contract/install $(@D)

$(CLIENTS)/installed: codegen/clients/python/requirements.txt
	codegen/environment $(@D) $<

$(CLIENTS_NODE)/installed: codegen/clients/typescript/package.json codegen/clients/typescript/package-lock.json
	@codegen/install npm npm
	mkdir -p $(@D)
	cp $^ $(@D)
	npm ci --prefix $(@D) --ignore-scripts --no-audit --no-fund --silent
	touch $@

$(PGBOUNCER)/installed: tests/pgbouncer
	tests/pgbouncer $(@D)

$(AUDIT)/installed:
	@codegen/install cc build-essential
	cargo install --quiet --debug --locked --root $(@D) cargo-deny@0.20.2
	touch $@
