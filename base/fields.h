// SPDX-License-Identifier: Apache-2.0
#pragma once

// A config struct lists each of its fields once:
//
//     struct LearnerConfig {
//       double lr = 1e-6;
//
//       template <class V>
//       void fields(V& v) {
//         v(lr, "lr", "Peak learning rate.", Positive{});
//       }
//     };
//
// Parsing, the unknown-key check, `--set`, the resolved configuration and docs/config.md are all
// visitors over that list. A nested struct is a field like any other. A check that needs two fields
// goes into `Result<void> validate() const` beside `fields()`; every reader calls it, and its
// message starts with the name of the field at fault.

#include <algorithm>
#include <initializer_list>
#include <string>
#include <vector>

namespace nelumbo {

/// Accepts every value: the default check. A check has a call operator and a `text()` that
/// completes the sentence "must be ...".
struct Any {
  template <class T>
  bool operator()(const T&) const {
    return true;
  }
  std::string text() const { return ""; }
};

struct Positive {
  template <class T>
  bool operator()(const T& x) const {
    return x > T{};
  }
  std::string text() const { return "> 0"; }
};

struct NonNegative {
  template <class T>
  bool operator()(const T& x) const {
    return x >= T{};
  }
  std::string text() const { return ">= 0"; }
};

/// Both ends belong to the range.
struct Between {
  double low = 0;
  double high = 1;

  template <class T>
  bool operator()(const T& x) const {
    return static_cast<double>(x) >= low && static_cast<double>(x) <= high;
  }
  std::string text() const;
};

/// One of a few words; readers also use the list for "did you mean".
struct OneOf {
  OneOf(std::initializer_list<const char*> all) : words(all.begin(), all.end()) {}

  bool operator()(const std::string& x) const {
    return std::find(words.begin(), words.end(), x) != words.end();
  }
  std::string text() const {
    std::string all = "one of";
    for (const std::string& word : words)
      all += (&word == words.data() ? " " : ", ") + word;
    return all;
  }

  std::vector<std::string> words;
};

struct NotEmpty {
  template <class T>
  bool operator()(const T& x) const {
    return !x.empty();
  }
  std::string text() const { return "not empty"; }
};

/// The smallest visitor: shows the signature that every visitor has.
struct NullVisitor {
  template <class T, class Check = Any>
  void operator()(T& /*field*/, const char* /*name*/, const char* /*help*/, Check = {}) {}
};

/// A struct that lists its fields, as opposed to a leaf value (bool, integers, double, string,
/// vector of those).
template <class T>
concept HasFields = requires(T t, NullVisitor v) {
  t.fields(v);
};

inline std::string Between::text() const {
  const auto number = [](double x) {
    std::string s = std::to_string(x);
    s.erase(s.find_last_not_of('0') + 1);
    if (s.back() == '.')
      s.pop_back();
    return s;
  };
  return "between " + number(low) + " and " + number(high);
}

}  // namespace nelumbo
