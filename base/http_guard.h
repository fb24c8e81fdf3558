// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace nelumbo {

// A server on this machine alone is still reached by pages in a browser of this machine, under any
// name that an attacker's DNS gives it. So it looks at the name that a request was made to, and at
// the page that made it.

/// Whether a Host header names this machine: "localhost", "127.0.0.1" or "[::1]", and any port.
bool is_local_host(std::string_view host);

/// Whether an Origin header is that of a page which this machine served: "http://localhost:3000".
bool is_local_origin(std::string_view origin);

/// Whether two texts are equal, in a time that depends on their lengths alone.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace nelumbo
