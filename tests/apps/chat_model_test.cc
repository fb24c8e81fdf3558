// SPDX-License-Identifier: Apache-2.0
#include "apps/chat_model.h"

#include <filesystem>
#include <fstream>
#include <optional>

#include <gtest/gtest.h>

#include "apps/model_sight.h"
#include "tests/support/chat_model_folder.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

TEST(ChatModel, KnowsItsEndTokens) {
  const auto model = open_chat_model(parity_folder("llama_tied"));
  ASSERT_TRUE(model.ok()) << model.error().message;
  EXPECT_EQ(model.value().ends, std::vector<int32_t>{2});
  EXPECT_GT(model.value().tokenizer->size(), 800);
}

TEST(ChatModel, StopsAtAnEndTokenUnlessItIsIgnored) {
  auto model = open_chat_model(parity_folder("llama_tied"));
  ASSERT_TRUE(model.ok()) << model.error().message;
  ContinueOptions options;
  options.answer.sampling = {.temperature = 0, .max_new_tokens = 8};
  options.ignore_ends = true;
  const auto all = continue_prompt(model.value(), {{5, 6, 7}, {}}, options);
  ASSERT_TRUE(all.ok()) << all.error().message;
  const Trajectory& drawn = all.value().trajectories.front();
  ASSERT_EQ(drawn.tokens.size(), 8U);
  EXPECT_FALSE(drawn.answered);
  model.value().ends = {drawn.tokens[2]};
  options.ignore_ends = false;
  const auto some = continue_prompt(model.value(), {{5, 6, 7}, {}}, options);
  ASSERT_TRUE(some.ok());
  EXPECT_LE(some.value().trajectories.front().tokens.size(), 3U);
  EXPECT_TRUE(some.value().trajectories.front().answered);
}

TEST(ChatModel, RefusesIdsThatAreNoTokens) {
  const auto model = open_chat_model(parity_folder("llama_tied"));
  ASSERT_TRUE(model.ok());
  EXPECT_TRUE(check_tokens(model.value(), {0, 863}, "--tokens").ok());
  EXPECT_FALSE(check_tokens(model.value(), {864}, "--tokens").ok());
  EXPECT_FALSE(check_tokens(model.value(), {-1}, "--tokens").ok());
}

/// A model that is spoken to in ChatML.
class ChatTokens : public testing::Test {
 protected:
  void SetUp() override { put_chat_model(folder_.path()); }

  TemporaryFolder folder_;
};

TEST_F(ChatTokens, SpeakInTheTemplateOfTheModel) {
  const auto model = open_chat_model(folder_.path());
  ASSERT_TRUE(model.ok()) << model.error().message;
  const auto tokens = chat_tokens(model.value(), "Hello there.");
  ASSERT_TRUE(tokens.ok()) << tokens.error().message;
  const Tokenizer& tokenizer = *model.value().tokenizer;
  const std::string prompt = tokenizer.decode(tokens.value(), Tokenizer::Special::kKeep);
  EXPECT_TRUE(prompt.find("user\nHello there.<|im_end|>") != std::string::npos) << prompt;
  EXPECT_EQ(tokens.value(), tokenizer.encode(prompt, Tokenizer::Control::kRecognised));
}

/// Vision-language models, spoken to in templates as theirs are.
class ChatAboutPictures : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    for (const auto& file : std::filesystem::directory_iterator(parity_folder(GetParam())))
      if (file.is_regular_file())
        std::filesystem::copy(file.path(), folder_ / file.path().filename().string());
    auto opened = open_chat_model(folder_.path());
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    model_.emplace(std::move(opened).value());
    ModelSight sight(model_->directory, model_->network.config);
    const std::string images = parity_folder(GetParam()) + "/images/";
    auto shown = sight.see({images + "a_97x53.png", images + "d_" + last_image()});
    ASSERT_TRUE(shown.ok()) << shown.error().message;
    shown_ = std::move(shown).value();
    put_template("{% if part.type == 'image' %}" + shown_.framed_mark +
                 "{% else %}{{ part.text }}{% endif %}");
  }

  static std::string last_image() {
    return std::string(GetParam()) == "smolvlm" ? "150x31_gray.png" : "30x41_gray.png";
  }

  void put_template(const std::string& part) {
    std::ofstream(folder_ / "chat_template.jinja")
        << "{% for message in messages %}[{% for part in message.content %}" << part
        << "{% endfor %}]{% endfor %}";
  }

  /// A text whose control tokens count.
  std::vector<int32_t> ids(const std::string& text) const {
    return model_->tokenizer->encode(text, Tokenizer::Control::kRecognised);
  }

  TemporaryFolder folder_;
  std::optional<ChatModel> model_;
  ShownImages shown_;
};

TEST_P(ChatAboutPictures, ShowsThePicturesBeforeTheText) {
  const auto tokens = chat_tokens(*model_, "What?", shown_);
  ASSERT_TRUE(tokens.ok()) << tokens.error().message;
  const std::string text = "[" + shown_.framed_mark + shown_.framed_mark + "What?]";
  EXPECT_EQ(tokens.value(), ids(with_placeholders(text, shown_.mark, shown_.images).value()));
  EXPECT_TRUE(check_placeholders(tokens.value(), pixels_of(shown_), model_->network.config, "p"));
}

/// The prompts of the fixture are what the template of the family makes of a question.
TEST_P(ChatAboutPictures, SaysWhatTheTemplateOfTheFamilySays) {
  std::filesystem::copy(
      std::string(NELUMBO_SOURCE_DIR) + "/tests/data/chat/templates/" + GetParam() + ".jinja",
      folder_ / "chat_template.jinja", std::filesystem::copy_options::overwrite_existing);
  const auto one = parity_json(GetParam(), "cases.json")["cases"].back();
  ModelSight sight(model_->directory, model_->network.config);
  std::vector<std::string> paths;
  for (const auto& path : one["images"])
    paths.push_back(parity_folder(GetParam()) + "/" + path.get<std::string>());
  const auto shown = sight.see(paths);
  ASSERT_TRUE(shown.ok());
  const auto tokens = chat_tokens(*model_, "Is the left lesion larger than 10 mm?", shown.value());
  ASSERT_TRUE(tokens.ok()) << tokens.error().message;
  EXPECT_EQ(tokens.value(), one["input_ids"].get<std::vector<int32_t>>());
}

TEST_P(ChatAboutPictures, AMarkThatTheUserSpellsIsNoPicture) {
  const auto tokens = chat_tokens(*model_, "a" + shown_.mark + "b", shown_);
  ASSERT_TRUE(tokens.ok()) << tokens.error().message;
  EXPECT_TRUE(check_placeholders(tokens.value(), pixels_of(shown_), model_->network.config, "p"));
}

TEST_P(ChatAboutPictures, SaysWhenTheTemplateShowsOtherThanAllPictures) {
  put_template("{% if part.type == 'text' %}{{ part.text }}{% endif %}");
  EXPECT_EQ(chat_tokens(*model_, "What?", shown_).error().message,
            folder_.path() + ": the chat template leaves out 2 of 2 images");
  put_template(shown_.mark + shown_.mark);
  EXPECT_NE(chat_tokens(*model_, "What?", shown_).error().message.find("for 2 images"),
            std::string::npos);
}

TEST_P(ChatAboutPictures, APromptHasItsOwnMarksOrThePicturesInFront) {
  const std::string& mark = shown_.framed_mark;
  const auto front = prompt_tokens(*model_, "What?", shown_);
  const auto own = prompt_tokens(*model_, "a" + mark + "b" + shown_.mark + "c", shown_);
  ASSERT_TRUE(front.ok() && own.ok());
  const auto expected = [&](const std::string& text) {
    return model_->tokenizer->framed(
        ids(with_placeholders(text, shown_.mark, shown_.images).value()));
  };
  EXPECT_EQ(front.value(), expected(mark + mark + "What?"));
  EXPECT_EQ(own.value(), expected("a" + mark + "b" + shown_.mark + "c"));
  EXPECT_EQ(prompt_tokens(*model_, mark, shown_).error().message,
            "--prompt: has 1 times " + shown_.mark + " for 2 images");
}

INSTANTIATE_TEST_SUITE_P(Families, ChatAboutPictures, testing::ValuesIn(kVisionModels),
                         [](const auto& model) { return std::string(model.param); });

}  // namespace
}  // namespace nelumbo
