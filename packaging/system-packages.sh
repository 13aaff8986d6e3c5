#!/usr/bin/env bash
# Sees to what has to come from the system on Linux: system-packages.sh GROUP ...
#   base, screen  libraries that Qt needs, always and for a window (they are listed in resources/system_libraries.txt)
#   venv          what Python needs to make a virtual environment
#   compiler      what builds the native generator; one can do without it
#   xvfb, bare    what shows windows without a screen, what makes a bare machine to test on
# Installs what is missing where it may (root or sudo without a password, on Debian and its kin), else prints the command.
set -euo pipefail
[ "$(uname -s)" = Linux ] || exit 0
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin:/sbin
python=${PYTHON:-python3}

needed=() wanted=()
need_libraries() {
    local present group library package
    present=$(ldconfig -p)
    while read -r group library package; do
        [ "$group" = "$1" ] || continue
        grep -q "^[[:space:]]*$library " <<<"$present" || needed+=("$package")
    done <resources/system_libraries.txt
}
need_command() { # COMMAND PACKAGE
    command -v "$1" >/dev/null || needed+=("$2")
}

for group in "$@"; do
    case $group in
        base | screen) need_libraries "$group" ;;
        venv) "$python" -c 'import ensurepip, venv' 2>/dev/null || needed+=(python3-venv) ;;
        compiler)
            command -v g++ >/dev/null || command -v clang++ >/dev/null || wanted+=(g++)
            header=$("$python" -c 'import sysconfig; print(sysconfig.get_path("include"))' 2>/dev/null)/Python.h || true
            [ -e "$header" ] || wanted+=(python3-dev)
            ;;
        xvfb) need_libraries screen; need_command Xvfb xvfb; need_command xauth xauth ;;
        bare) need_command debootstrap debootstrap ;;
        *) echo "system-packages.sh knows base, screen, venv, compiler, xvfb and bare; not $group" >&2; exit 2 ;;
    esac
done
missing=("${needed[@]}" "${wanted[@]}")
[ ${#missing[@]} -gt 0 ] || exit 0

command=(apt-get install -y --no-install-recommends "${missing[@]}")
if command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }; then
    as_root=()
    [ "$(id -u)" = 0 ] || as_root=(sudo -n)
    echo "Installing system packages: ${missing[*]} ..."
    if "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive sh -c '"$@" -qq || { apt-get update -qq && "$@" -qq; }' sh "${command[@]}" >/dev/null; then
        exit 0
    fi
fi
if [ ${#needed[@]} -gt 0 ]; then
    echo "Deep Cuts needs system packages that are not here. Install them, then try again:" >&2
else
    echo "Without a C++ compiler, clips are made with PyTorch, some 20 times slower. To have one, stop here and install it:" >&2
fi
echo "    sudo ${command[*]}" >&2
[ ${#needed[@]} -eq 0 ]
