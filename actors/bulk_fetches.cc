// SPDX-License-Identifier: Apache-2.0
#include "actors/bulk_fetches.h"

#include <utility>

namespace nelumbo {

BulkFetches::BulkFetches(const BulkLimits& limits, Send send)
    : limits_(limits), send_(std::move(send)) {}

void BulkFetches::begin(const std::string& peer, const BulkRef& ref, Done done, Time now) {
  BulkTransfer transfer(peer, ref, limits_.chunk);
  if (ref.size > limits_.most_bytes)
    return done(transfer.failure(
        Errc::kBadData,
        "it is larger than the " + std::to_string(limits_.most_bytes) + " bytes allowed"));
  const auto [found, is_new] = peers_.try_emplace(peer);
  if (is_new)
    found->second.last = now;
  found->second.fetches.emplace(++last_ticket_, Fetch{std::move(transfer), std::move(done)});
  pump(peer, found->second, now);
}

void BulkFetches::pump(const std::string& name, Peer& peer, Time now) {
  for (auto& [ticket, fetch] : peer.fetches) {
    while (const auto chunk = fetch.transfer.next()) {
      if (peer.in_flight >= limits_.window)
        return;
      fetch.transfer.ask_next(now);
      ++peer.in_flight;
      if (!ask(name, ticket, fetch.transfer, *chunk))
        fetch.transfer.put_off(chunk->offset);
    }
  }
}

bool BulkFetches::ask(const std::string& name, uint64_t ticket, const BulkTransfer& transfer,
                      BulkTransfer::Chunk chunk) {
  return send_(name, {.kind = BulkKind::kGet,
                      .object = transfer.ref().object,
                      .ticket = ticket,
                      .offset = chunk.offset,
                      .length = chunk.length,
                      .hash = transfer.ref().hash});
}

void BulkFetches::ask_again(const std::string& name, uint64_t ticket, BulkTransfer& transfer,
                            Time now) {
  for (const BulkTransfer::Chunk& chunk : transfer.ask_again(now))
    if (!ask(name, ticket, transfer, chunk))
      transfer.put_off(chunk.offset);
}

bool BulkFetches::take(const std::string& peer, const BulkHeader& answer,
                       std::span<const std::byte> payload, Time now) {
  const auto found = peers_.find(peer);
  if (found == peers_.end())
    return false;
  const auto fetch = found->second.fetches.find(answer.ticket);
  if (fetch == found->second.fetches.end())
    return false;
  if (answer.kind == BulkKind::kChunk)
    return take_chunk(found, answer.ticket, answer, payload, now);
  const BulkTransfer& transfer = fetch->second.transfer;
  if (answer.kind != BulkKind::kGone || answer.object != transfer.ref().object || !transfer.begun())
    return false;
  end(found, answer.ticket,
      transfer.failure(Errc::kUnavailable, "it is not offered there any more"), now);
  return true;
}

bool BulkFetches::take_chunk(Peers::iterator peer, uint64_t ticket, const BulkHeader& chunk,
                             std::span<const std::byte> payload, Time now) {
  BulkTransfer& transfer = peer->second.fetches.at(ticket).transfer;
  const Result<bool> kept = transfer.take(chunk, payload, now);
  if (!kept.ok()) {
    end(peer, ticket, kept.error(), now);
    return false;
  }
  if (!kept.value()) {
    ask_again(peer->first, ticket, transfer, now);
    return false;
  }
  --peer->second.in_flight;
  peer->second.last = now;
  if (transfer.complete())
    end(peer, ticket, transfer.finish(), now);
  else
    pump(peer->first, peer->second, now);
  return true;
}

bool BulkFetches::stalled(const Peer& peer, const BulkTransfer& transfer, Time now) const {
  return now - (transfer.begun() ? transfer.last() : peer.last) > limits_.stall;
}

void BulkFetches::tick(Time now) {
  std::vector<std::pair<std::string, uint64_t>> ended;
  for (auto& [name, peer] : peers_) {
    for (auto& [ticket, fetch] : peer.fetches) {
      if (stalled(peer, fetch.transfer, now))
        ended.emplace_back(name, ticket);
      else
        ask_again(name, ticket, fetch.transfer, now);
    }
  }
  for (const auto& [name, ticket] : ended) {
    const auto peer = peers_.find(name);
    const Error error = peer->second.fetches.at(ticket).transfer.failure(
        Errc::kUnavailable,
        "nothing has come for " + std::to_string(limits_.stall.count()) + " ms");
    end(peer, ticket, error, now);
  }
}

void BulkFetches::end_all(const std::string& why) {
  for (auto& [name, peer] : std::exchange(peers_, {}))
    for (auto& [ticket, fetch] : peer.fetches)
      fetch.done(fetch.transfer.failure(Errc::kUnavailable, why));
}

void BulkFetches::end(Peers::iterator peer, uint64_t ticket, Result<std::vector<char>> result,
                      Time now) {
  const auto fetch = peer->second.fetches.extract(ticket);
  peer->second.in_flight -= static_cast<int>(fetch.mapped().transfer.in_flight());
  if (peer->second.fetches.empty())
    peers_.erase(peer);
  else
    pump(peer->first, peer->second, now);
  fetch.mapped().done(std::move(result));
}

}  // namespace nelumbo
