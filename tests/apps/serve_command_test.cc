// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/apps/called.h"
#include "tests/support/parity.h"

namespace nelumbo {
namespace {

TEST(ServeCommand, ListensOnThisMachineAlone) {
  for (const char* host : {"0.0.0.0", "::", "10.0.0.1", "example.org"}) {
    const Called called = call({"serve", parity_folder("llama_tied"), "--host", host});
    EXPECT_EQ(called.code, 2);
    EXPECT_TRUE(has(called.err, std::string("--host: ") + host + ": the server has no TLS"))
        << called.err;
  }
}

TEST(ServeCommand, SaysWhatIsWrongInOneLine) {
  EXPECT_EQ(call({"serve", "/nowhere"}).code, 2);
  EXPECT_EQ(call({"serve"}).code, 2);
  EXPECT_EQ(call({"serve", "m", "--no-token", "--token-file", "t"}).code, 2);
  EXPECT_EQ(call({"serve", "m", "--port", "70000"}).code, 2);
  EXPECT_EQ(call({"serve", "m", "--max-batch", "0"}).code, 2);
  const Called called =
      call({"serve", parity_folder("llama_tied"), "--port", "0", "--token-file", "/nowhere/token"});
  EXPECT_EQ(called.code, 3);
  EXPECT_TRUE(has(called.err, "/nowhere/token: the token cannot be written")) << called.err;
}

TEST(ServeCommand, ShowsAnExample) {
  EXPECT_TRUE(has(call({"serve", "--help"}).out, "nelumbo serve models/smollm2"));
}

}  // namespace
}  // namespace nelumbo
