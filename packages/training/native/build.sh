#!/usr/bin/env bash
# Makes kernels.wasm from kernels.c. Needs emscripten 3.1.6 (Debian bookworm's) and the npm package acorn, which
# emscripten's optimiser calls.
#
#   build.sh           builds and writes kernels.wasm and kernels.lock
#   build.sh --verify  builds and compares with what is committed; exit 1 if they differ
#   build.sh --check   builds nothing: whether kernels.lock still names these inputs and this kernels.wasm
set -euo pipefail
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
mode=${1:-}

lock_of() { # the wasm file: every file that decides what comes out, and what came out
  echo "emscripten 3.1.6" && (cd "$here" && sha256sum build.sh kernels.c)
  echo "$(sha256sum <"$1" | cut -d' ' -f1)  kernels.wasm"
}

if [ "$mode" = --check ]; then
  diff <(lock_of "$here/kernels.wasm") "$here/kernels.lock" && echo "kernels.wasm belongs to these sources"
  exit
fi

[[ $(emcc --version) == *' 3.1.6 '* ]] || { echo "emscripten 3.1.6 is needed: the output is pinned to it" >&2; exit 2; }
for folder in "${ACORN:-}" "$here/../../../node_modules" "$here/../../../node_modules/.acorn/node_modules"; do
  [ -n "$folder" ] && [ -d "$folder/acorn" ] && export NODE_PATH="$folder" && break
done
[ -n "${NODE_PATH:-}" ] || { echo "acorn is missing: npm install --prefix DIR acorn@8, then ACORN=DIR/node_modules $0" >&2; exit 2; }

build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
# The caller grows the memory as it lays it out; 128 MiB is all that a Workers isolate has.
emcc -O3 -msimd128 -Wall -Wextra -ffile-prefix-map="$here"= -sSTANDALONE_WASM --no-entry -sALLOW_MEMORY_GROWTH=1 \
  -sINITIAL_MEMORY=1048576 -sMAXIMUM_MEMORY=134217728 -sTOTAL_STACK=65536 -sMALLOC=none -sFILESYSTEM=0 -sSUPPORT_LONGJMP=0 \
  "$here/kernels.c" -o "$build/kernels.wasm"

if [ "$mode" = --verify ]; then
  cmp "$build/kernels.wasm" "$here/kernels.wasm" && echo "kernels.wasm is what the source makes"
else
  cp "$build/kernels.wasm" "$here/kernels.wasm"
  chmod 644 "$here/kernels.wasm"
  lock_of "$here/kernels.wasm" >"$here/kernels.lock"
  ls -l "$here/kernels.wasm"
fi
