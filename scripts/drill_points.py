"""Kills at named points of the sources (base/kill_point.h): a part of scripts/drill.py."""
import re
import signal

from drill_runs import ROOT, Failed, Run, check

# All stages, with a checkpoint every second step; seconds each.
SHORT = {"run.checkpoint_every": 2}
ALL_STAGES = {**SHORT, "pipeline": "[curate, pretrain, midtrain, sft, rl, evaluate]",
              "reward.spec": str(ROOT / "configs/rewards/medical.yaml")}
SEPARATE = {**SHORT, "placement.processes": "separate", "placement.learners": 2, "placement.lease": 5}
KILLED = -signal.SIGKILL
RESUMED = ("stage/resumed", "metrics/read", "metrics/cut")  # where a run that nothing happened to never comes


def kill_points():
    """Each name in the sources, once."""
    found = []
    for folder in ("base", "actors", "apps"):
        for path in sorted((ROOT / folder).glob("*.cc")):
            found += re.findall(r'kill_point\("([\w/]+)"\)', path.read_text())
    double = {name for name in found if found.count(name) > 1}
    check(not double, f"kill points of one name: {sorted(double)}")
    return found


def keys_of(point):
    """A run that comes to the point."""
    return ALL_STAGES if point.split("/")[0] in ("curate", "midtrain", "trace_book") else SHORT


class PointDrills:
    """Of `Drills`: needs its `nelumbo`, `out` and `clean_hash`."""

    def kill_points(self):
        """the run is killed at each point of the sources, at its first and its second hit"""
        return self.killed_at([name for name in kill_points() if self.only in name])

    def kill_some_points(self):
        """the same at some of them, once each"""
        return self.killed_at(["directory/made", "checkpoint/manifest", "checkpoint/renamed", "checkpoint/pruned",
                               "ledger/appended", "rl/trained", "metrics/appended", "trace/begun"], hits=(1,))

    def F10(self):
        """the run is killed between a step of the optimizer and its commit"""
        return self.killed_at(["learner/done", "rl/trained", "rl/noted"])

    def F18(self):
        """the run is killed at each write and rename of a checkpoint"""
        return self.killed_at([name for name in kill_points() if name.startswith(("checkpoint/", "file/"))], hits=(1,))

    def killed_at(self, points, hits=(1, 2)):
        check(points, "no point has such a name")
        tried, failed = 0, []
        for point in points:
            for hit in hits:
                try:
                    tried += self.killed_once(point, hit)
                except Failed as why:
                    failed.append(f"{point}:{hit}: {why}")
                    print(f"      {failed[-1]}", flush=True)
        check(not failed, f"{len(failed)} of {tried + len(failed)} went wrong, at first {failed[:1]}")
        return f"{len(points)} points, {tried} kills, of each the same bits, ledger balanced, no part of a checkpoint seen"

    def killed_once(self, point, hit):
        """1 when the run came to the point so often and all was well; the first hit must come."""
        keys = keys_of(point)
        once = self.out / "killed"
        once.unlink(missing_ok=True)
        armed = {"NELUMBO_KILL_AT": f"{point}:{hit}", "NELUMBO_KILL_ONCE": str(once)}
        run = Run(self, "point", keys)
        if point in RESUMED:
            run.start(0, {"NELUMBO_KILL_AT": f"rl/trained:{hit}"}).expect_end(KILLED)
        if hit == 1:  # as a user would see it
            run.start(5, armed).expect_end()
            died = once.exists()
            check(died or hit > 1, "the run never comes there")
        else:  # what lies there meanwhile is looked at
            code = run.start(0, armed).wait()
            check(code in (0, KILLED), f"exit code {code}; see {run.log}")
            died = code == KILLED
            if died:
                run.expect_whole_checkpoints()
                run.start(0).expect_end()
        check(run.expect_whole_checkpoints() > 0, "no checkpoint is left")
        run.expect_clean(self.clean_hash(keys))
        return 1 if died else 0

    def killed_workers(self):
        """worker processes are killed at each of their points"""
        points = [name for name in kill_points() if name.split("/")[0] in ("rollout", "learner", "coordinator")]
        for point in points:
            once = self.out / "killed"
            once.unlink(missing_ok=True)
            run = Run(self, "worker-point", SEPARATE)
            run.start(5, {"NELUMBO_KILL_AT": f"{point}:2", "NELUMBO_KILL_ONCE": str(once)}).expect_end()
            check(once.exists(), f"{point}: the run never comes there")
            run.expect_clean(self.clean_hash({**SHORT, "placement.learners": 2}))
        return f"{len(points)} of {len(points)}, same bits"
