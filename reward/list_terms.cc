// SPDX-License-Identifier: Apache-2.0
#include "reward/list_terms.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include "base/ascii.h"
#include "base/replace_all.h"
#include "base/text.h"
#include "corpus/unicode.h"
#include "reward/answers.h"
#include "reward/emphasis.h"
#include "reward/lookalikes.h"
#include "reward/pattern.h"
#include "reward/stated_answer.h"

namespace nelumbo {

namespace {

/// Of list_order, whose comparison takes the product of both lengths.
constexpr int64_t kMostItems = 1000;

constexpr std::string_view kAnd = " and ";
constexpr std::string_view kPauses = ",;\n";
/// Between items that follow one another, the longer first where one ends another.
constexpr std::array<std::string_view, 9> kSteps = {
    " and then ", " followed by ", " then ", "\u2192", "\u21D2", "->", "=>", " > ", "\u27F6"};
/// In front of the first item, and of the others, where they tell the order in words.
constexpr std::array<std::string_view, 2> kFirst = {"first ", "firstly "};
constexpr std::array<std::string_view, 8> kNext = {
    "and then ", "and finally ", "then ", "next ", "finally ", "lastly ", "followed by ", "and "};

using Places = std::span<const std::string_view>;

/// What becomes of an item that asks, as "fever?".
enum class Doubts { kDropMark, kKeepMark };

std::string one_item(std::string_view text, Doubts doubts) {
  std::string item = normalized(without_wrapping(text));
  return doubts == Doubts::kKeepMark && asks(text) && !item.empty() ? item + "?" : item;
}

std::optional<std::vector<std::string>> json_items(std::string_view text, Doubts doubts) {
  if (!trimmed(text).starts_with('['))
    return std::nullopt;
  const auto list = nlohmann::json::parse(text, nullptr, false);
  if (!list.is_array())
    return std::nullopt;
  std::vector<std::string> items;
  for (const auto& item : list) {
    if (!item.is_string() && !item.is_number())
      return std::nullopt;
    items.push_back(item.is_string() ? one_item(item.get<std::string>(), doubts) : item.dump());
  }
  return items;
}

/// A list as it is written.
struct WrittenList {
  std::vector<std::string> items{};
  std::vector<std::string> numbers{};  ///< in front of items: "1" of "1. fever"
  size_t first = 0;                    ///< the place of the first item that has one
};

/// Whether the numbers say what the order of the items says: 1, 2, 3, ... A line that introduces
/// the list counts as an item and may be the first of them.
bool is_counted_up(const WrittenList& list) {
  const auto is_from = [&](size_t begin) {
    for (size_t i = 0; i < list.numbers.size(); ++i)
      if (list.numbers[i] != std::to_string(begin + i))
        return false;
    return true;
  };
  return is_from(1) || is_from(list.first + 1);
}

/// Without "-", "*", "•", "1.", "(2)", "b)" or "Step 3:" in front.
std::string_view without_bullet(std::string_view item, WrittenList* list) {
  static const Pattern kMark =
      Pattern::fixed(R"((?i)\A(step\s+\d+\s*[:.)]|\(?\d+[.)]|\(?[a-z]\))\s+)");
  item = trimmed(item);
  for (const std::string_view bullet : {"- ", "* ", "• ", "– ", "— "})
    if (item.starts_with(bullet))
      return trimmed(item.substr(bullet.size()));
  const auto mark = kMark.first_in(item);
  if (!mark)
    return item;
  std::string_view number = item.substr(0, mark->end);
  number.remove_prefix(std::min(number.find_first_of("0123456789"), number.size()));
  number = number.substr(0, number.find_first_not_of("0123456789"));
  if (!number.empty()) {
    if (list->numbers.empty())
      list->first = list->items.size();
    list->numbers.emplace_back(number);
  }
  return item.substr(mark->end);
}

std::vector<std::string> all_normalized(const std::vector<std::string>& texts) {
  std::vector<std::string> all;
  all.reserve(texts.size());
  for (const std::string& text : texts)
    all.push_back(normalized(text));
  return all;
}

/// The items that are known, and how long the longest is.
struct KnownItems {
  explicit KnownItems(const std::vector<std::string>& all) : items(all.begin(), all.end()) {
    for (const std::string& item : items)
      longest = std::max(longest, item.size());
  }

  std::set<std::string, std::less<>> items;
  size_t longest = 0;
};

/// The bytes of the longest of `known` that a text begins with, up to its end or an "and"; 0: none.
size_t known_in_front(std::string_view text, const KnownItems& known) {
  size_t longest = 0;
  const std::string_view near = text.substr(0, known.longest + kAnd.size());
  for (size_t end = near.find(kAnd); end != near.npos; end = near.find(kAnd, end + 1))
    if (known.items.contains(text.substr(0, end)))
      longest = end;
  return known.items.contains(text) ? text.size() : longest;
}

/// Whether one of `known` has a text in it, so that it parts none of them.
bool is_inside(std::string_view text, const KnownItems& known) {
  return std::ranges::any_of(known.items,
                             [&](const std::string& item) { return item.find(text) != item.npos; });
}

/// "a > b" with a comma in the place of the mark; "fever > 38" is one item, "3 > 2" are two.
void part_at(std::string_view mark, std::string* text) {
  const bool may_measure =
      mark == " > " && text->find_first_not_of("0123456789. >,") != std::string::npos;
  std::string parted;
  size_t done = 0;
  for (size_t at = text->find(mark); at != std::string::npos; at = text->find(mark, at)) {
    const size_t behind = at + mark.size();
    if (may_measure && behind < text->size() && is_digit((*text)[behind])) {
      ++at;
      continue;
    }
    parted.append(*text, done, at - done) += ',';
    at = done = behind;
  }
  *text = parted.append(*text, done);
}

/// Where a number stands inside of a line, as in front of an item: the blanks before " 2. ".
std::vector<size_t> numbered_places(std::string_view text, char end) {
  std::vector<size_t> places;
  for (size_t at = text.find(' '); at != text.npos; at = text.find(' ', at + 1)) {
    const size_t behind = text.find_first_not_of("0123456789", at + 1);
    if (behind != text.npos && behind > at + 1 && text[behind] == end &&
        text.substr(behind + 1).starts_with(' '))
      places.push_back(at);
  }
  return places;
}

/// "1. a 2. b 3. c" with a line for each; as it is where the numbers do not count up from 1.
void part_at_numbers(std::string* text) {
  const char end = text->size() > 1 ? (*text)[1] : ' ';
  if ((end != '.' && end != ')') || !text->starts_with('1'))
    return;
  const std::vector<size_t> places = numbered_places(*text, end);
  for (size_t i = 0; i < places.size(); ++i)
    if (!std::string_view(*text).substr(places[i] + 1).starts_with(std::to_string(i + 2) + end))
      return;
  for (const size_t at : places)
    (*text)[at] = '\n';
}

/// A list on one line without commas: steps ("a -> b", "first a then b") or numbers part it there.
void part_line(const KnownItems& known, std::string* text) {
  if (text->find_first_of(kPauses) != std::string::npos)
    return;
  for (const std::string_view mark : kSteps)
    if (!is_inside(mark, known))
      part_at(mark, text);
  if (text->find(',') == std::string::npos)
    part_at_numbers(text);
}

/// Whether words tell an order: "first a, then b".
bool tells_order(std::string_view text) {
  const std::string low = lower_case(text);
  return std::ranges::any_of(
      kNext, [&](std::string_view word) { return word != "and " && low.find(word) != low.npos; });
}

/// Drops what tells the place of an item in front of it, unless it is in what is `known`.
void drop_place(Places words, const KnownItems& known, std::string* item) {
  for (const std::string_view word : words)
    if ((item->starts_with(word) || *item == trimmed(word)) && !is_inside(*item, known)) {
      item->erase(0, word.size());
      return;
    }
}

/// Adds the items of "a and b and c": of those that are known the longest, and others by
/// themselves. `may_join_others`: "and" joins items that nobody knows, as at the end of a list.
void add_joined(std::string_view text, const KnownItems& known, bool may_join_others,
                std::vector<std::string>* all) {
  while (!text.empty()) {
    size_t end = known_in_front(text, known);
    if (end == 0)
      end = may_join_others ? std::min(text.find(kAnd), text.size()) : text.size();
    all->emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + kAnd.size(), text.size()));
  }
}

/// Without "The correct order is: " and "Symptoms: " in front, unless an item is written so.
std::string_view without_lead(std::string_view line, const KnownItems& known) {
  static const Pattern kLead = Pattern::fixed(
      R"((?i)\A((the|these)\s+)?((correct|right|proper|final|full|complete)\s+)*(order|sequence|list)"
      R"(|items|steps|symptoms|signs|findings|causes|diagnoses|options|answers))"
      R"((\s+(is|are|include)\b\s*:?|\s*:)\s*)");
  const auto lead = kLead.first_in(line);
  if (!lead || is_inside(normalized(line.substr(0, lead->end)), known))
    return line;
  return line.substr(lead->end);
}

WrittenList items_of(std::string_view text, const std::vector<std::string>& all, Doubts doubts) {
  const KnownItems known(all);
  WrittenList list;
  if (auto items = json_items(text, doubts)) {
    list.items = std::move(*items);
    return list;
  }
  std::string narrow = with_narrow_forms(text);
  replace_all(&narrow, " & ", " and ");
  std::string line(without_lead(trimmed(stated_text(narrow)), known));
  const bool has_first = tells_order(line);
  part_line(known, &line);
  for (std::string_view left = line; !left.empty();) {
    const size_t end = std::min(left.find_first_of(kPauses), left.size());
    std::string item = one_item(without_bullet(left.substr(0, end), &list), doubts);
    left.remove_prefix(std::min(end + 1, left.size()));
    drop_place(has_first && list.items.empty() ? Places(kFirst) : Places(kNext), known, &item);
    add_joined(item, known, left.empty(), &list.items);
  }
  return list;
}

int64_t shared_in_order(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::vector<int64_t> best(b.size() + 1);
  for (const std::string& item : a) {
    int64_t diagonal = 0;
    for (size_t j = 0; j < b.size(); ++j)
      diagonal =
          std::exchange(best[j + 1], item == b[j] ? diagonal + 1 : std::max(best[j], best[j + 1]));
  }
  return best.back();
}

/// The two lists that both terms compare.
class ListTerm : public Term {
 public:
  explicit ListTerm(const SpecNode& node) : place_(node.place_of("truth")) {}

  std::vector<TruthField> needs() const override { return {{truth_, TruthShape::kTexts, place_}}; }

  Result<Verdict> judge(const Scene& scene) const override {
    const auto truth = truth_texts(scene.prompt.truth, truth_);
    if (!truth)
      return truth.error();
    if (!scene.trajectory.answered)
      return Verdict{0, "no answer"};
    const std::string& answer = scene.trajectory.answer;
    const bool is_latin = std::ranges::none_of(truth.value(), has_greek_or_cyrillic);
    const std::vector<std::string> wanted = all_normalized(truth.value());
    const bool may_ask = std::ranges::any_of(truth.value(), asks);
    return compared(wanted, items_of(is_latin ? with_latin_letters(answer) : answer, wanted,
                                     may_ask ? Doubts::kDropMark : Doubts::kKeepMark));
  }

 protected:
  virtual Verdict compared(const std::vector<std::string>& truth,
                           const WrittenList& list) const = 0;

  std::string place_;
  std::string truth_ = "items";
};

class SetF1 final : public ListTerm {
 public:
  using ListTerm::ListTerm;

  template <class V>
  void fields(V& v) {
    v(truth_, "truth", "Truth field with the items.", NotEmpty{});
  }

 private:
  Verdict compared(const std::vector<std::string>& truth, const WrittenList& list) const override {
    const std::vector<std::string>& items = list.items;
    std::map<std::string, int64_t> left;
    for (const std::string& item : truth)
      left[item] = 1;
    const auto wanted = std::ssize(left);
    int64_t shared = 0;
    for (const std::string& item : items) {
      const auto at = left.find(item);
      if (at != left.end() && at->second > 0) {
        --at->second;
        ++shared;
      }
    }
    const int64_t both = std::ssize(items) + wanted;
    const double f1 = both == 0 ? 1 : 2 * static_cast<double>(shared) / static_cast<double>(both);
    return {f1, std::to_string(shared) + " of " + std::to_string(wanted) + " named, " +
                    std::to_string(items.size()) + " items"};
  }
};

class ListOrder final : public ListTerm {
 public:
  using ListTerm::ListTerm;

  template <class V>
  void fields(V& v) {
    v(truth_, "truth", "Truth field with the items, in order.", NotEmpty{});
    v(all_, "all", "Nothing for a list that is not the whole of it.");
  }

  Result<void> fits(const Prompt& prompt) const override {
    const auto truth = truth_texts(prompt.truth, truth_);
    if (!truth)
      return truth.error();
    if (std::ssize(truth.value()) <= kMostItems)
      return {};
    return Error{Errc::kBadData, place_ + ": '" + truth_ + "' has " +
                                     std::to_string(truth.value().size()) +
                                     " items, and list_order compares " +
                                     std::to_string(kMostItems) + " at most; use set_f1"};
  }

 private:
  Verdict compared(const std::vector<std::string>& truth, const WrittenList& list) const override {
    const std::vector<std::string>& items = list.items;
    if (!is_counted_up(list))
      return {0, "numbers stand before the items that do not count from 1 up"};
    if (std::ssize(items) > kMostItems)
      return {0, std::to_string(items.size()) + " items, of which " + std::to_string(kMostItems) +
                     " may be compared"};
    const int64_t longer = std::max(std::ssize(truth), std::ssize(items));
    const int64_t shared = shared_in_order(truth, items);
    const double share =
        longer == 0 ? 1 : static_cast<double>(shared) / static_cast<double>(longer);
    return {all_ && share < 1 ? 0 : share,
            std::to_string(shared) + " in order of " + std::to_string(longer)};
  }

  bool all_ = false;
};

}  // namespace

std::vector<std::string> list_items(std::string_view text, const std::vector<std::string>& known) {
  return items_of(text, known, Doubts::kDropMark).items;
}

Result<TermPtr> read_set_f1(const SpecNode& node, TermHeader& header) {
  return read_term(node, header, std::make_unique<SetF1>(node));
}

Result<TermPtr> read_list_order(const SpecNode& node, TermHeader& header) {
  return read_term(node, header, std::make_unique<ListOrder>(node));
}

}  // namespace nelumbo
