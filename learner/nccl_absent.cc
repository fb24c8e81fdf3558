// SPDX-License-Identifier: Apache-2.0
// In place of nccl_device.cc in a build without NCCL.
#include "learner/nccl_device.h"

namespace nelumbo {

Result<void> require_nccl(int64_t /*ranks*/) {
  return Error{Errc::kEnvironment,
               "placement.collectives: this program was built without NCCL; run scripts/setup.sh "
               "--nccl and build it anew with -DNELUMBO_NCCL=ON, or set gloo"};
}

Result<std::unique_ptr<NcclDevice>> nccl_device(int64_t rank) {
  return require_nccl(rank + 1).error();
}

}  // namespace nelumbo
