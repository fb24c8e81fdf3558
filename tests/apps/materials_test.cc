// SPDX-License-Identifier: Apache-2.0
#include "apps/materials.h"

#include <algorithm>
#include <filesystem>

#include "tests/apps/sample_run.h"
#include "tests/apps/small_policy.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

namespace fs = std::filesystem;

/// A copy of the first pictures of the data set, to be spoilt.
void copy_data(const std::string& to) {
  const std::string from = std::string(NELUMBO_SOURCE_DIR) + "/data/bccd/";
  fs::create_directories(to + "/bccd/images");
  fs::create_directories(to + "/bccd/annotations");
  for (const char* part : {"train", "val"}) {
    std::ifstream in(from + part + ".txt");
    std::string name;
    std::getline(in, name);
    put_file(to + "/bccd/" + part + ".txt", name + "\n");
    fs::copy_file(from + "images/" + name + ".jpg", to + "/bccd/images/" + name + ".jpg");
    fs::copy_file(from + "annotations/" + name + ".xml", to + "/bccd/annotations/" + name + ".xml");
  }
}

Error failure_with(const RunConfig& config) {
  const auto loaded = load_materials(config, "configs/tiny.yaml");
  EXPECT_FALSE(loaded.ok());
  return loaded.ok() ? Error{Errc::kUnavailable, ""} : loaded.error();
}

class SpoiltData : public ::testing::Test {
 protected:
  void SetUp() override {
    copy_data(folder_.path());
    config_ = tiny_config();
    config_.data.root = folder_.path();
  }

  std::string first_picture() {
    return fs::directory_iterator(folder_ / "bccd/images")->path().string();
  }

  TemporaryFolder folder_;
  RunConfig config_;
};

TEST_F(SpoiltData, IsWholeBeforeItIsSpoilt) {
  EXPECT_TRUE(load_materials(config_, "configs/tiny.yaml").ok());
}

TEST_F(SpoiltData, NamesAPictureThatIsMissing) {
  const std::string picture = first_picture();
  fs::remove(picture);
  const Error error = failure_with(config_);
  EXPECT_EQ(error.code, Errc::kBadData);
  EXPECT_NE(error.message.find(fs::path(picture).filename()), std::string::npos) << error.message;
}

TEST_F(SpoiltData, NamesAPictureThatIsCorrupt) {
  const std::string picture = first_picture();
  fs::resize_file(picture, 1000);
  const Error error = failure_with(config_);
  EXPECT_EQ(error.code, Errc::kBadData);
  EXPECT_NE(error.message.find(fs::path(picture).filename()), std::string::npos) << error.message;
}

TEST_F(SpoiltData, SaysAllThatIsWrongInOneGo) {
  for (const auto& picture : fs::directory_iterator(folder_ / "bccd/images"))
    fs::resize_file(picture, 1000);
  config_.reward.spec = "none.yaml";
  const std::string said = failure_with(config_).message;
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 2) << said;
  EXPECT_TRUE(said.starts_with("reward.spec: none.yaml: ")) << said;
}

TEST_F(SpoiltData, RefusesAnEmptySet) {
  for (const char* part : {"train.txt", "val.txt"}) {
    const std::string list = folder_ / (std::string("bccd/") + part);
    const std::string before = slurp(list);
    put_file(list, "");
    const Error error = failure_with(config_);
    EXPECT_EQ(error.code, Errc::kBadData);
    EXPECT_NE(error.message.find(part), std::string::npos) << error.message;
    put_file(list, before);
  }
}

TEST_F(SpoiltData, NamesTheFieldThatASpecificationWantsAndTheDataLack) {
  std::string spec = slurp(config_.reward.spec);
  const std::filesystem::path shipped = config_.reward.spec;
  put_file(folder_ / "gates.yaml", slurp(shipped.parent_path() / "gates.yaml"));
  const std::string named = "truth: boxes";
  const size_t at = spec.find(named);
  ASSERT_NE(at, std::string::npos) << "the shipped specification names other fields";
  spec.replace(at, named.size(), "truth: mitosis");
  config_.reward.spec = folder_ / "spec.yaml";
  put_file(config_.reward.spec, spec);
  const Error error = failure_with(config_);
  EXPECT_EQ(error.code, Errc::kInvalidConfig);
  EXPECT_NE(error.message.find("mitosis"), std::string::npos) << error.message;
}

TEST(Materials, BuildTheSamePolicyEveryTime) {
  const auto again = load_materials(tiny_config(), "configs/tiny.yaml");
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(again.value()->dialogue->tokenizer().json(),
            tiny_materials()->dialogue->tokenizer().json());
  EXPECT_EQ(again.value()->validation.size(), tiny_materials()->validation.size());
  EXPECT_EQ(again.value()->blank.size(), again.value()->validation.size());
}

TEST(Materials, FindPathsFromTheFolderAboveTheConfigurations) {
  const TemporaryFolder folder;
  put_file(folder / "configs/x.yaml", "");
  put_file(folder / "deep/data/file", "");
  EXPECT_EQ(resolve_path("deep/data", folder / "configs/x.yaml"), folder / "deep/data");
  EXPECT_EQ(resolve_path("/absolute", folder / "configs/x.yaml"), "/absolute");
  EXPECT_EQ(resolve_path("nowhere", folder / "configs/x.yaml"), "nowhere");
}

}  // namespace
}  // namespace nelumbo
