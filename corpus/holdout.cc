// SPDX-License-Identifier: Apache-2.0
#include "corpus/holdout.h"

#include <string>

#include "base/hash.h"

namespace nelumbo {

Part part_of(std::string_view id) {
  const std::string named = "holdout:" + std::string(id);
  return xxh3_64(bytes_of(named)) % 5 == 0 ? Part::kDevelopment : Part::kTrain;
}

}  // namespace nelumbo
