// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/fields.h"
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

 private:
  std::string in_ = "answer";
};

}  // namespace nelumbo
