// SPDX-License-Identifier: Apache-2.0
// Part of builds with NCCL. The functions of CUDA's runtime and of NCCL that nccl_device.cc calls
// stand here once more, under their own names and with the types of their own headers, and work in
// memory of the host: a program takes its own before those of a library.
#include "learner/nccl_device.h"

#include <algorithm>
#include <atomic>
#include <barrier>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <cuda_runtime_api.h>
#include <gtest/gtest.h>
#include <nccl.h>

#include "learner/nccl_collectives.h"
#include "tests/support/rank_store.h"

/// A stream: what is queued goes on when it is asked whether it is done.
struct CUstream_st {
  std::deque<std::function<bool()>> queue;
};

struct ncclComm {
  int rank = 0, size = 0, device = -1;
  std::string id;
  bool finalized = false;
};

namespace {

/// What the doubles know and count.
struct Doubles {
  std::recursive_mutex guard;
  cudaError_t no_devices = cudaSuccess;  ///< what asking for GPUs answers
  int devices = 8;
  ncclResult_t send_answers = ncclSuccess;
  ncclResult_t comm_state = ncclSuccess;  ///< of all
  std::map<std::string, std::set<int>> met;
  std::map<std::pair<int, int>, std::deque<std::string>> on_their_way;
  int memory = 0, streams = 0, comms = 0, destroyed = 0, aborted = 0, ids = 0;
  std::set<int> devices_used;
};
Doubles doubles;
thread_local int device_of_thread = 0;
thread_local int groups = 0;
thread_local std::vector<std::function<bool()>> grouped_sends, grouped_receives;
thread_local cudaStream_t group_stream = nullptr;

using Lock = std::lock_guard<std::recursive_mutex>;

}  // namespace

extern "C" {

cudaError_t cudaGetDeviceCount(int* count) {
  *count = doubles.devices;
  return doubles.no_devices;
}
cudaError_t cudaSetDevice(int device) {
  device_of_thread = device;
  return device < doubles.devices ? cudaSuccess : cudaErrorInvalidDevice;
}
const char* cudaGetErrorString(cudaError_t error) {
  return error == cudaErrorNoDevice ? "no CUDA-capable device is detected" : "another error";
}
cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned int flags) {
  EXPECT_EQ(flags, static_cast<unsigned int>(cudaStreamNonBlocking));
  const Lock lock(doubles.guard);
  ++doubles.streams;
  *stream = new CUstream_st;
  return cudaSuccess;
}
cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  const Lock lock(doubles.guard);
  --doubles.streams;
  delete stream;
  return cudaSuccess;
}
cudaError_t cudaStreamQuery(cudaStream_t stream) {
  const Lock lock(doubles.guard);
  while (!stream->queue.empty() && stream->queue.front()())
    stream->queue.pop_front();
  return stream->queue.empty() ? cudaSuccess : cudaErrorNotReady;
}
cudaError_t cudaMalloc(void** memory, size_t bytes) {
  const Lock lock(doubles.guard);
  ++doubles.memory;
  *memory = std::malloc(bytes);
  return cudaSuccess;
}
cudaError_t cudaFree(void* memory) {
  const Lock lock(doubles.guard);
  --doubles.memory;
  std::free(memory);
  return cudaSuccess;
}
cudaError_t cudaMemcpyAsync(void* to, const void* from, size_t bytes, cudaMemcpyKind kind,
                            cudaStream_t stream) {
  const Lock lock(doubles.guard);
  EXPECT_TRUE(stream->queue.empty()) << "the copy would wait";
  EXPECT_TRUE(kind == cudaMemcpyHostToDevice || kind == cudaMemcpyDeviceToHost);
  std::memcpy(to, from, bytes);
  return cudaSuccess;
}

ncclResult_t ncclGetUniqueId(ncclUniqueId* id) {
  const Lock lock(doubles.guard);
  std::memset(id->internal, '0' + ++doubles.ids, sizeof id->internal);
  return ncclSuccess;
}
ncclResult_t ncclCommInitRankConfig(ncclComm_t* comm, int size, ncclUniqueId id, int rank,
                                    ncclConfig_t* config) {
  const Lock lock(doubles.guard);
  EXPECT_EQ(config->blocking, 0);
  EXPECT_EQ(config->size, sizeof(ncclConfig_t));
  ++doubles.comms;
  *comm = new ncclComm{rank, size, device_of_thread, std::string(id.internal, sizeof id.internal),
                       false};
  doubles.devices_used.insert(device_of_thread);
  doubles.met[(*comm)->id].insert(rank);
  return ncclInProgress;
}
ncclResult_t ncclCommGetAsyncError(ncclComm_t comm, ncclResult_t* state) {
  const Lock lock(doubles.guard);
  const bool all = std::ssize(doubles.met[comm->id]) == comm->size;
  *state = all ? doubles.comm_state : ncclInProgress;
  return ncclSuccess;
}
ncclResult_t ncclCommFinalize(ncclComm_t comm) {
  comm->finalized = true;
  return ncclInProgress;
}
ncclResult_t ncclCommDestroy(ncclComm_t comm) {
  const Lock lock(doubles.guard);
  EXPECT_TRUE(comm->finalized) << "it would wait";
  EXPECT_EQ(comm->device, device_of_thread);
  ++doubles.destroyed;
  delete comm;
  return ncclSuccess;
}
ncclResult_t ncclCommAbort(ncclComm_t comm) {
  const Lock lock(doubles.guard);
  EXPECT_EQ(comm->device, device_of_thread);
  ++doubles.aborted;
  delete comm;
  return ncclSuccess;
}
const char* ncclGetErrorString(ncclResult_t result) {
  return result == ncclRemoteError ? "remote process exited or there was a network error"
                                   : "another error";
}
const char* ncclGetLastError(ncclComm_t /*comm*/) {
  return "rank 1 is away";
}
ncclResult_t ncclGroupStart() {
  ++groups;
  return ncclSuccess;
}
ncclResult_t ncclGroupEnd() {
  const Lock lock(doubles.guard);
  EXPECT_EQ(groups--, 1);
  // All of a group go on together: no receive holds a send up.
  for (const auto* part : {&grouped_sends, &grouped_receives})
    for (const auto& begun : *part)
      group_stream->queue.push_back(begun);
  grouped_sends.clear();
  grouped_receives.clear();
  return ncclInProgress;
}
ncclResult_t ncclSend(const void* from, size_t count, ncclDataType_t type, int peer,
                      ncclComm_t comm, cudaStream_t stream) {
  EXPECT_EQ(groups, 1);
  EXPECT_EQ(type, ncclChar);
  group_stream = stream;
  const auto* bytes = static_cast<const char*>(from);
  grouped_sends.emplace_back([=] {
    doubles.on_their_way[{comm->rank, peer}].emplace_back(bytes, count);
    return true;
  });
  return doubles.send_answers;
}
ncclResult_t ncclRecv(void* to, size_t count, ncclDataType_t type, int peer, ncclComm_t comm,
                      cudaStream_t /*stream*/) {
  EXPECT_EQ(groups, 1);
  EXPECT_EQ(type, ncclChar);
  grouped_receives.emplace_back([=] {
    auto& waiting = doubles.on_their_way[{peer, comm->rank}];
    if (waiting.empty())
      return false;
    EXPECT_EQ(waiting.front().size(), count);
    std::memcpy(to, waiting.front().data(), count);
    waiting.pop_front();
    return true;
  });
  return ncclSuccess;
}

}  // extern "C"

namespace nelumbo {
namespace {

Deadline in(double seconds) {
  return std::chrono::steady_clock::now() + std::chrono::milliseconds(int64_t(1000 * seconds));
}

class NcclDevices : public testing::Test {
 protected:
  void SetUp() override {
    doubles.no_devices = cudaSuccess;
    doubles.devices = 8;
    doubles.send_answers = doubles.comm_state = ncclSuccess;
    doubles.comms = doubles.destroyed = doubles.aborted = doubles.ids = 0;
    doubles.met.clear();
    doubles.on_their_way.clear();
    doubles.devices_used.clear();
  }

  /// Runs every rank on a thread of its own, and waits until all that it held is free.
  void run(int size, const std::function<void(Collectives&)>& work) {
    std::vector<std::thread> threads;
    for (int r = 0; r < size; ++r)
      threads.emplace_back([&, r] {
        auto ranks = nccl_ranks(nccl_device(r), {store_, r, size}, in(60));
        ASSERT_TRUE(ranks.ok()) << ranks.error().message;
        work(*ranks.value());
      });
    for (std::thread& thread : threads)
      thread.join();
    const Deadline patience = in(60);
    while (held() > 0 && std::chrono::steady_clock::now() < patience)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    EXPECT_EQ(held(), 0);
    EXPECT_EQ(doubles.comms, size);
  }

  std::shared_ptr<c10d::Store> store_ = rank_store();

 private:
  static int held() {
    const Lock lock(doubles.guard);
    return doubles.memory + doubles.streams + doubles.comms - doubles.destroyed - doubles.aborted;
  }
};

TEST_F(NcclDevices, CarryWhatTheRanksTradeAndPartInPeace) {
  run(3, [](Collectives& ranks) {
    const auto r = float(ranks.rank());
    std::vector<float> mine(2), all(3);
    ASSERT_TRUE(
        ranks.reduce_scatter_sum(std::vector<float>{1, 2, 3, 4, 5, 6 + r}, mine, in(60)).ok());
    EXPECT_EQ(mine, (std::vector<float>{3 + 6 * r, r == 2 ? 21 : 6 + 6 * r}));
    ASSERT_TRUE(ranks.all_gather(std::vector<float>{r}, all, in(60)).ok());
    EXPECT_EQ(all, (std::vector<float>{0, 1, 2}));
  });
  EXPECT_EQ(doubles.destroyed, 3);
  EXPECT_EQ(doubles.devices_used, (std::set<int>{0, 1, 2})) << "rank r has the GPU r";
}

TEST_F(NcclDevices, ACallThatOneRankMissesIsAborted) {
  std::atomic<bool> over = false;
  run(2, [&](Collectives& ranks) {
    if (ranks.rank() == 0) {
      const auto missed = ranks.barrier(in(0.2));
      EXPECT_NE(missed.error().message.find("rank 1 did not come"), std::string::npos);
      over = true;
    }
    while (!over)
      std::this_thread::yield();
  });
  EXPECT_GE(doubles.aborted, 1);
}

TEST_F(NcclDevices, AnAsynchronousErrorEndsTheCall) {
  std::barrier both_met(2, []() noexcept { doubles.comm_state = ncclRemoteError; });
  run(2, [&](Collectives& ranks) {
    both_met.arrive_and_wait();
    const auto failed = ranks.barrier(in(60));
    ASSERT_FALSE(failed.ok());
    EXPECT_NE(failed.error().message.find("remote process exited"), std::string::npos)
        << failed.error().message;
    EXPECT_NE(failed.error().message.find("rank 1 is away"), std::string::npos);
  });
  EXPECT_EQ(doubles.aborted, 2);
}

TEST_F(NcclDevices, AGroupIsEndedBehindACallThatFails) {
  doubles.send_answers = ncclInvalidUsage;
  run(2, [&](Collectives& ranks) {
    const auto failed = ranks.barrier(in(60));
    ASSERT_FALSE(failed.ok());
    EXPECT_NE(failed.error().message.find("ncclSend: "), std::string::npos);
    EXPECT_EQ(groups, 0);
  });
  EXPECT_EQ(doubles.aborted, 2);
}

TEST_F(NcclDevices, TooFewAreAnErrorWithARemedy) {
  doubles.devices = 2;
  EXPECT_TRUE(require_nccl(2).ok());
  const auto few = require_nccl(3);
  ASSERT_FALSE(few.ok());
  EXPECT_EQ(few.error().code, Errc::kEnvironment);
  EXPECT_NE(few.error().message.find("each learner rank (3), and CUDA finds 2; "),
            std::string::npos)
      << few.error().message;
  EXPECT_EQ(nccl_device(2).error().message, few.error().message);
  doubles.no_devices = cudaErrorNoDevice;
  EXPECT_NE(require_nccl(1).error().message.find(
                "CUDA finds none: no CUDA-capable device is detected; set it to gloo"),
            std::string::npos);
}

}  // namespace
}  // namespace nelumbo
