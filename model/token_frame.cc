// SPDX-License-Identifier: Apache-2.0
#include "model/token_frame.h"

#include <cstddef>

#include <nlohmann/json.hpp>

#include "model/step_fields.h"

namespace nelumbo {
namespace {

using nlohmann::json;

/// Tokens around a text at most.
constexpr size_t kLargestFrame = 1024;
const char* const kSupported =
    "ByteLevel, TemplateProcessing, BertProcessing, RobertaProcessing and Sequence";

/// The token of `"sep": ["</s>", 2]`.
Result<int32_t> named_token(const json& step, const char* name, const std::string& place) {
  if (!step.contains(name) || !step[name].is_array() || step[name].size() != 2)
    return bad_data(place, std::string(name) + " must be a token and its id");
  return token_id(step[name][1], place + ": " + name);
}

Result<TokenFrame> of_marks(const json& step, const std::string& place) {
  const Result<int32_t> start = named_token(step, "cls", place);
  if (!start)
    return start.error();
  const Result<int32_t> end = named_token(step, "sep", place);
  if (!end)
    return end.error();
  return TokenFrame{{start.value()}, {end.value()}};
}

/// Appends the ids of a template's special token.
Result<void> append_special(const json& tokens, const json& piece, std::vector<int32_t>& ids,
                            const std::string& place) {
  const json name = piece.is_object() ? piece.value("id", json()) : json();
  if (!name.is_string() || !tokens.is_object() || !tokens.contains(name.get<std::string>()))
    return bad_data(place, "the template's token " + excerpt(name) + " is not in special_tokens");
  const json& token = tokens[name.get<std::string>()];
  if (!token.is_object() || !token.contains("ids") || !token["ids"].is_array() ||
      token["ids"].size() + ids.size() > kLargestFrame)
    return bad_data(place, "special token " + excerpt(name) + " must have a list of ids, at most " +
                               std::to_string(kLargestFrame) + " in all");
  for (const json& value : token["ids"]) {
    const Result<int32_t> id = token_id(value, place + ": special token " + excerpt(name));
    if (!id)
      return id.error();
    ids.push_back(id.value());
  }
  return {};
}

Result<TokenFrame> of_template(const json& step, const std::string& place) {
  if (!step.contains("single") || !step["single"].is_array())
    return bad_data(place, "a TemplateProcessing must have a list `single`");
  const json tokens = step.value("special_tokens", json());
  TokenFrame frame;
  bool is_behind = false;
  for (const json& piece : step["single"]) {
    const bool is_object = piece.is_object() && piece.size() == 1;
    if (is_object && piece.contains("SpecialToken")) {
      const auto done = append_special(tokens, piece["SpecialToken"],
                                       is_behind ? frame.after : frame.before, place);
      if (!done)
        return done.error();
    } else if (is_object && piece.contains("Sequence") && piece["Sequence"].is_object() &&
               piece["Sequence"].value("id", json()) == "A" && !is_behind) {
      is_behind = true;
    } else {
      return bad_data(place, "in the template `single`, " + excerpt(piece) +
                                 " is not supported; special tokens and one sequence A are");
    }
  }
  if (!is_behind)
    return bad_data(place, "the template `single` must have the sequence A");
  return frame;
}

}  // namespace

Result<TokenFrame> TokenFrame::parse(const json& part, const std::string& place) {
  const auto steps = steps_in_order(part, "processors", place);
  if (!steps)
    return steps.error();
  TokenFrame frame;
  bool is_made = false;
  for (const json* step : steps.value()) {
    const std::string type = step_type(*step);
    if (type == "ByteLevel")
      continue;
    const bool is_template = type == "TemplateProcessing";
    if (!is_template && type != "BertProcessing" && type != "RobertaProcessing")
      return unsupported_step(place, *step, kSupported);
    if (is_made)
      return bad_data(place, "a second step that adds tokens, " + type + ", is not supported");
    is_made = true;
    Result<TokenFrame> made = is_template ? of_template(*step, place) : of_marks(*step, place);
    if (!made)
      return made;
    frame = std::move(made).value();
  }
  return frame;
}

}  // namespace nelumbo
