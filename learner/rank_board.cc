// SPDX-License-Identifier: Apache-2.0
#include "learner/rank_board.h"

#include <chrono>
#include <sstream>
#include <thread>
#include <vector>

#include <torch/csrc/distributed/c10d/Store.hpp>

#include "base/text.h"

namespace nelumbo {
namespace {

/// How long a rank whose call failed waits to hear where the others stand.
constexpr std::chrono::milliseconds kInquiry{500};

std::string key(int64_t rank) {
  return "failed/" + std::to_string(rank);
}

}  // namespace

void RankBoard::leave(const RankCall& call) {
  // Nobody is left to be told of a store that fails: the caller tells of its own end anyway.
  (void)publish(key(rank_), std::to_string(call.number) + " " + call.name);
}

bool RankBoard::someone_left(int64_t number) const {
  for (int64_t r = 0; r < size_; ++r)
    if (r != rank_)
      if (const auto place = place_of(r);
          place && (!place->name.empty() || place->number <= number))
        return true;
  return false;
}

std::string RankBoard::complaint(const RankCall& call, const std::string& why) {
  leave(call);
  std::this_thread::sleep_for(kInquiry);
  std::vector<std::string> elsewhere;
  for (int64_t r = 0; r < size_; ++r) {
    if (r == rank_)
      continue;
    const auto place = place_of(r);
    if (!place || place->name.empty())
      elsewhere.push_back("rank " + std::to_string(r) + " did not come");
    else if (place->text() != call.text())
      elsewhere.push_back("rank " + std::to_string(r) + " is in " + place->text());
  }
  return "learner rank " + std::to_string(rank_) + " of " + std::to_string(size_) + " waited in " +
         call.text() + ": " +
         (elsewhere.empty() ? "all ranks are in it" : joined(elsewhere, ", ")) + " (" + why + ")";
}

Result<void> RankBoard::publish(const std::string& key, const std::string& value) {
  try {
    store_->set(key, std::vector<uint8_t>(value.begin(), value.end()));
    return {};
  } catch (const std::exception& e) {
    return Error{Errc::kUnavailable, std::string("the ranks' store: ") + e.what()};
  }
}

std::optional<std::string> RankBoard::published(const std::string& key) const {
  try {
    if (!store_->check({key}))
      return std::nullopt;
    const std::vector<uint8_t> bytes = store_->get(key);
    return std::string(bytes.begin(), bytes.end());
  } catch (const std::exception& /*none to be had*/) {
    return std::nullopt;
  }
}

std::optional<RankCall> RankBoard::place_of(int64_t rank) const {
  const auto note = published(key(rank));
  if (!note)
    return std::nullopt;
  RankCall place;
  std::istringstream(*note) >> place.number >> place.name;
  return place;
}

}  // namespace nelumbo
