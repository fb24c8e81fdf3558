// SPDX-License-Identifier: Apache-2.0
#include "corpus/decontamination.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/hash.h"
#include "corpus/ngram_index.h"
#include "corpus/unicode.h"

namespace nelumbo {
namespace {

/// What is compared: a text, who it is, and a hash by which equals are found.
struct Compared {
  std::string name;  ///< source and id
  std::string text;
  std::string key;
};

std::vector<Compared> compared(const std::vector<Document>& documents) {
  std::vector<Compared> all;
  for (const Document& document : documents) {
    std::string words;
    for (const std::string& word : words_of(document.text))
      words += word + " ";
    all.push_back({document.name(), document.text, xxh3_128_hex(bytes_of(words))});
  }
  return all;
}

std::vector<Compared> compared(const std::vector<ExamItem>& items) {
  std::vector<Compared> all;
  all.reserve(items.size());
  for (const ExamItem& item : items)
    all.push_back({item.source + "/" + item.id, item.text(), item.key()});
  return all;
}

/// The evaluation texts, prepared for questions about training texts.
class Comparison {
 public:
  explicit Comparison(const std::vector<Compared>& evaluation) : evaluation_(evaluation) {
    for (const Compared& reference : evaluation) {
      const int64_t number = index_.add(reference.text);
      by_key_[reference.key].push_back(number);
    }
  }

  /// The evaluation text with which this one has most in common.
  std::optional<Contamination> worst(const Compared& document) const {
    if (const auto same = by_key_.find(document.key); same != by_key_.end())
      for (const int64_t reference : same->second)
        if (!is_self(document, reference))
          return Contamination{.reference = reference, .share = 1, .equal = true};
    for (const NgramIndex::Overlap& overlap : index_.overlaps(document.text))
      if (!is_self(document, overlap.text))
        return Contamination{.reference = overlap.text, .share = overlap.share};
    return std::nullopt;
  }

 private:
  bool is_self(const Compared& document, int64_t reference) const {
    return evaluation_[static_cast<size_t>(reference)].name == document.name;
  }

  const std::vector<Compared>& evaluation_;
  NgramIndex index_;
  std::unordered_map<std::string, std::vector<int64_t>> by_key_;
};

DecontaminationReport compare(const std::vector<Compared>& training,
                              const std::vector<Compared>& evaluation) {
  const Comparison comparison(evaluation);
  DecontaminationReport report{.documents = std::ssize(training),
                               .references = std::ssize(evaluation)};
  for (int64_t i = 0; i < std::ssize(training); ++i) {
    std::optional<Contamination> worst = comparison.worst(training[static_cast<size_t>(i)]);
    if (!worst)
      continue;
    worst->document = i;
    ++report.sharing;
    if (worst->share > report.largest.share)
      report.largest = *worst;
    if (worst->share >= kFlaggedShare)
      report.found.push_back(*worst);
  }
  return report;
}

template <class T>
void drop(std::vector<T>& training, const DecontaminationReport& report) {
  std::set<int64_t> dropped;
  for (const Contamination& found : report.found)
    if (found.dropped())
      dropped.insert(found.document);
  int64_t at = 0;
  std::erase_if(training, [&](const T&) { return dropped.contains(at++); });
}

}  // namespace

int64_t DecontaminationReport::dropped() const {
  return std::count_if(found.begin(), found.end(), [](const auto& pair) { return pair.dropped(); });
}

DecontaminationReport compare_texts(const std::vector<Document>& training,
                                    const std::vector<Document>& evaluation) {
  return compare(compared(training), compared(evaluation));
}

DecontaminationReport compare_items(const std::vector<ExamItem>& training,
                                    const std::vector<ExamItem>& evaluation) {
  return compare(compared(training), compared(evaluation));
}

void drop_contaminated(std::vector<Document>& training, const DecontaminationReport& report) {
  drop(training, report);
}

void drop_contaminated(std::vector<ExamItem>& training, const DecontaminationReport& report) {
  drop(training, report);
}

}  // namespace nelumbo
