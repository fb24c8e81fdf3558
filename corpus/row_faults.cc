// SPDX-License-Identifier: Apache-2.0
#include "corpus/row_faults.h"

#include <utility>

namespace nelumbo {
namespace {

constexpr size_t kMostNamed = 20;

}  // namespace

void RowFaults::add(std::string message) {
  ++count_;
  if (first_.size() < kMostNamed)
    first_.push_back(std::move(message));
}

Error RowFaults::error() const {
  if (count_ == 1)
    return {Errc::kBadData, first_.front()};
  std::string all = std::to_string(count_) + " rows cannot be used";
  for (const std::string& fault : first_)
    all += "\n" + fault;
  return {Errc::kBadData, std::move(all)};
}

}  // namespace nelumbo
