// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "reward/spec_node.h"
#include "reward/truth.h"
#include "rollout/trajectory.h"

namespace nelumbo {

/// What a term may look at: one trajectory, its prompt, and what the others of its group did.
struct Scene {
  const Prompt& prompt;
  const Trajectory& trajectory;
  double right = 0;          ///< this answer's value by the verifiers; known to bonus terms only
  bool plain_right = false;  ///< at least half of the group's answers without tools are right
  double steps = 0;          ///< learner steps before the newest weights that drew the group

  /// The picture's extent in its own pixels; the shown part where there is no picture.
  Box picture() const;
};

/// What a term says of one trajectory.
struct Verdict {
  double value = 0;      ///< usually in [0, 1]
  std::string evidence;  ///< what decided it, for people
};

/// One deterministic verifier. Whether it applies depends on the prompt, never on the answer, so
/// that the answers of a group are measured alike. Immutable; may be used by several threads.
class Term {
 public:
  virtual ~Term() = default;

  /// An error is a failure of the machinery (kInfraError), not a bad answer; one of kOutOfTime is a
  /// timeout.
  virtual Result<Verdict> judge(const Scene& scene) const = 0;
  /// Whether it has something to say about answers to this prompt.
  virtual bool applies(const Prompt& /*prompt*/) const { return true; }
  /// The truth fields without which it cannot judge; checked against the data before a run.
  virtual std::vector<TruthField> needs() const { return {}; }
  /// What no answer to this prompt could be judged by, beyond missing fields: a right choice that
  /// is none of the choices. REQUIRES: the prompt has what it needs().
  virtual Result<void> fits(const Prompt& /*prompt*/) const { return {}; }
  /// A bonus looks at whether the answer is right, so it is judged after all verifiers.
  virtual bool is_bonus() const { return false; }
  /// Hashes of what it judges by beside its keys, as programs; they belong to that of the
  /// specification.
  virtual std::string depends_on() const { return ""; }
  /// From now on it saves in `folder` what it does not judge any more.
  virtual void keep_dumps(const std::string& /*folder*/) const {}
};

/// The code of a term's error when a limit of time stopped it.
inline constexpr Errc kOutOfTime = Errc::kPreempted;

/// What a weight may be: their sums stay finite, and no term is too light to count.
inline constexpr Between kWeights{1e-6, 1e6};

using TermPtr = std::unique_ptr<const Term>;

/// What every term of the rule layer has beside its own keys.
struct TermHeader {
  std::string kind;
  std::string name;
  double weight = 1;
  bool precondition = false;

  template <class V>
  void fields(V& v) {
    v(kind, "kind", "Which verifier this is.", NotEmpty{});
    v(name, "name", "Name in metrics and traces; the kind where it is left out.", NotEmpty{});
    v(weight, "weight", "Its share of the layer, relative to the other terms.", kWeights);
    v(precondition, "precondition",
      "A value under 0.5 makes the rule layer 0; the term then has no weight of its own.");
  }
};

/// Reads a term and its header from one mapping.
template <class T>
Result<TermPtr> read_term(const SpecNode& node, TermHeader& header, std::unique_ptr<T> term) {
  if (auto done = read_fields(node, {}, header, *term); !done)
    return done.error();
  return TermPtr(std::move(term));
}

/// Reads a term that stands without a header: a matcher.
template <class T>
Result<TermPtr> read_bare(const SpecNode& node, std::unique_ptr<T> term) {
  if (auto done = read_fields(node, {}, *term); !done)
    return done.error();
  return TermPtr(std::move(term));
}

}  // namespace nelumbo
