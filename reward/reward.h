// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "rollout/trajectory.h"

namespace nelumbo {

/// One term's verdict, as it is stored in the trace.
struct Component {
  std::string name;         ///< "iou"
  std::string layer;        ///< "rule", "rubric", "process", "shaping" or "gate"
  double value = 0;         ///< of the term itself, usually in [0, 1]
  double weight = 0;        ///< its share of the total; those of rule, rubric and process sum to 1
  std::string evidence;     ///< the span, box, criterion or step that decided it
  int64_t nanoseconds = 0;  ///< that it took to judge, judges not counted; never compared
};

/// How what the process layer says of steps acts; reward/process.h has the formulas.
enum class StepCredit {
  kMultiplier,  ///< a step's factor scales the return of its tokens
  kSum,         ///< the mean score of the steps is a part of the total, like rule and rubric
  kMin,    ///< the lowest score is that part; trained token by token as the least of what follows
  kToken,  ///< the mean again; trained token by token as the sum of what follows
};

/// What the process layer found for one stretch of tokens: the smallest factor of its faults, which
/// is its score in the forms that have a weight.
struct StepFactor {
  int64_t first_token = 0, last_token = 0;
  double factor = 1;
  std::string reason;
};

/// What scoring one trajectory gave. Only `kScore` trains; the others are counted and dropped, and
/// never become a score of 0.
struct Outcome {
  enum class Kind { kScore, kInvalid, kInfraError, kTimeout };
  Kind kind = Kind::kScore;
  double total = 0;   ///< gate * (rule + rubric) * process + shaping; or process is added
  double rule = 0;    ///< weighted rule value in [0, 1], with shaping joined
  double rubric = 0;  ///< weighted rubric value, at most 1; below 0 only where it counts points
  bool has_rubric = false;
  StepCredit credit = StepCredit::kMultiplier;
  double process = 1;  ///< the smallest step factor; with a weight, the layer's value in [0, 1]
  double shaping = 0;
  std::string gate;  ///< the gate rule that was violated; empty: passed
  std::vector<Component> components;
  std::vector<StepFactor> steps;  ///< the faulty ones; with a weight, all of them
  std::string reason;             ///< of an outcome that is no score
};

/// A group with its outcomes, outcome i for trajectory i.
struct ScoredGroup {
  std::shared_ptr<const Group> group;
  std::vector<Outcome> outcomes;
  std::string spec_hash =
      {};  ///< of the specification that scored it; empty: it never came to that
};

struct Fixture;
struct JudgeExam;

/// What the judges of a specification did since they were last looked at.
struct JudgeNews {
  std::map<std::string, double> metrics;  ///< "judge/<name>/calls", ..., "judge/holdout/gap"
  std::optional<std::string> warning;     ///< once for each alarm
  std::optional<std::string> pause;       ///< why the run must not go on by itself
};

/// What a specification wants done about an answer that could not be scored.
struct OnFailure {
  int64_t retries = 0;  ///< how often it is scored again before its outcome stands
  bool pause = false;   ///< the run stops, resumable, rather than to go on without the answer
};

/// A reward specification, checked and ready. Immutable, shared between reward actors.
class RewardSpec {
 public:
  /// Reads YAML text and the files that it includes, relative to the folder of `place`. Errors name
  /// FILE:LINE:COL, the key path and the nearest known word.
  static Result<std::shared_ptr<const RewardSpec>> parse(const std::string& yaml,
                                                         const std::string& place);
  static Result<std::shared_ptr<const RewardSpec>> read(const std::string& path);
  virtual ~RewardSpec() = default;

  /// Names of the specs: one document may hold several, by task, and include others.
  virtual std::vector<std::string> names() const = 0;
  /// Says which field a spec names that `prompt`'s truth lacks, before anything runs.
  virtual Result<void> check_prompt(const Prompt& prompt) const = 0;
  /// Scores the trajectories of one prompt together, since some terms look at the whole group.
  virtual std::vector<Outcome> score(const Group& group) const = 0;
  /// Scores the prompt and the answer of a test, whose judges say what the test says they do.
  virtual std::vector<Outcome> score_test(const Fixture& test) const;
  /// What `on` of the prompt's spec says of outcomes of a kind; they are dropped where it is
  /// silent.
  virtual OnFailure on_failure(const Prompt& /*prompt*/, Outcome::Kind /*kind*/) const {
    return {};
  }
  /// The criteria of the prompt's rubric, in full; none where its spec has no rubric.
  virtual std::vector<std::string> criteria(const Prompt& /*prompt*/) const { return {}; }
  /// Whether scoring asks judges, and so waits for others.
  virtual bool asks_judges() const { return false; }
  /// Seconds that scoring a group may take: the longest `on.limit_seconds`.
  virtual double limit_seconds() const { return 0; }
  /// Holds each judge against its calibration items and the canaries; asks them all.
  virtual std::vector<JudgeExam> examine_judges() const;
  virtual JudgeNews judge_news() const { return {}; }
  /// Has nobody wait for a judge any more, now and from now on: the run ends.
  virtual void cancel_judges() const {}
  /// XXH3-128 in hex of the document and all that it includes.
  virtual std::string hash() const = 0;
  /// The tests of all of them; run_fixtures() of reward/fixtures.h runs them.
  virtual const std::vector<Fixture>& fixtures() const;
};

}  // namespace nelumbo
