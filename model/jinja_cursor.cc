// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_cursor.h"

#include <algorithm>

#include "model/jinja_text.h"

namespace nelumbo {

using TokenKind = JinjaToken::Kind;

std::string jinja_described(const JinjaToken& token) {
  switch (token.kind) {
    case TokenKind::kEnd:
      return "the end of the template";
    case TokenKind::kVariableEnd:
    case TokenKind::kBlockEnd:
      return "the end of the tag";
    case TokenKind::kText:
      return "text";
    case TokenKind::kString:
      return "a string";
    default:
      return quoted(token.text);
  }
}

const JinjaToken& JinjaCursor::peek(size_t ahead) const {
  return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
}

const JinjaToken& JinjaCursor::next() {
  const JinjaToken& token = peek();
  at_ = std::min(at_ + 1, tokens_.size() - 1);
  return token;
}

bool JinjaCursor::skip_sign(std::string_view sign) {
  const bool found = peek().is_sign(sign);
  if (found)
    next();
  return found;
}

bool JinjaCursor::skip_name(std::string_view name) {
  const bool found = peek().is_name(name);
  if (found)
    next();
  return found;
}

void JinjaCursor::expect_sign(std::string_view sign) {
  if (!skip_sign(sign))
    fail(peek().place, "expected '" + std::string(sign) + "', got " + jinja_described(peek()));
}

void JinjaCursor::expect_name(std::string_view name) {
  if (!skip_name(name))
    fail(peek().place, "expected '" + std::string(name) + "', got " + jinja_described(peek()));
}

void JinjaCursor::expect_end(TokenKind kind) {
  if (peek().kind == kind)
    next();
  else
    fail(peek().place, "expected the end of the tag, got " + jinja_described(peek()));
}

std::string JinjaCursor::name() {
  if (peek().kind == TokenKind::kName)
    return next().text;
  fail(peek().place, "expected a name, got " + jinja_described(peek()));
  return "";
}

void JinjaCursor::fail(JinjaPlace place, const std::string& what) {
  if (!error_)
    error_ = Error{Errc::kBadData,
                   std::to_string(place.line) + ":" + std::to_string(place.column) + ": " + what};
  at_ = tokens_.size() - 1;
}

}  // namespace nelumbo
