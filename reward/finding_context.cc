// SPDX-License-Identifier: Apache-2.0
//
// After ConText (Harkema et al., J. Biomed. Inform. 42, 2009), which asks of a condition, beside
// whether it is denied, who has it and whether it is hypothetical; and the "possible" of NegEx's
// later lists. Cues and scopes are our own. In doubt a finding is the patient's: what the cues of
// ConText let reach to the end of a sentence ends here where negation does, and "possible" ends at
// the next preposition, for the fever of "a possible cause of fever" is there.
#include "reward/finding_context.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "corpus/unicode.h"

namespace nelumbo {

namespace {

PhrasesByWord phrases(const std::vector<std::string_view>& texts) {
  PhrasesByWord all;
  for (const std::string_view text : texts) {
    std::vector<std::string> words = words_of(text);
    all[words.front()].push_back(words);
  }
  return all;
}

/// What follows is another's, may come, or is in doubt.
const std::vector<std::string_view> kCuesInFront = {"family history",
                                                    "family hx",
                                                    "fam hx",
                                                    "fhx",
                                                    "familial history",
                                                    "if",
                                                    "whether",
                                                    "unless",
                                                    "in case",
                                                    "in the event",
                                                    "return for",
                                                    "return with",
                                                    "come back for",
                                                    "come back with",
                                                    "risk of",
                                                    "risk for",
                                                    "risks of",
                                                    "risk factor for",
                                                    "risk factors for",
                                                    "risk factor of",
                                                    "risk factors of",
                                                    "chance of",
                                                    "likelihood of",
                                                    "danger of",
                                                    "watch for",
                                                    "watch out for",
                                                    "look out for",
                                                    "monitor for",
                                                    "be alert for",
                                                    "beware of",
                                                    "to prevent",
                                                    "prevention of",
                                                    "vaccinated against",
                                                    "vaccine against",
                                                    "immune to",
                                                    "vaccination against",
                                                    "immunized against",
                                                    "immunised against",
                                                    "as needed for",
                                                    "prn for",
                                                    "prophylaxis for",
                                                    "prophylaxis against",
                                                    "possibility of",
                                                    "possibility that",
                                                    "possible that",
                                                    "suspicion of",
                                                    "suspicion for",
                                                    "suspicious for",
                                                    "question of",
                                                    "concern for",
                                                    "concerning for",
                                                    "not exclude",
                                                    "not rule out",
                                                    "unable to exclude",
                                                    "unable to rule out",
                                                    "failed to exclude",
                                                    "failed to rule out",
                                                    "impossible to exclude",
                                                    "impossible to rule out",
                                                    "vs",
                                                    "versus",
                                                    "ddx",
                                                    "differential includes",
                                                    "differential included",
                                                    "differential diagnosis",
                                                    "differential diagnoses"};

/// What stands before them is in doubt.
const std::vector<std::string_view> kCuesBehind = {"not excluded",
                                                   "not ruled out",
                                                   "can not be excluded",
                                                   "can not be ruled out",
                                                   "could not be excluded",
                                                   "could not be ruled out",
                                                   "vs",
                                                   "versus",
                                                   "less likely",
                                                   "in the differential",
                                                   "on the differential"};

const std::set<std::string> kDoubts = {"possible",  "possibly", "questionable", "query",
                                       "suspected", "suspect",  "maybe",        "perhaps"};
/// "May be", "might have", as one that doubts.
const std::set<std::string> kMay = {"may", "might", "could"};
const std::set<std::string> kPrepositions = {"of",   "for",   "with",  "in",     "from",
                                             "to",   "by",    "after", "behind", "despite",
                                             "that", "since", "and",   "at",     "on"};
const std::set<std::string> kOwners = {"his", "her", "their", "patient", "patients"};
const std::set<std::string> kRelatives = {
    "mother",      "father",     "mom",      "mum",      "dad",       "parent",      "parents",
    "brother",     "brothers",   "sister",   "sisters",  "sibling",   "siblings",    "husband",
    "wife",        "spouse",     "partner",  "uncle",    "aunt",      "cousin",      "grandmother",
    "grandfather", "roommate",   "family",   "relative", "relatives", "grandparent", "coworker",
    "classmate",   "classmates", "nephew",   "niece",    "friend",    "friends",     "neighbor",
    "contact",     "neighbour",  "colleague"};
const std::set<std::string> kHaving = {"had",    "has",       "have",    "with",
                                       "having", "developed", "suffers", "suffered",
                                       "got",    "develops",  "s",       "died"};
/// Between a relative and a finding that is the patient's, or of which is only told.
const std::set<std::string> kTurning = {
    "he",       "she",     "him",      "patient",   "noticed", "noted", "reported", "measured",
    "observed", "seen",    "found",    "recorded",  "i",       "it",    "called",   "brought",
    "asked",    "denied",  "reports",  "mentioned", "that",    "told",  "said",     "felt",
    "taken",    "checked", "complain", "concerns",  "worried"};
/// Behind a finding that they are meant for.
const std::set<std::string> kMeantFor = {
    "vaccine",       "vaccines",     "vaccination", "vaccinations", "immunization",
    "immunizations", "immunisation", "prophylaxis", "booster",      "boosters",
    "jab",           "shot",         "shots",       "screening",    "risk"};
const std::set<std::string> kBeing = {"is", "was", "are", "were", "remains"};
const std::set<std::string> kOpen = {"possible", "suspected", "questionable", "uncertain",
                                     "unclear"};

}  // namespace

bool FindingContext::is_claimed() const {
  return !is_asked() && !is_before_cue() && !is_behind_cue() && !is_of_relative();
}

/// "Return if cough or fever develops", "Family history: fever"
bool FindingContext::is_behind_cue() const {
  int64_t end = end_of_part();
  bool has_with = false;
  for (int64_t at = first_ - 1; at >= std::max<int64_t>(0, first_ - kReach); --at) {
    if (is_cue(at))
      return is_condition(at) ? end > first_ || !is_boundary(at) : !has_with;
    if (is_doubted(at))
      return true;
    if ((roles(at) & kEndsClause) && !is_aside(at, end))
      return word(at) == Clauses::kAsks && ends_in_cue(at);
    if (pause(at) == ',') {
      if (!is_aside(at + 1, end) && says_something(at + 1, end))
        return false;
      end = at + 1;
    }
    has_with = has_with || (word(at) == "with" && !is_cue(at - 1) && !is_cue(at - 2));
    const bool is_of_cue = is_cue(at - 1) || is_cue(at - 2) || is_cue(at - 3);
    if (!is_of_cue && begins_anew(at))
      return false;
  }
  return false;
}

/// Whether a cue begins at a word and ends before the finding; "should" is one that begins a
/// clause, "should fever develop".
bool FindingContext::is_cue(int64_t at) const {
  if (at < 0)
    return false;
  if (word(at) == "should")
    return is_boundary(at);
  static const PhrasesByWord kKnown = phrases(kCuesInFront);
  return begins_one(kKnown, at, first_);
}

/// Whether one of these phrases begins at a word and ends before `end`.
bool FindingContext::begins_one(const PhrasesByWord& known, int64_t at, int64_t end) const {
  const auto found = known.find(word(at));
  return found != known.end() &&
         std::ranges::any_of(found->second, [&](const std::vector<std::string>& phrase) {
           return at + std::ssize(phrase) <= end &&
                  std::equal(phrase.begin(), phrase.end(), clauses_.words.begin() + at);
         });
}

/// The "if" of "if it hurts": behind the comma of one that opens a clause stands what then is, or
/// is to be done. A "with" ends what other cues reach, "risk of sepsis with fever", and not this.
bool FindingContext::is_condition(int64_t at) const {
  static const std::set<std::string> kConditions = {"if", "in", "should", "unless", "whether"};
  return kConditions.contains(word(at));
}

/// The "possible" of "possible viral fever", the "may be" of "it may be fever": it reaches over no
/// preposition, verb or pause.
bool FindingContext::is_doubted(int64_t at) const {
  const bool may_be =
      at > 0 && (word(at) == "be" || word(at) == "have") && kMay.contains(word(at - 1));
  if (!may_be && (!kDoubts.contains(word(at)) || roles(at) != 0))
    return false;
  for (int64_t between = at + 1; between < first_; ++between)
    if (kPrepositions.contains(word(between)) || is_verb(between) || pause(between - 1) != 0)
      return false;
  return pause(first_ - 1) == 0;
}

/// "Family history: fever", "Return if: fever, cough"
bool FindingContext::ends_in_cue(int64_t colon) const {
  constexpr int64_t kLongest = 4;
  for (int64_t at = colon - 1; at >= std::max<int64_t>(0, colon - kLongest) && !is_stop(at); --at)
    if (is_cue(at))
      return !clauses_.questions[static_cast<size_t>(colon)];
  return false;
}

/// "His mother had fever", "fever in his mother"
bool FindingContext::is_of_relative() const {
  int64_t behind = last_;
  if (behind < size() && (word(behind) == "runs" || word(behind) == "ran"))
    ++behind;
  const bool is_in_them =
      behind + 2 < size() && word(behind) == "in" &&
      (kOwners.contains(word(behind + 1)) || (behind > last_ && word(behind + 1) == "the")) &&
      kRelatives.contains(word(behind + 2));
  if (is_in_them)
    return true;
  int64_t end = end_of_part();
  for (int64_t at = first_ - 1; at >= std::max<int64_t>(0, first_ - kReach); --at) {
    if ((roles(at) & kEndsClause) || kTurning.contains(word(at)))
      return false;
    if (pause(at) != 0) {
      if (pause(at) != ',' || says_something(at + 1, end))
        return false;
      end = at + 1;
    }
    if (kRelatives.contains(word(at)) && is_theirs(at))
      return has_it(at);
  }
  return false;
}

/// The mother of "his mother", "the patient's mother" and "his father and mother"; who begins a
/// clause without an owner is the patient's, unless she may be the patient: "Mother had fever".
bool FindingContext::is_theirs(int64_t relative) const {
  static const std::set<std::string> kNoPatients = {
      "father",  "dad",      "brother", "brothers", "sister",      "uncle",      "sisters",
      "sibling", "siblings", "aunt",    "cousin",   "grandmother", "grandfather"};
  int64_t at = relative;
  if (at > 2 && word(at - 1) == "and" && kRelatives.contains(word(at - 2)))
    at -= 2;
  if (is_boundary(at))
    return kNoPatients.contains(word(at));
  if (at > 1 && word(at - 1) == "s")
    --at;
  return kOwners.contains(word(at - 1));
}

/// Whether a relative is said to have something, "also had", and no "and he .." stands behind that.
bool FindingContext::has_it(int64_t relative) const {
  int64_t at = relative + 1;
  while (at < first_ && word(at).ends_with("ly"))
    ++at;
  at += at < first_ && (word(at) == "also" || word(at) == "who") ? 1 : 0;
  return at < first_ && kHaving.contains(word(at));
}

/// "Yellow fever vaccine", "fever is possible.", "fever (suspected)", "fever was not excluded"
bool FindingContext::is_before_cue() const {
  if (last_ < size() && pause(last_ - 1) == '(' && pause(last_) == ')')
    return kOpen.contains(word(last_));
  if (last_ >= size() || pause(last_ - 1) != 0)
    return false;
  if (kMeantFor.contains(word(last_)))
    return true;
  const int64_t at = last_ + (kBeing.contains(word(last_)) ? 1 : 0);
  static const PhrasesByWord kKnown = phrases(kCuesBehind);
  if (at < size() && begins_one(kKnown, at, size()))
    return true;
  return at < size() && kOpen.contains(word(at)) &&
         (is_boundary(at + 1) || (roles(at + 1) & kEndsClause));
}

/// "Fever?", and no reply behind it; the part of the clause that it ends may have other words.
bool FindingContext::is_asked() const {
  int64_t at = last_;
  while (!is_boundary(at) && at < last_ + kReach)
    ++at;
  if (at >= size() || !clauses_.questions[static_cast<size_t>(at)])
    return false;
  int64_t reply = at + 1;
  if (reply + 1 < size() && (word(reply) == "a" || word(reply) == "answer") && is_stop(reply + 1))
    reply += 2;  // "Q: fever? A: yes"
  return reply >= size() ||
         (!(roles(reply) & (kReplies | kDeniesNext)) && !is_presence(reply) && !is_telling(reply));
}

}  // namespace nelumbo
