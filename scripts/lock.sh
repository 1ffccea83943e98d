#!/usr/bin/env bash
# Write the constraints anew: whatever pyproject.toml leads to, one version each, with the SHA-256 of all its files.
# Versions stay as they are where they fit; --upgrade takes the newest. Usage: lock.sh UV [options of `uv pip compile`]
set -euo pipefail
cd "$(dirname "$0")/.."
uv=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Building the project needs this; pip must not fetch it unseen.
sed -n 's/^requires = \["\(setuptools[^"]*\)"\]$/\1/p' pyproject.toml > "$work/build.in"
test -s "$work/build.in"
# PyTorch comes by itself (see the Makefile: its CPU build is another file than PyPI's), so only what it needs is here.
echo 'torch ; python_version < "3"' > "$work/without-torch.txt"
printf '%s\n' filelock fsspec jinja2 networkx sympy typing-extensions > "$work/torch.in"
# A Milvus that other machines run is reached by its client alone, without Milvus Lite.
sed -n 's/^milvus = \["\(pymilvus[^"]*\)".*$/\1/p' pyproject.toml > "$work/milvus.in"
test -s "$work/milvus.in"

# lock FILE ABOUT SOURCES…: one file, without the name of the index that it was made from.
lock() {
    local file=$1 about=$2
    shift 2
    touch "$file"
    grep -v '^#' "$file" > "$work/$file" || true
    "$uv" pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --only-binary :all: \
        --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
        --override "$work/without-torch.txt" --output-file "$work/$file" "$@" > /dev/null
    { printf '# %s\n# Written by `make lock`.\n' "$about"; cat "$work/$file"; } > "$work/done"
    mv "$work/done" "$file"
    echo "$file: $(grep -c '^[a-z]' "$file") packages"
}

lock constraints.txt "What running needs, and building the project." \
    pyproject.toml "$work/build.in" "$@"
lock constraints-milvus.txt "What running with a Milvus on the network needs, and all that running does: see deploy/." \
    pyproject.toml "$work/build.in" "$work/milvus.in" --constraint constraints.txt "$@"
lock constraints-test.txt "What tests and other models than the bundled one need, and all that running does. PyTorch: see the Makefile." \
    pyproject.toml "$work/build.in" "$work/torch.in" --extra client --extra milvus --extra models --extra otel --extra test --constraint constraints-milvus.txt "$@"
lock constraints-tools.txt "What \`make lock\`, \`make audit\` and \`make client\` need, in an environment of their own." \
    --group tools --constraint constraints-test.txt "$@"
