#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The program of external_example.yaml: how near a number is to the right one.

Each line of standard input is a request, each line of standard output its reply, with the same id.
"""
import json
import sys


def value_of(request):
    try:
        said, right = float(request["answer"]), float(request["truth"]["answer"])
    except ValueError:
        return 0, "no number"
    error = abs(said - right) / max(abs(right), 1)
    return max(0, 1 - error), f"off by {error:.0%}"


for line in sys.stdin:
    request = json.loads(line)
    value, evidence = value_of(request)
    print(json.dumps({"id": request["id"], "value": value, "evidence": evidence}), flush=True)
