#!/usr/bin/env bash
# Installs what is missing, builds the program and runs configs/quickstart.yaml; arguments go to
# `nelumbo run`. On a finished run it prints the report again.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh
source scripts/environment.sh
cmake --preset release >/dev/null
cmake --build --preset release --target nelumbo

root=runs
name=quickstart
for argument in "$@"; do
  case $argument in
    run.root=* | --set=run.root=*) root=${argument##*run.root=} ;;
    run.name=* | --set=run.name=*) name=${argument##*run.name=} ;;
  esac
done
status=0
build/release/nelumbo run configs/quickstart.yaml --resume auto "$@" || status=$?
[ ! -f "$root/$name/report.html" ] || echo "report: $root/$name/report.html"
exit "$status"
