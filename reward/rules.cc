// SPDX-License-Identifier: Apache-2.0
//
//   rule = 0                             when a precondition has a value under 0.5
//        = clip(sum_i w_i v_i / sum_i w_i, 0, 1)   over the terms that apply to the prompt
//
// Bonus terms (tool_use) need to know whether the answer is right, so the verifiers are judged
// first, alone, for the whole group; none is judged twice.
#include "reward/rules.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "reward/box_terms.h"
#include "reward/chain_terms.h"
#include "reward/claim_terms.h"
#include "reward/external_terms.h"
#include "reward/json_terms.h"
#include "reward/kinds.h"
#include "reward/lap_clock.h"
#include "reward/list_terms.h"
#include "reward/math_terms.h"
#include "reward/number_terms.h"
#include "reward/prose_terms.h"
#include "reward/score_terms.h"
#include "reward/text_matchers.h"
#include "reward/text_terms.h"
#include "reward/tool_terms.h"

namespace nelumbo {

namespace {

using Reader = Result<TermPtr> (*)(const SpecNode&, TermHeader&);

constexpr std::array<Kind<Reader>, 23> kKinds = {{{"format", read_format},
                                                  {"exact", read_exact},
                                                  {"choice", read_choice},
                                                  {"number", read_number},
                                                  {"math_equal", read_math_equal},
                                                  {"count", read_count},
                                                  {"set_f1", read_set_f1},
                                                  {"list_order", read_list_order},
                                                  {"regex", read_regex},
                                                  {"json_schema", read_json_schema},
                                                  {"iou", read_iou},
                                                  {"boxes_f1", read_boxes_f1},
                                                  {"contains", read_contains},
                                                  {"absent", read_absent},
                                                  {"language", read_language},
                                                  {"repetition", read_repetition},
                                                  {"length", read_length},
                                                  {"tool_use", read_tool_use},
                                                  {"chain", read_chain_term},
                                                  {"claims", read_claims},
                                                  {"constraints", read_constraints},
                                                  {"external", read_external},
                                                  {"reward_model", read_reward_model}}};

struct RuleKeys {
  double weight = 1;

  template <class V>
  void fields(V& v) {
    v(weight, "weight", "Share of the layer, relative to the other layers.", kWeights);
  }
};

/// A verdict, or an error that says which term it was and where that stands.
Result<Verdict> finite(const std::string& name, const std::string& place, Result<Verdict> verdict) {
  const std::string where = " (" + place + ")";
  if (verdict && !std::isfinite(verdict.value().value))
    return Error{Errc::kUnavailable, name + ": the value is not finite" + where};
  if (!verdict)
    return Error{verdict.error().code == kOutOfTime ? kOutOfTime : Errc::kUnavailable,
                 name + ": " + verdict.error().message + where};
  return verdict;
}

}  // namespace

std::vector<std::string> rule_term_kinds() {
  return names_of<Reader>(kKinds);
}

Result<TermPtr> read_rule_term(const SpecNode& node, TermHeader& header) {
  const auto kind = kind_of<Reader>(node, kKinds);
  if (!kind)
    return kind.error();
  auto term = kind.value()->read(node, header);
  if (term && header.name.empty())
    header.name = header.kind;
  if (term && header.precondition && node.has("weight"))
    return node.at("weight").value().error(
        "a precondition has no weight; set precondition: false or leave the weight out");
  return term;
}

Result<RuleLayer> RuleLayer::read(const SpecNode& node) {
  RuleKeys keys;
  if (auto done = read_fields(node, {"terms"}, keys); !done)
    return done.error();
  const auto list = node.at("terms");
  if (!list)
    return list.error();
  const auto items = list.value().items();
  if (!items)
    return items.error();
  RuleLayer layer;
  layer.weight_ = keys.weight;
  bool decides = false;
  for (const SpecNode& item : items.value()) {
    Entry entry;
    auto term = read_rule_term(item, entry.header);
    if (!term)
      return term.error();
    entry.term = std::move(term.value());
    entry.place = item.place();
    for (const Entry& other : layer.terms_)
      if (other.header.name == entry.header.name)
        return item.error("a second term named '" + entry.header.name + "'; give it a name");
    decides = decides || (!entry.header.precondition && !entry.term->is_bonus());
    layer.terms_.push_back(std::move(entry));
  }
  if (!decides)
    return list.value().error("needs a verifier beside preconditions and bonuses");
  return layer;
}

bool RuleLayer::applies(const Prompt& prompt) const {
  return std::ranges::any_of(terms_, [&](const Entry& entry) {
    return !entry.header.precondition && entry.term->applies(prompt);
  });
}

Result<void> RuleLayer::fits(const Prompt& prompt) const {
  for (const Entry& entry : terms_)
    if (entry.term->applies(prompt))
      if (auto fits = entry.term->fits(prompt); !fits)
        return fits;
  return {};
}

std::vector<TruthField> RuleLayer::needs() const {
  std::vector<TruthField> all;
  for (const Entry& entry : terms_)
    for (TruthField& field : entry.term->needs())
      all.push_back(std::move(field));
  return all;
}

std::string RuleLayer::depends_on() const {
  std::string all;
  for (const Entry& entry : terms_)
    all += entry.term->depends_on();
  return all;
}

void RuleLayer::keep_dumps(const std::string& folder) const {
  for (const Entry& entry : terms_)
    entry.term->keep_dumps(folder);
}

Result<RuleFindings> RuleLayer::find(const Scene& scene) const {
  RuleFindings found;
  std::vector<const Entry*> entries;
  for (const Entry& entry : terms_)
    if (entry.term->applies(scene.prompt))
      entries.push_back(&entry);
  found.of_terms.resize(entries.size());
  double sum = 0, weights = 0;
  LapClock clock;
  for (const bool precondition : {true, false})
    for (size_t i = 0; i < entries.size() && (precondition || found.failed.empty()); ++i) {
      const auto& [header, term, place] = *entries[i];
      if (header.precondition != precondition || (!precondition && term->is_bonus()))
        continue;
      auto verdict = finite(header.name, place, term->judge(scene));
      if (!verdict)
        return verdict.error();
      const double value = verdict.value().value;
      if (precondition && value < 0.5 && found.failed.empty())
        found.failed = header.name;
      sum += precondition ? 0 : header.weight * value;
      weights += precondition ? 0 : header.weight;
      found.of_terms[i] = {true, std::move(verdict.value()), clock.lap()};
    }
  found.right = weights > 0 ? sum / weights : 0;
  return found;
}

LayerVerdict RuleLayer::blank(const Prompt& prompt) const {
  LayerVerdict layer;
  double weights = 0;
  for (const Entry& entry : terms_)
    if (!entry.header.precondition && entry.term->applies(prompt))
      weights += entry.header.weight;
  for (const Entry& entry : terms_)
    if (entry.term->applies(prompt))
      layer.components.push_back({entry.header.name, "rule", 0,
                                  entry.header.precondition ? 0 : entry.header.weight / weights,
                                  ""});
  return layer;
}

LayerVerdict RuleLayer::zero(const Prompt& prompt, const std::string& why) const {
  LayerVerdict layer = blank(prompt);
  for (Component& component : layer.components)
    component.evidence = why;
  return layer;
}

Result<LayerVerdict> RuleLayer::judge(const Scene& scene, const RuleFindings& findings) const {
  LayerVerdict layer = blank(scene.prompt);
  LapClock clock;
  size_t next = 0;
  for (const Entry& entry : terms_) {
    if (!entry.term->applies(scene.prompt))
      continue;
    const RuleFindings::Finding& found = findings.of_terms[next];
    Component& component = layer.components[next++];
    if (!found.is_judged && !findings.failed.empty()) {
      component.evidence = "not judged: " + findings.failed + " failed";
      continue;
    }
    auto verdict = found.is_judged
                       ? found.verdict
                       : finite(entry.header.name, entry.place, entry.term->judge(scene));
    if (!verdict)
      return verdict.error();
    component.value = verdict.value().value;
    component.evidence = std::move(verdict.value().evidence);
    component.nanoseconds = found.is_judged ? found.nanoseconds : clock.lap();
    layer.value += component.weight * component.value;
  }
  layer.value = std::clamp(layer.value, 0.0, 1.0);
  return layer;
}

}  // namespace nelumbo
