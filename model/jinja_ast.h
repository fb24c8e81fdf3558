// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "model/jinja_operators.h"
#include "model/jinja_run.h"
#include "model/jinja_value.h"

namespace nelumbo {

struct JinjaExpression;
using JinjaExpressionPtr = std::unique_ptr<JinjaExpression>;

/// An expression; what `parts` are is said at each kind. A null part was left out.
struct JinjaExpression {
  enum class Kind {
    kConstant,
    kName,         ///< `name`
    kList,         ///< elements
    kTuple,        ///< elements
    kDict,         ///< key, value, key, value, ...
    kAttribute,    ///< of parts[0], called `name`
    kItem,         ///< of parts[0], under parts[1]
    kSlice,        ///< of parts[0]: start, stop, step
    kCall,         ///< of parts[0]: arguments; `named` ones
    kFilter,       ///< `name` of parts[0] (null in a filter block): arguments; `named` ones
    kTest,         ///< `name` of parts[0]: arguments; `named` ones
    kNot,          ///< parts[0]
    kNegate,       ///< parts[0]
    kPlus,         ///< parts[0]
    kArithmetic,   ///< parts[0] operators[0] parts[1]
    kCompare,      ///< parts[0] operators[0] parts[1] operators[1] parts[2] ...
    kAnd,          ///< parts[0], parts[1]
    kOr,           ///< parts[0], parts[1]
    kConcat,       ///< parts
    kConditional,  ///< parts[0] if parts[1] else parts[2]
  };
  Kind kind = Kind::kConstant;
  JinjaPlace place;
  std::string name;
  JinjaValue constant;
  std::vector<JinjaExpressionPtr> parts;
  std::vector<std::pair<std::string, JinjaExpressionPtr>> named;
  std::vector<JinjaOperator> operators;
  int depth = 1;  ///< levels of expressions, itself included
};

/// The parts of an expression, which cannot be copied into a list of initial values.
template <class... Parts>
std::vector<JinjaExpressionPtr> jinja_parts(Parts... parts) {
  std::vector<JinjaExpressionPtr> all;
  (all.push_back(std::move(parts)), ...);
  return all;
}

struct JinjaStatement;
using JinjaBody = std::vector<JinjaStatement>;

/// A parameter of a macro; `otherwise` is null where it has no default.
struct JinjaParameter {
  std::string name;
  JinjaExpressionPtr otherwise;
};

/// What stands between tags, or a tag with all up to its end.
struct JinjaStatement {
  enum class Kind {
    kText,         ///< `text`
    kPrint,        ///< value
    kIf,           ///< conditions[i] leads to bodies[i]; one more body is the else
    kFor,          ///< target in value if test (or null): bodies[0]; bodies[1] is the else
    kSet,          ///< target = value
    kSetBlock,     ///< target = bodies[0] through the filters `value` (or null)
    kMacro,        ///< `text`(parameters): bodies[0]
    kCallBlock,    ///< calls `value` with caller(parameters): bodies[0]
    kFilterBlock,  ///< bodies[0] through the filters `value`
    kWith,         ///< parameters as variables of bodies[0]
    kGeneration,   ///< bodies[0]
    kBreak,
    kContinue,
  };
  Kind kind = Kind::kText;
  JinjaPlace place;
  std::string text;
  JinjaExpressionPtr target;  ///< a name, a tuple of targets, or an attribute of a name
  JinjaExpressionPtr value;
  JinjaExpressionPtr test;
  bool recursive = false;     ///< of a loop
  bool takes_more = false;    ///< a macro that reads varargs or kwargs
  bool takes_caller = false;  ///< a macro that reads caller
  std::vector<JinjaParameter> parameters;
  std::vector<JinjaExpressionPtr> conditions;
  std::vector<JinjaBody> bodies;
};

}  // namespace nelumbo
