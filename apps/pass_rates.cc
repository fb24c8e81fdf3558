// SPDX-License-Identifier: Apache-2.0
#include "apps/pass_rates.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include <nlohmann/json.hpp>

#include "apps/json_fields.h"
#include "base/file.h"
#include "evaluation/metrics.h"

namespace nelumbo {
namespace {

using nlohmann::json;

constexpr int64_t kMostBytes = 64 << 20;

}  // namespace

PassRates::PassRates(std::string run, const FilterConfig& config)
    : path_(std::move(run) + "/filter/rates.json"), config_(config) {}

bool PassRates::in_range(const Count& count) const {
  const double rate = static_cast<double>(count.right) / static_cast<double>(count.answers);
  return rate >= config_.low && rate <= config_.high;
}

Result<void> PassRates::read() const {
  if (counts_)
    return {};
  const Result<std::string> text = read_file(path_, kMostBytes);
  if (!text)
    return Error{Errc::kBadData, path_ + ": cannot be read; remove the run and start it again"};
  const json document = json::parse(text.value(), nullptr, false);
  Counts counts;
  for (const json& prompt : array_of(document, "prompts")) {
    const auto right = number_of(prompt, "right"), answers = number_of(prompt, "answers");
    if (!right || !answers || !(*answers >= 1))
      return Error{Errc::kBadData, path_ + ": is damaged; remove the run and start it again"};
    counts[text_of(prompt, "id")] = {static_cast<int64_t>(*right), static_cast<int64_t>(*answers)};
  }
  counts_ = std::move(counts);
  return {};
}

Result<void> PassRates::write() const {
  json prompts = json::array();
  for (const auto& [id, count] : *counts_)
    prompts.push_back({{"id", id}, {"right", count.right}, {"answers", count.answers}});
  if (auto made = make_directories(std::filesystem::path(path_).parent_path().string()); !made)
    return made;
  const json document = {{"prompts", std::move(prompts)}};
  return write_file_atomic(path_,
                           document.dump(1, ' ', false, json::error_handler_t::replace) + "\n");
}

Result<Metrics> PassRates::keep(const std::vector<ScoredGroup>& groups) {
  const std::lock_guard lock(mutex_);
  std::error_code none;
  if (!counts_ && !std::filesystem::exists(path_, none))
    counts_.emplace();
  if (auto done = read(); !done)
    return done.error();
  for (const ScoredGroup& scored : groups) {
    Count count;
    for (const Trajectory& trajectory : scored.group->trajectories) {
      ++count.answers;
      count.right += score_answer(*scored.group->prompt, trajectory).score > 0.5 ? 1 : 0;
    }
    if (count.answers > 0)
      (*counts_)[scored.group->prompt->id] = count;
  }
  if (auto done = write(); !done)
    return done.error();
  double kept = 0, rate = 0;
  for (const auto& [id, count] : *counts_) {
    kept += in_range(count) ? 1 : 0;
    rate += static_cast<double>(count.right) / static_cast<double>(count.answers);
  }
  const auto prompts = static_cast<double>(counts_->size());
  return Metrics{{"filter/prompts", prompts},
                 {"filter/kept", kept},
                 {"filter/pass_rate", prompts > 0 ? rate / prompts : 0}};
}

Result<std::vector<bool>> PassRates::kept(std::span<const std::string> ids) const {
  const std::lock_guard lock(mutex_);
  if (auto done = read(); !done)
    return done.error();
  std::vector<bool> kept;
  for (const std::string& id : ids) {
    const auto at = counts_->find(id);
    kept.push_back(at != counts_->end() && in_range(at->second));
  }
  return kept;
}

}  // namespace nelumbo
