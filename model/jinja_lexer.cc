// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_lexer.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "model/jinja_case.h"
#include "model/jinja_literals.h"
#include "model/jinja_text.h"

namespace nelumbo {
namespace {

using Kind = JinjaToken::Kind;

constexpr size_t kLongestName = 1000;  // comparing two takes the time of a step

bool is_word(char c) {
  return c == '_' || is_ascii_alphanumeric(c);
}

/// With \n for every line break, and without the one at the end.
std::string normalised(std::string_view source) {
  std::string lines;
  for (size_t i = 0; i < source.size(); ++i) {
    if (source[i] == '\r') {
      lines += '\n';
      i += static_cast<size_t>(source.substr(i, 2) == "\r\n");
    } else {
      lines += source[i];
    }
  }
  if (lines.ends_with('\n'))
    lines.pop_back();
  return lines;
}

class Lexer {
 public:
  explicit Lexer(std::string_view source) : owned_(normalised(source)), source_(owned_) {}

  Result<std::vector<JinjaToken>> tokens() {
    while (at_ < source_.size() && !error_)
      read_text();
    add(Kind::kEnd, at_, "");
    if (error_)
      return *error_;
    return std::move(tokens_);
  }

 private:
  std::string_view rest() const { return source_.substr(at_); }
  bool starts(std::string_view with) const { return rest().starts_with(with); }

  /// REQUIRES: no place behind `at` was asked for.
  JinjaPlace place_of(size_t at) {
    for (; counted_ < at; ++counted_) {
      const bool ends_line = source_[counted_] == '\n';
      const bool begins_point = (static_cast<unsigned char>(source_[counted_]) & 0xC0U) != 0x80U;
      line_ += static_cast<int>(ends_line);
      column_ = ends_line ? 1 : column_ + static_cast<int>(begins_point);
    }
    return {line_, column_};
  }

  JinjaToken& add(Kind kind, size_t at, std::string_view text) {
    tokens_.push_back({kind, place_of(at), std::string(text), 0, 0});
    return tokens_.back();
  }

  void fail(JinjaPlace place, const std::string& what) {
    if (!error_)
      error_ = Error{Errc::kBadData,
                     std::to_string(place.line) + ":" + std::to_string(place.column) + ": " + what};
  }
  void fail(size_t at, const std::string& what) { fail(place_of(std::max(at, counted_)), what); }

  void skip_space() { at_ = source_.size() - strip_left(rest()).size(); }

  /// The bytes of `{% raw %}` at `at`, its signs included; 0 where there is none.
  size_t raw_tag(size_t at, std::string_view word, bool strips_behind) const {
    size_t end = at + 2;
    if (end < source_.size() && (source_[end] == '-' || source_[end] == '+'))
      ++end;
    const auto skip = [&] { end = source_.size() - strip_left(source_.substr(end)).size(); };
    skip();
    if (!source_.substr(end).starts_with(word))
      return 0;
    end += word.size();
    skip();
    if (source_.substr(end).starts_with("-%}")) {
      end += 3;
      skip();
      return end - at;
    }
    if (strips_behind && source_.substr(end).starts_with("+%}"))
      return end + 3 - at;
    if (!source_.substr(end).starts_with("%}"))
      return 0;
    end += 2;
    if (strips_behind && source_.substr(end).starts_with("\n"))
      ++end;
    return end - at;
  }

  /// Text up to the tag at `tag`, without what the tag strips in front of it.
  void add_text(size_t tag) {
    std::string_view text = source_.substr(at_, tag - at_);
    const char sign = tag + 2 < source_.size() ? source_[tag + 2] : '\0';
    if (sign == '-') {
      text = strip_right(text);
    } else if (sign != '+' && source_[tag + 1] != '{') {
      const size_t line = text.rfind('\n') + 1;
      if ((line > 0 || starts_line_) && is_all_space(text.substr(line)))
        text = text.substr(0, line);
    }
    if (!text.empty())
      add(Kind::kText, at_, text);
  }

  /// Text and the tag behind it.
  void read_text() {
    size_t tag = at_;
    do {
      tag = source_.find('{', tag);
      if (tag == std::string_view::npos || tag + 1 >= source_.size()) {
        add(Kind::kText, at_, rest());
        at_ = source_.size();
        return;
      }
    } while (std::string_view("{%#").find(source_[tag + 1]) == std::string_view::npos && ++tag > 0);
    add_text(tag);
    const char mark = source_[tag + 1];
    at_ = tag;
    if (const size_t raw = mark == '%' ? raw_tag(tag, "raw", false) : 0; raw > 0) {
      at_ += raw;
      read_raw(tag);
      return;
    }
    at_ += 2;
    at_ += static_cast<size_t>(starts("-") || starts("+"));
    if (mark == '#') {
      read_comment(tag);
      return;
    }
    add(mark == '{' ? Kind::kVariableBegin : Kind::kBlockBegin, tag, mark == '{' ? "{{" : "{%");
    read_tag(mark == '{' ? "}}" : "%}");
  }

  void read_raw(size_t begin) {
    starts_line_ = source_[at_ - 1] == '\n';
    for (size_t tag = source_.find("{%", at_); tag != std::string_view::npos;
         tag = source_.find("{%", tag + 1)) {
      const size_t length = raw_tag(tag, "endraw", true);
      if (length == 0)
        continue;
      add_text(tag);
      at_ = tag + length;
      starts_line_ = source_[at_ - 1] == '\n';
      return;
    }
    fail(begin, "Missing end of raw directive");
  }

  void read_comment(size_t begin) {
    const size_t end = source_.find("#}", at_);
    if (end == std::string_view::npos) {
      fail(begin, "Missing end of comment tag");
      return;
    }
    const char sign = end > at_ ? source_[end - 1] : '\0';
    at_ = end + 2;
    end_tag(sign == '-', sign != '+');
  }

  /// White space behind a tag: all of it, or one line break.
  void end_tag(bool strips, bool trims) {
    if (strips)
      skip_space();
    else if (trims && starts("\n"))
      ++at_;
    starts_line_ = source_[at_ - 1] == '\n';
  }

  /// Whether the tag ends here, which it does not inside brackets.
  bool read_end(std::string_view mark) {
    if (!brackets_.empty())
      return false;
    const bool block = mark == "%}";
    const std::string minus = "-" + std::string(mark);
    const std::string plus = "+" + std::string(mark);
    const bool strips = starts(minus);
    const bool keeps = block && starts(plus);
    if (!strips && !keeps && !starts(mark))
      return false;
    add(block ? Kind::kBlockEnd : Kind::kVariableEnd, at_, mark);
    at_ += mark.size() + static_cast<size_t>(strips || keeps);
    end_tag(strips, block && !keeps);
    return true;
  }

  void read_tag(std::string_view end) {
    const JinjaPlace begin = tokens_.back().place;
    while (!error_) {
      skip_space();
      if (at_ >= source_.size()) {
        fail(begin, "a tag that begins here has no end");
        return;
      }
      if (read_end(end))
        return;
      const char c = source_[at_];
      if (is_digit(c))
        read_number();
      else if (is_word(c))
        read_name();
      else if (c == '\'' || c == '"')
        read_string();
      else
        read_sign();
    }
  }

  void read_name() {
    const size_t begin = at_;
    while (at_ < source_.size() && is_word(source_[at_]))
      ++at_;
    if (at_ - begin > kLongestName)
      fail(begin, "a name has more than " + std::to_string(kLongestName) + " bytes");
    add(Kind::kName, begin, source_.substr(begin, at_ - begin));
  }

  void read_number() {
    const bool behind_point = at_ > 0 && source_[at_ - 1] == '.';
    const JinjaNumber number = read_jinja_number(rest(), !behind_point);
    if (!number.fits)
      fail(at_, "an integer leaves 64 bits");
    JinjaToken& token =
        add(number.is_real ? Kind::kReal : Kind::kInteger, at_, rest().substr(0, number.length));
    token.integer = number.integer;
    token.real = number.real;
    at_ += number.length;
  }

  void read_string() {
    const size_t begin = at_;
    const char quote = source_[at_++];
    while (at_ < source_.size() && source_[at_] != quote)
      at_ += source_[at_] == '\\' ? 2 : 1;
    if (at_ >= source_.size()) {
      fail(begin, "a string that begins here has no end");
      return;
    }
    const Result<std::string> text =
        unescape_jinja_string(source_.substr(begin + 1, at_ - begin - 1));
    ++at_;
    if (text)
      add(Kind::kString, begin, text.value());
    else
      fail(begin, text.error().message);
  }

  void read_sign() {
    static constexpr std::array<std::string_view, 26> kSigns = {
        "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[",
        "]",  "(",  ")",  "{",  "}",  ">",  "<", "=", ".", ":", "|", ",", ";"};
    const auto* sign = std::find_if(kSigns.begin(), kSigns.end(),
                                    [&](std::string_view each) { return starts(each); });
    if (sign == kSigns.end()) {
      fail(at_, "unexpected char " + quoted(first_point(rest())));
      return;
    }
    add(Kind::kSign, at_, *sign);
    balance(sign->front());
    at_ += sign->size();
  }

  void balance(char sign) {
    static constexpr std::string_view kOpening = "{([";
    static constexpr std::string_view kClosing = "})]";
    if (const size_t opens = kOpening.find(sign); opens != std::string_view::npos) {
      brackets_ += kClosing[opens];
      return;
    }
    if (kClosing.find(sign) == std::string_view::npos)
      return;
    if (brackets_.empty())
      fail(at_, std::string("unexpected '") + sign + "'");
    else if (brackets_.back() != sign)
      fail(at_, std::string("unexpected '") + sign + "', expected '" + brackets_.back() + "'");
    else
      brackets_.pop_back();
  }

  std::string owned_;
  std::string_view source_;
  size_t at_ = 0;
  bool starts_line_ = true;  ///< whether what was read last ended a line
  std::string brackets_;     ///< what closes the open ones, innermost last
  std::vector<JinjaToken> tokens_;
  std::optional<Error> error_;
  size_t counted_ = 0;  ///< lines are counted up to here
  int line_ = 1;
  int column_ = 1;
};

}  // namespace

Result<std::vector<JinjaToken>> jinja_tokens(std::string_view source) {
  return Lexer(source).tokens();
}

}  // namespace nelumbo
