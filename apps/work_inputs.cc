// SPDX-License-Identifier: Apache-2.0
#include "apps/work_inputs.h"

#include "base/hash.h"
#include "kernels/kernels.h"

namespace nelumbo {

Result<WorkInputs> work_inputs(const RunConfig& config, const StageInputs& inputs) {
  auto program = program_hash();
  if (!program)
    return program.error();
  return WorkInputs{{{"configuration", xxh3_128_hex(bytes_of(resolved_yaml(config)))},
                     {"data", inputs.data},
                     {"program", std::move(program).value()},
                     {"instruction set", to_string(isa())}}};
}

}  // namespace nelumbo
