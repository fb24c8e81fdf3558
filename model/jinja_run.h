// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "model/jinja_value.h"

namespace nelumbo {

/// Where in a template something stands, both from 1.
struct JinjaPlace {
  int line = 1;
  int column = 1;
};

/// What one rendering may cost. Each limit is far above what real templates take.
struct JinjaLimits {
  int64_t steps = 4'000'000;                 ///< less than a second
  int64_t output_bytes = int64_t{4} << 20;   ///< of the prompt
  int64_t memory_bytes = int64_t{32} << 20;  ///< held at one time, by values and by their making
  int levels = 400;                          ///< of expressions, blocks and macros in each other
};

/// The elements of something iterable: those of a sequence where they lie, any others by
/// themselves.
class JinjaItems {
 public:
  JinjaItems() = default;
  /// REQUIRES: the value is a sequence.
  explicit JinjaItems(JinjaValue sequence)
      : sequence_(std::move(sequence)), all_((*sequence_.as<JinjaValue::Sequence>())->items) {}
  JinjaItems(JinjaValues own, size_t first, JinjaCharge charge)
      : own_(std::move(own)), charge_(std::move(charge)), all_(std::span(own_).subspan(first)) {}
  // A move leaves the elements of a vector where they are.
  JinjaItems(JinjaItems&&) = default;
  JinjaItems& operator=(JinjaItems&&) = default;

  auto begin() const { return all_.begin(); }
  auto end() const { return all_.end(); }
  size_t size() const { return all_.size(); }
  bool empty() const { return all_.empty(); }
  const JinjaValue& front() const { return all_.front(); }
  const JinjaValue& back() const { return all_.back(); }
  const JinjaValue& operator[](size_t i) const { return all_[i]; }
  JinjaValues values() const { return {begin(), end()}; }

 private:
  JinjaValue sequence_;
  JinjaValues own_;
  JinjaCharge charge_;
  std::span<const JinjaValue> all_;
};

/// One rendering: what it has cost, and the first thing that went wrong. Failure is sticky, like
/// that of a stream: after it every function does nothing and answers undefined, so that callers
/// look once, at the end.
class JinjaRun {
 public:
  explicit JinjaRun(const JinjaLimits& limits) : limits_(limits) {}
  JinjaRun(const JinjaRun&) = delete;
  JinjaRun& operator=(const JinjaRun&) = delete;

  bool failed() const { return error_.has_value(); }
  const std::optional<Error>& error() const { return error_; }
  const JinjaLimits& limits() const { return limits_; }

  /// Failures from here on are about what stands at `place`.
  void at(JinjaPlace place) { place_ = place; }
  JinjaPlace place() const { return place_; }
  /// kBadData: "LINE:COLUMN: what". Answers undefined.
  JinjaValue fail(std::string_view what);
  /// kCheckFailed: the template itself refuses its input, in these words and no others.
  JinjaValue raise(std::string_view what);

  /// Pays for work; false when the run has failed or has no steps left.
  bool spend(int64_t steps = 1);
  /// Pays for looking at so many bytes one by one.
  bool scan(int64_t bytes) { return spend(1 + bytes / kScannedInAStep); }
  /// Whether so many bytes more fit; else the run fails.
  bool fits(int64_t bytes);
  /// Counts memory that is needed meanwhile; the run fails where it does not fit.
  JinjaCharge hold(int64_t bytes);

  JinjaValue text(std::string bytes);
  /// A text of these bytes, which are copied only where they fit.
  JinjaValue copy(std::string_view bytes);
  JinjaValue sequence(JinjaValues items, JinjaSequence::Kind kind);
  JinjaValue list(JinjaValues items) {
    return sequence(std::move(items), JinjaSequence::Kind::kList);
  }
  JinjaValue tuple(JinjaValues items) {
    return sequence(std::move(items), JinjaSequence::Kind::kTuple);
  }
  JinjaValue iterator(JinjaValues items);
  /// Of keys given twice the first place and the last value count. Fails on unhashable keys.
  JinjaValue dict(std::vector<std::pair<JinjaValue, JinjaValue>> entries);
  JinjaValue range(int64_t start, int64_t stop, int64_t step);
  /// REQUIRES: `function` holds no value that is deeper than its `depth`.
  JinjaValue function(JinjaFunction function);
  /// A namespace may hold itself; the run cuts that knot when it ends.
  JinjaValue make_namespace();

  /// All elements of something iterable, an iterator's used up by it. Fails on anything else.
  JinjaItems items(const JinjaValue& value);

  ~JinjaRun();

 private:
  static constexpr int64_t kScannedInAStep = 16;

  JinjaCharge charge(int64_t bytes);
  int depth_of(std::span<const JinjaValue> items);

  JinjaLimits limits_;
  JinjaPlace place_;
  int64_t steps_ = 0;
  int64_t in_use_ = 0;
  std::optional<Error> error_;
  std::vector<std::shared_ptr<JinjaNamespace>> namespaces_;
};

/// A text that grows within what the run still has room for, and counts as memory meanwhile.
class JinjaWriter {
 public:
  explicit JinjaWriter(JinjaRun& run) : run_(run), held_(run.hold(0)) {}
  /// False when there is no room; the run has failed then.
  bool add(std::string_view bytes);
  /// The text, which is counted no more.
  std::string take() {
    held_.resize(0);
    return std::move(bytes_);
  }

 private:
  bool grow(size_t size);

  JinjaRun& run_;
  std::string bytes_;
  JinjaCharge held_;
};

}  // namespace nelumbo
