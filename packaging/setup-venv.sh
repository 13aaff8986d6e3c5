#!/usr/bin/env bash
# Makes the virtual environment FOLDER with everything in constraints.txt. Run again, it brings it up to date.
set -euo pipefail
venv=${1:?usage: setup-venv.sh FOLDER}
cd "$(dirname "$0")/.."

suits() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}

find_python() {
    local name
    for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null && suits "$name"; then
            command -v "$name"
            return
        fi
    done
    echo "Deep Cuts needs Python 3.11, 3.12 or 3.13, and none was found. Install one, or name it: make PYTHON=/path/to/python3.12 setup" >&2
    return 1
}

if ! suits "$venv/bin/python"; then
    python=$(find_python)
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        packaging/system-packages.sh venv
    fi
    echo "Setting up $venv with $("$python" --version) ..."
    "$python" -m venv --clear "$venv"
fi

# The build tools come first, so that the second step fetches nothing of its own and works offline once all is there.
"$venv/bin/python" -m pip install --quiet --constraint constraints.txt setuptools wheel
"$venv/bin/python" -m pip install --quiet --constraint constraints.txt --no-build-isolation --editable '.[dev]'

if ! ls samplernn/native/_generator*.so >/dev/null 2>&1; then
    echo "No native generator could be built, so clips will be made with PyTorch, some 20 times slower. To have it, install a C++ compiler (g++ or clang++), then: make setup"
fi
