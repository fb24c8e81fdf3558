// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace nelumbo {

/// Finds where the first JSON object of a text ends, while the text is being written. Texts and
/// brackets are followed alone: what stands between them may be no JSON.
///
/// Example: in `So: {"a": "}"} and` it ends behind the second brace that closes.
class JsonEnd {
 public:
  /// Reads on; the bytes of `text` up to the end of the object, once that is among them. REQUIRES:
  /// it did not end before.
  std::optional<size_t> push(std::string_view text);

 private:
  void read(char c);

  int64_t depth_ = 0;  ///< brackets that are open; 0 before the object
  bool in_text_ = false, escaped_ = false;
};

}  // namespace nelumbo
