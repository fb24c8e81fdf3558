// SPDX-License-Identifier: Apache-2.0
#include "base/complaints.h"

#include <algorithm>
#include <string>

#include "base/check.h"

namespace nelumbo {

void Complaints::add(const Error& error) {
  if (std::ranges::any_of(errors_,
                          [&](const Error& known) { return known.message == error.message; }))
    return;
  if (std::ssize(errors_) < kMost)
    errors_.push_back(error);
  else
    ++unsaid_;
}

Error Complaints::error() const {
  NELUMBO_CHECK(!errors_.empty()) << "nothing is wrong";
  Error all{errors_.front().code, ""};
  for (const Error& error : errors_)
    all.message += (all.message.empty() ? "" : "\n") + error.message;
  if (unsaid_ > 0)
    all.message += "\nand " + std::to_string(unsaid_) + " more";
  return all;
}

Error first_of(const Error& error, const std::string& where) {
  const size_t end = error.message.find('\n');
  if (end == std::string::npos)
    return error;
  const auto more = std::count(error.message.begin(), error.message.end(), '\n');
  return {error.code, error.message.substr(0, end) + " (the first of " + std::to_string(more + 1) +
                          ", " + where + " says all)"};
}

}  // namespace nelumbo
