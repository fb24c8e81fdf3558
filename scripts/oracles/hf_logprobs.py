#!/usr/bin/env python3
"""Opens a trained policy with transformers and compares its log-probs with ours.

    build/release/nelumbo generate runs/quickstart --image PICTURE --task locate \\
        --temperature 1 --samples 8 --dump dump.json
    scripts/oracles/hf_logprobs.py runs/quickstart dump.json

The dump has the tokens that were drawn, their log-probs, and the pixels that the network saw.
Exits 0 when the largest difference is at most 2e-4, 6 when it is not.
"""
import argparse
import json
import pathlib
import sys

import torch
from transformers import AutoTokenizer, Idefics3ForConditionalGeneration

INSIDE = ["", "hf", "checkpoints/latest/hf"]


def policy_directory(model):
    for inside in INSIDE:
        if (pathlib.Path(model) / inside / "config.json").exists():
            return pathlib.Path(model) / inside
    sys.exit(f"{model}: no policy here; name a Hugging Face directory, a checkpoint or a run")


def pixel_tensor(answer, size):
    pictures = [torch.tensor(p, dtype=torch.float32).view(3, size, size) for p in answer["pixels"]]
    return torch.stack(pictures)[None]


@torch.no_grad()
def logprobs_of(model, prompt, answer, size, temperature):
    """Log-probs of the tokens behind the prompt, as transformers computes them."""
    tokens = torch.tensor([prompt + answer["tokens"]])
    pixels = pixel_tensor(answer, size)
    mask = torch.ones(pixels.shape[:2] + pixels.shape[3:], dtype=torch.bool)
    logits = model(input_ids=tokens, pixel_values=pixels, pixel_attention_mask=mask).logits[0]
    logits = logits.double() / (temperature or 1)
    rows = torch.log_softmax(logits[len(prompt) - 1 : -1], dim=-1)
    return rows.gather(1, tokens[0, len(prompt) :, None])[:, 0]


def differences(model, dump):
    """Of every token that the policy drew itself; what tools said has no log-prob."""
    found = []
    for answer in dump["answers"]:
        theirs = logprobs_of(model, dump["prompt_tokens"], answer, dump["image_size"],
                             dump["temperature"])
        drawn = torch.tensor(answer["sampled"], dtype=torch.bool)
        ours = torch.tensor(answer["logprobs"], dtype=torch.float64)
        found += (theirs - ours)[drawn].abs().tolist()
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", help="a run, a checkpoint or a Hugging Face directory")
    parser.add_argument("dump", help="what `nelumbo generate --dump` wrote")
    parser.add_argument("--tolerance", type=float, default=2e-4)
    options = parser.parse_args()

    torch.set_num_threads(1)
    directory = policy_directory(options.model)
    dump = json.loads(pathlib.Path(options.dump).read_text())
    tokenizer = AutoTokenizer.from_pretrained(directory)
    model = Idefics3ForConditionalGeneration.from_pretrained(
        directory, dtype=torch.float32, attn_implementation="eager").eval()
    if len(tokenizer) != model.config.text_config.vocab_size:
        sys.exit(f"{directory}: the tokenizer has {len(tokenizer)} tokens, the model "
                 f"{model.config.text_config.vocab_size}")
    found = differences(model, dump)
    if not found:
        sys.exit(f"{options.dump}: no token was drawn")
    print(f"{len(found)} tokens, largest log-prob difference {max(found):.2e} "
          f"(at most {options.tolerance:.0e})")
    return 0 if max(found) <= options.tolerance else 6


if __name__ == "__main__":
    sys.exit(main())
