// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace nelumbo {

/// Where a text stands, so that a message can point at it.
struct Place {
  std::string file;
  int64_t line = 0;  ///< counted from 1

  /// "data/gsm8k/train.jsonl:17"
  std::string text() const { return file + ":" + std::to_string(line); }
};

/// One text of a corpus: {"b64a9cd7", "medmcqa", "Fast anterograde transport ...", place}.
struct Document {
  std::string id;      ///< unique within its file
  std::string source;  ///< the set it comes from: "pubmedqa", "gsm8k", ...
  std::string text;    ///< well-formed UTF-8, never empty
  Place place;

  /// Source and id: unique among all sets. An id that begins with its source already says both.
  std::string name() const { return id.starts_with(source + "/") ? id : source + "/" + id; }
};

}  // namespace nelumbo
