// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reward/term.h"

namespace nelumbo {

/// {kind: external, command: [grade.py, strict], files: [words.txt], folders: [lib], needs:
/// [answer], wall: 5, cpu: 5, start: 0, memory_mb: 512, output_kb: 64, sandbox: any}: the value
/// that a program of the user's gives (reward/external_protocol.h), which runs behind the best wall
/// of base/sandbox.h.
///
/// Paths are relative to the folder of the specification. The program, words of `command` that name
/// a file, and `files` are read with the specification and belong to its hash; of this machine's
/// files the program sees these and `folders`, beside the system's own. A program that dies is
/// asked once more in a new process; a sample of which it died twice is quarantined and never asked
/// about again. A limit of time is kOutOfTime. Answers of the last 4096 requests are remembered, so
/// that the same request is asked once.
Result<TermPtr> read_external(const SpecNode& node, TermHeader& header);

}  // namespace nelumbo
