// SPDX-License-Identifier: Apache-2.0
#include "corpus/planted_faults.h"

#include <iterator>
#include <numeric>
#include <set>
#include <sstream>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/check.h"
#include "base/rng.h"
#include "corpus/normalisation.h"

namespace nelumbo {
namespace {

/// A planted fragment has no more words.
constexpr int64_t kMostOfFragment = 4;

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

bool is_fragment(const std::string& text) {
  std::istringstream pieces(text);
  return std::distance(std::istream_iterator<std::string>(pieces), {}) <= kMostOfFragment;
}

/// Those that equal an earlier text, or say nothing.
std::vector<int64_t> faulty_by_themselves(const std::vector<Document>& documents) {
  std::vector<int64_t> faulty;
  std::unordered_set<std::string> seen;
  for (int64_t i = 0; i < std::ssize(documents); ++i) {
    const std::string text = normalised(documents[static_cast<size_t>(i)].text).text;
    if (!seen.insert(text_key(text)).second || is_fragment(text))
      faulty.push_back(i);
  }
  return faulty;
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
  return sound == 0 ? 0
                    : static_cast<double>(std::ssize(falsely_removed)) / static_cast<double>(sound);
}

void PlantedScore::add(const PlantedScore& other) {
  for (const auto& [fault, caught] : other.faults) {
    faults[fault].planted += caught.planted;
    faults[fault].caught += caught.caught;
  }
  sound += other.sound;
  born_faulty += other.born_faulty;
  falsely_removed.insert(falsely_removed.end(), other.falsely_removed.begin(),
                         other.falsely_removed.end());
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
  for (const int64_t document : faulty_by_themselves(planted.documents))
    score.born_faulty += faulty.insert(document).second ? 1 : 0;
  score.sound = std::ssize(planted.documents) - std::ssize(faulty);
  for (const RemovedText& text : cleaned.report.removed)
    if (!faulty.contains(text.document))
      score.falsely_removed.push_back(text);
  return score;
}

}  // namespace nelumbo
