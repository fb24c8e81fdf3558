// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "corpus/curation.h"

namespace nelumbo {

/// For each item, how many documents name the rarest entity that has to be found out: a hidden stop
/// or the answer.
std::vector<int64_t> rarest_named(const std::vector<MultiHopItem>& items,
                                  const std::vector<Document>& documents);

/// How often each document is to be drawn beside its entities: the share of its kind over how many
/// there are of it.
std::vector<double> share_factors(const std::vector<Document>& documents, const TextShares& shares);

/// curate/ of a run: corpus.jsonl, multihop_train.jsonl, multihop_validation.jsonl,
/// multihop_reading.jsonl, tokenizer.json, attachments.jsonl and report.json, into a folder that
/// exists.
Result<void> write_curated(const std::string& folder, const Curated& curated);

/// Reads that back; the attachments stay where they are. kBadData names file and line.
Result<Curated> read_curated(const std::string& folder);

}  // namespace nelumbo
