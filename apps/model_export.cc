// SPDX-License-Identifier: Apache-2.0
#include "apps/model_export.h"

#include <filesystem>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/draft.h"
#include "base/file.h"
#include "model/gguf_policy.h"
#include "model/strict_json.h"

namespace nelumbo {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

Error refused(const std::string& path, const std::string& why) {
  return {Errc::kInvalidConfig, path + ": " + why};
}

/// Says no where something stands that would be lost.
Result<void> require_free_place(const std::string& path) {
  std::error_code code;
  const fs::file_status status = fs::symlink_status(path, code);
  if (status.type() == fs::file_type::not_found)
    return {};
  const bool plain = fs::is_directory(status) || fs::is_regular_file(status);
  if (plain && fs::is_empty(path, code) && !code)
    return {};
  return refused(path, "is there already and not empty; remove it or name another place");
}

/// The path without slashes at its end, so that what is written beside it stands beside it.
std::string bare(std::string path) {
  while (path.size() > 1 && path.back() == '/')
    path.pop_back();
  return path;
}

Result<void> make_parent(const std::string& path) {
  const std::string parent = fs::path(path).parent_path().string();
  return parent.empty() ? Result<void>() : make_directories(parent);
}

/// config.json, saying how the tensors beside it are stored.
Result<std::string> with_type(const std::string& config, StoredType type,
                              const std::string& place) {
  Result<ordered_json> document = parse_ordered_json(config, place);
  if (!document)
    return document.error();
  ordered_json& fields = document.value();
  const char* name = type == StoredType::kF32 ? "float32" : "bfloat16";
  fields[fields.contains("dtype") ? "dtype" : "torch_dtype"] = name;
  return fields.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

Result<void> write_documents(const ModelSource& source, StoredType type,
                             const std::string& folder) {
  for (const auto& [name, text] : source.documents) {
    Result<std::string> written = name == "config.json"
                                      ? with_type(text, type, source.place + "/config.json")
                                      : Result<std::string>(text);
    if (!written)
      return written.error();
    if (auto done = write_file_atomic((fs::path(folder) / name).string(), written.value()); !done)
      return done;
  }
  return {};
}

}  // namespace

Result<void> export_gguf(const ModelSource& source, GgufType type, const std::string& path) {
  if (fs::path(path).extension() != ".gguf")
    return refused(path, "must end in .gguf, which is how such a file is known again");
  if (auto done = check_gguf_architecture(source.config, source.place); !done)
    return done;
  if (auto done = require_free_place(path); !done)
    return done;
  if (auto done = make_parent(path); !done)
    return done;
  const GgufDocuments documents{
      source.config,
      source.tokens,
      {source.documents.at("tokenizer.json"), source.documents.at("tokenizer_config.json")},
      source.ends};
  return write_gguf_policy(path, documents, type, source.weights);
}

Result<void> export_hf(const ModelSource& source, StoredType type, const std::string& path) {
  const std::string place = bare(path);
  if (auto done = require_free_place(place); !done)
    return done;
  if (auto done = make_parent(place); !done)
    return done;
  const Draft draft(place);
  if (auto done = make_directories(draft.name()); !done)
    return done;
  if (auto done = write_documents(source, type, draft.name()); !done)
    return done;
  if (auto done = write_safetensors(draft.name() + "/model.safetensors", source.tensors, type,
                                    source.weights);
      !done)
    return done.error();
  return draft.put();
}

Result<std::string> write_trained(const ModelSource& documents, const WeightSet& weights,
                                  StoredType type, const std::string& folder) {
  if (auto done = write_documents(documents, type, folder); !done)
    return done.error();
  return write_safetensors(folder + "/model.safetensors", weights, type);
}

}  // namespace nelumbo
