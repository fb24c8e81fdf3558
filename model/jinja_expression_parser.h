// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "model/jinja_ast.h"
#include "model/jinja_cursor.h"

namespace nelumbo {

/// Parses expressions where the cursor stands. After a fault of the cursor the answers are whole
/// but mean nothing.
class JinjaExpressionParser {
 public:
  explicit JinjaExpressionParser(JinjaCursor& cursor) : cursor_(cursor) {}

  /// All operators; with `conditional` also `a if b else c`.
  JinjaExpressionPtr expression(bool conditional = true);
  /// The same, or a tuple without parentheses. It ends at a closing sign or tag, or in front of
  /// the name `end`.
  JinjaExpressionPtr tuple(bool conditional = true, std::string_view end = "");
  /// What a loop or `set` assigns to. Attributes are targets of `set` alone.
  JinjaExpressionPtr target(bool attributes, std::string_view end = "");
  /// `| name(...) | ...` of nothing; null where no filter stands. `named`: the first one has no
  /// bar.
  JinjaExpressionPtr filters(bool named);
  /// A name, a literal or what stands in brackets, with what is behind it: `.a[b](c)`.
  JinjaExpressionPtr primary_with_postfix();

  /// Names that were read since the last call.
  std::set<std::string> take_names() { return std::exchange(names_, {}); }
  /// Refuses an unknown filter or test among what was parsed since the last call, unless that may
  /// never be asked: as in Jinja, one inside of a condition fails only when it is used.
  void settle(bool conditional);
  /// Puts names that were taken before in the place of those read since.
  void put_names(std::set<std::string> names) { names_ = std::move(names); }

 private:
  using Kind = JinjaExpression::Kind;
  static constexpr int kDeepest = 200;

  JinjaExpressionPtr make(Kind kind, JinjaPlace place, std::vector<JinjaExpressionPtr> parts);
  /// Measures an expression whose parts are complete, and refuses one that is too deep.
  JinjaExpressionPtr closed(JinjaExpressionPtr made);
  JinjaExpressionPtr constant(JinjaPlace place, JinjaValue value);

  JinjaExpressionPtr conditional();
  JinjaExpressionPtr any_of();
  JinjaExpressionPtr all_of();
  JinjaExpressionPtr negation();
  JinjaExpressionPtr comparison();
  JinjaExpressionPtr sum();
  JinjaExpressionPtr concatenation();
  JinjaExpressionPtr product();
  JinjaExpressionPtr power();
  JinjaExpressionPtr signed_operand(bool with_filters);
  JinjaExpressionPtr primary();
  JinjaExpressionPtr string();
  JinjaExpressionPtr list();
  JinjaExpressionPtr dict();
  JinjaExpressionPtr parenthesised();
  JinjaExpressionPtr postfix(JinjaExpressionPtr of);
  JinjaExpressionPtr attribute(JinjaExpressionPtr of);
  JinjaExpressionPtr element(JinjaExpressionPtr of);
  JinjaExpressionPtr call(JinjaExpressionPtr of);
  JinjaExpressionPtr filtered(JinjaExpressionPtr of);
  JinjaExpressionPtr filter(JinjaExpressionPtr of);
  JinjaExpressionPtr test(JinjaExpressionPtr of);
  JinjaExpressionPtr one_target(bool attributes);
  void arguments(JinjaExpression& of);
  bool ends_tuple(std::string_view end) const;
  std::optional<JinjaOperator> comparison_sign();
  std::string dotted_name();

  void must_be_known(bool known, const char* what, const JinjaExpression& made);
  void refuse_depth(JinjaPlace place);

  JinjaCursor& cursor_;
  int open_ = 0;  ///< rules that are being parsed inside of each other
  std::set<std::string> names_;
  std::optional<std::pair<JinjaPlace, std::string>> unknown_;  ///< the first such filter or test
};

}  // namespace nelumbo
