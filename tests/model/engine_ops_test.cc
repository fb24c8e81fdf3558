// SPDX-License-Identifier: Apache-2.0
#include "model/engine_ops.h"

#include <memory>

#include <gtest/gtest.h>

#include "base/rng.h"
#include "model/forward.h"
#include "tests/support/small_model.h"

namespace nelumbo {
namespace {

/// Runs token rows of one sequence through the decoder, `chunk` rows a step.
class EngineOpsTest : public ::testing::Test {
 protected:
  std::vector<float> hidden_in_chunks(const std::vector<float>& x, int64_t chunk) {
    const int64_t width = network_.config.decoder.hidden_size;
    const int64_t rows = std::ssize(x) / width;
    std::vector<Buffer> memory;
    std::vector<float*> blocks;
    for (int64_t i = 0; i <= rows / kKeyBlock; ++i) {
      memory.emplace_back(block_floats(network_));
      blocks.push_back(memory.back().data());
    }
    std::vector<float> out;
    for (int64_t begin = 0; begin < rows; begin += chunk) {
      const int64_t end = std::min(rows, begin + chunk);
      PagedRows paged;
      for (int64_t row = begin; row < end; ++row) {
        paged.positions.push_back(static_cast<int32_t>(row));
        paged.places.push_back(static_cast<int32_t>(row));
        paged.blocks.emplace_back(blocks);
      }
      ops_.begin(weights_, &paged);
      const EngineOps::Tensor in = ops_.make(end - begin, width);
      std::copy(x.begin() + begin * width, x.begin() + end * width, in.data);
      const EngineOps::Tensor y = decoder_hidden(ops_, network_, in);
      out.insert(out.end(), y.data, y.data + y.rows * y.cols);
    }
    return out;
  }

  Network network_ = make_network(small_model());
  Team team_{2};
  EngineWeights weights_{network_, std::make_shared<const WeightSet>(initial_weights(network_, 5)),
                         team_};
  EngineOps ops_{network_, team_};
};

TEST_F(EngineOpsTest, TokenByTokenGivesTheBitsOfOnePass) {
  Random random(1, Purpose::kData);
  std::vector<float> x(static_cast<size_t>(37 * network_.config.decoder.hidden_size));
  for (float& value : x)
    value = static_cast<float>(random.normal());
  const auto whole = hidden_in_chunks(x, 37);
  EXPECT_EQ(hidden_in_chunks(x, 1), whole);
  EXPECT_EQ(hidden_in_chunks(x, 5), whole);
}

TEST_F(EngineOpsTest, APictureIsEncodedAlikeAloneAndAmongOthers) {
  Random random(2, Purpose::kData);
  std::vector<Pixels> pixels;
  for (int i = 0; i < 3; ++i) {
    Picture picture{16, 16, std::vector<float>(3 * 16 * 16)};
    for (float& value : picture.values)
      value = static_cast<float>(random.normal());
    pixels.push_back(std::make_shared<const Picture>(std::move(picture)));
  }
  ops_.begin(weights_, nullptr);
  const EngineOps::Tensor all = image_features(ops_, network_, pixels);
  ASSERT_EQ(all.rows, 3 * network_.config.image_tokens());
  const std::vector<float> last(all.data + all.rows / 3 * 2 * all.cols,
                                all.data + all.rows * all.cols);
  const EngineOps::Tensor alone = image_features(ops_, network_, std::span(pixels).subspan(2));
  EXPECT_EQ(std::vector<float>(alone.data, alone.data + alone.rows * alone.cols), last);
}

}  // namespace
}  // namespace nelumbo
