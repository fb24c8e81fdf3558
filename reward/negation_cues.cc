// SPDX-License-Identifier: Apache-2.0
#include "reward/negation_cues.h"

#include <cstddef>
#include <map>
#include <utility>

#include "base/ascii.h"
#include "corpus/unicode.h"
#include "reward/check_marks.h"
#include "reward/cue_table.h"

namespace nelumbo {

namespace {

/// "can", "not" of "can't"; empty for what is no short form.
std::vector<std::string> written_out(const std::string& word) {
  static const std::map<std::string, std::string> kForms = {
      {"isn", "is"},   {"wasn", "was"},     {"aren", "are"},       {"weren", "were"},
      {"hasn", "has"}, {"haven", "have"},   {"hadn", "had"},       {"doesn", "does"},
      {"don", "do"},   {"didn", "did"},     {"couldn", "could"},   {"can", "can"},
      {"won", "will"}, {"wouldn", "would"}, {"shouldn", "should"}, {"ain", "is"}};
  const auto known = kForms.find(word);
  return known == kForms.end() ? std::vector<std::string>()
                               : std::vector<std::string>{known->second, "not"};
}

/// The bytes of a dash that a reply follows: "Fever - denies"; 0 where none stands at `at`.
size_t dash_before_denies(std::string_view text, size_t at) {
  for (const std::string_view dash : {"-", "–", "—"})
    if (at > 0 && text[at - 1] == ' ' && text.substr(at).starts_with(dash) &&
        text.substr(at + dash.size()).starts_with(" denies"))
      return dash.size();
  return 0;
}

/// Takes a text to pieces, character by character.
class ClauseReader {
 public:
  Clauses read(std::string_view text) {
    for (size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      const bool between = i > 0 && i + 1 < text.size() && is_ascii_alphanumeric(text[i - 1]) &&
                           is_ascii_alphanumeric(text[i + 1]);
      const bool inside_number = c == '.' && between && text[i + 1] <= '9';
      const bool parts = c == '/' && has_asked_ && i > 0 && text[i - 1] == ' ';
      if (c == '-' && between) {
        glue();
      } else if (const size_t dash = dash_before_denies(text, i); dash > 0) {
        mark(':');
        i += dash - 1;
      } else if (parts) {
        mark(';');
      } else if (inside_number ||
                 std::string_view(".;:!?\n,()[]|").find(c) == std::string_view::npos) {
        piece_ += c;
      } else {
        mark(c);
      }
    }
    flush();
    return std::move(clauses_);
  }

 private:
  void flush() {
    const std::vector<std::string> words = words_of(piece_);
    piece_.clear();
    for (size_t i = 0; i < words.size(); ++i) {
      const bool ends_in_t = i + 1 < words.size() && words[i + 1] == "t";
      std::vector<std::string> whole = written_out(words[i]);
      const bool is_fused = words[i].size() > 3 && words[i].ends_with('t');
      if (ends_in_t && !whole.empty()) {
        ++i;
      } else if (words[i] == "cannot") {
        whole = {"can", "not"};
      } else if (words[i] == "w" && i + 1 < words.size() &&
                 (words[i + 1] == "o" || words[i + 1] == "out")) {
        whole = {"without"};
        ++i;
      } else if (words[i] == "r" && i + 1 < words.size() && words[i + 1] == "o") {
        whole = {"rule", "out"};
        ++i;
      } else {
        whole = is_fused ? written_out(words[i].substr(0, words[i].size() - 1))
                         : std::vector<std::string>();
        if (whole.empty())
          whole = {words[i]};
      }
      for (std::string& word : whole)
        push(std::move(word));
    }
  }

  void push(std::string word) {
    clauses_.words.push_back(std::move(word));
    clauses_.pauses.push_back(0);
    clauses_.glued.push_back(false);
    clauses_.questions.push_back(false);
  }

  void glue() {
    flush();
    if (!clauses_.glued.empty())
      clauses_.glued.back() = true;
  }

  void mark(char c) {
    flush();
    has_asked_ = c == ':' || (has_asked_ && c != ';' && c != '\n');
    if (c == ':' || c == '?') {
      push(Clauses::kAsks);
      clauses_.questions.back() = c == '?';
    } else if (std::string_view(".;!\n").find(c) != std::string_view::npos) {
      push(Clauses::kStop);
    } else if (!clauses_.pauses.empty() && clauses_.pauses.back() == 0) {
      clauses_.pauses.back() = c == ',' || c == ')' ? c : c == ']' ? ')' : '(';
    }
  }

  Clauses clauses_;
  std::string piece_;
  bool has_asked_ = false;  ///< behind a colon " / " parts: "Rash: no / fever: yes"
};

}  // namespace

Clauses clauses_of(std::string_view text) {
  static const CueTable kPhrases;
  Clauses clauses = ClauseReader().read(with_marks_as_words(text));
  const size_t n = clauses.words.size();
  clauses.roles.assign(n, 0);
  clauses.lengths.assign(n, 0);
  for (size_t i = 0; i < n; ++i) {
    if (clauses.words[i] == Clauses::kStop || clauses.words[i] == Clauses::kAsks) {
      clauses.roles[i] = kEndsClause;
    } else if (const CueTable::Phrase* const phrase = kPhrases.at(clauses.words, i)) {
      clauses.roles[i] = phrase->roles;
      clauses.lengths[i] = std::ssize(phrase->words);
      i += phrase->words.size() - 1;
    }
  }
  return clauses;
}

}  // namespace nelumbo
