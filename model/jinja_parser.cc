// SPDX-License-Identifier: Apache-2.0
#include "model/jinja_parser.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <set>
#include <string>
#include <utility>

#include "model/jinja_cursor.h"
#include "model/jinja_expression_parser.h"
#include "model/jinja_text.h"

namespace nelumbo {
namespace {

constexpr int kDeepestBlock = 50;
constexpr size_t kLongestTemplate = size_t{128} << 10;

using Kind = JinjaStatement::Kind;
using TokenKind = JinjaToken::Kind;
using Words = std::initializer_list<const char*>;

class StatementParser {
 public:
  explicit StatementParser(JinjaCursor& cursor) : cursor_(cursor), expressions_(cursor) {}

  /// Statements up to a tag that begins with one of these words, which the cursor stands at then.
  JinjaBody statements(Words ends) {
    const JinjaLevel level(blocks_);
    JinjaBody body;
    if (blocks_ > kDeepestBlock)
      cursor_.fail(cursor_.peek().place,
                   "more than " + std::to_string(kDeepestBlock) + " levels of blocks");
    while (cursor_.peek().kind != TokenKind::kEnd) {
      const JinjaToken& token = cursor_.next();
      if (token.kind == TokenKind::kText) {
        body.push_back(made(Kind::kText, token.place));
        body.back().text = token.text;
      } else if (token.kind == TokenKind::kVariableBegin) {
        body.push_back(made(Kind::kPrint, token.place));
        body.back().value = expressions_.tuple();
        end_tag(TokenKind::kVariableEnd);
      } else if (is_next(ends)) {
        return body;
      } else {
        body.push_back(statement());
      }
    }
    if (ends.size() > 0)
      cursor_.fail(cursor_.peek().place,
                   std::string("the template ends where '") + *(ends.end() - 1) + "' is missing");
    return body;
  }

 private:
  static JinjaStatement made(Kind kind, JinjaPlace place) {
    JinjaStatement statement;
    statement.kind = kind;
    statement.place = place;
    return statement;
  }

  bool is_next(Words words) const {
    return std::any_of(words.begin(), words.end(),
                       [&](const char* word) { return cursor_.peek().is_name(word); });
  }

  void end_tag(TokenKind kind = TokenKind::kBlockEnd) {
    expressions_.settle(conditions_ > 0);
    cursor_.expect_end(kind);
  }

  /// The end of a tag, a body, and the word that ends it, whose tag is left open.
  JinjaBody body(Words ends) {
    cursor_.skip_sign(":");
    end_tag();
    return statements(ends);
  }

  /// A body that ends with this tag.
  JinjaBody body_to(const char* end) {
    JinjaBody inner = body({end});
    cursor_.expect_name(end);
    return inner;
  }

  JinjaStatement statement() {
    static constexpr std::array<std::pair<const char*, JinjaStatement (StatementParser::*)()>, 10>
        kTags = {{
            {"if", &StatementParser::parse_if},
            {"for", &StatementParser::parse_for},
            {"set", &StatementParser::parse_set},
            {"macro", &StatementParser::parse_macro},
            {"call", &StatementParser::parse_call},
            {"filter", &StatementParser::parse_filter},
            {"with", &StatementParser::parse_with},
            {"generation", &StatementParser::parse_generation},
            {"break", &StatementParser::parse_jump},
            {"continue", &StatementParser::parse_jump},
        }};
    for (const auto& [word, parse] : kTags) {
      if (!cursor_.peek().is_name(word))
        continue;
      JinjaStatement parsed = (this->*parse)();
      end_tag();
      return parsed;
    }
    const JinjaToken& token = cursor_.peek();
    const bool known = token.kind == TokenKind::kName;
    cursor_.fail(token.place, known ? "the tag '" + token.text +
                                          "' is not expected here or not "
                                          "supported"
                                    : "expected the name of a tag, got " + jinja_described(token));
    return made(Kind::kText, token.place);
  }

  JinjaStatement parse_if() {
    JinjaStatement parsed = made(Kind::kIf, cursor_.next().place);
    const JinjaLevel level(conditions_);
    parsed.conditions.push_back(expressions_.tuple(false));
    parsed.bodies.push_back(body({"elif", "else", "endif"}));
    while (cursor_.skip_name("elif")) {
      parsed.conditions.push_back(expressions_.tuple(false));
      parsed.bodies.push_back(body({"elif", "else", "endif"}));
    }
    if (cursor_.skip_name("else"))
      parsed.bodies.push_back(body({"endif"}));
    cursor_.expect_name("endif");
    return parsed;
  }

  JinjaStatement parse_for() {
    JinjaStatement parsed = made(Kind::kFor, cursor_.next().place);
    const JinjaPlace place = cursor_.peek().place;
    parsed.target = expressions_.target(false, "in");
    if (parsed.target->name == "loop")
      cursor_.fail(place, "can't assign to the variable 'loop' of the loop");
    cursor_.expect_name("in");
    parsed.value = expressions_.tuple(false, "recursive");
    if (cursor_.skip_name("if"))
      parsed.test = expressions_.expression();
    parsed.recursive = cursor_.skip_name("recursive");
    ++loops_;
    parsed.bodies.push_back(body({"else", "endfor"}));
    --loops_;
    if (cursor_.skip_name("else"))
      parsed.bodies.push_back(body({"endfor"}));
    cursor_.expect_name("endfor");
    return parsed;
  }

  JinjaStatement parse_set() {
    JinjaStatement parsed = made(Kind::kSet, cursor_.next().place);
    parsed.target = expressions_.target(true);
    if (cursor_.skip_sign("=")) {
      parsed.value = expressions_.tuple();
      return parsed;
    }
    parsed.kind = Kind::kSetBlock;
    parsed.value = expressions_.filters(false);
    parsed.bodies.push_back(body_to("endset"));
    return parsed;
  }

  void parse_parameters(JinjaStatement& of) {
    cursor_.expect_sign("(");
    while (!cursor_.failed() && !cursor_.peek().is_sign(")")) {
      const JinjaPlace place = cursor_.peek().place;
      JinjaParameter parameter{cursor_.name(), nullptr};
      if (cursor_.skip_sign("="))
        parameter.otherwise = expressions_.expression();
      else if (!of.parameters.empty() && of.parameters.back().otherwise != nullptr)
        cursor_.fail(place, "non-default argument follows default argument");
      of.parameters.push_back(std::move(parameter));
      if (!cursor_.peek().is_sign(")"))
        cursor_.expect_sign(",");
    }
    cursor_.expect_sign(")");
  }

  /// A body that is a function of its own: a loop around it cannot be left from inside.
  JinjaBody function_body(const char* end) {
    const int loops = std::exchange(loops_, 0);
    JinjaBody inner = body_to(end);
    loops_ = loops;
    return inner;
  }

  JinjaStatement parse_macro() {
    JinjaStatement parsed = made(Kind::kMacro, cursor_.next().place);
    parsed.text = cursor_.name();
    parse_parameters(parsed);
    std::set<std::string> outside = expressions_.take_names();
    parsed.bodies.push_back(function_body("endmacro"));
    const std::set<std::string> inside = expressions_.take_names();
    parsed.takes_caller = inside.contains("caller");
    if (inside.contains("varargs") || inside.contains("kwargs"))
      cursor_.fail(parsed.place, "varargs and kwargs of macros are not supported");
    expressions_.put_names(std::move(outside));
    return parsed;
  }

  JinjaStatement parse_call() {
    JinjaStatement parsed = made(Kind::kCallBlock, cursor_.next().place);
    if (cursor_.peek().is_sign("("))
      parse_parameters(parsed);
    parsed.value = expressions_.expression();
    if (parsed.value->kind != JinjaExpression::Kind::kCall)
      cursor_.fail(parsed.place, "expected call");
    parsed.bodies.push_back(function_body("endcall"));
    return parsed;
  }

  JinjaStatement parse_filter() {
    JinjaStatement parsed = made(Kind::kFilterBlock, cursor_.next().place);
    parsed.value = expressions_.filters(true);
    parsed.bodies.push_back(body_to("endfilter"));
    return parsed;
  }

  JinjaStatement parse_with() {
    JinjaStatement parsed = made(Kind::kWith, cursor_.next().place);
    while (!cursor_.failed() && cursor_.peek().kind != TokenKind::kBlockEnd) {
      if (!parsed.parameters.empty())
        cursor_.expect_sign(",");
      JinjaParameter variable{cursor_.name(), nullptr};
      cursor_.expect_sign("=");
      variable.otherwise = expressions_.expression();
      parsed.parameters.push_back(std::move(variable));
    }
    parsed.bodies.push_back(body_to("endwith"));
    return parsed;
  }

  JinjaStatement parse_generation() {
    JinjaStatement parsed = made(Kind::kGeneration, cursor_.next().place);
    parsed.bodies.push_back(function_body("endgeneration"));
    return parsed;
  }

  JinjaStatement parse_jump() {
    const JinjaToken& word = cursor_.next();
    if (loops_ == 0)
      cursor_.fail(word.place, "'" + word.text + "' outside loop");
    return made(word.text == "break" ? Kind::kBreak : Kind::kContinue, word.place);
  }

  JinjaCursor& cursor_;
  JinjaExpressionParser expressions_;
  int blocks_ = 0;
  int loops_ = 0;
  int conditions_ = 0;
};

}  // namespace

Result<JinjaBody> parse_jinja(std::string_view source) {
  if (source.size() > kLongestTemplate)
    return Error{Errc::kBadData,
                 "1:1: a template has more than " + std::to_string(kLongestTemplate) + " bytes"};
  Result<std::vector<JinjaToken>> tokens = jinja_tokens(source);
  if (!tokens)
    return tokens.error();
  JinjaCursor cursor(std::move(tokens).value());
  JinjaBody body = StatementParser(cursor).statements({});
  if (cursor.failed())
    return *cursor.error();
  return body;
}

}  // namespace nelumbo
