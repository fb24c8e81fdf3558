// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/apps/called.h"
#include "tests/apps/sample_run.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

class ModelTokenizeCommand : public ::testing::Test {
 protected:
  Called tokenize(const std::string& lines) {
    put_file(folder_ / "lines.jsonl", lines);
    return call({"model", "tokenize", in_repository("tests/data/tokenizers/llama3_style"),
                 "--input", folder_ / "lines.jsonl"});
  }

  TemporaryFolder folder_;
};

TEST_F(ModelTokenizeCommand, AnswersEachLineByOne) {
  const Called called =
      tokenize("{\"text\":\"!\"}\n\n{\"text\":\"!\",\"add_special\":true}\n{\"ids\":[920,0]}\n");
  EXPECT_EQ(called.code, 0) << called.err;
  EXPECT_EQ(called.out,
            "{\"ids\":[0]}\n{\"ids\":[920,0]}\n"
            "{\"text\":\"<|begin_of_text|>!\",\"text_skip_special\":\"!\"}\n");
}

TEST_F(ModelTokenizeCommand, NamesTheLineThatItCannotRead) {
  for (const char* bad : {"{", "{}", "[1]", "{\"ids\":[-1]}", "{\"ids\":3}", "{\"text\":3}"}) {
    const Called called = tokenize("{\"text\":\"a\"}\n" + std::string(bad) + "\n");
    EXPECT_EQ(called.code, 4) << bad;
    EXPECT_TRUE(has(called.err, "lines.jsonl:2: ")) << called.err;
  }
}

TEST_F(ModelTokenizeCommand, NeedsATokenizerAndItsInput) {
  EXPECT_NE(call({"model", "tokenize", folder_.path(), "--input", "x"}).code, 0);
  EXPECT_EQ(call({"model", "tokenize", folder_.path()}).code, 2);
}

}  // namespace
}  // namespace nelumbo
