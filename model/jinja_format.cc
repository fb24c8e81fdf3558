// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_format.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "base/ascii.h"
#include "model/jinja_attributes.h"
#include "model/jinja_number_format.h"
#include "model/jinja_print.h"
#include "model/jinja_text.h"

namespace nelumbo {
namespace {

/// int(value) of a float, where it has one in 64 bits.
bool truncated(const JinjaValue& value, int64_t& whole) {
  if (value.to_integer(whole))
    return true;
  const double* real = value.as<double>();
  if (real == nullptr || !(std::abs(*real) < 0x1p63))
    return false;
  whole = static_cast<int64_t>(*real);
  return true;
}

/// Reads a format from left to right.
class Reader {
 public:
  explicit Reader(const std::string& text) : text_(text) {}
  bool at_end() const { return at_ >= text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[at_]; }
  char next() { return at_end() ? '\0' : text_[at_++]; }
  bool skip(char c) {
    const bool found = !at_end() && text_[at_] == c;
    at_ += static_cast<size_t>(found);
    return found;
  }
  /// Up to `mark`, or to the end.
  std::string_view until(char mark) {
    const size_t end = std::min(text_.find(mark, at_), text_.size());
    const std::string_view found = std::string_view(text_).substr(at_, end - at_);
    at_ = end;
    return found;
  }
  /// A number, or none where no digit stands; what is too large for any width is so also here.
  std::optional<int64_t> number() {
    if (!is_digit(peek()))
      return std::nullopt;
    int64_t value = 0;
    while (is_digit(peek()))
      value = std::min<int64_t>(value * 10 + (next() - '0'), std::numeric_limits<int>::max());
    return value;
  }

 private:
  const std::string& text_;
  size_t at_ = 0;
};

/// The values behind the % of `format % values`.
class PercentFormat {
 public:
  PercentFormat(JinjaRun& run, const std::string& format, const JinjaValue& values)
      : run_(run), reader_(format), out_(run), values_(values) {
    if (const JinjaSequence* tuple = values.sequence(JinjaSequence::Kind::kTuple))
      positional_ = tuple->items;
    else
      positional_ = {values};
    // As in Python, what has elements by key may be left over.
    excess_ =
        values.dict() != nullptr || values.is_undefined() ||
        (values.indexable() != nullptr && values.sequence(JinjaSequence::Kind::kTuple) == nullptr);
  }

  JinjaValue format() {
    while (!reader_.at_end() && !run_.failed()) {
      out_.add(reader_.until('%'));
      if (reader_.skip('%'))
        convert();
    }
    if (!run_.failed() && next_ < positional_.size() && !excess_)
      return run_.fail("not all arguments converted during string formatting");
    return run_.text(out_.take());
  }

 private:
  JinjaValue take() {
    if (next_ < positional_.size())
      return positional_[next_++];
    return run_.fail("not enough arguments for format string");
  }

  void convert() {
    std::optional<JinjaValue> named;
    if (reader_.skip('(')) {
      const std::string_view key = reader_.until(')');
      reader_.skip(')');
      run_.scan(std::ssize(key));
      const JinjaValue* found =
          values_.dict() != nullptr ? jinja_find(*values_.dict(), key) : nullptr;
      if (found == nullptr) {
        run_.fail(values_.dict() != nullptr ? "KeyError: " + quoted_briefly(key)
                                            : "format requires a mapping");
        return;
      }
      named = *found;
    }
    const JinjaLayout layout = read_layout();
    if (run_.failed())
      return;
    if (layout.type == '%')
      out_.add("%");
    else
      print(named ? *named : take(), layout);
  }

  int64_t size(std::optional<int64_t> otherwise) {
    if (!reader_.skip('*'))
      return otherwise.value_or(0);
    int64_t value = 0;
    if (!take().to_integer(value))
      run_.fail("* wants int");
    constexpr int64_t kWidest = std::numeric_limits<int>::max();
    return std::clamp(value, -kWidest, kWidest);
  }

  JinjaLayout read_layout() {
    JinjaLayout layout;
    bool zero = false;
    for (bool flag = true; flag;) {
      const char c = reader_.peek();
      flag = c != '\0' && std::string_view("-+ #0").find(c) != std::string_view::npos;
      if (!flag)
        break;
      reader_.next();
      layout.align = c == '-' ? '<' : layout.align;
      layout.sign = c == '+' || (c == ' ' && layout.sign != '+') ? c : layout.sign;
      layout.alternate = layout.alternate || c == '#';
      zero = zero || c == '0';
    }
    layout.width = reader_.peek() == '*' ? size(std::nullopt) : reader_.number().value_or(0);
    if (layout.width < 0) {
      layout.align = '<';
      layout.width = -layout.width;
    }
    if (reader_.skip('.'))
      layout.precision = std::max<int64_t>(
          reader_.peek() == '*' ? size(std::nullopt) : reader_.number().value_or(0), 0);
    if (std::string_view("hlL").find(reader_.peek()) != std::string_view::npos)
      reader_.next();
    layout.type = reader_.next();
    if (layout.type == '\0')
      run_.fail("incomplete format");
    if (zero && layout.align == 0 &&
        std::string_view("srac").find(layout.type) == std::string::npos) {
      layout.align = '=';
      layout.fill = "0";
    }
    if (layout.align == 0)
      layout.align = '>';
    return layout;
  }

  void print(const JinjaValue& value, const JinjaLayout& layout) {
    switch (layout.type) {
      case 's':
        print_text(jinja_str(run_, value), layout);
        return;
      case 'r':
        print_text(jinja_str(run_, run_.text(jinja_repr(run_, value))), layout);
        return;
      case 'c':
        print_character(value, layout);
        return;
      case 'd':
      case 'i':
      case 'u':
      case 'o':
      case 'x':
      case 'X':
        print_integer(value, layout);
        return;
      case 'e':
      case 'E':
      case 'f':
      case 'F':
      case 'g':
      case 'G':
        if (!value.is_number())
          run_.fail(std::string("must be real number, not ") + value.type_name());
        else
          out_.add(jinja_format_real(run_, value.to_real(), layout).text());
        return;
      default:
        run_.fail(std::string("unsupported format character '") + layout.type + "'");
    }
  }

  void print_text(const JinjaValue& text, const JinjaLayout& layout) {
    if (layout.width == 0 && layout.precision < 0)
      out_.add(text.text());
    else
      out_.add(jinja_format_text(run_, text.text(), layout).text());
  }

  void print_integer(const JinjaValue& value, JinjaLayout layout) {
    const bool decimal = std::string_view("diu").find(layout.type) != std::string_view::npos;
    int64_t whole = 0;
    if (!value.to_integer(whole) && !(decimal && truncated(value, whole))) {
      run_.fail(std::string("%") + layout.type +
                " format: " + (decimal ? "a real number" : "an integer") + " is required, not " +
                value.type_name());
      return;
    }
    layout.type = decimal ? 'd' : layout.type;
    out_.add(jinja_format_integer(run_, whole, layout).text());
  }

  void print_character(const JinjaValue& value, JinjaLayout layout) {
    int64_t point = 0;
    layout.precision = -1;
    if (value.is_text() && code_point_count(value.text()) == 1)
      print_text(value, layout);
    else if (value.to_integer(point) && point >= 0 && point < 0x110000 &&
             (point < 0xD800 || point > 0xDFFF))
      out_.add(jinja_format_text(run_, utf8_of(static_cast<uint32_t>(point)), layout).text());
    else
      run_.fail("%c requires int or char");
  }

  JinjaRun& run_;
  Reader reader_;
  JinjaWriter out_;
  const JinjaValue& values_;
  JinjaValues positional_;
  size_t next_ = 0;
  bool excess_ = false;
};

}  // namespace

JinjaValue jinja_percent_format(JinjaRun& run, const std::string& format,
                                const JinjaValue& values) {
  return PercentFormat(run, format, values).format();
}

}  // namespace nelumbo
