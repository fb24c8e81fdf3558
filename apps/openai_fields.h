// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.h"

namespace nelumbo {

/// What an answer of the OpenAI routes says when it is none.
struct ApiError {
  int status = 400;
  std::string message;
  std::string param = "";  ///< the field at fault; "": none
  std::string code = "";
};

/// {"error": {"message", "type", "param", "code"}}.
std::string error_body(const ApiError& error);

/// The same for an error of ours: 400 for what a request asks, 503 where the server cannot.
ApiError api_error(const Error& error, const std::string& param = "");

/// Reads the members of a request. A member that is null is absent. The first that cannot be read
/// is remembered; until it is asked for, reading goes on with defaults.
class ApiFields {
 public:
  using Json = nlohmann::ordered_json;

  /// `body` must outlive it. `path` stands before the names in messages: "stream_options.".
  explicit ApiFields(const Json& body, std::string path = "");

  /// The member, or null.
  const Json* find(const std::string& name);
  double number(const std::string& name, double otherwise, double least, double most);
  std::optional<int64_t> integer(const std::string& name, int64_t least, int64_t most);
  bool flag(const std::string& name, bool otherwise);
  std::string text(const std::string& name, const std::string& otherwise);
  /// A text or a list of texts.
  std::vector<std::string> texts(const std::string& name, size_t most);

  /// Members that say nothing about an answer.
  void ignore(const std::vector<std::string>& names);
  /// A member that this server cannot follow: only its default is taken.
  void require(const std::string& name, const Json& only);
  /// Any member that nobody asked for is an error.
  void refuse_others();

  /// Remembers an error, unless there is one.
  void fail(const std::string& name, const std::string& what);
  void fail(ApiError error);
  const std::optional<ApiError>& error() const { return error_; }

 private:
  const Json& body_;
  std::string path_;
  std::vector<std::string> known_;
  std::optional<ApiError> error_;
};

}  // namespace nelumbo
