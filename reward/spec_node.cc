// SPDX-License-Identifier: Apache-2.0
#include "reward/spec_node.h"

#include <charconv>
#include <cmath>
#include <filesystem>
#include <set>
#include <system_error>

#include "base/plain_text.h"
#include "base/text.h"

namespace nelumbo {

namespace {

std::string mark_text(const std::string& file, const YAML::Mark& mark) {
  if (mark.is_null())
    return file;
  return file + ":" + std::to_string(mark.line + 1) + ":" + std::to_string(mark.column + 1);
}

template <class T>
std::optional<T> to_number(const std::string& text) {
  T value{};
  const char* const end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, value);
  if (code != std::errc() || stop != end || text.empty())
    return std::nullopt;
  return value;
}

nlohmann::json plain_scalar(const std::string& text) {
  if (text == "true" || text == "false")
    return text == "true";
  if (text == "null" || text == "~")
    return nullptr;
  if (const auto whole = to_number<int64_t>(text))
    return *whole;
  if (const auto large = to_number<uint64_t>(text))
    return *large;
  if (const auto real = to_number<double>(text); real && std::isfinite(*real))
    return *real;
  return text;
}

constexpr int64_t kMostValues = 1000000;
constexpr int kMostLevels = 100;

/// Where a document grows too large when its aliases are followed, as those that contain themselves
/// do; nothing where it does not.
std::optional<YAML::Mark> too_much(const YAML::Node& node, int level, int64_t* values) {
  if (++*values > kMostValues || level > kMostLevels)
    return node.Mark();
  if (node.IsScalar() || node.IsNull())
    return std::nullopt;
  for (const auto& item : node) {
    const bool mapped = node.IsMap();
    if (auto where = too_much(mapped ? item.second : item, level + 1, values))
      return where;
  }
  return std::nullopt;
}

/// Where brackets open the first level that is one too many, for the parser is further on by then;
/// nothing where indentation or dashes do.
std::optional<YAML::Mark> flow_too_deep(std::string_view yaml) {
  YAML::Mark mark;
  int level = 0;
  mark.pos = mark.line = mark.column = 0;
  for (const char c : yaml) {
    level += c == '[' || c == '{' ? 1 : (c == ']' || c == '}' ? -1 : 0);
    if (level > kMostLevels)
      return mark;
    mark.column = c == '\n' ? 0 : mark.column + 1;
    mark.line += c == '\n' ? 1 : 0;
  }
  return std::nullopt;
}

/// What is likely wrong where the parser's words do not tell.
std::string hint_about(std::string_view yaml, const YAML::Exception& e) {
  size_t begin = 0;
  for (int line = 0; line <= e.mark.line && begin != std::string_view::npos; ++line) {
    const std::string_view rest = yaml.substr(begin);
    const size_t text = std::min(rest.find_first_not_of(" \t"), rest.size());
    if (line + 1 >= e.mark.line && rest.substr(0, text).find('\t') != std::string_view::npos)
      return "; line " + std::to_string(line + 1) + " is indented with a tab: use blanks";
    const size_t end = rest.find('\n');
    begin = end == std::string_view::npos ? end : begin + end + 1;
  }
  if (e.msg == "end of map not found" || e.msg == "end of sequence not found" ||
      e.msg == "illegal map value")
    return "; its indentation fits none of the lines above, or a text with ': ' wants quotes";
  if (e.msg == "end of map flow not found" || e.msg == "end of sequence flow not found")
    return "; a bracket that opens here is never closed";
  return "";
}

}  // namespace

Result<SpecNode> SpecNode::parse(const std::string& yaml, const std::string& file) {
  if (auto plain = require_plain_utf8(yaml, file); !plain)
    return plain.error();
  try {
    const std::vector<YAML::Node> documents = YAML::LoadAll(yaml);
    if (documents.size() > 1)
      return Error{
          Errc::kInvalidConfig,
          mark_text(file, documents[1].Mark()) +
              ": a second document begins here ('---'), which nobody would read; give it a "
              "file of its own, or take it out"};
    const YAML::Node root = documents.empty() ? YAML::Node() : documents.front();
    int64_t values = 0;
    if (const auto where = too_much(root, 0, &values))
      return Error{Errc::kInvalidConfig,
                   mark_text(file, *where) +
                       ": aliases make this endless, or more than 1000000 values or 100 levels; "
                       "write it out"};
    return SpecNode(root, "", file);
  } catch (const YAML::Exception& e) {
    if (e.msg == YAML::ErrorMsg::BAD_FILE)  // what the parser says of depth
      return Error{Errc::kInvalidConfig, mark_text(file, flow_too_deep(yaml).value_or(e.mark)) +
                                             ": nested too deeply, in more than " +
                                             std::to_string(kMostLevels) +
                                             " levels; write it flatter"};
    return Error{Errc::kInvalidConfig,
                 mark_text(file, e.mark) + ": not YAML: " + e.msg + hint_about(yaml, e)};
  }
}

std::string SpecNode::resolved(const std::string& path) const {
  std::error_code none;
  const std::filesystem::path beside = std::filesystem::path(file_).parent_path() / path;
  return !std::filesystem::exists(path, none) && std::filesystem::exists(beside, none)
             ? beside.lexically_normal().string()
             : path;
}

std::string SpecNode::place() const {
  return mark_text(file_, node_.Mark()) + (path_.empty() ? "" : ": " + path_);
}

Error SpecNode::error(const std::string& reason) const {
  return Error{Errc::kInvalidConfig, place() + ": " + reason};
}

Error SpecNode::unknown(const std::string& reason, const std::string& word,
                        std::span<const std::string> known) const {
  return error(reason + did_you_mean(word, known));
}

std::string SpecNode::place_of(const std::string& key) const {
  const auto value = has(key) ? at(key) : Result<SpecNode>(*this);
  return mark_text(file_, value.value().node_.Mark()) + ": " +
         (path_.empty() ? key : path_ + "." + key);
}

bool SpecNode::has(const std::string& key) const {
  if (!node_.IsMap())
    return false;
  for (const auto& entry : node_)
    if (entry.first.IsScalar() && entry.first.Scalar() == key)
      return true;
  return false;
}

Result<SpecNode> SpecNode::at(const std::string& key) const {
  for (const auto& entry : node_)
    if (entry.first.IsScalar() && entry.first.Scalar() == key)
      return SpecNode(entry.second, path_.empty() ? key : path_ + "." + key, file_, notes_);
  return error("'" + key + "' is missing");
}

Result<std::vector<std::pair<std::string, SpecNode>>> SpecNode::entries() const {
  if (!node_.IsMap())
    return error("must be a mapping");
  std::vector<std::pair<std::string, SpecNode>> all;
  std::set<std::string> seen;
  for (const auto& entry : node_) {
    if (!entry.first.IsScalar())
      return SpecNode(entry.first, path_, file_).error("a key must be a word");
    const std::string key = entry.first.Scalar();
    SpecNode value(entry.second, path_.empty() ? key : path_ + "." + key, file_, notes_);
    if (!seen.insert(key).second)
      return SpecNode(entry.first, value.path_, file_).error("given twice");
    all.emplace_back(key, std::move(value));
  }
  return all;
}

Result<std::vector<SpecNode>> SpecNode::items() const {
  if (!node_.IsSequence())
    return error("must be a list");
  std::vector<SpecNode> all;
  for (const auto& item : node_)
    all.push_back(SpecNode(item, path_ + "[" + std::to_string(all.size()) + "]", file_, notes_));
  return all;
}

Result<void> SpecNode::only(std::span<const std::string> known) const {
  for (const auto& entry : node_) {
    const std::string key = entry.first.Scalar();
    bool found = false;
    for (const std::string& word : known)
      found = found || word == key;
    if (!found)
      return SpecNode(entry.first, path_.empty() ? key : path_ + "." + key, file_)
          .unknown("unknown key", key, known);
  }
  return {};
}

Result<std::string> SpecNode::scalar(const std::string& wanted) const {
  if (!node_.IsScalar())
    return error("must be " + wanted);
  return node_.Scalar();
}

Result<void> SpecNode::read(std::string& value) const {
  auto text = scalar("text");
  if (!text)
    return text.error();
  value = text.value();
  return {};
}

Result<void> SpecNode::read(double& value) const {
  const auto text = scalar("a number");
  if (!text)
    return text.error();
  const auto number = to_number<double>(text.value());
  if (!number || !std::isfinite(*number))
    return error("must be a number, not '" + text.value() + "'");
  value = *number;
  return {};
}

Result<void> SpecNode::read(int64_t& value) const {
  const auto text = scalar("a whole number");
  if (!text)
    return text.error();
  const auto number = to_number<int64_t>(text.value());
  if (!number)
    return error("must be a whole number, not '" + text.value() + "'");
  value = *number;
  return {};
}

Result<void> SpecNode::read(bool& value) const {
  const auto text = scalar("true or false");
  if (!text)
    return text.error();
  if (text.value() != "true" && text.value() != "false")
    return error("must be true or false, not '" + text.value() + "'");
  value = text.value() == "true";
  return {};
}

Result<nlohmann::json> SpecNode::json() const {
  if (node_.IsScalar())
    return node_.Tag() == "!" ? nlohmann::json(node_.Scalar()) : plain_scalar(node_.Scalar());
  if (node_.IsNull())
    return nlohmann::json(nullptr);
  if (node_.IsSequence()) {
    nlohmann::json list = nlohmann::json::array();
    const auto all = items();
    for (const SpecNode& item : all.value()) {
      auto value = item.json();
      if (!value)
        return value;
      list.push_back(std::move(value.value()));
    }
    return list;
  }
  const auto all = entries();
  if (!all)
    return all.error();
  nlohmann::json object = nlohmann::json::object();
  for (const auto& [key, node] : all.value()) {
    auto value = node.json();
    if (!value)
      return value;
    object[key] = std::move(value.value());
  }
  return object;
}

}  // namespace nelumbo
