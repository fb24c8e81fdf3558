// SPDX-License-Identifier: Apache-2.0
#include "corpus/parents_first.h"

#include <algorithm>
#include <cstddef>

namespace nelumbo {
namespace {

/// Depth-first, with a stack of our own: a chain may be long.
class Walk {
 public:
  explicit Walk(const std::vector<std::vector<int64_t>>& parents)
      : parents_(parents), state_(parents.size(), State::kNew) {}

  ParentsFirst run() {
    for (int64_t node = 0; node < std::ssize(parents_) && result_.cycle.empty(); ++node)
      if (state_[at(node)] == State::kNew)
        visit(node);
    return result_;
  }

 private:
  enum class State { kNew, kOpen, kDone };
  /// A node whose parents before `next` were visited.
  struct Step {
    int64_t node;
    size_t next;
  };

  static size_t at(int64_t node) { return static_cast<size_t>(node); }

  void visit(int64_t start) {
    open(start);
    while (!stack_.empty() && result_.cycle.empty()) {
      Step& step = stack_.back();
      if (step.next == parents_[at(step.node)].size()) {
        state_[at(step.node)] = State::kDone;
        result_.order.push_back(step.node);
        stack_.pop_back();
        continue;
      }
      const int64_t parent = parents_[at(step.node)][step.next++];
      if (state_[at(parent)] == State::kNew)
        open(parent);
      else if (state_[at(parent)] == State::kOpen)
        close_cycle(parent);
    }
  }

  void open(int64_t node) {
    state_[at(node)] = State::kOpen;
    stack_.push_back({node, 0});
  }

  void close_cycle(int64_t first) {
    auto step =
        std::find_if(stack_.begin(), stack_.end(), [&](const Step& s) { return s.node == first; });
    for (; step != stack_.end(); ++step)
      result_.cycle.push_back(step->node);
  }

  const std::vector<std::vector<int64_t>>& parents_;
  std::vector<State> state_;
  std::vector<Step> stack_;
  ParentsFirst result_;
};

}  // namespace

ParentsFirst parents_first(const std::vector<std::vector<int64_t>>& parents) {
  return Walk(parents).run();
}

}  // namespace nelumbo
