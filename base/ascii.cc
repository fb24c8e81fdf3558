// SPDX-License-Identifier: Apache-2.0
#include "base/ascii.h"

#include <cstdint>
#include <cstring>

namespace nelumbo {

bool is_ascii(std::string_view text) {
  uint64_t seen = 0, eight = 0;
  size_t at = 0;
  for (; at + sizeof(eight) <= text.size(); at += sizeof(eight)) {
    std::memcpy(&eight, text.data() + at, sizeof(eight));
    seen |= eight;
  }
  for (; at < text.size(); ++at)
    seen |= static_cast<unsigned char>(text[at]);
  return (seen & 0x8080808080808080U) == 0;
}

}  // namespace nelumbo
