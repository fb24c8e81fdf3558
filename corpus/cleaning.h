// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include <nlohmann/json.hpp>

#include "corpus/document.h"
#include "corpus/quality_loop.h"
#include "corpus/text_rules.h"

namespace nelumbo {

/// A text that left, by its place in the input.
struct RemovedText {
  int64_t document = 0;
  Removal reason = Removal::kDuplicate;
};

/// What cleaning did.
struct CleaningReport {
  int64_t read = 0, kept = 0;
  int64_t normalised = 0;                 ///< of the kept ones, those whose text changed
  std::vector<RemovedText> removed = {};  ///< in the order of the input
  QualityReport quality = {};

  std::map<Removal, int64_t> counts() const;  ///< all reasons, also those that removed nothing
};

/// {"read", "kept", "normalised", "removed": {"length": 14, ..}, "quality": {"rounds", ..}}
nlohmann::json to_json(const CleaningReport& report);

struct CleanedTexts {
  std::vector<Document> documents;  ///< in the order of the input, with normalised texts
  CleaningReport report;
};

/// The three stages: every text is normalised (corpus/normalisation.h) and the first of all equal
/// ones stays; what breaks a rule (corpus/text_rules.h) leaves; what a classifier bootstrapped from
/// the rules' verdicts (corpus/quality_loop.h) is sure about leaves. Same texts, same result.
CleanedTexts clean(std::vector<Document> documents, const RuleLimits& limits = {},
                   uint64_t seed = 0);

}  // namespace nelumbo
