// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "tests/apps/called.h"
#include "tests/apps/chat_run.h"

namespace nelumbo {
namespace {

class DataInspectCommand : public ChatRunTest {};

TEST_F(DataInspectCommand, FindsTheLayoutAndShowsHowAModelReadsIt) {
  const Called called = call({"data", "inspect", data_ / "rows.jsonl", "--model", model_.path(),
                              "--answer", "last_number", "--rows", "2", "--json"});
  ASSERT_EQ(called.code, 0) << called.err;
  const auto found = nlohmann::json::parse(called.out);
  EXPECT_EQ(found["layout"], "answer");
  EXPECT_EQ(found["rows"], 10);
  EXPECT_EQ(found["answers"], 10);
  ASSERT_EQ(found["preview"].size(), 2U);
  EXPECT_EQ(found["preview"][0]["prompt"],
            "<|im_start|>user\n1 + 1?<|im_end|>\n<|im_start|>assistant\n");
  EXPECT_EQ(found["preview"][0]["trained"], "It is 2<|im_end|>");
  EXPECT_EQ(found["preview"][0]["trained_tokens"].back(), 2);
}

TEST_F(DataInspectCommand, ListsEveryRowThatFails) {
  std::ofstream(data_ / "rows.jsonl", std::ios::app)
      << "{\"question\": \"a\"}\n[]\n{\"messages\": []}\n{\n";
  const Called called = call({"data", "inspect", data_ / "rows.jsonl"});
  EXPECT_EQ(called.code, 4);
  EXPECT_TRUE(has(called.out, "laid out as 'answer', 10 conversations")) << called.out;
  EXPECT_TRUE(has(called.err, "4 rows cannot be used")) << called.err;
  for (const char* line :
       {"rows.jsonl:11: ", "rows.jsonl:12: ", "rows.jsonl:13: ", "rows.jsonl:14"})
    EXPECT_TRUE(has(called.err, line)) << called.err;
}

TEST_F(DataInspectCommand, FindsRowsThatTheModelCannotRead) {
  std::ofstream(model_ / "chat_template.jinja")
      << "{% for m in messages %}{% if m.content == '3 + 1?' %}{{ raise_exception('no threes') }}"
         "{% endif %}{{ m.content }}<|im_end|>{% endfor %}";
  const Called called = call(
      {"data", "inspect", data_ / "rows.jsonl", "--model", model_.path(), "--rows", "1", "--json"});
  EXPECT_EQ(called.code, 4);
  const auto found = nlohmann::json::parse(called.out);
  EXPECT_EQ(found["rows"], 9);
  EXPECT_EQ(found["preview"].size(), 1U);
  EXPECT_EQ(found["bad"], 1);
  EXPECT_TRUE(has(called.err, "rows.jsonl:3: ")) << called.err;
}

TEST_F(DataInspectCommand, ShowsPicturesAsTheModelReadsThem) {
  const TemporaryFolder seeing;
  put_seeing_chat_model(seeing.path());
  std::filesystem::copy(parity_folder("smolvlm") + "/images/a_97x53.png", data_ / "a.png");
  std::ofstream(data_ / "rows.jsonl")
      << R"({"question": "What?", "answer": "It is 3", "images": ["a.png"]})";
  const Called called =
      call({"data", "inspect", data_ / "rows.jsonl", "--model", seeing.path(), "--json"});
  ASSERT_EQ(called.code, 0) << called.err;
  const auto found = nlohmann::json::parse(called.out);
  EXPECT_EQ(found["pictures"], 1);
  EXPECT_TRUE(has(found["preview"][0]["prompt"], "<image>(4 times)")) << called.out;
  EXPECT_TRUE(has(found["preview"][0]["prompt"], "?<end_of_utterance>\nAssistant:"));
}

TEST_F(DataInspectCommand, SaysWhichRowIsLongerThanTheModelsPositions) {
  std::ofstream(data_ / "rows.jsonl")
      << nlohmann::json{{"question", std::string(100'000, '7')}, {"answer", "It is 3"}};
  const Called called = call({"data", "inspect", data_ / "rows.jsonl", "--model", model_.path()});
  EXPECT_EQ(called.code, 4);
  EXPECT_TRUE(has(called.err, "rows.jsonl:1: takes ")) << called.err;
  EXPECT_TRUE(has(called.err, "; shorten it or leave it out")) << called.err;
}

TEST_F(DataInspectCommand, FindsRowsWhosePicturesARunWouldMiss) {
  const TemporaryFolder seeing;
  put_seeing_chat_model(seeing.path());
  std::ofstream(seeing / "chat_template.jinja")
      << "{% for m in messages %}{{ m.content }}{% if m.content == '3 + 1?' %}<image>{% endif %}"
         "<end_of_utterance>{% endfor %}";
  const Called called = call({"data", "inspect", data_ / "rows.jsonl", "--model", seeing.path()});
  EXPECT_EQ(called.code, 4);
  EXPECT_TRUE(has(called.err,
                  "rows.jsonl:3: its prompt: its images take 0 image tokens, but it "
                  "has 1"))
      << called.err;
}

TEST_F(DataInspectCommand, FindsPartsThatSayTwoThings) {
  std::ofstream(data_ / "rows.jsonl")
      << R"({"messages": [{"role": "user", "content": [{"type": "text", "text": "x", "video": )"
         R"("1"}]}, {"role": "assistant", "content": "ok"}]})";
  const Called called = call({"data", "inspect", data_ / "rows.jsonl"});
  EXPECT_EQ(called.code, 4);
  EXPECT_TRUE(has(called.err, "rows.jsonl:1: messages[0]: a part of the type 'text' has 'video'"))
      << called.err;
}

TEST_F(DataInspectCommand, PrintsForPeople) {
  const Called called = call({"data", "inspect", data_ / "rows.jsonl", "--model", model_.path()});
  ASSERT_EQ(called.code, 0) << called.err;
  EXPECT_TRUE(has(called.out, "--- rows.jsonl:1, asked in ")) << called.out;
  EXPECT_TRUE(has(called.out, "--- trained on, ")) << called.out;
}

TEST_F(DataInspectCommand, SaysWhatItCannotRead) {
  EXPECT_EQ(call({"data", "inspect", "no.jsonl"}).code, 4);
  EXPECT_TRUE(has(call({"data", "inspect", "a.parquet"}).err, "parquet_to_jsonl.sh a.parquet"));
  std::ofstream(data_ / "empty.jsonl") << "\n";
  EXPECT_TRUE(has(call({"data", "inspect", data_ / "empty.jsonl"}).err, "has no rows"));
}

}  // namespace
}  // namespace nelumbo
