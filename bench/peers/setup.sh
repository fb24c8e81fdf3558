#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The programs that benchmarks are compared with, in a virtual environment of their own
# (build/peers). llama.cpp is built for this machine from the source distribution of
# llama-cpp-python; that takes some minutes once.
set -euo pipefail
cd "$(dirname "$0")/../.."

if [ ! -x build/peers/bin/python ]; then
  python3 -m venv build/peers
fi
CMAKE_ARGS="-DGGML_NATIVE=ON" build/peers/bin/pip install --quiet --no-binary llama-cpp-python \
  -r bench/peers/requirements.txt
build/peers/bin/python -c 'import llama_cpp; print("llama-cpp-python", llama_cpp.__version__)'
