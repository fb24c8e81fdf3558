"""Runs that go wrong by themselves: prompts that crash processes, losses that leap, a process that is slow, stands
still or wants too much memory. A part of scripts/drill.py."""
import contextlib
import json
import os
import pathlib
import signal
import subprocess
import threading
import time

from drill_runs import APART, BEFORE_RL, RUN, Run, Skipped, check, expect_gone, measured

GROUP = pathlib.Path("/sys/fs/cgroup/memory")
LONG = {"rl.steps": 120, "rl.validate_every": 120}


@contextlib.contextmanager
def slowed(pid):
    """The process runs for a fifteenth of the time: a tenth of what it has of two cores that three share."""
    over = threading.Event()

    def pulse():
        with contextlib.suppress(ProcessLookupError):
            while not over.wait(0.005):
                os.kill(pid, signal.SIGSTOP)
                over.wait(0.07)
                os.kill(pid, signal.SIGCONT)

    pulsing = threading.Thread(target=pulse)
    pulsing.start()
    try:
        yield
    finally:
        over.set()
        pulsing.join()
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


class GuardDrills:
    """Of `Drills`: needs its `nelumbo`, `out`, `count`, `random`, `clean_hash`, `speed` and `healed`."""

    def a_prompt(self):
        """The id of one that a run of RUN trains on."""
        self.clean(RUN)
        path = self.out / f"clean-1/run/traces/rl/step_{BEFORE_RL + 5}.jsonl.zst"
        told = subprocess.run(["zstd", "-dc", path], check=True, stdout=subprocess.PIPE)
        return json.loads(told.stdout.splitlines()[0])["prompt"]["id"]

    def crashed(self, name, keys, where, prompt):
        """A run in which each process crashes that works on the prompt; it is stopped and gone on with meanwhile."""
        armed = {"NELUMBO_CRASH_AT": f"{where}/{prompt}"}
        run = Run(self, name, keys).start(environment=armed).until(20)
        run.process.terminate()
        run.expect_end(75, 60)
        run.start(environment=armed).expect_end().expect_balanced()
        lines = [json.loads(line) for line in (run.place / "crashes.jsonl").read_text().splitlines()]
        deaths = [line for line in lines if line["prompt"] == prompt and "cleared" not in line]
        left = {line["prompt"] for line in lines} - {line["prompt"] for line in lines if "cleared" in line} - {prompt}
        check(len(deaths) == 2, f"{name}: {len(deaths)} processes crashed over {prompt}; see {run.log}")
        check(not left, f"{name}: suspects that were never cleared: {left}")
        check("in quarantine" in run.said(), f"{name}: no word of the quarantine; see {run.log}")
        return run

    def F4(self):
        """one of three rollout processes is ten times as slow"""
        keys = {**APART, "placement.rollouts": 3, "placement.learners": 1, "rl.steps": 100_000, "rl.validate_every": 100_000,
                "rl.prompts": 64, "rl.group_size": 8, "rl.optimizer.lr": 1e-7, "rl.zero_spread_alarm": 1}
        run = Run(self, "F4", keys).start().until(5)
        healthy = self.speed(run, 20)
        with slowed(run.workers("rollout")[0]):
            slow = self.speed(run, 40)
        run.process.terminate()
        run.expect_end(75, 60).expect_balanced()
        check("is slow: " in run.said(), f"F4: nobody was called slow; see {run.log}")
        check(not run.faults(), f"F4: the coordinator ended; see {run.log}")
        return measured(f"a step takes {healthy / slow:.2f} times as long (limit 1.5), of {1 / healthy:.1f} s; samples committed once",
                        (healthy / slow, 1.5))

    def F11(self):
        """a learner process stands still in the middle of a step: the others do not wait for ever"""
        times, limit = [], 2 * APART["placement.lease"]
        for _ in range(self.count):
            run = Run(self, "F11", APART).start().until(11)
            time.sleep(self.random.uniform(0, 0.3))
            frozen = self.random.choice(run.workers("learner"))
            os.kill(frozen, signal.SIGSTOP)
            times.append(run.until_healed(0, 60))
            expect_gone([frozen])
            run.expect_end().expect_clean()
            cause = run.faults()[0]["cause"]
            check("learner" in cause, f"F11: the cause does not name the learner: {cause}")
        return measured(f"{len(times)} of {len(times)}: same bits, at work again after at most {max(times):.1f} s (lease 5 s, limit {limit})",
                        (max(times), limit))

    def F8(self):
        """a prompt crashes each process that answers it, or that scores it"""
        prompt = self.a_prompt()
        rollouts = self.crashed("F8-answer", APART, "answer", prompt)
        check(not rollouts.faults(), f"F8: the coordinator ended; see {rollouts.log}")
        one = self.crashed("F8-answer-one", RUN, "answer", prompt)
        score = self.crashed("F8-score", RUN, "score", prompt)
        for run in (one, score):
            check(len(run.faults()) == 2, f"F8: {len(run.faults())} reports; see {run.log}")
        return "two processes each, then the run goes on without it, also behind a stop; ledger balanced"

    def F40(self):
        """a loss leaps: told, skipped, gone back from, or the end, as guard.policy says"""
        keys = {**RUN, **LONG}
        calm = Run(self, "F40", keys).start().expect_end()
        rows = [json.loads(line) for line in (calm.place / "metrics.jsonl").read_text().splitlines()]
        signs = sorted((max(row["guard/loss"], row["guard/grad_norm"]), row["step"]) for row in rows
                       if row["stage"] == "rl" and "guard/loss" in row)
        most, step = signs[-1]
        keys["rl.guard.spike"] = 0.999 * most  # one step of the run is a spike, and which is known
        told = {}
        for policy, code in (("warn", 0), ("skip", 0), ("rollback", 0), ("stop", 5)):
            run = told[policy] = Run(self, f"F40-{policy}", {**keys, "rl.guard.policy": policy}).start().expect_end(code)
            check(f"rl: step {step}: its " in run.said(), f"F40: {policy} does not name step {step}; see {run.log}")
            run.expect_balanced()
        calm.drills.hashes["F40"] = calm.summary()["weights_hash"]
        told["warn"].expect_clean(calm.summary()["weights_hash"])
        check(f"step {step}: its " in told["stop"].said().splitlines()[-1], f"F40: no cause line; see {told['stop'].log}")
        check("it is skipped" in told["skip"].said(), f"F40: nothing was skipped; see {told['skip'].log}")
        check("leaves out" in told["rollback"].said() and len(told["rollback"].faults()) >= 1, f"F40: not gone back; see {told['rollback'].log}")
        return f"step {step} of {most:.1f} deviations: warned, skipped, gone back from, stopped with exit code 5; ledger balanced"

    def F41(self):
        """there is less memory than the run wants: the kernel kills it"""
        place = GROUP / f"nelumbo-{os.getpid()}"
        try:
            place.mkdir()
        except OSError as why:
            raise Skipped(f"needs a memory cgroup: {why}") from None
        try:
            self.clean(RUN)
            peak = json.loads((self.out / "clean-1/run/summary.json").read_text())["peak_rss_mb"]
            (place / "memory.limit_in_bytes").write_text(str(int(0.4 * peak) << 20))
            with contextlib.suppress(OSError):
                (place / "memory.memsw.limit_in_bytes").write_text(str(int(0.4 * peak) << 20))
            run = Run(self, "F41", RUN)
            run.start(before=lambda: (place / "cgroup.procs").write_text(str(os.getpid())))
            run.expect_end(5, 120)
            last = run.said().splitlines()[-1]
            check("for want of memory" in last and "same failure at the same step" in last, f"F41: the last line: {last}")
            return f"{0.4 * peak:.0f} MB instead of {peak:.0f}: killed twice, exit code 5: {last[-160:]}"
        finally:
            time.sleep(0.5)
            with contextlib.suppress(OSError):
                place.rmdir()

    def frozen(self):
        """the coordinator stands still: for good, and for a while"""
        times, limit = [], 4
        for _ in range(self.count):
            run = Run(self, "frozen", APART).start(more=["--hung-after", str(limit)]).until(11)
            left = run.workers()
            frozen = run.coordinator()
            os.kill(frozen, signal.SIGSTOP)
            begin = time.monotonic()
            run.until_healed(0, 60)
            times.append(time.monotonic() - begin)
            expect_gone([frozen, *left])
            run.expect_end().expect_clean()
            check("gave no sign of life" in run.faults()[0]["cause"], f"frozen: {run.faults()[0]['cause']}")
        for seconds in (1, 8, 15):  # its workers' lease is 5 s
            run = Run(self, "woken", {**APART, **LONG}).start(more=["--hung-after", "60"]).until(11)
            everybody = run.everybody()
            os.kill(run.coordinator(), signal.SIGSTOP)
            time.sleep(seconds)
            os.kill(run.coordinator(), signal.SIGCONT)
            self.healed(run, 30)
            run.expect_end().expect_clean(self.clean_hash({**RUN, **LONG, "placement.learners": 2}))
            expect_gone(everybody)
        times.sort()
        return (f"{len(times)} of {len(times)}: killed, and at work again after {times[len(times) // 2]:.1f} s, at most {times[-1]:.1f} s "
                f"(--hung-after {limit}); woken after 1, 8, 15 s it goes on; same bits")
