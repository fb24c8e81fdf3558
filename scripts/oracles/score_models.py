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
from safetensors import safe_open
from transformers import (AutoConfig, AutoModel, AutoModelForSequenceClassification,
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


class TrunkAndHead:
    """For a model that sees, of which transformers has no such class: its trunk and our head."""

    def __init__(self, directory):
        self.trunk, loading = AutoModel.from_pretrained(directory, dtype=torch.float32,
                                                        output_loading_info=True)
        heads = set(loading["unexpected_keys"])
        assert heads <= {"score.weight", "score.bias"} and not loading["missing_keys"], loading
        with safe_open(pathlib.Path(directory) / "model.safetensors", "pt") as tensors:
            self.head = {name: tensors.get_tensor(name).float() for name in heads}

    def last_score(self, ids):
        with torch.no_grad():
            hidden = self.trunk.eval()(input_ids=torch.tensor([ids])).last_hidden_state[0, -1]
        return float(self.head["score.weight"][0] @ hidden + self.head.get("score.bias", torch.zeros(1)))


class WholeModel:
    def __init__(self, directory, kind):
        self.model, loading = kind.from_pretrained(directory, dtype=torch.float32,
                                                   output_loading_info=True)
        wrong = {what: sorted(names) for what, names in loading.items() if names}
        if wrong:
            sys.exit(f"{directory}: {wrong}")
        assert self.model.config.num_labels == 1

    def last_score(self, ids):
        return scores(self.model.eval(), ids)[-1]


def check(directory, texts):
    config = AutoConfig.from_pretrained(directory)
    kind = (AutoModelForTokenClassification
            if config.architectures[0].endswith("ForTokenClassification")
            else AutoModelForSequenceClassification)
    sees = hasattr(config, "vision_config")
    model = TrunkAndHead(directory) if sees else WholeModel(directory, kind)
    print(config.architectures[0], "as", type(model).__name__)
    tokenizer = AutoTokenizer.from_pretrained(directory)
    for text in texts:
        ids = tokenizer(text, add_special_tokens=False)["input_ids"]
        print(json.dumps({"tokens": len(ids), "score": model.last_score(ids), "text": text}))


if __name__ == "__main__":
    if len(sys.argv) == 2 and sys.argv[1].endswith(".json"):
        write(sys.argv[1])
    elif len(sys.argv) >= 2:
        check(sys.argv[1], sys.argv[2:])
    else:
        sys.exit(__doc__)
