"""Lines between machines that delay, cut and damage what passes (scripts/drill_proxy.py), and connections that nobody
uses: a part of scripts/drill.py."""
import contextlib
import re
import socket
import subprocess
import sys
import time

from drill_network import NEAR
from drill_runs import APART, ROOT, RUN, Run, check, measured

BETWEEN = "10.77.0.3"  # where the workers find the coordinator: the line's end on its host
CONTROL, BULK = 7070, 7071
STEPS = 3000


class WireDrills:
    """Of `Drills`: needs its `nelumbo`, `out`, `far_run`, `speed`, `healed` and `clean_hash`."""

    @contextlib.contextmanager
    def line(self, run, port, *words):
        """Everything that passes through that port goes over such a line."""
        begin = [sys.executable, str(ROOT / "scripts/drill_proxy.py"), f"{BETWEEN}:{port}", f"{NEAR}:{port}"]
        line = subprocess.Popen(["ip", "netns", "exec", run.near.name, *begin, *[str(word) for word in words]])
        try:
            yield
        finally:
            line.kill()
            line.wait()

    def over_a_line(self, name, control, bulk, seconds):
        """What becomes of a run over such a line for some time, and behind it over a good one."""
        with self.far_run(name, between=BETWEEN) as run:
            with self.line(run, CONTROL), self.line(run, BULK):
                run.until(3, 60)
                clean = self.speed(run, 10)
            with self.line(run, CONTROL, *control), self.line(run, BULK, *bulk):
                time.sleep(1)
                slow = self.speed(run, seconds)
            with self.line(run, CONTROL), self.line(run, BULK):
                healed = self.healed(run, 60)
                run.stop()
        again = f", the coordinator begun anew {len(run.faults())} times" if run.faults() else ""
        return f"{100 * slow / clean:.1f} % of the speed, two steps {healed:.1f} s after it, samples committed once{again}"

    def F27(self):
        """bits of weights and answers are turned over on their way"""
        return self.over_a_line("F27", (), ("--flip", 5_000_000), 30)

    def F28(self):
        """connections break in the middle of weights and answers"""
        return self.over_a_line("F28", (), ("--cut", 5_000_000), 30)

    def F33(self):
        """all that passes takes 200 ms, a little more or less"""
        return self.over_a_line("F33", ("--delay", 0.2), ("--delay", 0.2), 40)

    def F35(self):
        """a thousand connections to the coordinator that say nothing"""
        # So many steps of the usual size would end in a policy that says one thing.
        long = {"rl.steps": STEPS, "rl.validate_every": STEPS, "rl.optimizer.lr": 1e-7,
                "rl.group_size": 8, "rl.zero_spread_alarm": 1}
        run = Run(self, "F35", {**APART, **long}).start().until(3)
        port = int(re.search(r"join at 127\.0\.0\.1:(\d+)", run.said())[1])
        clean = flooded = 0
        for _ in range(5):  # by turns: what else the machine does is the same for both
            clean += self.speed(run, 3)
            with contextlib.ExitStack() as stack:
                for _ in range(1000):
                    stack.enter_context(socket.create_connection(("127.0.0.1", port), 10))
                time.sleep(1)
                flooded += self.speed(run, 3)
        check(run.steps() < STEPS, "F35: the run has ended before all was measured")
        run.expect_end().expect_clean(self.clean_hash({**RUN, **long, "placement.learners": 2}))
        check(not run.faults(), f"F35: the coordinator ended; see {run.log}")
        return measured(f"{100 * flooded / clean:.0f} % of the speed meanwhile (limit 95), same bits", (0.95, flooded / clean))
