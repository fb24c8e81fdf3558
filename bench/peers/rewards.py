#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks of numeric answers a second beside graders in Python, in one run.

    python3 -m venv build/graders && build/graders/bin/pip install -r bench/peers/graders.txt
    build/graders/bin/python bench/peers/rewards.py build/release/nelumbo

All judge the same answers on one core, by processor time:
- fractions: takes the number out with a regular expression and compares fractions; it knows the same
  forms as `nelumbo bench rewards` and must find the same number right, or the exit code is 6;
- regex: the usual grader of GSM8K, as training scripts carry it: the last number of the text behind the
  last "####", without "$" and ",", compared as text;
- math-verify: PyPI's package, parse and verify, as those who train on mathematics use it. It is slow: it
  gets every 10th answer.
What the latter two call right differs from ours, which is said. Prints one JSON line.
"""
import argparse
import fractions
import importlib.util
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


def regex_is_right(gold, answer):
    """As in many repositories: the solution's last number, text against text."""
    found = re.findall(r"(-?[$0-9.,]{2,}|-?[0-9]+)", answer.split("####")[-1])
    said = found[-1].replace("$", "").replace(",", "").rstrip(".") if found else None
    return said == gold.replace(",", "")


def math_verify_grader():
    from math_verify import parse, verify

    def is_right_by_it(gold, answer):
        read = [parse(text, parsing_timeout=None) for text in (gold, answer)]
        return verify(*read, timeout_seconds=None)
    return is_right_by_it


def measured(grader, pairs, repeats):
    """Answers a second, the best repeat, and how many are right."""
    best, right = 0, 0
    for _ in range(repeats):
        start = time.process_time()
        right = sum(bool(grader(gold, answer)) for gold, answer in pairs)
        best = max(best, len(pairs) / (time.process_time() - start))
    return best, right


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    options = parser.parse_args()
    pairs = list(tasks())
    best, right = measured(is_right, pairs, REPEATS)
    graders = {"fractions": (best, right, len(pairs)),
               "regex": (*measured(regex_is_right, pairs, REPEATS), len(pairs))}
    if importlib.util.find_spec("math_verify"):
        some = pairs[::10]
        graders["math-verify"] = (*measured(math_verify_grader(), some, 1), len(some))
    else:
        print("math-verify is not installed: left out", file=sys.stderr)
    own = json.loads(subprocess.run([options.program, "bench", "rewards", "--repeats", str(REPEATS), "--json"],
                                    cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    said = {name: {"speed": speed, "ratio": own["own"] / speed, "right": n, "answers": answers}
            for name, (speed, n, answers) in graders.items()}
    print(json.dumps({"own": own["own"], "whole_specification": own["whole_specification"],
                      "answers": len(pairs), "right": own["right"], "graders": said,
                      "foreign_cpu": own["foreign_cpu"], "cpu": own["cpu"]}))
    return 0 if right == own["right"] else 6


if __name__ == "__main__":
    sys.exit(main())
