// SPDX-License-Identifier: Apache-2.0
//
// Jinja's expressions, loosest first; all binary operators lean to the left, ** too:
//     a if b else c | or | and | not | == != < <= > >= in, not in | + - | ~ | * / // % | ** |
//     unary - + | .name [item] (call) | filter, is test
#include "model/jinja_expression_parser.h"

#include <algorithm>
#include <array>
#include <utility>

namespace nelumbo {
using TokenKind = JinjaToken::Kind;

void JinjaExpressionParser::refuse_depth(JinjaPlace place) {
  cursor_.fail(place,
               "an expression has more than " + std::to_string(kDeepest) + " levels of nesting");
}

void JinjaExpressionParser::must_be_known(bool known, const char* what,
                                          const JinjaExpression& made) {
  if (!known && !unknown_)
    unknown_ = {made.place, std::string("the ") + what + " '" + made.name + "' is not supported"};
}

void JinjaExpressionParser::settle(bool conditional) {
  if (unknown_ && !conditional)
    cursor_.fail(unknown_->first, unknown_->second);
  unknown_.reset();
}

JinjaExpressionPtr JinjaExpressionParser::closed(JinjaExpressionPtr made) {
  int deepest = 0;
  for (const JinjaExpressionPtr& part : made->parts)
    deepest = std::max(deepest, part != nullptr ? part->depth : 0);
  for (const auto& [name, part] : made->named)
    deepest = std::max(deepest, part->depth);
  made->depth = deepest + 1;
  if (made->depth > kDeepest)
    refuse_depth(made->place);
  return made;
}

JinjaExpressionPtr JinjaExpressionParser::make(Kind kind, JinjaPlace place,
                                               std::vector<JinjaExpressionPtr> parts) {
  auto made = std::make_unique<JinjaExpression>();
  made->kind = kind;
  made->place = place;
  made->parts = std::move(parts);
  return closed(std::move(made));
}

JinjaExpressionPtr JinjaExpressionParser::constant(JinjaPlace place, JinjaValue value) {
  JinjaExpressionPtr made = make(Kind::kConstant, place, {});
  made->constant = std::move(value);
  return made;
}

JinjaExpressionPtr JinjaExpressionParser::expression(bool with_conditional) {
  return with_conditional ? conditional() : any_of();
}

JinjaExpressionPtr JinjaExpressionParser::conditional() {
  const JinjaLevel level(open_);
  if (open_ > kDeepest) {
    refuse_depth(cursor_.peek().place);
    return constant(cursor_.peek().place, {});
  }
  const JinjaPlace place = cursor_.peek().place;
  const auto unknown = unknown_;
  JinjaExpressionPtr value = any_of();
  while (cursor_.skip_name("if")) {
    JinjaExpressionPtr condition = any_of();
    JinjaExpressionPtr otherwise = cursor_.skip_name("else") ? conditional() : nullptr;
    value = make(Kind::kConditional, place,
                 jinja_parts(std::move(value), std::move(condition), std::move(otherwise)));
    unknown_ = unknown;
  }
  return value;
}

JinjaExpressionPtr JinjaExpressionParser::any_of() {
  const JinjaPlace place = cursor_.peek().place;
  JinjaExpressionPtr left = all_of();
  while (cursor_.skip_name("or")) {
    JinjaExpressionPtr right = all_of();
    left = make(Kind::kOr, place, jinja_parts(std::move(left), std::move(right)));
  }
  return left;
}

JinjaExpressionPtr JinjaExpressionParser::all_of() {
  const JinjaPlace place = cursor_.peek().place;
  JinjaExpressionPtr left = negation();
  while (cursor_.skip_name("and")) {
    JinjaExpressionPtr right = negation();
    left = make(Kind::kAnd, place, jinja_parts(std::move(left), std::move(right)));
  }
  return left;
}

JinjaExpressionPtr JinjaExpressionParser::negation() {
  const JinjaPlace place = cursor_.peek().place;
  int count = 0;
  while (cursor_.skip_name("not") && count <= kDeepest)
    ++count;
  JinjaExpressionPtr value = comparison();
  for (; count > 0; --count)
    value = make(Kind::kNot, place, jinja_parts(std::move(value)));
  return value;
}

std::optional<JinjaOperator> JinjaExpressionParser::comparison_sign() {
  static constexpr std::array<std::pair<const char*, JinjaOperator>, 6> kSigns = {{
      {"==", JinjaOperator::kEqual},
      {"!=", JinjaOperator::kNotEqual},
      {"<", JinjaOperator::kLess},
      {"<=", JinjaOperator::kLessEqual},
      {">", JinjaOperator::kGreater},
      {">=", JinjaOperator::kGreaterEqual},
  }};
  for (const auto& [sign, op] : kSigns)
    if (cursor_.skip_sign(sign))
      return op;
  if (cursor_.skip_name("in"))
    return JinjaOperator::kIn;
  if (!cursor_.peek().is_name("not") || !cursor_.peek(1).is_name("in"))
    return std::nullopt;
  cursor_.next();
  cursor_.next();
  return JinjaOperator::kNotIn;
}

JinjaExpressionPtr JinjaExpressionParser::comparison() {
  const JinjaPlace place = cursor_.peek().place;
  std::vector<JinjaExpressionPtr> parts = jinja_parts(sum());
  std::vector<JinjaOperator> operators;
  while (const std::optional<JinjaOperator> op = comparison_sign()) {
    operators.push_back(*op);
    parts.push_back(sum());
  }
  if (operators.empty())
    return std::move(parts.front());
  JinjaExpressionPtr made = make(Kind::kCompare, place, std::move(parts));
  made->operators = std::move(operators);
  return made;
}

JinjaExpressionPtr JinjaExpressionParser::sum() {
  JinjaExpressionPtr left = concatenation();
  while (cursor_.peek().is_sign("+") || cursor_.peek().is_sign("-")) {
    const JinjaToken& sign = cursor_.next();
    JinjaExpressionPtr right = concatenation();
    left = make(Kind::kArithmetic, sign.place, jinja_parts(std::move(left), std::move(right)));
    left->operators = {sign.text == "+" ? JinjaOperator::kAdd : JinjaOperator::kSubtract};
  }
  return left;
}

JinjaExpressionPtr JinjaExpressionParser::concatenation() {
  const JinjaPlace place = cursor_.peek().place;
  std::vector<JinjaExpressionPtr> parts = jinja_parts(product());
  while (cursor_.skip_sign("~"))
    parts.push_back(product());
  return parts.size() == 1 ? std::move(parts.front())
                           : make(Kind::kConcat, place, std::move(parts));
}

JinjaExpressionPtr JinjaExpressionParser::product() {
  static constexpr std::array<std::pair<const char*, JinjaOperator>, 4> kSigns = {{
      {"*", JinjaOperator::kMultiply},
      {"/", JinjaOperator::kDivide},
      {"//", JinjaOperator::kFloorDivide},
      {"%", JinjaOperator::kModulo},
  }};
  JinjaExpressionPtr left = power();
  for (;;) {
    const auto* sign = std::find_if(kSigns.begin(), kSigns.end(), [&](const auto& each) {
      return cursor_.peek().is_sign(each.first);
    });
    if (sign == kSigns.end())
      return left;
    const JinjaPlace place = cursor_.next().place;
    JinjaExpressionPtr right = power();
    left = make(Kind::kArithmetic, place, jinja_parts(std::move(left), std::move(right)));
    left->operators = {sign->second};
  }
}

JinjaExpressionPtr JinjaExpressionParser::power() {
  JinjaExpressionPtr left = signed_operand(true);
  while (cursor_.peek().is_sign("**")) {
    const JinjaPlace place = cursor_.next().place;
    JinjaExpressionPtr right = signed_operand(true);
    left = make(Kind::kArithmetic, place, jinja_parts(std::move(left), std::move(right)));
    left->operators = {JinjaOperator::kPower};
  }
  return left;
}

JinjaExpressionPtr JinjaExpressionParser::signed_operand(bool with_filters) {
  const JinjaLevel level(open_);
  if (open_ > kDeepest) {
    refuse_depth(cursor_.peek().place);
    return constant(cursor_.peek().place, {});
  }
  const JinjaPlace place = cursor_.peek().place;
  JinjaExpressionPtr value;
  if (cursor_.skip_sign("-"))
    value = make(Kind::kNegate, place, jinja_parts(signed_operand(false)));
  else if (cursor_.skip_sign("+"))
    value = make(Kind::kPlus, place, jinja_parts(signed_operand(false)));
  else
    value = primary();
  value = postfix(std::move(value));
  return with_filters ? filtered(std::move(value)) : std::move(value);
}

JinjaExpressionPtr JinjaExpressionParser::primary_with_postfix() {
  return postfix(primary());
}

JinjaExpressionPtr JinjaExpressionParser::primary() {
  const JinjaToken& token = cursor_.peek();
  switch (token.kind) {
    case TokenKind::kString:
      return string();
    case TokenKind::kInteger:
      cursor_.next();
      return constant(token.place, JinjaValue::integer(token.integer));
    case TokenKind::kReal:
      cursor_.next();
      return constant(token.place, JinjaValue::real(token.real));
    case TokenKind::kName:
      break;
    default:
      if (token.is_sign("("))
        return parenthesised();
      if (token.is_sign("["))
        return list();
      if (token.is_sign("{"))
        return dict();
      cursor_.fail(token.place, "expected an expression, got " + jinja_described(token));
      return constant(token.place, {});
  }
  cursor_.next();
  if (token.text == "true" || token.text == "True" || token.text == "false" ||
      token.text == "False")
    return constant(token.place, JinjaValue::boolean(token.text[0] == 't' || token.text[0] == 'T'));
  if (token.text == "none" || token.text == "None")
    return constant(token.place, JinjaValue::none());
  JinjaExpressionPtr made = make(Kind::kName, token.place, {});
  made->name = token.text;
  names_.insert(token.text);
  return made;
}

JinjaExpressionPtr JinjaExpressionParser::string() {
  const JinjaPlace place = cursor_.peek().place;
  std::string text;
  while (cursor_.peek().kind == TokenKind::kString)  // literals behind each other are one
    text += cursor_.next().text;
  return constant(place, JinjaValue::literal(std::move(text)));
}

JinjaExpressionPtr JinjaExpressionParser::list() {
  const JinjaPlace place = cursor_.next().place;
  std::vector<JinjaExpressionPtr> items;
  while (!cursor_.failed() && !cursor_.peek().is_sign("]")) {
    items.push_back(expression());
    if (!cursor_.peek().is_sign("]"))
      cursor_.expect_sign(",");
  }
  cursor_.expect_sign("]");
  return make(Kind::kList, place, std::move(items));
}

JinjaExpressionPtr JinjaExpressionParser::dict() {
  const JinjaPlace place = cursor_.next().place;
  std::vector<JinjaExpressionPtr> entries;
  while (!cursor_.failed() && !cursor_.peek().is_sign("}")) {
    entries.push_back(expression());
    cursor_.expect_sign(":");
    entries.push_back(expression());
    if (!cursor_.peek().is_sign("}"))
      cursor_.expect_sign(",");
  }
  cursor_.expect_sign("}");
  return make(Kind::kDict, place, std::move(entries));
}

JinjaExpressionPtr JinjaExpressionParser::parenthesised() {
  const JinjaPlace place = cursor_.next().place;
  if (cursor_.skip_sign(")"))
    return make(Kind::kTuple, place, {});
  JinjaExpressionPtr value = tuple();
  cursor_.expect_sign(")");
  return value;
}

bool JinjaExpressionParser::ends_tuple(std::string_view end) const {
  const JinjaToken& token = cursor_.peek();
  return token.kind == TokenKind::kVariableEnd || token.kind == TokenKind::kBlockEnd ||
         token.kind == TokenKind::kEnd || token.is_sign(")") ||
         (!end.empty() && token.is_name(end));
}

JinjaExpressionPtr JinjaExpressionParser::tuple(bool with_conditional, std::string_view end) {
  const JinjaPlace place = cursor_.peek().place;
  JinjaExpressionPtr first = expression(with_conditional);
  if (!cursor_.peek().is_sign(","))
    return first;
  std::vector<JinjaExpressionPtr> items = jinja_parts(std::move(first));
  while (cursor_.skip_sign(",") && !ends_tuple(end))
    items.push_back(expression(with_conditional));
  return make(Kind::kTuple, place, std::move(items));
}

}  // namespace nelumbo
