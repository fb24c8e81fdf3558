// SPDX-License-Identifier: Apache-2.0
#include "corpus/planted_faults.h"

#include <numeric>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/check.h"
#include "base/rng.h"
#include "corpus/normalisation.h"

namespace nelumbo {
namespace {

/// The first `count` of all numbers below `size` in a seeded order.
std::vector<size_t> some_of(size_t size, int64_t count, Random& random) {
  std::vector<size_t> order(size);
  std::iota(order.begin(), order.end(), size_t{0});
  for (size_t i = 0; i < static_cast<size_t>(count); ++i)
    std::swap(
        order[i],
        order[i + static_cast<size_t>(random.below(std::ssize(order) - static_cast<int64_t>(i)))]);
  order.resize(static_cast<size_t>(count));
  return order;
}

bool is_mended(const std::string& text, const PlantedFault& fault) {
  return !fault.mended.empty() && text == normalised(fault.mended).text;
}

}  // namespace

PlantedCorpus plant_faults(std::vector<Document> documents, int64_t count, FaultSet set,
                           uint64_t seed) {
  NELUMBO_CHECK(std::ssize(documents) >= 2 * count);
  PlantedCorpus planted;
  Random random(seed, Purpose::kControl, set == FaultSet::kOpen ? 0 : 1);
  const std::vector<size_t> places = some_of(documents.size(), count, random);
  for (size_t i = 0; i < places.size(); ++i) {
    const Fault fault = kAllFaults[i % std::size(kAllFaults)];
    size_t at = places[i];
    FaultyText faulty = make_fault(fault, set, documents[at].text, random);
    if (fault == Fault::kDuplicate) {
      documents.push_back(documents[at]);
      at = documents.size() - 1;
      documents[at].id += "-again";
    }
    documents[at].text = std::move(faulty.text);
    planted.faults.push_back({static_cast<int64_t>(at), fault, std::move(faulty.mended)});
  }
  planted.documents = std::move(documents);
  return planted;
}

double PlantedScore::recall() const {
  Caught all;
  for (const auto& [fault, caught] : faults) {
    all.planted += caught.planted;
    all.caught += caught.caught;
  }
  return all.planted == 0 ? 0 : static_cast<double>(all.caught) / static_cast<double>(all.planted);
}

double PlantedScore::false_removals() const {
  return sound == 0 ? 0 : static_cast<double>(falsely_removed) / static_cast<double>(sound);
}

PlantedScore score_cleaning(const PlantedCorpus& planted, const CleanedTexts& cleaned) {
  std::set<int64_t> removed, faulty;
  for (const RemovedText& text : cleaned.report.removed)
    removed.insert(text.document);
  PlantedScore score;
  size_t next = 0;
  std::unordered_map<int64_t, size_t> place_of;
  for (int64_t i = 0; i < std::ssize(planted.documents); ++i)
    if (!removed.contains(i))
      place_of[i] = next++;
  for (const PlantedFault& fault : planted.faults) {
    faulty.insert(fault.document);
    PlantedScore::Caught& caught = score.faults[fault.fault];
    ++caught.planted;
    const auto place = place_of.find(fault.document);
    if (place == place_of.end() || is_mended(cleaned.documents[place->second].text, fault))
      ++caught.caught;
  }
  score.sound = std::ssize(planted.documents) - std::ssize(faulty);
  for (const int64_t document : removed)
    score.falsely_removed += faulty.contains(document) ? 0 : 1;
  return score;
}

}  // namespace nelumbo
