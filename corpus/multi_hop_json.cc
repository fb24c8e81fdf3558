// SPDX-License-Identifier: Apache-2.0
#include "corpus/multi_hop_json.h"

#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include <nlohmann/json.hpp>

#include "corpus/reasoning_chain.h"

namespace nelumbo {
namespace {

using nlohmann::json;

std::optional<std::string> text_in(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string())
    return std::nullopt;
  return found->get<std::string>();
}

std::optional<bool> flag_in(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_boolean())
    return std::nullopt;
  return found->get<bool>();
}

const json* list_in(const json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() || !found->is_array() ? nullptr : &*found;
}

/// What is wrong with a line, where something is.
using Fault = std::optional<std::string>;

Fault read_path(const json& object, MultiHopItem* item) {
  const json* path = list_in(object, "path");
  if (!path || path->size() < 2)
    return "path: must be a list of two or more stops";
  for (const json& stop : *path) {
    const auto id = text_in(stop, "id"), name = text_in(stop, "name");
    const auto shown = flag_in(stop, "shown");
    if (!id || !name || !shown)
      return "path: a stop must have id, name and shown";
    item->path.push_back({*id, *name, *shown});
  }
  return std::nullopt;
}

Fault read_steps(const json& object, MultiHopItem* item) {
  const json* steps = list_in(object, "steps");
  if (!steps || steps->size() + 1 != item->path.size())
    return "steps: must be a list, one shorter than path";
  for (const json& step : *steps) {
    const auto name = text_in(step, "relation");
    const auto inverse = flag_in(step, "inverse");
    const auto relation = name ? relation_of(*name) : std::nullopt;
    if (!relation || !inverse)
      return "steps: a step must have a known relation, and inverse";
    item->hops.push_back({*relation, *inverse});
  }
  return std::nullopt;
}

Fault read_choices(const json& object, MultiHopItem* item) {
  const json* choices = list_in(object, "choices");
  if (!choices)
    return "choices: must be a list";
  for (const json& choice : *choices) {
    if (!choice.is_string())
      return "choices: must be texts";
    item->choices.push_back(choice.get<std::string>());
  }
  return std::nullopt;
}

Fault read_item(const json& object, MultiHopItem* item) {
  if (!object.is_object())
    return "is no JSON object";
  const auto id = text_in(object, "id"), question = text_in(object, "question");
  if (!id || !question)
    return "id and question must be texts";
  item->id = *id;
  item->question = *question;
  for (const auto& read : {read_path, read_steps, read_choices})
    if (Fault fault = read(object, item))
      return fault;
  return std::nullopt;
}

/// An item that stands there twice would count twice.
Fault seen_before(const MultiHopItem& item, int64_t line,
                  std::unordered_map<std::string, int64_t>* ids,
                  std::unordered_map<std::string, int64_t>* questions) {
  const auto again = [&](const char* what, const auto& first) {
    return std::string("the ") + what + " stands also in line " +
           std::to_string(first.first->second) + "; remove one of the two";
  };
  if (const auto first = ids->emplace(item.id, line); !first.second)
    return again("id", first);
  if (const auto first = questions->emplace(item.question, line); !first.second)
    return again("question", first);
  return std::nullopt;
}

}  // namespace

std::string multi_hop_line(const MultiHopItem& item) {
  json path = json::array(), steps = json::array();
  for (const PathStop& stop : item.path)
    path.push_back({{"id", stop.id}, {"name", stop.name}, {"shown", stop.shown}});
  for (size_t i = 0; i < item.hops.size(); ++i)
    steps.push_back({{"from", item.path[i].name},
                     {"relation", words_of(item.hops[i].relation).name},
                     {"inverse", item.hops[i].inverse},
                     {"to", item.path[i + 1].name}});
  const json object{{"id", item.id},
                    {"question", item.question},
                    {"choices", item.choices},
                    {"answer", item.answer()},
                    {"difficulty", item.difficulty()},
                    {"hidden_hops", item.hidden_hops()},
                    {"path", path},
                    {"steps", steps},
                    {"chain", chain_of(item).text()}};
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<std::vector<MultiHopItem>> read_multi_hop(std::string_view lines, const std::string& place) {
  std::vector<MultiHopItem> items;
  std::unordered_map<std::string, int64_t> ids, questions;
  const auto place_of = [&](int64_t number) { return place + ":" + std::to_string(number) + ": "; };
  for (int64_t number = 1; !lines.empty(); ++number) {
    const size_t end = lines.find('\n');
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
    if (line.empty())
      continue;
    MultiHopItem item;
    const json object = json::parse(line, nullptr, false);
    if (const Fault fault = read_item(object, &item))
      return Error{Errc::kBadData, place_of(number) + *fault};
    if (const Fault fault = seen_before(item, number, &ids, &questions))
      return Error{Errc::kBadData, place_of(number) + *fault};
    items.push_back(std::move(item));
  }
  return items;
}

}  // namespace nelumbo
