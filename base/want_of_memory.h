// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>

namespace nelumbo {

/// Whether the exception says that the system gave no memory, or no thread: that is no bug of the
/// program.
bool is_want_of_memory(const std::exception_ptr& exception);

/// From now on such an exception that nobody takes, of any thread, ends the process with a line on
/// stderr and exit code 3, instead of SIGABRT.
void tell_want_of_memory();

}  // namespace nelumbo
