#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The reward of both sides: how much of what was said is digits, 1 from a tenth on. As a program it is
the verifier of reward.yaml."""
import json
import sys

ENOUGH = 0.1


def value_of(text):
    digits = sum(c in "0123456789" for c in text)
    return min(1.0, digits / (ENOUGH * max(len(text), 1)))


if __name__ == "__main__":
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps({"id": request["id"], "value": value_of(request["text"])}), flush=True)
