// SPDX-License-Identifier: Apache-2.0
#include "model/family.h"

#include <set>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/parity.h"

namespace nelumbo {
namespace {

TEST(Families, AreFoundByArchitectureAndType) {
  std::set<std::string> names;
  for (const Family* family : families()) {
    EXPECT_EQ(find_family(family->architecture), family);
    for (const char* type : family->model_types)
      EXPECT_EQ(find_family_of_type(type), family) << type;
    EXPECT_TRUE(names.insert(family->architecture).second);
  }
  EXPECT_EQ(find_family("GPT2LMHeadModel"), nullptr);
  EXPECT_EQ(find_family_of_type(""), nullptr);
}

TEST(Families, WriteTheConfigurationThatTheyRead) {
  const ControlTokens tokens{{"<s>", 1}, {"</s>", 2}, {"<pad>", 3}};
  for (const char* model : kTextModels) {
    const auto config = read_hf_config(parity_folder(model) + "/config.json");
    ASSERT_TRUE(config.ok()) << config.error().message;
    const auto written = nlohmann::json::parse(hf_config_json(config.value(), tokens));
    const auto given = parity_json(model, "config.json");
    for (const char* key : {"model_type", "architectures", "hidden_size", "num_key_value_heads",
                            "tie_word_embeddings", "rms_norm_eps"})
      EXPECT_EQ(written[key], given[key]) << model << ' ' << key;
    std::optional<std::string> complaint;
    ModelConfig again;
    find_family(config.value().architecture)->read(ConfigSection(written, complaint), &again);
    EXPECT_FALSE(complaint) << *complaint;
    again.architecture = config.value().architecture;
    EXPECT_EQ(nlohmann::json::parse(hf_config_json(again, tokens)), written) << model;
  }
}

}  // namespace
}  // namespace nelumbo
