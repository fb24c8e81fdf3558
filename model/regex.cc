// SPDX-License-Identifier: Apache-2.0
#include "model/regex.h"

#include <algorithm>
#include <optional>
#include <utility>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "model/byte_level.h"

namespace nelumbo {

namespace {

constexpr uint32_t kMostSteps = 10'000'000;
constexpr uint32_t kMostHeapKilobytes = 64 * 1024;

/// Constructs that mean something else to the library that tokenizers were trained with.
std::optional<std::string> ambiguous(const std::string& pattern) {
  for (const char* construct : {"&&", "\\h", "\\H"})
    if (pattern.find(construct) != std::string::npos)
      return construct;
  return std::nullopt;
}

}  // namespace

Result<Regex> Regex::compile(const std::string& pattern, const std::string& place) {
  if (const auto construct = ambiguous(pattern))
    return Error{Errc::kBadData, place + ": '" + *construct + "' is not supported in a pattern"};
  PcreFault fault;
  auto code = PcreCode::compile(pattern, PCRE2_UTF | PCRE2_UCP, kMostSteps, fault);
  if (code == nullptr)
    return Error{Errc::kBadData, place + ": " + fault.message + " at offset " +
                                     std::to_string(fault.offset) + " of the pattern '" + pattern +
                                     "'"};
  // Without JIT the interpreter does the same, more slowly.
  pcre2_jit_compile(code->code(), PCRE2_JIT_COMPLETE);
  pcre2_set_heap_limit(code->limits(), kMostHeapKilobytes);

  Regex regex;
  regex.code_ = std::move(code);
  for (char c = ' '; c <= '~'; ++c) {
    std::vector<Span> spans;
    const std::string run = std::string(40, c) + (c == '!' ? '?' : '!');
    if (regex.cut_into(run, spans))
      continue;
    return Error{Errc::kBadData, place + ": the pattern '" + pattern +
                                     "' takes exponential time on a run of '" + c + "'"};
  }
  return regex;
}

std::vector<Regex::Span> Regex::cut(std::string_view text) const {
  std::vector<Span> spans;
  cut_into(text, spans);
  const auto size = static_cast<int64_t>(text.size());
  const int64_t covered = spans.empty() ? 0 : spans.back().end;
  if (covered < size)
    spans.push_back({covered, size, false});
  return spans;
}

/// Adds matches and the gaps before them; false when a match was given up.
bool Regex::cut_into(std::string_view text, std::vector<Span>& spans) const {
  const PcreMatch match = match_room(*code_);
  const auto size = static_cast<int64_t>(text.size());
  int64_t covered = 0;
  for (int64_t from = 0; from < size;) {
    const auto* subject = reinterpret_cast<PCRE2_SPTR>(text.data());
    int found = pcre2_match(code_->code(), subject, size, from, PCRE2_NO_UTF_CHECK, match.get(),
                            code_->limits());
    if (found == PCRE2_ERROR_JIT_STACKLIMIT)
      found = pcre2_match(code_->code(), subject, size, from, PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT,
                          match.get(), code_->limits());
    if (found == PCRE2_ERROR_NOMATCH)
      return true;
    if (found < 0)
      return false;
    const PCRE2_SIZE* ends = pcre2_get_ovector_pointer(match.get());
    const auto begin = static_cast<int64_t>(ends[0]);
    const auto end = static_cast<int64_t>(ends[1]);
    if (begin > covered)
      spans.push_back({covered, begin, false});
    if (end > begin)
      spans.push_back({begin, end, true});
    covered = std::max(covered, end);
    // After an empty match the search goes on one character further.
    from = end > begin ? end : end + (end < size ? character_size(text, end) : 1);
  }
  return true;
}

}  // namespace nelumbo
