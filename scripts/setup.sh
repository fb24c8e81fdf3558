#!/usr/bin/env bash
# Installs what a build needs: Debian packages, and LibTorch into $NELUMBO_DEPS (a folder outside
# the tree; ~/.cache/nelumbo unless set). Asks nothing, downloads only what is missing, and may be
# run as often as wished. With --nccl first it adds NCCL beside LibTorch, for a build with
# -DNELUMBO_NCCL=ON. Arguments are further packages. Exit code 3 names what failed.
set -euo pipefail

with_nccl=false
if [ "${1:-}" = --nccl ]; then
  with_nccl=true
  shift
fi
deps=${NELUMBO_DEPS:-$HOME/.cache/nelumbo}
packages=(
  build-essential cmake ninja-build ccache clang-format clang-tidy git pkg-config
  python3 python3-venv ca-certificates
  libcaf-dev libzmq3-dev cppzmq-dev libmsgpack-cxx-dev libgloo-dev libyaml-cpp-dev libgtest-dev
  nlohmann-json3-dev libcli11-dev libssl-dev libcurl4-openssl-dev libturbojpeg0-dev libpng-dev
  libxxhash-dev libpcre2-dev libsimdjson-dev libpugixml-dev libzstd-dev libutf8proc-dev libboost-dev
  bubblewrap "$@"
)
# The CPU half of the wheel is used; libtorch_cpu.so also loads the two NVIDIA libraries.
wheels=(torch==2.15.0 nvidia-cuda-runtime==13.5.37 nvidia-cuda-cupti==13.5.25)
# NCCL as this LibTorch names it, and headers that its own includes through CUDA's.
nccl_wheels=(nvidia-nccl-cu13==2.30.7 nvidia-cuda-crt==13.5.37 nvidia-cuda-cccl==13.3.5.0.6)
least_memory_mb=3500
least_disk_mb=4000

say() { echo "setup: $*" >&2; }
fail() {
  say "$*"
  exit 3
}

missing_packages() {
  local package
  for package in "${packages[@]}"; do
    case $(dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null || true) in
      ii*) ;;
      *) echo "$package" ;;
    esac
  done
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo -- "$@"
  fi
}

apt() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 "$@" </dev/null >&2
}

install_packages() {
  command -v dpkg-query apt-get >/dev/null ||
    fail "needs Debian 12 (Ubuntu 24.04 may work): there is no apt-get here"
  local missing
  mapfile -t missing < <(missing_packages)
  [ "${#missing[@]}" -gt 0 ] || return 0
  [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null ||
    fail "run this as root or install sudo; these packages are missing: ${missing[*]}"
  say "installing ${missing[*]}"
  apt update || say "the package lists could not be renewed; going on with the old ones"
  apt install --no-install-recommends "${missing[@]}" || true
  mapfile -t missing < <(missing_packages)
  [ "${#missing[@]}" -eq 0 ] ||
    fail "these packages could not be installed: ${missing[*]}; apt-get says why above"
}

check_machine() {
  [ "$(uname -s) $(uname -m)" = "Linux x86_64" ] ||
    fail "needs Linux on a 64-bit x86 CPU; this is $(uname -s) on $(uname -m)"
  local memory disk
  memory=$(awk '/^MemTotal:/ {print int($2 / 1024)}' /proc/meminfo)
  [ "$memory" -ge "$least_memory_mb" ] ||
    fail "needs $least_memory_mb MB of memory to compile and to train; this machine has $memory MB"
  disk=$(df -Pm "$deps" | awk 'NR == 2 {print $4}')
  [ "$disk" -ge "$least_disk_mb" ] ||
    fail "needs $least_disk_mb MB of disk for LibTorch, but $deps has $disk MB free; make room or" \
      "set NELUMBO_DEPS to another folder"
}

install_wheels() {
  "$deps/venv/bin/python" -m pip install --quiet --no-input --disable-pip-version-check \
    --no-cache-dir --no-deps "$@" </dev/null >&2 ||
    fail "pip install $* failed; the network or the package index may be away"
}

install_libtorch() {
  local stamp=$deps/venv/finished.txt wanted="${wheels[*]}" torch
  if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    check_machine
    say "installing LibTorch into $deps (about 600 MB to download)"
    rm -rf "$deps/venv"
    python3 -m venv "$deps/venv" || fail "python3 -m venv $deps/venv failed"
    install_wheels "${wheels[@]}"
    torch=("$deps"/venv/lib/python3*/site-packages/torch)
    [ -e "${torch[0]}/lib/libtorch_cpu.so" ] ||
      fail "the torch wheel holds no libtorch_cpu.so; remove $deps/venv and try again"
    ln -sfn "${torch[0]}" "$deps/torch"
    echo "$wanted" >"$stamp"
  fi
}

install_nccl() {
  local stamp=$deps/venv/nccl.txt wanted="${nccl_wheels[*]}"
  if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    say "installing NCCL into $deps (about 200 MB to download)"
    install_wheels "${nccl_wheels[@]}"
    echo "$wanted" >"$stamp"
  fi
}

mkdir -p "$deps" || fail "cannot make $deps; set NELUMBO_DEPS to a folder that you own"
[ -w "$deps" ] || fail "cannot write to $deps; set NELUMBO_DEPS to a folder that you own"
deps=$(cd "$deps" && pwd)
install_packages
exec 9>"$deps/setup.lock"
flock 9 # another setup may be at work
install_libtorch
if "$with_nccl"; then install_nccl; fi
say "all in place"
