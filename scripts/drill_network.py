"""Faults of the network between machines: a part of scripts/drill.py. Two network namespaces stand for two hosts
(root, iproute2, iptables): the coordinator and its learner in one, all rollout workers in the other, TLS and CURVE
between them. Where a worker's process ends, its host begins it anew, as a service manager would."""
import contextlib
import os
import pathlib
import subprocess
import time

from drill_runs import ROOT, RUN, Run, check, measured, need

NEAR, FAR = "10.77.0.1", "10.77.0.2"
LEASE = 10
APART = {**RUN, "rl.steps": 4000, "rl.validate_every": 4000, "run.checkpoint_every": 1000, "rl.optimizer.lr": 1e-5,
         "rl.zero_spread_alarm": 1, "placement.processes": "separate", "placement.rollouts": 2, "placement.joined": 2,
         "placement.lease": LEASE, "placement.rollout_deadline": 20, "placement.restarts": 1_000_000}


class Host:
    """A network namespace with one interface."""

    def __init__(self, drills, name, address):
        self.drills, self.name, self.address = drills, f"nelumbo-{name}-{os.getpid()}", address
        self.device = f"v{name}{os.getpid()}"

    def must(self, *words):
        return self.drills.must("ip", "netns", "exec", self.name, *words)

    def link(self, state):
        self.must("ip", "link", "set", self.device, state)


class FarRun(Run):
    """A run whose coordinator listens on one host, and whose rollout workers are on the other."""

    def __init__(self, drills, name, keys, near, far, join):
        super().__init__(drills, name, keys)
        self.near, self.far, self.join, self.workers_of_host = near, far, join, []

    def start(self, restarts=1000, environment=None):
        certs = self.root / "certs"
        self.root.mkdir(parents=True, exist_ok=True)
        self.drills.must(self.drills.nelumbo, "certs", "new", "--out", certs, "--name", "far")
        words = ["ip", "netns", "exec", self.near.name, str(self.drills.nelumbo), "run", str(ROOT / "configs/tiny.yaml"),
                 "--restarts", str(restarts), "--listen", f"{NEAR}:7070", "--certs", str(certs)]
        for key, value in {"run.root": self.root, "run.name": "run", **self.keys}.items():
            words += ["--set", f"{key}={value}"]
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(words, stdout=log, stderr=log, cwd=ROOT, start_new_session=True)
        for worker in (1, 2):
            again = (f"while true; do {self.drills.nelumbo} node --join {self.join}:7070 --certs {certs} --name far "
                     f"--worker {worker}; sleep 0.5; done")
            with open(f"{self.log}.far{worker}", "w") as log:
                self.workers_of_host.append(subprocess.Popen(
                    ["ip", "netns", "exec", self.far.name, "sh", "-c", again], stdout=log, stderr=log, start_new_session=True))
        return self

    def stop(self):
        """SIGTERM, and what it leaves; its other host is sent home."""
        self.process.terminate()
        self.expect_end(75, 60).expect_balanced()

    def close(self):
        for worker in self.workers_of_host:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(worker.pid, 9)
        if self.process.poll() is None:
            os.killpg(self.process.pid, 9)


class NetworkDrills:
    """Of `Drills`: needs its `nelumbo`, `out` and `must`."""

    @contextlib.contextmanager
    def far_run(self, name, more=None, between=None):
        """A run over two hosts that has done three steps. `between`: another address of the coordinator's host, where
        its workers find it once somebody listens there."""
        need("ip", "tc")
        near, far = Host(self, "a", NEAR), Host(self, "b", FAR)
        run = None
        try:
            for host in (near, far):
                self.must("ip", "netns", "add", host.name)
            self.must("ip", "link", "add", near.device, "netns", near.name, "type", "veth", "peer", "name", far.device,
                      "netns", far.name)
            for host in (near, far):
                host.must("ip", "addr", "add", f"{host.address}/24", "dev", host.device)
                host.link("up")
                host.must("ip", "link", "set", "lo", "up")
            if between:
                near.must("ip", "addr", "add", f"{between}/24", "dev", near.device)
            run = FarRun(self, name, {**APART, **(more or {})}, near, far, between or NEAR).start()
            yield run if between else run.until(3, 60)
        finally:
            if run:
                run.close()
            for host in (near, far):
                subprocess.run(["ip", "netns", "del", host.name], stderr=subprocess.DEVNULL, check=False)

    def speed(self, run, seconds):
        """Steps a second over some time."""
        before, begin = run.steps(), time.monotonic()
        time.sleep(seconds)
        return (run.steps() - before) / (time.monotonic() - begin)

    def F30(self):
        """no host hears the other, for a time"""
        told = []
        with self.far_run("F30") as run:
            for seconds in (5, 30, 120):
                run.near.link("down")
                time.sleep(seconds)
                run.near.link("up")
                healed = self.healed(run, 60)
                told.append(f"{seconds} s: {healed:.1f} s")
                check(healed <= 10, f"F30: two steps only {healed:.1f} s after a partition of {seconds} s; see {run.log}")
            run.stop()
        return "two steps after a partition of " + ", ".join(told) + " (limit 10), samples committed once"

    def F31(self):
        """one host does not hear the other, which hears it"""
        need("iptables")
        told = []
        with self.far_run("F31") as run:
            for deaf, name in ((run.near, "the coordinator"), (run.far, "the workers")):
                deaf.must("iptables", "-A", "INPUT", "-i", deaf.device, "-j", "DROP")
                time.sleep(2 * LEASE)
                deaf.must("iptables", "-F", "INPUT")
                healed = self.healed(run, 60)
                told.append(f"{name} deaf: {healed:.1f} s")
                check(healed <= 10, f"F31: two steps only {healed:.1f} s after {name} was deaf; see {run.log}")
            run.stop()
        return f"two steps after {2 * LEASE} s of " + ", ".join(told) + " (limit 10), samples committed once"

    def F32(self):
        """a tenth of all packets is lost; then connections are reset at random"""
        need("iptables")
        # Answers of hundreds of tokens and steps of seconds, as people train: a message that is sent again takes 0.2 s
        # and more, however short the answers are that it waits for.
        long = {"rl.prompts": 64, "rl.group_size": 8, "sampling.max_new_tokens": 512, "placement.lease": 20,
                "placement.rollout_deadline": 60}
        with self.far_run("F32", long) as run:
            clean = self.speed(run, 20)
            for host in (run.near, run.far):
                host.must("iptables", "-A", "INPUT", "-i", host.device, "-m", "statistic", "--mode", "random", "--probability",
                          "0.1", "-j", "DROP")
            lossy = self.speed(run, 40)
            for host in (run.near, run.far):
                host.must("iptables", "-F", "INPUT")
            run.near.must("iptables", "-A", "INPUT", "-i", run.near.device, "-p", "tcp", "-m", "statistic", "--mode", "random",
                          "--probability", "0.002", "-j", "REJECT", "--reject-with", "tcp-reset")
            storm = self.speed(run, 20)
            run.near.must("iptables", "-F", "INPUT")
            healed = self.healed(run, 60)
            run.stop()
        return measured(f"{100 * lossy / clean:.0f} % of the speed with a tenth lost (limit 50), {100 * storm / clean:.0f} % with resets, of steps "
                        f"of {1 / clean:.1f} s; two steps {healed:.1f} s after them, samples committed once", (0.5, lossy / clean))

    def F34(self):
        """the line between the hosts carries 1 Mbit/s"""
        def resident():
            return int(pathlib.Path(f"/proc/{run.coordinator()}/statm").read_text().split()[1]) * 4096 / 1e6

        with self.far_run("F34") as run:
            clean, before = self.speed(run, 10), resident()
            for host in (run.near, run.far):
                host.must("tc", "qdisc", "add", "dev", host.device, "root", "tbf", "rate", "1mbit", "burst", "16kbit", "latency",
                          "400ms")
            slow, after = self.speed(run, 30), resident()
            for host in (run.near, run.far):
                host.must("tc", "qdisc", "del", "dev", host.device, "root")
            healed = self.healed(run, 60)
            run.stop()
        check(after <= 1.1 * before, f"F34: {before:.0f} MB before, {after:.0f} MB behind a slow line; see {run.log}")
        return (f"{100 * slow / clean:.0f} % of the speed, memory of the coordinator {before:.0f} to {after:.0f} MB, two steps "
                f"{healed:.1f} s after it, samples committed once")
