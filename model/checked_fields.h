// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace nelumbo {

/// Named values, of which each is asked for once by what it must be. Keeps the first complaint, so
/// that a reader can go on; what is asked for in vain is 1, false or nothing.
class CheckedFields {
 public:
  /// The names that are asked for and complained about begin with `prefix`. REQUIRES: an object.
  CheckedFields(nlohmann::json values, std::string prefix);

  /// `name: what is wrong`, of the first that was wrong.
  const std::optional<std::string>& complaint() const { return complaint_; }

  /// Null when it is not there.
  nlohmann::json at(const std::string& key) const;
  bool has(const std::string& key) const { return !at(key).is_null(); }

  /// From 1 to `most`.
  int64_t whole(const std::string& key, int64_t most, std::optional<int64_t> otherwise = {});
  double positive(const std::string& key, double otherwise);
  bool flag(const std::string& key);
  /// A token id below `vocab_size`; of a list, its first.
  std::optional<int64_t> id(const std::string& key, int64_t vocab_size);
  std::string one_of(const std::string& key, std::initializer_list<const char*> words);
  /// Complains unless the field is missing or one of these, of which the first is named.
  void only(const std::string& key, std::initializer_list<nlohmann::json> values);

  /// `key: must WHAT, not VALUE`.
  void must(const std::string& key, const std::string& what);
  void complain(const std::string& key, const std::string& what);

 private:
  nlohmann::json values_;
  std::string prefix_;
  std::optional<std::string> complaint_;
};

}  // namespace nelumbo
