// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace nelumbo {

/// What a caller can branch on; at most eight. A code nobody branches on is only a sentence.
enum class Errc {
  kInvalidConfig,  ///< exit 2: the configuration or the command line says something impossible
  kEnvironment,    ///< exit 3: disk, permission, memory, a missing tool
  kBadData,        ///< exit 4: a data set, model or checkpoint file is malformed
  kDiverged,       ///< exit 5: training went wrong and was stopped
  kCheckFailed,    ///< exit 6: a check said no
  kPreempted,      ///< exit 75: stopped by a signal after a committed checkpoint; resumable
  kUnavailable,    ///< a peer, slot or buffer cannot serve now; the caller may try again
};

/// What went wrong, as a value: a code for programs, a sentence for people. The sentence names the
/// place (file, key, offset) and, where there is one, the fix.
struct [[nodiscard]] Error {
  Errc code;
  std::string message;
};

/// A `T`, or the reason there is none. Shaped like `std::expected`, so that the swap stays here.
template <class T>
class [[nodiscard]] Result {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): `return value;` must work.
  Result(T value) : state_(std::move(value)) {}
  // NOLINTNEXTLINE(google-explicit-constructor): `return Error{...};` must work.
  Result(Error error) : state_(std::move(error)) {}

  bool ok() const { return std::holds_alternative<T>(state_); }
  explicit operator bool() const { return ok(); }

  /// REQUIRES: ok().
  T& value() & { return std::get<T>(state_); }
  const T& value() const& { return std::get<T>(state_); }
  T&& value() && { return std::get<T>(std::move(state_)); }

  /// REQUIRES: !ok().
  const Error& error() const { return std::get<Error>(state_); }

 private:
  std::variant<T, Error> state_;
};

/// Done, or the reason it was not.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): `return Error{...};` must work.
  Result(Error error) : error_(std::move(error)) {}

  bool ok() const { return !error_; }
  explicit operator bool() const { return ok(); }

  /// REQUIRES: !ok().
  const Error& error() const { return *error_; }

 private:
  std::optional<Error> error_;
};

}  // namespace nelumbo
