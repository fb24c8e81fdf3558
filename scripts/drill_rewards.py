"""Programs and judges that fail while they score the answers of a run: a part of scripts/drill.py."""
import array
import contextlib
import http.server
import json
import math
import random
import subprocess
import threading
import time

from drill_runs import RUN, Run, check

TASKS = ("locate", "type", "count", "report")
# A policy that has learnt to end its answers: what it does not end is worth 0 whatever anybody says.
SHORT = {**RUN, "sft.steps": 80, "sft.validate_every": 80, "sft.optimizer.lr": 0.003, "rl.steps": 12, "rl.validate_every": 12,
         "rl.zero_spread_alarm": 1, "reward.stop_rate": 1, "placement.reward_deadline": 1000}
WALL = 2  # seconds that a program has for one answer

# What a planted program does with each request; it dies, hangs or wants too much where `PLANTED` says so.
PROGRAM = '''#!/usr/bin/python3
import hashlib, json, os, signal, sys, time
for number, line in enumerate(sys.stdin, 1):
    request = json.loads(line)
    if PLANTED
    value = hashlib.sha256(request["text"].encode()).digest()[0] / 255
    print(json.dumps({"id": request["id"], "value": value}), flush=True)
'''


def rules(terms):
    return {"specs": {task: {"layers": {"rule": {"terms": terms}}, "on": {"limit_seconds": 60}} for task in TASKS}}


def judged(url):
    """A specification that knows nothing but what a judge says."""
    criteria = [{"criterion": "Is it EVEN", "kind": "important"}, {"criterion": "Is it LONG", "kind": "optional"}]
    judge = {"url": url, "model": "stub", "timeout_seconds": 0.5, "retries": 20, "backoff_seconds": 0.02, "cache": 0}
    return {"judges": {"grader": judge},
            "specs": {task: {"layers": {"rubric": {"form": "rar_explicit", "judge": "grader", "criteria": criteria}},
                             "on": {"limit_seconds": 500, "infra_error": "retry(3)"}} for task in TASKS}}


def between(text, begin, end):
    return text.partition(begin)[2].partition(end)[0]


def longest_step(run):
    """Seconds of the longest step of rl."""
    rows = [json.loads(line) for line in (run.place / "metrics.jsonl").read_text().splitlines()]
    return max(row["time/step"] for row in rows if row["stage"] == "rl" and "time/step" in row)


def is_finite(path):
    """Whether all numbers of a safetensors file of float32 are."""
    whole = path.read_bytes()
    numbers = array.array("f", whole[8 + int.from_bytes(whole[:8], "little"):])
    return all(map(math.isfinite, numbers))


class Judge(http.server.ThreadingHTTPServer):
    """An OpenAI-compatible server on this machine that judges by the length of an answer; `fault` says what it does
    instead, or nothing."""
    daemon_threads = True

    def __init__(self, port=0):
        super().__init__(("127.0.0.1", port), Conversation)
        self.calls, self.lock, self.fault = 0, threading.Lock(), lambda number, nonce: None
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def url(self):
        return f"http://127.0.0.1:{self.server_port}/v1"

    def close(self):
        self.shutdown()
        self.server_close()


class Conversation(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format, *args):
        pass

    def do_POST(self):
        system, user = (message["content"] for message in
                        json.loads(self.rfile.read(int(self.headers["Content-Length"])))["messages"])
        nonce = between(system, '{"nonce": "', '"')
        answer = between(user, f"[{nonce} begin of answer]\n", f"\n[{nonce} end of answer]")
        met = "EVEN" in user and len(answer) % 2 == 0 or "LONG" in user and len(answer) > 12  # and nothing that canaries ask
        with self.server.lock:
            self.server.calls += 1
            status, words = self.server.fault(self.server.calls, nonce) or (200, json.dumps({"nonce": nonce, "met": met}))
        if status is None:  # no answer in time
            time.sleep(0.7)
            status = 500
        body = json.dumps({"choices": [{"message": {"role": "assistant", "content": words}}]}).encode()
        with contextlib.suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)


class RewardDrills:
    """Of `Drills`: needs its `out`, `away` and `clean_hash`, and `a_prompt`."""

    def spec(self, name, document, planted=None):
        """Writes a specification, and the program beside it that it names."""
        folder = self.out / f"{name}-spec"
        folder.mkdir(exist_ok=True)
        if planted is not None:
            (folder / "judge.py").write_text(PROGRAM.replace("PLANTED", planted))
            (folder / "judge.py").chmod(0o755)
        (folder / "spec.yaml").write_text(json.dumps(document))  # JSON is YAML
        return {**SHORT, "reward.spec": str(folder / "spec.yaml")}

    def program(self, name, planted):
        """A run scored by a program in which `planted` happens."""
        term = {"kind": "external", "command": ["judge.py"], "wall": WALL, "cpu": WALL, "memory_mb": 256}
        return self.spec(name, rules([term]), planted)

    def of_one_prompt(self, name, action):
        """A run in which the program does that to the answers of one prompt, a calm one, and what the ledger says."""
        prompt = self.a_prompt()
        calm = Run(self, f"{name}-calm", self.program(f"{name}-calm", "False: pass")).start().expect_end()
        run = Run(self, name, self.program(name, f"request['prompt_id'] == {prompt!r}: {action}")).start().expect_end()
        run.expect_balanced()
        check(not run.faults(), f"{name}: the coordinator ended; see {run.log}")
        told = subprocess.run([self.nelumbo, "runs", "ledger", run.place, "--json"], check=True, stdout=subprocess.PIPE)
        return run, calm, json.loads(told.stdout)["reasons"]

    def F5(self):
        """the program that scores dies again and again (SIGSEGV)"""
        clean = self.clean_hash(self.program("F5-calm", "False: pass"))
        keys = self.program("F5", "number == 6: os.kill(os.getpid(), signal.SIGSEGV)")
        run = Run(self, "F5", keys).start().expect_end()
        run.expect_clean(clean)
        check(not run.faults(), f"F5: the coordinator ended; see {run.log}")
        slowest = longest_step(run)
        check(slowest < 5, f"F5: a step took {slowest:.1f} s; see {run.log}")
        return f"each process dies over its sixth answer, each answer scored at the second try, longest step {slowest:.1f} s (limit 5), same bits"

    def lost(self, name, reasons, beginnings):
        """How many samples were dropped for that reason, and none for another of the reward's."""
        lost = {reason: count for reason, count in reasons.items() if reason.startswith(beginnings)}
        others = [reason for reason in reasons if reason not in lost and not reason.startswith("no spread")]
        check(lost and not others, f"{name}: dropped: {reasons}")
        return sum(lost.values())

    def F6(self):
        """the program that scores never comes back from the answers of one prompt"""
        run, calm, reasons = self.of_one_prompt("F6", "time.sleep(3600)")
        lost = self.lost("F6", reasons, "timeout: ")
        late = (longest_step(run) - longest_step(calm)) / lost
        check(late < WALL + 1, f"F6: {late:.1f} s for each sample; see {run.log}")
        return f"{lost} samples dropped as timeout, {late:.1f} s for each (limit {WALL} + 1), all others scored, ledger balanced"

    def F7(self):
        """the program that scores wants 50 GB for the answers of one prompt"""
        run, calm, reasons = self.of_one_prompt("F7", "bytearray(50 << 30)")
        lost = self.lost("F7", reasons, "infra_error: external: quarantined: the program failed on it twice")
        dumps = len(list((run.place / "quarantine").glob("*.json")))
        check(dumps > 0, f"F7: no dump in {run.place}/quarantine")
        return (f"{lost} samples of one prompt quarantined behind two deaths each, {dumps} dumps; all others scored, longest step "
                f"{longest_step(run):.1f} s, without {longest_step(calm):.1f} s, ledger balanced")

    def by_a_judge(self, name, fault):
        """A run with a judge that fails as `fault` says ends with the bits of one whose judge is well."""
        judge = Judge()
        try:
            keys = self.spec(name, judged(judge.url()))
            clean = self.clean_hash(keys)
            judge.calls, judge.fault = 0, fault
            run = Run(self, name, keys).start().expect_end(deadline=500)
            run.expect_clean(clean)
            check(not run.faults(), f"{name}: the coordinator ended; see {run.log}")
            return judge.calls
        finally:
            judge.close()

    def F36(self):
        """a judge answers half of the calls with 429, 500 or not in time"""
        dice = random.Random(1)
        calls = self.by_a_judge("F36", lambda number, nonce: dice.choice([(429, "slow down"), (500, "oh"), (None, "")])
                                if dice.random() < 0.5 else None)
        return f"{calls} calls, same bits"

    def F38(self):
        """half of what a judge says is prose, wrong JSON, NaN, 1e308, 10 MB or for another question"""
        dice = random.Random(1)

        def babble(nonce):
            other = nonce[:-1] + ("0" if nonce[-1] != "0" else "1")
            return dice.choice(["The criterion is met.", '{"met": true}', f'{{"nonce": "{nonce}", "met": NaN}}',
                                f'{{"nonce": "{nonce}", "met": 1e308}}', "x" * 10_000_000, json.dumps({"nonce": other, "met": True})])

        calls = self.by_a_judge("F38", lambda number, nonce: (200, babble(nonce)) if dice.random() < 0.5 else None)
        return f"{calls} calls, same bits"

    def F37(self):
        """a judge is away for a while"""
        judge = Judge()
        try:
            keys = self.spec("F37", judged(judge.url()))
            clean = self.clean_hash(keys)
            run = Run(self, "F37", keys).start().until(3)
            judge.close()
            time.sleep(self.away)
            before, judge = run.steps(), Judge(judge.server_port)
            seconds = self.healed(run, 60)
            run.expect_end().expect_clean(clean)
            check(before <= 5, f"F37: {before} steps without a judge; see {run.log}")
            return f"{self.away:.0f} s: two steps {seconds:.1f} s after it is back (limit 60), no sample lost, same bits"
        finally:
            judge.close()

    def F39(self):
        """the program that scores says NaN; the learning rate makes weights that are not finite"""
        run, _, reasons = self.of_one_prompt("F39", "print(json.dumps({'id': request['id'], 'value': float('nan')}), flush=True); continue")
        lost = self.lost("F39", reasons, "infra_error: ")
        wild = Run(self, "F39-lr", {**SHORT, "sft.optimizer.lr": 1e30}).start(0).expect_end(5)
        check("not finite in 3 steps in a row" in wild.said().splitlines()[-1], f"F39: no cause line; see {wild.log}")
        saved = sorted(wild.place.glob("checkpoints/step_*/hf/model.safetensors"))
        check(saved and all(is_finite(path) for path in saved), f"F39: weights that are not finite, or none, in {wild.place}/checkpoints")
        return (f"{lost} samples with a reward that is NaN dropped; three steps that are not finite: skipped, exit code 5; "
                f"{len(saved)} checkpoints, all finite")
