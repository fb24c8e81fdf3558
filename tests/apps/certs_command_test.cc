// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/apps/called.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

TEST(CertsCommand, MakesAFolderForEachAndSaysWhatToDoWithIt) {
  const TemporaryFolder folder;
  const Called called =
      call({"certs", "new", "--out", folder / "c", "--name", "west", "--name", "east"});
  EXPECT_EQ(called.code, 0) << called.err;
  EXPECT_TRUE(has(called.out, "copy each other folder to the machines of that node"));
  EXPECT_TRUE(has(called.out, "  " + folder / "c/east\n"));
  EXPECT_TRUE(std::filesystem::exists(folder / "c/west/key.pem"));
}

TEST(CertsCommand, RefusesToOverwriteWithExitCode2) {
  const TemporaryFolder folder;
  ASSERT_EQ(call({"certs", "new", "--out", folder / "c"}).code, 0);
  const Called again = call({"certs", "new", "--out", folder / "c"});
  EXPECT_EQ(again.code, 2);
  EXPECT_TRUE(has(again.err, "certificates are never overwritten"));
}

TEST(CertsCommand, SaysWhatItMadeAsJson) {
  const TemporaryFolder folder;
  const Called called = call({"certs", "new", "--out", folder / "c", "--hours", "5", "--json"});
  ASSERT_EQ(called.code, 0) << called.err;
  const auto json = nlohmann::json::parse(called.out);
  EXPECT_EQ(json["nodes"], nlohmann::json({"node"}));
  EXPECT_EQ(json["hours"], 5);
}

TEST(CertsCommand, RefusesWhatMakesNoSense) {
  const TemporaryFolder folder;
  EXPECT_EQ(call({"certs", "new"}).code, 2);
  EXPECT_EQ(call({"certs", "new", "--out", folder / "c", "--hours", "0"}).code, 2);
  EXPECT_EQ(call({"certs", "new", "--out", folder / "c", "--name", "a/b"}).code, 2);
  EXPECT_EQ(call({"certs"}).code, 2);
}

}  // namespace
}  // namespace nelumbo
