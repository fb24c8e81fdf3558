// SPDX-License-Identifier: Apache-2.0
#include "reward/text_matchers.h"

#include <algorithm>

#include "base/text.h"
#include "reward/answers.h"
#include "reward/candidate.h"
#include "reward/choices.h"
#include "reward/counted_things.h"
#include "reward/lookalikes.h"
#include "reward/matchers.h"
#include "reward/negation.h"
#include "reward/orders.h"
#include "reward/pattern.h"
#include "reward/text_term.h"
#include "reward/tool_terms.h"

namespace nelumbo {

namespace {

/// The share of words that occur (`contains`), or whether none does (`absent`).
class Words final : public TextTerm {
 public:
  template <class V>
  void fields(V& v) {
    v(words_, key_, "Words or phrases, whole and whatever their case.", NotEmpty{});
    v(assertion_, "assertion",
      "Which occurrences count: any, those that a clinical text affirms, or those it denies.",
      OneOf{"any", "affirmed", "denied"});
    v(plurals_, "plurals", "Whether the regular plural is the same: \"neutrophils\".");
    TextTerm::fields(v);
  }

  Words(const char* key, bool wanted, bool earns = false, Stake stake = Stake::kNone)
      : key_(key), wanted_(wanted), pays_(wanted && stake == Stake::kPays), earns_(earns) {}

  Result<void> check(const SpecNode& node) const {
    if (words_.empty())
      return node.error("'" + std::string(key_) + "' is missing: the words to look for");
    for (const std::string& words : words_)
      if (normalized(words).empty())
        return node.at(key_).value().error("holds a text without a word");
    return {};
  }

  void prepare() { is_latin_ = std::ranges::none_of(words_, has_greek_or_cyrillic); }

  Result<Verdict> judge(const Scene& scene) const override {
    if (earns_ && says_nothing(scene))
      return nothing_said();
    const std::string text = is_latin_ ? with_latin_letters(seen(scene)) : seen(scene);
    const std::string raw = earns_ && wanted_ ? where(scene) : text;
    const std::string written = is_latin_ ? with_latin_letters(raw) : raw;
    std::string found, contradicted, otherwise, hidden, open;
    int64_t count = 0;
    for (const std::string& words : words_) {
      if (!occurs(words, text)) {
        if (assertion_ != "any" && is_said(words, text))
          add_to(is_open(words, text) ? open : otherwise, words);
      } else if (written != text && !occurs(words, written)) {
        add_to(hidden, words);
      } else if (pays_ && is_contradicted(words, text)) {
        add_to(contradicted, words);
      } else {
        ++count;
        add_to(found, words);
      }
    }
    const double share = static_cast<double>(count) / static_cast<double>(words_.size());
    return Verdict{wanted_ ? share : (count == 0 ? 1.0 : 0.0),
                   evidence({{assertion_ == "any" ? "found" : assertion_, found},
                             {assertion_ == "affirmed" ? "denied" : "affirmed", otherwise},
                             {"affirmed and denied, which counts for neither:", contradicted},
                             {"of others, not yet or in doubt:", open},
                             {"with characters that nobody sees:", hidden}})};
  }

 private:
  static void add_to(std::string& list, const std::string& words) {
    list += (list.empty() ? "" : ", ") + words;
  }

  /// "affirmed cough; denied fever", or that there is nothing of it.
  static std::string evidence(
      std::initializer_list<std::pair<std::string_view, std::string_view>> lists) {
    std::string all;
    for (const auto& [what, words] : lists)
      if (!words.empty())
        all += (all.empty() ? "" : "; ") + std::string(what) + " " + std::string(words);
    return all.empty() ? "none found" : all;
  }

  std::vector<std::string> forms_of(const std::string& words) const {
    return plurals_ ? std::vector<std::string>{words, plural_of(words)}
                    : std::vector<std::string>{words};
  }

  bool is_said(const std::string& words, const std::string& text) const {
    return std::ranges::any_of(forms_of(words),
                               [&](const std::string& form) { return has_words(text, form); });
  }

  Assertions asserted(const std::string& words, const std::string& text) const {
    Assertions all;
    for (const std::string& form : forms_of(words)) {
      const Assertions found = assertions_of(form, text);
      all.affirmed += found.affirmed;
      all.denied += found.denied;
    }
    return all;
  }

  bool occurs(const std::string& words, const std::string& text) const {
    if (assertion_ == "any")
      return is_said(words, text);
    const Assertions found = asserted(words, text);
    return (assertion_ == "affirmed" ? found.affirmed : found.denied) > 0;
  }

  /// Whether a word is said, but neither affirmed nor denied.
  bool is_open(const std::string& words, const std::string& text) const {
    const Assertions found = asserted(words, text);
    return found.affirmed == 0 && found.denied == 0;
  }

  /// Whether the answer says both of a word whose assertion is asked for.
  bool is_contradicted(const std::string& words, const std::string& text) const {
    if (assertion_ == "any")
      return false;
    const Assertions found = asserted(words, text);
    return found.affirmed > 0 && found.denied > 0;
  }

  const char* key_;
  bool wanted_;
  bool pays_;             ///< for what it finds: what is said both ways is not found then
  bool earns_;            ///< a term, which pays for what is written, hidden characters and all
  bool is_latin_ = true;  ///< none of `words_` is of another script that may look like it
  std::string assertion_ = "any";
  bool plurals_ = false;
  std::vector<std::string> words_;
};

/// `contains` as a matcher asks for all words.
class AllWords final : public Term {
 public:
  explicit AllWords(Stake stake) : words_("contains", true, false, stake) {}

  template <class V>
  void fields(V& v) {
    words_.fields(v);
  }

  Result<void> check(const SpecNode& node) const { return words_.check(node); }
  void prepare() { words_.prepare(); }

  Result<Verdict> judge(const Scene& scene) const override {
    auto verdict = words_.judge(scene);
    if (verdict)
      verdict.value().value = verdict.value().value == 1 ? 1 : 0;
    return verdict;
  }

 private:
  Words words_;
};

class Matches final : public TextTerm {
 public:
  template <class V>
  void fields(V& v) {
    v(text_, "matches", "A regular expression (PCRE2).", NotEmpty{});
    v(mood_, "mood",
      "Which matches count: any, or those alone that begin with a verb which is an order; of "
      "order_to_judge none about instructions of others, as \"of your pharmacist\", about a "
      "subject, as \"about pears\", or what the question has of its own.",
      OneOf{"any", "order", "order_to_judge"});
    TextTerm::fields(v);
  }

  Result<void> compile(const SpecNode& node) {
    auto pattern = Pattern::of_spec(text_);
    if (!pattern)
      return node.at("matches").value().error(pattern.error().message);
    pattern_ = std::move(pattern.value());
    place_ = node.place_of("matches");
    return {};
  }

  Result<Verdict> judge(const Scene& scene) const override {
    const std::string text = valid_utf8(seen(scene));
    const std::string& question = scene.prompt.text;
    auto found = find(text, question);
    if (const std::string latin = with_latin_letters(text);
        found && !found.value() && latin != text)
      found = find(latin, question);
    if (!found)
      return Error{found.error().code, place_ + ": " + found.error().message};
    return found.value() ? Verdict{1, "found '" + excerpt(*found.value()) + "'"}
                         : Verdict{0, "no match"};
  }

 private:
  Result<std::optional<std::string>> find(const std::string& text,
                                          const std::string& question) const {
    return mood_ == "any"
               ? pattern_->find(text)
               : find_order(*pattern_, text, mood_ == "order" ? OrderTo::kAnybody : OrderTo::kJudge,
                            {.question = question});
  }

  std::string text_, place_;
  std::string mood_ = "any";
  std::optional<Pattern> pattern_;
};

class Answers final : public Term {
 public:
  template <class V>
  void fields(V& v) {
    v(least_, "answers", "Answer tags from which on it matches.", Positive{});
  }

  Result<Verdict> judge(const Scene& scene) const override {
    const auto n = std::ssize(answer_places(scene.trajectory.text));
    return Verdict{n >= least_ ? 1.0 : 0.0, std::to_string(n) + " answers"};
  }

 private:
  int64_t least_ = 1;
};

class Longer final : public TextTerm {
 public:
  template <class V>
  void fields(V& v) {
    v(bytes_, "longer", "Bytes over which it matches.", NonNegative{});
    TextTerm::fields(v);
  }

  Result<Verdict> judge(const Scene& scene) const override {
    const auto n = std::ssize(where(scene));
    return Verdict{n > bytes_ ? 1.0 : 0.0, std::to_string(n) + " bytes"};
  }

 private:
  int64_t bytes_ = 0;
};

class NamesChoice final : public Term {
 public:
  template <class V>
  void fields(V& v) {
    v(choices_, "one_of", "Truth field with the choices.", NotEmpty{});
    naming_.fields(v);
  }

  explicit NamesChoice(const SpecNode& node) : place_(node.place_of("one_of")) {}

  std::vector<TruthField> needs() const override {
    return {{choices_, TruthShape::kTexts, place_}};
  }

  Result<Verdict> judge(const Scene& scene) const override {
    const auto choices = truth_texts(scene.prompt.truth, choices_);
    if (!choices)
      return choices.error();
    if (!scene.trajectory.answered)
      return Verdict{0, "no answer in the tags"};
    const ChoiceList list(NameList(choices.value()), {}, naming_);
    const auto chosen = list.named_in(scene.trajectory.answer);
    return chosen ? Verdict{1, *chosen} : Verdict{0, list.refusal(scene.trajectory.answer)};
  }

 private:
  std::string place_;
  std::string choices_;
  ChoiceNaming naming_;
};

class Turns final : public Term {
 public:
  template <class V>
  void fields(V& v) {
    v(most_, "turns", "Turns up to which it matches; each tool call is one more.", Positive{});
  }

  Result<Verdict> judge(const Scene& scene) const override {
    const auto n = std::ssize(scene.trajectory.calls) + 1;
    return Verdict{n <= most_ ? 1.0 : 0.0, std::to_string(n) + " turns"};
  }

 private:
  int64_t most_ = 1;
};

class UsedTool final : public Term {
 public:
  template <class V>
  void fields(V& v) {
    v(tool_, "used_tool", "A tool that must have been called with success.",
      OneOf{"zoom", "rotate", "locate"});
  }

  Result<Verdict> judge(const Scene& scene) const override {
    const auto n = calls_of(scene.trajectory, tool_);
    return Verdict{n > 0 ? 1.0 : 0.0, std::to_string(n) + " calls of " + tool_};
  }

 private:
  std::string tool_;
};

/// Reads a term with words, of which there must be some.
template <class T, class... Headers>
Result<TermPtr> read_words(const SpecNode& node, std::unique_ptr<T> term, Headers&... headers) {
  if (auto done = read_fields(node, {}, headers..., *term); !done)
    return done.error();
  if (auto done = term->check(node); !done)
    return done.error();
  term->prepare();
  return TermPtr(std::move(term));
}

}  // namespace

Result<TermPtr> match_contains(const SpecNode& node) {
  return read_words(node, std::make_unique<AllWords>(Stake::kNone));
}

Result<TermPtr> match_paid_contains(const SpecNode& node) {
  return read_words(node, std::make_unique<AllWords>(Stake::kPays));
}

Result<TermPtr> match_absent(const SpecNode& node) {
  return read_words(node, std::make_unique<Words>("absent", false));
}

Result<TermPtr> match_pattern(const SpecNode& node) {
  auto term = std::make_unique<Matches>();
  if (auto done = read_fields(node, {}, *term); !done)
    return done.error();
  if (auto done = term->compile(node); !done)
    return done.error();
  return TermPtr(std::move(term));
}

Result<TermPtr> match_answers(const SpecNode& node) {
  return read_bare(node, std::make_unique<Answers>());
}

Result<TermPtr> match_longer(const SpecNode& node) {
  return read_bare(node, std::make_unique<Longer>());
}

Result<TermPtr> match_one_of(const SpecNode& node) {
  return read_bare(node, std::make_unique<NamesChoice>(node));
}

Result<TermPtr> match_turns(const SpecNode& node) {
  return read_bare(node, std::make_unique<Turns>());
}

Result<TermPtr> match_used_tool(const SpecNode& node) {
  return read_bare(node, std::make_unique<UsedTool>());
}

Result<TermPtr> read_contains(const SpecNode& node, TermHeader& header) {
  return read_words(node, std::make_unique<Words>("words", true, true, Stake::kPays), header);
}

Result<TermPtr> read_absent(const SpecNode& node, TermHeader& header) {
  return read_words(node, std::make_unique<Words>("words", false, true), header);
}

}  // namespace nelumbo
