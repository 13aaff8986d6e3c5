#!/usr/bin/env bash
# Runs COMMAND (make test) as a stranger would on a fresh machine: bare-root.sh [COMMAND ...]
# That is a new Debian (or Ubuntu, as here) with python3, venv, git and make and nothing else; a plain user who may not
# install anything, with 256 open files; and a clone of what is committed here. What make then asks root to install is
# installed by exactly the line it prints. Ends with 77 where such a root cannot be made, and says why.
# Where packages come from is taken from this machine: apt's sources, pip's settings, proxies and certificates.
#   BARE_ROOT=FOLDER  the root to make, or to use again (kept afterwards; a root of its own is removed)
#   BARE_FILES=256    how many files the user may have open
#   BARE_USER=root    do it all as root, for whom make installs what it needs itself
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin
here=$(cd "$(dirname "$0")/.." && pwd)
user=${BARE_USER:-stranger}
skipped=77

skip() {
    echo "Skipped: no bare root can be made here, for $1." >&2
    exit $skipped
}

if [ -z "${BARE_INSIDE:-}" ]; then
    [ "$(uname -s)" = Linux ] || skip "this is not Linux"
    [ "$(id -u)" = 0 ] || skip "that takes root"
    command -v apt-get >/dev/null || skip "there is no apt-get"
    command -v debootstrap >/dev/null || "$here/packaging/system-packages.sh" bare || skip "debootstrap is not installed"
    # Mounts are made in a namespace of their own: they end with it, whatever happens.
    unshare --mount true 2>/dev/null || skip "mounting is not allowed"
    root=${BARE_ROOT:-$(mktemp -d "${TMPDIR:-/tmp}/deepcuts-bare.XXXXXX")}
    [ -n "${BARE_ROOT:-}" ] || trap 'rm -rf --one-file-system "$root"' EXIT
    mkdir -p "$root"
    chmod 755 "$root" # it becomes the user's /
    status=0
    BARE_INSIDE=1 BARE_ROOT=$root unshare --mount --propagation private "$0" "$@" || status=$?
    exit $status
fi

root=$BARE_ROOT
say() {
    echo "[bare root, $((SECONDS / 60)) min $((SECONDS % 60)) s] $*"
}

# The machine: of this machine's own release, from where apt takes it here.

codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
sources=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(CODENAME) $(COMPONENT)' 'Created-By: Packages' |
    sort -u | awk -v codename="$codename" '$3 == codename || index($3, codename "-") == 1')
mirror=$(awk -v codename="$codename" '$3 == codename { print $1; exit }' <<<"$sources")
[ -n "$mirror" ] || skip "apt knows no source of $codename"
if ! [ -e "$root/etc/apt/apt.conf.d/99here" ]; then
    say "Making a bare $codename: python3, python3-venv, git, make."
    if ! debootstrap --variant=minbase --include=python3,python3-venv,git,make,ca-certificates \
        --components="$(awk '{ print $4 }' <<<"$sources" | sort -u | paste -sd,)" "$codename" "$root" "$mirror" >"$root.log" 2>&1; then
        tail -5 "$root.log" >&2
        skip "debootstrap failed ($root.log)"
    fi
    rm -f "$root.log"
    awk '{ print "deb", $1, $2, $4 }' <<<"$sources" >"$root/etc/apt/sources.list"
    apt-config dump | grep '^Acquire::' >"$root/etc/apt/apt.conf.d/99here"
fi
for place in proc sys dev; do
    mount --rbind "/$place" "$root/$place"
done
cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
in_root() {
    chroot "$root" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 "${settings[@]}" "$@"
}

# What pip needs to reach its index: its settings, and the files and folders of this machine that they name.

mapfile -t settings < <(env | grep -iE '^(PIP_[A-Z_]*|(https?|all|no|ftp)_proxy|SSL_CERT_(FILE|DIR))=')
for file in /etc/pip.conf /etc/xdg/pip/pip.conf "${HOME:-/root}/.pip/pip.conf" "${HOME:-/root}/.config/pip/pip.conf"; do
    [ -f "$file" ] || continue
    mkdir -p "$root$(dirname "$file")"
    case $file in
        /etc/*) cp -L "$file" "$root$file" ;;
        *) cp -L "$file" "$root/etc/pip-user.conf"; settings+=(PIP_CONFIG_FILE=/etc/pip-user.conf) ;;
    esac
done
cat "$root"/etc/pip*.conf "$root/etc/xdg/pip/pip.conf" - 2>/dev/null < <(printf '%s\n' "${settings[@]}") |
    grep -oE '(file://)?/[^ "=]+' | sed -E 's|^file://(.*)/simple/?$|\1|; s|^file://||' | sort -u | while read -r path; do
    if [ -f "$path" ]; then
        mkdir -p "$root$(dirname "$path")"
        [ "$path" -ef "$root$path" ] || cp -L "$path" "$root$path"
    elif [ -d "$path" ] && mkdir -p "$root$path" && [ -z "$(ls -A "$root$path")" ]; then
        mount --rbind "$path" "$root$path"
    fi
done

# The person, and a clone.

home=/root
if [ "$user" != root ]; then
    home=/home/$user
    in_root id "$user" >/dev/null 2>&1 || in_root useradd --create-home --shell /bin/bash "$user"
fi
checkout=$home/deepcuts
[ -z "$(git -C "$here" status --porcelain)" ] || say "What is not committed is not tested."
if [ -d "$root$checkout" ]; then
    git -c safe.directory='*' -C "$root$checkout" fetch --quiet "$here" HEAD
    git -c safe.directory='*' -C "$root$checkout" reset --quiet --hard FETCH_HEAD
else
    git -c safe.directory='*' clone --quiet "$here" "$root$checkout"
fi
in_root chown -R "$user:" "$checkout"
music=${DEEPCUTS_SHARED:-$here/../shared}
if [ -d "$music" ]; then
    mkdir -p "$root$home/shared"
    mount --rbind "$music" "$root$home/shared"
fi

as_user() {
    local become=()
    [ "$user" = root ] || become=(setpriv --reuid="$user" --regid="$user" --init-groups)
    in_root HOME="$home" USER="$user" "${become[@]}" bash -c 'cd "$1" && ulimit -n "$2" && shift 2 && exec "$@"' bash \
        "$checkout" "${BARE_FILES:-256}" "$@"
}

[ $# -gt 0 ] || set -- make test
say "apt-get update"
in_root apt-get update -qq
say "$user: $*"
status=0
{ as_user "$@" 2>&1 >&3 | tee "$root/complaint" >&2; } 3>&1 || status=$?
line=$(sed -n 's/^    sudo \(apt-get .*\)/\1/p' "$root/complaint")
if [ $status -ne 0 ] && [ -n "$line" ]; then
    say "root: $line"
    in_root DEBIAN_FRONTEND=noninteractive sh -c "$line" >/dev/null
    say "$user, once more: $*"
    status=0
    as_user "$@" || status=$?
fi
say "Ended with $status."
exit $status
