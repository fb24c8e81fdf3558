// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

#include "base/error.h"
#include "base/fields.h"

namespace nelumbo {

/// What a reader says of a field that it knows, whether the document has it or not.
struct FieldNote {
  std::string name, fallback, must_be, help;
};
/// Notes by the key path of the mapping that was read: "layers.rule.terms[2]".
using FieldNotes = std::map<std::string, std::vector<FieldNote>>;

/// A default as YAML has it; empty for an optional one.
template <class T>
std::string fallback_text(const T& value) {
  return nlohmann::json(value).dump();
}
template <class T>
std::string fallback_text(const std::optional<T>& value) {
  return value ? fallback_text(*value) : "";
}

/// One place in a YAML document: its value, its key path and its file. Errors made here read
/// `FILE:LINE:COL: key.path: reason`.
class SpecNode {
 public:
  /// Parses a document; malformed text is an error with its line, never an exception.
  static Result<SpecNode> parse(const std::string& yaml, const std::string& file);

  /// From now on whoever reads this node, or one under it, notes each field that it knows.
  void take_notes(FieldNotes* notes) { notes_ = notes; }
  FieldNotes* notes() const { return notes_; }

  Error error(const std::string& reason) const;
  /// `reason`, then "(did you mean 'x'?)" when one of `known` is near `word`.
  Error unknown(const std::string& reason, const std::string& word,
                std::span<const std::string> known) const;

  /// "FILE:LINE:COL: key.path"
  std::string place() const;
  /// The same of the value under `key`, or of where it would stand.
  std::string place_of(const std::string& key) const;

  bool is_map() const { return node_.IsMap(); }
  bool is_list() const { return node_.IsSequence(); }
  bool has(const std::string& key) const;
  /// The value under `key`, or an error that says it is missing. REQUIRES: is_map().
  Result<SpecNode> at(const std::string& key) const;
  /// Keys and values in the order of the file; refuses what is no mapping, and a key given twice.
  Result<std::vector<std::pair<std::string, SpecNode>>> entries() const;
  /// The items of a list.
  Result<std::vector<SpecNode>> items() const;
  /// Refuses keys other than `known`.
  Result<void> only(std::span<const std::string> known) const;

  Result<void> read(std::string& value) const;
  Result<void> read(double& value) const;
  Result<void> read(int64_t& value) const;
  Result<void> read(bool& value) const;
  template <class T>
  Result<void> read(std::vector<T>& value) const;

  /// The value as JSON; quoted scalars stay strings.
  Result<nlohmann::json> json() const;
  const std::string& path() const { return path_; }
  /// The file it stands in, as parse() was told.
  const std::string& file() const { return file_; }
  /// Where a path leads that the document names: as it stands, or from the document's folder.
  std::string resolved(const std::string& path) const;

 private:
  SpecNode(const YAML::Node& node, std::string path, std::string file, FieldNotes* notes = nullptr)
      : node_(node), path_(std::move(path)), file_(std::move(file)), notes_(notes) {}
  Result<std::string> scalar(const std::string& wanted) const;

  YAML::Node node_;
  std::string path_;
  std::string file_;
  FieldNotes* notes_;
};

template <class T>
Result<void> SpecNode::read(std::vector<T>& value) const {
  auto list = items();
  if (!list)
    return list.error();
  value.clear();
  for (const SpecNode& item : list.value()) {
    T one{};
    if (auto done = item.read(one); !done)
      return done;
    value.push_back(std::move(one));
  }
  return {};
}

/// Fills structs that list their fields (base/fields.h) from one mapping; see read_fields().
class FieldReader {
 public:
  FieldReader(const SpecNode& node, std::vector<std::string> known)
      : node_(node), known_(std::move(known)) {
    for (const std::string& name : known_)
      note({name, "", "", ""});
  }

  template <class T, class Check = Any>
  void operator()(T& field, const char* name, const char* help, Check check = {}) {
    known_.emplace_back(name);
    note({name, fallback_text(field), check.text(), help});
    if (error_ || !node_.has(name))
      return;
    const auto at = node_.at(name);
    if (const auto done = at.ok() ? take(at.value(), field, check) : at.error(); !done)
      error_ = done.error();
  }

  /// What was wrong first, or unknown keys.
  Result<void> finish() const {
    if (error_)
      return *error_;
    return node_.only(known_);
  }

 private:
  void note(FieldNote field) const {
    if (FieldNotes* const notes = node_.notes(); notes != nullptr)
      (*notes)[node_.path()].push_back(std::move(field));
  }

  template <class T, class Check>
  Result<void> take(const SpecNode& at, T& field, Check check) {
    if (auto done = at.read(field); !done)
      return done;
    return check(field) ? Result<void>() : at.error("must be " + check.text());
  }
  template <class T, class Check>
  Result<void> take(const SpecNode& at, std::optional<T>& field, Check check) {
    return take(at, field.emplace(), check);
  }

  const SpecNode& node_;
  std::vector<std::string> known_;
  std::optional<Error> error_;
};

/// Reads the fields of `configs` from one mapping and refuses every other key but `others`.
template <class... Configs>
Result<void> read_fields(const SpecNode& node, std::vector<std::string> others,
                         Configs&... configs) {
  if (auto entries = node.entries(); !entries)
    return entries.error();
  FieldReader reader(node, std::move(others));
  (configs.fields(reader), ...);
  return reader.finish();
}

}  // namespace nelumbo
