#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the verifier `math_equal` against PyPI's math-verify.

    scripts/oracles/math_verify_agreement.py build/release/nelumbo

Both judge the cases of tests/data/rewards/cases.jsonl that name `math_equal` without other keys. Ours
are judged by `nelumbo reward try` as tests of a specification that expects what math-verify says, so
that each test that fails is a disagreement. Prints them with the reason below, and the share that
agrees; exits 6 where a disagreement has no reason here, or a reason no disagreement.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

from math_verify import parse, verify
from math_verify.errors import TimeoutException

ROOT = pathlib.Path(__file__).resolve().parents[2]
TERM = "{kind: math_equal}"

# Why the two differ, by what a disagreement has in common. The first that fits counts.
REASONS = json.loads((pathlib.Path(__file__).parent / "math_verify_reasons.json").read_text())


def math_verify_says(truth, answer):
    """1 where math-verify finds them equal; LaTeX goes between dollar signs, as it asks."""
    def read(text):
        return parse(text if "$" in text else f"${text}$", parsing_timeout=None)
    try:
        return int(verify(read(truth), read(answer), timeout_seconds=None))
    except (TimeoutException, ValueError, TypeError, ZeroDivisionError, OverflowError):
        return 0


def specification(cases):
    tests = [{"spec": "a", "truth": {"answer": c["truth"]["answer"]}, "text": f"<answer>{c['answer']}</answer>",
              "expect": {"total": c["theirs"]}} for c in cases]
    lines = ["specs: {a: {layers: {rule: {terms: [" + TERM + "]}}}}", "tests:"]
    return "\n".join(lines + ["- " + json.dumps(test, ensure_ascii=False) for test in tests]) + "\n"


def disagreements(program, cases):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "spec.yaml"
        path.write_text(specification(cases), encoding="utf-8")
        done = subprocess.run([program, "reward", "try", path, "--json"],
                              capture_output=True, text=True)
    if done.returncode not in (0, 6):
        sys.exit(done.stderr)
    problems = "\n".join(json.loads(done.stdout)["problems"])
    return [cases[int(i)] for i in re.findall(r": tests\[(\d+)\]: total is", problems)]


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    options = parser.parse_args()
    path = ROOT / "tests/data/rewards/cases.jsonl"
    cases = [json.loads(line) for line in path.open(encoding="utf-8")]
    cases = [c for c in cases if c["term"] == TERM]
    for case in cases:
        case["theirs"] = math_verify_says(case["truth"]["answer"], case["answer"])
    found = disagreements(pathlib.Path(options.program).resolve(), cases)
    reasons = {(r["truth"], r["answer"]): r["why"] for r in REASONS}
    unexplained, used = 0, set()
    for case in found:
        key = (case["truth"]["answer"], case["answer"])
        why = reasons.get(key)
        used.add(key)
        unexplained += why is None
        print(f"{key[0]!r} and {key[1]!r}: math-verify {case['theirs']}, label {case['value']}: {why or 'UNEXPLAINED'}")
    for key in reasons.keys() - used:
        print(f"{key[0]!r} and {key[1]!r}: a reason without a disagreement")
    print(f"{len(cases) - len(found)} of {len(cases)} agree; {len(found)} differ, {unexplained} without a reason")
    return 6 if unexplained or reasons.keys() - used else 0


if __name__ == "__main__":
    sys.exit(main())
