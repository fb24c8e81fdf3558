#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a learner rank holds in memory while it trains, for each sharding and number of ranks.

    bench/learner_memory.py build/release [--ranks 1 2 4] [--hidden 768] [--layers 6] [--json]

Runs the stage pretrain alone on a decoder of that size, each rank in a process of its own, and reads the largest
resident memory of each rank (VmHWM) between the second step and the last: what is read at the start and the whole
tensors of a checkpoint are not in it. The floor is a rank of a policy of almost nothing, with the same batches.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
STEPS = 4
SHARDINGS = ("replicated", "optimizer", "full")


def keys_of(place, ranks, sharding, shape):
    hidden, layers = shape
    keys = {"pipeline": "[pretrain]", "run.root": place, "run.name": "memory", "run.checkpoint_every": 1000,
            "placement.processes": "separate", "placement.learners": ranks, "placement.sharding": sharding,
            "placement.rollouts": 1, "placement.cores": 2, "tokenizer.vocab_size": 1024,
            "model.decoder.hidden_size": hidden, "model.decoder.intermediate_size": 4 * hidden,
            "model.decoder.layers": layers, "pretrain.steps": STEPS + 1, "pretrain.validate_every": 1000,
            "pretrain.max_tokens": 256, "pretrain.images": 4, "pretrain.items": 4, "pretrain.texts": 0,
            "pretrain.min_recall": 0, "pretrain.checkpoint_blocks": "true"}
    return [word for key, value in keys.items() for word in ("--set", f"{key}={value}")]


def steps_of(metrics):
    return metrics.read_text().count('"stage":"pretrain"') if metrics.exists() else 0


def wait_for(steps, metrics, run):
    while steps_of(metrics) < steps:
        if run.poll() is not None:
            sys.exit(f"the run ended with code {run.returncode} behind {steps_of(metrics)} steps")
        time.sleep(0.02)


def learners_of(run):
    """The processes of learner ranks."""
    found = []
    for status in pathlib.Path("/proc").glob("[0-9]*/status"):
        try:
            words = (status.parent / "cmdline").read_bytes().split(b"\0")
            parent = int(re.search(r"PPid:\s+(\d+)", status.read_text())[1])
        except (OSError, TypeError):
            continue
        if parent == run.pid and b"learner" in words:
            found.append(status.parent)
    return found


def peaks(build, ranks, sharding, shape):
    """MB of each rank."""
    with tempfile.TemporaryDirectory() as place:
        metrics = pathlib.Path(place) / "memory" / "metrics.jsonl"
        command = [build / "nelumbo", "run", "configs/quickstart.yaml", "--restarts", "0"]
        run = subprocess.Popen([*command, *keys_of(place, ranks, sharding, shape)], cwd=ROOT,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for(2, metrics, run)
            learners = learners_of(run)
            for learner in learners:
                (learner / "clear_refs").write_text("5")  # the peak begins anew
            wait_for(STEPS, metrics, run)
            return [int(re.search(r"VmHWM:\s+(\d+)", (learner / "status").read_text())[1]) / 1024
                    for learner in learners]
        finally:
            run.kill()
            run.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", help="where it was built", type=pathlib.Path)
    parser.add_argument("--ranks", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--hidden", type=int, default=768, help="width of the decoder; its layers are 4 times as wide")
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    build = options.build.resolve()
    shape = (options.hidden, options.layers)
    floor = max(peaks(build, 1, "replicated", (64, 1)))
    rows = [{"ranks": ranks, "sharding": sharding, "mb": max(peaks(build, ranks, sharding, shape)), "floor_mb": floor}
            for ranks in options.ranks for sharding in (SHARDINGS if ranks > 1 else SHARDINGS[:1])]
    if options.json:
        print(json.dumps({"name": "learner_memory", "hidden": options.hidden, "layers": options.layers, "rows": rows}))
        return
    print(f"largest rank, MB above the {floor:.0f} MB of a policy of almost nothing:")
    for row in rows:
        print(f"  {row['ranks']} ranks  {row['sharding']:10}  {row['mb'] - floor:8.0f}")


if __name__ == "__main__":
    main()
