// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "model/image.h"
#include "reward/quantity.h"

namespace nelumbo {

/// What a truth field must hold for a term to work.
enum class TruthShape {
  kText,      ///< a string
  kTexts,     ///< a list of strings
  kAnswer,    ///< a string or a number, read as text
  kQuantity,  ///< the same, which quantity_of() reads
  kNumber,    ///< a number, or a string that is one
  kBox,       ///< [x0, y0, x1, y1] in pixels of the original picture
  kBoxes,     ///< a list of those
  kAny,       ///< whatever JSON has
  kPoints,    ///< a rubric whose criteria have points, as HealthBench's
  kKinds,     ///< a rubric whose criteria have a kind
  kTalk,      ///< a conversation: [{"role": "user", "content": ".."}, ..]
};

/// One criterion of a rubric that comes with the data.
struct TruthCriterion {
  std::string criterion;
  double points = 0;  ///< of kPoints
  std::string kind;   ///< of kKinds: essential, important, optional or pitfall
};

/// A field of a prompt's truth that a term names, and which key of the spec names it.
struct TruthField {
  std::string name;
  TruthShape shape = TruthShape::kText;
  std::string place;  ///< "smear.yaml:12:9: specs.locate.layers.rule.terms[1].truth"
};

/// Why `truth` does not have `field`: says place, field, task and the fields that exist.
Result<void> check_truth(const TruthField& field, const std::string& task,
                         const nlohmann::json& truth);

/// Readers of one field; kBadData names the field when it is missing or of another shape.
Result<std::string> truth_text(const nlohmann::json& truth, const std::string& field);
Result<std::vector<std::string>> truth_texts(const nlohmann::json& truth, const std::string& field);
/// A number as JSON writes it.
Result<std::string> truth_answer(const nlohmann::json& truth, const std::string& field);
Result<Quantity> truth_quantity(const nlohmann::json& truth, const std::string& field);
Result<double> truth_number(const nlohmann::json& truth, const std::string& field);
Result<Box> truth_box(const nlohmann::json& truth, const std::string& field);
Result<std::vector<Box>> truth_boxes(const nlohmann::json& truth, const std::string& field);
/// A rubric: [{"criterion": "..", "points": 7}, ..], points from -10 to 10, or with a "kind"; from
/// 1 to 200 criteria, one of them with positive points. Other keys are passed over.
Result<std::vector<TruthCriterion>> truth_criteria(const nlohmann::json& truth,
                                                   const std::string& field, TruthShape shape);
/// A conversation in words: "user: ..", a blank line, "assistant: ..".
Result<std::string> truth_talk(const nlohmann::json& truth, const std::string& field);

}  // namespace nelumbo
