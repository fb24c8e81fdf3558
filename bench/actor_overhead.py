#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What actors cost: processor time of actors, stages and serialisation in RL steps of the quickstart.

    bench/actor_overhead.py build/release [--steps 20] [--separate] [--json]

Runs configs/quickstart.yaml with short stages before rl, samples all stacks of its processes from the
second rl step on (`perf`, processor time, 99 times a second), and gives each sample to the folder of the
innermost function of ours; base/ counts for its caller, LibTorch for the learner. Overhead is what belongs to
actors/ and apps/ (the sources of prompts and traces), to CAF, ZeroMQ or MessagePack, or to nobody.
"""
import argparse
import collections
import json
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHORT = ["pipeline=[curate, pretrain, sft, rl]", "pretrain.steps=20", "pretrain.min_recall=0", "sft.steps=40",
         "pretrain.validate_every=1000", "sft.validate_every=1000", "rl.validate_every=1000",
         "run.checkpoint_every=1000"]
OVERHEAD = ("actors", "apps", "CAF", "ZeroMQ", "nobody")


def folders_of(build):
    """Which folder's library defines a symbol; those that several define are nobody's."""
    found = collections.defaultdict(set)
    for library in sorted(build.glob("*/libnelumbo_*.a")):
        symbols = subprocess.run(["nm", "--defined-only", library], check=True, capture_output=True, text=True)
        for line in symbols.stdout.splitlines():
            parts = line.split()
            if len(parts) == 3 and parts[1] in "TtWw":
                found[parts[2]].add(library.parent.name)
    return {symbol: folders.pop() for symbol, folders in found.items() if len(folders) == 1}


def owner(frames, folders):
    """`frames`: (symbol, library), innermost first."""
    foreign = None
    for symbol, library in frames:
        folder = folders.get(symbol)
        if folder and folder != "base":
            return folder
        if not foreign and re.search(r"/lib(torch|c10)", library):
            foreign = "learner"
        elif not foreign and "libcaf" in library:
            foreign = "CAF"
        elif not foreign and "libzmq" in library:
            foreign = "ZeroMQ"
    return foreign or "nobody"


def stacks(data):
    """Each sample of perf, as (symbol, library) from the innermost on."""
    script = subprocess.Popen(["perf", "script", "-i", data, "--no-inline", "--no-demangle", "-F", "ip,sym,dso"],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    frames = []
    for line in script.stdout:
        frame = re.match(r"\s+[0-9a-f]+ (\S+).* \((.*)\)$", line)
        if frame:
            frames.append((frame[1].split("@")[0], frame[2]))
        elif frames:
            yield frames
            frames = []
    if frames:
        yield frames


def rl_steps(metrics):
    if not metrics.exists():
        return 0
    return sum('"stage":"rl"' in line for line in metrics.read_text().splitlines())


def wait_for(steps, metrics, run):
    while rl_steps(metrics) < steps:
        if run.poll() is not None:
            sys.exit(f"the run ended with code {run.returncode} behind {rl_steps(metrics)} steps of rl")
        time.sleep(0.2)


def sample(build, steps, separate, place):
    """Runs, and returns how many samples each owner has, and over how many steps."""
    keys = [*SHORT, f"run.root={place}", "run.name=overhead", f"rl.steps={steps + 4}"]
    if separate:
        keys += ["placement.processes=separate", "placement.learners=1"]
    command = [build / "nelumbo", "run", "configs/quickstart.yaml", "--restarts", "0"]
    run = subprocess.Popen([*command, *(word for key in keys for word in ("--set", key))], cwd=ROOT,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    metrics = place / "overhead" / "metrics.jsonl"
    try:
        wait_for(1, metrics, run)
        children = subprocess.run(["pgrep", "-P", str(run.pid)], capture_output=True, text=True).stdout.split()
        first = rl_steps(metrics)
        data = place / "perf.data"
        perf = subprocess.Popen(["perf", "record", "-q", "-e", "cpu-clock", "-F", "99", "--call-graph", "dwarf,8192",
                                 "-o", data, "-p", ",".join([str(run.pid), *children])], stderr=subprocess.DEVNULL)
        wait_for(first + steps, metrics, run)
        perf.send_signal(signal.SIGINT)
        perf.wait()
        steps = rl_steps(metrics) - first
    finally:
        run.kill()
        run.wait()
    folders = folders_of(build)
    return collections.Counter(owner(frames, folders) for frames in stacks(data)), steps


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", help="where it was built", type=pathlib.Path)
    parser.add_argument("--steps", type=int, default=20, help="steps of rl that are sampled")
    parser.add_argument("--separate", action="store_true", help="rollout actors and learner in processes of their own")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        counts, steps = sample(options.build.resolve(), options.steps, options.separate, pathlib.Path(place))
    total = sum(counts.values())
    if total == 0:
        sys.exit("perf took no samples")
    shares = {name: count / total for name, count in counts.most_common()}
    overhead = sum(shares.get(name, 0) for name in OVERHEAD)
    if options.json:
        print(json.dumps({"name": "actor_overhead", "overhead": overhead, "steps": steps, "samples": total,
                          "shares": shares}))
        return
    print(f"overhead: {100 * overhead:.2f} % of the processor time of {steps} steps of rl ({total} samples)")
    print("\n".join(f"  {100 * share:6.2f} %  {name}" for name, share in shares.items()))


if __name__ == "__main__":
    main()
