// SPDX-License-Identifier: Apache-2.0
#include "reward/pattern.h"

#include <algorithm>
#include <mutex>
#include <utility>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/ascii.h"
#include "base/check.h"
#include "base/replace_all.h"
#include "base/text.h"
#include "reward/hostile_texts.h"

namespace nelumbo {

namespace {

constexpr uint32_t kMatchLimit = 100'000;
constexpr uint32_t kOptions = PCRE2_UTF | PCRE2_MULTILINE;
/// What most texts that a pattern is tried on take less than. Those that take more are tried with
/// the limit itself, so many at most, so that the trial itself ends soon.
constexpr uint32_t kGlance = 16'000;
constexpr int kMostLooks = 200;
/// Bytes of the longest text whose work is not counted from the first: PCRE2's limit knows nothing
/// of the bytes that a part passes over in one go, as "\d++" does, at each place anew.
constexpr size_t kLongestAtEase = 16 << 10;
/// Bytes of the longest text that a pattern of the program's own searches as machine code. That
/// counts no steps of a part that repeats a character, so that "a*a*a*b" takes the cube of it.
constexpr size_t kLongestCompiled = 1 << 10;
/// What a long text may take for each of its bytes.
constexpr int64_t kPartsOfAByte = 100;

/// Where the class that begins at `at`, or what a backslash there quotes, ends; `at` where neither
/// stands there.
size_t behind_quoted(std::string_view pattern, size_t at) {
  if (pattern[at] == '\\') {
    if (!pattern.substr(at).starts_with("\\Q"))
      return std::min(at + 2, pattern.size());
    const size_t end = pattern.find("\\E", at);
    return end == std::string_view::npos ? pattern.size() : end + 2;
  }
  if (pattern[at] != '[')
    return at;
  size_t end = at + (pattern.substr(at).starts_with("[^") ? 2 : 1);
  end += end < pattern.size() && pattern[end] == ']' ? 1 : 0;
  while (end < pattern.size() && pattern[end] != ']')
    end += pattern[end] == '\\' ? 2 : 1;
  return std::min(end + 1, pattern.size());
}

/// The first call of a group, or of all of the pattern, by the pattern itself: "(?R)", "(?1)",
/// "(?&name)"; empty where there is none.
std::string_view own_call(std::string_view pattern) {
  const auto has_digit = [&](size_t at) { return at < pattern.size() && is_digit(pattern[at]); };
  for (size_t at = 0; at < pattern.size();) {
    const std::string_view rest = pattern.substr(at);
    bool is_call = rest.starts_with("\\g<") || rest.starts_with("\\g'");
    for (const std::string_view head : {"(?R)", "(?&", "(?P>"})
      is_call = is_call || rest.starts_with(head);
    if (rest.starts_with("(?"))
      is_call = is_call || has_digit(at + 2) ||
                ((rest.starts_with("(?+") || rest.starts_with("(?-")) && has_digit(at + 3));
    if (is_call)
      return rest.substr(0,
                         rest.find_first_of(")>'", rest[0] == '(' && rest[2] == 'P' ? 4 : 3) + 1);
    at = std::max(at + 1, behind_quoted(pattern, at));
  }
  return {};
}

struct FreePcreLimits {
  void operator()(pcre2_match_context* limits) const { pcre2_match_context_free(limits); }
};
using PcreLimits = std::unique_ptr<pcre2_match_context, FreePcreLimits>;

PcreLimits limits_like(const PcreCode& code) {
  PcreLimits limits(pcre2_match_context_copy(code.limits()));
  NELUMBO_CHECK(limits != nullptr) << "no memory for a regular expression";
  return limits;
}

int search(const PcreCode& code, std::string_view text, size_t from, uint32_t options,
           pcre2_match_context* limits, const PcreMatch& match) {
  return pcre2_match(code.code(), reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), from,
                     options, match.get(), limits);
}

/// PCRE2 counts the steps of a match anew at each place where one may begin. So the limit at each
/// is a share of what all may take, which most patterns never come near.
int search_at_ease(const PcreCode& code, std::string_view text, size_t from, uint32_t options,
                   const PcreMatch& match) {
  constexpr size_t kAllSteps = 20'000'000;
  const size_t share = kAllSteps / (text.size() + 1);
  if (share >= kMatchLimit)
    return search(code, text, from, options, code.limits(), match);
  const PcreLimits limits = limits_like(code);
  pcre2_set_match_limit(limits.get(), static_cast<uint32_t>(share));
  return search(code, text, from, options, limits.get(), match);
}

/// What a counted search may still do, and where it stands.
struct PartCount {
  int64_t left = 0;
  size_t at = 0;
  std::string_view pattern = {};
};

/// Bytes that the part which is tried next compares at most, as it is what a group matched: the
/// longest of them.
size_t compared_next(const pcre2_callout_block& place, std::string_view pattern) {
  const std::string_view part = pattern.substr(place.pattern_position, place.next_item_length);
  const bool is_backslash = part.starts_with('\\') && part.size() > 1;
  if (!(is_backslash && std::string_view("123456789gk").find(part[1]) != std::string_view::npos) &&
      !part.starts_with("(?P="))
    return 0;
  size_t longest = 0;
  for (size_t group = 1; group < place.capture_top; ++group) {
    const PCRE2_SIZE begin = place.offset_vector[2 * group],
                     end = place.offset_vector[2 * group + 1];
    if (begin != PCRE2_UNSET && end > begin)
      longest = std::max(longest, end - begin);
  }
  return longest;
}

/// Called before each part of a pattern that is tried. A part that repeats may have passed over
/// many bytes since the one before it.
int count_part(pcre2_callout_block* place, void* counted) {
  constexpr size_t kBytesOfAPart = 16;
  auto& count = *static_cast<PartCount*>(counted);
  const size_t passed = std::max(place->current_position, count.at) - count.at;
  count.at = place->current_position;
  const size_t read = passed + compared_next(*place, count.pattern);
  count.left -= static_cast<int64_t>(1 + read / kBytesOfAPart);
  return count.left < 0 ? PCRE2_ERROR_MATCHLIMIT : 0;
}

int search_counted(const PcreCode& code, std::string_view text, uint32_t options, PartCount& count,
                   const PcreMatch& match) {
  const PcreLimits limits = limits_like(code);
  const size_t from = count.at;
  pcre2_set_callout(limits.get(), &count_part, &count);
  // Where nothing is counted PCRE2 looks for the last letter that a pattern needs through all of
  // the text, from each place where a match may begin; not so where it may be partial.
  const int found = search(code, text, from, options | PCRE2_PARTIAL_SOFT, limits.get(), match);
  return found == PCRE2_ERROR_PARTIAL ? PCRE2_ERROR_NOMATCH : found;
}

/// Room for the place of a match, and for what PCRE2 remembers on its way there: this thread's, as
/// to make it takes longer than most searches.
const PcreMatch& room() {
  thread_local const PcreMatch kRoom(pcre2_match_data_create(1, nullptr));
  NELUMBO_CHECK(kRoom != nullptr) << "no memory for a regular expression";
  return kRoom;
}

/// Whether a part of a pattern is what a group matched, which is compared byte by byte: "(a+)\\1".
bool refers_back(const PcreCode& code) {
  uint32_t farthest = 0;
  return pcre2_pattern_info(code.code(), PCRE2_INFO_BACKREFMAX, &farthest) == 0 && farthest > 0;
}

/// Whether PCRE2 got as far as to look for a match, which it does in UTF-8 alone.
bool has_looked(int found) {
  return found >= 0 || found == PCRE2_ERROR_NOMATCH || found == PCRE2_ERROR_MATCHLIMIT;
}

}  // namespace

class Pattern::CountedCode {
 public:
  CountedCode(std::string pattern, uint32_t options)
      : pattern_(std::move(pattern)), options_(options | PCRE2_AUTO_CALLOUT) {}

  /// Nothing where it is too large with what counts.
  const PcreCode* compiled() {
    std::call_once(once_, [this] {
      PcreFault fault;
      code_ = PcreCode::compile(pattern_, options_, kMatchLimit, fault);
    });
    return code_.get();
  }
  const std::string& pattern() const { return pattern_; }

 private:
  std::string pattern_;
  uint32_t options_;
  std::once_flag once_;
  std::shared_ptr<const PcreCode> code_;
};

Result<Pattern> Pattern::compile(const std::string& pattern) {
  return counting(pattern, kOptions);
}

Result<Pattern> Pattern::counting(const std::string& pattern, uint32_t options) {
  auto made = within(pattern, options, kMatchLimit);
  if (made)
    made.value().counted_ = std::make_shared<CountedCode>(pattern, options);
  return made;
}

Pattern Pattern::fixed(const std::string& pattern) {
  auto made = counting(pattern, kOptions | PCRE2_NO_AUTO_CAPTURE);
  NELUMBO_CHECK(made.ok()) << made.error().message;
  // Where the system allows no machine code to be made the pattern is interpreted.
  (void)pcre2_jit_compile(made.value().code_->code(), PCRE2_JIT_COMPLETE);
  return std::move(made).value();
}

Result<Pattern> Pattern::within(const std::string& pattern, uint32_t options, uint32_t most_steps) {
  PcreFault fault;
  auto code = PcreCode::compile(pattern, options, most_steps, fault);
  if (code == nullptr)
    return Error{Errc::kInvalidConfig, "'" + pattern + "', character " +
                                           std::to_string(fault.offset) + ": " + fault.message};
  return Pattern(std::move(code));
}

Result<Pattern> Pattern::of_spec(const std::string& pattern, bool whole) {
  auto made = compile(pattern);
  if (const std::string_view call = own_call(pattern); made && !call.empty())
    return Error{Errc::kInvalidConfig, "'" + pattern + "' calls a part of itself by '" +
                                           std::string(call) +
                                           "', so that nothing bounds its work; write it out"};
  const std::string full = whole ? "\\A(?:" + pattern + ")\\z" : pattern;
  if (made && whole)
    made = compile(full);
  if (!made)
    return made;
  const auto glance = within(full, kOptions, kGlance);
  int looks = 0;
  for (const std::string& text : hostile_texts(pattern)) {
    if (glance.value().is_decided(text) || ++looks > kMostLooks || made.value().is_decided(text))
      continue;
    std::string shown = shortened(text);
    replace_all(&shown, "\n", "\\n");
    std::string why = "'" + pattern;
    why.append("' explodes: of '").append(shown).append("', ");
    why += std::to_string(text.size()) + " characters, it takes more than " +
           std::to_string(kMatchLimit) +
           " steps to say whether it matches; have what one repetition matches end where the next "
           "begins, or make it possessive, as (a+)++";
    return Error{Errc::kInvalidConfig, std::move(why)};
  }
  return made;
}

Result<std::optional<std::string>> Pattern::find(std::string_view text) const {
  const auto place = place_of(text);
  if (!place)
    return place.error();
  if (!place.value())
    return std::optional<std::string>();
  const auto [begin, end] = *place.value();
  return std::optional<std::string>(text.substr(begin, end - begin));
}

bool Pattern::is_decided(std::string_view text) const {
  const PcreMatch& match = room();
  const int found = pcre2_match(code_->code(), reinterpret_cast<PCRE2_SPTR>(text.data()),
                                text.size(), 0, PCRE2_ANCHORED, match.get(), code_->limits());
  return found >= 0 || found == PCRE2_ERROR_NOMATCH;
}

Result<std::optional<PatternMatch>> Pattern::place_of(std::string_view text, size_t from) const {
  PatternWork work;
  return place_of(text, from, work);
}

std::optional<PatternMatch> Pattern::first_in(std::string_view text, size_t from) const {
  const auto found = place_of(text, from);
  return found ? found.value() : std::nullopt;
}

Result<std::optional<PatternMatch>> Pattern::place_of(std::string_view text, size_t from,
                                                      PatternWork& work) const {
  const PcreMatch& match = room();
  const int found = searched(text, from, work, match);
  work.is_utf8 = work.is_utf8 || (from == 0 && has_looked(found));
  if (found == PCRE2_ERROR_NOMATCH)
    return std::optional<PatternMatch>();
  if (found < 0)
    return Error{Errc::kUnavailable, "pattern not decided: " + pcre_message(found)};
  const PCRE2_SIZE* const ends = pcre2_get_ovector_pointer(match.get());
  return std::optional(PatternMatch{ends[0], ends[1]});
}

int Pattern::searched(std::string_view text, size_t from, PatternWork& work,
                      const PcreMatch& match) const {
  const uint32_t options =
      (work.is_utf8 ? PCRE2_NO_UTF_CHECK : 0) | (text.size() > kLongestCompiled ? PCRE2_NO_JIT : 0);
  if ((text.size() > kLongestAtEase || refers_back(*code_)) && !work.is_counted) {
    work.is_counted = true;
    work.left = std::max(work.left, kPartsOfAByte * static_cast<int64_t>(text.size()));
  }
  if (!work.is_counted)
    if (const int found = search_at_ease(*code_, text, from, options, match);
        found != PCRE2_ERROR_MATCHLIMIT && found != PCRE2_ERROR_JIT_STACKLIMIT)
      return found;
  work.is_counted = true;
  const PcreCode* const counted = counted_ == nullptr ? nullptr : counted_->compiled();
  if (counted == nullptr)
    return search_at_ease(*code_, text, from, options, match);
  PartCount count{work.left, from, counted_->pattern()};
  const int found = search_counted(*counted, text, options, count, match);
  work.left = count.left;
  return found;
}

}  // namespace nelumbo
