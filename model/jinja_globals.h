// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "model/jinja_run.h"
#include "model/jinja_value.h"

namespace nelumbo {

/// A moment as calendars and clocks show it, without a time zone.
struct JinjaClock {
  int year = 1970, month = 1, day = 1;
  int hour = 0, minute = 0, second = 0;

  /// Reads "2024-11-05T23:08:01", or the date alone. kBadData says what is wrong with it.
  static Result<JinjaClock> parse(std::string_view text);
};

/// The functions that transformers gives its templates: range, namespace, dict, raise_exception
/// and, where a clock is given, strftime_now: a template can ask whether it
/// is defined.
std::vector<std::pair<std::string, JinjaValue>> jinja_globals(JinjaRun& run,
                                                              const std::optional<JinjaClock>& now);

}  // namespace nelumbo
