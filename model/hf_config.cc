// SPDX-License-Identifier: Apache-2.0
#include "model/hf_config.h"

#include <cmath>
#include <initializer_list>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "model/image.h"
#include "model/strict_json.h"

namespace nelumbo {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr int64_t kLongestConfig = 1'000'000;
constexpr int64_t kMostLayers = 1000;
constexpr int64_t kMostHeads = 1000;
constexpr int64_t kWidest = 1'000'000;
constexpr int64_t kLargestVocabulary = 10'000'000;
constexpr int64_t kMostPositions = 100'000'000;
constexpr int64_t kLargestImage = 16384;

/// One object of a configuration. Keeps the first complaint, so that a reader can go on.
class Section {
 public:
  Section(const json& fields, std::string prefix, std::optional<std::string>& complaint)
      : fields_(fields), prefix_(std::move(prefix)), complaint_(complaint) {
    if (!fields_.is_object())
      complain(prefix_.empty() ? "must be an object"
                               : prefix_.substr(0, prefix_.size() - 1) + " must be an object");
  }

  /// The value of a key, or null. JSON's null counts as missing, as it does in transformers.
  const json& at(const char* key) const {
    static const json kNull;
    return fields_.is_object() && fields_.contains(key) ? fields_[key] : kNull;
  }
  Section section(const char* key) const { return {at(key), prefix_ + key + ".", complaint_}; }

  /// From 1 to `most`.
  int64_t whole(const char* key, int64_t most, std::optional<int64_t> otherwise = {}) const {
    const json& value = at(key);
    if (value.is_null() && otherwise)
      return *otherwise;
    if (value.is_number_unsigned() && value >= 1 && value <= static_cast<uint64_t>(most))
      return value;
    complain(prefix_ + key + " must be a whole number from 1 to " + std::to_string(most) +
             ", not " + shown(value));
    return 1;
  }
  double positive(const char* key, double otherwise) const {
    const json& value = at(key);
    if (value.is_null())
      return otherwise;
    if (value.is_number() && std::isfinite(value.get<double>()) && value > 0)
      return value;
    complain(prefix_ + key + " must be a number > 0, not " + shown(value));
    return 1;
  }
  bool flag(const char* key, bool otherwise) const {
    const json& value = at(key);
    if (value.is_boolean())
      return value;
    if (!value.is_null())
      complain(prefix_ + key + " must be true or false, not " + shown(value));
    return otherwise;
  }
  /// Complains unless the key is missing or one of `words`.
  void only(const char* key, std::initializer_list<const char*> words) const {
    const json& value = at(key);
    std::string list;
    for (const char* word : words) {
      if (value == word)
        return;
      list += (list.empty() ? "" : ", ") + std::string(word);
    }
    if (!value.is_null())
      complain(prefix_ + key + " " + shown(value) + " is not supported; supported: " + list);
  }
  /// Complains unless the key is missing or has this value.
  void only_value(const char* key, const json& value) const {
    if (!at(key).is_null() && at(key) != value)
      complain(prefix_ + key + " " + shown(at(key)) +
               " is not supported; supported: " + value.dump());
  }
  void complain(const std::string& what) const {
    if (!complaint_)
      complaint_ = what;
  }

 private:
  static std::string shown(const json& value) {
    return value.is_null() ? "missing" : value.dump().substr(0, 60);
  }

  const json& fields_;
  std::string prefix_;  ///< "text_config." or nothing
  std::optional<std::string>& complaint_;
};

VisionConfig vision_of(const Section& section) {
  VisionConfig config;
  section.only("model_type", {"idefics3", "idefics3_vision", "smolvlm", "smolvlm_vision"});
  section.only("hidden_act", {"gelu_pytorch_tanh"});
  section.only_value("num_channels", 3);
  config.image_size = section.whole("image_size", kLargestImage, 224);
  config.patch_size = section.whole("patch_size", kLargestImage, 32);
  config.hidden_size = section.whole("hidden_size", kWidest, 1152);
  config.intermediate_size = section.whole("intermediate_size", kWidest, 3072);
  config.layers = section.whole("num_hidden_layers", kMostLayers, 12);
  config.heads = section.whole("num_attention_heads", kMostHeads, 16);
  config.layer_norm_eps = section.positive("layer_norm_eps", 1e-6);
  return config;
}

/// Rotary positions without scaling. transformers 5 writes rope_parameters, earlier ones rope_theta
/// and rope_scaling.
double rope_theta_of(const Section& section) {
  for (const char* key : {"rope_scaling", "rope_parameters"}) {
    if (section.at(key).is_null())
      continue;
    const Section rope = section.section(key);
    rope.only("rope_type", {"default"});
    rope.only("type", {"default"});
    rope.only_value("partial_rotary_factor", 1.0);
  }
  const double theta = section.positive("rope_theta", 10000);
  return section.at("rope_parameters").is_null()
             ? theta
             : section.section("rope_parameters").positive("rope_theta", theta);
}

DecoderConfig decoder_of(const Section& section) {
  DecoderConfig config;
  section.only("model_type", {"llama"});
  section.only("hidden_act", {"silu"});
  section.only_value("attention_bias", false);
  section.only_value("mlp_bias", false);
  config.vocab_size = section.whole("vocab_size", kLargestVocabulary);
  config.hidden_size = section.whole("hidden_size", kWidest);
  config.intermediate_size = section.whole("intermediate_size", kWidest);
  config.layers = section.whole("num_hidden_layers", kMostLayers);
  config.heads = section.whole("num_attention_heads", kMostHeads);
  config.kv_heads = section.whole("num_key_value_heads", kMostHeads, config.heads);
  config.max_positions = section.whole("max_position_embeddings", kMostPositions, 2048);
  config.rms_norm_eps = section.positive("rms_norm_eps", 1e-6);
  config.rope_theta = rope_theta_of(section);
  const int64_t head_size = section.whole("head_dim", kWidest, config.head_size());
  if (head_size != config.head_size() || config.hidden_size % config.heads != 0)
    section.complain("text_config.head_dim must be hidden_size / num_attention_heads");
  return config;
}

ModelConfig config_of(const Section& section) {
  ModelConfig config;
  if (section.at("model_type").is_null())
    section.complain("has no model_type");
  section.only("model_type", {"idefics3", "smolvlm"});
  section.only_value("quantization_config", nullptr);
  config.vision = vision_of(section.section("vision_config"));
  config.decoder = decoder_of(section.section("text_config"));
  config.decoder.tie_embeddings = section.flag("tie_word_embeddings", false);
  config.scale_factor = section.whole("scale_factor", kLargestImage, 2);
  if (section.whole("vocab_size", kLargestVocabulary, config.decoder.vocab_size) !=
      config.decoder.vocab_size)
    section.complain("vocab_size differs from text_config.vocab_size");
  const json& image_token = section.at("image_token_id");
  if (!image_token.is_number_unsigned() || image_token >= config.decoder.vocab_size)
    section.complain("image_token_id must be a token id below text_config.vocab_size");
  else
    config.image_token_id = image_token;
  return config;
}

ordered_json vision_json(const VisionConfig& config) {
  return {{"model_type", "idefics3_vision"},
          {"image_size", config.image_size},
          {"patch_size", config.patch_size},
          {"num_channels", 3},
          {"hidden_size", config.hidden_size},
          {"intermediate_size", config.intermediate_size},
          {"num_hidden_layers", config.layers},
          {"num_attention_heads", config.heads},
          {"hidden_act", "gelu_pytorch_tanh"},
          {"layer_norm_eps", config.layer_norm_eps},
          {"attention_dropout", 0.0}};
}

ordered_json decoder_json(const DecoderConfig& config, const ControlTokens& tokens) {
  return {{"model_type", "llama"},
          {"architectures", {"LlamaForCausalLM"}},
          {"vocab_size", config.vocab_size},
          {"hidden_size", config.hidden_size},
          {"intermediate_size", config.intermediate_size},
          {"num_hidden_layers", config.layers},
          {"num_attention_heads", config.heads},
          {"num_key_value_heads", config.kv_heads},
          {"head_dim", config.head_size()},
          {"hidden_act", "silu"},
          {"max_position_embeddings", config.max_positions},
          {"rope_theta", config.rope_theta},
          {"rope_scaling", nullptr},
          {"rms_norm_eps", config.rms_norm_eps},
          {"attention_bias", false},
          {"mlp_bias", false},
          {"attention_dropout", 0.0},
          {"tie_word_embeddings", config.tie_embeddings},
          {"bos_token_id", tokens.begin.id},
          {"eos_token_id", tokens.end.id},
          {"pad_token_id", tokens.padding.id}};
}

std::string written(const ordered_json& document) {
  return document.dump(2) + "\n";
}

}  // namespace

Result<ModelConfig> read_hf_config(const std::string& path) {
  const Result<std::string> text = read_file(path, kLongestConfig);
  if (!text)
    return Error{Errc::kBadData, text.error().message};
  const Result<json> document = parse_json(text.value(), path);
  if (!document)
    return document.error();
  std::optional<std::string> complaint;
  const ModelConfig config = config_of(Section(document.value(), "", complaint));
  if (complaint)
    return Error{Errc::kBadData, path + ": " + *complaint};
  if (const auto valid = config.validate(); !valid)
    return Error{Errc::kBadData, path + ": " + valid.error().message};
  return config;
}

std::string hf_config_json(const ModelConfig& config, const ControlTokens& tokens) {
  return written({{"architectures", {"Idefics3ForConditionalGeneration"}},
                  {"model_type", "idefics3"},
                  {"image_token_id", config.image_token_id},
                  {"scale_factor", config.scale_factor},
                  {"tie_word_embeddings", config.decoder.tie_embeddings},
                  {"torch_dtype", "float32"},
                  {"vocab_size", config.decoder.vocab_size},
                  {"bos_token_id", tokens.begin.id},
                  {"eos_token_id", tokens.end.id},
                  {"pad_token_id", tokens.padding.id},
                  {"text_config", decoder_json(config.decoder, tokens)},
                  {"vision_config", vision_json(config.vision)}});
}

std::string generation_config_json(const ControlTokens& tokens) {
  return written({{"bos_token_id", tokens.begin.id},
                  {"eos_token_id", tokens.end.id},
                  {"pad_token_id", tokens.padding.id}});
}

std::string preprocessor_config_json(const ModelConfig& config) {
  // Without splitting, the square of max_image_size is the only resize; do_resize would put one
  // that keeps proportions in front of it.
  const ordered_json tile = {{"longest_edge", config.vision.image_size}};
  return written({{"image_processor_type", "Idefics3ImageProcessor"},
                  {"processor_class", "Idefics3Processor"},
                  {"do_convert_rgb", true},
                  {"do_resize", false},
                  {"size", tile},
                  {"do_image_splitting", false},
                  {"max_image_size", tile},
                  {"resample", static_cast<int>(Resample::kBilinear)},
                  {"do_rescale", true},
                  {"rescale_factor", 1.0 / 255},
                  {"do_normalize", true},
                  {"image_mean", {0.5, 0.5, 0.5}},
                  {"image_std", {0.5, 0.5, 0.5}},
                  {"do_pad", true}});
}

std::string processor_config_json(const ModelConfig& config) {
  return written(
      {{"processor_class", "Idefics3Processor"}, {"image_seq_len", config.image_tokens()}});
}

std::string tokenizer_config_json(const ModelConfig& config, const ControlTokens& tokens,
                                  const std::string& chat_template) {
  return written({{"tokenizer_class", "PreTrainedTokenizerFast"},
                  {"bos_token", tokens.begin.text},
                  {"eos_token", tokens.end.text},
                  {"pad_token", tokens.padding.text},
                  {"clean_up_tokenization_spaces", false},
                  {"model_max_length", config.decoder.max_positions},
                  {"chat_template", chat_template}});
}

}  // namespace nelumbo
