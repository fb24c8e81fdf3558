// SPDX-License-Identifier: Apache-2.0
#include "learner/layered_pass.h"

#include <vector>

#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/grad_mode.h>

#include "model/row_places.h"
#include "tests/support/lesson_fixture.h"

namespace nelumbo {
namespace {

/// A rank that holds all slices, beside ops that hold all values.
class LayeredPassTest : public LessonFixture {
 protected:
  LayeredPassTest() {
    // One lesson without a picture: its batch skips the tower.
    auto all = lessons();
    std::erase(all[1].prefix, *policy_.network.config.image_token_id);
    all[1].pixels.clear();
    batches_ = pack(all, {.image_token_id = policy_.network.config.image_token_id,
                          .layout = row_layout(policy_.network.config),
                          .max_tokens = 40});
    whole_.put_off_token_rows(true);  // the table is the head, too
    cut(std::vector<Treatment>(policy_.weights->size(), Treatment::kTrained));
  }

  void cut(const std::vector<Treatment>& treatments) {
    shards_.take(treatments,
                 [&](size_t i) { return std::span<const float>((*policy_.weights)[i].values); });
    for (size_t i = 0; i < treatments.size(); ++i)
      whole_.parameters()[i].value.set_requires_grad(treatments[i] == Treatment::kTrained);
  }

  BatchWork learn(TrainOps& ops, std::vector<float>* losses) {
    return [&ops, losses](const PackedBatch&, const at::Tensor& hidden) {
      const at::Tensor sum = ops.head(hidden, 1)[0].sum();
      losses->push_back(sum.item<float>());
      if (sum.requires_grad())
        torch::autograd::backward({sum});
    };
  }

  /// The log-probs and gradients of both ways, which must be the same bits.
  void compare() {
    std::vector<float> whole, layered;
    for (const PackedBatch& batch : batches_)
      learn(whole_, &whole)(batch, forward_batch(whole_, batch));
    whole_.add_token_rows();
    ASSERT_TRUE(layered_pass(cut_, shards_, batches_, learn(cut_, &layered)).ok());
    EXPECT_EQ(whole, layered);
    for (size_t i = 0; i < cut_.parameters().size(); ++i) {
      const auto expected = values_of(whole_.parameters()[i].value.grad());
      const std::vector<float>& found = cut_.parameters()[i].gradient;
      EXPECT_EQ(std::vector<float>(expected.begin(), expected.end()), found)
          << policy_.network.parameters[i].name;
    }
  }

  std::vector<PackedBatch> batches_;
  TrainOps whole_{policy_.network, *policy_.weights, team_};
  TrainOps cut_{policy_.network, team_};
  LearnerRanks ranks_;
  UnitShards shards_{cut_, network_units(policy_.network, std::nullopt), ranks_};
};

TEST_F(LayeredPassTest, HasTheBitsOfPassingBatchByBatch) {
  ASSERT_GE(batches_.size(), 2U);
  compare();
}

TEST_F(LayeredPassTest, GoesBackNoFurtherThanWhatIsTrained) {
  std::vector<Treatment> treatments;
  for (const ParameterInfo& info : policy_.network.parameters)
    treatments.push_back(info.name.find(".layers.1.") == std::string::npos ? Treatment::kFrozen
                                                                           : Treatment::kTrained);
  cut(treatments);
  compare();
}

TEST_F(LayeredPassTest, RemembersNothingWhereNothingIsLearnt) {
  const torch::autograd::AutoGradMode no_gradients(false);
  std::vector<float> losses;
  ASSERT_TRUE(layered_pass(cut_, shards_, batches_, learn(cut_, &losses)).ok());
  EXPECT_EQ(losses.size(), batches_.size());
  for (const TrainParameter& p : cut_.parameters())
    for (const float x : p.gradient)
      ASSERT_EQ(x, 0);
}

TEST_F(LayeredPassTest, PassesUnitsWithoutBatches) {
  std::vector<float> losses;
  ASSERT_TRUE(layered_pass(cut_, shards_, {}, learn(cut_, &losses)).ok());
  EXPECT_TRUE(losses.empty());
  EXPECT_GT(shards_.peak_bytes(), 0);
}

}  // namespace
}  // namespace nelumbo
