// SPDX-License-Identifier: Apache-2.0
#include "base/want_of_memory.h"

#include <new>
#include <stdexcept>
#include <system_error>
#include <thread>

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

template <class Exception>
bool wants(const Exception& exception) {
  return is_want_of_memory(std::make_exception_ptr(exception));
}

TEST(WantOfMemory, IsToldFromOtherExceptions) {
  EXPECT_TRUE(wants(std::bad_alloc()));
  EXPECT_TRUE(wants(std::system_error(std::make_error_code(std::errc::not_enough_memory))));
  EXPECT_TRUE(
      wants(std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again))));
  EXPECT_TRUE(wants(std::runtime_error("DefaultCPUAllocator: can't allocate memory: you tried")));
  EXPECT_FALSE(wants(std::system_error(std::make_error_code(std::errc::io_error))));
  EXPECT_FALSE(wants(std::runtime_error("shapes differ")));
  EXPECT_FALSE(wants(7));
}

TEST(WantOfMemoryDeathTest, EndsTheProcessWithALine) {
  const auto story = [] {
    tell_want_of_memory();
    std::thread([] { throw std::bad_alloc(); }).join();
  };
  EXPECT_EXIT(story(), testing::ExitedWithCode(3), "^nelumbo: out of memory, or of threads;");
}

TEST(WantOfMemoryDeathTest, LeavesOtherEndsAsTheyAre) {
  const auto story = [] {
    tell_want_of_memory();
    std::thread([] { throw std::runtime_error("shapes differ"); }).join();
  };
  EXPECT_EXIT(story(), testing::KilledBySignal(SIGABRT), "shapes differ");
}

}  // namespace
}  // namespace nelumbo
