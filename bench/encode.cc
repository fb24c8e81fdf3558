// SPDX-License-Identifier: Apache-2.0
#include "bench/encode.h"

#include <algorithm>
#include <vector>

#include "base/file.h"
#include "base/text.h"
#include "model/tokenizer.h"

namespace nelumbo {
namespace {

constexpr double kPromised = 5;  // MB/s
constexpr int64_t kLongestText = 64 << 20;

}  // namespace

Result<Figure> measure_encode(const std::string& model, const std::string& data, int64_t repeats) {
  const Result<Tokenizer> tokenizer = Tokenizer::read(model + "/tokenizer.json");
  if (!tokenizer)
    return tokenizer.error();
  const Result<std::string> text = read_file(data + "/gsm8k/train.jsonl", kLongestText);
  if (!text)
    return text.error();
  int64_t tokens = 0;
  double best = 0;
  for (int64_t i = 0; i < repeats; ++i) {
    tokens = 0;
    const double start = processor_seconds();
    for (std::string_view rest = text.value(); !rest.empty();)
      tokens +=
          std::ssize(tokenizer.value().encode(take_until("\n", &rest), Tokenizer::Control::kPlain));
    best = std::max(best,
                    static_cast<double>(text.value().size()) / 1e6 / (processor_seconds() - start));
  }
  return Figure{.name = "encode",
                .unit = "MB/s",
                .own = {"one core", best},
                .anchor = {"the least that is promised", kPromised},
                .details = {{"bytes", text.value().size()}, {"tokens", tokens}}};
}

}  // namespace nelumbo
