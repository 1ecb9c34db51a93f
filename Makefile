# The two that matter:  make train   make test
PREFIX ?= /usr/local
BUILD := swift build -c release
BIN = $(shell $(BUILD) --show-bin-path)
RUN ?=

.PHONY: train test bench check format install build setup clean

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

## What a change must pass: format, no warnings, tests.
check: setup
	swift format lint --strict --recursive Package.swift Sources Tests
	swift build --build-tests -Xswiftc -warnings-as-errors -Xcc -Werror
	swift test --parallel

## Formats all sources in place.
format:
	swift format --in-place --recursive Package.swift Sources Tests

## Installs both commands and the shipped specs: make install PREFIX=$$HOME/.local
install: build
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/dcgan/Specs
	install -m 755 $(BIN)/dcgan-compile $(BIN)/dcgan-run $(DESTDIR)$(PREFIX)/bin
	install -m 644 Specs/*.yaml $(DESTDIR)$(PREFIX)/share/dcgan/Specs

build: setup
	$(BUILD) --product dcgan-compile
	$(BUILD) --product dcgan-run

setup:
	@scripts/setup

clean:
	rm -rf .build
