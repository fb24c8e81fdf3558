// SPDX-License-Identifier: Apache-2.0
//
// The input is what another process of a run says in bulk: a byte that chooses the type, then the
// bytes. What is read is written again, and reads as the same.

#include <cstdint>
#include <span>

#include "actors/wire.h"
#include "base/check.h"

namespace {

template <class T>
void read(std::span<const char> bytes) {
  const auto value = nelumbo::from_wire<T>(bytes);
  if (!value)
    return;
  const nelumbo::Bytes written = nelumbo::to_wire(value.value());
  const auto again = nelumbo::from_wire<T>(written);
  NELUMBO_CHECK(again.ok() && nelumbo::to_wire(again.value()) == written)
      << "what was written reads as something else";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0)
    return 0;
  const std::span bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 7) {
    case 0:
      read<nelumbo::GroupRequest>(bytes);
      break;
    case 1:
      read<nelumbo::Group>(bytes);
      break;
    case 2:
      read<nelumbo::WeightSet>(bytes);
      break;
    case 3:
      read<nelumbo::TokenJob>(bytes);
      break;
    case 4:
      read<nelumbo::PolicyJob>(bytes);
      break;
    case 5:
      read<nelumbo::PreferenceJob>(bytes);
      break;
    default:
      read<nelumbo::TokenValidation>(bytes);
  }
  return 0;
}
