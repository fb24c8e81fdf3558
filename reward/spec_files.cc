// SPDX-License-Identifier: Apache-2.0
#include "reward/spec_files.h"

#include <filesystem>
#include <set>
#include <utility>

#include "base/file.h"
#include "base/hash.h"
#include "reward/score_terms.h"

namespace nelumbo {

namespace {

constexpr int64_t kLargestSpec = 1 << 20;

/// Stands between the texts that are hashed; no YAML has it.
constexpr std::string_view kBetween("\0", 1);

/// The same name for a file, whichever way leads there.
std::string identity(const std::filesystem::path& path) {
  std::error_code failed;
  const std::filesystem::path whole = std::filesystem::weakly_canonical(path, failed);
  return failed ? path.string() : whole.string();
}

/// Reads one file after the other.
class SpecReader {
 public:
  Result<void> read(const std::string& yaml, const std::string& place) {
    if (!known_.empty())
      hasher_.update(kBetween);
    hasher_.update(yaml);
    const std::string name = identity(place);
    known_.insert(name);
    open_.insert(name);
    const auto document = SpecNode::parse(yaml, place);
    if (!document)
      return document.error();
    if (auto done = read_included(document.value(), place); !done)
      return done;
    hash_models(document.value());
    open_.erase(name);
    documents_.push_back(document.value());
    return {};
  }

  SpecFiles files() && { return {std::move(documents_), hasher_.hex()}; }

 private:
  Result<void> read_included(const SpecNode& document, const std::string& place) {
    if (!document.has("include"))
      return {};
    const auto items = document.at("include").value().items();
    if (!items)
      return items.error();
    for (const SpecNode& item : items.value()) {
      std::string file;
      if (auto done = item.read(file); !done)
        return done;
      const std::filesystem::path path =
          (std::filesystem::path(place).parent_path() / file).lexically_normal();
      if (open_.contains(identity(path)))
        return item.error("'" + file + "' includes this file, and so itself; remove one of both");
      if (known_.contains(identity(path)))
        continue;
      const auto text = read_spec_text(path.string());
      if (!text)
        return item.error(text.error().message);
      if (auto done = read(text.value(), path.string()); !done)
        return done;
    }
    return {};
  }

  /// Score models that the terms of a document name, wherever they stand. One that cannot be read
  /// is refused when its term is.
  void hash_models(const SpecNode& node) {
    if (node.is_list()) {
      const auto items = node.items();
      for (size_t i = 0; items && i < items.value().size(); ++i)
        hash_models(items.value()[i]);
    }
    if (!node.is_map())
      return;
    std::string kind, model;
    if (node.has("kind") && node.has("model") && node.at("kind").value().read(kind) &&
        (kind == "reward_model" || kind == "learned") && node.at("model").value().read(model))
      if (const auto hash = score_model_hash(node.resolved(model)))
        hasher_.update(hash.value());
    const auto entries = node.entries();
    for (size_t i = 0; entries && i < entries.value().size(); ++i)
      hash_models(entries.value()[i].second);
  }

  Hasher hasher_;
  std::set<std::string> known_, open_;  ///< all files; those that wait for what they include
  std::vector<SpecNode> documents_;
};

}  // namespace

Result<SpecFiles> read_spec_files(const std::string& yaml, const std::string& place) {
  SpecReader reader;
  if (auto done = reader.read(yaml, place); !done)
    return done.error();
  return std::move(reader).files();
}

Result<std::string> read_spec_text(const std::string& path) {
  auto text = read_file(path, kLargestSpec);
  if (!text && text.error().code == Errc::kBadData)  // a specification is configuration
    return Error{Errc::kInvalidConfig, text.error().message};
  return text;
}

}  // namespace nelumbo
