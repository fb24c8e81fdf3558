// SPDX-License-Identifier: Apache-2.0
#include "base/want_of_memory.h"

#include <cstdio>
#include <cstdlib>
#include <new>
#include <string_view>
#include <system_error>

namespace nelumbo {
namespace {

constexpr int kEnvironment = 3;

std::terminate_handler before = nullptr;

void end_process() {
  if (const auto thrown = std::current_exception(); thrown && is_want_of_memory(thrown)) {
    std::fputs("nelumbo: out of memory, or of threads; raise the limit (ulimit -v, -u)\n", stderr);
    std::_Exit(kEnvironment);
  }
  before();
}

}  // namespace

bool is_want_of_memory(const std::exception_ptr& exception) {
  try {
    std::rethrow_exception(exception);
  } catch (const std::bad_alloc&) {
    return true;
  } catch (const std::system_error& e) {
    return e.code() == std::errc::not_enough_memory ||
           e.code() == std::errc::resource_unavailable_try_again;
  } catch (const std::exception& e) {  // LibTorch's allocator has its own
    return std::string_view(e.what()).find("can't allocate memory") != std::string_view::npos;
  } catch (...) {
    return false;
  }
}

void tell_want_of_memory() {
  before = std::set_terminate(end_process);
}

}  // namespace nelumbo
