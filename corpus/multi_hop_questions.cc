// SPDX-License-Identifier: Apache-2.0
#include "corpus/multi_hop_questions.h"

#include <algorithm>
#include <utility>

#include "base/hash.h"
#include "base/rng.h"
#include "base/text.h"
#include "corpus/option_order.h"
#include "corpus/question_text.h"

namespace nelumbo {
namespace {

void shuffle(std::vector<std::string>* lines, Random& random) {
  for (int64_t i = std::ssize(*lines) - 1; i > 0; --i)
    std::swap((*lines)[static_cast<size_t>(i)], (*lines)[static_cast<size_t>(random.below(i + 1))]);
}

}  // namespace

TextQuestion multi_hop_question(const MultiHopItem& item) {
  TextQuestion question;
  question.id = item.id;
  question.task = "multihop";
  question.text = item.question + "\n" + choices_text(item.choices);
  question.chain = chain_of(item);
  question.answer = " " + item.answer();
  question.truth = {
      {"answer", item.answer()}, {"choices", item.choices}, {"path", question.chain->recall}};
  return question;
}

MultiHopItem dealt_choices(MultiHopItem item, Random& random) {
  shuffle(&item.choices, random);
  return item;
}

TextQuestion reading_question(const MultiHopItem& item, const MultiHopItem& other, Random& random) {
  std::vector<std::string> notes = chain_of(item).recall;
  for (std::string& fact : chain_of(other).recall)
    notes.push_back(std::move(fact));
  shuffle(&notes, random);
  TextQuestion question = multi_hop_question(item);
  question.id = "reading/" + question.id;
  question.text = "Notes:\n " + joined(notes, "\n ") + "\n" + question.text;
  return question;
}

MultiHopItem shuffled_choices(MultiHopItem item, uint64_t seed) {
  const auto right = std::find(item.choices.begin(), item.choices.end(), item.answer());
  move_options(&item.choices, right - item.choices.begin(),
               Random(seed, Purpose::kControl, xxh3_64(bytes_of(item.id))));
  item.id += "/shuffled";
  return item;
}

}  // namespace nelumbo
