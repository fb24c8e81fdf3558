#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Steps of group-relative reinforcement learning beside TRL's, in one run.

    python3 -m venv build/trl && build/trl/bin/pip install -r bench/peers/grpo/requirements.txt
    scripts/fetch_model.sh smollm2
    build/trl/bin/python bench/peers/grpo/run.py build/release/nelumbo [--dtype fp32] [--prompts 4]
        [--samples 8] [--tokens 64] [--threads 1] [--steps 4] [--seeds 1] [--lr 1e-6] [--out build/grpo]

Both train SmolLM2-135M-Instruct on the questions of GSM8K: `prompts` of them a step, `samples` answers to
each of at most `tokens` tokens, drawn at temperature 1, no KL term, clipped ratios, the mean over the
tokens of a step, AdamW at a constant rate. The reward is digits.py. They draw other questions in another
order, so that only means compare. In bf16 the peer keeps all it trains in bf16, ours the masters in fp32;
where a processor has no products of bf16 the peer's take minutes. Prints one JSON line: seconds a step
(median, the first left out), tokens drawn a step, peak memory of the process, their ratios, and the mean
reward of each step and seed on both sides.
"""
import argparse
import json
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent.parent
MODEL, QUESTIONS = ROOT / "models/smollm2", ROOT / "data/gsm8k/train.jsonl"


def own(options, seed):
    """Runs the program; what its metrics say of each step."""
    folder = pathlib.Path(tempfile.mkdtemp(dir=options.out))
    sets = {"run.root": folder, "run.name": "own", "run.seed": seed, "run.checkpoint_every": 10**6,
            "model.dtype": options.dtype, "sampling.max_new_tokens": options.tokens,
            "placement.cores": options.threads, "engine.max_batch": options.prompts * options.samples,
            "engine.key_blocks": options.prompts * options.samples * (options.tokens // 16 + 1) + 512,
            "rl.steps": options.steps, "rl.validate_every": 10**6, "rl.prompts": options.prompts,
            "rl.group_size": options.samples, "rl.optimizer.lr": options.lr, "rl.optimizer.lr_end": options.lr}
    arguments = [a for key, value in sets.items() for a in ("--set", f"{key}={value}")]
    subprocess.run([options.program, "run", HERE / "run.yaml", *arguments], cwd=ROOT, check=True,
                   stdout=sys.stderr)
    lines = [json.loads(line) for line in (folder / "own/metrics.jsonl").read_text().splitlines()]
    steps = [line for line in lines if line["stage"] == "rl" and "time/step" in line]
    shutil.rmtree(folder)
    return {"seconds": [s["time/step"] for s in steps], "rewards": [s["reward/mean"] for s in steps],
            "tokens": [s["rollout/length/mean"] * options.prompts * options.samples for s in steps]}


def peer(options, seed):
    """The same by TRL, in this process."""
    import time

    import datasets
    import torch
    import transformers
    import trl
    from digits import value_of

    torch.set_num_threads(options.threads)
    kept = {"seconds": [], "rewards": [], "tokens": []}
    tokenizer = transformers.AutoTokenizer.from_pretrained(MODEL)

    def reward(completions, completion_ids, **_):
        values = [value_of(said[0]["content"]) for said in completions]
        kept["rewards"].append(statistics.mean(values))
        kept["tokens"].append(sum(map(len, completion_ids)))
        return values

    class Clock(transformers.TrainerCallback):
        def on_step_begin(self, *_, **__):
            self.begin = time.monotonic()

        def on_step_end(self, *_, **__):
            kept["seconds"].append(time.monotonic() - self.begin)

    rows = [json.loads(line)["question"] for line in QUESTIONS.read_text().splitlines()]
    prompts = datasets.Dataset.from_list([{"prompt": [{"role": "user", "content": r}]} for r in rows])
    with tempfile.TemporaryDirectory(dir=options.out) as folder:
        settings = trl.GRPOConfig(
            output_dir=folder, seed=seed, use_cpu=True, report_to=[], save_strategy="no", bf16=False,
            per_device_train_batch_size=options.prompts * options.samples, num_generations=options.samples,
            max_completion_length=options.tokens, max_steps=options.steps, temperature=1.0, beta=0.0,
            epsilon=0.2, epsilon_high=0.28, loss_type="dapo", scale_rewards="group",
            mask_truncated_completions=False, learning_rate=options.lr, lr_scheduler_type="constant",
            adam_beta1=0.9, adam_beta2=0.999, adam_epsilon=1e-8, weight_decay=0.0, max_grad_norm=1.0,
            gradient_checkpointing=False, logging_strategy="no")
        model = transformers.AutoModelForCausalLM.from_pretrained(
            MODEL, dtype=torch.bfloat16 if options.dtype == "bf16" else torch.float32)
        trl.GRPOTrainer(model=model, reward_funcs=reward, args=settings, train_dataset=prompts,
                        processing_class=tokenizer, callbacks=[Clock()]).train()
    return kept


def measured(side, options, seed):
    """What one side says, run as a process of its own, and the most memory it held, in MiB."""
    words = [sys.executable, __file__, options.program, "--side", side, "--seeds", str(seed), "--out", options.out]
    for key in ("dtype", "prompts", "samples", "tokens", "threads", "steps", "lr"):
        words += [f"--{key}", str(getattr(options, key))]
    environment = {**os.environ, "OMP_NUM_THREADS": str(options.threads), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    return json.loads(done.stdout.splitlines()[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--dtype", choices=("bf16", "fp32"), default="fp32")
    for key, value in (("prompts", 4), ("samples", 8), ("tokens", 64), ("threads", 1), ("steps", 4)):
        parser.add_argument(f"--{key}", type=int, default=value)
    parser.add_argument("--lr", type=float, default=1e-6)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--out", default=str(ROOT / "build/grpo"))
    parser.add_argument("--side", choices=("own", "peer"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.program = str(pathlib.Path(options.program).resolve())
    pathlib.Path(options.out).mkdir(parents=True, exist_ok=True)
    if options.side:
        said = (own if options.side == "own" else peer)(options, options.seeds[0])
        who = resource.RUSAGE_CHILDREN if options.side == "own" else resource.RUSAGE_SELF
        said["mib"] = resource.getrusage(who).ru_maxrss / 1024
        print(json.dumps(said))
        return
    sides = {side: [measured(side, options, seed) for seed in options.seeds] for side in ("own", "peer")}
    figures = {side: {"seconds": statistics.median(t for run in runs for t in run["seconds"][1:]),
                      "tokens": statistics.median(t for run in runs for t in run["tokens"][1:]),
                      "mib": max(run["mib"] for run in runs)} for side, runs in sides.items()}
    print(json.dumps({
        **{key: getattr(options, key) for key in ("dtype", "prompts", "samples", "tokens", "threads", "steps", "lr")},
        **figures, "times_as_fast": figures["peer"]["seconds"] / figures["own"]["seconds"],
        "memory": figures["own"]["mib"] / figures["peer"]["mib"],
        "rewards": {side: [run["rewards"] for run in runs] for side, runs in sides.items()}}))


if __name__ == "__main__":
    main()
