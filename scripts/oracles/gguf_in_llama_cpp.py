#!/usr/bin/env python3
"""Opens GGUF files that we export in llama.cpp, and compares what it makes of them with what we do.

    scripts/oracles/gguf_in_llama_cpp.py build/release/nelumbo FIXTURES [SMOLLM2]

FIXTURES is a folder of parity fixtures (tests/data, or one with more models); SMOLLM2 is what
scripts/fetch_model.sh makes. Of each text model and type: 32 greedy tokens, the largest difference
of log-probs, ids of texts, control tokens and chat template; of SmolLM2 as F16: 32 greedy tokens
behind each prompt. llama.cpp is given our tokens, and at each place its best one must be ours or
less than 0.05 nats likelier.

Beside F16, BF16 and Q8_0 weights llama.cpp rounds activations to the same type. So these files are
opened as they are, where a token may be likelier by twice the largest difference of log-probs, and
once more as F32 with the same values, where nothing is rounded. Ends with 1 when something disagrees.
"""
import contextlib
import ctypes
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import llama_cpp
import numpy

# The largest difference of log-probs that rounding of activations explains on the fixtures.
LIMITS = {"f32": 1e-3, "f16": 0.05, "bf16": 0.5, "q8_0": 1.0}
GAP = 0.05

TEXTS = [
    "Hello world", " leading and  double   spaces ", "The patient's haemoglobin is 9.4 g/dL.",
    "I'll, you're, they've, it's, WE'LL, I'D", "a\nb\n\nc\r\n\td", "1 12 123 1234 12345 3.14159",
    "x = [i ** 2 for i in range(10)]  # squares", "if (a != b) { return a->b; }",
    "https://example.org/a?b=c&d=%20", "name@example.org", "Größe, naïve, café, Ærøskøbing",
    "Привет, мир!", "你好，世界。", "こんにちは世界", "안녕하세요", "مرحبا بالعالم", "שלום עולם",
    "नमस्ते दुनिया", "🙂 👍🏽 👩‍👩‍👧", "½ ² ℃ µg", "—dash–dash… “quoted” ‘single’", "$5.00 + 7% = ?",
    "ALL CAPS and CamelCaseWords", "snake_case_and-kebab-case", "\t\ttabs\tbetween", "   ", "\n", "a",
    "<b>bold</b> &amp; <i>it</i>", "{\"key\": [1, 2, {\"x\": null}]}", "C++20 & C#", "O(n log n)",
    "\\frac{a}{b} + \\sqrt{2}", "ǅ ﬁ ﬂ", "0x1F 1e-5 1,000,000", "ends with space ", "!?!?!?...",
    "<|im_start|>user\nHi<|im_end|>\n", "a<|im_end|>b <|endoftext|>", "word<|eot_id|> word",
]
QUESTIONS = [
    "Name three symptoms of anaemia.", "What is the capital of France?", "What is 7 times 8?",
    "Write a haiku about rain.", "Explain photosynthesis to a child.", "Who wrote Hamlet?",
    "List four primary uses of a microscope.", "Translate 'good morning' into Spanish.",
    "How do vaccines work?", "Give me a recipe for pancakes.", "What does a white blood cell do?",
    "Write a Python function that adds two numbers.", "Why is the sky blue?", "What is a proverb?",
    "Sort these numbers: 9, 4, 7, 1.", "How long does it take to boil an egg?",
    "Summarise the water cycle in two sentences.", "Is a tomato a fruit?", "Tell me a joke.",
    "What is the difference between a virus and a bacterium?",
]
BEGINNINGS = [
    "Once upon a time", "The mitochondria is", "def fibonacci(n):\n", "In 1969, the first",
    "Dear Sir or Madam,", "The quick brown fox", "#include <stdio.h>\n\nint main", "Water boils at",
    "1, 2, 3, 4, 5,", "The three states of matter are", "SELECT name FROM", "Red blood cells carry",
    "To be, or not to be", "Question: What is DNA?\nAnswer:", "My favourite book is",
    "<html>\n<head>", "The heart has four", "Berlin is the capital of", "| Name | Age |\n|---|---|",
    "Monday, Tuesday, Wednesday,",
]

binary, failures = str(pathlib.Path(sys.argv[1]).resolve()), []


def tell(name, good, what):
    if not good:
        failures.append(name)
    print(f"{'ok  ' if good else 'FAIL'} {name}: {what}", flush=True)


def run(*words):
    done = subprocess.run([binary, *map(str, words)], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, words))}: {done.stderr.strip()}")
    return done.stdout


def lines(command, model, rows):
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.write("".join(json.dumps(row) + "\n" for row in rows))
        file.flush()
        out = run("model", command, model, "--input", file.name)
    return [json.loads(line) for line in out.splitlines()]


def greedy(model, prompt):
    said = run("generate", model, "--json", "--greedy", "--ignore-eos", "--max-tokens", 32,
               "--dtype", "fp32", "--tokens", ",".join(map(str, prompt)))
    return json.loads(said)["tokens"]


def export(model, kind, path):
    run("model", "export", model, "--gguf", kind, "-o", path)
    return path


def as_stored(defaults=llama_cpp.llama_model_default_params):
    """Weights are not packed anew for instructions (AMX) that not every virtual machine allows."""
    params = defaults()
    params.use_extra_bufts = False
    return params


def opened(path):
    kept = {"type_k": llama_cpp.GGML_TYPE_F32, "type_v": llama_cpp.GGML_TYPE_F32}
    with contextlib.redirect_stderr(open(os.devnull, "w")):
        return llama_cpp.Llama(str(path), n_ctx=512, n_batch=512, n_threads=1, n_threads_batch=1,
                               logits_all=True, verbose=False, **kept)


def logprobs(peer, ids):
    """Of every token, behind every id."""
    peer.reset()
    peer.eval(ids)
    logits = numpy.array(peer.scores[:len(ids)], dtype=numpy.float64)
    logits -= logits.max(axis=1, keepdims=True)
    return logits - numpy.log(numpy.exp(logits).sum(axis=1, keepdims=True))


def largest_difference(peer, path, sequences):
    worst = 0
    for ids, ours in zip(sequences, lines("score", path, [{"tokens": s} for s in sequences])):
        theirs = logprobs(peer, ids)[numpy.arange(len(ids) - 1), ids[1:]]
        worst = max(worst, numpy.abs(theirs - ours["logprobs"]).max())
    return worst


def regrets(peer, prompt, tokens):
    """How much likelier the peer's best token is than ours, at each place."""
    every = logprobs(peer, prompt + tokens)[len(prompt) - 1:-1]
    return every.max(axis=1) - every[numpy.arange(len(tokens)), tokens]


def check_numbers(name, peer, path, expected, limit):
    sequences = [s["ids"] for s in expected["sequences"] if len(s["ids"]) > 1]
    worst = largest_difference(peer, path, sequences)
    tokens = greedy(path, expected["greedy"]["prompt"])
    regret = regrets(peer, expected["greedy"]["prompt"], tokens)
    tell(name, worst <= limit and regret.max() <= max(GAP, 2 * worst),
         f"{(regret == 0).sum()} of {len(tokens)} greedy tokens, the others by {regret.max():.3f} at most; "
         f"log-probs differ by {worst:.2e} at most")


def check_texts(name, peer, directory):
    rows = [{"text": text, "add_special": framed} for text in TEXTS for framed in (False, True)]
    wrong = [row["text"] for row, ours in zip(rows, lines("tokenize", directory, rows))
             if ours["ids"] != peer.tokenize(row["text"].encode(), row["add_special"], True)]
    tell(f"{name} ids of texts", not wrong, f"{len(rows) - len(wrong)} of {len(rows)} {wrong[:3]}")


def check_roles(name, peer, path, directory):
    config = json.loads((directory / "tokenizer_config.json").read_text())
    ids = {t["content"]: t["id"] for t in json.loads((directory / "tokenizer.json").read_text())["added_tokens"]}
    vocabulary = llama_cpp.llama_model_get_vocab(peer.model)
    ends = json.loads((directory / "generation_config.json").read_text())["eos_token_id"]
    ends = ends if isinstance(ends, list) else [ends]
    stops = [id for id in ends if llama_cpp.llama_vocab_is_eog(vocabulary, id)]
    back = json.loads(run("model", "inspect", path, "--json"))["end_tokens"]
    roles = {"bos_token": peer.token_bos(), "eos_token": peer.token_eos()}
    wrong = [role for role, id in roles.items() if config.get(role) and ids[config[role]] != id]
    tell(f"{name} control tokens", not wrong and stops == back == ends,
         f"begin {roles['bos_token']}, end {roles['eos_token']} {wrong}; of {ends}, "
         f"it stops at {stops}, we at {back}")
    template = directory / "chat_template.jinja"
    wanted = template.read_text() if template.exists() else config.get("chat_template")
    tell(f"{name} chat template", peer.metadata.get("tokenizer.chat_template") == wanted,
         f"{len(wanted or '')} characters")


def dressed(model, template, place):
    """A copy with a chat template and several tokens that end an answer."""
    shutil.copytree(model, place)
    shutil.copy(template, place / "chat_template.jinja")
    path = place / "generation_config.json"
    config = json.loads(path.read_text())
    added = json.loads((place / "tokenizer.json").read_text())["added_tokens"]
    end = config["eos_token_id"]
    config["eos_token_id"] = [end] + [t["id"] for t in added if t["special"] and t["id"] != end][-2:]
    path.write_text(json.dumps(config))
    return place


def check_model(name, model, template, folder):
    source = dressed(model, template, folder / name)
    expected = json.loads((model / "logprobs.json").read_text())
    for kind, limit in LIMITS.items():
        path = export(source, kind, folder / f"{name}-{kind}.gguf")
        with contextlib.closing(opened(path)) as peer:
            check_numbers(f"{name} {kind}", peer, path, expected, limit)
            if kind == "f16":
                check_texts(name, peer, source)
                check_roles(name, peer, path, source)
        if kind != "f32":
            wide = export(path, "f32", folder / f"{name}-{kind}-f32.gguf")
            with contextlib.closing(opened(wide)) as peer:
                check_numbers(f"{name} {kind} as f32", peer, path, expected, LIMITS["f32"])


def check_smollm2(directory, folder):
    path = export(directory, "f16", folder / "smollm2.gguf")
    peer = opened(path)
    check_texts("smollm2", peer, directory)
    check_roles("smollm2", peer, path, directory)
    asked = [{"messages": [{"role": "user", "content": q}], "add_generation_prompt": True}
             for q in QUESTIONS]
    texts = [row["prompt"] for row in lines("render", directory, asked)] + BEGINNINGS
    prompts = [row["ids"] for row in lines("tokenize", directory, [{"text": t} for t in texts])]
    equal, close, gaps = 0, 0, []
    for text, prompt in zip(texts, prompts):
        regret = regrets(peer, prompt, greedy(path, prompt))
        equal += regret.max() == 0
        close += 0 < regret.max() < GAP
        if regret.max() > 0:
            gaps.append(regret.max())
            print(f"     {text[-40:]!r}: {(regret == 0).sum()} of {len(regret)}, by {regret.max():.4f}")
    tell("smollm2 greedy", equal + close == len(prompts),
         f"{equal} of {len(prompts)} prompts equal in all 32 tokens, {close} but for a gap below {GAP}, "
         f"{len(prompts) - equal - close} not")
    worst = largest_difference(peer, path, prompts)
    print(f"     smollm2: log-probs of {sum(map(len, prompts)) - len(prompts)} tokens differ by {worst:.2e} at most")
    peer.close()


def main():
    quiet = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)(lambda *_: None)
    llama_cpp.llama_log_set(quiet, ctypes.c_void_p())
    llama_cpp.llama_cpp.llama_model_default_params = as_stored
    fixtures = pathlib.Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        for model in sorted((fixtures / "models").iterdir()):
            if (model / "logprobs.json").exists():
                check_model(model.name, model, fixtures / "chat/templates/chatml.jinja",
                            pathlib.Path(folder))
        if len(sys.argv) > 3:
            check_smollm2(pathlib.Path(sys.argv[3]), pathlib.Path(folder))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
