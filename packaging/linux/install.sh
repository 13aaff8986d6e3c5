#!/bin/sh
# Installs Deep Cuts for you alone: no root needed. ./install.sh puts it in place, ./install.sh --remove takes it away.
# The program goes to ~/.local/lib/deepcuts, the command deepcuts to ~/.local/bin; your projects are never touched.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
data=${XDG_DATA_HOME:-$HOME/.local/share}
library=$HOME/.local/lib/deepcuts
command=$HOME/.local/bin/deepcuts
id=org.deepcuts.DeepCuts

refresh() {
    # Without these programs the desktop finds what is new by itself, if a little later.
    if command -v update-mime-database >/dev/null 2>&1 && [ -d "$data/mime/packages" ]; then update-mime-database "$data/mime" || true; fi
    if command -v update-desktop-database >/dev/null 2>&1; then update-desktop-database -q "$data/applications" || true; fi
    if command -v gtk-update-icon-cache >/dev/null 2>&1; then gtk-update-icon-cache -q -t -f "$data/icons/hicolor" || true; fi
}

remove() {
    rm -rf "$library" "$library.new" "$library.old"
    if [ "$(readlink "$command" 2>/dev/null)" = "$library/deepcuts" ]; then rm -f "$command"; fi
    rm -f "$data/applications/$id.desktop" "$data/mime/packages/$id.xml" "$data/metainfo/$id.metainfo.xml"
    for size in 16x16 22x22 24x24 32x32 48x48 64x64 128x128 256x256 512x512 scalable; do
        rm -f "$data/icons/hicolor/$size/apps/$id.png" "$data/icons/hicolor/$size/apps/$id.svg"
    done
    refresh
}

if [ "${1:-}" = --remove ]; then
    remove
    echo "Deep Cuts is removed. Your projects are where they were."
    exit 0
fi
[ -x "$here/deepcuts/deepcuts" ] || { echo "There is no program beside this script: unpack the whole archive first." >&2; exit 2; }

mkdir -p "$(dirname "$library")" "$(dirname "$command")" "$data/applications" "$data/mime/packages" "$data/metainfo" "$data/icons"
rm -rf "$library.new" "$library.old"
trap 'rm -rf "$library.new"' EXIT
cp -R "$here/deepcuts" "$library.new"
# The copy takes its place only once it is whole, so that an older Deep Cuts stands until then.
if [ -e "$library" ]; then mv "$library" "$library.old"; fi
mv "$library.new" "$library"
rm -rf "$library.old"
cp "$0" "$library/uninstall.sh"
sed -i.bak 's/^if \[ "${1:-}" = --remove \]; then$/if true; then/' "$library/uninstall.sh"
rm -f "$library/uninstall.sh.bak"
chmod +x "$library/uninstall.sh"
ln -sfn "$library/deepcuts" "$command"
cp -R "$here/share/icons/hicolor" "$data/icons/"
cp "$here/share/$id.mime.xml" "$data/mime/packages/$id.xml"
cp "$here/share/$id.metainfo.xml" "$data/metainfo/"
# A desktop that was started before ~/.local/bin was there does not look into it: the whole path is told.
quoted=$(printf '%s' "$library/deepcuts" | sed 's/[\\"`$]/\\\\&/g; s/%/%%/g; s/[&|\\]/\\&/g')
sed "s|^Exec=deepcuts|Exec=\"$quoted\"|" "$here/share/$id.desktop" > "$data/applications/$id.desktop"
refresh
echo "Deep Cuts is installed: find it among your programs, or type deepcuts. To remove it: $library/uninstall.sh"
case ":$PATH:" in *":$HOME/.local/bin:"*) ;; *) echo "To type deepcuts, $HOME/.local/bin has to be in your PATH." ;; esac
