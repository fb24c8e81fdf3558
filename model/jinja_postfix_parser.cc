// SPDX-License-Identifier: Apache-2.0
//
// What an expression may have behind it (attributes, subscripts, calls, filters, tests), and what
// may be assigned to.
#include <utility>

#include "model/jinja_expression_parser.h"
#include "model/jinja_filters.h"
#include "model/jinja_tests.h"

namespace nelumbo {
namespace {

constexpr size_t kMostArguments = 100;

using TokenKind = JinjaToken::Kind;

}  // namespace

JinjaExpressionPtr JinjaExpressionParser::one_target(bool attributes) {
  const JinjaLevel level(open_);
  const JinjaToken& token = cursor_.peek();
  if (open_ < kDeepest && cursor_.skip_sign("(")) {
    JinjaExpressionPtr inner = target(attributes);
    cursor_.expect_sign(")");
    return inner;
  }
  const std::string text = cursor_.name();
  for (const char* word : {"true", "True", "false", "False", "none", "None"})
    if (text == word)
      cursor_.fail(token.place, "can't assign to '" + text + "'");
  JinjaExpressionPtr made = make(Kind::kName, token.place, {});
  made->name = text;
  if (!attributes || !cursor_.skip_sign("."))
    return made;
  names_.insert(text);
  JinjaExpressionPtr attribute = make(Kind::kAttribute, token.place, jinja_parts(std::move(made)));
  attribute->name = cursor_.name();
  return attribute;
}

JinjaExpressionPtr JinjaExpressionParser::target(bool attributes, std::string_view end) {
  const JinjaPlace place = cursor_.peek().place;
  JinjaExpressionPtr first = one_target(attributes);
  if (!cursor_.peek().is_sign(","))
    return first;
  std::vector<JinjaExpressionPtr> items = jinja_parts(std::move(first));
  while (cursor_.skip_sign(",") && !ends_tuple(end) && !cursor_.peek().is_sign("="))
    items.push_back(one_target(attributes));
  return make(Kind::kTuple, place, std::move(items));
}

JinjaExpressionPtr JinjaExpressionParser::postfix(JinjaExpressionPtr of) {
  while (!cursor_.failed()) {
    if (cursor_.peek().is_sign("."))
      of = attribute(std::move(of));
    else if (cursor_.peek().is_sign("["))
      of = element(std::move(of));
    else if (cursor_.peek().is_sign("("))
      of = call(std::move(of));
    else
      break;
  }
  return of;
}

JinjaExpressionPtr JinjaExpressionParser::attribute(JinjaExpressionPtr of) {
  const JinjaPlace place = cursor_.next().place;
  if (cursor_.peek().kind == TokenKind::kInteger) {
    const JinjaToken& number = cursor_.next();
    JinjaExpressionPtr key = constant(number.place, JinjaValue::integer(number.integer));
    return make(Kind::kItem, place, jinja_parts(std::move(of), std::move(key)));
  }
  JinjaExpressionPtr made = make(Kind::kAttribute, place, jinja_parts(std::move(of)));
  made->name = cursor_.name();
  return made;
}

JinjaExpressionPtr JinjaExpressionParser::element(JinjaExpressionPtr of) {
  const JinjaPlace place = cursor_.next().place;
  const auto bound = [&]() -> JinjaExpressionPtr {
    return cursor_.peek().is_sign(":") || cursor_.peek().is_sign("]") ? nullptr : expression();
  };
  JinjaExpressionPtr first = bound();
  if (!cursor_.peek().is_sign(":")) {
    if (first == nullptr || cursor_.peek().is_sign(","))
      cursor_.fail(cursor_.peek().place, "a subscript must be one expression or a slice");
    cursor_.expect_sign("]");
    return make(Kind::kItem, place, jinja_parts(std::move(of), std::move(first)));
  }
  cursor_.next();
  JinjaExpressionPtr stop = bound();
  JinjaExpressionPtr step = cursor_.skip_sign(":") ? bound() : nullptr;
  cursor_.expect_sign("]");
  return make(Kind::kSlice, place,
              jinja_parts(std::move(of), std::move(first), std::move(stop), std::move(step)));
}

void JinjaExpressionParser::arguments(JinjaExpression& of) {
  const JinjaPlace place = cursor_.peek().place;
  cursor_.expect_sign("(");
  while (!cursor_.failed() && !cursor_.peek().is_sign(")")) {
    if (cursor_.peek().is_sign("*") || cursor_.peek().is_sign("**"))
      cursor_.fail(cursor_.peek().place, "unpacking of arguments is not supported");
    if (of.parts.size() + of.named.size() > kMostArguments)
      cursor_.fail(place, "a call has more than " + std::to_string(kMostArguments) + " arguments");
    if (cursor_.peek().kind == TokenKind::kName && cursor_.peek(1).is_sign("=")) {
      const std::string keyword = cursor_.name();
      cursor_.next();
      of.named.emplace_back(keyword, expression());
    } else if (of.named.empty()) {
      of.parts.push_back(expression());
    } else {
      cursor_.fail(cursor_.peek().place, "a positional argument stands behind one with a name");
    }
    if (!cursor_.peek().is_sign(")"))
      cursor_.expect_sign(",");
  }
  cursor_.expect_sign(")");
}

JinjaExpressionPtr JinjaExpressionParser::call(JinjaExpressionPtr of) {
  JinjaExpressionPtr made = make(Kind::kCall, cursor_.peek().place, jinja_parts(std::move(of)));
  arguments(*made);
  return closed(std::move(made));
}

JinjaExpressionPtr JinjaExpressionParser::filtered(JinjaExpressionPtr of) {
  while (!cursor_.failed()) {
    if (cursor_.skip_sign("|"))
      of = filter(std::move(of));
    else if (cursor_.skip_name("is"))
      of = test(std::move(of));
    else if (cursor_.peek().is_sign("("))
      of = call(std::move(of));
    else
      break;
  }
  return of;
}

JinjaExpressionPtr JinjaExpressionParser::filters(bool named) {
  JinjaExpressionPtr of = named ? filter(nullptr) : nullptr;
  while (!cursor_.failed() && cursor_.skip_sign("|"))
    of = filter(std::move(of));
  return of;
}

std::string JinjaExpressionParser::dotted_name() {
  std::string text = cursor_.name();
  while (cursor_.skip_sign("."))
    text += "." + cursor_.name();
  return text;
}

JinjaExpressionPtr JinjaExpressionParser::filter(JinjaExpressionPtr of) {
  JinjaExpressionPtr made = make(Kind::kFilter, cursor_.peek().place, jinja_parts(std::move(of)));
  made->name = dotted_name();
  must_be_known(jinja_has_filter(made->name), "filter", *made);
  if (cursor_.peek().is_sign("("))
    arguments(*made);
  return closed(std::move(made));
}

JinjaExpressionPtr JinjaExpressionParser::test(JinjaExpressionPtr of) {
  const bool negated = cursor_.skip_name("not");
  JinjaExpressionPtr made = make(Kind::kTest, cursor_.peek().place, jinja_parts(std::move(of)));
  made->name = dotted_name();
  must_be_known(jinja_has_test(made->name), "test", *made);
  const JinjaToken& token = cursor_.peek();
  const bool opens = token.is_sign("[") || token.is_sign("{");
  const bool literal = token.kind == TokenKind::kString || token.kind == TokenKind::kInteger ||
                       token.kind == TokenKind::kReal;
  const bool word = token.kind == TokenKind::kName && !token.is_name("else") &&
                    !token.is_name("or") && !token.is_name("and");
  if (token.is_sign("(")) {
    arguments(*made);
  } else if (token.is_name("is")) {
    cursor_.fail(token.place, "tests cannot be chained with 'is'");
  } else if (opens || literal || word) {
    made->parts.push_back(primary_with_postfix());
  }
  made = closed(std::move(made));
  const JinjaPlace place = made->place;
  return negated ? make(Kind::kNot, place, jinja_parts(std::move(made))) : std::move(made);
}

}  // namespace nelumbo
