// SPDX-License-Identifier: Apache-2.0
#include "reward/tool_terms.h"

#include <algorithm>
#include <map>

namespace nelumbo {

namespace {

class ToolUse final : public Term {
 public:
  template <class V>
  void fields(V& v) {
    v(per_call_, "per_call", "Taken off for each call after the free ones, in units of weight.",
      NonNegative{});
    v(free_calls_, "free_calls", "Calls that cost nothing.", NonNegative{});
    v(right_, "right", "Value of the verifiers from which on an answer counts as right.",
      Between{0.01, 1});
  }

  void set_weight(double weight) { weight_ = weight; }

  bool is_bonus() const override { return true; }

  Result<Verdict> judge(const Scene& scene) const override {
    const auto calls = std::ssize(scene.trajectory.calls);
    const auto extra = static_cast<double>(std::max<int64_t>(0, calls - free_calls_));
    Verdict verdict;
    verdict.evidence = why_not(scene);
    if (verdict.evidence.empty()) {
      verdict.value = 1;
      verdict.evidence = "right with tools";
    }
    if (extra > 0) {
      verdict.value -= extra * per_call_ / weight_;
      verdict.evidence += ", " + std::to_string(calls) + " calls";
    }
    return verdict;
  }

 private:
  std::string why_not(const Scene& scene) const {
    if (scene.trajectory.calls.empty())
      return "no tool used";
    if (scene.right < right_)
      return "not right";
    if (!all_repaired(scene.trajectory))
      return "a failed call was not repaired";
    return scene.plain_right ? "right without tools in this group" : "";
  }

  double weight_ = 1;
  double per_call_ = 0.03;
  int64_t free_calls_ = 2;
  double right_ = 0.5;
};

}  // namespace

Result<TermPtr> read_tool_use(const SpecNode& node, TermHeader& header) {
  header.weight = 0.2;
  auto term = std::make_unique<ToolUse>();
  if (auto done = read_fields(node, {}, header, *term); !done)
    return done.error();
  term->set_weight(header.weight);
  return TermPtr(std::move(term));
}

int64_t calls_of(const Trajectory& trajectory, const std::string& tool) {
  return std::ranges::count_if(
      trajectory.calls, [&](const ToolCall& call) { return call.name == tool && !call.error; });
}

bool all_repaired(const Trajectory& trajectory) {
  std::map<std::string, bool> last_failed;
  bool unread = false;
  for (const ToolCall& call : trajectory.calls) {
    unread = call.name.empty();
    if (!unread)
      last_failed[call.name] = call.error.has_value();
  }
  return !unread && std::ranges::none_of(last_failed, [](const auto& tool) { return tool.second; });
}

}  // namespace nelumbo
