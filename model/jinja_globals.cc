// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_globals.h"

#include <array>
#include <charconv>
#include <ctime>

#include "model/jinja_arguments.h"
#include "model/jinja_print.h"
#include "model/jinja_text.h"

namespace nelumbo {
namespace {

using Entries = std::vector<std::pair<JinjaValue, JinjaValue>>;

JinjaValue range(JinjaRun& run, JinjaArguments& arguments) {
  const JinjaValues& given = arguments.positional;
  if (given.empty() || given.size() > 3 || !arguments.named.empty())
    return run.fail("range expected 1 to 3 arguments");
  std::array<int64_t, 3> bounds{0, 0, 1};
  for (size_t i = 0; i < given.size(); ++i)
    if (!given[i].to_integer(bounds.at(given.size() == 1 ? 1 : i)))
      return run.fail(std::string("'") + given[i].type_name() +
                      "' object cannot be interpreted as an integer");
  return run.range(bounds[0], bounds[1], bounds[2]);
}

/// What `dict(mapping or pairs, name=value, ...)` holds.
Entries entries_of(JinjaRun& run, const JinjaArguments& arguments) {
  Entries entries;
  if (arguments.positional.size() > 1)
    run.fail("dict expected at most 1 argument, got " +
             std::to_string(arguments.positional.size()));
  if (!arguments.positional.empty()) {
    const JinjaValue& first = arguments.positional[0];
    if (first.dict() != nullptr && run.spend(std::ssize(first.dict()->entries)))
      entries = first.dict()->entries;
    else
      for (const JinjaValue& pair : run.items(first)) {
        const JinjaItems two = run.items(pair);
        if (two.size() == 2)
          entries.emplace_back(two[0], two[1]);
        else
          run.fail("a dict is made of pairs");
      }
  }
  for (const auto& [name, value] : arguments.named)
    entries.emplace_back(run.text(name), value);
  return entries;
}

JinjaValue dict(JinjaRun& run, JinjaArguments& arguments) {
  return run.dict(entries_of(run, arguments));
}

JinjaValue make_namespace(JinjaRun& run, JinjaArguments& arguments) {
  constexpr int64_t kStepsOfAttribute = 10;  // they are kept until the end
  constexpr int64_t kLongestName = 1000;
  const JinjaValue held = run.dict(entries_of(run, arguments));
  JinjaValue made = run.make_namespace();
  if (run.failed() || !run.spend(kStepsOfAttribute * std::ssize(held.dict()->entries)))
    return {};
  for (const auto& [key, value] : held.dict()->entries) {
    if (!key.is_text())
      return run.fail("the attributes of a namespace must have names");
    if (std::ssize(key.text()) > kLongestName)
      return run.fail("an attribute of a namespace has a name of more than " +
                      std::to_string(kLongestName) + " bytes");
    if (key.text().starts_with('_'))
      return run.fail("a namespace takes no attribute with an underscore in front: " +
                      quoted_briefly(key.text()));
    (*made.as<JinjaValue::Namespace>())->attributes.emplace_back(key.text(), value);
  }
  return made;
}

JinjaValue raise_exception(JinjaRun& run, JinjaArguments& arguments) {
  const auto bound = JinjaBound::bind(run, "raise_exception", "message", arguments);
  return bound ? run.raise(jinja_str(run, (*bound)[0]).text()) : JinjaValue();
}

std::tm calendar_of(const JinjaClock& now) {
  std::tm time{};
  time.tm_year = now.year - 1900;
  time.tm_mon = now.month - 1;
  time.tm_mday = now.day;
  time.tm_hour = now.hour;
  time.tm_min = now.minute;
  time.tm_sec = now.second;
  ::timegm(&time);  // fills in the days of the week and of the year
  return time;
}

/// Python's own directives replaced, as its datetime does before it asks the C library.
std::string c_format(JinjaRun& run, std::string_view format) {
  std::string out = " ";  // strftime answers 0 both for nothing and for too much
  for (size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%' || i + 1 == format.size()) {
      out += format[i];
      continue;
    }
    const char directive = format[++i];
    if (directive == 'f')
      out += "000000";
    else if (directive == 's')
      run.fail("strftime_now: %s depends on a time zone");
    else if (directive != 'z' && directive != 'Z')
      (out += '%') += directive;
  }
  return out;
}

JinjaValue strftime_now(JinjaRun& run, const JinjaClock& now, const JinjaArguments& arguments) {
  const auto bound = JinjaBound::bind(run, "strftime_now", "format", arguments);
  if (!bound)
    return {};
  const std::string_view given = bound->text(run, 0, "");
  if (given.size() > 4000)
    return run.fail("strftime_now: more than 4000 bytes");
  run.spend(std::ssize(given));
  const std::string format = c_format(run, given);
  if (run.failed())
    return {};
  std::array<char, 4096> text{};
  const std::tm time = calendar_of(now);
  const size_t length = std::strftime(text.data(), text.size(), format.c_str(), &time);
  if (length == 0)
    return run.fail("strftime_now: more than 4000 bytes");
  return run.text(std::string(text.data() + 1, length - 1));
}

/// Reads two or four digits and what stands behind them.
bool take(std::string_view& text, size_t digits, char mark, int& value) {
  const size_t length = digits + static_cast<size_t>(mark != 0);
  if (text.size() < length || text.find_first_not_of("0123456789") < digits ||
      (mark != 0 && text[digits] != mark))
    return false;
  std::from_chars(text.data(), text.data() + digits, value);
  text.remove_prefix(length);
  return true;
}

int days_of(int year, int month) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return kDays.at(static_cast<size_t>(month - 1)) + static_cast<int>(month == 2 && leap);
}

}  // namespace

Result<JinjaClock> JinjaClock::parse(std::string_view text) {
  JinjaClock clock;
  std::string_view rest = text;
  const bool has_time = rest.find('T') != std::string_view::npos;
  bool sound = take(rest, 4, '-', clock.year) && take(rest, 2, '-', clock.month) &&
               take(rest, 2, has_time ? 'T' : '\0', clock.day) && (has_time || rest.empty());
  if (sound && has_time)
    sound = take(rest, 2, ':', clock.hour) && take(rest, 2, ':', clock.minute) &&
            take(rest, 2, '\0', clock.second) && rest.empty();
  sound = sound && clock.month >= 1 && clock.month <= 12 && clock.day >= 1 && clock.hour < 24 &&
          clock.minute < 60 && clock.second < 60 && clock.day <= days_of(clock.year, clock.month);
  if (!sound)
    return Error{Errc::kBadData, "a time must read like 2024-11-05T23:08:01"};
  return clock;
}

std::vector<std::pair<std::string, JinjaValue>> jinja_globals(
    JinjaRun& run, const std::optional<JinjaClock>& now) {
  std::vector<JinjaFunction> functions = {{"range", range, 1},
                                          {"dict", dict, 1},
                                          {"namespace", make_namespace, 1},
                                          {"raise_exception", raise_exception, 1}};
  if (now)
    functions.push_back({"strftime_now",
                         [now = *now](JinjaRun& inner, JinjaArguments& arguments) {
                           return strftime_now(inner, now, arguments);
                         },
                         1});
  std::vector<std::pair<std::string, JinjaValue>> globals;
  for (JinjaFunction& each : functions) {
    const std::string name = each.name;
    globals.emplace_back(name, run.function(std::move(each)));
  }
  return globals;
}

}  // namespace nelumbo
