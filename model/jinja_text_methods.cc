// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_text_methods.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

#include "model/jinja_arguments.h"
#include "model/jinja_case.h"
#include "model/jinja_format.h"
#include "model/jinja_number_format.h"
#include "model/jinja_operators.h"
#include "model/jinja_text.h"

namespace nelumbo {
namespace {

using Bound = JinjaBound;
using Text = std::string;

JinjaValue strings(JinjaRun& run, const std::vector<std::string_view>& pieces,
                   JinjaSequence::Kind kind = JinjaSequence::Kind::kList) {
  JinjaValues items;
  for (const std::string_view piece : pieces) {
    if (run.failed())
      return {};
    items.push_back(run.text(std::string(piece)));
  }
  return run.sequence(std::move(items), kind);
}

template <std::string (*F)(std::string_view)>
JinjaValue mapped(JinjaRun& run, const Text& text, const Bound& /*arguments*/) {
  return run.text(F(text));
}

template <bool (*F)(std::string_view)>
JinjaValue asked(JinjaRun& /*run*/, const Text& text, const Bound& /*arguments*/) {
  return JinjaValue::boolean(F(text));
}

/// Python's strips: white space for an absent or None argument, else the characters in it.
template <bool kLeft, bool kRight>
JinjaValue strip(JinjaRun& run, const Text& text, const Bound& arguments) {
  const bool plain = !arguments.has(0) || arguments[0].is_none();
  const Text set = plain ? "" : arguments.text(run, 0, "");
  std::string_view left = text;
  if (kLeft)
    left = plain ? strip_left(left) : strip_left(left, set);
  if (kRight)
    left = plain ? strip_right(left) : strip_right(left, set);
  return run.text(std::string(left));
}

template <bool kFromEnd>
JinjaValue split(JinjaRun& run, const Text& text, const Bound& arguments) {
  const int64_t most = arguments.integer(run, 1, -1);
  if (!arguments.has(0) || arguments[0].is_none())
    return strings(run,
                   kFromEnd ? split_at_space_from_end(text, most) : split_at_space(text, most));
  const Text mark = arguments.text(run, 0, " ");
  if (mark.empty())
    return run.fail("empty separator");
  return strings(run, kFromEnd ? split_at_from_end(text, mark, most) : split_at(text, mark, most));
}

template <bool kFromEnd>
JinjaValue partition(JinjaRun& run, const Text& text, const Bound& arguments) {
  const Text mark = arguments.text(run, 0, " ");
  if (mark.empty())
    return run.fail("empty separator");
  const size_t found = kFromEnd ? text.rfind(mark) : text.find(mark);
  const std::string_view all = text;
  std::vector<std::string_view> parts = {all, "", ""};
  if (found == std::string::npos && kFromEnd)
    std::swap(parts[0], parts[2]);
  if (found != std::string::npos)
    parts = {all.substr(0, found), mark, all.substr(found + mark.size())};
  return strings(run, parts, JinjaSequence::Kind::kTuple);
}

/// The bytes of text[start:end] for the arguments `first` and behind; none where Python's search
/// starts beyond the end.
std::optional<std::pair<size_t, size_t>> window(JinjaRun& run, const Text& text,
                                                const Bound& arguments, size_t first) {
  if (!arguments.has(first) && !arguments.has(first + 1))
    return std::pair(size_t{0}, text.size());
  const auto points = code_points(text);
  const int64_t length = std::ssize(points);
  const auto bound = [&](size_t i, int64_t otherwise) {
    if (!arguments.has(i) || arguments[i].is_none())
      return otherwise;
    const int64_t given = arguments.integer(run, i, otherwise);
    return given < 0 ? std::max<int64_t>(given + length, 0) : given;
  };
  const int64_t start = bound(first, 0);
  const int64_t end = std::min(bound(first + 1, length), length);
  if (start > end)
    return std::nullopt;
  const auto offset = [&](int64_t point) {
    return point == length
               ? text.size()
               : static_cast<size_t>(points[static_cast<size_t>(point)].data() - text.data());
  };
  return std::pair(offset(start), offset(end));
}

template <bool kAtEnd>
JinjaValue has_affix(JinjaRun& run, const Text& text, const Bound& arguments) {
  JinjaValues affixes = {arguments[0]};
  if (const JinjaSequence* tuple = arguments[0].sequence(JinjaSequence::Kind::kTuple))
    affixes = tuple->items;
  const auto range = window(run, text, arguments, 1);
  for (const JinjaValue& affix : affixes) {
    if (!affix.is_text())
      return run.fail(std::string(kAtEnd ? "endswith" : "startswith") +
                      " first arg must be str or a tuple of str, not " + affix.type_name());
    if (!range || run.failed())
      continue;
    const std::string_view part =
        std::string_view(text).substr(range->first, range->second - range->first);
    if (kAtEnd ? part.ends_with(affix.text()) : part.starts_with(affix.text()))
      return JinjaValue::boolean(true);
  }
  return JinjaValue::boolean(false);
}

template <bool kFromEnd, bool kMustBeFound>
JinjaValue find(JinjaRun& run, const Text& text, const Bound& arguments) {
  const Text wanted = arguments.text(run, 0, "");
  const auto range = window(run, text, arguments, 1);
  size_t found = std::string_view::npos;
  if (range && !run.failed()) {
    const std::string_view part =
        std::string_view(text).substr(range->first, range->second - range->first);
    found = kFromEnd ? part.rfind(wanted) : part.find(wanted);
  }
  if (found != std::string_view::npos)
    return JinjaValue::integer(
        code_point_count(std::string_view(text).substr(0, range->first + found)));
  return kMustBeFound ? run.fail("substring not found") : JinjaValue::integer(-1);
}

JinjaValue count(JinjaRun& run, const Text& text, const Bound& arguments) {
  const Text wanted = arguments.text(run, 0, "");
  const auto range = window(run, text, arguments, 1);
  if (!range || run.failed())
    return JinjaValue::integer(0);
  const std::string_view part =
      std::string_view(text).substr(range->first, range->second - range->first);
  if (wanted.empty())
    return JinjaValue::integer(code_point_count(part) + 1);
  return JinjaValue::integer(std::ssize(split_at(part, wanted, -1)) - 1);
}

JinjaValue replace(JinjaRun& run, const Text& text, const Bound& arguments) {
  return jinja_replace(run, text, arguments.text(run, 0, ""), arguments.text(run, 1, ""),
                       arguments.integer(run, 2, -1));
}

JinjaValue join(JinjaRun& run, const Text& text, const Bound& arguments) {
  std::vector<std::string> pieces;
  for (const JinjaValue& item : run.items(arguments[0])) {
    if (!item.is_text())
      return run.fail("sequence item " + std::to_string(pieces.size()) +
                      ": expected str instance, " + item.type_name() + " found");
    pieces.push_back(item.text());
  }
  return jinja_join(run, text, pieces);
}

template <bool kSuffix>
JinjaValue without_affix(JinjaRun& run, const Text& text, const Bound& arguments) {
  const Text affix = arguments.text(run, 0, "");
  std::string_view rest = text;
  if (kSuffix && rest.ends_with(affix))
    rest.remove_suffix(affix.size());
  if (!kSuffix && rest.starts_with(affix))
    rest.remove_prefix(affix.size());
  return run.text(std::string(rest));
}

/// No text is wider than an int; a negative width is none.
int64_t width_of(JinjaRun& run, const Bound& arguments) {
  return std::clamp<int64_t>(arguments.integer(run, 0, 0), 0, std::numeric_limits<int>::max());
}

template <char kAlign>
JinjaValue justify(JinjaRun& run, const Text& text, const Bound& arguments) {
  JinjaLayout layout;
  layout.width = width_of(run, arguments);
  layout.fill = arguments.text(run, 1, " ");
  layout.align = kAlign;
  if (code_point_count(layout.fill) != 1)
    return run.fail("The fill character must be exactly one character long");
  // Python's center puts the odd space to the left when the width is odd, format to the right.
  const int64_t missing = layout.width - code_point_count(text);
  if (kAlign == '^' && missing > 0 && (missing & layout.width & 1) != 0) {
    layout.width -= 1;
    return run.text(layout.fill + jinja_format_text(run, text, layout));
  }
  return run.text(jinja_format_text(run, text, layout));
}

JinjaValue zfill(JinjaRun& run, const Text& text, const Bound& arguments) {
  JinjaLayout layout;
  layout.width = width_of(run, arguments);
  layout.fill = "0";
  layout.align = '>';
  const bool has_sign = text.starts_with('-') || text.starts_with('+');
  if (!has_sign)
    return run.text(jinja_format_text(run, text, layout));
  layout.width -= 1;
  return run.text(text.substr(0, 1) + jinja_format_text(run, text.substr(1), layout));
}

JinjaValue splitlines(JinjaRun& run, const Text& text, const Bound& arguments) {
  return strings(run, lines_of(text, arguments.truth(0, false)));
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0; });
}

struct Method {
  std::string_view name;
  std::string_view signature;
  JinjaValue (*call)(JinjaRun&, const Text&, const Bound&);
};

constexpr std::array<Method, 37> kMethods = {{
    {"capitalize", "", mapped<capitalized>},
    {"center", "width ?fillchar", justify<'^'>},
    {"count", "sub ?start ?end", count},
    {"endswith", "suffix ?start ?end", has_affix<true>},
    {"find", "sub ?start ?end", find<false, false>},
    {"index", "sub ?start ?end", find<false, true>},
    {"isalnum", "", asked<is_alphanumeric>},
    {"isalpha", "", asked<is_alphabetic>},
    {"isascii", "", asked<is_ascii>},
    {"isdecimal", "", asked<is_decimal>},
    {"isdigit", "", asked<is_decimal>},
    {"islower", "", asked<is_lower>},
    {"isnumeric", "", asked<is_decimal>},
    {"isspace", "", asked<is_all_space>},
    {"isupper", "", asked<is_upper>},
    {"join", "iterable", join},
    {"ljust", "width ?fillchar", justify<'<'>},
    {"lower", "", mapped<python_lower>},
    {"lstrip", "?chars", strip<true, false>},
    {"partition", "sep", partition<false>},
    {"removeprefix", "prefix", without_affix<false>},
    {"removesuffix", "suffix", without_affix<true>},
    {"replace", "old new ?count", replace},
    {"rfind", "sub ?start ?end", find<true, false>},
    {"rindex", "sub ?start ?end", find<true, true>},
    {"rjust", "width ?fillchar", justify<'>'>},
    {"rpartition", "sep", partition<true>},
    {"rsplit", "?sep ?maxsplit", split<true>},
    {"rstrip", "?chars", strip<false, true>},
    {"split", "?sep ?maxsplit", split<false>},
    {"splitlines", "?keepends", splitlines},
    {"startswith", "prefix ?start ?end", has_affix<false>},
    {"strip", "?chars", strip<true, true>},
    {"swapcase", "", mapped<swapped_case>},
    {"title", "", mapped<title_case>},
    {"upper", "", mapped<python_upper>},
    {"zfill", "width", zfill},
}};

}  // namespace

JinjaValue jinja_replace(JinjaRun& run, const std::string& text, const std::string& old,
                         const std::string& by, int64_t most) {
  const bool between = old.empty();  // at every border of code points, the ends included
  std::vector<std::string_view> pieces =
      between ? code_points(text) : split_at(text, old, most < 0 ? -1 : most);
  if (between)
    pieces.insert(pieces.begin(), std::string_view());
  JinjaWriter out(run);
  int64_t done = 0;
  for (size_t i = 0; i < pieces.size() && !run.failed(); ++i) {
    const bool marks = i > 0 && (most < 0 || done < most);
    out.add(marks ? by : "");
    out.add(pieces[i]);
    done += static_cast<int64_t>(marks);
  }
  if (between && (most < 0 || done < most))
    out.add(by);
  return run.text(out.take());
}

JinjaValue jinja_join(JinjaRun& run, const std::string& mark,
                      const std::vector<std::string>& pieces) {
  JinjaWriter out(run);
  for (size_t i = 0; i < pieces.size() && !run.failed(); ++i) {
    if (i > 0)
      out.add(mark);
    out.add(pieces[i]);
  }
  return run.text(out.take());
}

JinjaValue jinja_text_method(JinjaRun& run, const JinjaValue& value, const std::string& name) {
  if (name == "format")
    return run.function({name,
                         [value](JinjaRun& inner, JinjaArguments& arguments) {
                           return jinja_brace_format(inner, value.text(), arguments);
                         },
                         1});
  const auto* method = std::find_if(kMethods.begin(), kMethods.end(),
                                    [&](const Method& each) { return each.name == name; });
  if (method == kMethods.end() || name.empty())
    return JinjaValue::undefined("'str object' has no attribute " + quoted(name));
  return run.function({name,
                       [value, method](JinjaRun& inner, JinjaArguments& arguments) -> JinjaValue {
                         const auto bound =
                             JinjaBound::bind(inner, method->name, method->signature, arguments);
                         const int64_t size = std::ssize(value.text());
                         if (!bound || !inner.spend(1 + size / 32) || !inner.fits(16 * size))
                           return {};
                         return method->call(inner, value.text(), *bound);
                       },
                       1});
}

}  // namespace nelumbo
