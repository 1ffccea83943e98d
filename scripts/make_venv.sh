#!/usr/bin/env bash
# Create the virtual environment, or say which Debian package is missing. Usage: make_venv.sh PYTHON FOLDER
set -euo pipefail
python=$1 folder=$2

if ! command -v "$python" >/dev/null; then
    echo "There is no '$python'. Install Python 3.11 or newer (Debian: apt-get install python3 python3-venv)." >&2
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Python 3.11 or newer is needed; '$python' is $("$python" -V). Name another: make PYTHON=python3.12 …" >&2
    exit 1
fi
# Debian splits ensurepip off into python3-venv, without which an environment has no pip.
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    bash "$(dirname "$0")/install_debian.sh" python3-venv
fi
echo "Creating the virtual environment in $folder …"
"$python" -m venv "$folder"
