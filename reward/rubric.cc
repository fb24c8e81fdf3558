// SPDX-License-Identifier: Apache-2.0
//
//   rar_explicit  sum of w_i m_i / sum of w_i, w = 1.0 essential, 0.7 important, 0.3 optional,
//                 0.9 pitfall (Gunjal et al., Rubrics as Rewards, 2025)
//   healthbench   clip(points met / positive points, 0, 1) (Arora et al., HealthBench, 2025)
//
// m_i is 1 when criterion i is met. Traps: a pitfall of rar_explicit is met when its matcher does
// NOT match, for the matcher describes the fault; in healthbench a fault has negative points and
// counts when it matches. HealthBench clips the mean over prompts only; a reward is clipped for
// each answer, so that the layer stays in [0, 1].
#include "reward/rubric.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "reward/matchers.h"

namespace nelumbo {

namespace {

struct RubricKeys {
  double weight = 1;
  std::string form = "rar_explicit";

  template <class V>
  void fields(V& v) {
    v(weight, "weight", "Share of the layer, relative to the other layers.", Positive{});
    v(form, "form", "How criteria become one value.", OneOf{"rar_explicit", "healthbench"});
  }
};

struct CriterionKeys {
  std::string criterion;
  std::string kind = "important";
  std::optional<double> points;

  template <class V>
  void fields(V& v) {
    v(criterion, "criterion", "What is asked, as a sentence.", NotEmpty{});
    v(kind, "kind", "How much it matters.", OneOf{"essential", "important", "optional", "pitfall"});
    v(points, "points", "healthbench: points when met; negative for a fault.", Between{-10, 10});
  }
};

double weight_of(const std::string& kind) {
  constexpr std::array<std::pair<std::string_view, double>, 4> kWeights = {
      {{"essential", 1.0}, {"important", 0.7}, {"optional", 0.3}, {"pitfall", 0.9}}};
  for (const auto& [name, weight] : kWeights)
    if (name == kind)
      return weight;
  return 0;
}

}  // namespace

Result<RubricLayer::Entry> RubricLayer::read_entry(const SpecNode& node, const std::string& form) {
  CriterionKeys keys;
  if (auto done = read_fields(node, {"matcher"}, keys); !done)
    return done.error();
  if (keys.criterion.empty())
    return node.error("'criterion' is missing");
  if (keys.points && form == "rar_explicit")
    return node.at("points").value().error(
        "form rar_explicit takes its weights from 'kind'; remove the points");
  if (!keys.points && form == "healthbench")
    return node.error("'points' is missing: form healthbench counts them");
  const auto at = node.at("matcher");
  if (!at)
    return at.error();
  auto matcher = read_matcher(at.value());
  if (!matcher)
    return matcher.error();
  return Entry{keys.criterion, keys.points.value_or(weight_of(keys.kind)),
               !keys.points && keys.kind == "pitfall", std::move(matcher.value())};
}

Result<RubricLayer> RubricLayer::read(const SpecNode& node) {
  RubricKeys keys;
  if (auto done = read_fields(node, {"criteria"}, keys); !done)
    return done.error();
  const auto list = node.at("criteria");
  if (!list)
    return list.error();
  const auto items = list.value().items();
  if (!items)
    return items.error();
  RubricLayer layer;
  layer.weight_ = keys.weight;
  std::set<std::string> names;
  double positive = 0;
  for (const SpecNode& item : items.value()) {
    auto entry = read_entry(item, keys.form);
    if (!entry)
      return entry.error();
    if (!names.insert(entry.value().criterion).second)
      return item.error("a second criterion '" + entry.value().criterion + "'");
    positive += std::max(0.0, entry.value().points);
    layer.criteria_.push_back(std::move(entry.value()));
  }
  if (positive <= 0)
    return list.value().error("needs a criterion with positive points");
  return layer;
}

double RubricLayer::positive_points(const Prompt& prompt) const {
  double positive = 0;
  for (const Entry& entry : criteria_)
    if (entry.matcher->applies(prompt))
      positive += std::max(0.0, entry.points);
  return positive;
}

bool RubricLayer::applies(const Prompt& prompt) const {
  return positive_points(prompt) > 0;
}

std::vector<TruthField> RubricLayer::needs() const {
  std::vector<TruthField> all;
  for (const Entry& entry : criteria_)
    for (TruthField& field : entry.matcher->needs())
      all.push_back(std::move(field));
  return all;
}

LayerVerdict RubricLayer::zero(const Prompt& prompt, const std::string& why) const {
  LayerVerdict layer;
  const double positive = positive_points(prompt);
  for (const Entry& entry : criteria_)
    if (entry.matcher->applies(prompt))
      layer.components.push_back(
          {entry.criterion, "rubric", 0, std::max(0.0, entry.points) / positive, why});
  return layer;
}

Result<LayerVerdict> RubricLayer::judge(const Scene& scene) const {
  LayerVerdict layer = zero(scene.prompt, "");
  const double positive = positive_points(scene.prompt);
  size_t next = 0;
  for (const Entry& entry : criteria_) {
    if (!entry.matcher->applies(scene.prompt))
      continue;
    Component& component = layer.components[next++];
    auto verdict = entry.matcher->judge(scene);
    if (!verdict)
      return Error{Errc::kUnavailable, entry.criterion + ": " + verdict.error().message};
    const bool matched = verdict.value().value >= 0.5;
    component.evidence = std::move(verdict.value().evidence);
    if (entry.points < 0) {
      // A fault's component carries its whole share, so that the weights still sum to 1.
      component.value = matched ? entry.points / positive : 0;
      layer.value += component.value;
    } else {
      component.value = matched != entry.pitfall ? 1 : 0;
      layer.value += component.weight * component.value;
    }
  }
  layer.value = std::clamp(layer.value, 0.0, 1.0);
  return layer;
}

}  // namespace nelumbo
