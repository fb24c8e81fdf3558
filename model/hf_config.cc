// SPDX-License-Identifier: Apache-2.0
#include "model/hf_config.h"

#include <optional>

#include <nlohmann/json.hpp>

#include "base/check.h"
#include "base/file.h"
#include "base/text.h"
#include "model/config_section.h"
#include "model/decoder_config.h"
#include "model/family.h"
#include "model/image.h"
#include "model/strict_json.h"

namespace nelumbo {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr int64_t kLongestConfig = 1'000'000;
/// The words that config.json may call a supported model, for a message.
std::string known_types() {
  std::string list;
  for (const Family* family : families())
    for (const char* type : family->model_types)
      list += (list.empty() ? "" : ", ") + std::string(type);
  return list;
}

/// A list of architectures names this one, or one that is unknown and generates text as well.
void check_architecture(const ConfigSection& section, const Family& family) {
  const json& list = section.at("architectures");
  if (!list.is_array() || list.empty() || !list[0].is_string())
    return;
  const auto name = list[0].get<std::string>();
  const Family* named = find_family(name);
  if (named != nullptr && named != &family)
    section.complain("architectures " + json(name).dump() + " and model_type " +
                     section.at("model_type").dump() + " contradict each other");
  else if (!name.ends_with("ForCausalLM") && !name.ends_with("ForConditionalGeneration"))
    section.complain("architectures " + json(shortened(name)).dump() + " does not generate text");
}

ModelConfig config_of(const ConfigSection& section) {
  ModelConfig config;
  section.only_value("quantization_config", nullptr);
  const std::string type = section.word("model_type", "");
  const Family* family = find_family_of_type(type);
  if (family == nullptr) {
    section.complain(type.empty() ? "has no model_type"
                                  : "model_type " + json(shortened(type)).dump() +
                                        " is not supported; supported: " + known_types());
    return config;
  }
  check_architecture(section, *family);
  family->read(section, &config);
  constexpr size_t kAxes = 3;
  if (config.decoder.rope_sections.size() != (family->traits.mrope ? kAxes : 0))
    section.complain(
        family->traits.mrope
            ? "rope_scaling.mrope_section must say how many pairs follow each of 3 axes"
            : "rope_scaling of the type mrope is not supported in " + type);
  set_traits(*family, &config);
  return config;
}

/// The token ids that a key names, one or a list, stand in the vocabulary.
Result<void> check_ids(const json& document, const char* key, int64_t tokens,
                       const std::string& place) {
  const json value = document.value(key, json());
  for (const json& id : value.is_array() ? value : json::array({value}))
    if (!id.is_null() && (!id.is_number_unsigned() || id >= static_cast<uint64_t>(tokens)))
      return Error{Errc::kBadData, place + ": " + key + " must be a token id below " +
                                       std::to_string(tokens) + ", not " + shortened(id.dump())};
  return {};
}

std::string written(const ordered_json& document) {
  return document.dump(2) + "\n";
}

}  // namespace

Result<ModelConfig> read_hf_config(const std::string& path) {
  const Result<std::string> text = read_file(path, kLongestConfig);
  if (!text)
    return Error{Errc::kBadData, text.error().message};
  return parse_hf_config(text.value(), path);
}

Result<ModelConfig> parse_hf_config(std::string_view text, const std::string& place) {
  const Result<json> document = parse_json(text, place);
  if (!document)
    return document.error();
  std::optional<std::string> complaint;
  const ModelConfig config = config_of(ConfigSection(document.value(), complaint));
  if (complaint)
    return Error{Errc::kBadData, place + ": " + *complaint};
  if (const auto valid = config.validate(); !valid)
    return Error{Errc::kBadData, place + ": " + valid.error().message};
  return config;
}

Result<ControlTokens> parse_control_tokens(std::string_view text, const std::string& place) {
  const Result<json> document = parse_json(text, place);
  if (!document)
    return document.error();
  std::optional<std::string> complaint;
  const ConfigSection section(document.value(), complaint);
  ControlTokens tokens;
  tokens.begin.id = section.token("bos_token_id", kLargestVocabulary);
  tokens.end.id = section.token("eos_token_id", kLargestVocabulary);
  tokens.padding.id = section.token("pad_token_id", kLargestVocabulary);
  if (complaint)
    return Error{Errc::kBadData, place + ": " + *complaint};
  return tokens;
}

Result<void> check_control_tokens(std::string_view text, int64_t tokens, const std::string& place) {
  const Result<json> document = parse_json(text, place);
  if (!document)
    return document.error();
  if (document.value().is_object())
    for (const char* key : {"bos_token_id", "eos_token_id"})
      if (auto sound = check_ids(document.value(), key, tokens, place); !sound)
        return sound;
  return {};
}

std::string hf_config_json(const ModelConfig& config, const ControlTokens& tokens) {
  const Family* family = find_family(config.architecture);
  NELUMBO_CHECK(family != nullptr) << "no architecture is called " << config.architecture;
  ordered_json document{{"architectures", {family->architecture}},
                        {"model_type", family->model_types.front()},
                        {"torch_dtype", "float32"}};
  document.update(family->write(config, tokens));
  return written(document);
}

std::string generation_config_json(const ControlTokens& tokens, const std::vector<int32_t>& ends) {
  const ordered_json end = ends.size() == 1 ? ordered_json(ends.front()) : ordered_json(ends);
  return written({{"bos_token_id", token_json(tokens.begin)},
                  {"eos_token_id", ends.empty() ? ordered_json() : end},
                  {"pad_token_id", token_json(tokens.padding)}});
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
