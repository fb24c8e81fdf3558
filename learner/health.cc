// SPDX-License-Identifier: Apache-2.0
#include "learner/health.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace nelumbo {
namespace {

Error not_a_state(const std::string& whose) {
  return {Errc::kBadData, "checkpoint: " + whose + ": not its numbers; take another checkpoint"};
}

std::string percent(double share) {
  return std::to_string(std::lround(100 * share)) + " %";
}

}  // namespace

Result<bool> NanGuard::admit(double loss, double gradient_norm, bool unwanted) {
  const bool finite = std::isfinite(loss) && std::isfinite(gradient_norm);
  if (finite && !unwanted) {
    in_a_row_ = 0;
    return true;
  }
  ++skipped_;
  if (++in_a_row_ < kPatience)
    return false;
  return Error{Errc::kDiverged,
               std::string(finite ? "loss, gradient or KL was a spike (guard.spike)"
                                  : "loss or gradient was not finite") +
                   " in " + std::to_string(kPatience) +
                   " steps in a row; lower optimizer.lr or optimizer.clip"};
}

std::vector<float> NanGuard::state() const {
  return {static_cast<float>(skipped_), static_cast<float>(in_a_row_)};
}

Result<void> NanGuard::restore(const std::vector<float>& state) {
  if (state.size() != 2)
    return not_a_state("NaN guard");
  skipped_ = static_cast<int64_t>(state[0]);
  in_a_row_ = static_cast<int64_t>(state[1]);
  return {};
}

Result<void> ZeroSpreadAlarm::see(double share) {
  shares_.push_back(static_cast<float>(share));
  if (std::ssize(shares_) > kWindow)
    shares_.pop_front();
  const double mean = std::accumulate(shares_.begin(), shares_.end(), 0.0) / kWindow;
  if (std::ssize(shares_) < kWindow || mean < limit_)
    return {};
  return Error{Errc::kDiverged,
               "rl: " + percent(mean) + " of the groups of the last " + std::to_string(kWindow) +
                   " steps had no spread (rl.zero_spread_alarm " + percent(limit_) +
                   "): the answers to a prompt are all alike; lower rl.optimizer.lr, raise "
                   "rl.entropy_bonus, or start from a policy that is right more often"};
}

Result<void> ZeroSpreadAlarm::restore(const std::vector<float>& state) {
  if (std::ssize(state) > kWindow)
    return not_a_state("zero-spread alarm");
  shares_.assign(state.begin(), state.end());
  return {};
}

std::optional<std::string> EntropyFloor::see(double entropy) {
  if (!std::isfinite(entropy))
    return std::nullopt;
  if (!first_)
    first_ = static_cast<float>(entropy);
  if (entropy >= share_ * double{*first_}) {
    below_ = 0;
    return std::nullopt;
  }
  const bool fell = below_ == 0;
  below_ = std::min(below_ + 1, kCollapse);
  if (!fell)
    return std::nullopt;
  return "rl: entropy " + std::to_string(entropy) + " is below rl.entropy_floor, " +
         percent(share_) + " of the first step's " + std::to_string(*first_) +
         ": the entropy bonus grows until it is back";
}

std::vector<float> EntropyFloor::state() const {
  if (!first_)
    return {};
  return {*first_, static_cast<float>(below_)};
}

Result<void> EntropyFloor::restore(const std::vector<float>& state) {
  if (state.empty()) {
    first_.reset();
    below_ = 0;
    return {};
  }
  if (state.size() != 2 || !(state[1] >= 0 && state[1] <= static_cast<float>(kCollapse)))
    return not_a_state("entropy floor");
  first_ = state[0];
  below_ = static_cast<int64_t>(state[1]);
  return {};
}

}  // namespace nelumbo
