#!/usr/bin/env python3
"""Runs the binary over a folder of parity fixtures and counts what agrees.

    scripts/oracles/parity.py build/release/nelumbo FIXTURES

FIXTURES has any of models/, tokenizers/, chat/, gguf/ and bad/, laid out as tests/data/README.md says.
Needs nothing but Python. Ends with 1 when something disagrees.
"""
import json
import pathlib
import resource
import subprocess
import sys
import tempfile

failures = []


def run(*words):
    return subprocess.run([binary, *map(str, words)], capture_output=True, text=True, timeout=120)


def seconds_of_children():
    """CPU time: what else runs on the machine does not count."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def lines(command, model, rows, *more):
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.write("".join(json.dumps(row) + "\n" for row in rows))
        file.flush()
        done = run("model", command, *([model] if model else []), *more, "--input", file.name)
    if done.returncode:
        return [{"failed": done.stderr.strip()}] * len(rows)
    return [json.loads(line) for line in done.stdout.split("\n")[:-1]]


def tell(name, good, what):
    if not good:
        failures.append(name)
    print(f"{'ok  ' if good else 'FAIL'} {name}: {what}")


def largest_difference(got, expected):
    if "logprobs" not in got or len(got["logprobs"]) != len(expected):
        return float("inf")
    return max((abs(a - b) for a, b in zip(got["logprobs"], expected)), default=0)


def check_scores(name, model, sequences, limit):
    got = lines("score", model, [{"tokens": s["ids"]} for s in sequences])
    worst = max(largest_difference(g, s["logprobs"]) for g, s in zip(got, sequences))
    tell(name, worst <= limit, f"{len(sequences)} sequences, largest difference {worst:.2e}")


def check_greedy(name, model, greedy):
    done = run("generate", model, "--json", "--greedy", "--ignore-eos", "--dtype", "fp32", "--tokens",
               ",".join(map(str, greedy["prompt"])), "--max-tokens", len(greedy["tokens"]))
    tokens = json.loads(done.stdout)["tokens"] if done.returncode == 0 else done.stderr
    tell(name, tokens == greedy["tokens"], f"{len(greedy['tokens'])} greedy tokens")


def check_pictures(name, model):
    cases = json.loads((model / "cases.json").read_text())["cases"]
    images = [[str(model / path) for path in case["images"]] for case in cases]
    rows = [{"tokens": c["input_ids"] + c["continuation_ids"], "images": i} for c, i in zip(cases, images)]
    got = lines("score", model, rows)
    worst = max(largest_difference(g, c["all_logprobs"]) for g, c in zip(got, cases))
    tell(f"{name} log-probs", worst <= 2e-3,
         f"{len(cases)} prompts with pictures, largest difference {worst:.2e}")
    got = lines("tokenize", model, [{"text": c["prompt"], "images": i} for c, i in zip(cases, images)])
    right = sum(g.get("ids") == c["input_ids"] for g, c in zip(got, cases))
    tell(f"{name} placeholders", right == len(cases), f"{right} of {len(cases)} prompts")
    right = 0
    for case, paths in zip(cases, images):
        done = run("generate", model, "--json", "--greedy", "--ignore-eos", "--max-tokens", 16,
                   *(word for path in paths for word in ("--image", path)),
                   "--tokens", ",".join(map(str, case["input_ids"])))
        right += done.returncode == 0 and json.loads(done.stdout)["tokens"] == case["greedy16"]
    tell(f"{name} greedy", right == len(cases), f"16 greedy tokens of {right} of {len(cases)} prompts")


def check_models(folder):
    for model in sorted(folder.iterdir()):
        if (model / "logprobs.json").exists():
            expected = json.loads((model / "logprobs.json").read_text())
            check_scores(f"{model.name} log-probs", model, expected["sequences"], 1e-4)
            check_greedy(f"{model.name} greedy", model, expected["greedy"])
        else:
            check_pictures(model.name, model)


def check_tokenizers(folder):
    for model in sorted(p for p in folder.iterdir() if (p / "cases.json").exists()):
        cases = json.loads((model / "cases.json").read_text())
        wrong = 0
        encode = cases["encode"]
        for case, got in zip(encode, lines("tokenize", model, [{"text": c["text"]} for c in encode])):
            wrong += got.get("ids") != case["ids"]
        framed = [c for c in encode if "ids_with_special" in c]
        rows = [{"text": c["text"], "add_special": True} for c in framed]
        for case, got in zip(framed, lines("tokenize", model, rows)):
            wrong += got.get("ids") != case["ids_with_special"]
        decode = encode + cases["decode"]
        for case, got in zip(decode, lines("tokenize", model, [{"ids": c["ids"]} for c in decode])):
            wrong += got.get("text") != case["decode"]
            wrong += got.get("text_skip_special") != case["decode_skip_special"]
        total = len(encode) + len(framed) + 2 * len(decode)
        tell(f"{model.name} tokenizer", wrong == 0, f"{total - wrong} of {total}")


def check_chat(folder):
    data = json.loads((folder / "cases.json").read_text())
    by_template = {}
    for case in data["cases"]:
        by_template.setdefault(case["template"], []).append(case)
    variables, conversations = data.get("variables", {}), data["conversations"]
    for template, cases in sorted(by_template.items()):
        rows = []
        for case in cases:
            row = {"messages": conversations[case["conversation"]], "now": data["now"],
                   "add_generation_prompt": case["add_generation_prompt"],
                   "variables": {**variables, **case.get("extra", {})}}
            if case.get("tools"):
                row["tools"] = data["tools"]
            rows.append(row)
        path = next(p for p in folder.rglob("*") if p.stem == template or p.name == template)
        got = lines("render", None, rows, "--template", path)
        right = sum(g.get("prompt") == c["rendered"] if "rendered" in c else "error" in g
                    for g, c in zip(got, cases))
        tell(f"chat {template}", right == len(cases), f"{right} of {len(cases)}")


def check_gguf(folder):
    for name, expected in json.loads((folder / "expected.json").read_text()).items():
        check_scores(f"{name} log-probs", folder / name, expected["sequences"], 1e-4)
        check_greedy(f"{name} greedy", folder / name, expected["greedy"])


def check_bad(folder):
    right, slow = 0, 0
    expect = json.loads((folder / "expect.json").read_text())
    for path, case in expect.items():
        begin = seconds_of_children()
        code = run("model", "inspect", folder / path, "--verify").returncode
        slow += seconds_of_children() - begin > 1
        allowed = {"accept": [0], "reject": [4], "warn": [0, 4]}[case["outcome"]]
        right += code in allowed
        if code not in allowed:
            print(f"     {path}: exit {code}, not {allowed} ({case['fault']})")
    tell("malformed files", right == len(expect) and not slow,
         f"{right} of {len(expect)} as expected, {slow} took more than a second of CPU time")


binary, fixtures = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2])
for part, check in [("models", check_models), ("tokenizers", check_tokenizers), ("chat", check_chat),
                    ("gguf", check_gguf), ("bad", check_bad)]:
    if (fixtures / part).exists():
        check(fixtures / part)
sys.exit(1 if failures else 0)
