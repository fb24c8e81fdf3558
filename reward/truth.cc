// SPDX-License-Identifier: Apache-2.0
#include "reward/truth.h"

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

}  // namespace nelumbo
