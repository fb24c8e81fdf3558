// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/fields.h"
#include "reward/lookalikes.h"
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
  std::string seen(const Scene& scene) const { return without_hidden(where(scene)); }

 private:
  std::string in_ = "answer";
};

}  // namespace nelumbo
