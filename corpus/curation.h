// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "corpus/config.h"
#include "corpus/document.h"
#include "corpus/entity_tagger.h"
#include "corpus/multi_hop.h"
#include "model/tokenizer.h"

namespace nelumbo {

/// What the stage curate gives to the others.
// NOLINTNEXTLINE(bugprone-exception-escape): moving JSON is noexcept, its checks are what throws.
struct Curated {
  std::vector<Document> documents;                 ///< to pretrain on; the facts stand last
  std::vector<std::vector<EntityCount>> entities;  ///< that each of them names
  int64_t nodes = 0;                               ///< of the entity tree
  std::vector<MultiHopItem> training, validation;
  std::vector<MultiHopItem> reading;  ///< to train on with their facts in sight
  Tokenizer tokenizer;
  std::string attachments;  ///< where each term was hung on the tree, and why; JSON Lines
  nlohmann::json report;    ///< every figure that the stage measured, without times
};

/// The whole stage, a pure function of data, configuration and seed:
///
///   texts      read, cleaned in three stages (corpus/cleaning.h), their evaluation parts and what
///              shares too much with an evaluation text left out (corpus/decontamination.h)
///   entities   the tree of MeSH and the Disease Ontology; every text tagged; coverage of PubMedQA
///   knowledge  a part of the graph that begins at entities which few texts name, as documents
///   questions  multi-hop over that part and, with the facts beside them, over the whole graph;
///              audited; no training path holds one of validation
///   tokenizer  trained on what the run reads and says
///
/// kBadData names file and line, kCheckFailed what the audit found.
Result<Curated> curate(const std::string& root, const CurateConfig& config,
                       const TokenizerConfig& tokenizer, uint64_t seed);

}  // namespace nelumbo
