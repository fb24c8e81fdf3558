// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>

#include "corpus/obo.h"

namespace nelumbo {

/// A sentence about the live terms' is_a that name no live term of the same file: the first one,
/// with the line of its term, and how many there are. None where there are none. Such is_a are left
/// out: a slim may name terms that it does not hold; but a misspelt id looks the same. `place` is
/// the file.
std::optional<std::string> dangling_parents(std::span<const OboTerm> terms,
                                            const std::string& place);

}  // namespace nelumbo
