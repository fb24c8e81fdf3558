// SPDX-License-Identifier: Apache-2.0
#include "reward/score_terms.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/hash.h"
#include "kernels/team.h"
#include "model/chat_directory.h"
#include "model/chat_format.h"
#include "model/generation_config.h"
#include "model/score_model.h"
#include "model/strict_json.h"
#include "model/tokenizer.h"
#include "reward/answers.h"
#include "reward/candidate.h"

namespace nelumbo {

namespace {

using nlohmann::ordered_json;

constexpr int64_t kMostWeights = int64_t{1} << 40;
constexpr int64_t kMostDocument = 1 << 20;

double sigma(double x) {
  return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x));
}

std::string in_short(double value) {
  std::array<char, 32> text{};
  (void)std::snprintf(text.data(), text.size(), "%.3g", value);
  return text.data();
}

Error unable(const std::string& why) {
  return {Errc::kUnavailable, why};
}

/// A score model with what it needs to read answers.
class Scores {
 public:
  static Result<Scores> open(const std::string& directory) {
    auto model = read_score_model(directory);
    if (!model)
      return model.error();
    auto tokenizer = Tokenizer::read(directory + "/tokenizer.json");
    if (!tokenizer)
      return tokenizer.error();
    auto ends = read_end_tokens(directory);
    if (!ends)
      return ends.error();
    auto chat = read_chat_directory(directory);
    if (!chat)
      return chat.error();
    return Scores(
        std::move(model).value(),
        {std::move(chat).value(), std::make_shared<const Tokenizer>(std::move(tokenizer).value()),
         std::move(ends).value()});
  }

  const ScoreModel& model() const { return model_; }

  static bool has_tokens(const Scene& scene) {
    return !scene.prompt.tokens.empty() && !scene.trajectory.tokens.empty() &&
           scene.trajectory.tokens.front() != kNoToken;
  }

  /// Of the prompt's tokens and the answer's behind them.
  Result<std::vector<float>> of_tokens(const Scene& scene) const {
    std::vector<int32_t> tokens = scene.prompt.tokens;
    tokens.insert(tokens.end(), scene.trajectory.tokens.begin(), scene.trajectory.tokens.end());
    std::vector<Pixels> pixels = scene.prompt.pixels;
    pixels.insert(pixels.end(), scene.trajectory.pixels.begin(), scene.trajectory.pixels.end());
    if (!pixels.empty() && !model_.network.network.config.sees)
      return unable(model_.directory + " sees no pictures");
    return of(tokens, pixels);
  }

  /// Of what was asked and said, in the words of the chat template, up to its end token.
  Result<std::vector<float>> of_text(const Scene& scene) const {
    const auto tokens = text_tokens(scene, scene.trajectory.text);
    return tokens ? of(tokens.value(), {}) : tokens.error();
  }

  /// The last score of the same when no more than `said` was said, without an end token.
  Result<double> at_end_of(const Scene& scene, const std::string& said) const {
    auto tokens = text_tokens(scene, said);
    if (!tokens)
      return tokens.error();
    while (!tokens.value().empty() && is_end(tokens.value().back()))
      tokens.value().pop_back();
    const auto scores = of(tokens.value(), {});
    if (!scores)
      return scores.error();
    return scores.value().back();
  }

 private:
  Scores(ScoreModel model, ChatFormat chat)
      : model_(std::move(model)), chat_(std::move(chat)), team_(std::make_unique<Team>(1)) {}

  bool is_end(int32_t token) const {
    return std::ranges::find(chat_.ends(), token) != chat_.ends().end();
  }

  Result<std::vector<int32_t>> text_tokens(const Scene& scene, const std::string& said) const {
    if (!scene.prompt.pixels.empty())
      return unable(model_.directory + " reads pictures as tokens alone");
    const auto message = [](const char* role, const std::string& text) -> ordered_json {
      return {{"role", role}, {"content", text}};
    };
    const auto parts = chat_.conversation(
        ordered_json::array({message("user", scene.prompt.text), message("assistant", said)}),
        nullptr);
    if (!parts)
      return unable(parts.error().message);
    const ChatTokens& last = parts.value().back();
    const auto end = std::find(last.answered.rbegin(), last.answered.rend(), 1);
    return std::vector<int32_t>(last.tokens.begin(),
                                last.tokens.end() - (end - last.answered.rbegin()));
  }

  Result<std::vector<float>> of(std::span<const int32_t> tokens,
                                std::span<const Pixels> pixels) const {
    const DecoderConfig& config = model_.network.network.config.decoder;
    if (tokens.empty() || std::ssize(tokens) > config.max_positions)
      return unable(std::to_string(tokens.size()) + " tokens; " + model_.directory +
                    " has positions for " + std::to_string(config.max_positions));
    for (const int32_t token : tokens)
      if (token < 0 || token >= config.vocab_size)
        return unable("token " + std::to_string(token) + " is none of " + model_.directory +
                      ": it is of another family than the policy; say 'read: text'");
    return model_.scores(*team_, tokens, pixels);
  }

  ScoreModel model_;
  ChatFormat chat_;
  std::unique_ptr<Team> team_;
};

/// The model that `node` names under "model", of that use.
Result<std::shared_ptr<const Scores>> open_scores(const SpecNode& node, const std::string& named,
                                                  ScoreUse use) {
  if (!node.has("model"))
    return node.error("needs a model: the directory of one that the stage " +
                      std::string(use == ScoreUse::kSteps ? "prm" : "reward_model") + " wrote");
  const SpecNode at = node.at("model").value();
  auto scores = Scores::open(at.resolved(named));
  if (!scores)
    return at.error(scores.error().message);
  if (scores.value().model().use != use)
    return at.error(use == ScoreUse::kSteps
                        ? "scores whole answers; name a model that judges steps"
                        : "judges steps; name a model that scores whole answers");
  return std::shared_ptr<const Scores>(std::make_shared<const Scores>(std::move(scores).value()));
}

class RewardModel final : public Term {
 public:
  template <class V>
  void fields(V& v) {
    v(model_, "model", "Directory that the stage reward_model wrote.", NotEmpty{});
    v(center_, "center", "The score that is worth 0.5.");
    v(scale_, "scale", "How far above that a score is worth 0.73.", Positive{});
    v(read_, "read", "What the model reads.", OneOf{"tokens", "text"});
  }

  Result<void> open(const SpecNode& node) {
    auto scores = open_scores(node, model_, ScoreUse::kAnswer);
    if (!scores)
      return scores.error();
    scores_ = std::move(scores).value();
    return {};
  }

  Result<Verdict> judge(const Scene& scene) const override {
    const bool tokens = read_ == "tokens" && Scores::has_tokens(scene);
    const auto all = tokens ? scores_->of_tokens(scene) : scores_->of_text(scene);
    if (!all)
      return all.error();
    const double score = all.value().back();
    return Verdict{sigma((score - center_) / scale_), "score " + in_short(score)};
  }

 private:
  std::string model_;
  double center_ = 0;
  double scale_ = 1;
  std::string read_ = "tokens";
  std::shared_ptr<const Scores> scores_;
};

/// What `measured.json` says of these weights.
Result<double> measured_f1(const ScoreModel& model) {
  const std::string place = model.directory + "/measured.json";
  const std::string fix = "; take what the stage prm wrote";
  const auto text = read_file(place, kMostDocument);
  if (!text)
    return Error{Errc::kInvalidConfig, text.error().message + fix};
  const auto said = parse_ordered_json(text.value(), place);
  if (!said)
    return said.error();
  const ordered_json& fields = said.value();
  if (!fields.is_object() || fields.value("stage", ordered_json()) != "prm" ||
      !fields.value("f1", ordered_json()).is_number())
    return Error{Errc::kInvalidConfig, place + ": says no f1 of the stage prm" + fix};
  if (fields.value("weights", ordered_json()) != model.hash)
    return Error{Errc::kInvalidConfig, place + ": was measured on other weights" + fix};
  return fields["f1"].get<double>();
}

class Learned final : public StepCheck {
 public:
  template <class V>
  void fields(V& v) {
    v(model_, "model", "Directory that the stage prm wrote.", NotEmpty{});
    v(threshold_, "threshold", "Under which probability of being sound a step is faulty.",
      Between{0.01, 0.99});
  }

  Result<void> open(const SpecNode& node) {
    auto scores = open_scores(node, model_, ScoreUse::kSteps);
    if (!scores)
      return scores.error();
    scores_ = std::move(scores).value();
    const auto f1 = measured_f1(scores_->model());
    const SpecNode at = node.at("model").value();
    if (!f1)
      return at.error(f1.error().message);
    if (!(f1.value() >= kLeastStepF1))
      return at.error("found faulty steps with an F1 of " + in_short(f1.value()) +
                      " when it was measured; " + in_short(kLeastStepF1) +
                      " is the least: train it longer, or leave the check out");
    return {};
  }

  Result<std::vector<Fault>> faults(const Scene& scene) const override {
    std::vector<Fault> found;
    const std::vector<ThoughtStep>& steps = scene.trajectory.thoughts;
    if (steps.empty())
      return found;
    const auto scores = Scores::has_tokens(scene) ? in_tokens(scene) : in_text(scene);
    if (!scores)
      return scores.error();
    for (size_t i = 0; i < steps.size(); ++i)
      if (const double sound = sigma(scores.value()[i]); sound < threshold_)
        found.push_back(fault_of(
            steps[i], in_quotes(steps[i].text) + " is sound with probability " + in_short(sound)));
    return found;
  }

 private:
  /// The score of each step.
  Result<std::vector<double>> in_tokens(const Scene& scene) const {
    const auto all = scores_->of_tokens(scene);
    if (!all)
      return all.error();
    std::vector<double> scores;
    for (const ThoughtStep& step : scene.trajectory.thoughts)
      scores.push_back(
          all.value()[scene.prompt.tokens.size() + static_cast<size_t>(step.last_token - 1)]);
    return scores;
  }

  /// The same where no policy wrote the answer: each time it is read up to the step's end.
  Result<std::vector<double>> in_text(const Scene& scene) const {
    const std::string& text = scene.trajectory.text;
    std::vector<double> scores;
    size_t end = 0;
    for (const ThoughtStep& step : scene.trajectory.thoughts) {
      const size_t at = text.find(step.text, end);
      if (at == std::string::npos)
        return unable("the step " + in_quotes(step.text) + " does not stand in the text");
      end = at + step.text.size();
      const auto score = scores_->at_end_of(scene, text.substr(0, end));
      if (!score)
        return score.error();
      scores.push_back(score.value());
    }
    return scores;
  }

  std::string model_;
  double threshold_ = 0.5;
  std::shared_ptr<const Scores> scores_;
};

}  // namespace

Result<TermPtr> read_reward_model(const SpecNode& node, TermHeader& header) {
  auto term = std::make_unique<RewardModel>();
  if (auto done = read_fields(node, {}, header, *term); !done)
    return done.error();
  if (auto done = term->open(node); !done)
    return done.error();
  return TermPtr(std::move(term));
}

Result<StepCheckPtr> read_learned(const SpecNode& node, StepHeader& header) {
  header.factor = 0.5;
  auto check = std::make_unique<Learned>();
  if (auto done = read_fields(node, {}, header, *check); !done)
    return done.error();
  if (auto done = check->open(node); !done)
    return done.error();
  return StepCheckPtr(std::move(check));
}

Result<std::string> score_model_hash(const std::string& directory) {
  Hasher hasher;
  std::vector<std::string> names;
  std::error_code code;
  for (const auto& entry : std::filesystem::directory_iterator(directory, code)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(".safetensors") || name.ends_with(".json") || name.ends_with(".jinja"))
      names.push_back(name);
  }
  if (code)
    return Error{Errc::kBadData, directory + ": " + code.message()};
  std::ranges::sort(names);
  for (const std::string& name : names) {
    const auto text = read_file(directory + "/" + name, kMostWeights);
    if (!text)
      return Error{Errc::kBadData, text.error().message};
    hasher.update(name);
    hasher.update(text.value());
  }
  return hasher.hex();
}

}  // namespace nelumbo
