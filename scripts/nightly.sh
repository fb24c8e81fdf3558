#!/usr/bin/env bash
# What takes longer than a change may wait: each libFuzzer target of tests/fuzz for so many seconds
# (scripts/nightly.sh --seconds 60), and beside them 10,000 seeds of the simulation, 100,000 random rewards,
# 10,000 attacks on ports and every kill point; the page of `reward play` in headless Chromium, every drill
# (docs/reliability.md) and a soak of ten minutes.
# What the fuzzers learn stays in build/fuzz/corpus for the next night. An input that breaks one is kept in
# build/fuzz/found and run again by `build/fuzz/tests/fuzz/TARGET FILE`. Drills of disks mount file systems,
# for which they must be root. Exit code 1: something was found.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=60
while [ $# -gt 0 ]; do
  case $1 in
    -h | --help)
      echo "usage: scripts/nightly.sh [--seconds N]"
      echo "Fuzzes every reader of bytes from outside, N seconds each, 60 unless told, and runs all drills."
      exit 0
      ;;
    --seconds)
      seconds=${2:-}
      if ! [[ $seconds =~ ^[1-9][0-9]*$ ]]; then
        echo "nightly: --seconds wants a number above 0" >&2
        exit 2
      fi
      shift 2
      ;;
    *)
      echo "nightly: no option '$1'; there is --seconds N" >&2
      exit 2
      ;;
  esac
done

scripts/setup.sh clang libclang-rt-dev chromium iproute2 iptables faketime
source scripts/environment.sh

# TARGET, the longest input, the seconds that one may take (what takes one second in a release build
# takes several here), and the MB that one allocation may have.
targets=(
  "safetensors_fuzz 4096 2 64"
  "gguf_fuzz 40000 2 64"
  "tokenizer_fuzz 16000 2 64"
  "chat_template_fuzz 4096 10 64"
  "image_fuzz 30000 5 256"
  "chat_row_fuzz 4096 2 64"
  "openai_fuzz 4096 2 64"
  "wire_fuzz 4096 2 64"
  "bulk_fuzz 64 2 64"
  "trace_fuzz 4096 2 64"
  "math_fuzz 400 5 64"
)
failed=()

# fuzz TARGET LONGEST TIMEOUT MB: one line about the run.
fuzz() {
  local target=$1 log=build/fuzz/logs/$1.log verdict=ok dictionary=()
  mkdir -p "build/fuzz/corpus/$target"
  [ ! -e "tests/fuzz/$target.dict" ] || dictionary=("-dict=tests/fuzz/$target.dict")
  "build/fuzz/tests/fuzz/$target" -max_total_time="$seconds" -max_len="$2" -timeout="$3" \
    -rss_limit_mb=512 -malloc_limit_mb="$4" "${dictionary[@]}" \
    -artifact_prefix="build/fuzz/found/$target-" -print_final_stats=1 \
    "build/fuzz/corpus/$target" "build/fuzz/seeds/$target" >"$log" 2>&1 </dev/null || verdict=FAILED
  [ "$verdict" = ok ] || verdict="FAILED: $(sed -n 's/.*Test unit written to //p' "$log" | tail -1), see $log"
  printf '%-20s %9s runs  coverage %5s  %s\n' "$target" \
    "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | tail -1)" \
    "$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -1)" "$verdict"
  [ "$verdict" = ok ]
}

# oracle NAME PACKAGES SCRIPT: runs a script of scripts/oracles on the program, in a virtual environment of its
# own, with those packages of its requirements.
oracle() {
  local packages
  packages=$(grep -E "^($2)==" scripts/oracles/requirements.txt)
  [ -x "build/$1/bin/pip" ] || python3 -m venv "build/$1" || return
  # shellcheck disable=SC2086
  "build/$1/bin/pip" install --quiet --disable-pip-version-check $packages || return
  "build/$1/bin/python" "scripts/oracles/$3" build/release/nelumbo
}

# Each target in turn; the exit code says whether all were well.
fuzz_all() {
  local target words found=0
  for target in "${targets[@]}"; do
    read -ra words <<<"$target"
    fuzz "${words[@]}" || found=1
  done
  return "$found"
}

# Tests of test_e2e whose names are like FILTER, at the length of a night.
long_tests() {
  NELUMBO_SIMULATION_SEEDS=10000 NELUMBO_PROPERTY_SPECS=100000 NELUMBO_HOSTILE_TRIES=10000 \
    build/release/tests/test_e2e --gtest_brief=1 --gtest_filter="$1"
}

cmake --preset fuzz >/dev/null
cmake --build --preset fuzz
cmake --preset release >/dev/null
cmake --build --preset release --target nelumbo test_e2e test_reward
scripts/fuzz_seeds.py build/fuzz/seeds
mkdir -p build/fuzz/logs build/fuzz/found
# Some compute and some mostly wait: side by side they take about half as long.
ASAN_OPTIONS=quarantine_size_mb=16 UBSAN_OPTIONS=print_stacktrace=1 fuzz_all &
fuzzing=$!
NELUMBO_OUTAGE_SECONDS=300 build/release/tests/test_reward --gtest_brief=1 --gtest_filter='JudgeRound.WaitsFor*' &
judging=$!
long_tests 'RewardProperties.*' &
properties=$!
long_tests 'Hostile*' &
attacking=$!
scripts/drill.sh kill-points worker-points --out build/drill-points &
killing=$!
long_tests 'SimulationTest.*' || failed+=("simulation")
wait "$fuzzing" || failed+=("fuzz targets")
wait "$judging" || failed+=("judge that is away")
wait "$properties" || failed+=("properties of rewards")
wait "$attacking" || failed+=("attacks")
wait "$killing" || failed+=("kill points")
oracle browser 'playwright|zstandard' play_page.py || failed+=("page of reward play")
oracle graders 'math-verify|latex2sympy2_extended' math_verify_agreement.py || failed+=("math-verify")
scripts/simulation_mutants.py || failed+=("planted bugs")
scripts/drill.sh all frozen saving ledger-cost soak --count 8 || failed+=("drills")
if [ "${#failed[@]}" -gt 0 ]; then
  echo "nightly.sh: failed: ${failed[*]}" >&2
  exit 1
fi
echo "nightly.sh: nothing was found"
