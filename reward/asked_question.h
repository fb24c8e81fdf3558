// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "reward/asked_rate.h"
#include "reward/asking.h"
#include "reward/unit_phrases.h"

namespace nelumbo {

/// What a question in words names, and what it asks for.
///
/// Example: "He drives 76 miles in 2 hours. How many miles per hour is that?" names miles and hours
/// and asks for miles per hour.
class AskedQuestion {
 public:
  /// `truth` is the right answer, whose unit is asked for, too, where it has one.
  explicit AskedQuestion(std::string_view question, std::string_view truth = "");

  /// Whether it has a form of the word.
  bool names(std::string_view word) const;
  /// Whether it asks about somebody by name ("does Tim have"), and whether the word, in lower case,
  /// is another name in it, or one of those that the part has that asks.
  bool asks_by_name() const { return asks_by_name_; }
  bool has_other_name(const std::string& word) const {
    return names_.contains(word) && !asked_names_.contains(word);
  }
  bool has_asked_name(const std::string& word) const { return asked_names_.contains(word); }
  /// Whether the part that asks has a form of the word.
  bool asks_with(std::string_view word) const;
  /// Whether the part that asks has a name, and whether the word, in lower case, is any name in it.
  bool asks_of_names() const { return !asked_names_.empty(); }
  bool has_name(const std::string& word) const { return names_.contains(word); }
  /// Whether the part that asks has "not" before the word, in lower case: "how many are not roses".
  bool asks_of_not(const std::string& word) const { return denied_.contains(word); }
  /// Whether it names the things of the word beside others that it asks for: girls in "15 boys and
  /// 12 girls" where it asks how many boys.
  bool sets_apart(std::string_view word) const;
  /// Whether it says that it asks for something measured, and no things by that word: hours, or
  /// money, where "pens" would be none. Where it names no unit of it, the things that it names may
  /// be one: "9 blocks" far.
  bool measures_no(std::string_view word) const;
  /// Whether it says what it counts, and counts nothing by that word.
  bool counts_no(std::string_view word) const;
  /// Whether what it asks for may be that of each of several: "in each box" (asked_rate.h).
  bool asks_of_each() const { return rate_.of_each; }
  /// Whether it has a word by which an answer may come to something else: "more", "left", "need".
  bool speaks_of_more() const;
  /// Whether it has each of the units.
  bool names_units(const UnitPhrase& phrase) const;
  /// Whether an answer may be in this unit. Where the question says what it asks for ("how many
  /// hours", "the length in meters"), it is that, whether with what stands under its line or
  /// without, and things may be weighed; else any unit that it names, dollars where it is about
  /// money and names no foreign one, and years where it is about an age; a speed is no time. Where
  /// it asks how heavy, how far, how old, or how much money, it is a unit of that. What stands
  /// under the answer's line must be asked for (asked_rate.h): "in a year" asks for nothing per
  /// month, and where nothing of each is asked for there is no line.
  bool takes(const UnitPhrase& phrase) const;
  /// Whether it counts by the word: "dozen" where "how many dozens" is asked, or "in dozens".
  bool counts_by(std::string_view word) const;
  /// Whether a number of these, things or a unit, could be what it asks for, as far as it says:
  /// minutes where it asks for hours, too.
  bool may_ask_for(std::string_view word) const;
  /// Whether an answer may be in percent.
  bool takes_percent() const;
  /// Whether it says that it asks for percent.
  bool asks_for_percent() const;
  /// The unit that it asks for, where it says one: "miles per hour".
  const std::string& wanted() const { return wanted_; }

 private:
  void read(const std::vector<Piece>& pieces);
  void read_names(const std::vector<Piece>& pieces, const AskingClause& clause);
  bool is_asked(const Unit& unit) const;
  /// Whether it is a power of what is named, or has one: 5 meters by 6 meters are 30 square meters.
  bool is_power(const Unit& unit) const;
  bool takes_dollars() const;
  /// Whether it is a unit of what the question asks to be measured, or is asked for by name.
  bool fits_measure(const Unit& unit) const;
  /// Whether it may stand under the answer's line.
  bool takes_below(const Unit& unit) const;
  /// Whether it says a time where a speed is asked for.
  bool mistakes_speed(const UnitPhrase& phrase) const;

  std::set<std::string> stems_, asked_stems_, asking_stems_;
  std::set<std::string> names_, asked_names_, denied_;
  std::vector<Unit> named_, asked_;
  AskedRate rate_;
  std::string text_;
  std::string wanted_;
  Measured measure_ = Measured::kUnknown;
  bool says_what_ = false;  ///< each of its questions does
  bool is_of_money_ = false, is_of_age_ = false, has_percent_ = false;
  bool asks_one_way_ = false;  ///< for a length or a time: "how far"
  bool asks_speed_ = false, asks_by_name_ = false;
  bool asks_percent_ = false, asks_amount_ = false, asks_measure_ = false, asks_money_ = false;
};

/// A question as it is read; kept by each thread for the answers to it that it judges next.
std::shared_ptr<const AskedQuestion> asked_question(std::string_view question,
                                                    std::string_view truth = "");

}  // namespace nelumbo
