"""Faults on real processes: what scripts/drill.sh runs.

A drill starts `nelumbo run` on configs/tiny.yaml, breaks something, and holds what comes of it against a
run that nothing happened to: the exit code, the hash of the weights, the ledger, and how long it took.
Exit code 0: every drill passed; 1: one did not. SLOW is no failure: all went well, but for a speed
that whatever else the machine does may have spoilt.
"""
import argparse
import contextlib
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import time

import drill_disk
import drill_guards
import drill_limits
import drill_network
import drill_points
import drill_rewards
import drill_saving
import drill_wire
from drill_runs import APART, ROOT, RUN, Failed, Missed, Run, Skipped, check, expect_gone, measured


class Drills(drill_disk.DiskDrills, drill_guards.GuardDrills, drill_limits.LimitDrills, drill_network.NetworkDrills,
             drill_points.PointDrills, drill_rewards.RewardDrills, drill_saving.SavingDrills,
             drill_wire.WireDrills):
    def __init__(self, args):
        self.nelumbo = pathlib.Path(args.nelumbo).resolve()
        self.out = args.out.resolve()
        self.count, self.freeze, self.away, self.only = args.count, args.freeze, args.away, args.only
        self.hashes = {}
        self.random = random.Random(args.seed)
        self.out.mkdir(parents=True, exist_ok=True)

    def clean(self, keys):
        """The hash of an undisturbed run of the same configuration, in one process."""
        ranks = keys.get("placement.learners", 1)
        if ranks not in self.hashes:
            run = Run(self, f"clean-{ranks}", {**RUN, "placement.learners": ranks}).start().expect_end()
            self.hashes[ranks] = run.summary()["weights_hash"]
        return self.hashes[ranks]

    def clean_hash(self, keys):
        """The same of any configuration."""
        name = json.dumps(keys, sort_keys=True)
        if name not in self.hashes:
            run = Run(self, "clean", keys).start(0).expect_end()
            self.hashes[name] = run.summary()["weights_hash"]
        return self.hashes[name]

    def healed(self, run, limit):
        """Seconds until the run has done two more steps."""
        begin = time.monotonic()
        run.until(run.steps() + 2, limit)
        return time.monotonic() - begin

    # Each drill returns what it measured.

    def F1(self):
        """a rollout process is killed while it answers"""
        run = Run(self, "F1", APART).start().until(3)
        os.kill(run.workers("rollout")[0], signal.SIGKILL)
        seconds = self.healed(run, 15)
        run.expect_end().expect_clean()
        return f"two steps later after {seconds:.1f} s (limit 15), same bits"

    def F2(self):
        """all rollout processes are killed at once"""
        run = Run(self, "F2", APART).start().until(3)
        for pid in run.workers("rollout"):
            os.kill(pid, signal.SIGKILL)
        seconds = self.healed(run, 20)
        run.expect_end().expect_clean()
        return f"two steps later after {seconds:.1f} s (limit 20), same bits"

    def F3(self):
        """a rollout process is frozen for longer than its lease, and wakes"""
        # Others answer for who is frozen, so that steps go on: enough of them for the run to see it wake.
        long = {"rl.steps": 360, "rl.validate_every": 360}
        lease, noticed, keys = APART["placement.lease"], [], {**APART, **long}
        for _ in range(self.count):
            run = Run(self, "F3", keys).start().until(3)
            frozen = run.workers("rollout")[0]
            os.kill(frozen, signal.SIGSTOP)
            begin = time.monotonic()
            while "is out: nothing was heard of it" not in run.said():
                check(time.monotonic() - begin < 2 * lease, f"F3: not declared dead after {2 * lease} s; see {run.log}")
                time.sleep(0.02)
            noticed.append(time.monotonic() - begin)
            self.healed(run, 15)
            time.sleep(max(0, self.freeze - (time.monotonic() - begin)))
            with contextlib.suppress(ProcessLookupError):  # it was ended meanwhile
                os.kill(frozen, signal.SIGCONT)
            run.expect_end().expect_clean(self.clean_hash({**RUN, **long, "placement.learners": 2}))
        check(max(noticed) < lease + 1, f"F3: declared dead after {max(noticed):.1f} s, lease {lease} s")
        return f"{self.count} of {self.count}: declared dead after at most {max(noticed):.1f} s (lease {lease} s), frozen {self.freeze:.0f} s, same bits"

    def heals(self, name, role, limit):
        """What becomes of a run that loses a process at a random moment, `count` times."""
        times = []
        for _ in range(self.count):
            run = Run(self, name, APART).start().until(11)
            time.sleep(self.random.uniform(0, 0.3))
            dead = run.coordinator() if role == "coordinator" else self.random.choice(run.workers(role))
            left = run.workers() if role == "coordinator" else []
            os.kill(dead, signal.SIGKILL)
            times.append(run.until_healed(0, limit))
            expect_gone([dead, *left])
            run.expect_end().expect_clean()
            faults = run.faults()
            check(len(faults) == 1 and "goes on" in faults[0]["decision"], f"{name}: {len(faults)} reports; see {run.log}")
            check(role in faults[0]["cause"], f"{name}: the cause does not name the {role}: {faults[0]['cause']}")
        times.sort()
        return f"{len(times)} of {len(times)}: same bits, at work again after {times[len(times) // 2]:.1f} s, at most {times[-1]:.1f} s (limit {limit})"

    def F9(self):
        """a learner process is killed in the middle of a step; the run goes on by itself"""
        return self.heals("F9", "learner", 30)

    def F12(self):
        """the coordinator is killed; its processes end with it, and the run goes on by itself"""
        return self.heals("F12", "coordinator", 30)

    def F13(self):
        """the coordinator is killed at random moments, again and again; at last its parent is"""
        run = Run(self, "F13", RUN).start()
        for _ in range(self.count):
            time.sleep(self.random.uniform(0.2, 2.5))
            if run.process.poll() is None:
                os.kill(run.coordinator(), signal.SIGKILL)
        all_of_it = run.everybody() if run.process.poll() is None else []
        run.process.kill()
        run.wait()
        gone = expect_gone(all_of_it)
        run.start().expect_end().expect_clean()
        return f"{self.count} kills of the coordinator, all gone {gone:.1f} s after its parent, same bits, ledger balanced"

    def F14(self):
        """a second process wants the same run"""
        # Longer than the second waits for a process that is dying.
        keys = {**RUN, "rl.steps": 240, "rl.validate_every": 240}
        run = Run(self, "F14", keys).start().until(2)
        second = Run.__new__(Run)
        second.__dict__.update(run.__dict__)
        second.log = self.out / "F14-second.log"
        begin = time.monotonic()
        second.start().expect_end(3, 10)
        seconds = time.monotonic() - begin
        run.expect_end().expect_clean(self.clean_hash(keys))
        return f"refused with exit code 3 after {seconds:.1f} s (limit 5): {second.said().splitlines()[-1][:90]}"

    def F15(self):
        """SIGTERM: the step ends, a checkpoint is committed, exit code 75"""
        run = Run(self, "F15", RUN).start().until(5)
        begin = time.monotonic()
        run.process.terminate()
        run.expect_end(75, 25)
        seconds = time.monotonic() - begin
        run.start().expect_end().expect_clean()
        return f"exit code 75 after {seconds:.1f} s (limit 25), same bits"

    def F16(self):
        """SIGTERM, and SIGKILL soon after: no half checkpoint is ever seen"""
        for trial in range(self.count):
            run = Run(self, "F16", RUN).start().until(5)
            run.process.terminate()
            time.sleep(0.01 * trial)
            if run.process.poll() is None:
                run.process.kill()
            run.wait()
            run.start().expect_end().expect_clean()
        return f"{self.count} of {self.count}, same bits"

    def stopped(self, name):
        """A run that was stopped behind at least two checkpoints."""
        run = Run(self, name, RUN).start().until(18)
        run.process.terminate()
        return run.expect_end(75, 25)

    def damaged(self, name, damages):
        """Applies each damage to the newest checkpoint of a stopped run, which must then be passed over."""
        run = self.stopped(name)
        kept = self.out / f"{name}.kept"
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(run.place, kept, symlinks=True)
        for number, damage in enumerate(damages, 1):
            shutil.rmtree(run.place)
            shutil.copytree(kept, run.place, symlinks=True)
            run.log.write_text("")
            damage(run.newest())
            run.start().expect_end().expect_clean()
            check("warning: " in run.said() and run.newest().name, f"{name}: damage {number} was not named; see {run.log}")
        return f"{len(damages)} of {len(damages)} detected, the checkpoint before used, same bits"

    def F24(self):
        """one bit flips in the newest checkpoint"""

        def flip(folder):
            files = sorted(path for path in folder.rglob("*") if path.is_file())
            path = self.random.choice(files)
            bytes_ = bytearray(path.read_bytes())
            at = self.random.randrange(len(bytes_))
            bytes_[at] ^= 1 << self.random.randrange(8)
            path.write_bytes(bytes_)

        return self.damaged("F24", [flip] * self.count)

    def F25(self):
        """files of the newest checkpoint are cut, missing or exchanged"""

        def cut(folder):
            os.truncate(folder / "optimizer.safetensors", (folder / "optimizer.safetensors").stat().st_size // 2)

        def lose(folder):
            (folder / "state.json").unlink()

        def swap(folder):
            (folder / "state.json").rename(folder / "x")
            (folder / "hf/config.json").rename(folder / "state.json")
            (folder / "x").rename(folder / "hf/config.json")

        return self.damaged("F25", [cut, lose, swap])

    def F26(self):
        """the ledger's tail is torn; its middle is damaged, its end cut off, and another run's is put in its place"""
        run = self.stopped("F26")
        ledger = run.place / "ledger/ledger.bin"
        whole = ledger.read_bytes()
        middle = bytearray(whole)
        middle[len(middle) // 2] ^= 1
        ledger.write_bytes(middle)
        run.start().expect_end(4, 30)
        check("offset" in run.said().splitlines()[-1], "F26: the last line names no offset")
        other = Run(self, "F26-other", RUN).start().expect_end()
        for wrong, words in ((whole[:-60], "are whole"), ((other.place / "ledger/ledger.bin").read_bytes(), "of another run")):
            ledger.write_bytes(wrong)
            run.start().expect_end(4, 30)
            check(words in run.said().splitlines()[-1], f"F26: the last line does not say '{words}'; see {run.log}")
        ledger.write_bytes(whole + whole[-51:-5])
        run.start().expect_end().expect_clean()
        return "a torn tail is cut; a damaged middle stops with its offset, and so do a cut end and another run's ledger (exit code 4)"

    def soak(self, minutes, every):
        """kills at random, for a time"""
        keys = {**APART, "rl.steps": 1_000_000, "rl.validate_every": 1_000_000, "placement.restarts": 1_000_000,
                # So many steps of the usual size would end in a policy that says one thing.
                "rl.optimizer.lr": 1e-7, "rl.group_size": 8, "rl.zero_spread_alarm": 1}
        run = Run(self, "soak", keys).start().until(5)
        begin, heals, best, sizes, faults = time.monotonic(), {}, [], [], 0
        while time.monotonic() - begin < 60 * minutes:
            before, at = run.steps(), time.monotonic()
            time.sleep(every)
            best.append((run.steps() - before) / (time.monotonic() - at))
            sizes.append((run.coordinator(), size_of(run.process.pid), size_of(run.coordinator())))
            roles = {"coordinator": [run.coordinator()], "rollout": run.workers("rollout"), "learner": run.workers("learner")}
            role, victim = self.random.choice([(role, pid) for role, pids in roles.items() for pid in pids])
            os.kill(victim, signal.SIGKILL)
            if role == "rollout":
                healed = self.healed(run, 60)
            else:
                faults += 1
                healed = run.until_healed(faults - 1, 60)
            heals.setdefault(role, []).append(healed)
        seconds = time.monotonic() - begin
        run.process.terminate()
        run.expect_end(75, 60)
        told = json.loads(subprocess.run([self.nelumbo, "runs", "ledger", run.place, "--json"], check=True,
                                         stdout=subprocess.PIPE).stdout)
        check(told["issued"] == told["committed"] + told["dropped"] + told["in_flight"], f"soak: {told}")
        lives = [[one for one in sizes if one[0] == pid] for pid, _, _ in sizes]
        longest = max(lives, key=len)
        everything = sorted(one for some in heals.values() for one in some)
        speed = run.steps() / seconds
        by_role = ", ".join(f"{role} {sorted(some)[len(some) // 2]:.1f} s ({len(some)})" for role, some in sorted(heals.items()))
        median, effective = everything[len(everything) // 2], speed / sorted(best)[len(best) // 2]
        return measured(
            f"{len(everything)} kills, median heal {median:.1f} s (limit 3), longest {everything[-1]:.1f} s ({by_role}), effective time "
            f"{100 * effective:.0f} % of the median undisturbed speed (limit 90), {told['committed']} samples committed once; MB and "
            f"descriptors: parent {sizes[0][1]} to {sizes[-1][1]}, coordinator within {len(longest)} kills {longest[0][2]} to {longest[-1][2]}",
            (median, 3), (0.9, effective))


def size_of(pid):
    """Memory of its own in MB and open descriptors of a process."""
    resident, shared = (int(word) for word in open(f"/proc/{pid}/statm").read().split()[1:3])
    return round((resident - shared) * 4096 / 1e6, 1), len(os.listdir(f"/proc/{pid}/fd"))


class OneLine(argparse.ArgumentParser):
    """Says what is wrong in one line, with exit code 2."""

    def error(self, message):
        self.exit(2, f"{self.prog}: {message}; see --help\n")


def above_zero(kind):
    def read(word):
        value = kind(word)
        if not 0 < value < float("inf"):
            raise ValueError
        return value

    read.__name__ = f"{kind.__name__} above 0"  # as argparse names it
    return read


def main():
    parser = OneLine(prog="scripts/drill.sh", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [name for name in dir(Drills) if name[0] == "F" and name[1:].isdigit()]
    names.sort(key=lambda name: int(name[1:]))
    others = {"kill-points": "kill_points", "some-points": "kill_some_points", "worker-points": "killed_workers",
              "frozen": "frozen", "saving": "saving", "ledger-cost": "ledger_cost", "soak": "soak"}
    parser.add_argument("drill", nargs="+", choices=[*names, "all", *others], metavar="DRILL",
                        help=", ".join(names) + ", all of these, or " + ", ".join(others))
    parser.add_argument("--nelumbo", default=ROOT / "build/release/nelumbo")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "build/drill")
    parser.add_argument("--count", type=above_zero(int), default=5, help="repetitions of F3, F9, F11, F12, F13, F16, F24, frozen")
    parser.add_argument("--freeze", type=above_zero(float), default=8, help="seconds of F3")
    parser.add_argument("--away", type=above_zero(float), default=10, help="seconds of F37")
    parser.add_argument("--only", default="", help="of kill-points: those whose name holds this")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=above_zero(float), default=10)
    parser.add_argument("--kill-every", type=above_zero(float), default=30)
    args = parser.parse_args()
    if not (os.path.isfile(args.nelumbo) and os.access(args.nelumbo, os.X_OK)):
        parser.error(f"{args.nelumbo}: is not there; build it first")
    try:
        drills = Drills(args)
    except OSError as why:
        parser.error(f"--out {args.out}: {why.strerror}; name another folder")
    failures = 0
    for name in [n for word in args.drill for n in (names if word == "all" else [word])]:
        begin, drill = time.monotonic(), getattr(drills, others.get(name, name))
        words = (args.minutes, args.kill_every) if name == "soak" else ()
        try:
            verdict = "pass  " + drill(*words)
        except Skipped as why:
            verdict = f"skip  {why}"
        except Missed as told:
            verdict = f"SLOW  {told}"
        except Failed as why:
            verdict, failures = f"FAIL  {why}", failures + 1
        print(f"{name:5} {verdict}  ({drill.__doc__}; {time.monotonic() - begin:.0f} s)", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
