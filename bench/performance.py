#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs every benchmark and writes docs/performance.md.

    scripts/fetch_model.sh smollm2
    bench/performance.py build/release/nelumbo [--repeats 5] [--peer decode.jsonl] [--trl grpo.jsonl]

Each row is one call of `nelumbo bench`, whose own side, anchor and limit are measured in that call.
--peer is what bench/peers/decode.py printed on the same machine, --trl what bench/peers/grpo/run.py did.
A figure that was taken while other programs used more than 5 % of the processors is marked. Takes about
30 minutes; use nothing else meanwhile. What was printed is kept in build/performance.jsonl, from which
--kept writes the page again and measures nothing.
"""
import argparse
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
MOST_FOREIGN = 0.05

# What is measured, and the arguments of `nelumbo bench`; one thread unless said.
ROWS = [
    *[(f"decode, {batch} behind a prompt of 128, 64 tokens each", ["decode", "--batch", str(batch)])
      for batch in (1, 8, 32, 64)],
    ("decode, 32, 256 tokens each", ["decode", "--batch", "32", "--answer", "256"]),
    ("decode, 32 behind a prompt of 1024", ["decode", "--batch", "32", "--prompt", "1024"]),
    ("decode in int8, 32 behind a prompt of 128", ["decode", "--batch", "32", "--dtype", "int8"]),
    ("SmolLM2 in int8, 64 answers to 16 prompts", ["divergence"]),
    ("prompt of 512 up to the first token", ["prefill", "--prompt", "512"]),
    ("256 answers of log-normal lengths, 32 at a time", ["schedule"]),
    ("log-probs of 1024 given tokens, bf16", ["logprob"]),
    ("log-probs of 1024 given tokens, fp32", ["logprob", "--dtype", "fp32"]),
    ("optimizer step, 32 of 128 + 128 tokens, bf16", ["learner", "--prompt", "128", "--answer", "128"]),
    ("optimizer step, 32 of 128 + 128 tokens, fp32",
     ["learner", "--prompt", "128", "--answer", "128", "--dtype", "fp32"]),
    ("optimizer step, 4 prompts of 512, 8 answers of 128 each, bf16",
     ["learner", "--prompt", "512", "--answer", "128", "--samples", "8"]),
    ("270 MB of weights to one engine over loopback", ["bulk"]),
    ("tokens of texts", ["encode"]),
    ("names in texts", ["tagging"]),
    ("numeric answers by one rule", ["rewards"]),
    ("answers of a run scored anew", ["replay"]),
]
ONCE = {"learner", "tagging", "divergence"}  # long enough that one repeat behind a warm-up says as much


def measure(program, arguments, repeats):
    if arguments[0] not in ("bulk", "encode", "tagging", "rewards", "replay"):
        arguments = [*arguments, "--threads", "1"]
    repeats = 1 if arguments[0] in ONCE else repeats
    done = subprocess.run([program, "bench", *arguments, "--repeats", str(repeats), "--json"],
                          cwd=ROOT, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def number(value):
    return f"{value:.3g}" if value < 1000 else f"{value:,.0f}"


def row(what, figure):
    foreign = figure["foreign_cpu"]
    limit = f"{figure['limit_fraction']:.2f}" if "limit_fraction" in figure else ""
    mark = " (!)" if foreign > MOST_FOREIGN else ""
    if "kl" in figure:
        what += f" (KL {figure['kl']:.2g} ± {figure['kl_error']:.1g} a token)"
    return (f"| {what} | {number(figure['own'])} {figure['unit']} | {number(figure['anchor'])}, "
            f"{figure['anchor_name']} | {figure['ratio']:.2f} | {limit} | {foreign:.2f}{mark} |")


def peer_rows(path):
    for line in pathlib.Path(path).read_text().splitlines():
        figure = json.loads(line)
        foreign = figure["foreign_cpu"]
        what = (f"decode in {figure['dtype']}, {figure['sequences']} behind a prompt of {figure['prompt']}, "
                f"{figure['answer']} tokens each" if figure["answer"] else f"prompt of {figure['prompt']}")
        setting = figure["as"].rsplit("/", 1)[-1]
        yield (f"| {what} | {number(figure['own'])} tokens/s | "
               f"{number(figure['llama.cpp'])}, llama.cpp ({setting}) | {figure['ratio']:.2f} | "
               f"{figure['limit_fraction']:.2f} | {foreign:.2f}{' (!)' if foreign > MOST_FOREIGN else ''} |")


def trl_rows(path):
    for line in pathlib.Path(path).read_text().splitlines():
        figure = json.loads(line)
        own, peer = figure["own"], figure["peer"]
        yield (f"| GRPO step, {figure['prompts']} prompts, {figure['samples']} answers of {figure['tokens']} tokens, "
               f"{figure['dtype']}, {figure['threads']} thread(s), {number(own['mib'])} MiB | "
               f"{number(own['seconds'])} s | {number(peer['seconds'])} s, {number(peer['mib'])} MiB, TRL | "
               f"{figure['times_as_fast']:.2f} | | |")


def page(figures, peer):
    first = figures[0][1]
    lines = [
        "# Performance", "",
        "Written by `bench/performance.py` from one run. Speeds are of this machine alone; ratios and shares "
        "of the limit are what compares. The shape is SmolLM2-135M with drawn weights, one thread.", "",
        f"Processor: {first['cpu']}, instruction set `{first['isa']}`. \"Foreign\" is the share of the "
        "processors that other programs used meanwhile; (!) marks what they may have spoilt. Rows with "
        "llama.cpp and TRL are of runs of their own; llama.cpp, and both sides beside TRL, have the weights of "
        "SmolLM2-135M-Instruct.", "",
        "| what | own | anchor | ratio | of the limit | foreign |", "|---|---|---|---|---|---|",
        *[row(what, figure) for what, figure in figures], *peer, "",
        "`nelumbo bench NAME --json` gives each row again. The limit is what memory or products allow "
        "(`bench/limits.h`); anchors are this engine in fp32 (in bf16 for int8), LibTorch's own operations for log-probs and "
        "optimizer steps, equal lengths for log-normal ones, a plain search for names.", ""]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--peer")
    parser.add_argument("--trl")
    parser.add_argument("--kept", action="store_true")
    options = parser.parse_args()
    kept = ROOT / "build" / "performance.jsonl"
    if not options.kept:
        with kept.open("w", encoding="utf-8") as to:
            for what, arguments in ROWS:
                figure = measure(pathlib.Path(options.program).resolve(), arguments, options.repeats)
                print(json.dumps({"what": what, **figure}), file=to, flush=True)
                print(row(what, figure), file=sys.stderr, flush=True)
    lines = [json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()]
    figures = [(line["what"], line) for line in lines]
    peer = [*(peer_rows(options.peer) if options.peer else []), *(trl_rows(options.trl) if options.trl else [])]
    (ROOT / "docs" / "performance.md").write_text(page(figures, peer), encoding="utf-8")


if __name__ == "__main__":
    main()
