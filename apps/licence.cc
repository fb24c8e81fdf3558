// SPDX-License-Identifier: Apache-2.0
#include "apps/licence.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "base/file.h"
#include "base/text.h"
#include "model/gguf.h"

namespace nelumbo {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kLongestFile = int64_t{1} << 20;
constexpr std::array<const char*, 6> kNames = {"LICENSE", "LICENSE.txt", "LICENSE.md",
                                               "LICENCE", "COPYING",     "COPYING.txt"};

std::string first_line(std::string_view text) {
  while (!text.empty()) {
    const std::string_view line = trimmed(take_until("\n", &text));
    if (!line.empty())
      return shortened(line);
  }
  return "";
}

}  // namespace

std::string licence_in_readme(std::string_view readme) {
  if (trimmed(take_until("\n", &readme)) != "---")
    return "";
  while (!readme.empty()) {
    std::string_view line = trimmed(take_until("\n", &readme));
    if (line == "---")
      return "";
    if (take_until(":", &line) == "license")
      return shortened(trimmed(line));
  }
  return "";
}

nlohmann::json licence_of(const Model& model) {
  nlohmann::json said = nlohmann::json::object();
  const auto add = [&said](const std::string& place, const std::string& what) {
    if (!what.empty())
      said[place] = valid_utf8(what);
  };
  fs::path folder = model.directory;
  if (is_gguf(model.directory)) {
    folder = folder.parent_path();
    const Result<GgufFile> file = GgufFile::open(model.directory);
    const GgufValue* key = file ? find(file.value().metadata(), "general.license") : nullptr;
    if (key != nullptr && key->as_text())
      add("general.license", shortened(*key->as_text()));
  }
  for (const char* name : kNames)
    if (const auto text = read_file((folder / name).string(), kLongestFile))
      add(name, first_line(text.value()));
  if (const auto text = read_file((folder / "README.md").string(), kLongestFile))
    add("README.md", licence_in_readme(text.value()));
  return said;
}

}  // namespace nelumbo
