// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "corpus/document.h"

namespace nelumbo {

/// Reads the training texts of one file. Its form is told by its end and by the fields of its first
/// object:
///
///     {"id", "text"}                  JSON Lines of ours: the text; "source" if it has one
///     {"id", "messages"}              HealthBench: refused, it is for evaluation only
///     {"question", "answer"}          GSM8K: the problem, a line feed, the steps
///     {"question", "label_rationale"} MedMCQA: the rationale, where there is one
///     {"question", "label"}           MedQA, MMLU-medical: question and options
///     .json                           PubMedQA: the contexts, one document for each abstract
///     .obo                            an ontology: the definitions of its live terms
///
/// A file without ids numbers its lines: "line-17". The source is the name of the file's folder.
/// kBadData is "FILE:LINE: what; fix": malformed JSON, invalid UTF-8, a line that is too long, a
/// missing or empty field, an id that stands twice, a file without a document.
Result<std::vector<Document>> read_documents(const std::string& path);

/// The texts of a file as training must not contain them: of exam items the question and the
/// options, not the rationale; of PubMedQA the question, the contexts and the long answer; of
/// HealthBench all messages; else as read_documents().
Result<std::vector<Document>> read_reference_texts(const std::string& path);

/// The documents of several files, in their order. kBadData also when two files give the same
/// Document::name().
Result<std::vector<Document>> read_all_documents(const std::vector<std::string>& paths);

/// Writes {"id", "source", "text"}, one object a line, whole or not at all; the id is
/// Document::name(). read_documents() reads it back.
Result<void> write_documents(const std::string& path, const std::vector<Document>& documents);

}  // namespace nelumbo
