// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "model/jinja_lexer.h"
#include "model/jinja_run.h"

namespace nelumbo {

/// Goes through the tokens of a template. A fault is sticky: behind it the cursor stands at the end
/// of the template, and what is read from there means nothing.
class JinjaCursor {
 public:
  /// REQUIRES: the last token is kEnd.
  explicit JinjaCursor(std::vector<JinjaToken> tokens) : tokens_(std::move(tokens)) {}

  const JinjaToken& peek(size_t ahead = 0) const;
  const JinjaToken& next();
  bool skip_sign(std::string_view sign);
  bool skip_name(std::string_view name);
  void expect_sign(std::string_view sign);
  void expect_name(std::string_view name);
  void expect_end(JinjaToken::Kind kind);
  /// The name that must stand here.
  std::string name();

  void fail(JinjaPlace place, const std::string& what);
  bool failed() const { return error_.has_value(); }
  const std::optional<Error>& error() const { return error_; }

 private:
  std::vector<JinjaToken> tokens_;
  size_t at_ = 0;
  std::optional<Error> error_;
};

/// How a message calls a token.
std::string jinja_described(const JinjaToken& token);

/// Counts one level of rules that are parsed inside of each other, as long as it lives.
class JinjaLevel {
 public:
  explicit JinjaLevel(int& open) : open_(open) { ++open_; }
  JinjaLevel(const JinjaLevel&) = delete;
  JinjaLevel& operator=(const JinjaLevel&) = delete;
  ~JinjaLevel() { --open_; }

 private:
  int& open_;
};

}  // namespace nelumbo
