#!/usr/bin/env bash
# Sees to the system libraries that Qt needs on Linux: system-packages.sh base|screen|fonts|venv|xvfb ...
# Installs what is missing where it may (root or sudo without a password, on Debian and its kin), else prints the command.
set -euo pipefail
[ "$(uname -s)" = Linux ] || exit 0
PATH=$PATH:/usr/sbin:/sbin

base='
libglib-2.0.so.0        libglib2.0-0
libEGL.so.1             libegl1
libGL.so.1              libgl1
libdbus-1.so.3          libdbus-1-3
libfontconfig.so.1      libfontconfig1
libxkbcommon.so.0       libxkbcommon0
libbrotlidec.so.1       libbrotli1
libpulse.so.0           libpulse0
libXrandr.so.2          libxrandr2
libdrm.so.2             libdrm2
'
screen='
libxcb-cursor.so.0      libxcb-cursor0
libxcb-icccm.so.4       libxcb-icccm4
libxcb-image.so.0       libxcb-image0
libxcb-keysyms.so.1     libxcb-keysyms1
libxcb-render-util.so.0 libxcb-render-util0
libxcb-shape.so.0       libxcb-shape0
libxcb-xkb.so.1         libxcb-xkb1
libxkbcommon-x11.so.0   libxkbcommon-x11-0
'

missing=()
need_libraries() {
    local present library package
    present=$(ldconfig -p)
    while read -r library package; do
        [ -n "$library" ] || continue
        grep -q "^[[:space:]]*$library " <<<"$present" || missing+=("$package")
    done <<<"$1"
}
need_font() { # PATTERN PACKAGE: without any font, Qt draws empty boxes
    [ -n "$(find /usr/share/fonts /usr/local/share/fonts "$HOME/.fonts" "$HOME/.local/share/fonts" -name "$1" -print -quit 2>/dev/null)" ] ||
        missing+=("$2")
}
need_command() {
    command -v "$1" >/dev/null || missing+=("$2")
}

for group in "$@"; do
    case $group in
        base) need_libraries "$base"; need_font '*.[to]tf' fonts-dejavu-core ;;
        screen) need_libraries "$screen" ;;
        fonts) need_font 'Inter*' fonts-inter ;;
        xvfb) need_libraries "$screen"; need_command Xvfb xvfb; need_command xauth xauth ;;
        venv) missing+=(python3-venv) ;;
        *) echo "system-packages.sh knows base, screen, fonts, xvfb and venv; not $group" >&2; exit 2 ;;
    esac
done
[ ${#missing[@]} -gt 0 ] || exit 0

command=(apt-get install -y --no-install-recommends "${missing[@]}")
may_install() {
    command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }
}
if may_install; then
    as_root=()
    [ "$(id -u)" = 0 ] || as_root=(sudo -n)
    echo "Installing system packages: ${missing[*]}"
    if "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive sh -c '"$@" -qq || { apt-get update -qq && "$@" -qq; }' sh "${command[@]}" >/dev/null; then
        exit 0
    fi
fi
echo "Deep Cuts needs system packages that are not here. Install them, then try again:" >&2
echo "    sudo ${command[*]}" >&2
exit 1
