#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails when a page names a file that is not there.

Looked at: the target of every Markdown link, and every word in backticks that begins with one of
our folders, as in `learner/policy_loss.cc` or `base/hash.{h,cc}`. A word after the file's name, as
in `scripts/test.sh --all`, does not count; names with * < > or $ are patterns.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDERS = "actors|apps|base|bench|cmake|configs|corpus|data|docs|evaluation|kernels|learner|model" \
          "|reward|rollout|scripts|tests"
LONGEST_README = 120
LAST_LINE_OF_FIRST_COMMAND = 25


def expanded(name):
    """`a.{h,cc}` as a.h and a.cc."""
    if braces := re.match(r"(.*)\{([^}]*)\}(.*)", name):
        return [braces[1] + part + braces[3] for part in braces[2].split(",")]
    return [name]


def names_in(line):
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", line):
        if not re.match(r"\w+:", target):
            yield target, True
    for code in re.findall(r"`([^`]+)`", line):
        if named := re.match(rf"(?:{FOLDERS})/\S*", code):
            yield named[0].rstrip(".,:;"), False


def missing(page, name, is_link):
    base = page.parent if is_link else ROOT
    return [n for n in expanded(name) if not re.search(r"[*<>$…]", n) and not (base / n).exists()]


def complaints(page):
    inside_code = False
    for number, line in enumerate(page.read_text().splitlines(), 1):
        if line.startswith("```"):
            inside_code = not inside_code
        if inside_code:
            continue
        for name, is_link in names_in(line):
            for path in missing(page, name, is_link):
                yield f"{page.relative_to(ROOT)}:{number}: {path} is not there"


def readme_complaints():
    lines = (ROOT / "README.md").read_text().splitlines()
    if len(lines) > LONGEST_README:
        yield f"README.md: has {len(lines)} lines; {LONGEST_README} are the most"
    if not any("scripts/" in line for line in lines[:LAST_LINE_OF_FIRST_COMMAND]):
        yield f"README.md: no command within {LAST_LINE_OF_FIRST_COMMAND} lines"


def main():
    pages = sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").glob("**/*.md")) + \
        sorted((ROOT / "data").glob("*.md"))
    found = [line for page in pages for line in complaints(page)]
    if not (ROOT / "README.md").exists():
        found.append("README.md is not there")
    else:
        found += readme_complaints()
    print("\n".join(found), end="\n" if found else "")
    return bool(found)


sys.exit(main())
