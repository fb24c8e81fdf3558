// SPDX-License-Identifier: Apache-2.0
//
//   rar_explicit  sum of w_i m_i / sum of w_i, w = 1.0 essential, 0.7 important, 0.3 optional,
//                 0.9 pitfall (Gunjal et al., Rubrics as Rewards, 2025)
//   rar_implicit  (g - 1) / (highest - 1), g one grade that a judge gives for all criteria together
//   healthbench   points met / positive points, at most 1 (Arora et al., HealthBench, 2025)
//
// m_i is 1 when criterion i is met. Traps: a pitfall of rar_explicit is met when its matcher does
// NOT match, or its judge says no, for both look for the fault; in healthbench a fault has negative
// points and counts when it is there. HealthBench clips the mean over prompts only, so that one
// answer may be below 0, and clipping each would lift the mean. An answer that judges are not asked
// about has every fault, or it would be worth more than one that tries and fails.
#include "reward/rubric.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "reward/judge_guard.h"
#include "reward/lap_clock.h"
#include "reward/matchers.h"

namespace nelumbo {

namespace {

struct RubricKeys {
  double weight = 1;
  std::string form = "rar_explicit";
  std::string in = "answer";
  std::optional<std::string> judge, from, conversation;

  template <class V>
  void fields(V& v) {
    v(weight, "weight", "Share of the layer, relative to the other layers.", kWeights);
    v(form, "form", "How criteria become one value.",
      OneOf{"rar_explicit", "rar_implicit", "healthbench"});
    v(in, "in", "What judges see: the answer, or all that was said.", OneOf{"answer", "text"});
    v(judge, "judge", "Who decides criteria without a matcher or judge of their own.", NotEmpty{});
    v(from, "from", "Truth field with criteria of the prompt's own.", NotEmpty{});
    v(conversation, "conversation", "Truth field with what was said before the answer.",
      NotEmpty{});
  }
};

struct CriterionKeys {
  std::string criterion;
  std::string kind = "important";
  std::optional<double> points;
  std::optional<std::string> judge;

  template <class V>
  void fields(V& v) {
    v(criterion, "criterion", "What is asked, as a sentence.", NotEmpty{});
    v(kind, "kind", "How much it matters.", OneOf{"essential", "important", "optional", "pitfall"});
    v(points, "points", "healthbench: points when met; negative for a fault.", Between{-10, 10});
    v(judge, "judge", "Who decides it, in the place of a matcher.", NotEmpty{});
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

Result<void> check_judge(const SpecNode& node, const std::optional<std::string>& judge,
                         std::span<const std::string> judges) {
  if (!judge || std::ranges::find(judges, *judge) != judges.end())
    return {};
  return node.at("judge").value().unknown(
      judges.empty() ? "there are no 'judges' at the top of the specification"
                     : "must name one of 'judges'",
      *judge, judges);
}

}  // namespace

/// Reads one layer.
struct RubricLayer::Reader {
  const SpecNode& node;
  std::span<const std::string> judges;
  RubricKeys keys;
  RubricLayer layer;

  Result<void> read() {
    if (auto done = read_fields(node, {"criteria"}, keys); !done)
      return done;
    layer.weight_ = keys.weight;
    layer.form_ = keys.form;
    layer.in_ = keys.in;
    layer.judge_ = keys.judge;
    layer.from_ = keys.from;
    layer.talk_ = keys.conversation;
    if (keys.from)
      layer.from_place_ = node.place_of("from");
    if (keys.conversation)
      layer.talk_place_ = node.place_of("conversation");
    if (auto done = check_judge(node, keys.judge, judges); !done)
      return done;
    if ((keys.from || keys.form == "rar_implicit") && !keys.judge)
      return node.error("'judge' is missing: " +
                        std::string(keys.from ? "criteria that come with the data are for a judge"
                                              : "form rar_implicit asks one for a grade"));
    return read_criteria();
  }

  Result<void> read_criteria() {
    if (keys.from && !node.has("criteria"))
      return {};
    const auto list = node.at("criteria");
    if (!list)
      return list.error();
    const auto items = list.value().items();
    if (!items)
      return items.error();
    std::set<std::string> names;
    double positive = 0;
    for (const SpecNode& item : items.value()) {
      auto entry = read_entry(item);
      if (!entry)
        return entry.error();
      if (!names.insert(entry.value().criterion).second)
        return item.error("a second criterion '" + entry.value().criterion + "'");
      positive += std::max(0.0, entry.value().points);
      layer.criteria_.push_back(std::move(entry.value()));
    }
    if (positive <= 0 && !keys.from)
      return list.value().error("needs a criterion with positive points");
    return {};
  }

  Result<Entry> read_entry(const SpecNode& item) const {
    CriterionKeys own;
    if (auto done = read_fields(item, {"matcher"}, own); !done)
      return done.error();
    if (own.criterion.empty())
      return item.error("'criterion' is missing");
    const bool counts = keys.form == "healthbench";
    if (own.points && !counts)
      return item.at("points").value().error("form " + keys.form +
                                             " takes its weights from 'kind'; remove the points");
    if (!own.points && counts)
      return item.error("'points' is missing: form healthbench counts them");
    Entry entry{own.criterion,
                own.criterion,
                own.kind,
                own.points.value_or(weight_of(own.kind)),
                !own.points && own.kind == "pitfall",
                nullptr,
                ""};
    if (auto done = read_decider(item, own, entry); !done)
      return done.error();
    return entry;
  }

  /// Who decides a criterion: its matcher, its judge, or the judge of the layer.
  Result<void> read_decider(const SpecNode& item, const CriterionKeys& own, Entry& entry) const {
    if (item.has("matcher") && keys.form == "rar_implicit")
      return item.at("matcher").value().error(
          "form rar_implicit has one judge grade all criteria; remove the matcher");
    if (item.has("matcher") && own.judge)
      return item.error("has both 'matcher' and 'judge'; leave one out");
    if (auto done = check_judge(item, own.judge, judges); !done)
      return done;
    if (!item.has("matcher") && (own.judge || keys.judge)) {
      entry.judge = own.judge ? *own.judge : *keys.judge;
      return {};
    }
    const auto at = item.at("matcher");
    if (!at)
      return at.error();
    auto matcher =
        read_matcher(at.value(), entry.points > 0 && !entry.pitfall ? Stake::kPays : Stake::kNone);
    if (!matcher)
      return matcher.error();
    entry.matcher = std::move(matcher.value());
    return {};
  }
};

Result<RubricLayer> RubricLayer::read(const SpecNode& node, std::span<const std::string> judges) {
  Reader reader{node, judges, {}, {}};
  if (auto done = reader.read(); !done)
    return done.error();
  return std::move(reader.layer);
}

RubricLayer::Sheet RubricLayer::sheet(const Prompt& prompt) const {
  Sheet sheet;
  if (from_) {
    const bool counts = form_ == "healthbench";
    const auto own =
        truth_criteria(prompt.truth, *from_, counts ? TruthShape::kPoints : TruthShape::kKinds);
    if (own)
      for (const TruthCriterion& one : own.value())
        sheet.own.push_back({"criterion_" + std::to_string(sheet.own.size() + 1), one.criterion,
                             one.kind, counts ? one.points : weight_of(one.kind),
                             one.kind == "pitfall", nullptr, *judge_});
  }
  for (const Entry& entry : criteria_)
    if (!entry.matcher || entry.matcher->applies(prompt))
      sheet.entries.push_back(&entry);
  for (const Entry& entry : sheet.own)
    sheet.entries.push_back(&entry);
  for (const Entry* entry : sheet.entries)
    sheet.positive += std::max(0.0, entry->points);
  return sheet;
}

bool RubricLayer::applies(const Prompt& prompt) const {
  return sheet(prompt).positive > 0;
}

std::vector<TruthField> RubricLayer::needs() const {
  std::vector<TruthField> all;
  for (const Entry& entry : criteria_)
    if (entry.matcher)
      for (TruthField& field : entry.matcher->needs())
        all.push_back(std::move(field));
  if (from_)
    all.push_back(
        {*from_, form_ == "healthbench" ? TruthShape::kPoints : TruthShape::kKinds, from_place_});
  if (talk_)
    all.push_back({*talk_, TruthShape::kTalk, talk_place_});
  return all;
}

bool RubricLayer::asks() const {
  return judge_ || std::ranges::any_of(criteria_, [](const Entry& one) { return !one.matcher; });
}

std::vector<std::string> RubricLayer::judges() const {
  std::vector<std::string> names;
  if (judge_)
    names.push_back(*judge_);
  for (const Entry& entry : criteria_)
    if (!entry.matcher)
      names.push_back(entry.judge);
  return names;
}

std::vector<std::string> RubricLayer::criteria(const Prompt& prompt) const {
  const Sheet all = sheet(prompt);
  std::vector<std::string> criteria;
  for (const Entry* entry : all.entries)
    criteria.push_back(entry->criterion);
  return criteria;
}

std::vector<std::string> RubricLayer::judged_criteria(const Prompt& prompt) const {
  const Sheet all = sheet(prompt);
  std::vector<std::string> criteria;
  for (const Entry* entry : all.entries)
    if (!entry->matcher)
      criteria.push_back(entry->criterion);
  return criteria;
}

std::string RubricLayer::said(const Trajectory& trajectory) const {
  return in_ == "text" ? trajectory.text : trajectory.answer;
}

std::string RubricLayer::asked(const Prompt& prompt) const {
  if (!talk_)
    return prompt.text;
  const auto talk = truth_talk(prompt.truth, *talk_);
  return talk ? talk.value() : prompt.text;
}

/// Why judges are not asked; none also where there is nothing for them.
std::optional<std::string> RubricLayer::refusal(const Sheet& sheet,
                                                const std::string& answer) const {
  std::vector<std::string_view> criteria;
  for (const Entry* entry : sheet.entries)
    if (!entry->matcher)
      criteria.emplace_back(entry->criterion);
  if (criteria.empty())
    return std::nullopt;
  const auto why = reason_not_to_ask(answer, criteria);
  return why ? std::optional("not asked: the answer " + *why) : std::nullopt;
}

std::vector<JudgeQuestion> RubricLayer::questions(const Scene& scene) const {
  std::vector<JudgeQuestion> questions;
  if (!asks())
    return questions;
  const Sheet all = sheet(scene.prompt);
  const std::string answer = said(scene.trajectory);
  if (all.positive <= 0 || refusal(all, answer))
    return questions;
  const std::string about = asked(scene.prompt);
  if (gives_grade()) {
    std::string list;
    for (const Entry* entry : all.entries)
      list += "- (" + entry->kind + ") " + entry->criterion + "\n";
    return {{*judge_, about, list, answer, JudgeForm::kScale}};
  }
  for (const Entry* entry : all.entries)
    if (!entry->matcher)
      questions.push_back({entry->judge, about, entry->criterion, answer, JudgeForm::kMet});
  return questions;
}

LayerVerdict RubricLayer::zero(const Sheet& sheet, const std::string& why) const {
  LayerVerdict layer;
  if (gives_grade()) {
    layer.components.push_back({form_, "rubric", 0, 1, why});
    return layer;
  }
  for (const Entry* entry : sheet.entries)
    layer.components.push_back(
        {entry->name, "rubric", 0, std::max(0.0, entry->points) / sheet.positive, why});
  return layer;
}

LayerVerdict RubricLayer::zero(const Prompt& prompt, const std::string& why) const {
  return zero(sheet(prompt), why);
}

/// An answer that meets nothing and has every fault.
LayerVerdict RubricLayer::worst(const Sheet& sheet, const std::string& why) const {
  LayerVerdict layer = zero(sheet, why);
  if (gives_grade())
    return layer;
  for (size_t i = 0; i < sheet.entries.size(); ++i) {
    layer.components[i].value = std::min(0.0, sheet.entries[i]->points / sheet.positive);
    layer.value += layer.components[i].value;
  }
  return layer;
}

LayerVerdict RubricLayer::worst(const Prompt& prompt, const std::string& why) const {
  return worst(sheet(prompt), why);
}

double RubricLayer::lowest_stated() const {
  double positive = 0, negative = 0;
  for (const Entry& entry : criteria_)
    (entry.points < 0 ? negative : positive) += entry.points;
  return positive > 0 && !gives_grade() ? negative / positive : 0;
}

Result<LayerVerdict> RubricLayer::judge(const Scene& scene,
                                        std::span<const JudgeReply> replies) const {
  const Sheet all = sheet(scene.prompt);
  if (asks())
    if (const auto why = refusal(all, said(scene.trajectory)))
      return worst(all, *why);
  LayerVerdict layer = zero(all, "");
  if (gives_grade()) {
    if (replies.size() != 1 || !replies.front().ok())
      return Error{Errc::kUnavailable, "no judge was asked"};
    layer.value = layer.components[0].value = replies.front().value;
    layer.components[0].evidence = replies.front().note;
    return layer;
  }
  LapClock clock;
  size_t next_reply = 0;
  for (size_t i = 0; i < all.entries.size(); ++i) {
    const Entry& entry = *all.entries[i];
    Component& component = layer.components[i];
    bool found = false;
    if (entry.matcher) {
      auto verdict = entry.matcher->judge(scene);
      if (!verdict)
        return Error{Errc::kUnavailable, entry.criterion + ": " + verdict.error().message};
      found = verdict.value().value >= 0.5;
      component.evidence = std::move(verdict.value().evidence);
    } else {
      if (next_reply >= replies.size() || !replies[next_reply].ok())
        return Error{Errc::kUnavailable, entry.criterion + ": no judge was asked"};
      const JudgeReply& reply = replies[next_reply++];
      found = reply.value >= 0.5;
      component.evidence =
          entry.name == entry.criterion ? reply.note : reply.note + ": " + entry.criterion;
    }
    if (entry.points < 0) {
      // A fault's component carries its whole share, so that the weights still sum to 1.
      component.value = found ? entry.points / all.positive : 0;
      layer.value += component.value;
    } else {
      component.value = found != entry.pitfall ? 1 : 0;
      layer.value += component.weight * component.value;
    }
    component.nanoseconds = clock.lap();
  }
  return layer;
}

}  // namespace nelumbo
