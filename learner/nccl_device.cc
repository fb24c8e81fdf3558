// SPDX-License-Identifier: Apache-2.0
// In place of nccl_absent.cc in a build with NCCL. Each function here is one or two calls of a
// library; what they mean together stands in nccl_collectives.cc.
#include "learner/nccl_device.h"

#include <algorithm>
#include <bit>
#include <string>
#include <vector>

#include <cuda_runtime_api.h>
#include <nccl.h>

#include "base/check.h"

namespace nelumbo {
namespace {

static_assert(sizeof(NcclId) == sizeof(ncclUniqueId));

Result<void> checked(cudaError_t result, const std::string& call) {
  if (result == cudaSuccess)
    return {};
  return Error{Errc::kUnavailable, call + ": " + cudaGetErrorString(result)};
}

/// A call of a communicator that does not block may say that it goes on: `done` tells how it ends.
Result<void> checked(ncclResult_t result, const std::string& call) {
  if (result == ncclSuccess || result == ncclInProgress)
    return {};
  return Error{Errc::kUnavailable,
               call + ": " + ncclGetErrorString(result) + ": " + ncclGetLastError(nullptr)};
}

class CudaNccl : public NcclDevice {
 public:
  explicit CudaNccl(int ordinal) : ordinal_(ordinal) {}

  ~CudaNccl() override {
    // What these answer changes nothing: there is no other way to free anything.
    (void)cudaSetDevice(ordinal_);
    if (comm_ != nullptr)
      (void)(finished_ ? ncclCommDestroy(comm_) : ncclCommAbort(comm_));
    for (std::byte* memory : held_)
      (void)cudaFree(memory);
    if (stream_ != nullptr)
      (void)cudaStreamDestroy(stream_);
  }

  Result<NcclId> new_id() override {
    ncclUniqueId id;
    if (auto made = checked(ncclGetUniqueId(&id), "ncclGetUniqueId"); !made)
      return made.error();
    return std::bit_cast<NcclId>(id);
  }

  Result<void> join(const NcclId& id, int64_t rank, int64_t size) override {
    rank_ = rank;
    size_ = size;
    if (auto set = checked(cudaSetDevice(ordinal_), "cudaSetDevice"); !set)
      return set;
    if (auto made = checked(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking),
                            "cudaStreamCreateWithFlags");
        !made)
      return made;
    ncclConfig_t config = NCCL_CONFIG_INITIALIZER;
    config.blocking = 0;
    return checked(
        ncclCommInitRankConfig(&comm_, static_cast<int>(size), std::bit_cast<ncclUniqueId>(id),
                               static_cast<int>(rank), &config),
        "ncclCommInitRankConfig");
  }

  Result<std::byte*> allocate(size_t bytes) override {
    void* memory = nullptr;
    if (auto made = checked(cudaMalloc(&memory, bytes), "cudaMalloc"); !made)
      return made.error();
    held_.push_back(static_cast<std::byte*>(memory));
    return held_.back();
  }

  void release(std::byte* memory) override {
    NELUMBO_CHECK(std::erase(held_, memory) == 1) << "memory that was not allocated here";
    (void)cudaFree(memory);
  }

  Result<void> copy_in(std::byte* to, std::span<const std::byte> from) override {
    return checked(cudaMemcpyAsync(to, from.data(), from.size(), cudaMemcpyHostToDevice, stream_),
                   "cudaMemcpyAsync to the GPU");
  }

  Result<void> copy_out(std::span<std::byte> to, const std::byte* from) override {
    return checked(cudaMemcpyAsync(to.data(), from, to.size(), cudaMemcpyDeviceToHost, stream_),
                   "cudaMemcpyAsync from the GPU");
  }

  Result<void> exchange(const std::byte* sent, size_t stride, std::byte* received,
                        size_t piece) override {
    if (auto begun = checked(ncclGroupStart(), "ncclGroupStart"); !begun)
      return begun;
    Result<void> queued;
    for (int64_t r = 0; r < size_ && queued; ++r)
      if (r != rank_)
        queued = queue(static_cast<int>(r), sent + static_cast<size_t>(r) * stride,
                       received + static_cast<size_t>(r) * piece, piece);
    // A group that was begun is ended, also behind a call that failed.
    auto ended = checked(ncclGroupEnd(), "ncclGroupEnd");
    return queued ? ended : queued;
  }

  Result<bool> done() override {
    ncclResult_t state = ncclSuccess;
    if (auto asked = checked(ncclCommGetAsyncError(comm_, &state), "ncclCommGetAsyncError"); !asked)
      return asked.error();
    if (state == ncclInProgress)
      return false;
    if (auto well = checked(state, "NCCL"); !well)
      return well.error();
    const cudaError_t queue = cudaStreamQuery(stream_);
    if (queue == cudaErrorNotReady)
      return false;
    if (auto well = checked(queue, "cudaStreamQuery"); !well)
      return well.error();
    return true;
  }

  Result<void> finish() override {
    finished_ = true;
    return checked(ncclCommFinalize(comm_), "ncclCommFinalize");
  }

 private:
  Result<void> queue(int peer, const std::byte* sent, std::byte* received, size_t piece) {
    if (auto done = checked(ncclSend(sent, piece, ncclChar, peer, comm_, stream_), "ncclSend");
        !done)
      return done;
    return checked(ncclRecv(received, piece, ncclChar, peer, comm_, stream_), "ncclRecv");
  }

  int ordinal_;
  int64_t rank_ = 0, size_ = 1;
  cudaStream_t stream_ = nullptr;
  ncclComm_t comm_ = nullptr;
  bool finished_ = false;
  std::vector<std::byte*> held_;  ///< memory that is not freed yet
};

}  // namespace

Result<void> require_nccl(int64_t ranks) {
  int found = 0;
  const cudaError_t asked = cudaGetDeviceCount(&found);
  if (asked == cudaSuccess && found >= ranks)
    return {};
  const std::string why = asked == cudaSuccess ? std::to_string(found)
                                               : "none: " + std::string(cudaGetErrorString(asked));
  return Error{Errc::kEnvironment,
               "placement.collectives: nccl needs a GPU for each learner rank (" +
                   std::to_string(ranks) + "), and CUDA finds " + why +
                   "; set it to gloo, or lower placement.learners to the number of GPUs"};
}

Result<std::unique_ptr<NcclDevice>> nccl_device(int64_t rank) {
  if (auto there = require_nccl(rank + 1); !there)
    return there.error();
  return std::unique_ptr<NcclDevice>(std::make_unique<CudaNccl>(static_cast<int>(rank)));
}

}  // namespace nelumbo
