// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>

#include "base/fields.h"
#include "corpus/unicode.h"
#include "reward/term.h"

namespace nelumbo {

/// A term that looks at the answer or at all that was said.
class TextTerm : public Term {
 public:
  template <class V>
  void fields(V& v) {
    v(in_, "in", "Where to look.", OneOf{"answer", "text"});
  }

 protected:
  const std::string& where(const Scene& scene) const {
    return in_ == "text" ? scene.trajectory.text : scene.trajectory.answer;
  }
  /// The same as people see it: a word with a hidden character in it is that word.
  std::string seen(const Scene& scene) const {
    const std::string& text = where(scene);
    if (std::ranges::all_of(text, [](char c) { return c >= 0; }))
      return text;
    std::string shown;
    for (const char32_t character : characters_of(text))
      if (kind_of(character) != CharacterKind::kInvisible)
        append_utf8(shown, character);
    return shown;
  }

 private:
  std::string in_ = "answer";
};

}  // namespace nelumbo
