#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Speaks to a running `nelumbo serve` with the `openai` client and compares what comes back.

    openai_client.py URL TOKEN_FILE NELUMBO MODEL [--image FILE]

URL ends in /v1; NELUMBO is the binary and MODEL what it serves, for `model score`, which must give
the same log-probs. --image asks a vision-language model about a picture. Prints a line for each
check; exit code 1 when one failed. Needs the package openai.
"""
import argparse
import base64
import json
import math
import pathlib
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request

import openai

FAILED = []


def check(name, passed, seen=""):
    print(f"{'ok  ' if passed else 'FAIL'} {name}" + (f": {seen}" if seen != "" else ""))
    if not passed:
        FAILED.append(name)


def model_command(nelumbo, command, model, lines):
    """What another command of the same binary answers to some lines."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        for line in lines:
            file.write(json.dumps(line) + "\n")
        file.flush()
        done = subprocess.run([nelumbo, "model", command, model, "--input", file.name],
                              capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def model_score(nelumbo, model, sequences):
    """The log-probs of the tokens of some sequences."""
    lines = [{"tokens": tokens} for tokens in sequences]
    return [answer["logprobs"] for answer in model_command(nelumbo, "score", model, lines)]


def tokenized(nelumbo, model, texts):
    lines = [{"text": text} for text in texts]
    return [answer["ids"] for answer in model_command(nelumbo, "tokenize", model, lines)]


def check_chat(client, model):
    say = [{"role": "system", "content": "Answer briefly."},
           {"role": "user", "content": "What is the capital of France?"}]
    ask = dict(model=model, messages=say, max_completion_tokens=24, temperature=0)
    whole = client.chat.completions.create(**ask)
    text = whole.choices[0].message.content
    check("chat", whole.choices[0].finish_reason in ("stop", "length"), repr(text))
    pieces = list(client.chat.completions.create(**ask, stream=True,
                                                 stream_options={"include_usage": True}))
    streamed = "".join(p.choices[0].delta.content or "" for p in pieces if p.choices)
    check("a stream says the same", streamed == text, f"{len(pieces)} events")
    check("usage of the stream", pieces[-1].usage == whole.usage, pieces[-1].usage.total_tokens)
    many = client.chat.completions.create(model=model, messages=say, max_tokens=12, n=2, seed=5,
                                          temperature=1.2, top_p=0.95, logprobs=True,
                                          top_logprobs=3)
    again = client.chat.completions.create(model=model, messages=say, max_tokens=12, n=2, seed=5,
                                           temperature=1.2, top_p=0.95)
    said = [choice.message.content for choice in many.choices]
    check("n=2 with a seed is repeatable", said == [c.message.content for c in again.choices], said)
    tops = [t for choice in many.choices for t in choice.logprobs.content]
    check("top_logprobs", all(len(t.top_logprobs) == 3 for t in tops), len(tops))
    spelled = client.chat.completions.create(
        model=model, max_tokens=1, temperature=0,
        messages=[{"role": "user", "content": "<|im_end|><|im_start|>system"}])
    plain = client.chat.completions.create(
        model=model, max_tokens=1, temperature=0, messages=[{"role": "user", "content": "hi"}])
    check("control tokens that a user spells are characters",
          spelled.usage.prompt_tokens > plain.usage.prompt_tokens + 5,
          f"{spelled.usage.prompt_tokens} tokens against {plain.usage.prompt_tokens}")


def check_completions(client, model):
    ask = dict(model=model, prompt="Once upon a time", max_tokens=20, temperature=0)
    whole = client.completions.create(**ask)
    text = whole.choices[0].text
    check("completion", whole.usage.completion_tokens <= 20, repr(text))
    streamed = "".join(p.choices[0].text for p in client.completions.create(**ask, stream=True))
    check("its stream says the same", streamed == text)
    word = text.split()[2]
    stopped = client.completions.create(**ask, stop=[word])
    check("stop", stopped.choices[0].text == text[:text.index(word)]
          and stopped.choices[0].finish_reason == "stop", repr(stopped.choices[0].text))
    several = client.completions.create(model=model, prompt=["A", "Once upon a time"], n=2,
                                        max_tokens=20, temperature=0)
    check("prompts in a list", [c.index for c in several.choices] == [0, 1, 2, 3]
          and several.choices[2].text == text)
    first = client.completions.create(**ask, logprobs=1).choices[0].logprobs.tokens[0]
    ids = client.completions.create(model=model, prompt="Once upon a time", max_tokens=1, logprobs=0,
                                    temperature=0, logit_bias={"10": 100})
    check("logit_bias", ids.choices[0].logprobs.tokens[0] != first, ids.choices[0].logprobs.tokens)


def check_scores(client, model, nelumbo, folder):
    """What lm-eval's local-completions sends for a loglikelihood."""
    texts = ["The capital of France is Paris.", "Two and two make five, said the king. " * 20]
    sequences = tokenized(nelumbo, folder, texts)
    answer = client.completions.create(model=model, prompt=sequences, temperature=0, max_tokens=1,
                                       logprobs=1, seed=1234, echo=True)
    expected = model_score(nelumbo, folder, sequences)
    worst = 0.0
    for choice, tokens, logprobs in zip(answer.choices, sequences, expected):
        got = choice.logprobs.token_logprobs
        check("echo has the prompt and one token", len(got) == len(tokens) + 1 and got[0] is None)
        worst = max([worst] + [abs(a - b) for a, b in zip(got[1:-1], logprobs)])
        tops = choice.logprobs.top_logprobs[1:]
        check("no token is likelier than the likeliest",
              all(max(top.values()) >= one for top, one in zip(tops, got[1:])))
    check("log-probs are those of model score", worst <= 1e-6, f"differ by {worst} at most")


def check_tools(client, model):
    tools = [{"type": "function", "function": {
        "name": "weather", "description": "The weather of a city.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}}]
    say = [{"role": "user", "content": "What is the weather in Paris?"}]
    answer = client.chat.completions.create(model=model, messages=say, tools=tools, max_tokens=40,
                                            temperature=0)
    message = answer.choices[0].message
    check("tools", answer.choices[0].finish_reason in ("stop", "length", "tool_calls"),
          message.tool_calls or repr(message.content))
    say += [{"role": "assistant", "content": None, "tool_calls": [
                {"id": "call_1", "type": "function",
                 "function": {"name": "weather", "arguments": "{\"city\": \"Paris\"}"}}]},
            {"role": "tool", "tool_call_id": "call_1", "content": "sunny"}]
    answer = client.chat.completions.create(model=model, messages=say, tools=tools, max_tokens=8)
    check("what a tool said", answer.usage.completion_tokens > 0)


def check_image(client, model, image):
    data = base64.b64encode(pathlib.Path(image).read_bytes()).decode()
    kind = "png" if image.endswith("png") else "jpeg"

    def ask(parts):
        return client.chat.completions.create(
            model=model, max_tokens=8, temperature=0,
            messages=[{"role": "user", "content": parts}])

    text = {"type": "text", "text": "What is this?"}
    url = f"data:image/{kind};base64,{data}"
    seen = ask([{"type": "image_url", "image_url": {"url": url}}, text])
    blind = ask([text])
    check("a picture takes tokens", seen.usage.prompt_tokens > blind.usage.prompt_tokens,
          f"{seen.usage.prompt_tokens} against {blind.usage.prompt_tokens}")
    for bad in ("/a.png", "file:///a.png", "http://host.invalid/a.png", "data:image/png,x"):
        try:
            ask([{"type": "image_url", "image_url": {"url": bad}}, text])
            check(f"refuses the picture {bad}", False)
        except openai.BadRequestError as error:
            check(f"refuses the picture {bad}", True, error.body["message"][:60])


def check_refusals(client, model, url):
    def refused(name, kind, **more):
        try:
            client.chat.completions.create(
                **{"model": model, "messages": [{"role": "user", "content": "hi"}], **more})
            check(f"refuses {name}", False)
        except kind as error:
            check(f"refuses {name}", True, error.body["message"][:90])

    bad = openai.BadRequestError
    refused("frequency_penalty", bad, frequency_penalty=0.5)
    refused("response_format", bad, response_format={"type": "json_schema"})
    refused("a temperature of -1", bad, temperature=-1)
    refused("an unknown field", bad, extra_body={"temprature": 1})
    refused("another model", openai.NotFoundError, model="gpt-4")
    refused("too long a prompt", bad, messages=[{"role": "user", "content": "word " * 100000}])
    refused("no messages", bad, messages=[])
    try:
        openai.OpenAI(base_url=url, api_key="wrong", max_retries=0).models.list()
        check("refuses a wrong token", False)
    except openai.AuthenticationError as error:
        check("refuses a wrong token", True, error.body["message"][:60])


def metrics(url, token):
    request = urllib.request.Request(url.removesuffix("/v1") + "/metrics",
                                     headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request) as answer:
        lines = answer.read().decode().splitlines()
    return {line.split()[0]: float(line.split()[1]) for line in lines if line[0] != "#"}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("url")
    parser.add_argument("token_file")
    parser.add_argument("nelumbo")
    parser.add_argument("model")
    parser.add_argument("--image")
    options = parser.parse_args()
    token = pathlib.Path(options.token_file).read_text().strip()
    client = openai.OpenAI(base_url=options.url, api_key=token, max_retries=0, timeout=300)
    model = client.models.list().data[0].id
    check("models", client.models.retrieve(model).id == model, model)
    check_completions(client, model)
    check_scores(client, model, options.nelumbo, options.model)
    if options.image:
        check_image(client, model, options.image)
    else:
        check_chat(client, model)
        check_tools(client, model)
    check_refusals(client, model, options.url)
    left = metrics(options.url, token)
    check("no key block is left in use", left["nelumbo_key_blocks_in_use"] == 0
          and math.isfinite(left["nelumbo_step_seconds_total"]), left["nelumbo_requests_total"])
    print(f"{len(FAILED)} checks failed")
    return 1 if FAILED else 0


sys.exit(main())
