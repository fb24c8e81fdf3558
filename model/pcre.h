// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

struct pcre2_real_code_8;
struct pcre2_real_match_context_8;
struct pcre2_real_match_data_8;

namespace nelumbo {

/// Why a pattern does not compile, and at which of its bytes.
struct PcreFault {
  std::string message;
  int64_t offset = 0;
};

/// A compiled pattern of PCRE2's 8-bit library with the limits that its matches keep; frees both.
/// What a pattern means, and what is asked of it, is the business of model/regex.h and
/// reward/pattern.h.
class PcreCode {
 public:
  /// Nothing, and `fault` filled, when the pattern is malformed. `options` are PCRE2's compile
  /// options; a match ends with an error behind `most_steps` steps.
  static std::shared_ptr<const PcreCode> compile(const std::string& pattern, uint32_t options,
                                                 uint32_t most_steps, PcreFault& fault);
  PcreCode(const PcreCode&) = delete;
  PcreCode& operator=(const PcreCode&) = delete;
  ~PcreCode();

  pcre2_real_code_8* code() const { return code_; }
  pcre2_real_match_context_8* limits() const { return limits_; }

 private:
  PcreCode(pcre2_real_code_8* code, uint32_t most_steps);

  pcre2_real_code_8* code_;
  pcre2_real_match_context_8* limits_;
};

struct FreePcreMatch {
  void operator()(pcre2_real_match_data_8* data) const;
};
using PcreMatch = std::unique_ptr<pcre2_real_match_data_8, FreePcreMatch>;

/// Room for the places of one match of `code`.
PcreMatch match_room(const PcreCode& code);

/// PCRE2's words for one of its error codes.
std::string pcre_message(int error);

}  // namespace nelumbo
