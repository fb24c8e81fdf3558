// SPDX-License-Identifier: Apache-2.0
#include "bench/replay.h"

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "base/check.h"
#include "reward/fixtures.h"
#include "reward/replay.h"
#include "reward/trace.h"
#include "reward/trace_reader.h"

namespace nelumbo {
namespace {

constexpr size_t kSamples = 8;
constexpr int64_t kLeastAnswers = 20000;

/// One group for each test: its prompt, and its answer and those of the next tests of its spec.
std::vector<Group> groups_of_tests(const RewardSpec& spec) {
  const std::vector<Fixture>& tests = spec.fixtures();
  std::vector<Group> groups;
  for (size_t i = 0; i < tests.size(); ++i) {
    Group group = tests[i].group;
    for (size_t j = 1; group.trajectories.size() < kSamples; ++j) {
      const Group& other = tests[(i + j) % tests.size()].group;
      if (other.prompt->reward == group.prompt->reward)
        group.trajectories.push_back(other.trajectories.front());
    }
    group.id = GroupId{i};
    groups.push_back(std::move(group));
  }
  return groups;
}

int64_t score_all(const RewardSpec& spec, const std::vector<Group>& groups) {
  int64_t scores = 0;
  for (const Group& group : groups)
    for (const Outcome& outcome : spec.score(group))
      scores += outcome.kind == Outcome::Kind::kScore ? 1 : 0;
  return scores;
}

/// What the command does with a file of traces behind its decompression.
ReplayReport replay_all(const RewardSpec& spec, const std::vector<std::string>& lines) {
  Replay replay(spec);
  for (const std::string& line : lines) {
    const auto group = from_trace(line, "bench");
    NELUMBO_CHECK(group.ok()) << group.error().message;
    const auto added = replay.add(group.value());
    NELUMBO_CHECK(added.ok()) << added.error().message;
  }
  return replay.report();
}

/// The median processor seconds of `repeats` calls, behind one that warms caches: what one thread
/// does is measured alike beside other programs.
double median_processor_seconds(int64_t repeats, const std::function<void()>& call) {
  call();
  std::vector<double> seconds;
  for (int64_t i = 0; i < repeats; ++i) {
    const double start = processor_seconds();
    call();
    seconds.push_back(processor_seconds() - start);
  }
  return median(std::move(seconds));
}

}  // namespace

Result<Figure> measure_replay(const std::string& spec, int64_t repeats) {
  const auto read = RewardSpec::read(spec);
  if (!read)
    return read.error();
  if (read.value()->fixtures().empty())
    return Error{Errc::kInvalidConfig, spec + ": has no tests, whose answers could be scored"};
  const std::vector<Group> once = groups_of_tests(*read.value());
  std::vector<Group> groups;
  std::vector<std::string> lines;
  while (std::ssize(groups) * static_cast<int64_t>(kSamples) < kLeastAnswers)
    for (const Group& group : once) {
      const auto shared = std::make_shared<const Group>(group);
      lines.push_back(to_trace({shared, read.value()->score(group), read.value()->hash()})
                          .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
      groups.push_back(group);
    }
  const auto answers = static_cast<double>(groups.size() * kSamples);
  const ReplayReport report = replay_all(*read.value(), lines);
  const double replayed =
      median_processor_seconds(repeats, [&] { (void)replay_all(*read.value(), lines); });
  const double scored =
      median_processor_seconds(repeats, [&] { (void)score_all(*read.value(), groups); });
  Figure figure;
  figure.name = "replay";
  figure.unit = "answers/s";
  figure.own = {"traces read and scored again", answers / replayed};
  figure.anchor = {"scoring alone", answers / scored};
  figure.details = {{"answers", answers},
                    {"scores", report.now.of(Outcome::Kind::kScore)},
                    {"changed", report.changed},
                    {"specs", read.value()->names().size()}};
  return figure;
}

}  // namespace nelumbo
