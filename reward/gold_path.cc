// SPDX-License-Identifier: Apache-2.0
//
// The longest common subsequence of the lines t and the path p:
//
//   L[i][j] = 1 + L[i+1][j+1]              where t_i is p_j
//           = max(L[i+1][j], L[i][j+1])    otherwise, and 0 behind either end
//
// Read forwards, a line is taken wherever it can be; the trap is a tie, in which the path is
// advanced and not the lines, so that the earlier line stays.
#include "reward/gold_path.h"

#include <algorithm>
#include <memory>

#include "corpus/reasoning_chain.h"
#include "reward/answers.h"

namespace nelumbo {

namespace {

/// What two lines that say the same have in common.
std::string key_of(const std::string& line) {
  const std::string plain = normalized(line);
  const auto edge = read_edge(plain);
  return edge ? edge_line(*edge) : plain;
}

std::vector<std::string> keys_of(const std::vector<std::string>& lines) {
  std::vector<std::string> keys(lines.size());
  std::ranges::transform(lines, keys.begin(), key_of);
  return keys;
}

class GoldPath final : public StepCheck {
 public:
  template <class V>
  void fields(V& v) {
    v(truth_, "truth", "Truth field with the lines to recall, in order.", NotEmpty{});
  }

  explicit GoldPath(const SpecNode& node) : place_(node.place_of("truth")) {}

  std::vector<TruthField> needs() const override { return {{truth_, TruthShape::kTexts, place_}}; }

  Result<std::vector<Fault>> faults(const Scene& scene) const override {
    const auto path = truth_texts(scene.prompt.truth, truth_);
    if (!path)
      return path.error();
    std::vector<std::string> lines;
    for (const ThoughtStep& thought : scene.trajectory.thoughts)
      lines.push_back(thought.text);
    const std::vector<bool> good = on_path(lines, path.value());
    std::vector<Fault> found;
    for (size_t i = 0; i < lines.size(); ++i)
      if (!good[i])
        found.push_back(
            fault_of(scene.trajectory.thoughts[i], in_quotes(lines[i]) + " is not on the path"));
    return found;
  }

 private:
  std::string place_;
  std::string truth_ = "path";
};

}  // namespace

std::vector<bool> on_path(const std::vector<std::string>& lines,
                          const std::vector<std::string>& path) {
  const std::vector<std::string> said = keys_of(lines), gold = keys_of(path);
  std::vector<std::vector<int>> longest(said.size() + 1, std::vector<int>(gold.size() + 1));
  for (size_t i = said.size(); i-- > 0;)
    for (size_t j = gold.size(); j-- > 0;)
      longest[i][j] = said[i] == gold[j] ? 1 + longest[i + 1][j + 1]
                                         : std::max(longest[i + 1][j], longest[i][j + 1]);
  std::vector<bool> good(said.size());
  for (size_t i = 0, j = 0; i < said.size() && j < gold.size();) {
    if (said[i] == gold[j]) {
      good[i++] = true;
      ++j;
    } else if (longest[i][j + 1] >= longest[i + 1][j]) {
      ++j;
    } else {
      ++i;
    }
  }
  return good;
}

Result<StepCheckPtr> read_gold_path(const SpecNode& node, StepHeader& header) {
  return read_check(node, header, 0.5, std::make_unique<GoldPath>(node));
}

}  // namespace nelumbo
