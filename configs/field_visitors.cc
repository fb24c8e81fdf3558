// SPDX-License-Identifier: Apache-2.0
#include "configs/field_visitors.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "base/text.h"

namespace nelumbo {
namespace {

using Kind = YamlNode::Kind;

std::optional<size_t> index_of(std::string_view text) {
  size_t index = 0;
  const auto done = std::from_chars(text.data(), text.data() + text.size(), index);
  if (done.ec != std::errc() || done.ptr != text.data() + text.size())
    return std::nullopt;
  return index;
}

const YamlNode* child(const YamlNode& node, std::string_view part) {
  if (node.kind == Kind::kMapping)
    return node.find(part);
  const auto index = index_of(part);
  const bool inside = node.kind == Kind::kSequence && index && *index < node.items.size();
  return inside ? &node.items[*index] : nullptr;
}

/// The paths of all keys below `node` whose last part is `key`.
void collect_paths(const YamlNode& node, const std::string& path, std::string_view key,
                   std::vector<std::string>& found) {
  if (node.kind != Kind::kMapping)
    return;
  for (size_t i = 0; i < node.keys.size(); ++i) {
    const std::string below = joined_path(path, node.keys[i]);
    if (node.keys[i] == key)
      found.push_back(below);
    collect_paths(node.items[i], below, key, found);
  }
}

}  // namespace

std::string joined_path(const std::string& path, const std::string& name) {
  return path.empty() ? name : path + "." + name;
}

const YamlNode* node_at(const YamlNode& root, const std::string& path) {
  const YamlNode* node = &root;
  for (size_t start = 0; node != nullptr && start < path.size();) {
    const size_t end = std::min(path.find('.', start), path.size());
    node = child(*node, std::string_view(path).substr(start, end - start));
    start = end + 1;
  }
  return node;
}

Error Problem::error() const {
  return {Errc::kInvalidConfig, place + ": " + (path.empty() ? "" : path + ": ") + reason};
}

void ConfigReading::check_keys(const YamlNode& section, const std::string& path) {
  const YamlNode* known = node_at(defaults_, path);
  std::map<std::string, std::string> seen;
  for (size_t i = 0; i < section.keys.size(); ++i) {
    const std::string& key = section.keys[i];
    const std::string full = joined_path(path, valid_utf8(key));
    if (const auto [first, is_new] = seen.emplace(key, section.key_places[i]); !is_new)
      report(section.key_places[i], full, "given twice, first at " + first->second);
    else if (known != nullptr && known->find(key) == nullptr)
      report(section.key_places[i], full, "unknown key" + suggestion(path, key));
  }
}

std::string ConfigReading::suggestion(const std::string& path, const std::string& key) const {
  const YamlNode* section = node_at(defaults_, path);
  if (section != nullptr && nearest_word(key, section->keys))
    return did_you_mean(key, section->keys);
  std::vector<std::string> elsewhere;
  if (section != nullptr)
    collect_paths(*section, path, key, elsewhere);
  if (elsewhere.empty())
    collect_paths(defaults_, "", key, elsewhere);
  return elsewhere.size() == 1 ? " (did you mean '" + elsewhere[0] + "'?)" : "";
}

std::string ConfigReading::place_of(const std::string& path) const {
  for (std::string part = path; !part.empty();) {
    const YamlNode* node = node_at(root_, part);
    if (node != nullptr && !node->place.empty())
      return node->place;
    const size_t dot = part.rfind('.');
    part.resize(dot == std::string::npos ? 0 : dot);
  }
  return file_;
}

void ConfigReading::report_invalid(const std::string& path, const std::string& message) {
  const size_t end = message.find_first_of(": ");
  const std::string field = joined_path(path, message.substr(0, end));
  const bool names_field = end != std::string::npos && node_at(defaults_, field) != nullptr;
  const std::string& at = names_field ? field : path;
  // What could not be read kept its default, and a check of that would only add noise.
  for (const Problem& problem : problems_)
    if (problem.path == at || problem.path.starts_with(at + "."))
      return;
  const size_t rest = names_field ? message.find_first_not_of(": ", end) : 0;
  report(place_of(at), at, message.substr(std::min(rest, message.size())));
}

std::string SectionReader::suggested_word(const std::string& word,
                                          const std::vector<std::string>& words) {
  return did_you_mean(word, words);
}

std::string RowWriter::row(const std::string& path, const YamlNode& value, const std::string& check,
                           const std::string& help) {
  std::string text = value.text;
  for (const YamlNode& item : value.items)
    text += (text.empty() ? "" : ", ") + item.text;
  if (value.kind == Kind::kSequence)
    text = "[" + text + "]";
  return "| `" + path + "` | `" + text + "` | " + check + " | " + help + " |\n";
}

}  // namespace nelumbo
