// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace nelumbo {

/// One node of a YAML text, and where it stands.
struct YamlNode {
  enum class Kind { kNull, kScalar, kSequence, kMapping };

  /// The node of that key, or nullptr. REQUIRES: nothing; other kinds have no keys.
  const YamlNode* find(std::string_view key) const;
  YamlNode* find(std::string_view key);

  /// Adds a key behind the others and gives its node.
  YamlNode& add(std::string key, YamlNode value);

  Kind kind = Kind::kNull;
  std::string text{};                     ///< of a scalar
  bool quoted = false;                    ///< a scalar that can only be text
  std::string place{};                    ///< "FILE:3:7", or "--set a.b=v"
  std::vector<YamlNode> items{};          ///< of a sequence; or the values of a mapping
  std::vector<std::string> keys{};        ///< of a mapping: keys[i] names items[i]
  std::vector<std::string> key_places{};  ///< of a mapping: where keys[i] stands
};

/// Reads one document. Of YAML it serves what a configuration needs: mappings with plain keys,
/// sequences and scalars. Anchors, aliases, merge keys, tags, further documents, deep nesting and
/// text that is not plain UTF-8 are errors with FILE:LINE:COL. A key given twice is kept twice.
Result<YamlNode> parse_yaml(const std::string& text, const std::string& file);

/// The same tree as YAML text, in block style.
std::string yaml_text(const YamlNode& node);

}  // namespace nelumbo
