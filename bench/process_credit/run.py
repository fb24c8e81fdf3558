#!/usr/bin/env python3
"""Process credit on a planted task, beside the outcome alone, on several seeds.

    bench/process_credit/run.py [--nelumbo build/release/nelumbo] [--out build/process_credit]
                                [--seeds 1 2 3] [--set KEY=VALUE ..]

A tiny model (the shape and tokenizer of tests/data/models/llama_tied, whose weights are random) learns
to add up five digits, one line for each sum, and to say at the end whether the result is odd:

    7+5+9+3+8  ->  7+5=12 / 12+9=21 / 21+3=24 / 24+8=32 0

Half of all guesses at the end are right, whatever the lines say. Behind the same stage of sft, rl goes
on with the outcome alone (outcome.yaml) and with its process layer beside it (process.yaml). Weights are
chosen by their validation; the figures are those of other questions, asked of them at the end: the share of
lines that are right, and the paired difference with a 95 % interval.
"""
import argparse
import json
import pathlib
import random
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TERMS = 5
ROWS = {"train.jsonl": 4000, "validation.jsonl": 200, "test.jsonl": 400}
TEMPLATE = ("{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\n' + m['content'] + '<|im_end|>\n' }}"
            "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}")


def row(digits):
    lines, total = [], digits[0]
    for digit in digits[1:]:
        lines.append(f"{total}+{digit}={total + digit}")
        total += digit
    lines[-1] += f" {total % 2}"
    return {"question": "+".join(map(str, digits)), "answer": "\n".join(lines), "path": lines}


def write_rows(folder):
    draw = random.Random(0)
    seen = set()
    for name, count in ROWS.items():
        with open(folder / name, "w") as out:
            while count > 0:
                digits = tuple(draw.randint(1, 9) for _ in range(TERMS))
                if digits not in seen:
                    seen.add(digits)
                    out.write(json.dumps(row(digits)) + "\n")
                    count -= 1


def write_model(folder):
    shutil.copytree(ROOT / "tests/data/models/llama_tied", folder, dirs_exist_ok=True)
    path = folder / "tokenizer_config.json"
    config = json.loads(path.read_text())
    config["chat_template"] = TEMPLATE
    path.write_text(json.dumps(config, indent=1))


def run(command):
    print("+", " ".join(map(str, command)), flush=True)
    done = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"{command[0]} ended with exit code {done.returncode}")
    return done.stdout


def right_lines(run, occasion):
    """The share of held-out lines that are right: greedy, sampled."""
    passes = json.loads((run / "evaluation" / f"{occasion}.json").read_text())["passes"]
    return [100 * one["tasks"][0]["steps"] for one in passes]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nelumbo", default=ROOT / "build/release/nelumbo")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "build/process_credit")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--set", action="append", default=[], help="a key of the runs, as of `nelumbo run`")
    args = parser.parse_args()
    out = args.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    write_rows(out)
    write_model(out / "model")
    pairs = []
    for seed in args.seeds:
        for spec in ("outcome", "process"):
            keys = [f"run.root={out}/runs", f"run.name={spec}-{seed}", f"run.seed={seed}",
                    f"model.from={out}/model", f"chat.train={out}/train.jsonl",
                    f"chat.validation={out}/validation.jsonl", f"chat.test={out}/test.jsonl",
                    f"reward.spec={HERE}/{spec}.yaml", *args.set]
            run([args.nelumbo, "run", HERE / "run.yaml", *[w for key in keys for w in ("--set", key)]])
            pairs.append(out / "runs" / f"{spec}-{seed}")
    for outcome, process in zip(pairs[::2], pairs[1::2]):
        for name, path, occasion in (("before rl", outcome, "before"), ("outcome alone", outcome, "after"),
                                     ("and process", process, "after")):
            greedy, sampled = right_lines(path, occasion)
            print(f"{process.name:12} {name:14} right lines: greedy {greedy:5.1f} %, sampled {sampled:5.1f} %")
        print(run([args.nelumbo, "compare", outcome, process]))
    print(run([args.nelumbo, "compare", *pairs]))


if __name__ == "__main__":
    main()
