#!/usr/bin/env bash
# Runs a configuration on two hosts that this machine pretends to be: two network namespaces joined
# by a pair of virtual interfaces, the coordinator and its learner in one, all rollout workers in the
# other, TLS and CURVE between them. Compares the hash of the weights with that of one process.
#
#   scripts/two_hosts.sh PROGRAM CONFIG [KEY=VALUE...]
#
# Exit code 0: the same hash; 1: another, or a run failed; 77: not possible here, and why.
set -euo pipefail

program=$(realpath "${1:?the program}")
config=${2:?a configuration}
shift 2
skip() {
  echo "two_hosts: skipped: $*" >&2
  exit 77
}
[ "$(id -u)" -eq 0 ] || skip "network namespaces need root"
command -v ip >/dev/null || skip "there is no 'ip' (package iproute2)"

place=$(mktemp -d)
near=nelumbo-a-$$ far=nelumbo-b-$$
workers=()
finish() {
  local worker
  for worker in "${workers[@]}"; do kill "$worker" 2>/dev/null || true; done
  wait 2>/dev/null || true
  ip netns del "$near" 2>/dev/null || true
  ip netns del "$far" 2>/dev/null || true
  rm -rf "$place"
}
trap finish EXIT
ip netns add "$near" 2>/dev/null || skip "this system gives no network namespaces"
ip netns add "$far"
ip link add "va$$" netns "$near" type veth peer name "vb$$" netns "$far" 2>/dev/null ||
  skip "this system gives no virtual interfaces"
ip -n "$near" addr add 10.77.0.1/24 dev "va$$"
ip -n "$far" addr add 10.77.0.2/24 dev "vb$$"
for end in "$near lo" "$near va$$" "$far lo" "$far vb$$"; do
  read -r namespace device <<<"$end"
  ip -n "$namespace" link set "$device" up
done

changes=()
for change in "$@"; do changes+=(--set "$change"); done
run() { # NAME ARGUMENTS...: a run under that name
  local name=$1
  shift
  "$program" run "$config" "${changes[@]}" --set run.root="$place/runs" --set run.name="$name" \
    --resume never "$@"
}
hash_of() { sed -n 's/.*"weights_hash": *"\([0-9a-f]*\)".*/\1/p' "$place/runs/$1/summary.json"; }

run one >"$place/one.log" 2>&1 || { cat "$place/one.log" >&2; exit 1; }
"$program" certs new --out "$place/certs" --name far >/dev/null
separate=(--set placement.processes=separate --set placement.rollouts=2 --set placement.joined=2)
for i in 1 2; do
  ip netns exec "$far" "$program" node --join 10.77.0.1:7070 --certs "$place/certs" --name far \
    --worker "$i" >"$place/far$i.log" 2>&1 &
  workers+=($!)
done
begun=$(date +%s.%N)
# A function does not pass through `ip netns exec`: the words of `run` again.
ip netns exec "$near" "$program" run "$config" "${changes[@]}" --set run.root="$place/runs" \
  --set run.name=two --resume never "${separate[@]}" --listen 10.77.0.1:7070 \
  --certs "$place/certs" >"$place/two.log" 2>&1 ||
  { cat "$place/two.log" "$place"/far*.log >&2; exit 1; }
echo "two hosts: $(echo "$(date +%s.%N) - $begun" | bc -l 2>/dev/null | cut -c1-5) s"
echo "one process: $(hash_of one)"
echo "two hosts:   $(hash_of two)"
[ -n "$(hash_of one)" ] && [ "$(hash_of one)" = "$(hash_of two)" ]
