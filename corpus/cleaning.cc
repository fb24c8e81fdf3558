// SPDX-License-Identifier: Apache-2.0
#include "corpus/cleaning.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>

#include "corpus/letter_model.h"
#include "corpus/normalisation.h"

namespace nelumbo {
namespace {

/// Of a smaller corpus the letter model knows too little to call a spelling unusual.
constexpr int64_t kLeastLetters = 20'000;
constexpr double kRoomOfGood = 0.7;

/// A document with all that is found out about it.
struct Inspected {
  Normalised normalised;
  TextMeasures measures;
  std::optional<Removal> removal;
};

std::vector<Inspected> without_duplicates(const std::vector<Document>& documents) {
  std::vector<Inspected> all;
  std::unordered_set<std::string> seen;
  for (const Document& document : documents) {
    Inspected inspected{.normalised = normalised(document.text), .measures = {}, .removal = {}};
    const std::string& text = inspected.normalised.text;
    if (!text.empty() && !seen.insert(text_key(text)).second)
      inspected.removal = Removal::kDuplicate;
    all.push_back(std::move(inspected));
  }
  return all;
}

/// The median surprise of the texts that are still there.
double usual_surprise(const std::vector<Inspected>& all) {
  std::vector<double> surprises;
  for (const Inspected& inspected : all)
    if (!inspected.removal && inspected.measures.surprise > 0)
      surprises.push_back(inspected.measures.surprise);
  if (surprises.empty())
    return 0;
  const auto middle = surprises.begin() + std::ssize(surprises) / 2;
  std::nth_element(surprises.begin(), middle, surprises.end());
  return *middle;
}

/// Surely prose, however it is spelt: it keeps the rules with room to spare.
bool is_prose(const Inspected& inspected, const RuleLimits& tight) {
  return !inspected.removal && inspected.measures.function_words >= tight.function_words &&
         !broken_rule(inspected.measures, tight, 0);
}

/// How the corpus spells is learned from its prose alone, lest rubbish make rubbish usual.
void measure_all(std::vector<Inspected>& all, const RuleLimits& tight) {
  LetterModel letters;
  for (Inspected& inspected : all) {
    inspected.measures = measure(inspected.normalised);
    if (is_prose(inspected, tight))
      letters.add(inspected.normalised.text);
  }
  if (letters.size() < kLeastLetters)
    return;
  for (Inspected& inspected : all)
    inspected.measures.surprise = surprise_of(inspected.normalised.text, letters);
}

/// Applies the rules and says what each text is to the classifier.
std::vector<Seed> apply_rules(std::vector<Inspected>& all, const RuleLimits& limits) {
  const double usual = usual_surprise(all);
  const RuleLimits tight = limits.tightened(kRoomOfGood);
  std::vector<Seed> seeds;
  for (Inspected& inspected : all) {
    const bool duplicate = inspected.removal.has_value();
    if (!duplicate)
      inspected.removal = broken_rule(inspected.measures, limits, usual);
    // Length says nothing about how a text reads, and a duplicate reads as its original.
    const bool bad = !duplicate && inspected.removal && inspected.removal != Removal::kLength;
    const bool good = !inspected.removal && !broken_rule(inspected.measures, tight, usual);
    seeds.push_back(bad ? Seed::kBad : good ? Seed::kGood : Seed::kUndecided);
  }
  return seeds;
}

QualityReport apply_classifier(std::vector<Inspected>& all, const std::vector<Seed>& seeds,
                               uint64_t seed) {
  std::vector<std::string> texts;
  std::vector<Seed> judged;
  std::vector<size_t> places;
  for (size_t i = 0; i < all.size(); ++i) {
    if (seeds[i] != Seed::kBad && all[i].removal)
      continue;
    texts.push_back(all[i].normalised.text);
    judged.push_back(seeds[i]);
    places.push_back(i);
  }
  QualityReport report = bootstrap_quality(texts, judged, seed);
  for (size_t i = 0; i < places.size(); ++i)
    if (report.leaves[i] && !all[places[i]].removal)
      all[places[i]].removal = Removal::kQuality;
  return report;
}

}  // namespace

std::map<Removal, int64_t> CleaningReport::counts() const {
  std::map<Removal, int64_t> counts;
  for (const Removal reason : kAllRemovals)
    counts[reason] = 0;
  for (const RemovedText& text : removed)
    ++counts[text.reason];
  return counts;
}

CleanedTexts clean(std::vector<Document> documents, const RuleLimits& limits, uint64_t seed) {
  std::vector<Inspected> all = without_duplicates(documents);
  measure_all(all, limits.tightened(kRoomOfGood));
  const std::vector<Seed> seeds = apply_rules(all, limits);
  CleanedTexts cleaned;
  CleaningReport& report = cleaned.report;
  report.quality = apply_classifier(all, seeds, seed);
  report.read = std::ssize(documents);
  for (size_t i = 0; i < documents.size(); ++i) {
    if (all[i].removal) {
      report.removed.push_back({static_cast<int64_t>(i), *all[i].removal});
      continue;
    }
    std::string& text = all[i].normalised.text;
    report.normalised += text == documents[i].text ? 0 : 1;
    documents[i].text = std::move(text);
    cleaned.documents.push_back(std::move(documents[i]));
  }
  report.kept = std::ssize(cleaned.documents);
  return cleaned;
}

nlohmann::json to_json(const CleaningReport& report) {
  nlohmann::json removed = nlohmann::json::object();
  for (const auto& [reason, count] : report.counts())
    removed[removal_name(reason)] = count;
  const QualityReport& quality = report.quality;
  return {{"read", report.read},
          {"kept", report.kept},
          {"normalised", report.normalised},
          {"removed", removed},
          {"quality",
           {{"rounds", quality.rounds},
            {"good", quality.good},
            {"bad", quality.bad},
            {"threshold", quality.threshold},
            {"held_out_kept", quality.held_out_kept},
            {"held_out_caught", quality.held_out_caught}}}};
}

}  // namespace nelumbo
