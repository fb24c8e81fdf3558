// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "apps/chat_model.h"
#include "apps/commands.h"
#include "apps/model_sight.h"
#include "apps/policy.h"
#include "base/file.h"
#include "base/text.h"
#include "corpus/smear_view.h"
#include "corpus/smear_words.h"
#include "model/image.h"

namespace nelumbo {
namespace {

using nlohmann::json;

struct GenerateOptions {
  std::string model, dtype = "fp32";
  std::optional<std::string> adapter, prompt, chat, task, dump;
  std::vector<std::string> images;
  std::vector<int32_t> tokens;
  std::vector<double> box;
  AnswerOptions answer;
  bool greedy = false, ignore_ends = false;
  int threads = 2;
};

/// The question of a task; type and count ask about a box in pixels of the picture.
Result<std::string> question_of(const GenerateOptions& options, const Frame& frame) {
  const std::string& task = *options.task;
  if (task == "caption")
    return caption_question();
  if (task == "locate")
    return locate_question();
  const std::vector<std::string> known = {"caption", "locate", "type", "count"};
  if (task != "type" && task != "count")
    return Error{Errc::kInvalidConfig, "--task: no task is called '" + task + "'" +
                                           did_you_mean(task, known) +
                                           "; there are caption, locate, type, count"};
  if (options.box.size() != 4)
    return Error{Errc::kInvalidConfig,
                 "--task " + task + ": asks about a place; add --box X0 Y0 X1 Y1 in pixels"};
  const Box pixels{options.box[0], options.box[1], options.box[2], options.box[3]};
  if (intersection(pixels, frame.region).area() <= 0)
    return Error{Errc::kInvalidConfig, "--box: is empty or lies outside the picture"};
  const GridBox grid = grid_from_box(from_original(frame, pixels));
  return task == "type" ? type_question(grid) : count_question(grid);
}

Result<std::shared_ptr<const Prompt>> prompt_of(const GenerateOptions& options,
                                                const Policy& policy) {
  Result<Image> image = read_image(options.images.front());
  if (!image)
    return image.error();
  auto prompt = std::make_shared<Prompt>();
  prompt->image = std::make_shared<const Image>(std::move(image).value());
  prompt->view = {0, 0, static_cast<double>(prompt->image->width),
                  static_cast<double>(prompt->image->height)};
  const Frame frame{prompt->view, {}};
  Result<std::string> text = options.prompt ? *options.prompt : question_of(options, frame);
  if (!text)
    return text.error();
  prompt->id = options.images.front();
  prompt->task = options.task.value_or("prompt");
  prompt->text = text.value();
  prompt->tokens = policy.dialogue->prompt(prompt->text);
  prompt->pixels = {view_pixels(*prompt->image, frame, policy.network.config.vision.image_size)};
  return std::shared_ptr<const Prompt>(std::move(prompt));
}

json box_json(const Box& box) {
  return json::array({box.x0, box.y0, box.x1, box.y1});
}

json trajectory_json(const Trajectory& t) {
  json out = {{"text", valid_utf8(t.text)},     {"answered", t.answered},
              {"answer", valid_utf8(t.answer)}, {"tokens", t.tokens},
              {"sampled", t.sampled},           {"logprobs", t.logprobs},
              {"tool_calls", t.calls.size()}};
  out["answer_box"] = t.answer_box ? box_json(*t.answer_box) : json();
  return out;
}

/// Everything that another program needs to compute the same log-probs: all tokens and what the
/// network saw, pictures in the order of their placeholders.
json dump_json(const Group& group, const GenerateOptions& options, int64_t image_size) {
  json answers = json::array();
  for (const Trajectory& t : group.trajectories) {
    json one = trajectory_json(t);
    one["pixels"] = json::array();
    for (const auto* pictures : {&group.prompt->pixels, &t.pixels})
      for (const Pixels& pixels : *pictures)
        one["pixels"].push_back(pixels->values);
    answers.push_back(std::move(one));
  }
  return {{"image_size", image_size},
          {"temperature", options.answer.sampling.temperature},
          {"prompt_tokens", group.prompt->tokens},
          {"answers", std::move(answers)}};
}

void print(Session& session, const Group& group) {
  if (session.json) {
    json answers = json::array();
    for (const Trajectory& t : group.trajectories)
      answers.push_back(trajectory_json(t));
    session.out << json{{"prompt", group.prompt->text},
                        {"prompt_tokens", group.prompt->tokens},
                        {"answers", answers}}
                       .dump()
                << '\n';
    return;
  }
  for (const Trajectory& t : group.trajectories) {
    session.out << valid_utf8(t.text) << '\n';
    if (t.answer_box)
      session.out << "box in pixels: " << box_json(*t.answer_box).dump() << '\n';
  }
}

/// Answers a question about a picture, as policies of ours are asked.
Result<void> answer_about_picture(Session& session, const GenerateOptions& options, Model model) {
  if (options.images.size() > 1)
    return Error{Errc::kInvalidConfig, "--image: a policy of ours is asked about one picture"};
  Result<Policy> policy = policy_of(std::move(model));
  if (!policy)
    return policy.error();
  Result<std::shared_ptr<const Prompt>> prompt = prompt_of(options, policy.value());
  if (!prompt)
    return prompt.error();
  Team team(options.threads);
  Result<std::vector<Group>> groups = answer_prompts(policy.value(), policy.value().environment,
                                                     team, {prompt.value()}, options.answer);
  if (!groups)
    return groups.error();
  const Group& group = groups.value().front();
  print(session, group);
  if (!options.dump)
    return {};
  const int64_t size = policy.value().network.config.vision.image_size;
  return write_file_atomic(*options.dump, dump_json(group, options, size).dump() + "\n");
}

/// What is to be continued, in the model's own tokens.
Result<ModelPrompt> model_prompt(const GenerateOptions& options, const ChatModel& model) {
  ModelSight sight(model.directory, model.network.config);
  const Result<ShownImages> shown = sight.see(options.images);
  if (!shown)
    return shown.error();
  Result<std::vector<int32_t>> tokens =
      options.chat     ? chat_tokens(model, *options.chat, shown.value())
      : options.prompt ? prompt_tokens(model, *options.prompt, shown.value())
                       : Result<std::vector<int32_t>>(options.tokens);
  if (!tokens)
    return tokens.error();
  ModelPrompt prompt{std::move(tokens).value(), pixels_of(shown.value())};
  if (prompt.tokens.empty())
    return Error{Errc::kInvalidConfig, "--prompt: is empty; there is nothing to continue"};
  if (Result<void> known = check_tokens(model, prompt.tokens, "--tokens"); !known)
    return known.error();
  const std::string place = options.tokens.empty() ? "the prompt" : "--tokens";
  if (auto match = check_placeholders(prompt.tokens, prompt.pixels, model.network.config, place);
      !match)
    return match.error();
  return prompt;
}

/// Continues text, with or without images in it, in any model's own tokens.
Result<void> continue_text(Session& session, const GenerateOptions& options,
                           const ChatModel& model) {
  Result<ModelPrompt> prompt = model_prompt(options, model);
  if (!prompt)
    return prompt.error();
  const Result<Group> group = continue_prompt(
      model, std::move(prompt).value(), {options.answer, options.ignore_ends, options.threads});
  if (!group)
    return group.error();
  for (const Trajectory& t : group.value().trajectories) {
    if (session.json)
      session.out << json{{"tokens", t.tokens}, {"text", t.text}, {"logprobs", t.logprobs}}.dump(
                         -1, ' ', true)
                  << '\n';
    else
      session.out << t.text << '\n';
  }
  return {};
}

/// A picture is a file, or a data URL.
Result<void> check_images(const std::vector<std::string>& images) {
  std::error_code none;
  for (const std::string& image : images)
    if (image.find(':') == std::string::npos && !std::filesystem::exists(image, none))
      return Error{Errc::kInvalidConfig, "--image: there is no file '" + image + "'"};
  return {};
}

Result<void> check_usage(const GenerateOptions& options) {
  const int given = (options.prompt ? 1 : 0) + (options.chat ? 1 : 0) + (options.task ? 1 : 0) +
                    (options.tokens.empty() ? 0 : 1);
  if (options.dump && options.images.empty())
    return Error{Errc::kInvalidConfig,
                 "--dump: writes what a policy sees of a picture; add --image"};
  if (given != 1 || (options.images.empty() && options.task))
    return Error{Errc::kInvalidConfig,
                 "nelumbo generate: give one of --prompt TEXT, --chat TEXT and --tokens LIST, or "
                 "--image FILE with --task NAME"};
  return check_images(options.images);
}

Result<void> generate(Session& session, GenerateOptions options) {
  if (options.greedy)
    options.answer.sampling.temperature = 0;
  if (Result<void> right = check_usage(options); !right)
    return right;
  Result<ChatModel> model =
      open_chat_model(options.model, options.adapter, stored_type(options.dtype));
  if (!model)
    return model.error();
  // Policies of ours have words of their own for a question about a picture.
  if (!options.images.empty() && (options.prompt || options.task) &&
      is_policy(*model.value().tokenizer))
    return answer_about_picture(session, options, std::move(model).value());
  if (options.task || options.dump)
    return Error{Errc::kInvalidConfig,
                 std::string(options.task ? "--task" : "--dump") + ": " + options.model +
                     " is no policy of ours; give --prompt, --chat or --tokens alone"};
  return continue_text(session, options, model.value());
}

}  // namespace

void add_generate_command(CLI::App& app, Session& session) {
  auto options = std::make_shared<GenerateOptions>();
  options->answer.sampling.temperature = 0;
  CLI::App* command =
      app.add_subcommand("generate", "Answers a question about a picture, or continues text.");
  command
      ->add_option("MODEL", options->model,
                   "A Hugging Face directory, a GGUF file, a checkpoint or a run.")
      ->required();
  add_adapter_option(*command, &options->adapter);
  command
      ->add_option("--image", options->images,
                   "A picture, JPEG or PNG; may be given more than once.")
      ->allow_extra_args(false);
  command->add_option("--prompt", options->prompt, "What to ask, or the text to continue.");
  command->add_option("--task", options->task,
                      "Or a known question about the picture: caption locate type count.");
  command->add_option("--chat", options->chat,
                      "Or what a user says, in the model's own chat template.");
  command->add_option("--tokens", options->tokens, "Or the token ids to continue: 1,2,3.")
      ->delimiter(',')
      ->check([](const std::string& text) { return text.empty() ? "must be token ids" : ""; });
  command->add_option("--box", options->box, "Where, for type and count: X0 Y0 X1 Y1 in pixels.")
      ->expected(4);
  command
      ->add_option("--temperature", options->answer.sampling.temperature,
                   "Divides the logits, at most 100; 0, the default, is greedy.")
      ->check([](const std::string& text) {
        const double value = std::strtod(text.c_str(), nullptr);
        return value >= 0 && value <= 100 ? "" : "must be between 0 and 100, is " + text;
      });
  command->add_flag("--greedy", options->greedy, "The same as --temperature 0.");
  command
      ->add_option("--max-tokens", options->answer.sampling.max_new_tokens,
                   "Tokens to draw at most; default 64.")
      ->check(CLI::Range(int64_t{1}, int64_t{1} << 20));
  command
      ->add_option("--dtype", options->dtype,
                   "fp32, or bf16: what matrices are stored and multiplied in.")
      ->check(CLI::IsMember({"fp32", "bf16"}));
  command->add_flag("--ignore-eos", options->ignore_ends, "Go on behind the end of an answer.");
  command->add_option("--seed", options->answer.seed, "Seed of the sampling.")
      ->check([](const std::string& text) {
        const bool natural = text.find_first_not_of("0123456789") == std::string::npos;
        return natural ? "" : "must be a whole number from 0, is " + text;
      });
  command->add_option("--samples", options->answer.samples, "Answers to draw.")
      ->check(CLI::Range(1, 1024));
  command->add_option("--threads", options->threads, "Compute threads.")->check(CLI::Range(1, 256));
  command->add_option("--dump", options->dump,
                      "Also write tokens, log-probs and pixels to this JSON file.");
  command->add_flag("--json", session.json, "Print one JSON object for each answer.");
  command->footer(
      "Example:\n"
      "  nelumbo generate runs/quickstart --image data/bccd/images/BloodImage_00001.jpg \\\n"
      "      --task locate --json\n"
      "  nelumbo generate models/smolvlm --image smear.png --chat \"What is this?\"");
  command->callback([&session, options] {
    session.action = [&session, options] { return generate(session, *options); };
  });
}

}  // namespace nelumbo
