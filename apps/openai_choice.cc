// SPDX-License-Identifier: Apache-2.0
#include "apps/openai_choice.h"

#include <algorithm>
#include <utility>

namespace nelumbo {

Choice::Choice(std::shared_ptr<const Tokenizer> tokenizer, ChoiceLimits limits)
    : limits_(std::move(limits)), text_(std::move(tokenizer)), stops_(limits_.stops) {}

std::string Choice::take(const TokenNews& news) {
  if (limits_.max_tokens == 0) {
    finish_ = "length";
    return "";
  }
  ++drawn_;
  tokens_.push_back({news.token, news.logprob, news.likeliest});
  const std::string text = up_to_json_end(certain(news));
  return limits_.tools ? without_calls(text) : text;
}

std::string Choice::certain(const TokenNews& news) {
  const bool ends = std::ranges::find(limits_.ends, news.token) != limits_.ends.end();
  std::string out = ends ? "" : stops_.pass(text_.push(news.token));
  if (!ends && !stops_.met() && drawn_ < limits_.max_tokens)
    return out;
  if (!stops_.met())
    out += stops_.pass(text_.finish());
  finish_ = ends || stops_.met() ? "stop" : "length";
  return stops_.met() ? out : out + stops_.held();
}

std::string Choice::up_to_json_end(std::string text) {
  if (!limits_.json)
    return text;
  if (const auto end = json_end_.push(text)) {
    text.resize(*end);
    finish_ = "stop";
  }
  return text;
}

std::string Choice::without_calls(const std::string& text) {
  std::string out = calls_gate_.pass(text);
  if (!finish_)
    return out;
  ApiToolAnswer rest = take_tool_calls(calls_gate_.held());
  calls_ = std::move(rest.calls);
  if (!calls_.empty() && finish_ == "stop")
    finish_ = "tool_calls";
  return out + rest.text;
}

}  // namespace nelumbo
