// SPDX-License-Identifier: Apache-2.0
#include "reward/prose_terms.h"

#include <algorithm>
#include <cstdio>

#include "base/text.h"
#include "corpus/unicode.h"
#include "reward/answers.h"
#include "reward/pattern.h"
#include "reward/prose.h"
#include "reward/text_term.h"

namespace nelumbo {

namespace {

std::string percent(double share) {
  char text[40];
  std::snprintf(text, sizeof text, "%.0f %%", 100 * share);
  return text;
}

class Regex final : public TextTerm {
 public:
  template <class V>
  void fields(V& v) {
    v(text_, "pattern", "A regular expression (PCRE2).", NotEmpty{});
    v(whole_, "whole", "All must match, but for white space around it.");
    TextTerm::fields(v);
  }

  Result<void> compile(const SpecNode& node) {
    const auto at = node.at("pattern");
    if (!at)
      return at.error();
    auto pattern = Pattern::of_spec(text_, whole_);
    if (!pattern)
      return at.value().error(pattern.error().message);
    pattern_ = std::move(pattern.value());
    return {};
  }

  Result<Verdict> judge(const Scene& scene) const override {
    const std::string text = valid_utf8(where(scene));
    const auto found = pattern_->find(whole_ ? trimmed(text) : std::string_view(text));
    if (!found)
      return found.error();
    return found.value() ? Verdict{1, "found " + in_quotes(*found.value())}
                         : Verdict{0, "no match in " + in_quotes(text)};
  }

 private:
  std::string text_;
  bool whole_ = false;
  std::optional<Pattern> pattern_;
};

class InLanguage final : public TextTerm {
 public:
  template <class V>
  void fields(V& v) {
    v(language_, "language", "Code of the language, \"en\".", NotEmpty{});
    v(share_, "share", "Share of the letters that must be in it.", Between{0.01, 1});
    TextTerm::fields(v);
  }

  Result<void> check(const SpecNode& node) const {
    const auto& known = known_languages();
    if (std::ranges::find(known, language_) != known.end())
      return {};
    return (node.has("language") ? node.at("language").value() : node)
        .unknown("language must be one of " + joined(known, ", "), language_, known);
  }

  Result<Verdict> judge(const Scene& scene) const override {
    if (says_nothing(scene))
      return nothing_said();
    const double share = language_share(where(scene), language_);
    return Verdict{share >= share_ ? 1.0 : 0.0, percent(share) + " in " + language_};
  }

 private:
  std::string language_ = "en";
  double share_ = 0.9;
};

class Repetition final : public TextTerm {
 public:
  template <class V>
  void fields(V& v) {
    v(n_, "n", "Words in a run.", Between{1, 64});
    v(most_, "most", "Share of the words that may lie in repeated runs.", Between{0, 0.99});
    TextTerm::fields(v);
  }

  Result<Verdict> judge(const Scene& scene) const override {
    if (says_nothing(scene))
      return nothing_said();
    const double share = repeated_share(where(scene), n_);
    return Verdict{share <= most_ ? 1 : (1 - share) / (1 - most_),
                   percent(share) + " of the words repeated"};
  }

 private:
  int64_t n_ = 4;
  double most_ = 0.2;
};

class Length final : public Term {
 public:
  template <class V>
  void fields(V& v) {
    v(min_, "min", "Shortest answer.", NonNegative{});
    v(max_, "max", "Longest answer.", Positive{});
    v(unit_, "unit", "What is counted.", OneOf{"bytes", "characters", "words"});
  }

  Result<void> check(const SpecNode& node) const {
    if (min_ <= max_)
      return {};
    return node.at("min").value().error("must be <= max (" + std::to_string(max_) + ")");
  }

  Result<Verdict> judge(const Scene& scene) const override {
    if (is_empty(scene.trajectory))
      return nothing_said();
    const int64_t length = length_of(scene.trajectory.answer);
    return Verdict{length >= min_ && length <= max_ ? 1.0 : 0.0,
                   std::to_string(length) + " " + unit_ +
                       (min_ > 0 ? " of at least " + std::to_string(min_) + " and" : " of") +
                       " at most " + std::to_string(max_)};
  }

 private:
  int64_t length_of(const std::string& answer) const {
    if (unit_ == "words")
      return std::ssize(word_pieces(answer));
    return unit_ == "characters" ? std::ssize(characters_of(answer)) : std::ssize(answer);
  }

  int64_t min_ = 0, max_ = 1000;
  std::string unit_ = "bytes";
};

/// Reads a term whose keys are checked against each other.
template <class T, class Check>
Result<TermPtr> read_checked(const SpecNode& node, TermHeader& header, Check check) {
  auto term = std::make_unique<T>();
  if (auto done = read_fields(node, {}, header, *term); !done)
    return done.error();
  if (auto done = check(*term); !done)
    return done.error();
  return TermPtr(std::move(term));
}

}  // namespace

Result<TermPtr> read_regex(const SpecNode& node, TermHeader& header) {
  return read_checked<Regex>(node, header, [&](Regex& term) { return term.compile(node); });
}

Result<TermPtr> read_language(const SpecNode& node, TermHeader& header) {
  return read_checked<InLanguage>(node, header, [&](auto& term) { return term.check(node); });
}

Result<TermPtr> read_repetition(const SpecNode& node, TermHeader& header) {
  return read_term(node, header, std::make_unique<Repetition>());
}

Result<TermPtr> read_length(const SpecNode& node, TermHeader& header) {
  return read_checked<Length>(node, header, [&](auto& term) { return term.check(node); });
}

}  // namespace nelumbo
