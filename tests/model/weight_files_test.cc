// SPDX-License-Identifier: Apache-2.0
#include "model/weight_files.h"

#include <limits>

#include <gtest/gtest.h>

#include "tests/support/parity.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

class WeightFilesTest : public testing::Test {
 protected:
  WeightFiles open() {
    auto files = WeightFiles::open(folder_.path());
    NELUMBO_CHECK(files.ok()) << files.error().message;
    return std::move(files).value();
  }
  TemporaryFolder folder_;
};

TEST_F(WeightFilesTest, KnowShapesAndReadValuesFromAnywhere) {
  ASSERT_TRUE(write_safetensors(folder_ / "model.safetensors",
                                {{"b", {2, 3}, {1, 2, 3, 4, 5, 6}}, {"a", {1}, {7}}})
                  .ok());
  const WeightFiles files = open();
  EXPECT_EQ(files.shapes(), (std::vector<TensorShape>{{"a", {1}}, {"b", {2, 3}}}));
  std::vector<float> some(3);
  ASSERT_TRUE(files.read("b", 2, some).ok());
  EXPECT_EQ(some, (std::vector<float>{3, 4, 5}));
  EXPECT_EQ(files.read("a").value().values, std::vector<float>{7});
}

TEST_F(WeightFilesTest, NameTheValueThatIsNotFinite) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  ASSERT_TRUE(write_safetensors(folder_ / "model.safetensors", {{"a", {4}, {1, 2, 3, nan}}}).ok());
  std::vector<float> two(2);
  EXPECT_TRUE(open().read("a", 0, two).ok());
  const auto read = open().read("a", 2, two);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().message, folder_.path() + ": tensor 'a': value 3 is not finite");
}

TEST_F(WeightFilesTest, WidenHalvesAsReadingAllOfThemDoes) {
  const std::string folder = parity_folder("qwen2_bf16");
  const auto files = WeightFiles::open(folder);
  const auto all = read_weights(folder);
  ASSERT_TRUE(files.ok() && all.ok());
  for (const NamedTensor& tensor : all.value()) {
    const size_t middle = tensor.values.size() / 2;
    std::vector<float> half(tensor.values.size() - middle);
    ASSERT_TRUE(files.value().read(tensor.name, middle, half).ok());
    EXPECT_TRUE(std::equal(half.begin(), half.end(),
                           tensor.values.begin() + static_cast<std::ptrdiff_t>(middle)))
        << tensor.name;
  }
}

}  // namespace
}  // namespace nelumbo
