// SPDX-License-Identifier: Apache-2.0
#include "reward/json_terms.h"

#include <set>
#include <utility>
#include <vector>

#include "base/text.h"
#include "reward/answers.h"
#include "reward/json_schema.h"

namespace nelumbo {

namespace {

/// Looks through a text before it becomes a value; `why` says where it stopped.
class StrictReader final : public nlohmann::json_sax<nlohmann::json> {
 public:
  std::string why = "is no JSON";

  bool null() override { return true; }
  bool boolean(bool /*value*/) override { return true; }
  bool number_integer(number_integer_t /*value*/) override { return true; }
  bool number_unsigned(number_unsigned_t /*value*/) override { return true; }
  bool number_float(number_float_t /*value*/, const string_t& written) override {
    // What overflows whole numbers arrives here.
    return written.find_first_of(".eE") != std::string::npos ||
           stop("has " + shortened(written) + ", a whole number beyond 64 bits");
  }
  bool string(string_t& /*value*/) override { return true; }
  bool binary(binary_t& /*value*/) override { return true; }
  bool start_object(size_t /*size*/) override { return start(); }
  bool key(string_t& name) override {
    return keys_.back().insert(name).second || stop("has the key " + in_quotes(name) + " twice");
  }
  bool end_object() override { return end(); }
  bool start_array(size_t /*size*/) override { return start(); }
  bool end_array() override { return end(); }
  bool parse_error(size_t /*at*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*what*/) override {
    return false;
  }

 private:
  bool stop(std::string reason) {
    why = std::move(reason);
    return false;
  }
  bool start() {
    constexpr size_t kDeepest = 64;
    keys_.emplace_back();
    return keys_.size() <= kDeepest || stop("is nested too deeply");
  }
  bool end() {
    keys_.pop_back();
    return true;
  }

  std::vector<std::set<std::string>> keys_;  ///< of each object that is open; none of lists
};

class FitsSchema final : public Term {
 public:
  explicit FitsSchema(JsonSchema schema) : schema_(std::move(schema)) {}

  Result<Verdict> judge(const Scene& scene) const override {
    const std::string& answer = scene.trajectory.answer;
    if (!scene.trajectory.answered)
      return Verdict{0, "no answer"};
    const auto value = json_of(answer);
    if (!value)
      return Verdict{0, in_quotes(answer) + " " + value.error().message};
    auto fault = schema_.fault(value.value());
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

Result<nlohmann::json> json_of(std::string_view answer) {
  std::string_view text = trimmed(answer);
  constexpr std::string_view kFence = "```";
  if (text.starts_with(kFence) && text.ends_with(kFence) && text.size() > 2 * kFence.size()) {
    text = text.substr(kFence.size(), text.size() - 2 * kFence.size());
    if (text.starts_with("json"))
      text.remove_prefix(4);
  }
  StrictReader reader;
  if (!nlohmann::json::sax_parse(text, &reader))
    return Error{Errc::kBadData, reader.why};
  return nlohmann::json::parse(text, nullptr, false);
}

}  // namespace nelumbo
