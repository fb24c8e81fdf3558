// SPDX-License-Identifier: Apache-2.0
#pragma once

// Visitors over the field lists of base/fields.h: one reads a YAML tree into a struct and collects
// every error, one writes a struct as a tree, one describes it.

#include <map>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/fields.h"
#include "configs/scalar.h"
#include "configs/yaml_tree.h"

namespace nelumbo {

/// Makes the tree of a struct: every field, with its value.
class TreeWriter {
 public:
  template <class T, class Check = Any>
  void operator()(T& field, const char* name, const char* /*help*/, Check = {}) {
    if constexpr (HasFields<T>) {
      TreeWriter nested;
      field.fields(nested);
      tree_.add(name, std::move(nested.tree_));
    } else {
      tree_.add(name, leaf_node(field));
    }
  }

  const YamlNode& tree() const { return tree_; }

 private:
  YamlNode tree_{.kind = YamlNode::Kind::kMapping};
};

template <class T>
YamlNode tree_of(T config) {
  TreeWriter writer;
  config.fields(writer);
  return writer.tree();
}

/// One thing that is wrong with a configuration.
struct Problem {
  std::string place;   ///< "FILE:3:7", "--set a.b=v", or "FILE" where a default is at fault
  std::string path;    ///< "rl.group_size"; empty for the whole configuration
  std::string reason;  ///< "must be > 0, not -1"

  Error error() const;
};

/// What all section readers of one configuration share.
class ConfigReading {
 public:
  /// `defaults` is the tree of a configuration that nothing was read into; `file` names it in
  /// errors that have no better place.
  ConfigReading(const YamlNode& root, const YamlNode& defaults, std::string file)
      : root_(root), defaults_(defaults), file_(std::move(file)) {}

  void report(const std::string& place, const std::string& path, const std::string& reason) {
    problems_.push_back({place, path, reason});
  }

  /// Reports keys of `section` that do not exist or stand there twice.
  void check_keys(const YamlNode& section, const std::string& path);

  /// Reports what `validate()` of the section at `path` said. A message that starts with the name
  /// of a field, as "group_size: must be >= 2", is placed at that field. Says nothing where the
  /// reader itself already complained.
  void report_invalid(const std::string& path, const std::string& message);

  const std::vector<Problem>& problems() const { return problems_; }

 private:
  std::string suggestion(const std::string& path, const std::string& key) const;
  std::string place_of(const std::string& path) const;

  const YamlNode& root_;
  const YamlNode& defaults_;
  std::string file_;
  std::vector<Problem> problems_;
};

/// "a.b" and "c" give "a.b.c".
std::string joined_path(const std::string& path, const std::string& name);

/// The node at "a.b.0", or nullptr.
const YamlNode* node_at(const YamlNode& root, const std::string& path);

/// Reads one mapping of the tree into one struct. A field that the tree lacks keeps its value.
class SectionReader {
 public:
  SectionReader(const YamlNode* section, std::string path, ConfigReading& reading)
      : section_(section), path_(std::move(path)), reading_(reading) {}

  template <class T, class Check = Any>
  void operator()(T& field, const char* name, const char* /*help*/, const Check& check = {}) {
    const YamlNode* node = section_ == nullptr ? nullptr : section_->find(name);
    const std::string path = joined_path(path_, name);
    if constexpr (HasFields<T>) {
      read_section(field, node, path, reading_);
    } else if (node != nullptr) {
      if (auto done = read_leaf(*node, field); !done)
        reading_.report(node->place, path, done.error().message);
      else if (!check(field))
        refuse(*node, path, refusal(*node, check));
    }
  }

  /// Reads `node` (nullptr: all defaults) and everything below it, then asks `validate()`, unless a
  /// value of its own is out of range: another would be held against one that does not count.
  template <class T>
  static void read_section(T& config, const YamlNode* node, const std::string& path,
                           ConfigReading& reading) {
    if (node != nullptr && node->kind != YamlNode::Kind::kNull) {
      if (node->kind != YamlNode::Kind::kMapping) {
        reading.report(node->place, path, "must be a section with keys, not " + shown(*node));
        return;
      }
      reading.check_keys(*node, path);
    }
    SectionReader reader(node, path, reading);
    config.fields(reader);
    if constexpr (requires { config.validate(); }) {
      if (reader.refused_)
        return;
      if (auto valid = config.validate(); !valid)
        reading.report_invalid(path, valid.error().message);
    }
  }

 private:
  /// A value that was read, and is kept, but is out of range.
  void refuse(const YamlNode& node, const std::string& path, const std::string& reason) {
    reading_.report(node.place, path, reason);
    refused_ = true;
  }
  template <class Check>
  static std::string refusal(const YamlNode& node, const Check& check) {
    if constexpr (std::is_same_v<Check, NotEmpty>)
      return "must not be empty";
    std::string reason = "must be " + check.text() + ", not " + shown(node);
    if constexpr (std::is_same_v<Check, OneOf>)
      reason += suggested_word(node.text, check.words);
    return reason;
  }
  static std::string suggested_word(const std::string& word, const std::vector<std::string>& words);

  const YamlNode* section_;
  std::string path_;
  ConfigReading& reading_;
  bool refused_ = false;  ///< a value of this section itself
};

/// One Markdown table row for each key, with its default, its check and its help.
class RowWriter {
 public:
  explicit RowWriter(std::string path) : path_(std::move(path)) {}

  template <class T, class Check = Any>
  void operator()(T& field, const char* name, const char* help, const Check& check = {}) {
    if constexpr (HasFields<T>) {
      RowWriter nested(joined_path(path_, name));
      field.fields(nested);
      rows_ += nested.rows_;
    } else {
      rows_ += row(joined_path(path_, name), leaf_node(field), check.text(), help);
    }
  }

  const std::string& rows() const { return rows_; }

 private:
  static std::string row(const std::string& path, const YamlNode& value, const std::string& check,
                         const std::string& help);

  std::string path_;
  std::string rows_;
};

}  // namespace nelumbo
