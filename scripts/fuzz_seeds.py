#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes what the fuzz targets begin with: scripts/fuzz_seeds.py OUT makes OUT/<target>/.

Small files of tests/data and data/, cut where cutting leaves them sound, and a few that are made
here: a mutation of a small file hits what matters more often.
"""
import json
import pathlib
import struct
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "tests" / "data"
MOST_BYTES = 40_000
ROWS = [
    {"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "u"},
                  {"role": "assistant", "content": "a"}], "id": 1},
    {"messages": [{"role": "user", "content": [{"type": "text", "text": "t"}, {"type": "image"}]},
                  {"role": "assistant", "content": "", "tool_calls":
                   [{"function": {"name": "f", "arguments": {"x": 1}}}]},
                  {"role": "tool", "content": "7"}], "images": [{"path": "a.png"}], "tools": [{}]},
    {"prompt": "p", "completion": "c"},
    {"prompt": "p", "chosen": "c", "rejected": "r", "margin": 0.5},
    {"chosen": [{"role": "user", "content": "u"}, {"role": "assistant", "content": "c"}],
     "rejected": [{"role": "user", "content": "u"}, {"role": "assistant", "content": "r"}]},
    {"prompt": [{"role": "user", "content": "u"}],
     "completion": [{"role": "assistant", "content": "c"}]},
    {"question": "q", "answer": 4.5},
    {"input": "i", "label": "l", "images": ["a.png", "data:image/png;base64,AA=="]},
    {"prompt": [{"role": "user", "content": [
        {"type": "image_url", "image_url": {"url": "a.png"}}]}],
     "reward_model": {"ground_truth": "g"}, "data_source": "d"},
]


def small_files(pattern):
    return [p.read_bytes() for p in sorted(FIXTURES.glob(pattern)) if p.stat().st_size <= MOST_BYTES]


def safetensors(tensors):
    """{name: (dtype, shape, bytes)} as a file."""
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, (dtype, shape, values) in tensors.items():
        header[name] = {"dtype": dtype, "shape": shape,
                        "data_offsets": [len(data), len(data) + len(values)]}
        data += values
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def small_tokenizer(path):
    """A tokenizer.json without all but the first of its merges and pieces."""
    document = json.loads(path.read_text())
    model = document["model"]
    if model["type"] == "Unigram":
        model["vocab"] = [p for p in model["vocab"] if not p[0].startswith("<0x")][:120]
        words = [piece[0] for piece in model["vocab"]]
    else:
        model["merges"] = model["merges"][:20]
        made = {"".join(merge.split(" ") if isinstance(merge, str) else merge)
                for merge in model["merges"]}
        words = [word for word in model["vocab"]
                 if len(word) == 1 or word in made or word.startswith("<")]
        model["vocab"] = {word: number for number, word in enumerate(words)}
    numbers = {word: number for number, word in enumerate(words)}
    for token in document["added_tokens"]:
        token["id"] = numbers.setdefault(token["content"], len(numbers))
    processor = document.get("post_processor") or {}
    for step in [processor, *processor.get("processors", [])]:
        for token in step.get("special_tokens", {}).values():
            token["ids"] = [numbers[word] for word in token["tokens"]]
    return json.dumps(document, ensure_ascii=False).encode()


def gguf_text(text):
    return struct.pack("<Q", len(text.encode())) + text.encode()


def gguf_value(value):
    """A value behind its kind: bool 7, u32 4, f32 6, text 8, array 9."""
    if isinstance(value, bool):
        return struct.pack("<IB", 7, value)
    if isinstance(value, int):
        return struct.pack("<II", 4, value)
    if isinstance(value, float):
        return struct.pack("<If", 6, value)
    if isinstance(value, str):
        return struct.pack("<I", 8) + gguf_text(value)
    kind = gguf_value(value[0])[:4]
    return struct.pack("<I", 9) + kind + struct.pack("<Q", len(value)) + \
        b"".join(gguf_value(each)[4:] for each in value)


def gguf(keys, tensors=()):
    """`tensors`: (name, sizes, type, offset, bytes)."""
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(keys))
    for key, value in keys.items():
        head += gguf_text(key) + gguf_value(value)
    data = b""
    for name, sizes, kind, offset, values in tensors:
        head += gguf_text(name) + struct.pack(f"<I{len(sizes)}QIQ", len(sizes), *sizes, kind, offset)
        data = data.ljust(offset, b"\0") + values
    return (head + b"\0" * (-len(head) % 32) + data) if tensors else head


def gguf_tokenizers():
    network = {"general.architecture": "llama", "llama.block_count": 1, "llama.context_length": 32,
               "llama.embedding_length": 8, "llama.feed_forward_length": 8,
               "llama.attention.head_count": 2, "llama.attention.head_count_kv": 1,
               "llama.attention.layer_norm_rms_epsilon": 1e-5, "llama.rope.freq_base": 10000.0}
    bytes_of_bpe = [chr(c) for c in [*range(33, 127), *range(161, 173), *range(174, 256),
                                     *range(256, 324)]]
    bpe = bytes_of_bpe + ["he", "ll", "hell", "<|end|>"]
    pieces = ["<unk>", "<s>", "</s>"] + [f"<0x{b:02X}>" for b in range(256)] + \
        ["\u2581", "h", "e", "l", "o", "he", "\u2581he", "ll"]
    kinds = [2, 3, 3] + [6] * 256 + [1] * 8
    ggml = "tokenizer.ggml."
    yield {**network, ggml + "model": "gpt2", ggml + "pre": "llama-bpe", ggml + "tokens": bpe,
           ggml + "token_type": [1] * (len(bpe) - 1) + [3], ggml + "merges": ["h e", "l l", "he ll"],
           ggml + "eos_token_id": len(bpe) - 1, "tokenizer.chat_template": "{{ messages }}"}
    scores = [-float(i) for i in range(len(pieces))]
    for model in "llama", "t5":
        yield {**network, ggml + "model": model, ggml + "tokens": pieces, ggml + "scores": scores,
               ggml + "token_type": kinds, ggml + "bos_token_id": 1, ggml + "eos_token_id": 2,
               ggml + "add_bos_token": True, ggml + "add_space_prefix": False}


def zstd_stored(content):
    """A zstd frame of one block that is not compressed."""
    size = len(content)
    head = struct.pack("<IBI", 0xFD2FB528, 0b10100000, size)  # one segment, its size in four bytes
    return head + struct.pack("<I", size << 3 | 1)[:3] + content


REQUESTS = [
    {"model": "tiny", "prompt": "Once", "max_tokens": 5, "temperature": 0.5, "top_p": 0.9, "top_k": 4,
     "min_p": 0.1, "seed": 1, "stop": ["a", "b"], "logit_bias": {"5": -100}, "logprobs": 1, "n": 2},
    {"prompt": [[1, 2], [3]], "echo": True, "logprobs": 1, "max_tokens": 0, "best_of": 1},
    {"prompt": ["a", "b"], "stream": True, "stream_options": {"include_usage": True}, "user": "x"},
    {"messages": [{"role": "system", "content": "Be brief."},
                  {"role": "user", "content": [
                      {"type": "text", "text": "What?"},
                      {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}]},
                  {"role": "assistant", "content": None, "tool_calls": [
                      {"id": "c", "type": "function",
                       "function": {"name": "f", "arguments": "{\"x\": 1}"}}]},
                  {"role": "tool", "tool_call_id": "c", "content": "2"}],
     "tools": [{"type": "function", "function": {"name": "f", "parameters": {}}}],
     "tool_choice": "auto", "logprobs": True, "top_logprobs": 3, "max_completion_tokens": 7,
     "response_format": {"type": "text"}},
]
TRACE = {
    "group": 7, "spec_hash": "9f" * 16, "prompt": {
        "id": "val/x/locate/0", "task": "locate", "reward": "locate", "text": "Where?",
        "view": [0, 0, 640, 480], "truth": {"boxes": [[1, 2, 3, 4]]}, "size": [640, 480],
        "orientation": {"mirrored": True, "quarters": 1}},
    "trajectories": [
        {"sample": 0, "version": 3, "answered": True, "finish": "stop", "tokens": [5, 6],
         "sampled": [1, 0], "text": "\ufffd", "text_base64": "/w==", "answer": "a",
         "answer_box": [1, 2, 3, 4], "calls": [
             {"name": "zoom", "image": 0, "first_token": 0, "last_token": 1, "degrees": 90,
              "box": [1, 2, 3, 4], "original_box": [1, 2, 3, 4], "label": "l", "error": "e"}],
         "thoughts": [{"text": "t", "first_token": 0, "last_token": 1}],
         "outcome": {"kind": "score", "total": 0.5, "rule": 0.5, "credit": "sum", "process": 1, "shaping": 0,
                     "gate": "", "rubric": 1, "components": [
                         {"name": "iou", "layer": "rule", "value": 1, "weight": 1, "evidence": ""}],
                     "steps": [{"first_token": 0, "last_token": 1, "factor": 0.5, "reason": "r"}]}},
        {"sample": 1, "version": 3, "answered": False, "finish": "length", "tokens": [7],
         "sampled": [1], "text": "", "answer": "", "calls": [], "thoughts": [],
         "outcome": {"kind": "timeout", "reason": "late"}}]}
CALL = 'Well.<tool_call>{"name": "f", "arguments": {"x": [1]}}</tool_call><tool_call>'


def seeds():
    values = struct.pack("<6f", *range(6))
    yield "safetensors_fuzz", [
        safetensors({"x": ("F32", [2, 3], values)}),
        safetensors({"a": ("BF16", [2], values[:4]), "b": ("F16", [1, 2], values[:4]),
                     "c": ("F32", [], values[:4]), "d": ("F32", [0, 7], b"")}),
        b'{"weight_map":{"x":"a.safetensors","y":"a.safetensors"}}',
    ]
    yield "gguf_fuzz", [
        *small_files("gguf/types.gguf"), *[gguf(keys) for keys in gguf_tokenizers()],
        gguf({"general.alignment": 32, "a": ["x", "y"], "b": [1.5], "c": [True]},
             [("t", [4], 0, 0, values[:16]), ("u", [2, 2], 1, 32, values[:8])])]
    tokenizers = sorted(FIXTURES.glob("tokenizers/*_style/tokenizer.json"))
    yield "tokenizer_fuzz", \
        [small_tokenizer(p) for p in tokenizers] + small_files("tokenizers/bad/*.json")
    yield "chat_template_fuzz", \
        small_files("chat/templates/*.jinja") + small_files("models/*/tokenizer_config.json")
    pictures = sorted((ROOT / "data" / "bccd" / "images").glob("*.jpg"),
                      key=lambda p: (p.stat().st_size, p))[:2]
    yield "image_fuzz", small_files("models/*/images/*.png") + [p.read_bytes() for p in pictures]
    rows = [json.dumps(row).encode() + b"\n" for row in ROWS]
    yield "chat_row_fuzz", rows + [b"".join(rows)]
    # Of each type of actors/wire.cc the smallest value that has something in it.
    yield "wire_fuzz", [b"\x00\x95\x01\xc0\x02\x03\x94\xcb" + bytes(8) + b"\x40\x04\xc3",
                        b"\x00\x95\x01\xc0\x02\x03\x94\xcf" + b"\xff" * 8 + b"\x40\x04\xc3",
                        b"\x01\x93\x01\x90\xca\x3f\x80\x00\x00",
                        b"\x02\x91\x93\xa1w\xc4\x08\x01" + bytes(7) + b"\xc4\x04\x00\x00\x80\x3f",
                        b"\x05\x94\x00\x93\x90\x91\xcb" + bytes(8) + b"\x90",
                        b"\x06\x92\x80\x90"]
    yield "bulk_fuzz", [struct.pack("<4sBBHQQQQQ", b"NBLK", 1, kind, 0, 2, 3, 4, 5, 6)
                        for kind in (1, 2, 3, 4)]
    trace = json.dumps(TRACE).encode()
    yield "trace_fuzz", [b"\x00" + trace, b"\x01" + zstd_stored(trace + b"\n")]
    yield "math_fuzz", [line.encode() for line in (
        "\\frac{3}{4}", "x^2-2x+1", "\\sqrt{12}", "\\{1, 2\\} \\cup [3, 4)", "12.5 %", "$1,200$ dollars",
        "\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}", "0.\\overline{3}", "2 \\pm 3i", "x \\le 5")]
    yield "openai_fuzz", [json.dumps(body).encode() for body in REQUESTS] + [CALL.encode()]


def main():
    out = pathlib.Path(sys.argv[1])
    for target, files in seeds():
        (out / target).mkdir(parents=True, exist_ok=True)
        for number, content in enumerate(files):
            (out / target / f"seed{number:03}").write_bytes(content)


main()
