// SPDX-License-Identifier: Apache-2.0
#include "apps/hf_directory.h"

#include <cmath>
#include <limits>
#include <utility>

#include <nlohmann/json.hpp>

#include "apps/json_fields.h"
#include "base/file.h"
#include "model/image.h"

namespace nelumbo {
namespace {

using nlohmann::json;

constexpr int64_t kMostConfigBytes = 1 << 20;
constexpr double kLargestSize = 1 << 24;  // of any integer of a shape

json vision_json(const VisionConfig& c) {
  return {{"model_type", "idefics3_vision"},
          {"hidden_size", c.hidden_size},
          {"intermediate_size", c.intermediate_size},
          {"num_hidden_layers", c.layers},
          {"num_attention_heads", c.heads},
          {"num_channels", 3},
          {"image_size", c.image_size},
          {"patch_size", c.patch_size},
          {"hidden_act", "gelu_pytorch_tanh"},
          {"layer_norm_eps", c.layer_norm_eps},
          {"attention_dropout", 0.0},
          {"size", {{"longest_edge", c.image_size}}},
          {"max_image_size", {{"longest_edge", c.image_size}}}};
}

json text_json(const DecoderConfig& c, int32_t start, int32_t end) {
  return {{"model_type", "llama"},
          {"architectures", {"LlamaForCausalLM"}},
          {"vocab_size", c.vocab_size},
          {"hidden_size", c.hidden_size},
          {"intermediate_size", c.intermediate_size},
          {"num_hidden_layers", c.layers},
          {"num_attention_heads", c.heads},
          {"num_key_value_heads", c.kv_heads},
          {"head_dim", c.head_size()},
          {"hidden_act", "silu"},
          {"max_position_embeddings", c.max_positions},
          {"rms_norm_eps", c.rms_norm_eps},
          {"rope_theta", c.rope_theta},
          {"rope_scaling", nullptr},
          {"attention_bias", false},
          {"mlp_bias", false},
          {"attention_dropout", 0.0},
          {"tie_word_embeddings", c.tie_embeddings},
          {"bos_token_id", start},
          {"eos_token_id", end},
          {"pad_token_id", end}};
}

json config_json(const ModelConfig& c, int32_t start, int32_t end) {
  return {{"architectures", {"Idefics3ForConditionalGeneration"}},
          {"model_type", "idefics3"},
          {"image_token_id", c.image_token_id},
          {"scale_factor", c.scale_factor},
          {"tie_word_embeddings", c.decoder.tie_embeddings},
          {"torch_dtype", "float32"},
          {"vocab_size", c.decoder.vocab_size},
          {"bos_token_id", start},
          {"eos_token_id", end},
          {"pad_token_id", end},
          {"vision_config", vision_json(c.vision)},
          {"text_config", text_json(c.decoder, start, end)}};
}

/// One tile, stretched to a square, is all that the policy ever sees.
json preprocessor_json(const VisionConfig& c) {
  return {{"image_processor_type", "Idefics3ImageProcessor"},
          {"processor_class", "Idefics3Processor"},
          {"do_convert_rgb", true},
          {"do_image_splitting", false},
          {"do_resize", true},
          {"do_rescale", true},
          {"do_normalize", true},
          {"do_pad", true},
          {"rescale_factor", 1.0 / 255},
          {"image_mean", {0.5, 0.5, 0.5}},
          {"image_std", {0.5, 0.5, 0.5}},
          {"resample", static_cast<int>(Resample::kBilinear)},
          {"size", {{"longest_edge", c.image_size}}},
          {"max_image_size", {{"longest_edge", c.image_size}}}};
}

json tokenizer_json(int64_t positions) {
  return {{"tokenizer_class", "PreTrainedTokenizerFast"}, {"bos_token", control::kStart},
          {"eos_token", control::kEndOfUtterance},        {"pad_token", control::kEndOfUtterance},
          {"clean_up_tokenization_spaces", false},        {"model_max_length", positions}};
}

/// Reads numbers out of a config.json, and remembers what was wrong first.
class ConfigReader {
 public:
  explicit ConfigReader(std::string place) : place_(std::move(place)) {}

  void take(const json& section, const char* key, int64_t& value) {
    const std::optional<double> number = number_of(section, key);
    if (!number || *number != std::floor(*number) || *number < 1 || *number > kLargestSize)
      return complain(std::string("'") + key + "': must be a whole number > 0");
    value = static_cast<int64_t>(*number);
  }
  /// A missing key keeps the default.
  void take(const json& section, const char* key, double& value) {
    const std::optional<double> number = number_of(section, key);
    if (member(section, key).is_null())
      return;
    if (!number || !std::isfinite(*number) || *number <= 0)
      return complain(std::string("'") + key + "': must be a number > 0");
    value = *number;
  }
  void require(bool good, const std::string& what) {
    if (!good)
      complain(what);
  }

  Result<void> finish() const { return first_ ? Result<void>(*first_) : Result<void>(); }

 private:
  void complain(const std::string& what) {
    if (!first_)
      first_ = Error{Errc::kBadData, place_ + ": " + what};
  }

  std::string place_;
  std::optional<Error> first_;
};

void read_vision(ConfigReader& reader, const json& section, VisionConfig& c) {
  reader.take(section, "image_size", c.image_size);
  reader.take(section, "patch_size", c.patch_size);
  reader.take(section, "hidden_size", c.hidden_size);
  reader.take(section, "intermediate_size", c.intermediate_size);
  reader.take(section, "num_hidden_layers", c.layers);
  reader.take(section, "num_attention_heads", c.heads);
  reader.take(section, "layer_norm_eps", c.layer_norm_eps);
  reader.require(text_of(section, "hidden_act") == "gelu_pytorch_tanh",
                 "'vision_config.hidden_act': only gelu_pytorch_tanh is served");
}

void read_decoder(ConfigReader& reader, const json& section, DecoderConfig& c) {
  reader.take(section, "vocab_size", c.vocab_size);
  reader.take(section, "hidden_size", c.hidden_size);
  reader.take(section, "intermediate_size", c.intermediate_size);
  reader.take(section, "num_hidden_layers", c.layers);
  reader.take(section, "num_attention_heads", c.heads);
  reader.take(section, "num_key_value_heads", c.kv_heads);
  reader.take(section, "max_position_embeddings", c.max_positions);
  reader.take(section, "rms_norm_eps", c.rms_norm_eps);
  reader.take(section, "rope_theta", c.rope_theta);
  reader.take(member(section, "rope_parameters"), "rope_theta", c.rope_theta);
  reader.require(member(section, "rope_scaling").is_null(),
                 "'text_config.rope_scaling': scaled positions are not served");
  reader.require(text_of(section, "hidden_act") == "silu",
                 "'text_config.hidden_act': only silu is served");
}

Result<ModelConfig> read_config(const std::string& path) {
  Result<std::string> text = read_file(path, kMostConfigBytes);
  if (!text)
    return Error{Errc::kBadData, text.error().message};
  const json document = json::parse(text.value(), nullptr, false);
  ConfigReader reader(path);
  reader.require(document.is_object(), "not a JSON object");
  const std::string type = text_of(document, "model_type");
  reader.require(type == "idefics3" || type == "smolvlm",
                 "'model_type': is '" + type + "'; served are idefics3 and smolvlm");
  ModelConfig config;
  int64_t image_token = 0;
  reader.take(document, "image_token_id", image_token);
  reader.take(document, "scale_factor", config.scale_factor);
  read_vision(reader, member(document, "vision_config"), config.vision);
  read_decoder(reader, member(document, "text_config"), config.decoder);
  const json& tied = member(document, "tie_word_embeddings");
  config.decoder.tie_embeddings = tied.is_boolean() && tied.get<bool>();
  config.image_token_id = static_cast<int32_t>(image_token);
  if (Result<void> read = reader.finish(); !read)
    return read.error();
  if (Result<void> valid = config.validate(); !valid)
    return Error{Errc::kBadData, path + ": " + valid.error().message};
  return config;
}

}  // namespace

Result<void> write_hf_directory(const std::string& folder, const ModelConfig& config,
                                const Dialogue& dialogue, const WeightSet& weights) {
  const int32_t end = dialogue.end_of_turn();
  const int32_t start = dialogue.tokenizer().id(control::kStart).value_or(end);
  const std::pair<const char*, std::string> files[] = {
      {"config.json", config_json(config, start, end).dump(2) + "\n"},
      {"generation_config.json",
       json{{"bos_token_id", start}, {"eos_token_id", end}, {"pad_token_id", end}}.dump(2) + "\n"},
      {"tokenizer.json", dialogue.tokenizer().json()},
      {"tokenizer_config.json", tokenizer_json(config.decoder.max_positions).dump(2) + "\n"},
      {"preprocessor_config.json", preprocessor_json(config.vision).dump(2) + "\n"},
      {"processor_config.json",
       json{{"processor_class", "Idefics3Processor"}, {"image_seq_len", config.image_tokens()}}
               .dump(2) +
           "\n"},
  };
  for (const auto& [name, bytes] : files)
    if (Result<void> written = write_file_atomic(folder + "/" + name, bytes); !written)
      return written;
  return write_safetensors(folder + "/model.safetensors", weights);
}

Result<HfDirectory> read_hf_directory(const std::string& folder) {
  Result<ModelConfig> config = read_config(folder + "/config.json");
  if (!config)
    return config.error();
  Result<Tokenizer> tokenizer = Tokenizer::read(folder + "/tokenizer.json");
  if (!tokenizer)
    return tokenizer.error();
  if (tokenizer.value().size() > config.value().decoder.vocab_size)
    return Error{Errc::kBadData,
                 folder + "/tokenizer.json: has more tokens than config.json's vocab_size"};
  Result<WeightSet> weights = read_weights(folder);
  if (!weights)
    return weights.error();
  return HfDirectory{config.value(), std::move(tokenizer).value(), std::move(weights).value()};
}

}  // namespace nelumbo
