// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/jinja_run.h"
#include "model/jinja_value.h"

namespace nelumbo {

/// The arguments of one call in the order of a signature: names with a space between each two, a
/// `?` in front of those that may be absent. "value old new ?count".
class JinjaBound {
 public:
  /// None, and the run failed, where the arguments do not fit the signature of `callee`.
  static std::optional<JinjaBound> bind(JinjaRun& run, std::string_view callee,
                                        std::string_view signature,
                                        const JinjaArguments& arguments);

  /// Whether argument `i` was given.
  bool has(size_t i) const { return values_[i].has_value(); }
  /// Argument `i`; undefined where it is absent.
  const JinjaValue& operator[](size_t i) const;

  /// The argument as what it must be; `otherwise` where it is absent. Any other type fails the run.
  int64_t integer(JinjaRun& run, size_t i, int64_t otherwise) const;
  /// A view of the argument itself.
  std::string_view text(JinjaRun& run, size_t i, std::string_view otherwise) const;
  bool truth(size_t i, bool otherwise) const;

 private:
  std::string callee_;
  std::vector<std::optional<JinjaValue>> values_;
};

}  // namespace nelumbo
