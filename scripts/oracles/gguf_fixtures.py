#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the GGUF files of tests/data/gguf with the gguf package: scripts/oracles/gguf_fixtures.py OUT

types.gguf   one tensor for each type that is read, random blocks, and beside "X" a tensor "X.values"
             with what the package makes of it, in F32
policy.gguf  a random llama with grouped heads and scaled rotary positions, as its converter would
             store it; policy.safetensors has the same weights under their Hugging Face names
"""
import json
import pathlib
import struct
import sys

import gguf
import numpy as np

HIDDEN, HEADS, KV_HEADS, HEAD, FFN, POSITIONS, THETA = 32, 4, 2, 8, 64, 256, 10000.0
SCALING = {"factor": 4.0, "low": 1.0, "high": 4.0, "original": 64.0}


def random_blocks(rng, kind, count):
    """Blocks of random bytes whose half-precision scales are ordinary numbers."""
    _, size = gguf.GGML_QUANT_SIZES[kind]
    blocks = rng.integers(0, 256, (count, size), dtype=np.uint8)
    scales = {"Q6_K": [208], "Q4_1": [0, 2], "Q5_1": [0, 2], "Q4_K": [0, 2], "Q5_K": [0, 2]}
    places = scales.get(kind.name, [0])
    width = size if kind.name in ("F32", "F16", "BF16") else 2
    for place in places:
        values = rng.normal(size=count)
        if kind.name == "F32":
            raw = values.astype(np.float32).view(np.uint8)
        elif kind.name == "BF16":
            raw = (values.astype(np.float32).view(np.uint32) >> 16).astype(np.uint16).view(np.uint8)
        else:
            raw = values.astype(np.float16).view(np.uint8)
        blocks[:, place:place + width] = raw.reshape(count, width)
    return blocks


def write_types(path):
    rng = np.random.default_rng(1)
    writer = gguf.GGUFWriter(path, "llama")
    for name in "F32 F16 BF16 Q8_0 Q4_0 Q4_1 Q5_0 Q5_1 Q4_K Q5_K Q6_K".split():
        kind = gguf.GGMLQuantizationType[name]
        values_per_block, _ = gguf.GGML_QUANT_SIZES[kind]
        blocks = random_blocks(rng, kind, 2 * 256 // values_per_block).reshape(2, -1)
        values = gguf.dequantize(blocks, kind).astype(np.float32).reshape(2, 256)
        writer.add_tensor(name, blocks, raw_dtype=kind)
        writer.add_tensor(name + ".values", values)
    finish(writer)


def finish(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def byte_tokens():
    """How byte-level BPE spells the 256 bytes, in the order of the bytes."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [b for b in range(256) if b not in plain]
    return [chr(b) if b in plain else chr(256 + others.index(b)) for b in range(256)]


def divisors():
    frequencies = 1.0 / THETA ** (np.arange(0, HEAD, 2) / HEAD)
    wave = 2 * np.pi / frequencies
    smooth = (SCALING["original"] / wave - SCALING["low"]) / (SCALING["high"] - SCALING["low"])
    between = 1 / ((1 - smooth) / SCALING["factor"] + smooth)
    return np.where(wave < SCALING["original"] / SCALING["high"], 1,
                    np.where(wave > SCALING["original"] / SCALING["low"], SCALING["factor"],
                             between)).astype(np.float32)


def interleaved(weight, heads):
    """The rows of q and k as the llama architecture stores them."""
    return np.ascontiguousarray(
        weight.reshape(heads, 2, -1, weight.shape[-1]).swapaxes(1, 2).reshape(weight.shape))


def policy_weights(tokens):
    rng = np.random.default_rng(2)
    shapes = {"model.embed_tokens": (tokens, HIDDEN), "model.norm": (HIDDEN,)}
    layer = {"input_layernorm": (HIDDEN,), "post_attention_layernorm": (HIDDEN,),
             "self_attn.q_proj": (HEADS * HEAD, HIDDEN), "self_attn.k_proj": (KV_HEADS * HEAD, HIDDEN),
             "self_attn.v_proj": (KV_HEADS * HEAD, HIDDEN), "self_attn.o_proj": (HIDDEN, HEADS * HEAD),
             "mlp.gate_proj": (FFN, HIDDEN), "mlp.up_proj": (FFN, HIDDEN),
             "mlp.down_proj": (HIDDEN, FFN)}
    shapes |= {f"model.layers.0.{name}": shape for name, shape in layer.items()}
    return {f"{name}.weight": rng.normal(size=shape).astype(np.float32)
            for name, shape in shapes.items()}


def write_safetensors(path, weights):
    header, data = {}, b""
    for name, values in sorted(weights.items()):
        begin = len(data)
        data += values.tobytes()
        header[name] = {"dtype": "F32", "shape": values.shape, "data_offsets": [begin, len(data)]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def write_policy(path):
    tokens = ["<|endoftext|>", *byte_tokens(), "he", "ll", "hell", "hello", "Ġhello", "[PAD262]"]
    merges = ["h e", "l l", "he ll", "hell o", "Ġ hello"]
    weights = policy_weights(len(tokens))
    write_safetensors(path.with_suffix(".safetensors"), weights)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_block_count(1)
    writer.add_context_length(POSITIONS)
    writer.add_embedding_length(HIDDEN)
    writer.add_feed_forward_length(FFN)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_freq_base(THETA)
    writer.add_rope_dimension_count(HEAD)
    writer.add_custom_alignment(64)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokens)
    writer.add_token_types([3] + [1] * (len(tokens) - 2) + [5])
    writer.add_token_merges(merges)
    writer.add_eos_token_id(0)
    writer.add_add_bos_token(False)
    writer.add_chat_template("{{ messages }}")
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, 1)
    writer.add_tensor("rope_freqs.weight", divisors())
    for name, values in weights.items():
        heads = HEADS if "q_proj" in name else KV_HEADS if "k_proj" in name else 0
        writer.add_tensor(names.get_name(name, try_suffixes=(".weight",)),
                          interleaved(values, heads) if heads else values)
    finish(writer)


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    write_types(out / "types.gguf")
    write_policy(out / "policy.gguf")


main()
