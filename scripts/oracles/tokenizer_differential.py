#!/usr/bin/env python3
"""Compares `nelumbo model tokenize` with the tokenizers library on random strings and ids.

    scripts/oracles/tokenizer_differential.py build/release/nelumbo DIR... [--strings 10000]

Characters that are newer than the tables of either side are left out. Every DIR holds a
tokenizer.json. With --variants N each is also tried N times with other steps
around its model: random normalizers (SentencePiece's too, where sentencepiece and protobuf are
installed), pre-tokenizers, decoders. Exits 0 when all ids and texts are
equal, 6 when some are not; the first differences are printed.
"""
import argparse
import base64
import functools
import io
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import unicodedata

from tokenizers import Tokenizer

SHOWN = 5
PIECES = [
    "the", "Hello", "it's", "I'LL", "don't", "'ſ", "we’re", "WORLD", "straße", "naïve", "İstanbul",
    "ΣΊΣΥΦΟΣ", "ß", "ﬁ", "ǆ", "Ⅷ", "½", "²", "٣", "১২", "12345", "007", "3.14", "1e-5", "１２",
    "漢字", "日本語テスト", "ガ", "ｶﾞ", "한국어", "\u1112\u1161\u11ab", "ไทย", "العربية", "עברית", "हिन्दी",
    "नमस्ते", "e\u0301", "e\u0323\u0302", "\u0302\u0323", "\u0301", "a\u0300\u0301\u0302", "Å", "\u212b",
    "😀", "👩‍👩‍👧‍👦", "🇩🇪", "👍🏽", "☃️", "\u200d", "\u200b", "\ufeff", "\ufffd", "\u180e", "\u00ad",
    " ", "  ", "   ", "\t", "\n", "\r\n", "\r", "\n\n\n", "\u00a0", "\u2003", "\u3000", "\u0085", "\u2028",
    "\x00", "\x01", "\x1c", "\x7f", "!", "?!", "...", "—", "“”", "«", "$", "+=", "<", ">", "^", "`", "|",
    "~", "_", "foo_bar", "#include <x>", "{}", "[]", "\\", "https://a.b/c?d=e&f=1", "a@b.c", "C++",
    "▁", "▁▁", "▁the", "Ġ", "Ċ", "<0x0A>", "<0xE2>", "<s>", "</s>", "<unk>", "cafétok", "cafe\u0301tok",
    "whole", "wholesome", "whole1", "whole\u0301", "éwhole", "<|im_end|>", "<|endoftext|>", "[INST]",
    "𝔘𝔫𝔦", "𐍈", "\U0001F468\u200d\U0001F4BB", "㍿", "ﷺ", "①", "Ꙁ", "ა", "ⅷ", "ª", "\u0345", "ﬃ", "ﾊﾟ",
]


def random_text(rng, vocabulary, added):
    kind = rng.random()
    if kind < 0.02:
        return rng.choice(PIECES) * rng.randint(50, 400)
    if kind < 0.06:
        raw = bytes(rng.randrange(256) for _ in range(rng.randint(1, 24)))
        return "".join(c for c in raw.decode("utf-8", "replace")
                       if unicodedata.category(c) != "Cn" and not "\u0363" <= c <= "\u036f")
    parts = []
    for _ in range(rng.randint(0, 14)):
        where = rng.random()
        if where < 0.55:
            parts.append(rng.choice(PIECES))
        elif where < 0.75:
            parts.append(rng.choice(vocabulary))
        elif where < 0.85 and added:
            parts.append(rng.choice(added))
        else:
            parts.append("".join(rng.choice("abcdefghijklmnopqrstuvwxyz ") for _ in range(8)))
        if rng.random() < 0.4:
            parts.append(" ")
    return "".join(parts)


def random_pattern(rng):
    return rng.choice([
        {"String": " "}, {"String": "▁"}, {"String": "'"}, {"String": "  "}, {"String": "."},
        {"Regex": r"\s+"}, {"Regex": r" {2,}"}, {"Regex": r"\w+|[^\w\s]+"}, {"Regex": r"\d{1,3}"},
        {"Regex": r"\p{N}{1,3}+"}, {"Regex": r"[\p{L}&&[^\p{Han}]]+"}, {"Regex": r"\b"},
        {"Regex": r"[[:punct:]]"}, {"Regex": r"[^\S\n]+"}, {"Regex": r"^.|$"}, {"Regex": r"\h+"},
        {"Regex": r"(?m:a.b)|(?i:THE)"}, {"Regex": r"[\p{P}\p{S}]"}, {"Regex": r"x*"},
        {"Regex": r"(?<=\s)\S"}, {"Regex": r"[一-龥぀-ゟ゠-ヿ]+"}, {"Regex": r"[[:alpha:]]+(?!\d)"},
        {"Regex": r"\p{^L}"}, {"Regex": r"[a-z[0-9]]{,2}\-"}, {"Regex": r"[^[:^digit:]]"},
        {"Regex": r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+|"
                  r" ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s"},
        {"Regex": r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
                  r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s+(?!\S)"},
    ])


@functools.cache
def charsmap():
    """The character map of SentencePiece's nmt_nfkc_cf in base64; None without that package."""
    try:
        import sentencepiece
        from sentencepiece import sentencepiece_model_pb2
    except ImportError:
        return None
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["the quick brown fox", "hello world"] * 50), model_writer=model,
        vocab_size=40, normalization_rule_name="nmt_nfkc_cf", hard_vocab_limit=False,
        minloglevel=2)
    proto = sentencepiece_model_pb2.ModelProto()
    proto.ParseFromString(model.getvalue())
    return base64.b64encode(proto.normalizer_spec.precompiled_charsmap).decode()


def random_normalizer(rng):
    if charsmap() and rng.random() < 0.2:
        return {"type": "Precompiled", "precompiled_charsmap": charsmap()}
    return rng.choice([
        {"type": "NFC"}, {"type": "NFD"}, {"type": "NFKC"}, {"type": "NFKD"}, {"type": "Lowercase"},
        {"type": "StripAccents"}, {"type": "Prepend", "prepend": rng.choice(["▁", "ab "])},
        {"type": "Strip", "strip_left": rng.random() < 0.5, "strip_right": rng.random() < 0.5},
        {"type": "Replace", "pattern": random_pattern(rng),
         "content": rng.choice(["", " ", "▁", "xy"])},
        {"type": "Replace", "pattern": random_pattern(rng), "content": " "},
    ])


def random_pretokenizer(rng, bytes_left):
    behavior = rng.choice(
        ["Isolated", "Removed", "MergedWithPrevious", "MergedWithNext", "Contiguous"])
    steps = [
        {"type": "Split", "pattern": random_pattern(rng), "behavior": behavior,
         "invert": rng.random() < 0.3},
        {"type": "Split", "pattern": random_pattern(rng), "behavior": behavior, "invert": False},
        {"type": "Digits", "individual_digits": rng.random() < 0.5},
        {"type": "Punctuation", "behavior": behavior},
        {"type": "Whitespace"}, {"type": "WhitespaceSplit"},
    ]
    if not bytes_left:
        steps.append({"type": "Metaspace", "replacement": "▁", "split": rng.random() < 0.5,
                      "prepend_scheme": rng.choice(["always", "first", "never"])})
    return rng.choice(steps)


def random_decoder(rng):
    return rng.choice([
        {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "ByteLevel", "add_prefix_space": True,
                                                     "trim_offsets": True, "use_regex": True},
        {"type": "Metaspace", "replacement": "▁", "split": True,
         "prepend_scheme": rng.choice(["always", "first", "never"])},
        {"type": "Replace", "pattern": random_pattern(rng), "content": rng.choice(["", " ", "é"])},
        {"type": "Strip", "content": rng.choice([" ", "▁", "a"]), "start": rng.randint(0, 2),
         "stop": 0},
    ])


def sequence(members, steps):
    if len(steps) == 1:
        return steps[0]
    return {"type": "Sequence", members: steps} if steps else None


def variant(document, rng):
    """The same model and added tokens with other steps around them."""
    made = json.loads(json.dumps(document))
    byte_level = "ByteLevel" in json.dumps(document["pre_tokenizer"])
    made["normalizer"] = sequence(
        "normalizers", [random_normalizer(rng) for _ in range(rng.randint(0, 3))])
    steps = [random_pretokenizer(rng, byte_level) for _ in range(rng.randint(0, 2))]
    if byte_level:
        steps.insert(rng.randint(0, len(steps)),
                     {"type": "ByteLevel", "add_prefix_space": rng.random() < 0.5,
                      "trim_offsets": True, "use_regex": rng.random() < 0.5})
    made["pre_tokenizer"] = sequence("pretokenizers", steps)
    made["decoder"] = sequence("decoders", [random_decoder(rng) for _ in range(rng.randint(0, 3))])
    model = made["model"]
    if model["type"] == "BPE":
        model["ignore_merges"] = rng.random() < 0.3
        if not byte_level:
            model["byte_fallback"] = rng.random() < 0.7
            model["fuse_unk"] = rng.random() < 0.5
            model["unk_token"] = rng.choice([None, "<unk>"])
            if rng.random() < 0.3:
                model["vocab"].pop("<0xC3>", None)
                ids = sorted(model["vocab"].items(), key=lambda item: item[1])
                model["vocab"] = {text: at for at, (text, _) in enumerate(ids)}
                next_id = len(ids)
                for token in made["added_tokens"]:
                    token["id"] = model["vocab"].get(token["content"], next_id)
                    next_id += token["id"] == next_id
    else:
        model["byte_fallback"] = rng.random() < 0.5
    for token in made["added_tokens"]:
        for flag in ["lstrip", "rstrip", "single_word", "normalized"]:
            if rng.random() < 0.2 and not token["special"]:
                token[flag] = not token[flag]
    return made


def tasks_for(tokenizer, document, rng, count):
    added = [token["content"] for token in document["added_tokens"]]
    vocab = document["model"]["vocab"]
    pieces = list(vocab) if isinstance(vocab, dict) else [piece[0] for piece in vocab]
    size = tokenizer.get_vocab_size()
    tasks = [{"text": random_text(rng, pieces, added), "add_special": rng.random() < 0.3}
             for _ in range(count)]
    tasks += [{"ids": [rng.randrange(size) for _ in range(rng.randint(0, 20))]}
              for _ in range(count // 4)]
    return tasks


def unless_it_panics(call):
    """What the library answers; None where it panics, which is no Exception."""
    try:
        return call()
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        return None


def expected(tokenizer, task):
    if "text" in task:
        encoding = tokenizer.encode(task["text"], add_special_tokens=task["add_special"])
        return {"ids": encoding.ids}
    return {"text": tokenizer.decode(task["ids"], skip_special_tokens=False),
            "text_skip_special": tokenizer.decode(task["ids"], skip_special_tokens=True)}


def ours(nelumbo, directory, tasks):
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        for task in tasks:
            file.write(json.dumps(task) + "\n")
        file.flush()
        done = subprocess.run([nelumbo, "model", "tokenize", str(directory), "--input", file.name],
                              capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return done.stderr.strip() or done.stdout.strip()
    return [json.loads(line) for line in done.stdout.split("\n") if line]


def has_unclear_tokens(tokenizer, document):
    """Whether the normalizer leaves nothing of an added token, or makes two of them equal: then the
    library finds one everywhere, or either."""
    forms = set()
    for token in document["added_tokens"]:
        form = token["content"]
        if token["normalized"] and tokenizer.normalizer:
            form = tokenizer.normalizer.normalize_str(form)
            if not form or form in forms:
                return True
            forms.add(form)
    return False


def compare(nelumbo, directory, name, rng, count):
    """How many tasks there were and how many answers differ; none when the file was refused."""
    source = (directory / "tokenizer.json").read_text(encoding="utf-8")
    tokenizer = unless_it_panics(lambda: Tokenizer.from_str(source))
    if tokenizer is None:
        return 0, 0
    tasks = tasks_for(tokenizer, json.loads(source), rng, count)
    answers = ours(nelumbo, directory, tasks)
    if isinstance(answers, str):
        print(f"{name}: refused: {answers}")
        return 0, 0
    if has_unclear_tokens(tokenizer, json.loads(source)):
        return 0, 0
    differing = 0
    for task, answer in zip(tasks, answers, strict=True):
        wanted = unless_it_panics(lambda task=task: expected(tokenizer, task))
        if wanted is None or answer == wanted:
            continue
        differing += 1
        if differing <= SHOWN:
            print(f"{name}: {json.dumps(task)}\n  ours   {json.dumps(answer)}\n"
                  f"  theirs {json.dumps(wanted)}")
    print(f"{name}: {len(tasks) - differing} of {len(tasks)} equal", flush=True)
    if differing and "variant" in name:
        document = json.loads(source)
        print({part: document[part] for part in ["normalizer", "pre_tokenizer", "decoder"]})
    return len(tasks), differing


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("nelumbo")
    parser.add_argument("directories", nargs="+", type=pathlib.Path)
    parser.add_argument("--strings", type=int, default=10_000)
    parser.add_argument("--variants", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    tried, differing = 0, 0
    for directory in arguments.directories:
        counts = [compare(arguments.nelumbo, directory, directory.name, rng, arguments.strings)]
        document = json.loads((directory / "tokenizer.json").read_text(encoding="utf-8"))
        for number in range(arguments.variants):
            with tempfile.TemporaryDirectory() as folder:
                made = pathlib.Path(folder) / "tokenizer.json"
                made.write_text(json.dumps(variant(document, rng)), encoding="utf-8")
                counts.append(compare(arguments.nelumbo, made.parent,
                                      f"{directory.name} variant {number}", rng,
                                      max(arguments.strings // 20, 50)))
        tried += sum(count for count, _ in counts)
        differing += sum(wrong for _, wrong in counts)
    print(f"{tried - differing} of {tried} equal")
    sys.exit(6 if differing else 0)


if __name__ == "__main__":
    main()
