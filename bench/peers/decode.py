#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Decoding speed beside llama.cpp's, in one run.

    bench/peers/setup.sh
    for type in bf16 f16 q8_0; do nelumbo model export models/smollm2 --gguf $type -o $type.gguf; done
    build/peers/bin/python bench/peers/decode.py build/release/nelumbo bf16.gguf f16.gguf
    build/peers/bin/python bench/peers/decode.py build/release/nelumbo q8_0.gguf --dtype int8 --batch 32
    build/peers/bin/python bench/peers/decode.py build/release/nelumbo bf16.gguf f16.gguf --prefill 512

Both decode 64 (--answer) tokens for each of 1, 8 and 32 (--batch) sequences behind one shared prompt of
128 tokens on one thread; `nelumbo bench decode` samples and takes log-probs as it does so, llama.cpp only
computes logits. With --prefill both take one prompt of so many tokens instead, up to its last logits. The
GGUF files must have the shape of SmolLM2-135M: weights do not matter. llama.cpp is tried with each file,
with one cache for all sequences or one for each, with and without flash attention; the fastest counts.
Figures are medians. Prints one JSON line for each number of sequences.
"""
import argparse
import ctypes
import itertools
import json
import statistics
import subprocess
import time
import typing

import llama_cpp as lc

PROMPT, REPEATS = 128, 3


def fill(batch, rows):
    """rows: (token, position, sequence, wants logits)"""
    batch.n_tokens = len(rows)
    for i, (token, position, sequence, logits) in enumerate(rows):
        batch.token[i], batch.pos[i], batch.logits[i] = token, position, logits
        batch.n_seq_id[i], batch.seq_id[i][0] = 1, sequence


class Load(typing.NamedTuple):
    """What is timed: `sequences` answers, or a prompt where `answer` is 0."""
    sequences: int
    prompt: int
    answer: int

    @property
    def tokens(self):
        return self.sequences * (self.answer - 1) if self.answer else self.prompt


class Setting(typing.NamedTuple):
    """How llama.cpp runs."""
    path: str
    unified: bool  # one cache for all sequences
    flash: int     # 1: with flash attention

    def __str__(self):
        cache = "one cache" if self.unified else "a cache each"
        return f"{self.path}, {cache}, {'flash' if self.flash else 'plain'} attention"


def context_of(model, setting, load):
    params = lc.llama_context_default_params()
    sequences, positions = load.sequences, load.prompt + load.answer + 64
    params.n_ctx = (load.prompt + sequences * (load.answer + 2) + 64 if setting.unified
                    else sequences * positions)
    params.n_batch = params.n_ubatch = 512
    params.n_seq_max = sequences
    params.n_threads = params.n_threads_batch = 1
    params.kv_unified = setting.unified
    params.flash_attn_type = setting.flash
    return lc.llama_init_from_model(model, params)


def seconds(context, batch, load):
    """Of the prompt alone, or of the steps behind it."""
    memory = lc.llama_get_memory(context)
    lc.llama_memory_clear(memory, True)
    start = time.monotonic()
    fill(batch, [(100 + i, i, 0, i == load.prompt - 1) for i in range(load.prompt)])
    assert lc.llama_decode(context, batch) == 0
    lc.llama_synchronize(context)
    if load.answer == 0:
        return time.monotonic() - start
    for other in range(1, load.sequences):
        lc.llama_memory_seq_cp(memory, 0, other, -1, -1)
    start = time.monotonic()
    for step in range(load.answer - 1):
        fill(batch, [(200 + s + step, load.prompt + step, s, True) for s in range(load.sequences)])
        assert lc.llama_decode(context, batch) == 0
        lc.llama_synchronize(context)
    return time.monotonic() - start


def peer(setting, load, repeats):
    """Tokens a second: the median of `repeats` behind one that warms caches."""
    model = lc.llama_model_load_from_file(setting.path.encode(), lc.llama_model_default_params())
    assert model, setting.path
    context = context_of(model, setting, load)
    batch = lc.llama_batch_init(512, 0, 1)
    taken = [seconds(context, batch, load) for _ in range(repeats + 1)][1:]
    lc.llama_batch_free(batch)
    lc.llama_free(context)
    lc.llama_model_free(model)
    return load.tokens / statistics.median(taken)


def quiet(level, text, data):
    del level, text, data


def own_figure(options, load):
    words = ["prefill", "--prompt", str(load.prompt)] if load.answer == 0 else [
        "decode", "--batch", str(load.sequences), "--answer", str(load.answer), "--dtype", options.dtype]
    return json.loads(subprocess.run(
        [options.program, "bench", *words, "--threads", "1", "--repeats", str(REPEATS), "--json"],
        check=True, capture_output=True, text=True).stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--batch", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--answer", type=int, default=64)
    parser.add_argument("--dtype", choices=("bf16", "int8"), default="bf16")
    parser.add_argument("--prefill", type=int, help="tokens of a prompt, at most 512")
    options = parser.parse_args()
    loads = ([Load(1, options.prefill, 0)] if options.prefill else
             [Load(batch, PROMPT, options.answer) for batch in options.batch])
    silence = lc.llama_log_callback(quiet)
    lc.llama_log_set(silence, ctypes.c_void_p(0))
    for load in loads:
        settings = [Setting(*s) for s in itertools.product(options.files, (True, False), (0, 1))]
        fastest = max(settings, key=lambda setting: peer(setting, load, 1))
        best = peer(fastest, load, REPEATS)
        own = own_figure(options, load)
        print(json.dumps({**load._asdict(), "dtype": options.dtype, "own": own["own"], "llama.cpp": best,
                          "as": str(fastest), "ratio": own["own"] / best,
                          "limit_fraction": own["limit_fraction"], "foreign_cpu": own["foreign_cpu"],
                          "cpu": own["cpu"], "isa": own["isa"]}), flush=True)


if __name__ == "__main__":
    main()
