#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs clang-tidy on the sources that changed, or with --all on every one.

Changed is what differs from the merge base with origin/main; on origin/main itself, what the last
commit changed. A header is read through a source that includes it. A file that passed is not read
again until it, something it includes of ours, or .clang-tidy changes: build/tidy/ remembers. The
static analyzer (clang-analyzer-*) takes two thirds of the time, so a change of many files is read
without it; --all always has it.
"""
import concurrent.futures
import functools
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "release"
PASSED = ROOT / "build" / "tidy"
MANY = 40


def git(*arguments):
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.split() if done.returncode == 0 else []


def all_sources():
    folders = [p.parent for p in ROOT.glob("*/CMakeLists.txt") if p.parent.name != "tests"]
    return sorted(p for folder in folders for p in folder.glob("*.cc"))


def compiled(sources):
    """Those of them that this build compiles; learner/nccl_device.cc belongs to one with NCCL."""
    commands = BUILD / "compile_commands.json"
    if not commands.exists():
        return sources
    known = {command["file"] for command in json.loads(commands.read_text())}
    for source in sources:
        if str(source) not in known:
            print(f"clang-tidy: {source.relative_to(ROOT)} is not part of this build",
                  file=sys.stderr)
    return [source for source in sources if str(source) in known]


@functools.cache
def includes(path):
    """Our own headers that a file reaches."""
    found = set()
    for name in re.findall(r'^#include "([\w./]+)"', path.read_text(), re.M):
        header = ROOT / name
        if header.exists() and header not in found:
            found |= {header} | includes(header)
    return found


def changed_sources():
    base = git("merge-base", "HEAD", "origin/main")
    if not base or base == git("rev-parse", "HEAD"):
        base = git("rev-parse", "HEAD~1")
    names = set(git("diff", "--name-only", *base)) | set(git("ls-files", "-o", "--exclude-standard"))
    changed = {ROOT / name for name in names}
    sources = all_sources() if base else []
    if not base or ROOT / ".clang-tidy" in changed:
        return all_sources()
    picked = {s for s in sources if s in changed}
    for header in sorted(h for h in changed if h.suffix == ".h" and h.exists()):
        own = header.with_suffix(".cc")
        readers = [own] if own in sources else [s for s in sources if header in includes(s)]
        picked |= set(readers[:1])
    return sorted(picked)


def fingerprint(source, options):
    digest = hashlib.sha256((ROOT / ".clang-tidy").read_bytes() + " ".join(options).encode())
    for path in [source, *sorted(includes(source))]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def complaints(source, options):
    stamp = PASSED / fingerprint(source, options)
    if stamp.exists():
        return ""
    done = subprocess.run(["clang-tidy", "--quiet", "-p", BUILD, *options, source], cwd=ROOT,
                          capture_output=True, text=True)
    if done.returncode == 0:
        stamp.touch()
        return ""
    return done.stdout + (done.stderr if not done.stdout else "")


def main():
    everything = "--all" in sys.argv[1:]
    sources = compiled(all_sources() if everything else changed_sources())
    wide = not everything and len(sources) > MANY
    options = ["--checks=-clang-analyzer-*"] if wide else []
    PASSED.mkdir(parents=True, exist_ok=True)
    bad = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for text in pool.map(lambda source: complaints(source, options), sources):
            print(text, end="", flush=True)
            bad += bool(text)
    print(f"clang-tidy: {len(sources)} files, {bad} with findings", file=sys.stderr)
    return bad > 0


sys.exit(main())
