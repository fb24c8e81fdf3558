// SPDX-License-Identifier: Apache-2.0
#pragma once

// manifest.json of a folder: what is said of the whole, "files" (size and XXH3-128 of every file
// but itself), and "hash" (XXH3-128 of all that it says but this).

#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.h"

namespace nelumbo {

/// Syncs every file and folder below `folder` and lists the files with size and hash: of those in
/// `written` the hash of what was to be written, of the others of what is there. kEnvironment where
/// the disk refuses, or a file is gone.
Result<nlohmann::json> synced_files(const std::string& folder,
                                    const std::map<std::string, std::string>& written);

/// Writes manifest.json, with its own hash.
Result<void> write_manifest(const std::string& folder, nlohmann::json manifest);

/// Whether the manifest is of that format, lists the `parts` and is unchanged, and each file that
/// it lists is there, whole and unchanged. kBadData says what is not. REQUIRES: inside a try block:
/// a manifest of another shape throws json::exception.
Result<void> check_manifest(const std::string& folder, const nlohmann::json& manifest,
                            int64_t format, const std::vector<std::string>& parts);

}  // namespace nelumbo
