#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What transformers says of score models.

    score_models.py OUT.json         the scores of tests/data/models/llama_tied with the head below, as
                                     sequence and as token classification: tests/data/models/scores.json
    score_models.py DIR [TEXT..]     opens a directory that the stages reward_model or prm wrote, and
                                     scores each text, which is a whole rendered conversation
"""
import json
import math
import pathlib
import sys

import torch
from transformers import (AutoConfig, AutoModelForSequenceClassification,
                          AutoModelForTokenClassification, AutoTokenizer)

MODEL = pathlib.Path(__file__).parents[2] / "tests/data/models/llama_tied"
IDS = [[1, 5, 9, 2], [3], [(7 * i * i + 3 * i) % 800 for i in range(40)]]
BIAS = 0.25


def head(width):
    """The weights of the head, the same in tests/model/score_model_test.cc."""
    return torch.tensor([[math.sin(i + 1.0) for i in range(width)]], dtype=torch.float32)


def fixture(kind):
    config = AutoConfig.from_pretrained(MODEL)
    config.num_labels = 1
    config.pad_token_id = 0
    model = kind.from_pretrained(MODEL, config=config, dtype=torch.float32).eval()
    with torch.no_grad():
        model.score.weight.copy_(head(config.hidden_size))
        if model.score.bias is not None:
            model.score.bias.fill_(BIAS)
    return model


def scores(model, ids):
    with torch.no_grad():
        return model(torch.tensor([ids])).logits.flatten().tolist()


def write(path):
    answers, steps = (fixture(kind) for kind in
                      (AutoModelForSequenceClassification, AutoModelForTokenClassification))
    cases = []
    for ids in IDS:
        # Sequence classification looks for the last token that is no padding.
        assert ids[-1] != 0
        cases.append({"ids": ids, "answer": scores(answers, ids)[0], "steps": scores(steps, ids)})
    pathlib.Path(path).write_text(json.dumps(cases) + "\n")


def check(directory, texts):
    config = json.loads((pathlib.Path(directory) / "config.json").read_text())
    steps = config["architectures"][0].endswith("ForTokenClassification")
    kind = AutoModelForTokenClassification if steps else AutoModelForSequenceClassification
    model, loading = kind.from_pretrained(directory, dtype=torch.float32, output_loading_info=True)
    wrong = {what: sorted(names) for what, names in loading.items() if names and what != "error_msgs"}
    if wrong:
        sys.exit(f"{directory}: {wrong}")
    tokenizer = AutoTokenizer.from_pretrained(directory)
    print(type(model).__name__, "of", model.config.num_labels, "label")
    for text in texts:
        ids = tokenizer(text, add_special_tokens=False)["input_ids"]
        print(json.dumps({"tokens": len(ids), "score": scores(model.eval(), ids)[-1], "text": text}))


if __name__ == "__main__":
    if len(sys.argv) == 2 and sys.argv[1].endswith(".json"):
        write(sys.argv[1])
    elif len(sys.argv) >= 2:
        check(sys.argv[1], sys.argv[2:])
    else:
        sys.exit(__doc__)
