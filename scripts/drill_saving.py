"""What it costs to save a large state while a run goes on: a part of scripts/drill.py."""
import json
import os
import statistics
import time

from drill_runs import Run, check, measured

# The decoder of SmolLM2-135M, with eight layers more in the place of its vocabulary.
LARGE = {"pipeline": "[pretrain]", "model.decoder.hidden_size": 576, "model.decoder.intermediate_size": 1536,
         "model.decoder.layers": 38, "model.decoder.heads": 9, "model.decoder.kv_heads": 3, "pretrain.images": 1,
         "pretrain.items": 2, "pretrain.validate_every": 1000, "run.keep_checkpoints": 1}
EVERY = 40  # steps between two checkpoints, which is time enough to write one


class SavingDrills:
    """Of `Drills`: needs its `nelumbo` and `out`."""

    def watched(self, name, steps, every):
        """The seconds of each step behind the first of a run with that many steps between checkpoints, and whether one was
        being written."""
        run = Run(self, name, {**LARGE, "pretrain.steps": steps, "run.checkpoint_every": every}).start(0)
        lines, writes, seconds, saving = run.place / "metrics.jsonl", run.place / "checkpoints", [], []
        seen, at, wrote = 0, None, False
        while run.process.poll() is None:
            wrote = wrote or (writes.exists() and any(".tmp-" in path.name for path in writes.iterdir()))
            count = lines.read_bytes().count(b"\n") if lines.exists() else 0
            if count > seen:
                now = time.monotonic()
                if at is not None:
                    seconds += [(now - at) / (count - seen)] * (count - seen)
                    saving += [wrote] * (count - seen)
                seen, at, wrote = count, now, False
            time.sleep(0.005)
        run.expect_end()
        return seconds, saving, run

    def saving(self):
        """135 million parameters are saved while the run goes on"""
        calm, _, _ = self.watched("saving-never", EVERY, 1000)
        seconds, saving, run = self.watched("saving", 3 * EVERY, EVERY)
        plain = statistics.mean(calm[2:])
        # The first one also takes memory for what is written, which later ones have: that comes once in a run.
        first = sum(seconds[EVERY - 1:2 * EVERY - 1]) - EVERY * plain
        seconds, saving = seconds[2 * EVERY - 1:], saving[2 * EVERY - 1:]
        busy = [one for one, wrote in zip(seconds, saving, strict=True) if wrote]
        check(busy, f"saving: nothing was saved while steps were made; see {run.log}")
        size = sum(path.stat().st_size for path in run.newest().rglob("*") if path.is_file())
        return measured(
            f"{size / 1e9:.2f} GB: a step takes {plain:.2f} s without, {statistics.mean(busy):.2f} s while it is written "
            f"({len(busy)} of {len(seconds)} steps; {statistics.mean(busy) / plain:.2f} times, limit 1.1), "
            f"all steps together {statistics.mean(seconds) / plain:.2f} times; the first one costs {first:.1f} s", (statistics.mean(busy) / plain, 1.1))

    def ledger_cost(self):
        """what the ledger takes of a step"""
        run = Run(self, "ledger-cost", {**LARGE, "pipeline": "[pretrain, rl]", "pretrain.steps": 1, "rl.steps": 4, "rl.validate_every": 4}).start(0)
        run.expect_end()
        rows = [json.loads(line) for line in (run.place / "metrics.jsonl").read_text().splitlines()]
        step, groups = (statistics.mean(row[key] for row in rows if row["stage"] == "rl") for key in ("time/step", "rollout/groups"))
        size = (run.place / "ledger/ledger.bin").stat().st_size / 4
        begin, probe = time.monotonic(), self.out / "ledger-cost/probe"
        with open(probe, "wb", buffering=0) as file:
            for _ in range(50):
                file.write(b"." * 4096)
                os.fdatasync(file.fileno())
        each = (time.monotonic() - begin) / 50
        writes = 5 * groups + 2  # all are issued at once, each group has five stations more, and the step commits
        share = writes * each / step
        return measured(f"a step takes {step:.1f} s and writes {size / 1024:.1f} KB of ledger, at most {writes:.0f} writes of {1000 * each:.1f} ms: "
                        f"{100 * share:.2f} % (limit 1)", (share, 0.01))
