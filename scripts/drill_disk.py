"""Faults of disks: a part of scripts/drill.py. Where a file system can be mounted (root), on one that is full or
read-only for real; else by calls that fail as if it was (base/disk_fault.h)."""
import contextlib
import functools
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import time

from drill_runs import RUN, Run, Skipped, check, measured

MEGABYTES = 400  # a run wants 268 of them free before it begins


class DiskDrills:
    """Of `Drills`: needs its `nelumbo` and `out`."""

    @contextlib.contextmanager
    def small_disk(self):
        """A file system of its own."""
        place = self.out / "disk"
        place.mkdir(exist_ok=True)
        self.must("mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m,nr_inodes=4096", "tmpfs", place)
        try:
            yield place
        finally:
            subprocess.run(["umount", "-l", place], check=False)

    @staticmethod
    def must(*words):
        """What a command prints that must succeed, as those of root do."""
        done = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              check=False)
        check(done.returncode == 0, f"{words[0]}: {done.stderr.strip()}")
        return done.stdout

    @staticmethod
    def fill(place, left):
        """Leaves so many bytes free; 0: not even those that others set free meanwhile."""
        free = os.statvfs(place).f_bavail * os.statvfs(place).f_frsize
        with open(place / "ballast", "wb", buffering=0) as ballast:
            with contextlib.suppress(OSError):  # others may have written meanwhile
                os.posix_fallocate(ballast.fileno(), 0, free - max(left, 1 << 20))
            ballast.seek(0, os.SEEK_END)
            with contextlib.suppress(OSError):
                while left == 0:
                    ballast.write(b"." * 4096)
        return place / "ballast"

    @staticmethod
    def fill_names(place, left):
        """Leaves so many inodes free."""
        ballast = place / "ballast"
        ballast.mkdir()
        with contextlib.suppress(OSError):  # others may have made some meanwhile
            for number in range(os.statvfs(place).f_ffree - left):
                (ballast / str(number)).touch()
        return ballast

    def F19(self):
        """the disk is full when checkpoints are due, and has room again later"""
        for fill in (lambda disk: self.fill(disk, 4 << 20).unlink,
                     lambda disk: functools.partial(shutil.rmtree, self.fill_names(disk, 6))):
            with self.small_disk() as disk:
                self.without_checkpoints(disk, fill)
        return ("of bytes, and of inodes: the run went on with an alarm, committed nothing meanwhile and again when there was "
                "room; same bits")

    def without_checkpoints(self, disk, fill):
        """A run whose checkpoints find no room behind `fill`, until what that returns is called."""
        keys = {**RUN, "rl.steps": 480, "rl.validate_every": 480, "rl.zero_spread_alarm": 1}
        run = Run(self, "F19", keys, disk).start().until(9)
        make_room = fill(disk)
        time.sleep(0.5)  # one may just have been written
        before = run.newest().name
        run.until(run.steps() + 30)
        check(run.newest().name == before, f"F19: {run.newest().name} was committed on a full disk")
        check("no checkpoint:" in run.said(), f"F19: no alarm; see {run.log}")
        make_room()
        seen = run.steps()
        while run.newest().name == before:
            check(run.process.poll() is None and run.steps() < seen + 40, "F19: no checkpoint although there is room")
            time.sleep(0.02)
        run.expect_end()
        check(run.summary()["weights_hash"] == self.clean_hash(keys), "F19: other bits")
        run.expect_balanced()

    def F20(self):
        """the disk is full to the last byte: ledger and metrics cannot grow"""
        with self.small_disk() as disk:
            run = Run(self, "F20", RUN, disk).start().until(9)
            ballast = self.fill(disk, 0)
            begin = time.monotonic()
            run.expect_end(75, 30)
            seconds = time.monotonic() - begin
            check("ledger" in run.said().splitlines()[-1], f"F20: the last line does not name the ledger; see {run.log}")
            ballast.unlink()
            run.start().expect_end().expect_clean()
            lost = self.without_metrics()
            return f"paused with exit code 75 after {seconds:.1f} s, same bits when there was room; {lost}"

    def without_metrics(self):
        """Metrics alone that cannot be written cost lines, and nothing else."""
        run = Run(self, "F20-metrics", RUN).start(0, {"NELUMBO_FAIL_AT": "write:12+:metrics.jsonl"})
        run.expect_end().expect_clean()
        check("are lost, and the run goes on" in run.said(), f"F20: lost lines are not counted; see {run.log}")
        for line in (run.place / "metrics.jsonl").read_text().splitlines():
            json.loads(line)
        return "lost metrics are counted, and none is torn"

    def F21(self):
        """fsync fails: once in a checkpoint, again and again, and in the ledger"""
        run = Run(self, "F21-once", RUN).start(0, {"NELUMBO_FAIL_AT": "sync:1:optimizer.safetensors"})
        run.expect_end().expect_clean()
        check("no checkpoint:" in run.said(), f"F21: no alarm; see {run.log}")
        run.expect_whole_checkpoints()
        run = Run(self, "F21-again", RUN).start(0, {"NELUMBO_FAIL_AT": "sync:2+:optimizer.safetensors"})
        run.expect_end(3)
        check("cannot sync" in run.said().splitlines()[-1], f"F21: the last line names no cause; see {run.log}")
        run.expect_whole_checkpoints()
        run.start().expect_end().expect_clean()
        run = Run(self, "F21-ledger", RUN).start(0, {"NELUMBO_FAIL_AT": "sync:20+:ledger.bin"})
        run.expect_end(75)
        run.start().expect_end().expect_clean()
        return "once: an alarm, and the next checkpoint is a new one; twice in a row: exit code 3; ledger: 75; same bits later"

    def F22(self):
        """the file system turns read-only, as ext4 does behind an error of the disk"""
        place, image = self.out / "ext4", self.out / "ext4.img"
        place.mkdir(exist_ok=True)
        self.must("truncate", "-s", f"{MEGABYTES + 100}M", image)
        self.must("mkfs.ext4", "-q", "-F", image)
        try:
            self.must("mount", "-o", "loop,errors=remount-ro", image, place)
            run = Run(self, "F22", RUN, place).start().until(9)
            device = self.must("findmnt", "-no", "SOURCE", place).strip().removeprefix("/dev/")
            pathlib.Path(f"/sys/fs/ext4/{device}/trigger_fs_error").write_text("drill")
            begin = time.monotonic()
            code = run.wait(30)
            seconds = time.monotonic() - begin
            check(code in (3, 75), f"F22: exit code {code}; see {run.log}")
            check(seconds < 10, f"F22: ended after {seconds:.0f} s")
            last = run.said().splitlines()[-1]  # what was written before is refused by the sync behind it
            check("ead-only" in last or "Input/output" in last, f"F22: the last line names no cause; see {run.log}")
            again = run.start().wait(30)
            check(again == 3, f"F22: a start on it ends with {again}; see {run.log}")
            self.must("umount", place)
            subprocess.run(["e2fsck", "-fy", image], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
            self.must("mount", "-o", "loop", image, place)
            run.start().expect_end().expect_clean()
            return f"exit code {code} after {seconds:.1f} s (limit 10), a start is refused with 3, same bits when it can be written"
        finally:
            subprocess.run(["umount", "-l", place], stderr=subprocess.DEVNULL, check=False)
            image.unlink()

    def F23(self):
        """the disk of the checkpoints writes 1 MB a second"""
        # Some 10 MB a checkpoint; a step takes some 0.1 s.
        keys = {**RUN, "model.decoder.hidden_size": 128, "model.decoder.intermediate_size": 512, "model.decoder.layers": 4,
                "run.checkpoint_wait": 0, "rl.steps": 150, "rl.validate_every": 150, "rl.optimizer.lr": 1e-5,
                "rl.zero_spread_alarm": 1}
        throttle = pathlib.Path("/sys/fs/cgroup/blkio/blkio.throttle.write_bps_device")
        if not os.access(throttle, os.W_OK):
            raise Skipped(f"needs root and {throttle}")
        clean = Run(self, "F23-clean", keys).start(0).expect_end()
        run = Run(self, "F23", keys).start(0).until(5)
        run.process.terminate()
        run.expect_end(75, 60)
        image, place, numbers = self.out / "slow.img", run.place / "checkpoints", None
        try:
            self.must("truncate", "-s", f"{MEGABYTES + 100}M", image)
            self.must("mkfs.ext4", "-q", "-F", "-d", place, image)
            self.must("mount", "-o", "loop", image, place)
            device = os.stat(self.must("findmnt", "-no", "SOURCE", place).strip()).st_rdev
            numbers = f"{os.major(device)}:{os.minor(device)}"
            throttle.write_text(f"{numbers} {1 << 20}")
            run.start(0).expect_end(0, 600)
            left_out = run.said().count("still being written")
        finally:
            if numbers:
                throttle.write_text(f"{numbers} 0")
            subprocess.run(["umount", "-l", place], stderr=subprocess.DEVNULL, check=False)
            image.unlink(missing_ok=True)
        check(run.summary()["weights_hash"] == clean.summary()["weights_hash"], f"F23: other bits; see {run.log}")
        run.expect_balanced()
        slow, fast = (self.median_step(one) for one in (run, clean))
        check(left_out > 0, f"F23: no checkpoint was left out; see {run.log}")
        return measured(f"{left_out} checkpoints left out with a warning, a step takes {slow / fast:.2f} times as long (limit 1.2), same bits",
                        (slow / fast, 1.2))

    @staticmethod
    def median_step(run):
        rows = [json.loads(line) for line in (run.place / "metrics.jsonl").read_text().splitlines()]
        return statistics.median(row["time/step"] for row in rows if row["stage"] == "rl")
