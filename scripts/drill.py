"""Faults on real processes: what scripts/drill.sh runs.

A drill starts `nelumbo run` on configs/tiny.yaml, breaks something, and holds what comes of it against a
run that nothing happened to: the exit code, the hash of the weights, the ledger, and how long it took.
Exit code 0: every drill passed; 1: one did not.
"""
import argparse
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
STEPS = 40
RUN = {"rl.steps": STEPS, "rl.validate_every": STEPS, "run.checkpoint_every": 8, "rl.refill_rounds": 0}
APART = {**RUN, "placement.processes": "separate", "placement.rollouts": 2, "placement.learners": 2,
         "placement.lease": 5}


class Failed(Exception):
    """What did not come out as it should."""


def check(holds, what):
    if not holds:
        raise Failed(what)


class Run:
    """One run directory and the process that works on it."""

    def __init__(self, drills, name, keys):
        self.drills, self.name, self.keys = drills, name, keys
        self.root = drills.out / name  # its own: no stage of another run is taken over
        self.place = self.root / "run"
        self.log = drills.out / f"{name}.log"
        self.process = None
        shutil.rmtree(self.root, ignore_errors=True)

    def start(self, resume="auto"):
        words = [str(self.drills.nelumbo), "run", str(ROOT / "configs/tiny.yaml"), "--resume", resume]
        for key, value in {"run.root": self.root, "run.name": "run", **self.keys}.items():
            words += ["--set", f"{key}={value}"]
        with open(self.log, "a") as log:
            self.process = subprocess.Popen(words, stdout=log, stderr=log, cwd=ROOT, start_new_session=True)
        return self

    def wait(self, deadline=300):
        try:
            return self.process.wait(deadline)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise Failed(f"{self.name}: still running after {deadline} s; see {self.log}") from None

    def steps(self):
        """Lines of rl in metrics.jsonl."""
        try:
            return sum('"stage":"rl"' in line for line in open(self.place / "metrics.jsonl"))
        except OSError:
            return 0

    def until(self, steps, deadline=120):
        begin = time.monotonic()
        while self.steps() < steps:
            check(self.process.poll() is None, f"{self.name}: ended with {self.process.returncode} before step {steps}; see {self.log}")
            check(time.monotonic() - begin < deadline, f"{self.name}: not at step {steps} after {deadline} s")
            time.sleep(0.02)
        return self

    def workers(self, role):
        """Process ids of its worker processes of a role."""
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, ValueError, IndexError):
                continue
            if b"node" in words and role.encode() in words and parent == self.process.pid:
                found.append(int(entry.name))
        return sorted(found)

    def summary(self):
        return json.loads((self.place / "summary.json").read_text())

    def said(self):
        return self.log.read_text(errors="replace")

    def expect_end(self, code=0, deadline=300):
        got = self.wait(deadline)
        check(got == code, f"{self.name}: exit code {got}, expected {code}; see {self.log}")
        return self

    def expect_clean(self):
        """The bits of the run that nothing happened to, and no sample lost or trained twice."""
        mine, clean = self.summary(), self.drills.clean(self.keys)
        check(mine["weights_hash"] == clean, f"{self.name}: weights {mine['weights_hash']}, undisturbed {clean}")
        ledger = mine["ledger"]
        check(ledger["in_flight"] == 0 and ledger["issued"] == ledger["committed"] + ledger["dropped"],
              f"{self.name}: the ledger does not balance: {ledger}")
        told = json.loads(subprocess.run([self.drills.nelumbo, "runs", "ledger", self.place, "--json"],
                                         check=True, stdout=subprocess.PIPE).stdout)
        check(told["committed"] == ledger["committed"], f"{self.name}: its ledger says {told}")

    def newest(self):
        return (self.place / "checkpoints/latest").resolve()


class Drills:
    def __init__(self, args):
        self.nelumbo = pathlib.Path(args.nelumbo).resolve()
        self.out = args.out.resolve()
        self.count = args.count
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

    def healed(self, run, limit):
        """Seconds until the run has done two more steps."""
        begin = time.monotonic()
        run.until(min(run.steps() + 2, STEPS), limit)
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
        run = Run(self, "F3", APART).start().until(3)
        frozen = run.workers("rollout")[0]
        os.kill(frozen, signal.SIGSTOP)
        seconds = self.healed(run, 2 * APART["placement.lease"] + 10)
        try:
            os.kill(frozen, signal.SIGCONT)
        except ProcessLookupError:
            pass  # it was ended already
        run.expect_end().expect_clean()
        return f"two steps later after {seconds:.1f} s (lease {APART['placement.lease']} s), same bits"

    def F9(self):
        """a learner process is killed in the middle of a step; the run goes on when it is told to"""
        run = Run(self, "F9", APART).start().until(11)
        os.kill(run.workers("learner")[-1], signal.SIGKILL)
        begin = time.monotonic()
        run.expect_end(3, 60)
        ended = time.monotonic() - begin
        check("learner" in run.said().splitlines()[-1], "F9: the last line does not name the learner")
        run.start().until(9)
        run.expect_end().expect_clean()
        return f"the cause was named after {ended:.1f} s, same bits after --resume auto"

    def F12(self):
        """the coordinator is killed; its processes end with it"""
        run = Run(self, "F12", APART).start().until(11)
        workers = run.workers("rollout") + run.workers("learner")
        check(len(workers) == 4, f"F12: {len(workers)} worker processes instead of 4")
        run.process.kill()
        begin = time.monotonic()
        run.wait()
        while any(pathlib.Path(f"/proc/{pid}").exists() for pid in workers):
            check(time.monotonic() - begin < 15, "F12: workers live on 15 s after their coordinator")
            time.sleep(0.05)
        gone, done = time.monotonic() - begin, run.steps()
        run.start()
        begin = time.monotonic()
        run.until(done + 1)
        back = time.monotonic() - begin
        run.expect_end().expect_clean()
        return f"workers gone after {gone:.1f} s, back at work after {back:.1f} s (limit 30), same bits"

    def F13(self):
        """the coordinator is killed at random moments, again and again"""
        run = Run(self, "F13", RUN).start()
        for _ in range(self.count):
            time.sleep(self.random.uniform(0.2, 2.5))
            if run.process.poll() is None:
                run.process.kill()
            run.wait()
            run.start()
        run.expect_end().expect_clean()
        return f"{self.count} kills, same bits, ledger balanced"

    def F14(self):
        """a second process wants the same run"""
        run = Run(self, "F14", RUN).start().until(2)
        second = Run.__new__(Run)
        second.__dict__.update(run.__dict__)
        second.log = self.out / "F14-second.log"
        begin = time.monotonic()
        second.start().expect_end(3, 10)
        seconds = time.monotonic() - begin
        run.expect_end().expect_clean()
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
        """the ledger's tail is torn; its middle is damaged"""
        run = self.stopped("F26")
        ledger = run.place / "ledger/ledger.bin"
        whole = ledger.read_bytes()
        middle = bytearray(whole)
        middle[len(middle) // 2] ^= 1
        ledger.write_bytes(middle)
        run.start().expect_end(4, 30)
        check("offset" in run.said().splitlines()[-1], "F26: the last line names no offset")
        ledger.write_bytes(whole[:-5])
        run.start().expect_end().expect_clean()
        return "a torn tail is cut, a damaged middle stops with its offset (exit code 4)"

    def soak(self, minutes, every):
        """kills at random, for a time"""
        keys = {**APART, "rl.steps": 1_000_000, "rl.validate_every": 1_000_000}
        run = Run(self, "soak", keys).start().until(5)
        begin, last, heals, best = time.monotonic(), run.steps(), [], []
        while time.monotonic() - begin < 60 * minutes:
            before, at = run.steps(), time.monotonic()
            time.sleep(every)
            best.append((run.steps() - before) / (time.monotonic() - at))
            victims = [run.process.pid, *run.workers("rollout"), *run.workers("learner")]
            victim = self.random.choice(victims)
            os.kill(victim, signal.SIGKILL)
            hurt = time.monotonic()
            last = run.steps()
            while run.steps() <= last:
                if run.process.poll() is not None:
                    run.start()
                    last = min(last, run.steps())
                check(time.monotonic() - hurt < 60, "soak: no step for 60 s after a kill")
                time.sleep(0.05)
            heals.append(time.monotonic() - hurt)
        run.process.terminate()
        run.expect_end(75, 60)
        told = json.loads(subprocess.run([self.nelumbo, "runs", "ledger", run.place, "--json"], check=True,
                                         stdout=subprocess.PIPE).stdout)
        check(told["issued"] == told["committed"] + told["dropped"] + told["in_flight"], f"soak: {told}")
        heals.sort()
        speed = run.steps() / (time.monotonic() - begin)
        return (f"{len(heals)} kills, median heal {heals[len(heals) // 2]:.1f} s, effective time "
                f"{100 * speed / max(best):.0f} % of the best {every} s, {told['committed']} samples committed once")


def main():
    parser = argparse.ArgumentParser(prog="scripts/drill.sh", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [name for name in dir(Drills) if name[0] == "F" and name[1:].isdigit()]
    names.sort(key=lambda name: int(name[1:]))
    parser.add_argument("drill", nargs="+", choices=[*names, "all", "soak"], metavar="DRILL",
                        help=", ".join(names) + ", all of these, or soak")
    parser.add_argument("--nelumbo", default=ROOT / "build/release/nelumbo")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "build/drill")
    parser.add_argument("--count", type=int, default=5, help="repetitions of F13, F16, F24")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--kill-every", type=float, default=30)
    args = parser.parse_args()
    drills = Drills(args)
    failures = 0
    for name in [n for word in args.drill for n in (names if word == "all" else [word])]:
        begin = time.monotonic()
        words = (args.minutes, args.kill_every) if name == "soak" else ()
        try:
            verdict = "pass  " + getattr(drills, name)(*words)
        except Failed as why:
            verdict, failures = f"FAIL  {why}", failures + 1
        print(f"{name:5} {verdict}  ({getattr(Drills, name).__doc__}; {time.monotonic() - begin:.0f} s)", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
