// SPDX-License-Identifier: Apache-2.0
//
// str.format. A replacement field is
//     {NAME .ATTRIBUTE [ELEMENT] ... !CONVERSION :SPECIFICATION}
// where each part may be absent and the specification may hold fields itself, one level deep.
#include <algorithm>
#include <cctype>
#include <optional>

#include "model/jinja_attributes.h"
#include "model/jinja_format.h"
#include "model/jinja_number_format.h"
#include "model/jinja_print.h"
#include "model/jinja_text.h"

namespace nelumbo {
namespace {

constexpr std::string_view kIntegerTypes = "bcdoxX";
constexpr std::string_view kRealTypes = "eEfFgG%";

bool is_one_of(char c, std::string_view set) {
  return c != '\0' && set.find(c) != std::string_view::npos;
}

/// Reads `[[fill]align][sign][#][0][width][,|_][.precision][type]`; none when it is malformed.
std::optional<JinjaLayout> read_specification(std::string_view text) {
  JinjaLayout layout;
  const auto skip = [&](char c) {
    const bool found = !text.empty() && text.front() == c;
    text.remove_prefix(static_cast<size_t>(found));
    return found;
  };
  const auto number = [&] {
    int64_t value = 0;
    while (!text.empty() && std::isdigit(static_cast<unsigned char>(text.front())) != 0) {
      value = std::min<int64_t>(value * 10 + (text.front() - '0'), 1 << 30);
      text.remove_prefix(1);
    }
    return value;
  };
  const std::string_view first = text.substr(0, bytes_of_points(text, 1));
  if (first.size() < text.size() && is_one_of(text[first.size()], "<>^=")) {
    layout.fill = first;
    layout.align = text[first.size()];
    text.remove_prefix(first.size() + 1);
  } else if (!text.empty() && is_one_of(text.front(), "<>^=")) {
    layout.align = text.front();
    text.remove_prefix(1);
  }
  if (!text.empty() && is_one_of(text.front(), "+- ")) {
    layout.sign = text.front();
    text.remove_prefix(1);
  }
  layout.alternate = skip('#');
  if (skip('0') && layout.align == 0) {
    layout.fill = "0";
    layout.align = '=';
  }
  layout.width = number();
  layout.group = skip(',') ? ',' : (skip('_') ? '_' : '\0');
  if (skip('.')) {
    if (text.empty() || std::isdigit(static_cast<unsigned char>(text.front())) == 0)
      return std::nullopt;
    layout.precision = number();
  }
  if (!text.empty()) {
    layout.type = text.front();
    text.remove_prefix(1);
  }
  return text.empty() ? std::optional(layout) : std::nullopt;
}

class BraceFormat {
 public:
  BraceFormat(JinjaRun& run, const JinjaArguments& arguments) : run_(run), arguments_(arguments) {}

  /// A text always, the empty one where the run fails.
  JinjaValue format(std::string_view text, int levels) {
    JinjaWriter out(run_);
    while (!text.empty() && !run_.failed()) {
      const size_t mark = std::min(text.find_first_of("{}"), text.size());
      out.add(text.substr(0, mark));
      text.remove_prefix(mark);
      if (text.empty())
        break;
      const char brace = text.front();
      if (text.size() > 1 && text[1] == brace && levels > 1) {
        out.add(text.substr(0, 1));
        text.remove_prefix(2);
      } else if (brace == '}') {
        run_.fail("Single '}' encountered in format string");
      } else if (levels == 0) {
        run_.fail("Max string recursion exceeded");
      } else {
        out.add(replaced(take_field(text), levels).text());
      }
    }
    return jinja_str(run_, run_.text(out.take()));
  }

 private:
  /// What stands between the braces at the front of `text`, which loses them.
  std::string_view take_field(std::string_view& text) {
    int depth = 0;
    for (size_t i = 0; i < text.size(); ++i) {
      depth += static_cast<int>(text[i] == '{') - static_cast<int>(text[i] == '}');
      if (depth > 0)
        continue;
      const std::string_view field = text.substr(1, i - 1);
      text.remove_prefix(i + 1);
      return field;
    }
    run_.fail("expected '}' before end of string");
    text = {};
    return {};
  }

  JinjaValue replaced(std::string_view field, int levels) {
    // A bracket may hold any character but its end.
    size_t name_end = 0;
    for (bool inside = false; name_end < field.size(); ++name_end) {
      inside = field[name_end] == '[' || (inside && field[name_end] != ']');
      if (!inside && (field[name_end] == '!' || field[name_end] == ':'))
        break;
    }
    JinjaValue value = lookup(field.substr(0, name_end));
    field.remove_prefix(name_end);
    if (!field.empty() && field.front() == '!') {
      value = converted(value, field.size() > 1 ? field[1] : '\0');
      field.remove_prefix(std::min<size_t>(field.size(), 2));
      if (!field.empty() && field.front() != ':')
        run_.fail("expected ':' after conversion specifier");
    }
    const JinjaValue specification =
        field.empty() ? jinja_str(run_, JinjaValue()) : format(field.substr(1), levels - 1);
    return laid_out(value, specification.text());
  }

  JinjaValue converted(const JinjaValue& value, char conversion) {
    if (conversion == 's')
      return jinja_str(run_, value);
    if (conversion == 'r')
      return run_.text(jinja_repr(run_, value));
    return run_.fail("a conversion of format must be !s or !r");
  }

  JinjaValue lookup(std::string_view path) {
    size_t end = std::min(path.find_first_of(".["), path.size());
    JinjaValue value = argument(path.substr(0, end));
    path.remove_prefix(end);
    while (!path.empty() && !run_.failed()) {
      const bool element = path.front() == '[';
      end = element ? path.find(']') : std::min(path.find_first_of(".[", 1), path.size());
      if (end == std::string_view::npos || end < 2)
        return run_.fail("Missing ']' or empty attribute in format string");
      const std::string name(path.substr(1, end - 1));
      path.remove_prefix(end + static_cast<size_t>(element));
      const std::optional<int64_t> index =
          element && std::isdigit(static_cast<unsigned char>(name[0])) != 0
              ? parse_integer(name, 10)
              : std::nullopt;
      if (!element)
        value = jinja_attribute(run_, value, name);
      else
        value = jinja_item(run_, value, index ? JinjaValue::integer(*index) : run_.text(name));
    }
    return value;
  }

  JinjaValue argument(std::string_view name) {
    const bool numbered =
        !name.empty() &&
        std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
    if (name.empty() || numbered) {
      if (name.empty() ? next_ < 0 : next_ > 0)
        return run_.fail("cannot switch between automatic and manual field numbering");
      const int64_t index = name.empty() ? next_++ : parse_integer(name, 10).value_or(1 << 30);
      if (numbered)
        next_ = -1;
      if (index >= std::ssize(arguments_.positional))
        return run_.fail("Replacement index " + std::to_string(index) +
                         " out of range for positional args tuple");
      return arguments_.positional[static_cast<size_t>(index)];
    }
    for (const auto& [known, value] : arguments_.named)
      if (known == name)
        return value;
    return run_.fail("KeyError: " + quoted_briefly(name));
  }

  JinjaValue laid_out(const JinjaValue& value, const std::string& specification) {
    if (specification.empty())
      return jinja_str(run_, value);
    const std::optional<JinjaLayout> read = read_specification(specification);
    if (!read)
      return failed("Invalid format specifier " + quoted_briefly(specification));
    JinjaLayout layout = *read;
    int64_t whole = 0;
    if (value.is_text()) {
      if ((layout.type != 0 && layout.type != 's') || layout.align == '=' || layout.sign != '-')
        return failed("Invalid format specifier " + quoted_briefly(specification) + " for a text");
      return jinja_format_text(run_, value.text(), layout);
    }
    if (value.is_number() && is_one_of(layout.type, kRealTypes))
      return jinja_format_real(run_, value.to_real(), layout);
    if (value.to_integer(whole) && layout.precision < 0 && layout.type != 'c' &&
        (layout.type == 0 || is_one_of(layout.type, kIntegerTypes)))
      return jinja_format_integer(run_, whole, layout);
    if (value.as<double>() != nullptr && layout.type == 0)
      return jinja_format_real(run_, value.to_real(), layout);
    return failed("Format specifier " + quoted_briefly(specification) + " does not suit a " +
                  value.type_name());
  }

  JinjaValue failed(const std::string& why) { return jinja_str(run_, run_.fail(why)); }

  JinjaRun& run_;
  const JinjaArguments& arguments_;
  int64_t next_ = 0;  ///< of automatic numbering; -1 once fields have numbers
};

}  // namespace

JinjaValue jinja_brace_format(JinjaRun& run, const std::string& format,
                              const JinjaArguments& arguments) {
  return run.scan(std::ssize(format)) ? BraceFormat(run, arguments).format(format, 2)
                                      : JinjaValue();
}

}  // namespace nelumbo
