// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/fields.h"
#include "base/text.h"
#include "reward/lookalikes.h"
#include "reward/term.h"

namespace nelumbo {

/// Whether the answer has nothing that people see.
inline bool is_empty(const Trajectory& trajectory) {
  return is_blank(without_hidden(trajectory.answer));
}

/// Of an answer that says nothing: not to repeat oneself, and to be short, is no merit then.
inline Verdict nothing_said() {
  return {0, "nothing is said"};
}

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
  /// Whether there is nothing to look at, or nothing between answer tags.
  bool says_nothing(const Scene& scene) const {
    return is_empty(scene.trajectory) && (scene.trajectory.answered || is_blank(seen(scene)));
  }

 private:
  std::string in_ = "answer";
};

}  // namespace nelumbo
