#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks of numeric answers a second beside a grader in Python, in one run.

    bench/peers/rewards.py build/release/nelumbo

The grader is of the kind that training scripts have: it takes the number out with regular expressions
and compares fractions, and knows the same forms as `nelumbo bench rewards`. Both judge the same answers
on one core, by processor time, and must find the same number right. Prints one JSON line.
"""
import argparse
import fractions
import json
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
REPEATS = 3
UNITS = {"dollars", "dollar", "cents", "hours", "hour", "minutes", "miles", "km", "cm", "m", "kg", "g"}
NUMBER = re.compile(r"^([-+]?)\$?([0-9][0-9,]*(?:\.[0-9]*)?|\.[0-9]+)(?:/([0-9]+))?\s*(%|[A-Za-z]+)?\.?$")


def number(text):
    """The value as a fraction, or None."""
    found = NUMBER.match(text.strip())
    if not found or (found[4] and found[4] != "%" and found[4] not in UNITS):
        return None
    value = fractions.Fraction(found[2].replace(",", "")) / int(found[3] or 1)
    return -value if found[1] == "-" else value


def tasks():
    for row, line in enumerate((ROOT / "data/gsm8k/train.jsonl").open(encoding="utf-8")):
        gold = json.loads(line)["answer"].rsplit("#### ", 1)[1]
        forms = (gold, gold + ".00", "$" + gold, gold + "1", gold + " dollars", gold + " clips")
        yield gold, forms[row % 6]


def is_right(gold, answer):
    truth, said = number(gold), number(answer)
    return said is not None and truth == said


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    options = parser.parse_args()
    pairs = list(tasks())
    best, right = 0, 0
    for _ in range(REPEATS):
        start = time.process_time()
        right = sum(is_right(gold, answer) for gold, answer in pairs)
        best = max(best, len(pairs) / (time.process_time() - start))
    own = json.loads(subprocess.run([options.program, "bench", "rewards", "--repeats", str(REPEATS), "--json"],
                                    cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    print(json.dumps({"own": own["own"], "python": best, "ratio": own["own"] / best,
                      "whole_specification": own["whole_specification"], "answers": len(pairs),
                      "right": own["right"], "right_python": right, "foreign_cpu": own["foreign_cpu"],
                      "cpu": own["cpu"]}))
    return 0 if right == own["right"] else 6


if __name__ == "__main__":
    sys.exit(main())
