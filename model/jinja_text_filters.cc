// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>

#include "model/jinja_arithmetic.h"
#include "model/jinja_case.h"
#include "model/jinja_filters.h"
#include "model/jinja_number_format.h"
#include "model/jinja_print.h"
#include "model/jinja_split.h"
#include "model/jinja_text.h"
#include "model/jinja_text_methods.h"

namespace nelumbo {
namespace {

using Value = JinjaValue;
using Bound = JinjaBound;

template <std::string (*F)(std::string_view)>
Value mapped(JinjaRun& run, const Value& value, const Bound& /*arguments*/) {
  return jinja_case_mapped(run, jinja_str(run, value).text(), F);
}

/// Jinja's title: words begin behind white space, hyphens and opening brackets alone.
std::string jinja_title(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  size_t begin = 0;  // of the word
  const auto flush = [&](size_t end) {
    const std::string_view word = text.substr(begin, end - begin);
    if (word.empty())
      return;
    const std::string_view head = first_point(word);
    out += python_upper(head);
    out += python_lower(word.substr(head.size()));
  };
  for (const std::string_view point : code_points(text)) {
    const bool between = is_python_space(code_point_value(point)) ||
                         std::string_view("-({[<").find(point) != std::string_view::npos;
    if (!between)
      continue;
    const auto at = static_cast<size_t>(point.data() - text.data());
    flush(at);
    out += point;
    begin = at + point.size();
  }
  flush(text.size());
  return out;
}

Value trim(JinjaRun& run, const Value& value, const Bound& arguments) {
  const Value text = jinja_str(run, value);
  const bool plain = !arguments.has(0) || arguments[0].is_none();
  return jinja_strip(run, text.text(),
                     plain ? std::nullopt : std::optional(arguments.text(run, 0, "")), true, true);
}

Value replace(JinjaRun& run, const Value& value, const Bound& arguments) {
  const int64_t most = arguments[2].is_none() ? -1 : arguments.integer(run, 2, -1);
  const Value text = jinja_str(run, value);
  const Value old = jinja_str(run, arguments[0]);
  const Value by = jinja_str(run, arguments[1]);
  return jinja_replace(run, text.text(), old.text(), by.text(), most);
}

Value indent(JinjaRun& run, const Value& value, const Bound& arguments) {
  if (!value.is_text())
    return run.fail(std::string("indent() wants a str, not ") + value.type_name());
  Value indention = arguments[0];
  if (!indention.is_text()) {
    const int64_t width = std::max<int64_t>(arguments.integer(run, 0, 4), 0);
    if (!run.fits(width))
      return {};
    indention = run.text(std::string(static_cast<size_t>(width), ' '));
  }
  const JinjaCharge held = run.hold(std::ssize(value.text()));
  if (!run.scan(std::ssize(value.text())))
    return {};
  const std::string text = value.text() + "\n";
  const bool blank = arguments.truth(2, false);
  JinjaWriter out(run);
  bool first = true;
  split_lines(text, false, [&](std::string_view line) {
    out.add(first ? "" : "\n");
    if (first ? arguments.truth(1, false) : (blank || !line.empty()))
      out.add(indention.text());
    first = false;
    return out.add(line);
  });
  return run.text(out.take());
}

Value to_string(JinjaRun& run, const Value& value, const Bound& /*arguments*/) {
  return jinja_str(run, value);
}

/// Pays for reading a number; digits are copied meanwhile.
bool may_read_number(JinjaRun& run, const std::string& text) {
  return run.scan(8 * std::ssize(text)) && run.fits(6 * std::ssize(text));
}

/// int(value) of a number; none where Python raises.
std::optional<Value> whole_of(double real) {
  if (!(std::abs(real) < 0x1p63))
    return std::nullopt;
  return Value::integer(static_cast<int64_t>(real));
}

Value to_integer(JinjaRun& run, const Value& value, const Bound& arguments) {
  Value otherwise = arguments.has(0) ? arguments[0] : Value::integer(0);
  const int64_t base = arguments.integer(run, 1, 10);
  if (base != 0 && (base < 2 || base > 36))
    return otherwise;
  int64_t whole = 0;
  if (value.to_integer(whole))
    return Value::integer(whole);
  if (value.is_number())
    return whole_of(value.to_real()).value_or(otherwise);
  if (value.is_undefined())
    return run.fail("int() of an undefined value");
  if (!value.is_text() || !may_read_number(run, value.text()))
    return otherwise;
  if (const auto read = parse_integer(value.text(), static_cast<int>(base)))
    return Value::integer(*read);
  const std::optional<double> real = parse_real(value.text());
  return real ? whole_of(*real).value_or(otherwise) : otherwise;
}

Value to_real(JinjaRun& run, const Value& value, const Bound& arguments) {
  const Value otherwise = arguments.has(0) ? arguments[0] : Value::real(0);
  if (value.is_undefined())
    return run.fail("float() of an undefined value");
  if (value.is_number())
    return Value::real(value.to_real());
  const std::optional<double> read = value.is_text() && may_read_number(run, value.text())
                                         ? parse_real(value.text())
                                         : std::nullopt;
  return read ? Value::real(*read) : otherwise;
}

Value absolute(JinjaRun& run, const Value& value, const Bound& /*arguments*/) {
  int64_t whole = 0;
  if (value.to_integer(whole))
    return whole < 0 ? jinja_negate(run, value) : Value::integer(whole);
  if (value.is_number())
    return Value::real(std::abs(value.to_real()));
  if (value.is_undefined())
    return jinja_fail_undefined(run, value);
  return run.fail(std::string("bad operand type for abs(): '") + value.type_name() + "'");
}

Value round(JinjaRun& run, const Value& value, const Bound& arguments) {
  const int64_t digits = arguments.integer(run, 0, 0);
  const std::string_view method = arguments.text(run, 1, "common");
  if (!value.is_number())
    return value.is_undefined()
               ? jinja_fail_undefined(run, value)
               : run.fail(std::string("type ") + value.type_name() + " has no rounding");
  if (method == "common")
    return jinja_round(run, value, digits);
  if (method != "ceil" && method != "floor")
    return run.fail("method must be common, ceil or floor");
  const double unit = std::pow(10.0, static_cast<double>(digits));
  const double scaled = value.to_real() * unit;
  const double rounded = method == "ceil" ? std::ceil(scaled) : std::floor(scaled);
  return Value::real(rounded / unit);
}

Value center(JinjaRun& run, const Value& value, const Bound& arguments) {
  const Value text = jinja_str(run, value);
  if (run.failed())
    return {};
  const Value method = jinja_text_method(run, text, "center");
  JinjaArguments width;
  width.positional = {Value::integer(arguments.integer(run, 0, 80))};
  return run.failed() ? Value() : (*method.as<Value::Function>())->call(run, width);
}

Value word_count(JinjaRun& run, const Value& value, const Bound& /*arguments*/) {
  int64_t count = 0;
  bool inside = false;
  const Value text = jinja_str(run, value);
  if (!run.scan(2 * std::ssize(text.text())))
    return {};
  for (const std::string_view point : code_points(text.text())) {
    const bool word = is_alphanumeric(point) || point == "_";
    count += static_cast<int64_t>(word && !inside);
    inside = word;
  }
  return Value::integer(count);
}

std::string html_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&#34;";
    else if (c == '\'')
      out += "&#39;";
    else
      out += c;
  }
  return out;
}

Value escape(JinjaRun& run, const Value& value, const Bound& /*arguments*/) {
  const Value text = jinja_str(run, value);
  if (!run.scan(std::ssize(text.text())))
    return {};
  JinjaWriter out(run);
  for (std::string_view rest = text.text(); !rest.empty() && !run.failed();)
    out.add(html_escaped(take_chunk(rest)));
  return run.text(out.take());
}

/// As transformers defines it: json.dumps, and nothing escaped for HTML.
Value to_json(JinjaRun& run, const Value& value, const Bound& arguments) {
  JinjaJsonStyle style;
  style.ascii_only = arguments.truth(0, false);
  if (arguments[1].is_text()) {
    style.indent = arguments[1].text();
    style.has_lines = true;
  } else if (arguments.has(1) && !arguments[1].is_none()) {
    constexpr int64_t kWidest = 1000;
    const int64_t width = std::max<int64_t>(arguments.integer(run, 1, 0), 0);
    if (width > kWidest)
      return run.fail("tojson: an indent of more than " + std::to_string(kWidest));
    style.indent = std::string(static_cast<size_t>(width), ' ');
    style.has_lines = true;
  }
  if (style.has_lines)
    style.item_mark = ",";
  if (arguments.has(2) && !arguments[2].is_none()) {
    const JinjaItems marks = run.items(arguments[2]);
    if (marks.size() != 2 || !marks[0].is_text() || !marks[1].is_text())
      return run.fail("separators must be two texts");
    style.item_mark = marks[0].text();
    style.key_mark = marks[1].text();
  }
  style.sorts_keys = arguments.truth(3, false);
  return run.text(jinja_json(run, value, style));
}

constexpr std::array<JinjaFilter, 19> kFilters = {{
    {"abs", "", absolute},
    {"capitalize", "", mapped<capitalized>},
    {"center", "?width", center},
    {"e", "", escape},
    {"escape", "", escape},
    {"float", "?default", to_real},
    {"forceescape", "", escape},
    {"indent", "?width ?first ?blank", indent},
    {"int", "?default ?base", to_integer},
    {"lower", "", mapped<python_lower>},
    {"replace", "old new ?count", replace},
    {"round", "?precision ?method", round},
    {"safe", "", to_string},
    {"string", "", to_string},
    {"title", "", mapped<jinja_title>},
    {"tojson", "?ensure_ascii ?indent ?separators ?sort_keys", to_json},
    {"trim", "?chars", trim},
    {"upper", "", mapped<python_upper>},
    {"wordcount", "", word_count},
}};

}  // namespace

const JinjaFilter* jinja_text_filter(std::string_view name) {
  const auto* found = std::find_if(kFilters.begin(), kFilters.end(), [&](const JinjaFilter& each) {
    return each.name == name && !name.empty();
  });
  return found != kFilters.end() ? found : nullptr;
}

}  // namespace nelumbo
