#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Decoding speed beside llama.cpp's, in one run.

    bench/peers/setup.sh
    build/peers/bin/python bench/peers/decode.py build/release/nelumbo bf16.gguf f16.gguf

Both decode 64 tokens for each of 1, 8 and 32 (--batch) sequences behind one shared prompt of 128 tokens on
one thread; `nelumbo bench decode` samples and takes log-probs as it does so, llama.cpp only computes
logits. The GGUF files must have the shape of SmolLM2-135M: weights do not matter. llama.cpp is tried
with each file, with one cache for all sequences or one for each, with and without flash attention; the
fastest counts. Figures are medians. Prints one JSON line for each number of sequences.
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

PROMPT, ANSWER, REPEATS = 128, 64, 3


def fill(batch, rows):
    """rows: (token, position, sequence, wants logits)"""
    batch.n_tokens = len(rows)
    for i, (token, position, sequence, logits) in enumerate(rows):
        batch.token[i], batch.pos[i], batch.logits[i] = token, position, logits
        batch.n_seq_id[i], batch.seq_id[i][0] = 1, sequence


class Setting(typing.NamedTuple):
    """How llama.cpp runs."""
    path: str
    unified: bool  # one cache for all sequences
    flash: int     # 1: with flash attention

    def __str__(self):
        cache = "one cache" if self.unified else "a cache each"
        return f"{self.path}, {cache}, {'flash' if self.flash else 'plain'} attention"


def context_of(model, setting, sequences):
    params = lc.llama_context_default_params()
    positions = PROMPT + ANSWER + 64
    params.n_ctx = PROMPT + sequences * (ANSWER + 2) + 64 if setting.unified else sequences * positions
    params.n_batch = params.n_ubatch = 512
    params.n_seq_max = sequences
    params.n_threads = params.n_threads_batch = 1
    params.kv_unified = setting.unified
    params.flash_attn_type = setting.flash
    return lc.llama_init_from_model(model, params)


def answer(context, batch, sequences):
    """Seconds of the steps behind the prompt."""
    memory = lc.llama_get_memory(context)
    lc.llama_memory_clear(memory, True)
    fill(batch, [(100 + i, i, 0, i == PROMPT - 1) for i in range(PROMPT)])
    assert lc.llama_decode(context, batch) == 0
    for other in range(1, sequences):
        lc.llama_memory_seq_cp(memory, 0, other, -1, -1)
    start = time.monotonic()
    for step in range(ANSWER - 1):
        fill(batch, [(200 + s + step, PROMPT + step, s, True) for s in range(sequences)])
        assert lc.llama_decode(context, batch) == 0
        lc.llama_synchronize(context)
    return time.monotonic() - start


def peer(setting, sequences, repeats):
    """Tokens a second: the median of `repeats`."""
    model = lc.llama_model_load_from_file(setting.path.encode(), lc.llama_model_default_params())
    assert model, setting.path
    context = context_of(model, setting, sequences)
    batch = lc.llama_batch_init(512, 0, 1)
    taken = [answer(context, batch, sequences) for _ in range(repeats)]
    lc.llama_batch_free(batch)
    lc.llama_free(context)
    lc.llama_model_free(model)
    return sequences * (ANSWER - 1) / statistics.median(taken)


def quiet(level, text, data):
    del level, text, data


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--batch", type=int, nargs="+", default=[1, 8, 32])
    options = parser.parse_args()
    silence = lc.llama_log_callback(quiet)
    lc.llama_log_set(silence, ctypes.c_void_p(0))
    for sequences in options.batch:
        settings = [Setting(*s) for s in itertools.product(options.files, (True, False), (0, 1))]
        fastest = max(settings, key=lambda setting: peer(setting, sequences, 1))
        best = peer(fastest, sequences, REPEATS)
        own = json.loads(subprocess.run(
            [options.program, "bench", "decode", "--batch", str(sequences), "--threads", "1", "--repeats",
             str(REPEATS), "--json"], check=True, capture_output=True, text=True).stdout)
        print(json.dumps({"batch": sequences, "own": own["own"], "llama.cpp": best, "as": str(fastest),
                          "ratio": own["own"] / best, "limit_fraction": own["limit_fraction"],
                          "own_fp32": own["anchor"], "foreign_cpu": own["foreign_cpu"],
                          "cpu": own["cpu"], "isa": own["isa"]}), flush=True)


if __name__ == "__main__":
    main()
