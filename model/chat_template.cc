// SPDX-License-Identifier: Apache-2.0
#include "model/chat_template.h"

#include <cmath>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/text.h"
#include "model/jinja_globals.h"
#include "model/jinja_interpreter.h"
#include "model/jinja_parser.h"

namespace nelumbo {
namespace {

using nlohmann::ordered_json;

constexpr int kDeepestInput = 90;

/// JSON as values of a run. Fails on integers beyond 64 bits and on texts that are not UTF-8.
class Importer {
 public:
  explicit Importer(JinjaRun& run) : run_(run) {}

  JinjaValue value(const ordered_json& json, int depth = 0) {
    if (!run_.spend())
      return {};
    if (depth > kDeepestInput)
      return refuse("more than " + std::to_string(kDeepestInput) + " levels of nesting");
    switch (json.type()) {
      case ordered_json::value_t::null:
        return JinjaValue::none();
      case ordered_json::value_t::boolean:
        return JinjaValue::boolean(json.get<bool>());
      case ordered_json::value_t::number_integer:
        return JinjaValue::integer(json.get<int64_t>());
      case ordered_json::value_t::number_unsigned:
        if (json.get<uint64_t>() > uint64_t{INT64_MAX})
          return refuse("an integer leaves 64 bits");
        return JinjaValue::integer(json.get<int64_t>());
      case ordered_json::value_t::number_float:
        return JinjaValue::real(json.get<double>());
      case ordered_json::value_t::string:
        return text(json.get_ref<const std::string&>());
      case ordered_json::value_t::array:
        return list(json, depth);
      case ordered_json::value_t::object:
        return dict(json, depth);
      default:
        return refuse("a value that is not JSON");
    }
  }

  const std::optional<std::string>& refused() const { return refused_; }

 private:
  JinjaValue refuse(const std::string& why) {
    if (!refused_)
      refused_ = why;
    return run_.fail(why);
  }

  JinjaValue text(const std::string& bytes) {
    if (invalid_utf8_at(bytes))
      return refuse("a text that is not UTF-8");
    return run_.text(bytes);
  }

  JinjaValue list(const ordered_json& json, int depth) {
    JinjaValues items;
    for (const ordered_json& item : json)
      items.push_back(value(item, depth + 1));
    return run_.list(std::move(items));
  }

  JinjaValue dict(const ordered_json& json, int depth) {
    std::vector<std::pair<JinjaValue, JinjaValue>> entries;
    for (const auto& [key, held] : json.items()) {
      JinjaValue name = text(key);
      entries.emplace_back(std::move(name), value(held, depth + 1));
    }
    return run_.dict(std::move(entries));
  }

  JinjaRun& run_;
  std::optional<std::string> refused_;
};

}  // namespace

struct ChatTemplate::Impl {
  JinjaBody body;
  std::string place;
  std::string source;
};

Result<ChatTemplate> ChatTemplate::parse(std::string_view source, const std::string& place) {
  if (const std::optional<size_t> at = invalid_utf8_at(source))
    return Error{Errc::kBadData, place + ": not UTF-8 at byte " + std::to_string(*at)};
  Result<JinjaBody> body = parse_jinja(source);
  if (!body)
    return Error{body.error().code, place + ":" + body.error().message};
  ChatTemplate made;
  made.impl_ =
      std::make_shared<const Impl>(Impl{std::move(body).value(), place, std::string(source)});
  return made;
}

const std::string& ChatTemplate::source() const {
  return impl_->source;
}

Result<std::string> ChatTemplate::render(const ChatInput& input) const {
  NELUMBO_CHECK(input.variables.is_object()) << "the variables of a chat template have no names";
  std::optional<JinjaClock> now;
  if (input.now) {
    const Result<JinjaClock> read = JinjaClock::parse(*input.now);
    if (!read)
      return Error{Errc::kBadData, "input: now: " + read.error().message};
    now = read.value();
  }
  JinjaRun run((JinjaLimits()));
  Importer importer(run);
  std::vector<std::pair<std::string, JinjaValue>> variables;
  for (const auto& [name, value] : input.variables.items())
    variables.emplace_back(name, importer.value(value));
  variables.emplace_back("messages", importer.value(input.messages));
  variables.emplace_back("tools", importer.value(input.tools));
  variables.emplace_back("add_generation_prompt", JinjaValue::boolean(input.add_generation_prompt));
  for (auto& global : jinja_globals(run, now))
    variables.push_back(std::move(global));
  if (importer.refused())
    return Error{Errc::kBadData, "input: " + *importer.refused()};

  std::string prompt;
  if (!run.failed())
    prompt = interpret_jinja(run, impl_->body, std::move(variables));
  if (!run.failed())
    return prompt;
  const Error& error = *run.error();
  if (error.code == Errc::kCheckFailed)
    return error;
  return Error{error.code, impl_->place + ":" + error.message};
}

}  // namespace nelumbo
