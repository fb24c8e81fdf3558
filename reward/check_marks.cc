// SPDX-License-Identifier: Apache-2.0
#include "reward/check_marks.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/text.h"
#include "corpus/unicode.h"

namespace nelumbo {

namespace {

bool is_letter(char c) {
  return is_ascii_letter(c) || static_cast<unsigned char>(c) >= 0x80;
}

bool is_blank_sign(char c) {
  return c == ' ' || c == '\t';
}

bool is_one_of(char c, std::string_view all) {
  return all.find(c) != std::string_view::npos;
}

struct Glyph {
  std::string_view sign;
  bool is_there;
};

constexpr std::array<Glyph, 19> kGlyphs = {{{"☑", true},
                                            {"☒", true},
                                            {"✓", true},
                                            {"✔", true},
                                            {"✅", true},
                                            {"🗹", true},
                                            {"☐", false},
                                            {"□", false},
                                            {"▢", false},
                                            {"◻", false},
                                            {"⬜", false},
                                            {"🗆", false},
                                            {"✗", false},
                                            {"✘", false},
                                            {"✖", false},
                                            {"❌", false},
                                            {"ø", false},
                                            {"Ø", false},
                                            {"∅", false}}};
constexpr std::array<std::string_view, 4> kMinus = {"-", "−", "–", "—"};
constexpr size_t kLongestMark = 32;                      // of bytes in brackets, with these
constexpr std::string_view kColourful = "\xEF\xB8\x8F";  // may follow a glyph

struct Mark {
  size_t begin = 0, end = 0;  ///< in its line
  bool is_there = false;
  bool is_sign = false;  ///< a plus or minus in brackets, which mostly stands behind
};

/// How many bytes a minus, or several in a row, take; 0 where there is none.
size_t minus_at(std::string_view text) {
  size_t length = 0;
  for (const std::string_view minus : kMinus)
    while (text.substr(length).starts_with(minus))
      length += minus.size();
  return length;
}

/// "[x]", "[ ]", "(-)", "[✓]"
std::optional<Mark> bracketed(std::string_view text) {
  if (text.empty() || (text[0] != '[' && text[0] != '('))
    return std::nullopt;
  const size_t close = text.substr(0, kLongestMark).find(text[0] == '[' ? ']' : ')');
  if (close == std::string_view::npos)
    return std::nullopt;
  const std::string_view inside = trimmed(text.substr(1, close - 1));
  Mark mark{0, close + 1};
  const bool is_round = text[0] == '(';
  if (inside.empty() || inside == "_")
    return close == 1 && is_round ? std::nullopt : std::optional(mark);  // "f()"
  mark.is_sign = inside == "+" || minus_at(inside) == inside.size();
  mark.is_there = inside == "+" || inside == "x" || inside == "X";
  for (const Glyph& glyph : kGlyphs)
    if (inside == glyph.sign || inside == std::string(glyph.sign) + std::string(kColourful)) {
      mark.is_there = glyph.is_there;
      return mark;
    }
  return mark.is_sign || mark.is_there ? std::optional(mark) : std::nullopt;
}

std::optional<Mark> glyph_at(std::string_view line, size_t at) {
  for (const Glyph& glyph : kGlyphs) {
    if (!line.substr(at).starts_with(glyph.sign))
      continue;
    size_t end = at + glyph.sign.size();
    if (line.substr(end).starts_with(kColourful))
      end += kColourful.size();
    const bool is_inside_word =
        (at > 0 && is_letter(line[at - 1])) || (end < line.size() && is_letter(line[end]));
    const bool is_letter_too = glyph.sign == "ø" || glyph.sign == "Ø";
    if (!is_letter_too || !is_inside_word)
      return Mark{at, end, glyph.is_there};
  }
  return std::nullopt;
}

std::vector<Mark> marks_in(std::string_view line) {
  std::vector<Mark> marks;
  for (size_t at = 0; at < line.size();) {
    std::optional<Mark> mark = bracketed(line.substr(at));
    if (mark)
      *mark = {at, at + mark->end, mark->is_there, mark->is_sign};
    else
      mark = glyph_at(line, at);
    at = mark ? mark->end : at + 1;
    if (mark)
      marks.push_back(*mark);
  }
  return marks;
}

bool has_word(std::string_view text) {
  return !words_of(text).empty();
}

/// An answer that a box chooses, "yes" of "☐ yes, since Monday", and what stands behind it.
struct Reply {
  bool is_yes = false;
  std::string_view rest;
};

std::optional<Reply> reply_of(std::string_view words) {
  static const std::map<std::string, bool, std::less<>> kReplies = {
      {"yes", true}, {"y", true},  {"present", true}, {"positive", true},  {"unknown", true},
      {"no", false}, {"n", false}, {"absent", false}, {"negative", false}, {"none", false}};
  words = trimmed(words);
  const size_t end =
      static_cast<size_t>(std::ranges::find_if_not(words, is_letter) - words.begin());
  const auto known = kReplies.find(lower_case(words.substr(0, end)));
  if (known == kReplies.end())
    return std::nullopt;
  return Reply{known->second, words.substr(end)};
}

/// A line, or a part of it, with its marks.
class MarkedLine {
 public:
  MarkedLine(std::string_view line, std::vector<Mark> marks)
      : line_(line), marks_(std::move(marks)) {}

  std::string text() const { return leads() ? text_of_leading() : text_of_trailing(); }

 private:
  /// What stands between a mark and the next.
  std::string_view behind(size_t mark) const {
    const size_t end = mark + 1 < marks_.size() ? marks_[mark + 1].begin : line_.size();
    return line_.substr(marks_[mark].end, end - marks_[mark].end);
  }

  /// "Cough: ☑ Fever: ☐"
  bool all_have_labels() const {
    bool all = true;
    for (size_t i = 0; i + 1 < marks_.size(); ++i)
      all = all && trimmed(behind(i)).ends_with(':');
    return all && !has_word(behind(marks_.size() - 1));
  }

  /// Whether the marks stand before what they are about.
  bool leads() const {
    const std::string_view before = trimmed(line_.substr(0, marks_.front().begin));
    const std::string_view next = trimmed(behind(0));
    const bool opens_item = !next.empty() && !is_one_of(next.front(), ",;.|/()");
    if (!has_word(before))
      return true;
    if (before.ends_with(':') || marks_.front().is_sign)
      return before.ends_with(':') && opens_item && !all_have_labels();
    for (size_t i = 0; i < marks_.size(); ++i)
      if (reply_of(behind(i)))
        return true;
    return has_word(behind(marks_.size() - 1)) && opens_item;
  }

  /// The answers that are chosen come first: "Fever: ☐ yes ☑ no" is "Fever: no".
  std::string text_of_leading() const {
    std::string out(line_.substr(0, marks_.front().begin)), others;
    bool only_replies = true;
    for (size_t i = 0; i < marks_.size(); ++i) {
      const auto reply = reply_of(behind(i));
      only_replies = only_replies && reply;
      if (marks_[i].is_there)
        out += std::string(only_replies ? " " : " ; ") + std::string(behind(i));
      else if (!reply)
        out += " ; no " + std::string(behind(i));
      else if (has_word(reply->rest))
        others += (reply->is_yes ? " ; no " : " ; ") + std::string(reply->rest);
    }
    return out + others;
  }

  std::string text_of_trailing() const {
    std::string out(trimmed(line_.substr(0, marks_.front().begin)));
    for (size_t i = 0; i < marks_.size(); ++i) {
      const bool has_colon = trimmed(out).ends_with(':');
      out += has_colon ? "" : ":";
      out += marks_[i].is_there ? " yes;" : " no;";
      out += behind(i);
    }
    return out;
  }

  std::string_view line_;
  std::vector<Mark> marks_;
};

bool touches_next(std::string_view line, size_t at) {
  return at < line.size() && is_letter(line[at]);
}

/// Whether a sign in front of a word is one: it begins an item, or touches the word behind a blank.
bool begins_item(std::string_view line, size_t at, size_t length) {
  size_t before = at;
  while (before > 0 && is_blank_sign(line[before - 1]))
    --before;
  const bool opens = before == 0 || is_one_of(line[before - 1], ",;/(\n");
  const bool touches = touches_next(line, at + length);
  size_t word = at + length;
  while (word < line.size() && is_blank_sign(line[word]))
    ++word;
  return word < line.size() && is_letter(line[word]) && minus_at(line.substr(word)) == 0 &&
         (opens || (touches && before < at));
}

/// "fever -," and "| - |": a minus that ends its item, or a line of few words.
bool ends_item(std::string_view line, size_t at, size_t length) {
  constexpr size_t kFewWords = 4;
  const std::string_view before = trimmed(line.substr(0, at));
  const size_t behind = std::min(line.find_first_not_of(" \t\r", at + length), line.size());
  const bool ends_line = behind == line.size();
  if (before.empty() || (!ends_line && !is_one_of(line[behind], ",;|)/")))
    return false;
  if (is_one_of(before.back(), ":|="))
    return true;
  return is_letter(before.back()) &&
         (!ends_line || (is_blank_sign(line[at - 1]) && words_of(before).size() <= kFewWords));
}

/// "fever-" and "cough+ ", which are signs where a text has both.
bool touches_word(std::string_view line, size_t at, size_t length) {
  const size_t end = at + length;
  return at > 0 && is_letter(line[at - 1]) &&
         (end == line.size() || is_one_of(line[end], " ,;|)/\n"));
}

/// The sign of ", -cough" at `at`: no bullet stands behind a comma.
bool follows_comma(std::string_view text, size_t at) {
  size_t before = at;
  while (before > 0 && is_blank_sign(text[before - 1]))
    --before;
  return before > 0 && is_one_of(text[before - 1], ",;") && touches_next(text, at + 1);
}

/// Which signs a text has, beside those in brackets.
struct Signs {
  bool in_front = false;  ///< "+cough"
  bool absent = false;    ///< "-fever, -cough", of which each touches its word
  bool behind = false;    ///< "cough+ fever-"
};

Signs signs_in(std::string_view text) {
  bool has_plus = false, has_minus = false, in_front = false, absent = false;
  for (size_t at = 0; at < text.size(); ++at) {
    in_front = in_front || (text[at] == '+' && begins_item(text, at, 1));
    absent = absent || (text[at] == '-' && follows_comma(text, at));
    has_plus = has_plus || (text[at] == '+' && touches_word(text, at, 1));
    has_minus = has_minus || (text[at] == '-' && touches_word(text, at, 1));
  }
  return {in_front, absent, has_plus && has_minus};
}

/// The bytes of "ve" behind a sign, in "-ve"; 0 where none stands there.
size_t ve_at(std::string_view text) {
  return text.starts_with("ve") && (text.size() == 2 || !is_letter(text[2])) ? 2 : 0;
}

/// Whether a line begins with "-ve" or "+ve", which then stand before what they are about: "-ve
/// fever, +ve cough", but not "-ve for fever".
bool leads_with_ve(std::string_view line) {
  const std::string_view text = trimmed(line);
  const size_t length = text.starts_with('+') ? 1 : minus_at(text);
  if (length == 0 || ve_at(text.substr(length)) == 0)
    return false;
  const std::string_view rest = trimmed(text.substr(length + 2));
  return !rest.empty() && is_letter(rest.front()) && !rest.starts_with("for ");
}

/// A line with its plain signs as words.
std::string with_signs(std::string_view line, const Signs& signs) {
  std::string out;
  const bool leads = leads_with_ve(line);
  for (size_t at = 0; at < line.size();) {
    const size_t minus = minus_at(line.substr(at));
    const size_t length = minus > 0 ? minus : line[at] == '+' ? 1 : 0;
    const std::string_view rest = line.substr(at + length);
    if (length == 0) {
      out += line[at++];
      continue;
    }
    if (const size_t ve = ve_at(rest); ve > 0) {
      out += leads ? (minus > 0 ? "; no" : ";") : minus > 0 ? " negative" : " positive";
      at += ve;
    } else if ((signs.in_front || (signs.absent && touches_next(line, at + length))) &&
               begins_item(line, at, length)) {
      out += minus > 0 ? "; no " : "; ";
    } else if ((signs.behind && touches_word(line, at, length)) || ends_item(line, at, length)) {
      out += std::string(trimmed(out).ends_with(':') ? "" : ":") + (minus > 0 ? " no;" : " yes;");
    } else {
      out += line.substr(at, length);
    }
    at += length;
  }
  return out;
}

/// Where a part of a line ends within which all marks stand alike: behind ";" and ". ".
size_t end_of_part(std::string_view line) {
  for (size_t at = 0; at + 1 < line.size(); ++at)
    if (line[at] == ';' || (line[at] == '.' && is_blank_sign(line[at + 1])))
      return at + 1;
  return line.size();
}

std::string with_words(std::string_view line, const Signs& signs) {
  std::string out;
  while (!line.empty()) {
    const std::string_view part = line.substr(0, end_of_part(line));
    line.remove_prefix(part.size());
    std::vector<Mark> marks = marks_in(part);
    const std::string marked =
        marks.empty() ? std::string(part) : MarkedLine(part, std::move(marks)).text();
    out += with_signs(marked, signs);
  }
  return out;
}

}  // namespace

std::string with_marks_as_words(std::string_view text) {
  const Signs signs = signs_in(text);
  std::string out;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    out += with_words(text.substr(begin, end - begin), signs);
    if (end < text.size())
      out += '\n';
    begin = end + 1;
  }
  return out;
}

}  // namespace nelumbo
