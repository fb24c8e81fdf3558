// SPDX-License-Identifier: Apache-2.0
#include "reward/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace nelumbo {

namespace {

constexpr uint32_t kMatchLimit = 100'000;

std::string message(int code) {
  unsigned char text[200];
  pcre2_get_error_message(code, text, sizeof text);
  return reinterpret_cast<const char*>(text);
}

}  // namespace

struct Pattern::Code {
  pcre2_code* code = nullptr;
  pcre2_match_context* limits = nullptr;

  Code() = default;
  Code(const Code&) = delete;
  Code& operator=(const Code&) = delete;
  ~Code() {
    pcre2_match_context_free(limits);
    pcre2_code_free(code);
  }
};

Result<Pattern> Pattern::compile(const std::string& pattern) {
  int error = 0;
  PCRE2_SIZE offset = 0;
  auto code = std::make_shared<Code>();
  code->code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                             PCRE2_UTF | PCRE2_MULTILINE, &error, &offset, nullptr);
  if (code->code == nullptr)
    return Error{Errc::kInvalidConfig,
                 "'" + pattern + "', character " + std::to_string(offset) + ": " + message(error)};
  code->limits = pcre2_match_context_create(nullptr);
  pcre2_set_match_limit(code->limits, kMatchLimit);
  return Pattern(std::move(code));
}

Result<std::optional<std::string>> Pattern::find(std::string_view text) const {
  const std::unique_ptr<pcre2_match_data, decltype(&pcre2_match_data_free)> data(
      pcre2_match_data_create_from_pattern(code_->code, nullptr), &pcre2_match_data_free);
  const int found = pcre2_match(code_->code, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(),
                                0, 0, data.get(), code_->limits);
  if (found == PCRE2_ERROR_NOMATCH)
    return std::optional<std::string>();
  if (found < 0)
    return Error{Errc::kUnavailable, "pattern not decided: " + message(found)};
  const PCRE2_SIZE* const ends = pcre2_get_ovector_pointer(data.get());
  return std::optional<std::string>(text.substr(ends[0], ends[1] - ends[0]));
}

}  // namespace nelumbo
