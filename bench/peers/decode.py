#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Decoding speed beside llama.cpp's, in one run.

    bench/peers/setup.sh
    build/peers/bin/python bench/peers/decode.py build/release/nelumbo bf16.gguf f16.gguf

Both decode 64 tokens for each of 1, 8 and 32 sequences behind one shared prompt of 128 tokens on
one thread; `nelumbo bench decode` samples and takes log-probs as it does so, llama.cpp only computes
logits. The GGUF files must have the shape of SmolLM2-135M: weights do not matter. Figures are medians;
of llama.cpp the faster file counts. Prints one JSON line for each number of sequences.
"""
import ctypes
import json
import statistics
import subprocess
import sys
import time

import llama_cpp as lc

PROMPT, ANSWER, REPEATS = 128, 64, 3


def fill(batch, rows):
    """rows: (token, position, sequence, wants logits)"""
    batch.n_tokens = len(rows)
    for i, (token, position, sequence, logits) in enumerate(rows):
        batch.token[i], batch.pos[i], batch.logits[i] = token, position, logits
        batch.n_seq_id[i], batch.seq_id[i][0] = 1, sequence


def seconds(model, sequences, threads):
    params = lc.llama_context_default_params()
    params.n_ctx = PROMPT + sequences * ANSWER + 64
    params.n_batch = params.n_ubatch = 512
    params.n_seq_max = sequences
    params.n_threads = params.n_threads_batch = threads
    params.kv_unified = True
    context = lc.llama_init_from_model(model, params)
    memory = lc.llama_get_memory(context)
    batch = lc.llama_batch_init(512, 0, 1)
    taken = []
    for _ in range(REPEATS + 1):
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
        taken.append(time.monotonic() - start)
    lc.llama_batch_free(batch)
    lc.llama_free(context)
    return statistics.median(taken[1:])


def peer(path, sequences, threads):
    model = lc.llama_model_load_from_file(path.encode(), lc.llama_model_default_params())
    assert model, path
    speed = sequences * (ANSWER - 1) / seconds(model, sequences, threads)
    lc.llama_model_free(model)
    return speed


def quiet(level, text, data):
    del level, text, data


def main():
    program, *files = sys.argv[1:]
    silence = lc.llama_log_callback(quiet)
    lc.llama_log_set(silence, ctypes.c_void_p(0))
    for sequences in (1, 8, 32):
        peers = {path: peer(path, sequences, 1) for path in files}
        own = json.loads(subprocess.run(
            [program, "bench", "decode", "--batch", str(sequences), "--threads", "1", "--repeats",
             str(REPEATS), "--json"], check=True, capture_output=True, text=True).stdout)
        best = max(peers.values())
        print(json.dumps({"batch": sequences, "own": own["own"], "llama.cpp": peers,
                          "ratio": own["own"] / best, "fraction_of_limit": own["fraction"],
                          "own_fp32": own["anchor"], "foreign_use": own["foreign_use"],
                          "cpu": own["cpu"], "isa": own["isa"]}), flush=True)


if __name__ == "__main__":
    main()
