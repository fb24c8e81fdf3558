// SPDX-License-Identifier: Apache-2.0
#include "reward/reward.h"

#include <array>
#include <chrono>
#include <utility>

#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "reward/fixtures.h"
#include "reward/scorer.h"
#include "reward/spec_node.h"
#include "reward/task_spec.h"

namespace nelumbo {

namespace {

constexpr int64_t kLargestSpec = 1 << 20;

double monotonic_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// A document with its specs by name.
class Document final : public RewardSpec {
 public:
  Document(std::string place, std::string hash)
      : place_(std::move(place)), hash_(std::move(hash)) {}

  Result<void> read(const SpecNode& root) {
    if (auto entries = root.entries(); !entries)
      return entries.error();
    const std::array<std::string, 2> known = {"specs", "tests"};
    if (auto done = root.only(known); !done)
      return done;
    if (auto done = read_specs(root); !done)
      return done;
    if (!root.has("tests"))
      return {};
    auto fixtures = read_fixtures(root.at("tests").value(), names());
    if (!fixtures)
      return fixtures.error();
    fixtures_ = std::move(fixtures.value());
    for (const Fixture& fixture : fixtures_)
      if (auto done = check_prompt(*fixture.group.prompt); !done)
        return Error{done.error().code, fixture.place + ": " + done.error().message};
    return {};
  }

  std::vector<std::string> names() const override {
    std::vector<std::string> all;
    for (const TaskSpec& spec : specs_)
      all.push_back(spec.name);
    return all;
  }

  Result<void> check_prompt(const Prompt& prompt) const override {
    const TaskSpec* const spec = find(prompt.reward);
    if (spec == nullptr)
      return Error{Errc::kInvalidConfig, unknown_spec(prompt)};
    for (const TruthField& field : spec->needs())
      if (auto done = check_truth(field, prompt.task, prompt.truth); !done)
        return done;
    return {};
  }

  std::vector<Outcome> score(const Group& group) const override {
    const TaskSpec* const spec = find(group.prompt->reward);
    if (spec != nullptr)
      return score_group(*spec, group, monotonic_seconds);
    Outcome outcome;
    outcome.kind = Outcome::Kind::kInfraError;
    outcome.reason = unknown_spec(*group.prompt);
    return std::vector<Outcome>(group.trajectories.size(), outcome);
  }

  std::string hash() const override { return hash_; }
  const std::vector<Fixture>& fixtures() const override { return fixtures_; }

 private:
  Result<void> read_specs(const SpecNode& root) {
    const auto list = root.at("specs");
    if (!list)
      return list.error();
    const auto entries = list.value().entries();
    if (!entries)
      return entries.error();
    if (entries.value().empty())
      return list.value().error("must not be empty");
    for (const auto& [name, node] : entries.value()) {
      auto spec = TaskSpec::read(name, node);
      if (!spec)
        return spec.error();
      specs_.push_back(std::move(spec.value()));
    }
    return {};
  }

  const TaskSpec* find(const std::string& name) const {
    for (const TaskSpec& spec : specs_)
      if (spec.name == name)
        return &spec;
    return nullptr;
  }

  std::string unknown_spec(const Prompt& prompt) const {
    std::string list;
    for (const TaskSpec& spec : specs_)
      list += (list.empty() ? "" : ", ") + spec.name;
    return place_ + ": specs: the data of task '" + prompt.task + "' asks for spec '" +
           prompt.reward + "'; the file has " + list + did_you_mean(prompt.reward, names());
  }

  std::string place_;
  std::string hash_;
  std::vector<TaskSpec> specs_;
  std::vector<Fixture> fixtures_;
};

}  // namespace

Result<std::shared_ptr<const RewardSpec>> RewardSpec::parse(const std::string& yaml,
                                                            const std::string& place) {
  const auto root = SpecNode::parse(yaml, place);
  if (!root)
    return root.error();
  auto document = std::make_shared<Document>(place, xxh3_128_hex(bytes_of(yaml)));
  if (auto done = document->read(root.value()); !done)
    return done.error();
  return std::shared_ptr<const RewardSpec>(std::move(document));
}

Result<std::shared_ptr<const RewardSpec>> RewardSpec::read(const std::string& path) {
  auto text = read_file(path, kLargestSpec);
  if (!text)
    return text.error();
  return parse(text.value(), path);
}

const std::vector<Fixture>& RewardSpec::fixtures() const {
  static const std::vector<Fixture> kNone;
  return kNone;
}

}  // namespace nelumbo
