// SPDX-License-Identifier: Apache-2.0
#include "reward/json_terms.h"

#include <utility>

#include "base/text.h"
#include "reward/answers.h"
#include "reward/json_schema.h"

namespace nelumbo {

namespace {

class FitsSchema final : public Term {
 public:
  explicit FitsSchema(JsonSchema schema) : schema_(std::move(schema)) {}

  Result<Verdict> judge(const Scene& scene) const override {
    const std::string& answer = scene.trajectory.answer;
    const auto value = scene.trajectory.answered ? json_of(answer) : std::nullopt;
    if (!value)
      return Verdict{0, in_quotes(answer) + " is no JSON"};
    auto fault = schema_.fault(*value);
    if (!fault)
      return fault.error();
    return fault.value() ? Verdict{0, std::move(*fault.value())} : Verdict{1, "fits the schema"};
  }

 private:
  JsonSchema schema_;
};

}  // namespace

Result<TermPtr> read_json_schema(const SpecNode& node, TermHeader& header) {
  if (auto done = read_fields(node, {"schema"}, header); !done)
    return done.error();
  const auto at = node.at("schema");
  if (!at)
    return at.error();
  auto json = at.value().json();
  if (!json)
    return json.error();
  auto schema = JsonSchema::compile(std::move(json.value()));
  if (!schema)
    return at.value().error(schema.error().message);
  return TermPtr(std::make_unique<FitsSchema>(std::move(schema.value())));
}

std::optional<nlohmann::json> json_of(std::string_view answer) {
  std::string_view text = trimmed(answer);
  constexpr std::string_view kFence = "```";
  if (text.starts_with(kFence) && text.ends_with(kFence) && text.size() > 2 * kFence.size()) {
    text = text.substr(kFence.size(), text.size() - 2 * kFence.size());
    if (text.starts_with("json"))
      text.remove_prefix(4);
  }
  auto value = nlohmann::json::parse(text, nullptr, false);
  return value.is_discarded() ? std::nullopt : std::optional(std::move(value));
}

}  // namespace nelumbo
