// SPDX-License-Identifier: Apache-2.0
#include "model/pcre.h"

#include <array>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/check.h"

namespace nelumbo {

std::shared_ptr<const PcreCode> PcreCode::compile(const std::string& pattern, uint32_t options,
                                                  uint32_t most_steps, PcreFault& fault) {
  int error = 0;
  PCRE2_SIZE offset = 0;
  pcre2_code* code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                                   options, &error, &offset, nullptr);
  if (code == nullptr) {
    fault = {pcre_message(error), static_cast<int64_t>(offset)};
    return nullptr;
  }
  return std::shared_ptr<const PcreCode>(new PcreCode(code, most_steps));
}

PcreCode::PcreCode(pcre2_code* code, uint32_t most_steps)
    : code_(code), limits_(pcre2_match_context_create(nullptr)) {
  NELUMBO_CHECK(limits_ != nullptr) << "no memory for a regular expression";
  pcre2_set_match_limit(limits_, most_steps);
}

PcreCode::~PcreCode() {
  pcre2_match_context_free(limits_);
  pcre2_code_free(code_);
}

void FreePcreMatch::operator()(pcre2_match_data* data) const {
  pcre2_match_data_free(data);
}

PcreMatch match_room(const PcreCode& code) {
  PcreMatch match(pcre2_match_data_create_from_pattern(code.code(), nullptr));
  NELUMBO_CHECK(match != nullptr) << "no memory for a match";
  return match;
}

std::string pcre_message(int error) {
  std::array<PCRE2_UCHAR, 256> text{};
  pcre2_get_error_message(error, text.data(), text.size());
  return reinterpret_cast<const char*>(text.data());
}

}  // namespace nelumbo
