#!/usr/bin/env bash
# Makes the virtual environment FOLDER with everything in constraints.txt. Run again, it brings it up to date.
# TORCH_INDEX, where it is set, is the package index that PyTorch comes from.
set -euo pipefail
venv=${1:?usage: setup-venv.sh FOLDER}
cd "$(dirname "$0")/.."
. packaging/torch-build.sh

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

# What pip does, in a few words: what it fetches (with the size, where it tells) and when it puts that in place.
told() {
    local line name
    while read -r line; do
        case $line in
            *.metadata*) ;;
            Downloading\ *\)) name=${line#Downloading }; echo "    ${name##*/}" ;;
            Processing\ *.whl*) name=${line%.whl*}; echo "    ${name##*/}.whl" ;;
            Building\ editable\ for\ *:\ started) echo "    building the native generator, where there is a compiler ..." ;;
            Installing\ collected\ packages*) echo "    putting all of it in place ..." ;;
        esac
    done
}

install() {
    "$venv/bin/python" -m pip install --no-input --progress-bar off --constraint constraints.txt "$@" | told
}

if ! suits "$venv/bin/python"; then
    python=$(find_python)
    PYTHON=$python packaging/system-packages.sh venv
    echo "1 of 4: a virtual environment in $venv, with $("$python" --version)"
    "$python" -m venv --clear "$venv"
else
    echo "1 of 4: $venv is there, with $("$venv/bin/python" --version)"
fi

# The build tools come first, so that the last step fetches nothing of its own and works offline once all is there.
echo "2 of 4: tools to build with"
install setuptools wheel
echo "3 of 4: PyTorch"
choose_torch "$venv/bin/python"
install --no-deps "${torch[@]}"
echo "4 of 4: Qt, the other libraries and the native generator (some 400 MB to download)"
install --no-build-isolation --editable '.[dev]'
echo "All is set up; $venv takes $(du -sh "$venv" | cut -f1)."

if ! ls samplernn/native/_generator*.so >/dev/null 2>&1; then
    echo "No native generator could be built, so clips will be made with PyTorch, some 20 times slower. To have it, install a C++ compiler and Python's headers (Debian: g++ python3-dev), then: make setup"
fi
