// SPDX-License-Identifier: Apache-2.0
//
// The input is the body of a request to each of the routes of OpenAI's API, and an answer that may
// call tools.

#include <cstdint>
#include <string>
#include <variant>

#include "apps/openai_messages.h"
#include "apps/openai_request.h"
#include "base/check.h"
#include "model/strict_json.h"

namespace {

template <class Request>
void use(const std::variant<Request, nelumbo::ApiError>& read) {
  if (const auto* error = std::get_if<nelumbo::ApiError>(&read)) {
    NELUMBO_CHECK(!error->message.empty()) << "an error without a cause";
    (void)nelumbo::error_body(*error);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const nelumbo::ApiModel kModel{.names = {"tiny"}, .vocabulary = 1000};
  const std::string text(reinterpret_cast<const char*>(data), size);
  (void)nelumbo::take_tool_calls(text);
  const auto body = nelumbo::parse_ordered_json(text, "the body");
  if (!body)
    return 0;
  use(nelumbo::read_completion(body.value(), kModel));
  use(nelumbo::read_chat(body.value(), kModel));
  return 0;
}
