// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_text_methods.h"

#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <string_view>

#include "base/ascii.h"
#include "model/jinja_arguments.h"
#include "model/jinja_case.h"
#include "model/jinja_format.h"
#include "model/jinja_number_format.h"
#include "model/jinja_split.h"
#include "model/jinja_text.h"

namespace nelumbo {
namespace {

using Bound = JinjaBound;
using Text = std::string;

/// Texts that are made of pieces of another.
class Pieces {
 public:
  explicit Pieces(JinjaRun& run) : run_(run) {}
  bool add(std::string_view piece) {
    items_.push_back(run_.copy(piece));
    return !run_.failed();
  }
  JinjaTake taker() {
    return [this](std::string_view piece) { return add(piece); };
  }
  JinjaValue list() { return run_.list(std::move(items_)); }
  JinjaValue tuple() { return run_.tuple(std::move(items_)); }
  JinjaValue reversed() {
    std::reverse(items_.begin(), items_.end());
    return list();
  }

 private:
  JinjaRun& run_;
  JinjaValues items_;
};

template <std::string (*F)(std::string_view)>
JinjaValue mapped(JinjaRun& run, const Text& text, const Bound& /*arguments*/) {
  return jinja_case_mapped(run, text, F);
}

template <bool (*F)(std::string_view)>
JinjaValue asked(JinjaRun& run, const Text& text, const Bound& /*arguments*/) {
  return run.scan(2 * std::ssize(text)) ? JinjaValue::boolean(F(text)) : JinjaValue();
}

/// Python's strips: white space for an absent or None argument, else the characters in it.
template <bool kLeft, bool kRight>
JinjaValue strip(JinjaRun& run, const Text& text, const Bound& arguments) {
  const bool plain = !arguments.has(0) || arguments[0].is_none();
  return jinja_strip(run, text, plain ? std::nullopt : std::optional(arguments.text(run, 0, "")),
                     kLeft, kRight);
}

template <bool kFromEnd>
JinjaValue split(JinjaRun& run, const Text& text, const Bound& arguments) {
  const int64_t most = arguments.integer(run, 1, -1);
  Pieces pieces(run);
  if (!arguments.has(0) || arguments[0].is_none()) {
    if (run.scan(4 * std::ssize(text)))
      (kFromEnd ? split_at_space_from_end : split_at_space)(text, most, pieces.taker());
    return kFromEnd ? pieces.reversed() : pieces.list();
  }
  const std::string_view mark = arguments.text(run, 0, " ");
  if (mark.empty())
    return run.fail("empty separator");
  if (jinja_pay_search(run, text, mark))
    (kFromEnd ? split_at_from_end : split_at)(text, mark, most, pieces.taker());
  return kFromEnd ? pieces.reversed() : pieces.list();
}

JinjaFinder finder(std::string_view wanted, bool from_end) {
  return JinjaFinder(wanted, from_end ? JinjaFinder::From::kEnd : JinjaFinder::From::kStart);
}

template <bool kFromEnd>
JinjaValue partition(JinjaRun& run, const Text& text, const Bound& arguments) {
  const std::string_view mark = arguments.text(run, 0, " ");
  if (mark.empty())
    return run.fail("empty separator");
  if (!jinja_pay_search(run, text, mark))
    return {};
  const size_t found = finder(mark, kFromEnd).find(text);
  const std::string_view all = text;
  std::array<std::string_view, 3> parts = {all, "", ""};
  if (found == std::string_view::npos && kFromEnd)
    std::swap(parts[0], parts[2]);
  if (found != std::string_view::npos)
    parts = {all.substr(0, found), mark, all.substr(found + mark.size())};
  Pieces pieces(run);
  for (const std::string_view part : parts)
    pieces.add(part);
  return pieces.tuple();
}

/// The bytes of text[start:end] for the arguments `first` and behind; none where Python's search
/// starts beyond the end.
std::optional<std::pair<size_t, size_t>> window(JinjaRun& run, const Text& text,
                                                const Bound& arguments, size_t first) {
  if (!arguments.has(first) && !arguments.has(first + 1))
    return std::pair(size_t{0}, text.size());
  if (!run.scan(std::ssize(text)))
    return std::nullopt;
  const int64_t length = code_point_count(text);
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
  return std::pair(bytes_of_points(text, start), bytes_of_points(text, end));
}

template <bool kAtEnd>
JinjaValue has_affix(JinjaRun& run, const Text& text, const Bound& arguments) {
  std::span<const JinjaValue> affixes(&arguments[0], 1);
  if (const JinjaSequence* tuple = arguments[0].sequence(JinjaSequence::Kind::kTuple))
    affixes = tuple->items;
  const auto range = window(run, text, arguments, 1);
  for (const JinjaValue& affix : affixes) {
    if (!affix.is_text())
      return run.fail(std::string(kAtEnd ? "endswith" : "startswith") +
                      " first arg must be str or a tuple of str, not " + affix.type_name());
    if (!range || !jinja_pay_comparison(run, text, affix.text()))
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
  const std::string_view wanted = arguments.text(run, 0, "");
  const auto range = window(run, text, arguments, 1);
  size_t found = std::string_view::npos;
  if (range && jinja_pay_search(run, text, wanted)) {
    const std::string_view part =
        std::string_view(text).substr(range->first, range->second - range->first);
    found = finder(wanted, kFromEnd).find(part);
  }
  if (found != std::string_view::npos)
    return JinjaValue::integer(
        code_point_count(std::string_view(text).substr(0, range->first + found)));
  return kMustBeFound ? run.fail("substring not found") : JinjaValue::integer(-1);
}

JinjaValue count(JinjaRun& run, const Text& text, const Bound& arguments) {
  const std::string_view wanted = arguments.text(run, 0, "");
  const auto range = window(run, text, arguments, 1);
  if (!range || !jinja_pay_search(run, text, wanted))
    return JinjaValue::integer(0);
  const std::string_view part =
      std::string_view(text).substr(range->first, range->second - range->first);
  if (wanted.empty())
    return JinjaValue::integer(code_point_count(part) + 1);
  int64_t found = -1;
  split_at(part, wanted, -1, [&](std::string_view) {
    ++found;
    return true;
  });
  run.spend(found);
  return JinjaValue::integer(found);
}

JinjaValue replace(JinjaRun& run, const Text& text, const Bound& arguments) {
  return jinja_replace(run, text, arguments.text(run, 0, ""), arguments.text(run, 1, ""),
                       arguments.integer(run, 2, -1));
}

JinjaValue join(JinjaRun& run, const Text& text, const Bound& arguments) {
  JinjaWriter out(run);
  int64_t joined = 0;
  for (const JinjaValue& item : run.items(arguments[0])) {
    if (!item.is_text())
      return run.fail("sequence item " + std::to_string(joined) + ": expected str instance, " +
                      item.type_name() + " found");
    if (!out.add(joined++ > 0 ? text : "") || !out.add(item.text()))
      return {};
  }
  return run.text(out.take());
}

template <bool kSuffix>
JinjaValue without_affix(JinjaRun& run, const Text& text, const Bound& arguments) {
  const std::string_view affix = arguments.text(run, 0, "");
  std::string_view rest = text;
  if (kSuffix && rest.ends_with(affix))
    rest.remove_suffix(affix.size());
  if (!kSuffix && rest.starts_with(affix))
    rest.remove_prefix(affix.size());
  return run.copy(rest);
}

/// No text is wider than an int; a negative width is none.
int64_t width_of(JinjaRun& run, const Bound& arguments) {
  return std::clamp<int64_t>(arguments.integer(run, 0, 0), 0, std::numeric_limits<int>::max());
}

template <char kAlign>
JinjaValue justify(JinjaRun& run, const Text& text, const Bound& arguments) {
  JinjaLayout layout;
  layout.width = width_of(run, arguments);
  const std::string_view fill = arguments.text(run, 1, " ");
  if (fill.size() > 4 || code_point_count(fill) != 1)
    return run.fail("The fill character must be exactly one character long");
  layout.fill = fill;
  layout.align = kAlign;
  // Python's center puts the odd one to the left when the width is odd, format to the right.
  layout.odd_in_front = true;
  return jinja_format_text(run, text, layout);
}

JinjaValue zfill(JinjaRun& run, const Text& text, const Bound& arguments) {
  JinjaLayout layout;
  layout.width = width_of(run, arguments);
  layout.fill = "0";
  layout.align = '=';
  const auto sign = static_cast<size_t>(text.starts_with('-') || text.starts_with('+'));
  const std::string_view all = text;
  return jinja_filled(run, all.substr(0, sign), all.substr(sign), layout, '=');
}

JinjaValue splitlines(JinjaRun& run, const Text& text, const Bound& arguments) {
  Pieces pieces(run);
  if (run.scan(std::ssize(text)))
    split_lines(text, arguments.truth(0, false), pieces.taker());
  return pieces.list();
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

JinjaValue jinja_case_mapped(JinjaRun& run, std::string_view text,
                             std::string (*map)(std::string_view)) {
  // A letter may become three bytes of two, and the text that grows lies beside the old one.
  const JinjaCharge held = run.hold(4 * std::ssize(text));
  return run.scan(4 * std::ssize(text)) ? run.text(map(text)) : JinjaValue();
}

JinjaValue jinja_strip(JinjaRun& run, std::string_view text, std::optional<std::string_view> set,
                       bool left, bool right) {
  if (set && (!run.spend(std::ssize(*set)) || !run.fits(8 * std::ssize(*set))))
    return {};
  std::string_view rest = text;
  if (left)
    rest = set ? strip_left(rest, *set) : strip_left(rest);
  if (right)
    rest = set ? strip_right(rest, *set) : strip_right(rest);
  run.scan(4 * (std::ssize(text) - std::ssize(rest)));
  return run.copy(rest);
}

JinjaValue jinja_replace(JinjaRun& run, std::string_view text, std::string_view old,
                         std::string_view by, int64_t most) {
  JinjaWriter out(run);
  int64_t done = 0;
  const auto mark = [&] { return (most >= 0 && done >= most) || (++done, out.add(by)); };
  if (old.empty()) {  // at every border of code points, the ends included
    for (const std::string_view point : code_points(text))
      if (!mark() || !out.add(point))
        return {};
    mark();
    return run.text(out.take());
  }
  bool first = true;
  if (jinja_pay_search(run, text, old))
    split_at(text, old, most, [&](std::string_view piece) {
      const bool adds = first || out.add(by);
      first = false;
      return adds && out.add(piece);
    });
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
    return JinjaValue::undefined("'str object' has no attribute " + quoted_briefly(name));
  return run.function({name,
                       [value, method](JinjaRun& inner, JinjaArguments& arguments) -> JinjaValue {
                         const auto bound =
                             JinjaBound::bind(inner, method->name, method->signature, arguments);
                         if (!bound || !inner.spend())
                           return {};
                         return method->call(inner, value.text(), *bound);
                       },
                       1});
}

}  // namespace nelumbo
