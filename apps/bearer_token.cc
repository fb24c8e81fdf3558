// SPDX-License-Identifier: Apache-2.0
#include "apps/bearer_token.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/http_guard.h"
#include "base/replaceable.h"

namespace nelumbo {
namespace {

constexpr std::string_view kScheme = "Bearer ";

Error cannot(const std::string& path) {
  return {Errc::kEnvironment, path + ": the token cannot be written: " + std::strerror(errno) +
                                  "; name another file by --token-file"};
}

}  // namespace

Result<std::string> random_digits(int64_t bytes) {
  std::vector<unsigned char> random(static_cast<size_t>(bytes));
  if (::getrandom(random.data(), random.size(), 0) != static_cast<ssize_t>(random.size()))
    return Error{Errc::kEnvironment, "the system gives no random numbers"};
  constexpr const char* kDigits = "0123456789abcdef";
  std::string out;
  for (const unsigned char byte : random)
    out += {kDigits[byte >> 4], kDigits[byte & 15]};
  return out;
}

/// The file is made anew beside its place and then moved there: one that others can read or that
/// links elsewhere is never written to.
Result<void> write_token(const std::string& path, const std::string& token) {
  if (std::error_code none; !std::filesystem::is_symlink(path, none))  // its place is taken
    if (Result<void> allowed = require_replaceable(path); !allowed)
      return allowed;
  const Result<std::string> suffix = random_digits(8);
  if (!suffix)
    return suffix.error();
  const std::string draft = path + "." + suffix.value();
  const int file = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                          S_IRUSR | S_IWUSR);
  if (file < 0)
    return cannot(path);
  const std::string line = token + "\n";
  const bool written = ::write(file, line.data(), line.size()) == std::ssize(line);
  ::close(file);
  if (written && ::rename(draft.c_str(), path.c_str()) == 0)
    return {};
  const Error error = cannot(path);
  ::unlink(draft.c_str());
  return error;
}

bool bears(const std::string& authorization, const std::string& token) {
  const std::string_view given = authorization;
  return given.starts_with(kScheme) && equal_in_constant_time(given.substr(kScheme.size()), token);
}

std::string default_token_file(uint16_t port) {
  const char* folder = std::getenv("XDG_RUNTIME_DIR");
  if (folder == nullptr || *folder == '\0')
    folder = std::getenv("TMPDIR");
  return std::string(folder == nullptr || *folder == '\0' ? "/tmp" : folder) + "/nelumbo-" +
         std::to_string(::getuid()) + "-" + std::to_string(port) + ".token";
}

}  // namespace nelumbo
