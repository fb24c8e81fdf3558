#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails on what a line of source may not say, and on files that are too long."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SPDX = "// SPDX-License-Identifier: Apache-2.0"
LONGEST_FILE = 400
FORBIDDEN = [
    # (folder, pattern, reason); a folder of "" is all of them, and its tests
    ("actors", r"\bremote_actor\s*\(|\bremote_spawn\b", "may wait for ever; join by message"),
    ("actors", r"\blink_to\s*\(", "an actor that dies would take others along; monitor it"),
    ("actors", r"\bcaf::infinite\b", "waits for ever; every request has a deadline"),
    ("", r"\bthrow\b", "we never throw; return a Result"),
    ("", r"\bTODO\b|\bFIXME\b|\bXXX\b", "unfinished work is absent, not announced"),
    ("", r"\busing namespace (?!std::(string_view_)?literals|std::chrono_literals)",
     "no using-directive except for literals"),
    ("", r"\brandom_device\b|\bsrand\s*\(|\bstd::rand\s*\(", "random numbers come from base/rng.h"),
    ("", r"^\s*//\s*(if|for|while|return|EXPECT_|ASSERT_|auto|const)\b.*[;{]\s*$",
     "commented-out code"),
]


def code_of(line):
    """The line without its string literals and its comment, where words are only words."""
    return re.sub(r"//.*", "", re.sub(r'"(?:[^"\\]|\\.)*"', '""', line))


def complaints(path):
    folder = path.relative_to(ROOT).parts[0]
    lines = path.read_text().splitlines()
    if not lines or lines[0] != SPDX:
        yield 1, f"the first line must be {SPDX}"
    if path.suffix == ".h" and (len(lines) < 2 or lines[1] != "#pragma once"):
        yield 2, "the second line of a header must be #pragma once"
    if len(lines) > LONGEST_FILE:
        yield len(lines), f"longer than {LONGEST_FILE} lines"
    for number, line in enumerate(lines, 1):
        for where, pattern, reason in FORBIDDEN:
            about_comments = "//" in pattern or "TODO" in pattern
            # What supervision is for must be rehearsed.
            is_planted = "throw" in pattern and (folder == "tests" or "planted" in line)
            text = line if about_comments else code_of(line)
            if where in ("", folder) and re.search(pattern, text) and not is_planted:
                yield number, reason


def main():
    folders = [p.parent for p in ROOT.glob("*/CMakeLists.txt")]
    bad = 0
    for path in sorted(p for f in folders for p in f.rglob("*") if p.suffix in {".h", ".cc", ".cu"}):
        for number, reason in complaints(path):
            print(f"{path.relative_to(ROOT)}:{number}: {reason}")
            bad += 1
    return bad > 0


sys.exit(main())
