# Sourced by the scripts that build: where LibTorch lies, how many jobs this machine bears, and what
# ccache may share.
# shellcheck shell=bash
export NELUMBO_DEPS=${NELUMBO_DEPS:-$HOME/.cache/nelumbo}

# A file that includes LibTorch takes up to 1.3 GB to compile.
jobs_by_memory=$(awk '/^MemAvailable:/ {print int($2 / 1024 / 1400)}' /proc/meminfo)
jobs_by_cores=$(nproc)
jobs=$((jobs_by_memory < jobs_by_cores ? jobs_by_memory : jobs_by_cores))
export CMAKE_BUILD_PARALLEL_LEVEL=${CMAKE_BUILD_PARALLEL_LEVEL:-$((jobs < 1 ? 1 : jobs))}
export CTEST_PARALLEL_LEVEL=${CTEST_PARALLEL_LEVEL:-$jobs_by_cores}

# What one checkout has compiled serves the next, wherever it lies.
CCACHE_BASEDIR=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export CCACHE_BASEDIR CCACHE_NOHASHDIR=1
