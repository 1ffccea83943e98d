#!/usr/bin/env bash
# Install Debian packages that are missing, as root or through sudo, or say how. Usage: install_debian.sh PACKAGE…
set -euo pipefail

missing=()
for package in "$@"; do
    if ! command -v "$package" >/dev/null && ! dpkg -s "$package" >/dev/null 2>&1; then
        missing+=("$package")
    fi
done
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -eq 0 ]; then
    run=()
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    run=(sudo)
else
    echo "Please install these packages first: apt-get install ${missing[*]}" >&2
    exit 1
fi
echo "Installing Debian packages: ${missing[*]} …"
DEBIAN_FRONTEND=noninteractive "${run[@]}" apt-get update -q >/dev/null
DEBIAN_FRONTEND=noninteractive "${run[@]}" apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null

# Debian starts servers that it installs, now and at every boot. The tests want the programs alone.
for package in "${missing[@]}"; do
    if [ -d /run/systemd/system ] && systemctl cat "$package.service" >/dev/null 2>&1; then
        "${run[@]}" systemctl disable --now "$package.service" >/dev/null 2>&1
    fi
done
