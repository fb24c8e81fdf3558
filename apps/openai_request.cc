// SPDX-License-Identifier: Apache-2.0
#include "apps/openai_request.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "apps/openai_messages.h"
#include "base/text.h"

namespace nelumbo {
namespace {

using Json = nlohmann::ordered_json;

constexpr int64_t kMostSamples = 128;
constexpr int64_t kMostAnswers = 1024;  // of one request
constexpr int64_t kMostTokens = 1 << 20;
constexpr size_t kMostStops = 16;
constexpr double kGreedyBelow =
    1e-6;  // a temperature whose inverse leaves the range of floats soon

void check_model(ApiFields& fields, const ApiModel& model) {
  const std::string name = fields.text("model", model.names.front());
  if (std::ranges::find(model.names, name) == model.names.end())
    fields.fail({.status = 404,
                 .message = "model: '" + shortened(name) + "' is not served; there is '" +
                            model.names.front() + "'",
                 .param = "model",
                 .code = "model_not_found"});
}

std::vector<TokenBias> read_biases(ApiFields& fields, const ApiModel& model) {
  std::vector<TokenBias> biases;
  const Json* map = fields.find("logit_bias");
  if (map == nullptr)
    return biases;
  const std::string what = "must map ids of tokens below " + std::to_string(model.vocabulary) +
                           " to numbers from -100 to 100";
  if (!map->is_object()) {
    fields.fail("logit_bias", what);
    return biases;
  }
  for (const auto& [key, value] : map->items()) {
    int32_t token = -1;
    const auto end = key.data() + key.size();
    const bool is_id = std::from_chars(key.data(), end, token).ptr == end && token >= 0 &&
                       token < model.vocabulary;
    if (!is_id || !value.is_number() || !(value.get<double>() >= -100) ||
        !(value.get<double>() <= 100)) {
      fields.fail("logit_bias", what);
      return biases;
    }
    biases.push_back({token, value.get<float>()});
  }
  return biases;
}

/// What both routes can ask; what they may not is refused by `refuse_others`.
ApiOptions read_options(ApiFields& fields, const ApiModel& model) {
  check_model(fields, model);
  ApiOptions out;
  out.samples = static_cast<int32_t>(fields.integer("n", 1, kMostSamples).value_or(1));
  out.sampling.temperature = fields.number("temperature", 1, 0, 100);
  if (out.sampling.temperature < kGreedyBelow)
    out.sampling.temperature = 0;
  Restriction& restriction = out.wishes.restriction;
  restriction.top_p = fields.number("top_p", 1, 0, 1);
  restriction.min_p = fields.number("min_p", 0, 0, 1);
  const int64_t top_k = fields.integer("top_k", -1, kMostTokens).value_or(-1);
  if (top_k > 0)  // 0 and -1 are how clients say "all"
    restriction.top_k = top_k;
  restriction.bias = read_biases(fields, model);
  if (const auto seed = fields.integer("seed", INT64_MIN, INT64_MAX))
    out.seed = static_cast<uint64_t>(*seed);
  out.stops = fields.texts("stop", kMostStops);
  if (std::ranges::any_of(out.stops, [](const std::string& stop) { return stop.empty(); }))
    fields.fail("stop", "a text that ends answers may not be empty");
  out.stream = fields.flag("stream", false);
  if (const Json* options = fields.find("stream_options")) {
    ApiFields inside(*options, "stream_options.");
    out.include_usage = inside.flag("include_usage", false);
    inside.ignore({"include_obfuscation"});
    inside.refuse_others();
    if (inside.error())
      fields.fail(*inside.error());
    else if (!out.stream)
      fields.fail("stream_options", "goes with \"stream\": true alone");
  }
  fields.require("frequency_penalty", 0);
  fields.require("presence_penalty", 0);
  fields.require("repetition_penalty", 1);
  fields.ignore({"user", "store", "metadata", "service_tier", "safety_identifier",
                 "prompt_cache_key", "prompt_cache_retention"});
  return out;
}

bool is_token_list(const Json& value) {
  return value.is_array() && !value.empty() &&
         std::ranges::all_of(value, [](const Json& one) { return one.is_number_integer(); });
}

void read_prompts(ApiFields& fields, const ApiModel& model, CompletionRequest* request) {
  const Json* value = fields.find("prompt");
  if (value == nullptr)
    return fields.fail("prompt", "is missing; give a text, token ids, or a list of either");
  const bool is_list = value->is_array() && !is_token_list(*value);
  const size_t count = is_list ? value->size() : 1;
  for (size_t i = 0; i < count; ++i) {
    const Json& one = is_list ? (*value)[i] : *value;
    if (one.is_string()) {
      request->prompts.emplace_back(one.get<std::string>());
      continue;
    }
    const auto is_token = [&](const Json& id) {
      return id.get<int64_t>() >= 0 && id.get<int64_t>() < model.vocabulary;
    };
    if (!is_token_list(one))
      return fields.fail("prompt", "must be a text, token ids, or a list of either");
    if (!std::ranges::all_of(one, is_token))
      return fields.fail("prompt",
                         "ids of tokens must be below " + std::to_string(model.vocabulary));
    request->prompts.emplace_back(one.get<std::vector<int32_t>>());
  }
  const int64_t answers = std::ssize(request->prompts) * request->options.samples;
  if (answers < 1 || answers > kMostAnswers)
    fields.fail("prompt", "asks for " + std::to_string(answers) + " answers; from 1 to " +
                              std::to_string(kMostAnswers) + " can be given at once");
}

bool asks_for_json(ApiFields& fields) {
  const Json* format = fields.find("response_format");
  const Json object = {{"type", "json_object"}};
  if (format != nullptr && *format == object)
    return true;
  fields.require("response_format", {{"type", "text"}});
  return false;
}

}  // namespace

std::variant<CompletionRequest, ApiError> read_completion(const Json& body, const ApiModel& model) {
  ApiFields fields(body);
  CompletionRequest request;
  ApiOptions& options = request.options = read_options(fields, model);
  request.echo = fields.flag("echo", false);
  options.max_tokens = fields.integer("max_tokens", request.echo ? 0 : 1, kMostTokens).value_or(16);
  if (const auto likeliest = fields.integer("logprobs", 0, 5)) {
    options.logprobs = true;
    options.wishes.likeliest = *likeliest;
  }
  options.wishes.score_prompt = options.logprobs && request.echo;
  fields.require("best_of", options.samples);
  fields.require("suffix", "");
  read_prompts(fields, model, &request);
  fields.refuse_others();
  if (fields.error())
    return *fields.error();
  return request;
}

std::variant<ChatRequest, ApiError> read_chat(const Json& body, const ApiModel& model) {
  ApiFields fields(body);
  ChatRequest request;
  ApiOptions& options = request.options = read_options(fields, model);
  const auto most = fields.integer("max_completion_tokens", 1, kMostTokens);
  options.max_tokens = fields.integer("max_tokens", 1, kMostTokens);
  if (most)
    options.max_tokens = most;
  options.logprobs = fields.flag("logprobs", false);
  options.wishes.likeliest = fields.integer("top_logprobs", 0, 20).value_or(0);
  if (options.wishes.likeliest > 0 && !options.logprobs)
    fields.fail("top_logprobs", "goes with \"logprobs\": true alone");
  options.json = asks_for_json(fields);
  fields.require("modalities", Json::array({"text"}));
  fields.require("parallel_tool_calls", true);
  ApiMessages said = read_messages(fields);
  fields.refuse_others();
  if (fields.error())
    return *fields.error();
  request.messages = std::move(said.messages);
  request.tools = std::move(said.tools);
  request.images = std::move(said.images);
  return request;
}

}  // namespace nelumbo
