// SPDX-License-Identifier: Apache-2.0
#include "bench/bulk.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <future>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "actors/bulk_channel.h"
#include "base/check.h"
#include "base/memory_file.h"

namespace nelumbo {
namespace {

using Bytes = std::vector<char>;

constexpr size_t kPiece = size_t{1} << 20;
constexpr double kMega = 1e6;

/// Bytes that no page of memory shares with another.
std::shared_ptr<const Bytes> drawn_bytes(int64_t size) {
  auto bytes = std::make_shared<Bytes>(static_cast<size_t>(size));
  uint64_t state = 1;
  for (char& byte : *bytes) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    byte = static_cast<char>(state >> 56);
  }
  return bytes;
}

/// A coordinator's end and those of its engines.
class Channels {
 public:
  static Result<Channels> open(int64_t engines) {
    Channels made;
    auto coordinator = BulkChannel::listen({});
    if (!coordinator)
      return coordinator.error();
    made.coordinator_ = std::move(coordinator).value();
    for (int64_t i = 0; i < engines; ++i) {
      auto engine = BulkChannel::dial(made.coordinator_->port(), "engine" + std::to_string(i), {});
      if (!engine)
        return engine.error();
      made.engines_.push_back(std::move(engine).value());
    }
    return made;
  }

  /// Until every engine has the bytes; why one has not.
  Result<void> publish(const std::shared_ptr<const Bytes>& bytes) {
    const BulkRef ref = coordinator_->offer(bytes);
    std::vector<std::future<Result<Bytes>>> arrivals;
    for (const auto& engine : engines_) {
      auto promise = std::make_shared<std::promise<Result<Bytes>>>();
      arrivals.push_back(promise->get_future());
      engine->fetch("", ref, [promise](Result<Bytes> got) { promise->set_value(std::move(got)); });
    }
    std::optional<Error> trouble;
    for (auto& arrival : arrivals)
      if (const Result<Bytes> got = arrival.get(); !got)
        trouble = got.error();
    coordinator_->withdraw(ref);
    return trouble ? Result<void>(*trouble) : Result<void>();
  }

 private:
  std::unique_ptr<BulkChannel> coordinator_;
  std::vector<std::unique_ptr<BulkChannel>> engines_;
};

/// Both ends of a TCP connection over loopback, and where its bytes end.
class Connection {
 public:
  explicit Connection(int64_t bytes) : bytes_(static_cast<size_t>(bytes)) {
    const int door = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    from_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(place);
    auto* address = reinterpret_cast<sockaddr*>(&place);
    const bool made = ::bind(door, address, size) == 0 && ::listen(door, 1) == 0 &&
                      ::getsockname(door, address, &size) == 0 &&
                      ::connect(from_, address, size) == 0 &&
                      (to_ = ::accept(door, nullptr, nullptr)) >= 0;
    NELUMBO_CHECK(made) << "no connection over loopback: " << std::strerror(errno);
    ::close(door);
  }
  ~Connection() {
    ::close(from_);
    ::close(to_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void send(const Bytes& bytes) const {
    for (size_t at = 0; at < bytes.size();)
      at += moved(::send(from_, bytes.data() + at, std::min(kPiece, bytes.size() - at), 0));
  }
  void receive() {
    for (size_t at = 0; at < bytes_.size();)
      at += moved(::recv(to_, bytes_.data() + at, std::min(kPiece, bytes_.size() - at), 0));
  }

 private:
  static size_t moved(ssize_t bytes) {
    NELUMBO_CHECK(bytes > 0) << "the connection ended: " << std::strerror(errno);
    return static_cast<size_t>(bytes);
  }

  int from_ = -1, to_ = -1;
  Bytes bytes_;
};

/// MB/s of `engines` connections together.
double raw_speed(const Bytes& bytes, int64_t engines, int64_t repeats) {
  std::vector<std::unique_ptr<Connection>> connections;
  for (int64_t i = 0; i < engines; ++i)
    connections.push_back(std::make_unique<Connection>(std::ssize(bytes)));
  const double seconds = median_seconds(repeats, [&] {
    std::vector<std::jthread> threads;
    for (const auto& connection : connections) {
      threads.emplace_back([&bytes, &connection] { connection->send(bytes); });
      threads.emplace_back([&connection] { connection->receive(); });
    }
  });
  return static_cast<double>(engines * std::ssize(bytes)) / seconds / kMega;
}

Result<double> bulk_speed(const std::shared_ptr<const Bytes>& bytes, int64_t engines,
                          int64_t repeats) {
  auto channels = Channels::open(engines);
  if (!channels)
    return channels.error();
  Result<void> done;
  const double seconds = median_seconds(repeats, [&] {
    if (done)
      done = channels.value().publish(bytes);
  });
  if (!done)
    return done.error();
  return static_cast<double>(engines * std::ssize(*bytes)) / seconds / kMega;
}

/// Seconds until `engines` processes of this host have read the bytes out of its memory, each into
/// its own.
Result<double> nearby_seconds(const Bytes& bytes, int64_t engines, int64_t repeats) {
  auto file = MemoryFile::create();
  if (!file)
    return file.error();
  std::vector<Bytes> copies(static_cast<size_t>(engines), Bytes(bytes.size()));
  uint64_t name = 0;
  Result<void> done;
  const double seconds = median_seconds(repeats, [&] {
    done = file.value().write(bytes, ++name);
    std::vector<std::jthread> threads;
    for (Bytes& copy : copies)
      threads.emplace_back([&copy, name, path = file.value().path()] {
        const auto mapped = MappedMemory::open(path, copy.size(), name);
        NELUMBO_CHECK(mapped.ok()) << mapped.error().message;
        std::memcpy(copy.data(), mapped.value().bytes().data(), copy.size());
        NELUMBO_CHECK(mapped.value().unchanged()) << "others came in the middle";
      });
  });
  return done ? Result<double>(seconds) : done.error();
}

double copy_speed(const Bytes& bytes, int64_t repeats) {
  Bytes copy(bytes.size());
  const double seconds =
      median_seconds(repeats, [&] { std::memcpy(copy.data(), bytes.data(), bytes.size()); });
  NELUMBO_CHECK(copy == bytes) << "a copy differs";
  return static_cast<double>(std::ssize(bytes)) / seconds / kMega;
}

}  // namespace

Result<Figure> measure_bulk(int64_t bytes, int64_t repeats) {
  const auto drawn = drawn_bytes(bytes);
  const auto one = bulk_speed(drawn, 1, repeats);
  const auto two = bulk_speed(drawn, 2, repeats);
  if (!one || !two)
    return one ? two.error() : one.error();
  const auto near_one = nearby_seconds(*drawn, 1, repeats);
  const auto near_two = nearby_seconds(*drawn, 2, repeats);
  if (!near_one || !near_two)
    return near_one ? near_two.error() : near_one.error();
  const double copied = copy_speed(*drawn, repeats);
  const double copy_seconds = static_cast<double>(bytes) / copied / kMega;
  const double raw_one = raw_speed(*drawn, 1, repeats), raw_two = raw_speed(*drawn, 2, repeats);
  return Figure{.name = "bulk",
                .unit = "MB/s",
                .own = {"bulk channel, one engine", one.value()},
                .anchor = {"raw TCP", raw_one},
                .limit = {"a copy in memory", copied},
                .details = {{"bytes", bytes},
                            {"two_engines", two.value()},
                            {"two_raw_tcp", raw_two},
                            {"two_ratio", two.value() / raw_two},
                            {"same_host_ms", 1e3 * near_one.value()},
                            {"same_host_copies", near_one.value() / copy_seconds},
                            {"same_host_two_copies", near_two.value() / copy_seconds}}};
}

}  // namespace nelumbo
