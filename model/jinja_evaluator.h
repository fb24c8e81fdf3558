// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "model/jinja_ast.h"
#include "model/jinja_run.h"
#include "model/jinja_scope.h"
#include "model/jinja_value.h"

namespace nelumbo {

/// Computes expressions in a scope.
class JinjaEvaluator {
 public:
  explicit JinjaEvaluator(JinjaRun& run) : run_(run) {}

  JinjaValue value(const JinjaExpression& of, const JinjaScope& scope);
  /// A chain of filters over `input`, which the innermost of them has no expression for.
  JinjaValue filtered(const JinjaExpression& filters, const JinjaValue& input,
                      const JinjaScope& scope);
  JinjaValue call(const JinjaValue& callee, JinjaArguments& arguments);
  JinjaArguments arguments(const JinjaExpression& of, const JinjaScope& scope);

  /// One level of expressions, statements or macros inside of each other; fails beyond the limit.
  bool enter();
  void leave() { --levels_; }

 private:
  JinjaValue computed(const JinjaExpression& of, const JinjaScope& scope);
  JinjaValue combined(const JinjaExpression& of, const JinjaScope& scope);
  JinjaValue variable(const JinjaExpression& of, const JinjaScope& scope);
  JinjaValue dict(const JinjaExpression& of, const JinjaScope& scope);
  JinjaValue slice(const JinjaExpression& of, const JinjaScope& scope);
  JinjaValue compare(const JinjaExpression& of, const JinjaScope& scope);
  JinjaValue concat(const JinjaExpression& of, const JinjaScope& scope);
  JinjaValue conditional(const JinjaExpression& of, const JinjaScope& scope);
  JinjaValues values(const JinjaExpression& of, const JinjaScope& scope);

  JinjaRun& run_;
  int levels_ = 0;
};

}  // namespace nelumbo
