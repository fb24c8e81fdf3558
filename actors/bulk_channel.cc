// SPDX-License-Identifier: Apache-2.0
#include "actors/bulk_channel.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <exception>
#include <map>
#include <mutex>
#include <span>
#include <thread>
#include <utility>

#include <sys/eventfd.h>
#include <unistd.h>
#include <zmq.hpp>

#include "actors/bulk_socket.h"
#include "base/check.h"
#include "base/hash.h"

namespace nelumbo {
namespace {

using Clock = std::chrono::steady_clock;
using Bytes = BulkSocket::Bytes;

constexpr std::chrono::milliseconds kTick{20};
constexpr std::chrono::milliseconds kForEver{-1};
constexpr size_t kMostChunk = size_t{64} << 20;
constexpr int kMostWindow = 64;
constexpr size_t kMostName = 255;
constexpr int kBurst = 64;

/// Wakes the thread that waits for its descriptor.
class Bell {
 public:
  Bell() : descriptor_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
  ~Bell() { ::close(descriptor_); }
  Bell(const Bell&) = delete;
  Bell& operator=(const Bell&) = delete;

  bool ok() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }
  void ring() {
    const uint64_t one = 1;
    // Fails only when the counter is full, and then the bell rings already.
    [[maybe_unused]] const ssize_t written = ::write(descriptor_, &one, sizeof(one));
  }
  void quiet() {
    uint64_t times = 0;
    [[maybe_unused]] const ssize_t got = ::read(descriptor_, &times, sizeof(times));
  }

 private:
  int descriptor_;
};

struct Offer {
  Bytes bytes;
  std::vector<uint64_t> chunks;  ///< their hashes
  uint64_t hash = 0;

  /// Of any part; that of a chunk is known.
  uint64_t hash_of(uint64_t offset, uint64_t length, uint64_t chunk) const {
    if (offset % chunk == 0 && length == std::min(chunk, bytes->size() - offset) &&
        offset / chunk < chunks.size())
      return chunks[offset / chunk];
    return xxh3_64(std::as_bytes(std::span(*bytes).subspan(offset, length)));
  }
};

struct Order {
  std::string peer;
  BulkRef ref;
  BulkChannel::Fetched done;

  void refuse(Errc code, const std::string& why) const {
    done(Error{code, "object " + std::to_string(ref.object) + " from '" + peer + "': " + why});
  }
};

Result<void> check(const BulkLimits& limits) {
  if (limits.chunk == 0 || limits.chunk > kMostChunk)
    return Error{Errc::kInvalidConfig, "bulk chunk: must be 1 to " + std::to_string(kMostChunk)};
  if (limits.window < 1 || limits.window > kMostWindow)
    return Error{Errc::kInvalidConfig, "bulk window: must be 1 to " + std::to_string(kMostWindow)};
  return {};
}

}  // namespace

/// The thread of a channel, and what others share with it.
class BulkChannel::Thread {
 public:
  Thread(const BulkLimits& limits, zmq::socket_type type)
      : limits_(limits),
        socket_(type, limits.chunk),
        fetches_(limits, [this](const std::string& peer, const BulkHeader& get) {
          return socket_.send(peer, get);
        }) {}
  ~Thread() { stop(); }
  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;

  /// Before start() alone.
  BulkSocket& socket() { return socket_; }
  bool start();

  uint16_t port() const { return socket_.port(); }
  uint64_t dropped() const { return dropped_; }
  uint64_t bytes_on_offer();
  BulkRef offer(Bytes bytes);
  void withdraw(const BulkRef& ref);
  void fetch(Order order);

 private:
  void stop();
  void run();
  void work();
  bool take_orders(std::vector<Order>& orders);
  void begin(Order order);
  void handle(const BulkSocket::Message& message);
  void serve(const std::string& peer, const BulkHeader& get);
  void refuse_all(const std::string& why);

  const BulkLimits limits_;
  // Of the thread alone.
  BulkSocket socket_;
  BulkFetches fetches_;
  // Shared.
  Bell bell_;
  std::atomic<uint64_t> dropped_ = 0;
  std::mutex mutex_;
  std::map<uint64_t, std::shared_ptr<const Offer>> offers_;
  uint64_t last_object_ = 0;
  std::vector<Order> orders_;
  bool ending_ = false;

  std::thread thread_;
};

bool BulkChannel::Thread::start() {
  if (!bell_.ok())
    return false;
  thread_ = std::thread([this] { run(); });
  return true;
}

void BulkChannel::Thread::stop() {
  if (!thread_.joinable())
    return;
  NELUMBO_CHECK(thread_.get_id() != std::this_thread::get_id()) << "a callback ends its channel";
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  bell_.ring();
  thread_.join();
}

uint64_t BulkChannel::Thread::bytes_on_offer() {
  const std::lock_guard lock(mutex_);
  uint64_t sum = 0;
  for (const auto& [object, offer] : offers_)
    sum += offer->bytes->size();
  return sum;
}

BulkRef BulkChannel::Thread::offer(Bytes bytes) {
  NELUMBO_CHECK(bytes != nullptr) << "nothing is offered";
  auto made = std::make_shared<Offer>();
  made->chunks = chunk_hashes(std::as_bytes(std::span(*bytes)), limits_.chunk);
  made->hash = object_hash(made->chunks);
  made->bytes = std::move(bytes);
  const uint64_t size = made->bytes->size(), hash = made->hash;
  const std::lock_guard lock(mutex_);
  offers_[++last_object_] = std::move(made);
  return {last_object_, size, hash};
}

void BulkChannel::Thread::withdraw(const BulkRef& ref) {
  std::shared_ptr<const Offer> last;  // may be the end of the bytes: not under the lock
  const std::lock_guard lock(mutex_);
  const auto found = offers_.find(ref.object);
  if (found == offers_.end() || found->second->hash != ref.hash)
    return;
  last = std::move(found->second);
  offers_.erase(found);
}

void BulkChannel::Thread::fetch(Order order) {
  {
    const std::lock_guard lock(mutex_);
    orders_.push_back(std::move(order));
  }
  bell_.ring();
}

void BulkChannel::Thread::run() {
  sigset_t all;  // a signal would end a call in the middle of a message
  sigfillset(&all);
  ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
  try {
    work();
    refuse_all("the channel has ended");
  } catch (const zmq::error_t& error) {
    refuse_all(std::string("the channel has failed: ") + error.what());
  }
}

void BulkChannel::Thread::work() {
  Clock::time_point ticked = Clock::now();
  std::vector<Order> orders;
  while (take_orders(orders)) {
    for (Order& order : std::exchange(orders, {}))
      begin(std::move(order));
    if (socket_.wait(bell_.descriptor(), fetches_.idle() ? kForEver : kTick))
      bell_.quiet();
    for (int i = 0; i < kBurst; ++i) {
      const auto message = socket_.receive();
      if (!message)
        break;
      handle(*message);
    }
    if (Clock::now() - ticked < kTick)
      continue;
    ticked = Clock::now();
    fetches_.tick(ticked);
  }
}

/// Takes what is ordered, unless the channel ends, and says whether it goes on.
bool BulkChannel::Thread::take_orders(std::vector<Order>& orders) {
  const std::lock_guard lock(mutex_);
  if (!ending_)
    orders.swap(orders_);
  return !ending_;
}

void BulkChannel::Thread::begin(Order order) {
  if (order.peer.empty() != socket_.dials())
    return order.refuse(Errc::kInvalidConfig, "this end can have no such peer");
  fetches_.begin(order.peer, order.ref, std::move(order.done), Clock::now());
}

void BulkChannel::Thread::handle(const BulkSocket::Message& message) {
  const std::string& peer = message.peer;
  const std::vector<zmq::message_t>& frames = message.frames;
  const auto header = frames.empty() ? std::nullopt : unpack_bulk_header(bytes_of(frames[0]));
  const bool chunk = header && header->kind == BulkKind::kChunk;
  if (!message.own_name || !header || frames.size() != (chunk ? 2u : 1u))
    ++dropped_;
  else if (header->kind == BulkKind::kGet)
    serve(peer, *header);
  else if (!fetches_.take(peer, *header, bytes_of(frames.back()), Clock::now()))
    ++dropped_;
}

void BulkChannel::Thread::serve(const std::string& peer, const BulkHeader& get) {
  std::shared_ptr<const Offer> offer;
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = offers_.find(get.object); found != offers_.end())
      offer = found->second;
  }
  BulkHeader answer = get;
  if (!offer || offer->hash != get.hash) {
    answer.kind = BulkKind::kGone;
    socket_.send(peer, answer);
    return;
  }
  const uint64_t size = offer->bytes->size();
  if (get.length > limits_.chunk || get.offset > size || get.length > size - get.offset) {
    ++dropped_;
    return;
  }
  answer.kind = BulkKind::kChunk;
  answer.hash = offer->hash_of(get.offset, get.length, limits_.chunk);
  socket_.send(peer, answer, offer->bytes);  // what does not fit is asked for again
}

/// Ends every fetch, and those that are ordered until the channel ends.
void BulkChannel::Thread::refuse_all(const std::string& why) {
  fetches_.end_all(why);
  for (bool ending = false; !ending;) {
    std::vector<Order> orders;
    {
      std::unique_lock lock(mutex_);
      ending = ending_;
      orders.swap(orders_);
    }
    for (const Order& order : orders)
      order.refuse(Errc::kUnavailable, why);
    if (!ending)
      std::this_thread::sleep_for(kTick);
  }
}

namespace {

/// A running thread whose socket `prepare` has connected.
template <class Thread, class Prepare>
Result<std::unique_ptr<Thread>> running(const BulkLimits& limits, zmq::socket_type type,
                                        const std::string& where, Prepare prepare) {
  if (const auto fit = check(limits); !fit.ok())
    return fit.error();
  try {
    auto thread = std::make_unique<Thread>(limits, type);
    prepare(thread->socket());
    if (!thread->start())
      return Error{Errc::kEnvironment, where + ": no file descriptor is left"};
    return thread;
  } catch (const std::exception& error) {  // of ZeroMQ, or no thread could be made
    return Error{Errc::kEnvironment, where + ": " + error.what()};
  }
}

}  // namespace

BulkChannel::BulkChannel(std::unique_ptr<Thread> thread) : thread_(std::move(thread)) {}

BulkChannel::~BulkChannel() = default;

Result<std::unique_ptr<BulkChannel>> BulkChannel::listen(const BulkLimits& limits,
                                                         std::optional<uint16_t> port,
                                                         const BulkPlace& place) {
  auto thread = running<Thread>(
      limits, zmq::socket_type::router,
      "bulk channel that listens on " + place.host + ":" + (port ? std::to_string(*port) : "any"),
      [&](BulkSocket& socket) { socket.listen(port, place); });
  if (!thread.ok())
    return thread.error();
  return std::unique_ptr<BulkChannel>(new BulkChannel(std::move(thread.value())));
}

Result<std::unique_ptr<BulkChannel>> BulkChannel::dial(uint16_t port, const std::string& name,
                                                       const BulkLimits& limits,
                                                       const BulkPlace& place) {
  if (name.empty() || name.size() > kMostName || name[0] == '\0')
    return Error{Errc::kInvalidConfig, "name of a bulk channel: must have 1 to " +
                                           std::to_string(kMostName) + " bytes, the first not 0"};
  auto thread = running<Thread>(limits, zmq::socket_type::dealer,
                                "bulk channel that dials " + text_of({place.host, port}),
                                [&](BulkSocket& socket) { socket.dial(port, name, place); });
  if (!thread.ok())
    return thread.error();
  return std::unique_ptr<BulkChannel>(new BulkChannel(std::move(thread.value())));
}

uint16_t BulkChannel::port() const {
  return thread_->port();
}

uint64_t BulkChannel::dropped() const {
  return thread_->dropped();
}

uint64_t BulkChannel::bytes_on_offer() const {
  return thread_->bytes_on_offer();
}

BulkRef BulkChannel::offer(std::shared_ptr<const std::vector<char>> bytes) {
  return thread_->offer(std::move(bytes));
}

void BulkChannel::withdraw(const BulkRef& ref) {
  thread_->withdraw(ref);
}

void BulkChannel::fetch(const std::string& peer, const BulkRef& ref, Fetched done) {
  thread_->fetch({peer, ref, std::move(done)});
}

}  // namespace nelumbo
