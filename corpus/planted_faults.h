// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "corpus/cleaning.h"
#include "corpus/document.h"
#include "corpus/faults.h"

namespace nelumbo {

/// One fault in a corpus.
struct PlantedFault {
  int64_t document = 0;  ///< index of the faulty text
  Fault fault = Fault::kDuplicate;
  std::string mended = {};  ///< as in FaultyText
};

/// A corpus in which it is known what is wrong.
struct PlantedCorpus {
  std::vector<Document> documents;
  std::vector<PlantedFault> faults;
};

/// Plants `count` faults, all kinds equally often, each into a text of its own: a duplicate stands
/// at the end beside its original, any other fault takes the place of its text. Same arguments,
/// same corpus. REQUIRES: documents.size() >= 2 * count.
PlantedCorpus plant_faults(std::vector<Document> documents, int64_t count, FaultSet set,
                           uint64_t seed);

/// What cleaning made of a planted corpus.
struct PlantedScore {
  struct Caught {
    int64_t planted = 0, caught = 0;
  };
  std::map<Fault, Caught> faults;
  int64_t sound = 0;  ///< texts without a fault
  int64_t born_faulty =
      0;  ///< texts that nobody planted, yet equal an earlier one or are fragments
  std::vector<RemovedText> falsely_removed = {};  ///< sound ones that left

  double recall() const;
  double false_removals() const;  ///< of the sound texts

  /// The counts of both; the documents of `falsely_removed` are those of their own corpora.
  void add(const PlantedScore& other);
};

/// A fault is caught when its text left, or stayed with the fault undone. A real corpus has faults
/// of its own: a text that nobody planted is no sound one where it equals an earlier text, as a
/// planted duplicate does, or has at most four words between white space, as a planted fragment
/// has. Every other counts as sound, whatever it looks like.
PlantedScore score_cleaning(const PlantedCorpus& planted, const CleanedTexts& cleaned);

}  // namespace nelumbo
