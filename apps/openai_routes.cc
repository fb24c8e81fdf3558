// SPDX-License-Identifier: Apache-2.0
#include "apps/openai_routes.h"

#include <algorithm>
#include <chrono>
#include <sstream>
#include <utility>

#include "model/strict_json.h"

namespace nelumbo {
namespace {

using Json = nlohmann::ordered_json;

constexpr int64_t kMostValues = 4'000'000;

int64_t now() {
  using std::chrono::system_clock;
  return std::chrono::duration_cast<std::chrono::seconds>(system_clock::now().time_since_epoch())
      .count();
}

int64_t longest_piece_of(const Tokenizer& tokenizer) {
  int64_t longest = 1;
  for (int32_t id = 0; id < tokenizer.size(); ++id)
    if (tokenizer.has(id))
      longest = std::max(longest, std::ssize(tokenizer.piece(id)));
  return longest;
}

void refuse(HttpReply& reply, const ApiError& error) {
  reply.send({.status = error.status, .body = error_body(error)});
}

Json model_json(const std::string& name, int64_t created) {
  return {{"id", name}, {"object", "model"}, {"created", created}, {"owned_by", "nelumbo"}};
}

/// The body of a request. A number in a list takes two bytes of it, and sixteen when it was read.
Result<Json> body_json(const std::string& body) {
  const auto values =
      std::ranges::count_if(body, [](char c) { return c == ',' || c == '[' || c == '{'; });
  if (values > kMostValues)
    return Error{Errc::kBadData, "the body: has more than " + std::to_string(kMostValues) +
                                     " values; ask in parts"};
  return parse_ordered_json(body, "the body");
}

/// The route's one method, where another was used.
HttpAnswer wrong_method(const std::string& allowed) {
  return {.status = 405,
          .body = error_body({.status = 405, .message = "this route takes " + allowed + " alone"}),
          .allow = allowed};
}

}  // namespace

OpenAiRoutes::OpenAiRoutes(const ChatModel& model, Serving& serving, std::vector<std::string> names,
                           uint64_t seed)
    : model_(model),
      serving_(serving),
      known_{std::move(names), model.network.config.decoder.vocab_size},
      seed_(seed),
      created_(now()),
      longest_piece_(longest_piece_of(*model.tokenizer)),
      format_(chat_format_of(model)),
      sight_(model.directory, model.network.config) {}

void OpenAiRoutes::handle(const HttpRequest& request, const std::shared_ptr<HttpReply>& reply) {
  const std::string models = "/v1/models";
  const bool posts = request.path == "/v1/completions" || request.path == "/v1/chat/completions";
  const bool gets = request.path == "/health" || request.path == "/metrics" ||
                    request.path == models || request.path.starts_with(models + "/");
  if (!posts && !gets)
    return refuse(*reply, {.status = 404,
                           .message = "there is no such route; there are /v1/models, "
                                      "/v1/completions, /v1/chat/completions, /health, /metrics"});
  if (posts && request.method != "POST")
    return reply->send(wrong_method("POST"));
  if (gets && request.method != "GET")
    return reply->send(wrong_method("GET"));
  if (request.path == "/v1/completions")
    return complete(request.body, reply);
  if (request.path == "/v1/chat/completions")
    return chat(request.body, reply);
  const Json own = model_json(known_.names.front(), created_);
  if (request.path == "/health")
    return reply->send({.body = R"({"status":"ok"})"});
  if (request.path == "/metrics")
    return reply->send({.type = "text/plain; version=0.0.4", .body = metrics()});
  if (request.path == models)
    return reply->send({.body = Json{{"object", "list"}, {"data", Json::array({own})}}.dump()});
  if (request.path != models + "/" + known_.names.front())
    return refuse(*reply, {.status = 404,
                           .message = "there is one model, '" + known_.names.front() + "'",
                           .code = "model_not_found"});
  reply->send({.body = own.dump()});
}

/// A text of so many bytes has more tokens than the model has positions, however it is cut.
std::optional<ApiError> OpenAiRoutes::too_long(size_t bytes, const std::string& param) const {
  const int64_t positions = model_.network.config.decoder.max_positions;
  if (static_cast<int64_t>(bytes) / longest_piece_ < positions)
    return std::nullopt;
  return ApiError{.message = param + ": " + std::to_string(bytes) +
                             " bytes are more than the model has positions for, which are " +
                             std::to_string(positions) + "; shorten it",
                  .param = param,
                  .code = "context_length_exceeded"};
}

std::variant<ModelPrompt, ApiError> OpenAiRoutes::completion_prompt(
    const std::variant<std::string, std::vector<int32_t>>& prompt) const {
  ModelPrompt out;
  if (const auto* text = std::get_if<std::string>(&prompt)) {
    if (auto error = too_long(text->size(), "prompt"))
      return *error;
    const Result<std::vector<int32_t>> tokens = prompt_tokens(model_, *text);
    if (!tokens)
      return api_error(tokens.error(), "prompt");
    out.tokens = tokens.value();
  } else {
    out.tokens = std::get<std::vector<int32_t>>(prompt);
  }
  if (out.tokens.empty())
    return ApiError{.message = "prompt: is empty; there is nothing to continue", .param = "prompt"};
  if (auto fits = check_placeholders(out.tokens, {}, model_.network.config, "prompt"); !fits)
    return api_error(fits.error(), "prompt");
  return out;
}

/// Sets what is not said of lengths, and refuses what there is no room for.
std::optional<ApiError> OpenAiRoutes::set_lengths(const std::vector<ModelPrompt>& prompts,
                                                  const std::string& param,
                                                  ApiOptions* options) const {
  const int64_t positions = model_.network.config.decoder.max_positions;
  int64_t longest = 0;
  for (const ModelPrompt& prompt : prompts)
    longest = std::max(longest, std::ssize(prompt.tokens));
  const std::string given = std::to_string(longest) + " tokens";
  if (longest >= positions)
    return ApiError{.message = param + ": has " + given + ", and the model has positions for " +
                               std::to_string(positions) + " with the answer; shorten it",
                    .param = param,
                    .code = "context_length_exceeded"};
  const int64_t room = serving_.room_behind(longest, options->samples);
  if (room < 1)
    return ApiError{.message = param + ": has " + given +
                               ", for which the server has too few key "
                               "blocks; ask for fewer answers, or start it with more "
                               "--key-blocks",
                    .param = param};
  const int64_t wanted = std::max<int64_t>(options->max_tokens.value_or(room), 1);
  if (wanted > positions - longest)
    return ApiError{.message = "max_tokens: " + std::to_string(wanted) + " behind a prompt of " +
                               given + " are more than the model has positions for, which are " +
                               std::to_string(positions),
                    .param = "max_tokens",
                    .code = "context_length_exceeded"};
  if (wanted > room)
    return ApiError{.message = "max_tokens: there are key blocks for " + std::to_string(room) +
                               " tokens in each of these answers; ask for less, or start the "
                               "server with more --key-blocks",
                    .param = "max_tokens"};
  options->sampling.max_new_tokens = wanted;
  return std::nullopt;
}

void OpenAiRoutes::complete(const std::string& body, const std::shared_ptr<HttpReply>& reply) {
  const Result<Json> json = body_json(body);
  if (!json)
    return refuse(*reply, api_error(json.error()));
  auto read = read_completion(json.value(), known_);
  if (const auto* error = std::get_if<ApiError>(&read))
    return refuse(*reply, *error);
  auto& request = std::get<CompletionRequest>(read);
  std::vector<ModelPrompt> prompts;
  for (const auto& prompt : request.prompts) {
    auto made = completion_prompt(prompt);
    if (const auto* error = std::get_if<ApiError>(&made))
      return refuse(*reply, *error);
    prompts.push_back(std::get<ModelPrompt>(std::move(made)));
  }
  if (const auto error = set_lengths(prompts, "prompt", &request.options))
    return refuse(*reply, *error);
  AnswerShape shape;
  shape.echo = request.echo;
  shape.limits.max_tokens = request.options.max_tokens.value_or(0);
  serve(std::move(prompts), request.options, std::move(shape), reply);
}

std::variant<ModelPrompt, ApiError> OpenAiRoutes::chat_prompt(const ChatRequest& request) {
  if (!format_)
    return api_error(format_.error(), "messages");
  ShownImages shown;
  if (!request.images.empty()) {
    const std::scoped_lock lock(sight_mutex_);
    Result<ShownImages> seen = sight_.see(request.images);
    if (!seen)
      return api_error(seen.error(), "messages");
    shown = std::move(seen).value();
  }
  if (auto error = too_long(request.messages.dump().size(), "messages"))
    return *error;
  const Result<std::vector<int32_t>> tokens =
      format_.value().prompt(request.messages, request.tools, shown);
  if (!tokens)
    return api_error(tokens.error(), "messages");
  ModelPrompt prompt{tokens.value(), pixels_of(shown)};
  if (auto fits =
          check_placeholders(prompt.tokens, prompt.pixels, model_.network.config, "messages");
      !fits)
    return api_error(fits.error(), "messages");
  return prompt;
}

void OpenAiRoutes::chat(const std::string& body, const std::shared_ptr<HttpReply>& reply) {
  const Result<Json> json = body_json(body);
  if (!json)
    return refuse(*reply, api_error(json.error()));
  auto read = read_chat(json.value(), known_);
  if (const auto* error = std::get_if<ApiError>(&read))
    return refuse(*reply, *error);
  auto& request = std::get<ChatRequest>(read);
  auto made = chat_prompt(request);
  if (const auto* error = std::get_if<ApiError>(&made))
    return refuse(*reply, *error);
  std::vector<ModelPrompt> prompts;
  prompts.push_back(std::get<ModelPrompt>(std::move(made)));
  if (const auto error = set_lengths(prompts, "messages", &request.options))
    return refuse(*reply, *error);
  AnswerShape shape;
  shape.chat = true;
  shape.limits.tools = !request.tools.is_null();
  shape.limits.max_tokens = request.options.sampling.max_new_tokens;
  serve(std::move(prompts), request.options, std::move(shape), reply);
}

/// What is drawn with a seed depends on it and the prompt alone: as `nelumbo generate --seed` does.
void OpenAiRoutes::serve(std::vector<ModelPrompt> prompts, const ApiOptions& options,
                         AnswerShape shape, const std::shared_ptr<HttpReply>& reply) {
  const uint64_t number = ++requests_;
  shape.id = (shape.chat ? "chatcmpl-" : "cmpl-") + std::to_string(number);
  shape.model = known_.names.front();
  shape.created = now();
  shape.samples = options.samples;
  shape.logprobs = options.logprobs;
  shape.stream = options.stream;
  shape.include_usage = options.include_usage;
  shape.limits.ends = model_.ends;
  shape.limits.stops = options.stops;
  shape.limits.json = options.json;
  std::vector<AskedPrompt> asked;
  asked.reserve(prompts.size());
  for (const ModelPrompt& prompt : prompts)
    asked.push_back(
        {prompt.tokens,
         shape.echo ? model_.tokenizer->decode(prompt.tokens, Tokenizer::Special::kKeep) : ""});
  const auto answer =
      std::make_shared<OpenAiAnswer>(std::move(shape), model_.tokenizer, std::move(asked), reply);
  std::vector<ServedRequest> requests;
  for (size_t i = 0; i < prompts.size(); ++i) {
    auto prompt = std::make_shared<Prompt>();
    prompt->id = "prompt";
    prompt->tokens = std::move(prompts[i].tokens);
    prompt->pixels = std::move(prompts[i].pixels);
    requests.push_back({.prompt = std::move(prompt),
                        .samples = options.samples,
                        .seed = options.seed.value_or(seed_ + (number << 16) + i),
                        .sampling = options.sampling,
                        .wishes = options.wishes,
                        .listener = answer->listener(i)});
  }
  serving_.put(std::move(requests));
}

std::string OpenAiRoutes::metrics() const {
  const ServedFigures figures = serving_.figures();
  std::ostringstream out;
  const auto put = [&](const char* name, const char* type, const char* help, auto value) {
    out << "# HELP nelumbo_" << name << ' ' << help << "\n# TYPE nelumbo_" << name << ' ' << type
        << "\nnelumbo_" << name << ' ' << value << '\n';
  };
  put("requests_total", "counter", "Requests that were let in.", requests_.load());
  put("requests_cancelled_total", "counter", "Prompts whose clients left.", figures.cancelled);
  put("prompt_tokens_total", "counter", "Prompt tokens computed.", figures.work.prompt_rows);
  put("reused_prompt_tokens_total", "counter",
      "Prompt tokens whose keys earlier prompts left behind.", figures.work.reused_rows);
  put("answer_tokens_total", "counter", "Answer tokens computed.", figures.work.answer_rows);
  put("put_back_total", "counter", "Prompts that gave their key blocks to earlier ones.",
      figures.work.put_back);
  put("requests_waiting", "gauge", "Prompts that have not begun.", figures.occupancy.waiting);
  put("sequences_running", "gauge", "Answers that are being drawn.", figures.occupancy.running);
  put("key_blocks_in_use", "gauge", "Blocks of 16 positions in use.",
      figures.occupancy.key_blocks_in_use);
  put("key_blocks", "gauge", "Blocks that there may be.", figures.occupancy.key_blocks);
  put("steps_total", "counter", "Passes through the network.", figures.steps);
  put("step_seconds_total", "counter", "Seconds of all of them.", figures.step_seconds);
  put("step_seconds", "gauge", "Seconds of the last.", figures.last_step_seconds);
  return out.str();
}

}  // namespace nelumbo
