// SPDX-License-Identifier: Apache-2.0
#include "reward/pattern.h"

#include <utility>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/text.h"
#include "reward/hostile_texts.h"

namespace nelumbo {

namespace {

constexpr uint32_t kMatchLimit = 100'000;

}  // namespace

Result<Pattern> Pattern::compile(const std::string& pattern) {
  PcreFault fault;
  auto code = PcreCode::compile(pattern, PCRE2_UTF | PCRE2_MULTILINE, kMatchLimit, fault);
  if (code == nullptr)
    return Error{Errc::kInvalidConfig, "'" + pattern + "', character " +
                                           std::to_string(fault.offset) + ": " + fault.message};
  return Pattern(std::move(code));
}

Result<Pattern> Pattern::of_spec(const std::string& pattern, bool whole) {
  auto made = compile(pattern);
  if (made && whole)
    made = compile("\\A(?:" + pattern + ")\\z");
  if (!made)
    return made;
  for (const std::string& text : hostile_texts(pattern))
    if (!made.value().find(text))
      return Error{Errc::kInvalidConfig,
                   "'" + pattern + "' explodes: of '" + shortened(text) + "', " +
                       std::to_string(text.size()) + " characters, it takes more than " +
                       std::to_string(kMatchLimit) +
                       " steps to say whether it matches; have what one repetition matches end "
                       "where the next begins, or make it possessive, as (a+)++"};
  return made;
}

Result<std::optional<std::string>> Pattern::find(std::string_view text) const {
  const PcreMatch match = match_room(*code_);
  const int found = pcre2_match(code_->code(), reinterpret_cast<PCRE2_SPTR>(text.data()),
                                text.size(), 0, 0, match.get(), code_->limits());
  if (found == PCRE2_ERROR_NOMATCH)
    return std::optional<std::string>();
  if (found < 0)
    return Error{Errc::kUnavailable, "pattern not decided: " + pcre_message(found)};
  const PCRE2_SIZE* const ends = pcre2_get_ovector_pointer(match.get());
  return std::optional<std::string>(text.substr(ends[0], ends[1] - ends[0]));
}

}  // namespace nelumbo
