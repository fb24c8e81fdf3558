// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace nelumbo {

/// The evidence for an answer that is read as no number, with what keeps it from being one:
/// "'72 kg' is no number: 'kg' stands beside it". `units` is what may stand there: "refuse",
/// "known" or "asked", as in the term `number`.
std::string no_number(std::string_view answer, std::string_view units);

}  // namespace nelumbo
