// SPDX-License-Identifier: Apache-2.0
#include "corpus/multi_hop_questions.h"

#include <algorithm>

#include "base/hash.h"
#include "corpus/option_order.h"
#include "corpus/question_text.h"

namespace nelumbo {

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

MultiHopItem shuffled_choices(MultiHopItem item, uint64_t seed) {
  const auto right = std::find(item.choices.begin(), item.choices.end(), item.answer());
  move_options(&item.choices, right - item.choices.begin(),
               Random(seed, Purpose::kControl, xxh3_64(bytes_of(item.id))));
  item.id += "/shuffled";
  return item;
}

}  // namespace nelumbo
