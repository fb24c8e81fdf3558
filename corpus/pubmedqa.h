// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "corpus/document.h"

namespace nelumbo {

/// One abstract of PubMedQA with its question.
struct PubmedqaRecord {
  std::string id;  ///< PubMed's number, "10808977"
  std::string question = {};
  std::vector<std::string> contexts = {};  ///< the parts of the abstract but its conclusion
  std::vector<std::string> headings = {};  ///< MeSH
  std::string long_answer = {};            ///< the conclusion
  std::string decision = {};               ///< yes, no or maybe
  Place place;
};

/// The text of such a file, which is UTF-8 without a zero byte and at most 512 MiB; it is one JSON
/// value, so that a line may be as long as the file. kBadData is "FILE:LINE: what; fix".
Result<std::string> read_whole_json(const std::string& path);

/// Reads a file in the form of pqal_train.json, one object of records by id, in the order of the
/// file. kBadData is "FILE:LINE: what; fix": malformed JSON, a key twice in one object, a missing
/// or empty field, an empty part of a list, and all that LineReader refuses but long lines: the
/// whole may stand on one.
Result<std::vector<PubmedqaRecord>> read_pubmedqa(const std::string& path);

}  // namespace nelumbo
