# The two main targets:  make train   make test
PREFIX ?= /usr/local
BUILD := swift build -c release
BIN = $(shell $(BUILD) --show-bin-path)
RUN ?=

.PHONY: train test bench bench-peers bench-scaling check format generated docs faulty fuzz soak exact page tensorboard variants paper \
  stream test-devices run-test-devices test-scale coverage install uninstall build setup clean

## Trains on MNIST (or on digits that the program draws) and leaves a grid in runs/mnist/samples.
train: build
	$(BIN)/dcgan-run Specs/mnist.yaml train $(RUN)

## All tests.
test: setup
	swift test --parallel

## Images per second of training and sampling, with the time of each layer.
bench: build
	$(BIN)/dcgan-run Specs/lsun64.yaml bench --batch 32
	$(BIN)/dcgan-run Specs/mnist.yaml bench

## The same beside PyTorch, which is installed into PEERS: make bench-peers PEERS=/tmp/peers
## One row of the table, two pairs: make bench-peers COMPARE='--only "mnist train" --pairs 2'
PEERS ?= .build/peers
bench-peers: build
	Benchmarks/compare $(PEERS) $(COMPARE)

## How time grows with batch, image size and threads, beside PyTorch.
bench-scaling: build
	Benchmarks/scaling $(PEERS) $(SCALING)

## What a change must pass: format, declared imports, no warnings, tests.
check: setup
	swift format lint --strict --recursive Package.swift Sources Plugins Tests
	scripts/check-imports --self-test
	scripts/check-imports
	swift build --build-tests -Xswiftc -warnings-as-errors -Xcc -Werror=all -Xcc -Werror=extra
	swift test --skip-build --parallel

## Formats all sources in place.
format:
	swift format --in-place --recursive Package.swift Sources Plugins Tests

## Writes again what is made from the code: the JSON schema, the output of the peers' specs.
generated: setup
	swift build --product dcgan-compile
	.build/debug/dcgan-compile --emit schema > Specs/dcgan.schema.json
	for spec in Specs/Peers/*.yaml; do \
	  NO_COLOR=1 .build/debug/dcgan-compile $$spec --check > $${spec%.yaml}.out 2>&1 || true; done

## Feeds what libFuzzer makes of good files to all that reads files: specs, checkpoints, IDX. Each
## gets FUZZ_SECONDS:  make fuzz FUZZ_SECONDS=1800   make fuzz FUZZERS=idx
## Leaks are not looked for: Swift's enums keep their case in unused bits of pointers, which the
## search does not follow, so that constant tables seem lost.
FUZZ_SECONDS ?= 60
FUZZERS ?= front-end checkpoint idx data
fuzz: setup
	$(BUILD) --product dcgan-run
	for fuzzer in $(FUZZERS); do \
	  DCGAN_FUZZ=1 $(BUILD) --scratch-path .build/fuzz --product $$fuzzer-fuzzer \
	    -Xswiftc -sanitize=address -Xswiftc -sanitize-coverage=edge,inline-8bit-counters,pc-table,trace-cmp || exit; done
	mkdir -p .build/fuzz/corpus/front-end .build/fuzz/found
	cp Specs/*.yaml Specs/*/*.yaml Tests/Fixtures/Conformance/networks/*.yaml \
	  .build/fuzz/corpus/front-end
	$(BIN)/dcgan-run Benchmarks/tiny.yaml train --limit 8 --fresh --out .build/fuzz/run
	scripts/fuzz-seeds .build/fuzz/run/checkpoints/step-2.safetensors .build/fuzz/corpus
	grep -oE '"[a-z][a-z0-9_]*"' Specs/dcgan.schema.json | sort -u > .build/fuzz/dictionary
	for fuzzer in $(FUZZERS); do \
	  ASAN_OPTIONS=detect_leaks=0 .build/fuzz/release/$$fuzzer-fuzzer \
	    -dict=.build/fuzz/dictionary -max_len=16384 -timeout=30 -max_total_time=$(FUZZ_SECONDS) \
	    -artifact_prefix=.build/fuzz/found/$$fuzzer- .build/fuzz/corpus/$$fuzzer || exit; done

## A small training under random kills, full disks, closed outputs and read-only folders, which must
## end with the bytes of an undisturbed one:  make soak SOAK_SECONDS=1800
SOAK_SECONDS ?= 120
SOAK_KILLS ?= 50
soak: build
	scripts/soak $(BIN)/dcgan-run Benchmarks/tiny.yaml $(SOAK_SECONDS) $(SOAK_KILLS)

## The same bytes for any number of threads.
exact: build
	scripts/exact $(BIN)/dcgan-run

## Event files as TensorBoard's own reader finds them; TENSORBOARD is a Python that has the package.
TENSORBOARD ?= python3
tensorboard: build
	$(TENSORBOARD) scripts/tensorboard $(BIN)/dcgan-run

## Trains each variant for a while and prints the table of docs/variants.md:
## make variants VARIANTS_DATA=data
VARIANTS_DATA ?=
variants: build
	scripts/variants $(BIN) $(VARIANTS_DATA)

## Every experiment of the paper on portraits and digits, in less than twenty minutes, on one page:
## make paper PAPER="--data data"; as long as in docs/experiments.md: make paper PAPER="--long"
PAPER ?=
paper: build
	scripts/paper $(BIN) $(PAPER)

## The page that `dcgan-run report` writes, in headless Chromium, which must be installed: wide and
## narrow, light and dark.
page: build
	scripts/page

## All tests of devices on a PJRT plugin, by default XLA's for CPUs, and the steps of all shipped
## specs in JAX; both are installed into DEVICES:  make test-devices PLUGIN=/path/of/plugin.so
DEVICES ?= .build/devices
PLUGIN ?= $(firstword $(wildcard $(DEVICES)/lib/python3*/site-packages/lammps_jax_pjrt_cpu/*.so))
test-devices: build
	scripts/setup-devices $(DEVICES)
	$(MAKE) run-test-devices
run-test-devices:
	DCGAN_TEST_PLUGIN=$(abspath $(PLUGIN)) DCGAN_TEST_JAX=$(abspath $(DEVICES)/bin/python) \
	  swift test --filter 'DeviceTests|PJRTTests|StableHLOTests|ConformanceTests'
	scripts/test-devices $(BIN)/dcgan-run pjrt:$(abspath $(PLUGIN))

## Trainings by several processes under three libraries of MPI, and on two hosts, which are killed,
## stopped and cut off: the same bytes in the end. The third library is installed into SCALE.
SCALE ?= .build/scale
test-scale: build
	scripts/setup-scale $(SCALE)
	scripts/test-scale $(BIN)/dcgan-run Benchmarks/tiny.yaml --standard $(SCALE)

## Ten million samples from a web server that drops connections, with a kill in the middle:
## flat memory, the same checkpoint:  make stream STREAM_SAMPLES=10000000
STREAM_SAMPLES ?= 10000000
stream: build
	scripts/stream --program $(BIN)/dcgan-run --samples $(STREAM_SAMPLES)

## Line coverage of the front end by its tests, for each folder.
coverage: setup
	swift test --parallel --enable-code-coverage
	@scripts/coverage Diagnostics Document Decoding Schema Spec Guidelines LayerGraph

## Writes docs/diagnostics.md and docs/reference.md anew from their tables, and the console blocks of
## the README.
docs: setup
	DCGAN_UPDATE=1 swift test --filter 'CodeTablesTests|ReferenceTests|ExampleTests'

## Writes the expected outputs of Specs/Faulty anew; read what changed.
faulty: setup
	DCGAN_UPDATE=1 swift test --filter FaultySpecsTests

SHARE = $(DESTDIR)$(PREFIX)/share
COMMANDS = dcgan-compile dcgan-run
BASH = $(SHARE)/bash-completion/completions
ZSH = $(SHARE)/zsh/site-functions
FISH = $(SHARE)/fish/vendor_completions.d
## Installs both commands with manual pages, completions and the shipped specs:
## make install PREFIX=$$HOME/.local
install: build
	install -d $(DESTDIR)$(PREFIX)/bin $(SHARE)/dcgan/Specs $(SHARE)/man/man1 $(BASH) $(ZSH) $(FISH)
	install -m 755 $(COMMANDS:%=$(BIN)/%) $(DESTDIR)$(PREFIX)/bin
	install -m 644 Specs/*.yaml Specs/dcgan.schema.json $(SHARE)/dcgan/Specs
	set -e; for command in $(COMMANDS); do \
	  scripts/manual $(BIN)/$$command > $(SHARE)/man/man1/$$command.1; \
	  $(BIN)/$$command --generate-completion-script bash > $(BASH)/$$command; \
	  $(BIN)/$$command --generate-completion-script zsh > $(ZSH)/_$$command; \
	  $(BIN)/$$command --generate-completion-script fish > $(FISH)/$$command.fish; done

## Removes what `make install` with the same PREFIX has brought.
uninstall:
	rm -f $(foreach command,$(COMMANDS),$(DESTDIR)$(PREFIX)/bin/$(command) \
	  $(SHARE)/man/man1/$(command).1 $(BASH)/$(command) $(ZSH)/_$(command) $(FISH)/$(command).fish)
	rm -rf $(SHARE)/dcgan

build: setup
	$(BUILD) --product dcgan-compile
	$(BUILD) --product dcgan-run

setup:
	@scripts/setup

clean:
	rm -rf .build
