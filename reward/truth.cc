// SPDX-License-Identifier: Apache-2.0
#include "reward/truth.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.h"
#include "reward/answers.h"

namespace nelumbo {

namespace {

std::optional<Box> box_in(const nlohmann::json& value) {
  if (!value.is_array() || value.size() != 4)
    return std::nullopt;
  for (const auto& side : value)
    if (!side.is_number())
      return std::nullopt;
  return Box{value[0].get<double>(), value[1].get<double>(), value[2].get<double>(),
             value[3].get<double>()};
}

const nlohmann::json* find(const nlohmann::json& truth, const std::string& field) {
  if (!truth.is_object())
    return nullptr;
  const auto at = truth.find(field);
  return at == truth.end() ? nullptr : &*at;
}

Error not_of_shape(const std::string& field, const std::string& shape) {
  return Error{Errc::kBadData, "truth field '" + field + "' is not " + shape};
}

template <class T, class Read>
Result<T> read(const nlohmann::json& truth, const std::string& field, const std::string& shape,
               Read read_value) {
  const nlohmann::json* const value = find(truth, field);
  if (value == nullptr)
    return Error{Errc::kBadData, "truth has no field '" + field + "'"};
  std::optional<T> got = read_value(*value);
  if (!got)
    return not_of_shape(field, shape);
  return std::move(*got);
}

template <class T, class Read>
std::optional<std::vector<T>> list_of(const nlohmann::json& value, Read read_value) {
  if (!value.is_array())
    return std::nullopt;
  std::vector<T> all;
  for (const auto& item : value) {
    std::optional<T> one = read_value(item);
    if (!one)
      return std::nullopt;
    all.push_back(std::move(*one));
  }
  return all;
}

std::optional<std::string> text_in(const nlohmann::json& value) {
  return value.is_string() ? std::optional(value.get<std::string>()) : std::nullopt;
}

constexpr size_t kMostCriteria = 200;
constexpr double kMostPoints = 10;

std::optional<TruthCriterion> criterion_in(const nlohmann::json& value, TruthShape shape) {
  constexpr std::array<std::string_view, 4> kKinds = {"essential", "important", "optional",
                                                      "pitfall"};
  if (!value.is_object() || !value.contains("criterion"))
    return std::nullopt;
  TruthCriterion out;
  out.criterion = text_in(value["criterion"]).value_or("");
  if (is_blank(out.criterion))
    return std::nullopt;
  if (shape == TruthShape::kKinds) {
    out.kind = value.contains("kind") ? text_in(value["kind"]).value_or("") : "important";
    return std::ranges::find(kKinds, out.kind) == kKinds.end() ? std::nullopt : std::optional(out);
  }
  if (!value.contains("points") || !value["points"].is_number())
    return std::nullopt;
  out.points = value["points"].get<double>();
  return std::abs(out.points) <= kMostPoints ? std::optional(out) : std::nullopt;
}

std::optional<std::vector<TruthCriterion>> rubric_in(const nlohmann::json& value,
                                                     TruthShape shape) {
  auto all = list_of<TruthCriterion>(
      value, [shape](const nlohmann::json& one) { return criterion_in(one, shape); });
  const bool counts =
      shape == TruthShape::kKinds ||
      (all && std::ranges::any_of(*all, [](const TruthCriterion& one) { return one.points > 0; }));
  return all && counts && !all->empty() && all->size() <= kMostCriteria ? all : std::nullopt;
}

std::optional<std::string> talk_in(const nlohmann::json& value) {
  const auto turns =
      list_of<std::string>(value, [](const nlohmann::json& one) -> std::optional<std::string> {
        if (!one.is_object() || !one.contains("role") || !one.contains("content"))
          return std::nullopt;
        const auto role = text_in(one["role"]), content = text_in(one["content"]);
        return role && content ? std::optional(*role + ": " + *content) : std::nullopt;
      });
  return turns && !turns->empty() ? std::optional(joined(*turns, "\n\n")) : std::nullopt;
}

Result<void> check_shape(const TruthField& field, const nlohmann::json& truth) {
  const auto outcome = [](const auto& result) {
    return result.ok() ? Result<void>() : Result<void>(result.error());
  };
  switch (field.shape) {
    case TruthShape::kText:
      return outcome(truth_text(truth, field.name));
    case TruthShape::kTexts:
      return outcome(truth_texts(truth, field.name));
    case TruthShape::kAnswer:
      return outcome(truth_answer(truth, field.name));
    case TruthShape::kQuantity:
      return outcome(truth_quantity(truth, field.name));
    case TruthShape::kNumber:
      return outcome(truth_number(truth, field.name));
    case TruthShape::kBox:
      return outcome(truth_box(truth, field.name));
    case TruthShape::kPoints:
    case TruthShape::kKinds:
      return outcome(truth_criteria(truth, field.name, field.shape));
    case TruthShape::kTalk:
      return outcome(truth_talk(truth, field.name));
    case TruthShape::kBoxes:
      return outcome(truth_boxes(truth, field.name));
    case TruthShape::kAny:
      break;
  }
  return {};
}

}  // namespace

Result<void> check_truth(const TruthField& field, const std::string& task,
                         const nlohmann::json& truth) {
  if (find(truth, field.name) == nullptr) {
    std::vector<std::string> names;
    std::string list;
    if (truth.is_object()) {
      for (const auto& [name, value] : truth.items()) {
        names.push_back(name);
        list += (list.empty() ? "" : ", ") + name;
      }
    }
    return Error{Errc::kInvalidConfig, field.place + ": the data of task '" + task +
                                           "' has no field '" + field.name + "'; it has " +
                                           (list.empty() ? "none" : list) +
                                           did_you_mean(field.name, names)};
  }
  if (const auto done = check_shape(field, truth); !done)
    return Error{Errc::kInvalidConfig,
                 field.place + ": in the data of task '" + task + "' " + done.error().message};
  return {};
}

Result<std::string> truth_text(const nlohmann::json& truth, const std::string& field) {
  return read<std::string>(truth, field, "text", text_in);
}

Result<std::vector<std::string>> truth_texts(const nlohmann::json& truth,
                                             const std::string& field) {
  return read<std::vector<std::string>>(
      truth, field, "a list of texts",
      [](const nlohmann::json& value) { return list_of<std::string>(value, text_in); });
}

Result<std::string> truth_answer(const nlohmann::json& truth, const std::string& field) {
  return read<std::string>(truth, field, "text or a number",
                           [](const nlohmann::json& value) -> std::optional<std::string> {
                             return value.is_number() ? value.dump() : text_in(value);
                           });
}

Result<Quantity> truth_quantity(const nlohmann::json& truth, const std::string& field) {
  const auto text = truth_answer(truth, field);
  if (!text)
    return text.error();
  constexpr double kLastExact = 9007199254740992;  // 2^53
  if (const auto& value = truth[field];
      value.is_number_float() && std::abs(value.get<double>()) >= kLastExact)
    return Error{Errc::kBadData, "truth field '" + field + "' is " + text.value() +
                                     ", a number that JSON rounds; write it as text"};
  const auto quantity = quantity_of(text.value());
  return quantity ? Result<Quantity>(*quantity) : not_of_shape(field, "a number");
}

Result<double> truth_number(const nlohmann::json& truth, const std::string& field) {
  return read<double>(
      truth, field, "a number", [](const nlohmann::json& value) -> std::optional<double> {
        if (value.is_number())
          return value.get<double>();
        return value.is_string() ? number_of(value.get<std::string>()) : std::nullopt;
      });
}

Result<Box> truth_box(const nlohmann::json& truth, const std::string& field) {
  return read<Box>(truth, field, "a box [x0, y0, x1, y1]", box_in);
}

Result<std::vector<Box>> truth_boxes(const nlohmann::json& truth, const std::string& field) {
  return read<std::vector<Box>>(
      truth, field, "a list of boxes [x0, y0, x1, y1]",
      [](const nlohmann::json& value) { return list_of<Box>(value, box_in); });
}

Result<std::vector<TruthCriterion>> truth_criteria(const nlohmann::json& truth,
                                                   const std::string& field, TruthShape shape) {
  return read<std::vector<TruthCriterion>>(
      truth, field,
      shape == TruthShape::kPoints
          ? "a rubric, [{\"criterion\": \"..\", \"points\": from -10 to 10}, ..], of 1 to 200 "
            "criteria, one of them with positive points"
          : "a rubric, [{\"criterion\": \"..\", \"kind\": essential, important, optional or "
            "pitfall}, ..], of 1 to 200 criteria",
      [shape](const nlohmann::json& value) { return rubric_in(value, shape); });
}

Result<std::string> truth_talk(const nlohmann::json& truth, const std::string& field) {
  return read<std::string>(
      truth, field, "a conversation, [{\"role\": \"user\", \"content\": \"..\"}, ..]", talk_in);
}

}  // namespace nelumbo
