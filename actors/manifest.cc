// SPDX-License-Identifier: Apache-2.0
#include "actors/manifest.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "base/direct_file.h"
#include "base/disk_fault.h"
#include "base/file.h"
#include "base/hash.h"

namespace nelumbo {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

Result<void> sync_file(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const int planted = planted_errno(DiskCall::kSync, path.native());
  const bool done = file >= 0 && planted == 0 && ::fsync(file) == 0;
  const int cause = planted != 0 ? planted : errno;
  if (file >= 0)
    ::close(file);
  if (!done)
    return Error{Errc::kEnvironment, path.string() + ": cannot sync: " + std::strerror(cause)};
  return {};
}

/// Of all that a manifest says but this.
std::string hash_of(json manifest) {
  manifest.erase("hash");
  return xxh3_128_hex(bytes_of(manifest.dump()));
}

}  // namespace

Result<json> synced_files(const std::string& folder,
                          const std::map<std::string, std::string>& written) {
  json files = json::object();
  std::error_code failed;
  for (fs::recursive_directory_iterator at(folder, failed), end; !failed && at != end;
       at.increment(failed)) {
    const fs::directory_entry& entry = *at;
    auto synced = entry.is_directory(failed) ? sync_directory(entry.path().string())
                                             : sync_file(entry.path());
    if (!synced)
      return synced.error();
    if (!entry.is_regular_file(failed))
      continue;
    const std::string name = entry.path().lexically_relative(folder).string();
    const auto known = written.find(name);
    auto hash = known != written.end() ? known->second : hash_around_cache(entry.path());
    if (!hash)
      return hash.error();
    files[name] = {{"size", entry.file_size(failed)}, {"xxh3_128", hash.value()}};
  }
  if (failed)
    return Error{Errc::kEnvironment, folder + ": cannot be listed: " + failed.message()};
  return files;
}

Result<void> write_manifest(const std::string& folder, json manifest) {
  manifest["hash"] = hash_of(manifest);
  return write_file_atomic(folder + "/manifest.json", manifest.dump(1));
}

Result<void> check_manifest(const std::string& folder, const json& manifest, int64_t format,
                            const std::vector<std::string>& parts) {
  const std::string place = folder + "/manifest.json: ";
  if (manifest.at("format") != format)
    return Error{Errc::kBadData, place + "is of an unknown format"};
  const json& files = manifest.at("files");
  for (const std::string& name : parts)
    if (!files.contains(name))
      return Error{Errc::kBadData, std::string(place).append("does not list ").append(name)};
  for (const auto& [name, listed] : files.items()) {
    const fs::path path = fs::path(folder) / name;
    std::error_code failed;
    const auto size = fs::file_size(path, failed);
    if (failed)
      return Error{Errc::kBadData, path.string() + ": missing"};
    if (size != listed.at("size").get<uintmax_t>())
      return Error{Errc::kBadData, path.string() + ": has another size than its manifest says"};
    auto hash = hash_around_cache(path);
    if (!hash)
      return hash.error();
    if (hash.value() != listed.at("xxh3_128").get<std::string>())
      return Error{Errc::kBadData, path.string() + ": was changed or damaged (hash differs)"};
  }
  if (manifest.value("hash", "") != hash_of(manifest))
    return Error{Errc::kBadData, place + "was changed or damaged (its own hash differs)"};
  return {};
}

}  // namespace nelumbo
