# `make run` and `make test` each set up all they need first. Python 3.11 to 3.13, git and make must be there.

VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
NICE   ?=

ifeq ($(shell uname -s),Linux)
SCREEN := $(DISPLAY)$(WAYLAND_DISPLAY)
else
SCREEN := native
endif

# The native generator is built again when these change.
SOURCES := setup.py samplernn/prior_constants.py $(wildcard samplernn/native/source/*)
# Where it could not be built, setting up tries again once there is a compiler with Python's headers.
HEADERS = $(shell $(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("include"))' 2>/dev/null)
ifeq ($(wildcard samplernn/native/_generator*),)
AGAIN := $(if $(shell command -v g++ || command -v clang++),$(if $(wildcard $(HEADERS)/Python.h),again))
endif
# What is asked of the system before anything is downloaded: all in one line.
SYSTEM := base
export TORCH_INDEX

.PHONY: again help setup run test test-bare endurance lint album bench bundle screenshots clean

help:
	@echo "make run          open Deep Cuts (without a screen: make the demo album in the shell)"
	@echo "make test         ruff, mypy, import-linter and all tests"
	@echo "make test-bare    make test as a stranger on a fresh Debian (takes root and debootstrap)"
	@echo "make endurance    new random examples, kills, damaged inputs, power cuts, half an hour of work: two hours in all"
	@echo "make lint         the first three of them"
	@echo "make album        an album of the built-in demo band, in build/album"
	@echo "make bench        measure; figures in build/bench.json"
	@echo "make bundle       the double-click program, in dist/deepcuts, and an archive of it with an installer"
	@echo "make screenshots  every screen, in build/screenshots"
	@echo "make setup        only set up"

setup: $(READY)
	@packaging/system-packages.sh base

$(READY): pyproject.toml constraints.txt packaging/setup-venv.sh packaging/torch-build.sh $(SOURCES) $(AGAIN)
	@echo "Setting up Deep Cuts; this is needed once and takes some minutes."
	@packaging/system-packages.sh $(if $(wildcard $(BIN)/python),,venv) $(SYSTEM) compiler
	@packaging/setup-venv.sh $(VENV)
	@touch $@

ifeq ($(SCREEN),)
run: album
	@echo "There is no screen here, so this was the demo album, made in the shell. With a screen, make run opens the window."
else
run: SYSTEM := base screen
run: $(READY)
	@packaging/system-packages.sh base screen
	@$(BIN)/deepcuts
endif

album: $(READY)
	@$(BIN)/deepcuts make --out build/album --preset sketch --budget 1m --songs 3 --song-seconds 20 --seed 1

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/mypy packaging/screenshots.py packaging/doc_pictures.py
	$(BIN)/lint-imports

test: setup lint
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest --numprocesses auto --maxprocesses 2 --dist loadfile

test-bare:
	@packaging/bare-root.sh || { status=$$?; [ $$status -eq 77 ] || exit $$status; }

endurance: setup
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -m hypothesis --hypothesis-profile=search
	for trial in kills damage power-cut soak; do QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.endurance $$trial || exit 1; done

bench: setup
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.bench --out build/bench.json

bundle: setup
	$(BIN)/python packaging/icons.py --out build/icons
	$(NICE) $(BIN)/pyinstaller --noconfirm --log-level WARN --distpath dist --workpath build/bundle packaging/deepcuts.spec
	QT_QPA_PLATFORM=offscreen dist/deepcuts/deepcuts --smoke-test
ifeq ($(shell uname -s),Linux)
	$(NICE) $(BIN)/python packaging/archive.py --dist dist
endif

screenshots: $(READY)
	@packaging/system-packages.sh base
	$(BIN)/python packaging/screenshots.py --out build/screenshots

clean:
	rm -rf build dist
