// SPDX-License-Identifier: Apache-2.0
#include "bench/logprob.h"

#include <span>
#include <vector>

#include "base/rng.h"
#include "bench/figure.h"
#include "bench/limits.h"
#include "bench/plain_decoder.h"

namespace nelumbo {
namespace {

Buffer drawn(int64_t size, double scale) {
  Random random(1, Purpose::kData);
  Buffer values(size);
  for (float& value : std::span(values.data(), static_cast<size_t>(size)))
    value = static_cast<float>(scale * random.normal());
  return values;
}

double own_seconds(Team& team, const LogprobLoad& load, Precision precision, int64_t repeats) {
  const Buffer x = drawn(load.rows * load.width, 1);
  PackedMatrix w;
  w.precision = precision;
  pack(drawn(load.vocabulary * load.width, 0.02).data(), load.vocabulary, load.width, w);
  Random random(2, Purpose::kData);
  std::vector<int32_t> targets;
  for (int64_t i = 0; i < load.rows; ++i)
    targets.push_back(static_cast<int32_t>(random.below(load.vocabulary)));
  std::vector<float> logprobs(targets.size());
  return median_seconds(repeats, [&] {
    head(team, x.data(), load.rows, w, targets.data(), 1, logprobs.data(), nullptr);
  });
}

}  // namespace

Figure measure_logprob(Team& team, const LogprobLoad& load, Precision precision, int64_t repeats) {
  const double gflops = product_rate(team, precision, repeats);
  const double own = own_seconds(team, load, precision, repeats);
  const double anchor = median_seconds(
      repeats, plain_logprobs(load.rows, load.width, load.vocabulary, precision, team.threads()));
  const auto rows = static_cast<double>(load.rows);
  const auto size = static_cast<double>(load.width * load.vocabulary);
  return {.name = "logprob",
          .unit = "rows/s",
          .own = {"own head", rows / own},
          .anchor = {"LibTorch", rows / anchor},
          .limit = {"what products allow", gflops * 1e9 / (2 * size)},
          .details = {{"rows", load.rows},
                      {"width", load.width},
                      {"vocabulary", load.vocabulary},
                      {"threads", team.threads()},
                      {"gflops", gflops}}};
}

}  // namespace nelumbo
