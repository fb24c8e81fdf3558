// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "model/jinja_charge.h"

namespace nelumbo {

class JinjaRun;
class JinjaValue;

using JinjaValues = std::vector<JinjaValue>;

/// What a name or attribute that does not exist stands for: prints as nothing, is false, iterates
/// over nothing; anything else done to it fails with `why`.
struct JinjaUndefined {
  std::shared_ptr<const std::string> why;
};

struct JinjaNone {};

/// A text, well-formed UTF-8. Templates count it in code points.
struct JinjaText {
  std::string bytes;
  JinjaCharge charge;
};

/// A list, a tuple, or what Python has in their place for ranges and the views of a dict.
struct JinjaSequence {
  enum class Kind { kList, kTuple, kRange, kKeys, kValues, kItems };
  Kind kind;
  std::vector<JinjaValue> items;
  int depth = 1;                       ///< levels of containers, itself included
  std::array<int64_t, 3> bounds = {};  ///< start, stop and step of a range
  JinjaCharge charge;
};

/// Keys to values in the order of their insertion.
struct JinjaDict {
  std::vector<std::pair<JinjaValue, JinjaValue>> entries;
  std::vector<uint32_t> sorted;  ///< places in `entries` by jinja_key_order
  int depth = 1;
  JinjaCharge charge;
};

/// What filters such as map yield: it can be gone through once.
struct JinjaIterator {
  std::vector<JinjaValue> items;
  size_t next = 0;
  int depth = 1;
  JinjaCharge charge;
};

struct JinjaNamespace;
struct JinjaFunction;
struct JinjaLoop;

/// A value of the template language: Python's scalars and containers, immutable but for iterators,
/// namespaces and loops. Cheap to copy. Values die before the JinjaRun that made them.
class JinjaValue {
 public:
  using Text = std::shared_ptr<const JinjaText>;
  using Sequence = std::shared_ptr<const JinjaSequence>;
  using Dict = std::shared_ptr<const JinjaDict>;
  using Iterator = std::shared_ptr<JinjaIterator>;
  using Namespace = std::shared_ptr<JinjaNamespace>;
  using Function = std::shared_ptr<const JinjaFunction>;
  using Loop = std::shared_ptr<JinjaLoop>;
  using State = std::variant<JinjaUndefined, JinjaNone, bool, int64_t, double, Text, Sequence, Dict,
                             Iterator, Namespace, Function, Loop>;

  JinjaValue() = default;  ///< undefined
  explicit JinjaValue(State state) : state_(std::move(state)) {}
  static JinjaValue none() { return JinjaValue(State(JinjaNone{})); }
  static JinjaValue boolean(bool value) { return JinjaValue(State(value)); }
  static JinjaValue integer(int64_t value) { return JinjaValue(State(value)); }
  static JinjaValue real(double value) { return JinjaValue(State(value)); }
  static JinjaValue undefined(std::string why);
  /// A text that is charged to nobody: literals of a template.
  static JinjaValue literal(std::string bytes);

  template <class T>
  const T* as() const {
    return std::get_if<T>(&state_);
  }
  bool is_undefined() const { return as<JinjaUndefined>() != nullptr; }
  bool is_none() const { return as<JinjaNone>() != nullptr; }
  bool is_text() const { return as<Text>() != nullptr; }
  /// REQUIRES: is_text().
  const std::string& text() const { return (*as<Text>())->bytes; }
  /// The sequence, when it is one of this kind; else null.
  const JinjaSequence* sequence(JinjaSequence::Kind kind) const;
  /// Any sequence but a view of a dict: what has elements by number.
  const JinjaSequence* indexable() const;
  const JinjaDict* dict() const { return as<Dict>() != nullptr ? as<Dict>()->get() : nullptr; }

  bool truth() const;
  /// A bool, an int or a float.
  bool is_number() const;
  /// The number of a bool or an int; nullptr-like false in `ok` for anything else.
  bool to_integer(int64_t& value) const;
  /// REQUIRES: is_number().
  double to_real() const;
  /// Levels of containers in it.
  int depth() const;
  /// What Python calls its type.
  const char* type_name() const;

 private:
  State state_;
};

/// What `namespace()` makes: the one value that a template can change.
struct JinjaNamespace {
  std::vector<std::pair<std::string, JinjaValue>> attributes;
};

/// The arguments of a call as they stand in the template.
struct JinjaArguments {
  JinjaValues positional;
  std::vector<std::pair<std::string, JinjaValue>> named;
};

/// A macro, a method bound to its value, or a function of the environment.
struct JinjaFunction {
  std::string name;
  std::function<JinjaValue(JinjaRun&, JinjaArguments&)> call;
  int depth = 1;
};

/// The value `loop`. What comes next is pulled one ahead at most, so that the condition of a
/// filtered loop is asked when Jinja asks it.
struct JinjaLoop {
  std::function<bool(JinjaValue&)> pull;  ///< false at the end; empty when the loop is left
  int64_t index0 = -1;
  int64_t depth0 = 0;
  JinjaCharge charge;  ///< of what `length` has pulled
  JinjaValues ahead;   ///< pulled and not yet visited, last one first
  JinjaValue previous, current;
  JinjaValues last_changed;
  bool changed_before = false;
  std::function<JinjaValue(JinjaRun&, JinjaArguments&)> recurse;  ///< of a recursive loop
};

/// The value under this key, or null.
const JinjaValue* jinja_find(JinjaRun& run, const JinjaDict& dict, const JinjaValue& key);
const JinjaValue* jinja_find(const JinjaDict& dict, std::string_view key);

/// Orders hashable values such that what Python takes for one key (1, 1.0, True) is equal.
/// REQUIRES: the run has not failed.
int jinja_key_order(JinjaRun& run, const JinjaValue& a, const JinjaValue& b);

/// Whether Python would take it as a key: no list, dict or namespace in it.
bool jinja_is_hashable(JinjaRun& run, const JinjaValue& value);

/// Pays for comparing two texts; false when the run has failed.
bool jinja_pay_comparison(JinjaRun& run, const std::string& a, const std::string& b);

/// Below, equal to or above 0 as `a` compares to `b`; exact also between int and float. REQUIRES:
/// both are numbers and neither is NaN.
int jinja_compare_numbers(const JinjaValue& a, const JinjaValue& b);

}  // namespace nelumbo
