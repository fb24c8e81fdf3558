"""Clocks that jump and descriptors that run out: a part of scripts/drill.py."""
import glob
import resource
import subprocess
import time

from drill_runs import APART, ROOT, RUN, Run, Skipped, check

STEPS = 600


class LimitDrills:
    """Of `Drills`: needs its `nelumbo`, `out` and `clean_hash`."""

    def F42(self):
        """the clock of the day jumps by an hour and by a day, to and fro"""
        found = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
        if not found:
            raise Skipped("needs libfaketime (package faketime)")
        clock, keys = self.out / "F42.clock", {**APART, "rl.steps": STEPS, "rl.validate_every": STEPS}
        clock.write_text("+0")
        run = Run(self, "F42", keys).start(environment={
            "LD_PRELOAD": found[0], "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1",
            "DONT_FAKE_MONOTONIC": "1"}).until(3)
        jumps = ["+1h", "-1h", "+1d", "-1d", "+0"]
        for jump in jumps:
            clock.write_text(jump)
            time.sleep(1)
        check(run.process.poll() is None, f"F42: ended before the last jump; see {run.log}")
        run.expect_end().expect_clean(self.clean_hash({**RUN, "rl.steps": STEPS, "rl.validate_every": STEPS,
                                                       "placement.learners": 2}))
        check("is out" not in run.said() and not run.faults(), f"F42: somebody was declared dead; see {run.log}")
        return f"{len(jumps)} jumps, nobody declared dead, same bits"

    def F43(self):
        """there are fewer descriptors than a run wants"""
        done = subprocess.run([self.nelumbo, "run", ROOT / "configs/tiny.yaml", "--set", f"run.root={self.out / 'F43'}"],
                              capture_output=True, text=True, timeout=30, check=False,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40)))
        check(done.returncode == 3 and "ulimit -n" in done.stderr, f"F43: exit code {done.returncode}: {done.stderr.strip()[-200:]}")
        return f"exit code 3: {done.stderr.strip()}"
