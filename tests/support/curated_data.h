// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/check.h"
#include "corpus/curation.h"

namespace nelumbo {

/// A small part of the knowledge graph, which takes little time to ask about.
inline CurateConfig small_curation() {
  CurateConfig config;
  config.entities = 120;
  config.questions = 120;
  config.reading = 60;
  config.most_hops = 3;
  config.validation_questions = 20;
  config.exam_questions = 5;
  return config;
}

/// The shipped data, curated once for a whole test program: seconds.
inline const Curated& shipped_curated() {
  static const Curated kCurated = [] {
    auto made =
        curate(std::string(NELUMBO_SOURCE_DIR) + "/data", small_curation(), {.vocab_size = 600}, 1);
    NELUMBO_CHECK(made.ok()) << made.error().message;
    return std::move(made).value();
  }();
  return kCurated;
}

}  // namespace nelumbo
