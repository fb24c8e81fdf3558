// SPDX-License-Identifier: Apache-2.0
//
// After NegEx (W. Chapman et al., J. Biomed. Inform. 34, 2001; its trigger list in the lexicon of
// W. Chapman et al., Stud. Health Technol. Inform. 192, 2013) and ConText (Harkema et al., J.
// Biomed. Inform. 42, 2009), with lists of our own. Left out of those: "declined", which is said of
// a fever that falls, and "test for", "checked for", "evaluate for", which deny nothing. The one
// trap: longer phrases are looked for first and their words used up, so that "not only" is not read
// as "not", and the "not" of "was not seen" says nothing about what follows.
#include "reward/cue_table.h"

#include <algorithm>
#include <utility>

#include "corpus/unicode.h"
#include "reward/negation_cues.h"

namespace nelumbo {

namespace {

using Words = std::vector<std::string_view>;

const Words kDenying = {
    "no",        "not",         "without",  "denies",     "denied",    "deny",        "denying",
    "negatives", "absent",      "never",    "lacks",      "lacking",   "lacked",      "neither",
    "nor",       "none",        "unlikely", "improbable", "excludes",  "excluded",    "exclude",
    "nobody",    "nothing",     "doubt",    "doubts",     "doubted",   "doubtful",    "hardly",
    "zero",      "refutes",     "refuted",  "disproves",  "disproved", "nonexistent", "nowhere",
    "non",       "contradicts", "sans",     "minus",      "resolved",  "nil",         "neg"};
const Words kDenyingPhrases = {"denial of",
                               "negative for",
                               "absence of",
                               "free of",
                               "free from",
                               "clear of",
                               "rules out",
                               "ruled out",
                               "rule out",
                               "ruling out",
                               "lack of",
                               "failed to",
                               "fails to",
                               "fail to",
                               "unable to",
                               "instead of",
                               "rather than",
                               "false that",
                               "not true that",
                               "devoid of",
                               "argues against",
                               "argue against",
                               "argued against",
                               "speaks against",
                               "speak against",
                               "evidence against",
                               "inconsistent with",
                               "incompatible with",
                               "non existent",
                               "not yet",
                               "little evidence",
                               "little to suggest",
                               "unremarkable for",
                               "wrong to say",
                               "wrong that",
                               "all but",
                               "all except",
                               "everything but",
                               "everything except",
                               "anything but",
                               "not once",
                               "anything except",
                               "far from having",
                               "never developed",
                               "never had",
                               "never experienced",
                               "not develop",
                               "not developed",
                               "neg for",
                               "low suspicion for",
                               "low suspicion of",
                               "low probability of",
                               "low probability for"};
const Words kDenyingBack = {"never",
                            "nowhere",
                            "nowhere to be found",
                            "nowhere to be seen",
                            "nowhere to be heard",
                            "does not exist",
                            "do not exist",
                            "did not exist",
                            "did not occur"};
/// What was there and is no more.
const Words kOver = {"subsided", "disappeared", "vanished", "ceased",
                     "abated",   "went away",   "is over",  "was over"};
/// The same of these, where nothing follows that they are about ("resolved cough"), or a time does.
const Words kOverAtEnd = {"resolved", "gone", "cleared", "settled", "stopped"};
const Words kTimes = {"on",      "by",        "within",    "after",         "over",       "during",
                      "before",  "since",     "when",      "spontaneously", "completely", "today",
                      "now",     "overnight", "yesterday", "last",          "this",       "with",
                      "in",      "at",        "fully",     "entirely",      "quickly",    "soon",
                      "already", "later",     "two",       "three",         "several",    "2",
                      "3"};
/// It is there yet, or again.
const Words kNotQuite = {
    "partially ", "partly ",  "incompletely ", "almost ",         "nearly ",      "not ",
    "never ",     "not yet ", "not fully ",    "not completely ", "not entirely "};
const Words kReturning = {"returned", "recurred", "came back", "relapsed", "reappeared"};
const Words kReplying = {
    "no",         "none",      "nil",        "never",          "absent",        "negative",
    "denied",     "false",     "excluded",   "ruled out",      "unlikely",      "free",
    "doubtful",   "resolved",  "improbable", "nonexistent",    "non existent",  "disproved",
    "disproven",  "refuted",   "0",          "absolutely not", "certainly not", "definitely not",
    "not at all", "n",         "neg",        "nope",           "nah",           "not really",
    "unticked",   "unchecked", "not ticked", "not checked"};
const Words kEnding = {"but",        "however", "although",    "though",       "except",
                       "yet",        "because", "rather",      "which",        "who",
                       "therefore",  "while",   "whereas",     "apart from",   "other than",
                       "aside from", "besides", "due to",      "secondary to", "caused by",
                       "owing to",   "despite", "in spite of", "nevertheless", "nonetheless",
                       "instead",    "only",    "hence",       "thus",         "until",
                       "when",       "after",   "before",      "once",         "given"};
/// "No pneumonia as the cause of fever": of NegEx's conjunctions.
const Words kCauses = {"cause", "source", "reason", "etiology", "origin"};
/// Whom a test rules out: "rules him out for", of NegEx.
const Words kRuledOut = {"him", "her", "them", "the patient", "patient"};
/// What is doubted may follow, or stand before: "it is unlikely that", "fever is unlikely to be".
const Words kDoubting = {"unlikely that",    "unlikely to", "doubtful that",
                         "doubtful whether", "doubtful if", "improbable that"};
/// Deny by themselves; behind "not" they affirm.
const Words kNegative = {"absent",
                         "denied",
                         "excluded",
                         "ruled out",
                         "unlikely",
                         "negative",
                         "doubtful",
                         "missing",
                         "gone",
                         "improbable",
                         "in doubt",
                         "nonexistent",
                         "non existent",
                         "disproved",
                         "disproven",
                         "refuted",
                         "nowhere",
                         "nowhere to be found",
                         "nowhere to be seen",
                         "no more",
                         "nil",
                         "untrue",
                         "resolved",
                         "lacking",
                         "wanting",
                         "impossible",
                         "out of the question",
                         "a myth",
                         "unsupported",
                         "unproven",
                         "discounted",
                         "off the table",
                         "a thing of the past",
                         "unticked",
                         "unchecked",
                         "false",
                         "not true"};
/// "Was not found to have fever."
const Words kToHave = {"found to have", "noted to have",  "known to have", "reported to have",
                       "seen to have",  "appear to have", "seem to have"};
const Words kNegativeVerbs = {
    "exclude",        "rule out", "be excluded", "be ruled out", "been excluded", "deny",
    "been ruled out", "doubt",    "doubted",     "without",      "lack",          "lacking",
    "free",           "resolved", "disappeared", "subsided",     "be denied",     "been denied",
    "ignore",         "overlook", "miss",        "forget",       "neglect",       "dismiss"};
/// What is said to be there, or with "not" in front not to be.
const Words kShown = {
    "present",   "seen",       "noted",     "found",    "detected",     "observed",    "identified",
    "there",     "reported",   "evident",   "visible",  "demonstrated", "appreciated", "suspected",
    "likely",    "documented", "recorded",  "apparent", "palpable",     "confirmed",   "supported",
    "diagnosed", "endorsed",   "mentioned", "elicited", "indicated",    "shown",       "described",
    "known",     "possible",   "probable",  "proven"};
/// "Fever is not high": it is there.
const Words kOfDegree = {
    "high",      "severe",    "mild",      "bad",        "new",          "responding",
    "improving", "improved",  "resolving", "subsiding",  "worse",        "worsening",
    "better",    "unusual",   "uncommon",  "surprising", "unexpected",   "controlled",
    "relieved",  "going",     "only",      "just",       "due",          "caused",
    "related",   "explained", "treated",   "acute",      "chronic",      "significant",
    "massive",   "large",     "extensive", "that",       "the cause of", "too"};
/// "Fever never went away", "fever did not improve".
const Words kGoing = {"went",    "left", "stopped", "abated",  "improved", "broke", "improve",
                      "resolve", "go",   "stop",    "respond", "subside",  "abate"};
/// What is done about a finding that is there: "failed to reduce fever".
const Words kEasing = {"reduce",     "relieve", "control",    "treat",  "lower",
                       "ease",       "improve", "resolve",    "break",  "abate",
                       "stop",       "prevent", "alleviate",  "manage", "suppress",
                       "clear",      "address", "respond to", "help",   "bring down",
                       "get rid of", "explain", "account for"};
const Words kHappening = {"occur",  "exist",    "develop",   "appear",   "arise",  "recur",
                          "return", "occurred", "developed", "appeared", "show up"};
const Words kNoDenial = {"no doubt",
                         "no increase",
                         "no change",
                         "no interval change",
                         "no significant change",
                         "no significant interval change",
                         "no suspicious change",
                         "no definite change",
                         "without further",
                         "without any further",
                         "without difficulty",
                         "gram negative",
                         "gram neg",
                         "nil by mouth",
                         "nil per os",
                         "not cause",
                         "not drain",
                         "not extend",
                         "no longer than",
                         "no further",
                         "no improvement",
                         "no relief",
                         "no resolution",
                         "no decrease",
                         "no reduction",
                         "no less",
                         "no question",
                         "no wonder",
                         "no surprise",
                         "no denying",
                         "not only",
                         "not just",
                         "not simply",
                         "not merely",
                         "not necessarily",
                         "not certain",
                         "not sure",
                         "without doubt",
                         "without a doubt",
                         "without question",
                         "beyond doubt",
                         "beyond a doubt",
                         "at present",
                         "not until",
                         "unable to exclude",
                         "unable to rule out",
                         "failed to exclude",
                         "impossible to deny",
                         "impossible to exclude",
                         "impossible to rule out",
                         "no evidence against",
                         "nowhere near",
                         "no cause",
                         "no cure",
                         "no source",
                         "no explanation",
                         "no reason",
                         "no reason to doubt",
                         "no reason to question",
                         "no reason to dispute",
                         "no reason to deny",
                         "no grounds to doubt",
                         "no grounds to deny",
                         "no cause to doubt",
                         "little reason to doubt",
                         "no one could miss",
                         "no one can miss",
                         "nobody could miss"};

}  // namespace

CueTable::CueTable() {
  add(kDenying, kDeniesNext);
  add(kDenyingPhrases, kDeniesNext);
  add(kDenyingBack, kDeniesPrevious);
  add(kReplying, kReplies);
  add(kEnding, kEndsClause);
  add(kDoubting, kDeniesNext);
  add(kNoDenial, 0);
  for (const std::string head : {"as ", "as the ", "as a ", "as an "})
    for (const std::string_view cause : kCauses)
      add({"of", "for"}, kEndsClause, head + std::string(cause) + " ");
  add_endings();
  for (const std::string verb : {"rule ", "rules ", "ruled ", "ruling "})
    add_ruling(verb);
  for (const std::string being : {"is", "was", "are", "were", "been", "be", "seems", "appears",
                                  "seem", "appear", "remains", "remained"})
    add_being(being + " ");
  add(kNegative, kDeniesPrevious, "s ");  // "fever's gone"
  for (const std::string_view negation : {"not ", "never "}) {
    add(kToHave, kDeniesNext, negation);
    add(kShown, kDeniesPrevious | kReplies, negation);
    add(kHappening, kDeniesPrevious, negation);
    add(kGoing, 0, negation);
    add(kNegative, 0, negation);
    add(kNegativeVerbs, 0, negation);
  }
  for (const std::string_view failing :
       {"failed to ", "fails to ", "fail to ", "unable to ", "failing to ", "not ", "never "})
    add(kEasing, 0, failing);
  add(kShown, kDeniesPrevious, "not been ");
  add(kShown, kDeniesPrevious, "not be ");
  add(kShown, kDeniesPrevious | kReplies, "no longer ");
  add({"no longer"}, kDeniesNext | kDeniesPrevious);
  for (auto& [first, phrases] : phrases_)
    std::ranges::stable_sort(phrases, std::ranges::greater(),
                             [](const Phrase& one) { return one.words.size(); });
}

const CueTable::Phrase* CueTable::at(const std::vector<std::string>& words, size_t place) const {
  const auto known = phrases_.find(words[place]);
  if (known == phrases_.end())
    return nullptr;
  for (const Phrase& phrase : known->second)
    if (place + phrase.words.size() <= words.size() &&
        std::equal(phrase.words.begin(), phrase.words.end(),
                   words.begin() + static_cast<std::ptrdiff_t>(place)))
      return &phrase;
  return nullptr;
}

void CueTable::add_being(const std::string& being) {
  add(kNegative, kDeniesPrevious, being);
  add(kDoubting, kDeniesNext | kDeniesPrevious, being);
  add(kNegative, kDeniesPrevious, being + "all ");
  add(kNegative, kDeniesPrevious, being + "now ");
  add(kNegative, kDeniesPrevious, being + "both ");
  add(kToHave, kDeniesNext, being + "not ");
  add(kToHave, kDeniesNext, being + "never ");
  add({"not"}, kDeniesNext | kDeniesPrevious, being);
  add({"false that", "not true that", "untrue that"}, kDeniesNext, being);
  add({"no longer", "nil"}, kDeniesNext | kDeniesPrevious, being);
  add({"nil by mouth", "nil per os"}, 0, being);
  for (const Words* shown : {&kShown, &kHappening}) {
    add(*shown, kDeniesPrevious, being + "not ");
    add(*shown, kDeniesPrevious, being + "no longer ");
  }
  for (const Words* there : {&kOfDegree, &kNegative, &kNegativeVerbs})
    add(*there, 0, being + "not ");
  add(kNegative, 0, being + "not yet ");
  add({"nowhere near", "impossible to deny", "impossible to exclude", "impossible to rule out"}, 0,
      being);
}

void CueTable::add_endings() {
  add(kOver, kDeniesPrevious);
  add(kOverAtEnd, kReplies);
  for (const Words* over : {&kOver, &kOverAtEnd}) {
    for (const std::string_view head : {"has ", "have ", "had ", "since ", "now ", "long "})
      add(*over, kDeniesPrevious, head);
    for (const std::string_view head : kNotQuite)
      add(*over, 0, head);
    for (const std::string_view one : *over)
      for (const std::string_view link :
           {" but ", " and ", " but then ", " and then ", " and later "})
        add(kReturning, 0, std::string(one) + std::string(link));
  }
  for (const std::string_view one : kOverAtEnd)
    add(kTimes, kDeniesPrevious, std::string(one) + " ");
  for (const std::string_view head : {"", "has ", "have ", "had "})
    add({"gone up", "gone on", "gone down", "gone to", "gone home", "gone into"}, 0, head);
}

void CueTable::add_ruling(const std::string& verb) {
  for (const std::string_view whom : kRuledOut) {
    const std::string head = verb + std::string(whom) + " ";
    add({"out"}, kDeniesNext, head);
    add({"out"}, 0, "not " + head);
  }
}

void CueTable::add(const Words& texts, unsigned roles, std::string_view head) {
  for (const std::string_view text : texts) {
    std::vector<std::string> words = words_of(std::string(head) + std::string(text));
    std::vector<Phrase>& same = phrases_[words.front()];
    const auto known = std::ranges::find(same, words, &Phrase::words);
    if (known != same.end())
      known->roles = roles == 0 ? 0 : known->roles | roles;
    else
      same.push_back({std::move(words), roles});
  }
}

}  // namespace nelumbo
