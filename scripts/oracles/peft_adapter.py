#!/usr/bin/env python3
"""Compares log-probs of a model with an adapter: PEFT's, and ours of the merged weights.

    scripts/oracles/peft_adapter.py build/release/nelumbo MODEL
    scripts/oracles/peft_adapter.py build/release/nelumbo MODEL --adapter ADAPTER

MODEL is a Hugging Face directory. Without --adapter, PEFT makes and saves adapters of several kinds,
with draws in both factors; ADAPTER is one that a run of ours wrote, and MODEL its base. Exits 0 when
the largest difference is at most 1e-4, 6 when it is not.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForImageTextToText

LINEAR = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
KINDS = {
    "q_proj, v_proj": {"r": 4, "lora_alpha": 8, "target_modules": ["q_proj", "v_proj"]},
    "all linear": {"r": 8, "lora_alpha": 12, "target_modules": LINEAR},
    "rslora": {"r": 3, "lora_alpha": 5, "target_modules": LINEAR, "use_rslora": True},
}


def base_of(directory):
    sees = hasattr(AutoConfig.from_pretrained(directory), "vision_config")
    opener = AutoModelForImageTextToText if sees else AutoModelForCausalLM
    return opener.from_pretrained(directory, dtype=torch.float32, attn_implementation="eager").eval()


def sequences_of(model, count=8, length=40):
    draws = torch.Generator().manual_seed(1)
    size = model.get_input_embeddings().num_embeddings
    pictures = getattr(model.config, "image_token_id", None)
    rows = torch.randint(0, size, (count, length), generator=draws)
    rows[rows == (-1 if pictures is None else pictures)] = 0
    return rows


@torch.no_grad()
def logprobs_of(model, rows):
    logits = model(input_ids=rows).logits.double()
    every = torch.log_softmax(logits[:, :-1], dim=-1)
    return every.gather(2, rows[:, 1:, None])[:, :, 0]


def ours(binary, directory, adapter, rows):
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.write("".join(json.dumps({"tokens": row}) + "\n" for row in rows.tolist()))
        file.flush()
        done = subprocess.run([binary, "model", "score", directory, *adapter, "--input", file.name],
                              capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    found = [json.loads(line)["logprobs"] for line in done.stdout.splitlines()]
    return torch.tensor(found, dtype=torch.float64)


def made_adapter(directory, kind, folder):
    torch.manual_seed(2)
    model = get_peft_model(base_of(directory), LoraConfig(task_type="CAUSAL_LM", **kind)).eval()
    for name, value in model.named_parameters():
        if "lora_" in name:
            torch.nn.init.normal_(value, std=0.1)
    model.save_pretrained(folder)
    return model


def compare(name, binary, directory, adapter, model):
    rows = sequences_of(base_of(directory))
    theirs = logprobs_of(model, rows)
    worst = (theirs - ours(binary, directory, ["--adapter", adapter], rows)).abs().max().item()
    moved = (theirs - ours(binary, directory, [], rows)).abs().max().item()
    print(f"{name}: {theirs.numel()} tokens, largest log-prob difference {worst:.2e}; "
          f"without the adapter {moved:.2e}")
    return worst


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary")
    parser.add_argument("model", help="the base, a Hugging Face directory")
    parser.add_argument("--adapter", help="one that a run of ours wrote")
    parser.add_argument("--tolerance", type=float, default=1e-4)
    options = parser.parse_args()

    torch.set_num_threads(1)
    worst = []
    if options.adapter:
        model = PeftModel.from_pretrained(base_of(options.model), options.adapter).eval()
        worst.append(compare(options.adapter, options.binary, options.model, options.adapter, model))
    else:
        for name, kind in KINDS.items():
            with tempfile.TemporaryDirectory() as folder:
                place = pathlib.Path(folder) / "adapter"
                model = made_adapter(options.model, kind, place)
                worst.append(compare(name, options.binary, options.model, str(place), model))
    return 0 if max(worst) <= options.tolerance else 6


if __name__ == "__main__":
    sys.exit(main())
