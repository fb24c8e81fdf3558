"""Runs that drills break: what scripts/drill.py and scripts/drill_disk.py share."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
STEPS = 40
BEFORE_RL = 6  # steps of pretrain and sft in configs/tiny.yaml, three each
RUN = {"rl.steps": STEPS, "rl.validate_every": STEPS, "run.checkpoint_every": 8, "rl.refill_rounds": 0}
APART = {**RUN, "placement.processes": "separate", "placement.rollouts": 2, "placement.learners": 2,
         "placement.lease": 5}


class Failed(Exception):
    """What did not come out as it should."""


class Missed(Exception):
    """A figure of speed is beyond its limit: told, and no failure, since whatever else the machine does may be why."""


def measured(told, *figures):
    """`told`, where each value of `figures`, (value, limit), is within its limit."""
    if any(value > limit for value, limit in figures):
        raise Missed(told)
    return told


class Skipped(Exception):
    """What this machine lacks for a drill."""


def need(*programs):
    """Skips a drill that wants root and these programs where they are not there."""
    missing = [program for program in programs if shutil.which(program) is None]
    if os.geteuid() != 0 or missing:
        raise Skipped("needs root" + "".join(f", {program}" for program in missing))


def check(holds, what):
    if not holds:
        raise Failed(what)


def children(parent):
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            state, its_parent = (entry / "stat").read_text().rsplit(")", 1)[1].split()[:2]
        except (OSError, ValueError, IndexError):
            continue
        if int(its_parent) == parent and state != "Z":
            found.append(int(entry.name))
    return found


def command_of(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def expect_gone(pids, limit=15):
    """Seconds until none of the processes is left."""
    begin = time.monotonic()
    while any(command_of(pid) for pid in pids):
        check(time.monotonic() - begin < limit, f"processes live on {limit} s after their parent: {pids}")
        time.sleep(0.02)
    return time.monotonic() - begin


class Run:
    """One run directory and the process that watches over the run in it."""

    def __init__(self, drills, name, keys, root=None):
        self.drills, self.name, self.keys = drills, name, keys
        self.root = (root or drills.out) / name  # its own: no stage of another run is taken over
        self.place = self.root / "run"
        self.log = drills.out / f"{name}.log"
        self.process = None
        self.log.unlink(missing_ok=True)
        shutil.rmtree(self.root, ignore_errors=True)

    def start(self, restarts=1000, environment=None, more=(), before=None):
        """`more` words; `before` is called in the new process."""
        words = [str(self.drills.nelumbo), "run", str(ROOT / "configs/tiny.yaml"), "--restarts", str(restarts), *more]
        for key, value in {"run.root": self.root, "run.name": "run", **self.keys}.items():
            words += ["--set", f"{key}={value}"]
        with open(self.log, "a") as log:
            self.process = subprocess.Popen(words, stdout=log, stderr=log, cwd=ROOT, start_new_session=True,
                                            preexec_fn=before, env={**os.environ, **(environment or {})})
        return self

    def wait(self, deadline=300):
        try:
            return self.process.wait(deadline)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise Failed(f"{self.name}: still running after {deadline} s; see {self.log}") from None

    def steps(self):
        """Steps of rl that metrics.jsonl tells of."""
        try:
            with open(self.place / "metrics.jsonl", "rb") as file:
                file.seek(max(0, file.seek(0, os.SEEK_END) - (16 << 10)))
                lines = file.read().split(b"\n")[:-1]  # the last one is torn, or empty
        except OSError:
            return 0
        steps = [int(found[1]) for line in lines if (found := re.match(rb'.*"stage":"rl","step":(\d+)', line))]
        return steps[-1] - BEFORE_RL - self.keys.get("sft.steps", 3) + 3 if steps else 0

    def until(self, steps, deadline=120):
        begin = time.monotonic()
        while self.steps() < steps:
            check(self.process.poll() is None, f"{self.name}: ended with {self.process.returncode} before step {steps}; see {self.log}")
            check(time.monotonic() - begin < deadline, f"{self.name}: not at step {steps} after {deadline} s")
            time.sleep(0.02)
        return self

    def coordinator(self):
        """Its process, a child of the one that was started; waits for it where it is just dead."""
        begin = time.monotonic()
        while time.monotonic() - begin < 30:
            for pid in children(self.process.pid):
                return pid
            check(self.process.poll() is None, f"{self.name}: ended with {self.process.returncode}; see {self.log}")
            time.sleep(0.02)
        raise Failed(f"{self.name}: has no coordinator for 30 s; see {self.log}")

    def workers(self, role=""):
        """Process ids of its worker processes, of a role or all."""
        return sorted(pid for pid in children(self.coordinator()) if role in command_of(pid))

    def everybody(self):
        return [self.process.pid, self.coordinator(), *self.workers()]

    def summary(self):
        check((self.place / "summary.json").exists(), f"{self.name}: left no summary; see {self.log}")
        return json.loads((self.place / "summary.json").read_text())

    def said(self):
        return self.log.read_text(errors="replace")

    def expect_end(self, code=0, deadline=300):
        got = self.wait(deadline)
        check(got == code, f"{self.name}: exit code {got}, expected {code}; see {self.log}")
        return self

    def expect_clean(self, clean=None):
        """The bits of the run that nothing happened to, and no sample lost or trained twice."""
        mine, clean = self.summary()["weights_hash"], clean or self.drills.clean(self.keys)
        check(mine == clean, f"{self.name}: weights {mine}, undisturbed {clean}; see {self.log}")
        self.expect_balanced()

    def expect_balanced(self):
        ledger = self.summary()["ledger"]
        check(ledger["in_flight"] == 0 and ledger["issued"] == ledger["committed"] + ledger["dropped"],
              f"{self.name}: the ledger does not balance: {ledger}")
        told = json.loads(subprocess.run([self.drills.nelumbo, "runs", "ledger", self.place, "--json"],
                                         check=True, stdout=subprocess.PIPE).stdout)
        check(told["committed"] == ledger["committed"], f"{self.name}: its ledger says {told}")

    def faults(self):
        """Its reports of deaths, oldest first."""
        paths = sorted((self.place / "faults").glob("*.json"), key=lambda path: int(path.stem))
        return [json.loads(path.read_text()) for path in paths]

    def until_healed(self, faults, limit):
        """Seconds until the process that follows a death, of which the report must be the next, has done a step."""
        begin = time.monotonic()

        def wait_for(holds, what):
            while not holds():
                check(self.process.poll() is None, f"{self.name}: ended with {self.process.returncode}; see {self.log}")
                check(time.monotonic() - begin < limit, f"{self.name}: {what} after {limit} s; see {self.log}")
                time.sleep(0.01)

        wait_for(lambda: len(list((self.place / "faults").glob("*.json"))) > faults, "no report")
        last = self.steps()

        def is_further():
            nonlocal last
            now, before = self.steps(), last
            last = min(last, now)  # it goes back to its newest checkpoint
            return now > before

        wait_for(is_further, "no step")
        return time.monotonic() - begin

    def expect_whole_checkpoints(self):
        """Each checkpoint that can be seen has all its files."""
        folder = self.place / "checkpoints"
        seen = [path for path in folder.glob("step_*") if ".tmp" not in path.name]
        for path in seen:
            check((path / "manifest.json").exists(), f"{self.name}: {path} has no manifest")
            for name, listed in json.loads((path / "manifest.json").read_text())["files"].items():
                check((path / name).exists() and (path / name).stat().st_size == listed["size"],
                      f"{self.name}: {path} lacks {name}")
        if (folder / "latest").is_symlink():
            check((folder / "latest").exists(), f"{self.name}: latest points at nothing")
        return len(seen)

    def newest(self):
        return (self.place / "checkpoints/latest").resolve()
