#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plants bugs, one at a time, and says which seed of the simulation finds each.

A planted bug is an edit of one source of actors/. The edited copy is compiled as the build compiles
the original, linked into a test_e2e of its own in front of the library, and run on up to a thousand
seeds (tests/e2e/simulation_test.cc). Needs build/release with test_e2e built. Exit code 1: a bug
that no seed finds. With --check: only whether each can still be planted.
"""
import os
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "release"
SEEDS = 1000

MUTANTS = {
    "lost lease": ("actors/lease_book.cc", [
        ("  waiting_.insert(waiting_.begin(), back.begin(), back.end());\n", "")]),
    "double commit": ("actors/ledger.cc", [
        ("    const bool later = standing.fate == Fate::kCommitted &&",
         "    const bool later = false && standing.fate == Fate::kCommitted &&")]),
    "version reset": ("actors/stage_loop.cc", [
        ("  context_.state() = resumed_->state;\n",
         "  context_.state() = resumed_->state;\n  context_.state().version = 0;\n")]),
    "missing fence": ("actors/lease_book.cc", [
        ("  const auto lease = leased_.find(ticket.number);\n",
         "  const auto lease = std::ranges::find_if(leased_, [&](const auto& one) {\n"
         "    return one.second.ticket.group == ticket.group;\n  });\n"),
        (" || !(lease->second.ticket == ticket)", ""),
        ("  Member& member = members_.at(ticket.session);\n",
         "  Member& member = members_.at(lease->second.ticket.session);\n")]),
    "wait without deadline": ("actors/coordinator.cc", [
        ("  self_->delayed_send(self_, *tick_at_ - now, TickAtom::value);\n", "")]),
}


def commands():
    """The commands that make test_e2e, in order."""
    listed = subprocess.run(["ninja", "-C", BUILD, "-t", "commands", "test_e2e"], text=True,
                            capture_output=True, check=True)
    return listed.stdout.splitlines()


def edited(name, source, edits):
    text = (ROOT / source).read_text()
    for old, new in edits:
        if text.count(old) != 1:
            sys.exit(f"simulation_mutants: {name}: {source} does not hold this once: {old!r}")
        text = text.replace(old, new)
    return text


def plant(name, source, edits):
    """The edited source, in a folder of its own."""
    folder = BUILD / "mutants" / name.replace(" ", "_")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / pathlib.Path(source).name
    path.write_text(edited(name, source, edits))
    return path


def build(path, source, all_commands):
    """A test_e2e with the edited source in the place of the original."""
    original = str(ROOT / source)
    compile_one = next(c for c in all_commands if f" -c {original}" in c)
    made = path.with_suffix(".o")
    command = re.sub(r" -o \S+", f" -o {made}", compile_one)
    command = re.sub(r" -M[TF] \S+| -MD", "", command).replace(f" -c {original}", f" -c {path}")
    subprocess.run(command, shell=True, cwd=BUILD, check=True, capture_output=True)
    link = next(c for c in reversed(all_commands) if " -o tests/test_e2e " in c)
    program = path.parent / "test_e2e"
    link = link.replace(" -o tests/test_e2e ", f" {shlex.quote(str(made))} -o {shlex.quote(str(program))} ")
    subprocess.run(link, shell=True, cwd=BUILD, check=True, capture_output=True)
    return program


def first_seed(program):
    """The first seed that finds it, with what it says; None where none does."""
    run = subprocess.run([program, "--gtest_filter=SimulationTest.*"], text=True, capture_output=True,
                         cwd=program.parent,
                         env={**os.environ, "NELUMBO_SIMULATION_SEEDS": str(SEEDS)})
    if run.returncode == 0:
        return None
    seed = re.search(r"seed (\d+)", run.stdout)
    what = re.search(r'Which is: "([^"\n]*)', run.stdout)
    return (seed.group(1) if seed else "0"), (what.group(1) if what else run.stderr.strip()[-200:])


def main():
    if "--check" in sys.argv[1:]:
        for name, (source, edits) in MUTANTS.items():
            edited(name, source, edits)
        return 0
    all_commands = commands()
    missed = []
    for name, (source, edits) in MUTANTS.items():
        found = first_seed(build(plant(name, source, edits), source, all_commands))
        if found is None:
            missed.append(name)
            print(f"{name}: NOT found within {SEEDS} seeds")
        else:
            print(f"{name}: found by seed {found[0]}: {found[1]}", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
