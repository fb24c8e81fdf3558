// SPDX-License-Identifier: Apache-2.0
#include "reward/judge_keys.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "base/ascii.h"
#include "reward/cached_judge.h"
#include "reward/endpoint_judge.h"
#include "reward/policy_judge.h"

namespace nelumbo {

namespace {

/// What every judge has.
struct JudgeKeys {
  std::string kind = "endpoint";
  int64_t answer_bytes = 16'000;
  int64_t cache = 100'000;

  template <class V>
  void fields(V& v) {
    v(kind, "kind", "What it is.", OneOf{"endpoint", "policy"});
    v(answer_bytes, "answer_bytes", "Of an answer so many are shown to it.",
      Between{100, 1'000'000});
    v(cache, "cache", "So many replies are remembered.", Between{0, 10'000'000});
  }
};

struct CalibrationKeys {
  double agreement = 0.9;

  template <class V>
  void fields(V& v) {
    v(agreement, "agreement", "Share of the items on which it must say what is expected.",
      Between{0, 1});
  }
};

struct ItemKeys {
  std::string question, criterion, answer;
  std::optional<bool> expect;

  template <class V>
  void fields(V& v) {
    v(question, "question", "What was asked.", NotEmpty{});
    v(criterion, "criterion", "What is looked for.", NotEmpty{});
    v(answer, "answer", "What was answered.");
    v(expect, "expect", "Whether the criterion is met.");
  }
};

Result<CalibrationItem> read_item(const SpecNode& node) {
  ItemKeys keys;
  if (auto done = read_fields(node, {}, keys); !done)
    return done.error();
  for (const char* key : {"question", "criterion", "answer", "expect"})
    if (!node.has(key))
      return node.error("'" + std::string(key) + "' is missing");
  return CalibrationItem{keys.question, keys.criterion, keys.answer, keys.expect.value_or(false)};
}

Result<JudgeExamPlan> read_plan(const SpecNode& node) {
  JudgeExamPlan plan;
  if (!node.has("calibration"))
    return plan;
  const SpecNode at = node.at("calibration").value();
  CalibrationKeys keys;
  if (auto done = read_fields(at, {"items"}, keys); !done)
    return done.error();
  plan.agreement = keys.agreement;
  const auto list = at.at("items");
  if (!list)
    return list.error();
  const auto items = list.value().items();
  if (!items)
    return items.error();
  for (const SpecNode& one : items.value()) {
    auto item = read_item(one);
    if (!item)
      return item.error();
    plan.items.push_back(std::move(item.value()));
  }
  return plan;
}

bool is_name(const std::string& text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](char c) { return is_ascii_alphanumeric(c) || c == '_'; });
}

/// The key that ${env:NAME} stands for.
Result<std::optional<std::string>> key_of(const SpecNode& node,
                                          const std::optional<std::string>& word) {
  if (!word)
    return std::optional<std::string>();
  const SpecNode at = node.at("key").value();
  constexpr std::string_view kHead = "${env:", kTail = "}";
  const bool framed = word->starts_with(kHead) && word->ends_with(kTail);
  const std::string name =
      framed ? word->substr(kHead.size(), word->size() - kHead.size() - kTail.size()) : "";
  if (!is_name(name))
    return at.error(
        "must be ${env:NAME}, the name of an environment variable; no key belongs in a file");
  const char* const value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0')
    return at.error("the environment variable " + name + " is not set; export the key under it");
  const std::string key = value;
  if (std::ranges::any_of(key, [](unsigned char c) { return c <= ' ' || c >= 0x7F; }))
    return at.error("the environment variable " + name +
                    " holds blanks or control characters, which no key has");
  return std::optional(key);
}

Result<HttpPlace> place_of(const SpecNode& node, const EndpointKeys& keys) {
  const SpecNode at = node.at("url").value();
  auto place = http_place(keys.url);
  if (!place)
    return at.error(place.error().message);
  const HttpPlace& to = place.value();
  if (to.is_loopback)
    return place;
  if (std::ranges::find(keys.allow, to.host) == keys.allow.end())
    return at.error("'" + to.host + "' is not this machine; answers are sent there only where " +
                    "'allow: [" + to.host + "]' says so");
  if (!to.is_secure && keys.key)
    return at.error("would send the key to '" + to.host + "' in the clear; use https");
  return place;
}

Result<std::unique_ptr<const Judge>> read_endpoint(const SpecNode& node, const JudgeKeys& common,
                                                   EndpointKeys keys) {
  for (const char* key : {"url", "model"})
    if (!node.has(key))
      return node.error("'" + std::string(key) + "' is missing");
  auto place = place_of(node, keys);
  if (!place)
    return place.error();
  auto key = key_of(node, keys.key);
  if (!key)
    return key.error();
  return std::unique_ptr<const Judge>(std::make_unique<EndpointJudge>(
      std::move(keys), std::move(place).value(), std::move(key).value(), common.answer_bytes));
}

Result<std::unique_ptr<const Judge>> read_policy(const SpecNode& node, const JudgeKeys& common,
                                                 PolicyJudgeKeys keys, const std::string& folder) {
  if (!node.has("model"))
    return node.error("'model' is missing");
  const std::string directory =
      (std::filesystem::path(folder) / keys.model).lexically_normal().string();
  std::error_code none;
  if (!std::filesystem::exists(directory + "/config.json", none))
    return node.at("model").value().error("no model in " + directory +
                                          "; name a Hugging Face directory (with config.json)");
  return std::unique_ptr<const Judge>(
      std::make_unique<PolicyJudge>(std::move(keys), directory, common.answer_bytes));
}

/// The kind alone, which decides what other keys there may be.
Result<std::string> kind_of(const SpecNode& node) {
  std::string kind = JudgeKeys().kind;
  if (auto entries = node.entries(); !entries)
    return entries.error();
  if (node.has("kind"))
    if (auto done = node.at("kind").value().read(kind); !done)
      return done.error();
  return kind;
}

}  // namespace

Result<NamedJudge> read_judge(const std::string& name, const SpecNode& node,
                              const std::string& folder) {
  const auto kind = kind_of(node);
  if (!kind)
    return kind.error();
  JudgeKeys common;
  EndpointKeys endpoint;
  PolicyJudgeKeys policy;
  const bool is_policy = kind.value() == "policy";
  const auto fields = is_policy ? read_fields(node, {"calibration"}, common, policy)
                                : read_fields(node, {"calibration"}, common, endpoint);
  if (!fields)
    return fields.error();
  auto judge =
      is_policy ? read_policy(node, common, policy, folder) : read_endpoint(node, common, endpoint);
  if (!judge)
    return judge.error();
  auto plan = read_plan(node);
  if (!plan)
    return plan.error();
  const auto settings = node.json();
  if (!settings)
    return settings.error();
  return NamedJudge{name, node.place(),
                    std::make_shared<CachedJudge>(std::move(judge).value(),
                                                  name + settings.value().dump(), common.cache),
                    std::move(plan).value()};
}

}  // namespace nelumbo
