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
#include <cstddef>
#include <memory>
#include <optional>

#include "corpus/reasoning_chain.h"
#include "reward/answers.h"

namespace nelumbo {

namespace {

/// A factor of 0 would hide what the answer earned otherwise (learner/credit.h).
constexpr double kLeastShare = 0.01;

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

/// Where on the path a line stands; none where it is not on it.
using Place = std::optional<size_t>;

std::vector<Place> places_of(const std::vector<std::string>& lines,
                             const std::vector<std::string>& path) {
  const std::vector<std::string> said = keys_of(lines), gold = keys_of(path);
  std::vector<std::vector<int>> longest(said.size() + 1, std::vector<int>(gold.size() + 1));
  for (size_t i = said.size(); i-- > 0;)
    for (size_t j = gold.size(); j-- > 0;)
      longest[i][j] = said[i] == gold[j] ? 1 + longest[i + 1][j + 1]
                                         : std::max(longest[i + 1][j], longest[i][j + 1]);
  std::vector<Place> places(said.size());
  for (size_t i = 0, j = 0; i < said.size() && j < gold.size();) {
    if (said[i] == gold[j])
      places[i++] = j++;
    else if (longest[i][j + 1] >= longest[i + 1][j])
      ++j;
    else
      ++i;
  }
  return places;
}

/// What is wrong with a line that is not on the path.
std::string why_off(size_t at, const std::vector<std::string>& lines,
                    const std::vector<std::string>& path) {
  const std::vector<std::string> said = keys_of(lines), gold = keys_of(path);
  if (std::ranges::find(gold, said[at]) == gold.end())
    return " is not on the path";
  const auto first = std::ranges::find(said, said[at]);
  return first - said.begin() < std::ptrdiff_t(at) ? " is said again"
                                                   : " is on the path, but not in its order";
}

/// The fault of a path that is said with fewer lines than it has: of the line before which some are
/// left out, with none in their place, else of the last. An answer without a line has it, too.
Fault left_out(const std::vector<ThoughtStep>& thoughts, const std::vector<Place>& places,
               const std::vector<std::string>& path) {
  size_t next = 0, others = 0;  // line of the path; lines that are off it and may stand for some
  size_t at = places.size();
  for (size_t i = 0; i < places.size() && at == places.size(); ++i) {
    if (!places[i]) {
      ++others;
    } else if (*places[i] > next + others) {
      at = i;
    } else {
      next = *places[i] + 1;
      others = 0;
    }
  }
  const auto share = static_cast<double>(thoughts.size()) / static_cast<double>(path.size());
  const std::string why = std::to_string(thoughts.size()) + " of " + std::to_string(path.size()) +
                          " lines: " + in_quotes(path[std::min(next, path.size() - 1)]) +
                          " is left out";
  if (thoughts.empty())
    return {.reason = why, .most = kLeastShare, .is_step = false};
  Fault fault = fault_of(thoughts[std::min(at, thoughts.size() - 1)], why);
  fault.most = std::max(share, kLeastShare);
  return fault;
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
    const std::vector<ThoughtStep>& thoughts = scene.trajectory.thoughts;
    std::vector<std::string> lines;
    for (const ThoughtStep& thought : thoughts)
      lines.push_back(thought.text);
    const std::vector<Place> places = places_of(lines, path.value());
    std::vector<Fault> found;
    for (size_t i = 0; i < lines.size(); ++i)
      if (!places[i])
        found.push_back(
            fault_of(thoughts[i], in_quotes(lines[i]) + why_off(i, lines, path.value())));
    if (lines.size() < path.value().size())
      found.push_back(left_out(thoughts, places, path.value()));
    return found;
  }

 private:
  std::string place_;
  std::string truth_ = "path";
};

}  // namespace

std::vector<bool> on_path(const std::vector<std::string>& lines,
                          const std::vector<std::string>& path) {
  std::vector<bool> good;
  for (const Place& place : places_of(lines, path))
    good.push_back(place.has_value());
  return good;
}

Result<StepCheckPtr> read_gold_path(const SpecNode& node, StepHeader& header) {
  return read_check(node, header, 0.5, std::make_unique<GoldPath>(node));
}

}  // namespace nelumbo
