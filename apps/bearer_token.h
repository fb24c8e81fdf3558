// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"

namespace nelumbo {

/// So many random bytes of the system, as hexadecimal digits.
Result<std::string> random_digits(int64_t bytes);

/// Puts a token into a file that its owner alone may read, whatever was there before.
Result<void> write_token(const std::string& path, const std::string& token);

/// Whether an Authorization header bears the token. The time taken says nothing about it.
bool bears(const std::string& authorization, const std::string& token);

/// Where the token of a server goes unless it is told: in the user's own runtime folder, else in
/// that for temporary files, named by the port.
std::string default_token_file(uint16_t port);

}  // namespace nelumbo
