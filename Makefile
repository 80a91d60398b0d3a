# The same verbs by hand and in CI. `make help` lists them.

SWIFT ?= swift
# Unused or undeclared imports between targets are errors: the manifest is the architecture.
CHECKED := --explicit-target-dependency-import-check error
# Tests at a time: each has a database or servers of its own, and a thousand at once only wait for each other.
WIDTH := --experimental-maximum-parallelization-width 8

.PHONY: help prepare build release test example test-thread test-address test-network fuzz demo bench phone-metadata phone-oracle time-zones reference lint format clean

help: ## List the verbs
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-14s %s\n", $$1, $$2 }'

prepare: ## Install the system packages that are missing (Debian, Ubuntu)
	@scripts/prepare

build: prepare ## Build everything, tests included
	$(SWIFT) build --build-tests $(CHECKED)

release: prepare ## Build the program as it is shipped: .build/release/rollcall
	$(SWIFT) build -c release --product rollcall

test: build release ## Run every test, on a Postgres server of its own; whole runs with the program as it is shipped
	ROLLCALL_PROGRAM=$(CURDIR)/.build/release/rollcall SWIFT="$(SWIFT)" scripts/test $(CHECKED) $(WIDTH)
	scripts/example

example: build ## Build, test and run the plug-ins of Examples
	scripts/example

test-thread: prepare ## Run every test with the thread sanitizer
	scripts/sanitize thread

test-address: prepare ## Run every test with the address sanitizer
	scripts/sanitize address

test-network: release ## Cut the network to each database and to the simulator in mid-run (root, eight minutes)
	scripts/network-cut

fuzz: prepare ## Feed the CSV, JSON and COPY decoders whatever libFuzzer makes up (ten minutes each)
	scripts/fuzz csv
	scripts/fuzz json
	scripts/fuzz copy

demo: release ## Deliver 100,000 rows to the simulator, be killed half-way, resume, and compare
	scripts/demo

bench: release ## Measure speed and memory beside psql and beside Polars (1,000,000 rows; network)
	scripts/bench
	scripts/bench-polars

phone-metadata: ## Make the phone numbering plans anew from the newest libphonenumber (network, Python 3.11)
	scripts/phone-metadata
	scripts/phone-oracle --fixture

phone-oracle: prepare ## Compare 5,000,000 phone numbers and their time zones with libphonenumber of the same version (network, Python 3.11)
	$(SWIFT) build -c release --product phone-check
	scripts/phone-oracle

time-zones: ## Make the time zones of countries and postal codes anew (network, Python 3.11, Debian's tzdata)
	scripts/country-zones
	scripts/postal-zones

reference: release ## Write docs/reference anew
	scripts/reference

lint: ## Check the format
	$(SWIFT) format lint --strict --parallel --recursive Package.swift Sources Tests Examples

format: ## Mend the format
	$(SWIFT) format --in-place --parallel --recursive Package.swift Sources Tests Examples

clean: ## Forget what was built
	rm -rf .build .build-*
