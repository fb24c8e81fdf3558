// SPDX-License-Identifier: Apache-2.0
#include "model/regex.h"

#include <utility>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/check.h"
#include "model/oniguruma.h"
#include "model/utf8.h"

namespace nelumbo {

namespace {

constexpr uint32_t kMostSteps = 10'000'000;
constexpr uint32_t kMostHeapKilobytes = 65'536;

/// Room for the ends of one match, which every pattern can use: a word is a match, and to make room
/// for each would cost more than to find it.
pcre2_match_data* match_ends() {
  thread_local const PcreMatch room(pcre2_match_data_create(1, nullptr));
  NELUMBO_CHECK(room != nullptr) << "no memory for a match";
  return room.get();
}

}  // namespace

Result<Regex> Regex::compile(const std::string& pattern, const std::string& place) {
  const Result<std::string> translated = from_oniguruma(pattern, place);
  if (!translated)
    return translated.error();
  Result<Regex> regex =
      compile_for(translated.value(), pattern,
                  PCRE2_UTF | PCRE2_UCP | PCRE2_MULTILINE | PCRE2_NEVER_BACKSLASH_C, place);
  if (!regex)
    return regex;
  for (char c = ' '; c <= '~'; ++c) {
    const std::string run = std::string(40, c) + (c == '!' ? '?' : '!');
    Patience patience{1};
    regex.value().scan(
        run, [](int64_t, int64_t) {}, patience);
    if (patience.left == 0)
      return Error{Errc::kBadData, place + ": the pattern '" + pattern +
                                       "' takes exponential time on a run of '" + c + "'"};
  }
  return regex;
}

Result<Regex> Regex::literal(const std::string& text, const std::string& place) {
  return compile_for(text, text, PCRE2_UTF | PCRE2_LITERAL, place);
}

Result<Regex> Regex::compile_for(const std::string& pattern, const std::string& shown,
                                 uint32_t options, const std::string& place) {
  PcreFault fault;
  auto code = PcreCode::compile(pattern, options, kMostSteps, fault);
  if (code == nullptr)
    return Error{Errc::kBadData, place + ": " + fault.message + " at offset " +
                                     std::to_string(fault.offset) + " of the pattern '" + shown +
                                     "'"};
  // Without JIT the interpreter does the same, more slowly.
  pcre2_jit_compile(code->code(), PCRE2_JIT_COMPLETE);
  pcre2_set_heap_limit(code->limits(), kMostHeapKilobytes);
  Regex regex;
  regex.code_ = std::move(code);
  return regex;
}

std::vector<Regex::Span> Regex::cut(std::string_view text, Patience& patience) const {
  std::vector<Span> spans;
  int64_t covered = 0;
  const auto add = [&](int64_t begin, int64_t end) {
    if (begin > covered)
      spans.push_back({covered, begin, false});
    spans.push_back({begin, end, true});
    covered = end;
  };
  scan(text, add, patience);
  if (const auto size = std::ssize(text); covered < size)
    spans.push_back({covered, size, false});
  return spans;
}

std::string Regex::replaced(std::string_view text, std::string_view content,
                            Patience& patience) const {
  std::string made;
  int64_t covered = 0;
  const auto replace = [&](int64_t begin, int64_t end) {
    made += text.substr(covered, begin - covered);
    made += content;
    covered = end;
  };
  scan(text, replace, patience);
  return made += text.substr(covered);
}

int64_t Regex::length_at_start(std::string_view text) const {
  const int found =
      pcre2_match(code_->code(), reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), 0,
                  PCRE2_NO_UTF_CHECK | PCRE2_ANCHORED, match_ends(), code_->limits());
  return found < 0 ? 0 : static_cast<int64_t>(pcre2_get_ovector_pointer(match_ends())[1]);
}

/// Visits the matches from left to right, up to one that is given up. An empty match right behind
/// another match is none.
void Regex::scan(std::string_view text, const Visit& visit, Patience& patience) const {
  pcre2_match_data* match = match_ends();
  const auto size = std::ssize(text);
  const auto* subject = reinterpret_cast<PCRE2_SPTR>(text.data());
  int64_t last_end = -1;
  for (int64_t from = 0; from <= size && size > 0 && patience.left > 0;) {
    int found =
        pcre2_match(code_->code(), subject, size, from, PCRE2_NO_UTF_CHECK, match, code_->limits());
    if (found == PCRE2_ERROR_JIT_STACKLIMIT)
      found = pcre2_match(code_->code(), subject, size, from, PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT,
                          match, code_->limits());
    if (found < 0) {
      patience.left -= found == PCRE2_ERROR_NOMATCH ? 0 : 1;
      return;
    }
    const PCRE2_SIZE* ends = pcre2_get_ovector_pointer(match);
    const auto begin = static_cast<int64_t>(ends[0]);
    const auto end = static_cast<int64_t>(ends[1]);
    if (end > begin || begin != last_end)
      visit(begin, end);
    last_end = end;
    // After an empty match the search goes on one character further.
    from = end > begin ? end : end + (end < size ? character_size(text, end) : 1);
  }
}

}  // namespace nelumbo
