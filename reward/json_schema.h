// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "reward/pattern.h"

namespace nelumbo {

/// A subset of JSON Schema (draft 2020-12) that needs no other documents: `type` (one or a list),
/// `enum`, `const`; `properties`, `required`, `additionalProperties` (true, false or a schema);
/// `items`, `minItems`, `maxItems`, `uniqueItems`; `minimum`, `maximum`, `exclusiveMinimum`,
/// `exclusiveMaximum`; `minLength`, `maxLength` (characters), `pattern`; `anyOf`, and `title` and
/// `description`, which say nothing. Immutable; may be used by several threads.
class JsonSchema {
 public:
  /// kInvalidConfig names the keyword that is not known or not well-formed by its path: no keyword
  /// is passed over in silence.
  static Result<JsonSchema> compile(nlohmann::json schema);

  /// What is wrong with `value` first, by its place: "/cells/0/count: must be at least 0". None
  /// where it fits. An error where a pattern reached its bound.
  Result<std::optional<std::string>> fault(const nlohmann::json& value) const;

 private:
  nlohmann::json schema_;
  std::map<std::string, Pattern> patterns_;
};

}  // namespace nelumbo
