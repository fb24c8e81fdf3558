// SPDX-License-Identifier: Apache-2.0
#include "base/http_guard.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/ascii.h"

namespace nelumbo {
namespace {

bool equal_without_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, ascii_lower, ascii_lower);
}

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 && std::ranges::all_of(text, is_digit);
}

}  // namespace

bool is_local_host(std::string_view host) {
  constexpr std::array<std::string_view, 3> kNames = {"localhost", "127.0.0.1", "[::1]"};
  return std::ranges::any_of(kNames, [&](std::string_view name) {
    if (!equal_without_case(host.substr(0, name.size()), name))
      return false;
    const std::string_view rest = host.substr(name.size());
    return rest.empty() || (rest.front() == ':' && is_port(rest.substr(1)));
  });
}

bool is_local_origin(std::string_view origin) {
  for (const std::string_view scheme : {"http://", "https://"})
    if (equal_without_case(origin.substr(0, scheme.size()), scheme))
      return is_local_host(origin.substr(scheme.size()));
  return false;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  if (a.size() != b.size())
    return false;
  unsigned char differ = 0;
  for (size_t i = 0; i < a.size(); ++i)
    differ = static_cast<unsigned char>(
        differ | (static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i])));
  return differ == 0;
}

}  // namespace nelumbo
