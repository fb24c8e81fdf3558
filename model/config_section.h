// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace nelumbo {

/// One object of a model's config.json, or one group of a GGUF file's keys. Keeps the first
/// complaint about it or its sections, so that a reader can go on: what is wrong reads as some
/// sound value. The document must outlive it.
class ConfigSection {
 public:
  /// The whole document; `complaint` gets the first complaint.
  ConfigSection(const nlohmann::json& document, std::optional<std::string>& complaint);

  /// The value of a key, or null. JSON's null counts as missing, as it does in transformers.
  const nlohmann::json& at(const char* key) const;
  ConfigSection section(const char* key) const;

  /// From 1 to `most`.
  int64_t whole(const char* key, int64_t most, std::optional<int64_t> otherwise = {}) const;
  /// A list of whole numbers from `least` to `most`; empty where the key is missing.
  std::vector<int64_t> wholes(const char* key, int64_t least, int64_t most) const;
  double positive(const char* key, std::optional<double> otherwise = {}) const;
  bool flag(const char* key, bool otherwise) const;
  std::string word(const char* key, const std::string& otherwise) const;
  /// A token id below `tokens`; of a list, its first; nothing where the key is missing.
  std::optional<int32_t> token(const char* key, int64_t tokens) const;
  /// Complains unless the key is missing or one of `words`.
  void only(const char* key, std::initializer_list<const char*> words) const;
  /// Complains unless the key is missing or has this value.
  void only_value(const char* key, const nlohmann::json& value) const;
  void complain(const std::string& what) const;

 private:
  ConfigSection(const nlohmann::json& fields, std::string prefix,
                std::optional<std::string>& complaint);

  const nlohmann::json& fields_;
  std::string prefix_;  ///< "text_config." or nothing
  std::optional<std::string>& complaint_;
};

}  // namespace nelumbo
