// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <caf/actor_system.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/message.hpp>
#include <gtest/gtest.h>

namespace nelumbo {

/// What arrives in another process when `sent` is sent.
template <class T>
T over_the_wire(caf::actor_system& system, const T& sent) {
  std::vector<char> bytes;
  caf::binary_serializer sink(system, bytes);
  EXPECT_EQ(sink(caf::make_message(sent)), caf::none);
  caf::message arrived;
  caf::binary_deserializer reader(system, bytes);
  EXPECT_EQ(reader(arrived), caf::none);
  EXPECT_TRUE(arrived.match_elements<T>());
  return arrived.match_elements<T>() ? arrived.get_as<T>(0) : T();
}

}  // namespace nelumbo
