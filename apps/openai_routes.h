// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "apps/model_sight.h"
#include "apps/openai_answer.h"
#include "apps/openai_request.h"
#include "apps/serving.h"
#include "base/http_message.h"

namespace nelumbo {

/// What requests to one model are answered: the routes of OpenAI's API, /health and /metrics. From
/// any thread.
class OpenAiRoutes {
 public:
  /// `names`: that requests may call the model; the first is its own. `seed`: of requests that name
  /// none. All references must outlive it.
  OpenAiRoutes(const ChatModel& model, Serving& serving, std::vector<std::string> names,
               uint64_t seed);

  void handle(const HttpRequest& request, const std::shared_ptr<HttpReply>& reply);

 private:
  struct Asked;

  void complete(const std::string& body, const std::shared_ptr<HttpReply>& reply);
  void chat(const std::string& body, const std::shared_ptr<HttpReply>& reply);
  std::variant<ModelPrompt, ApiError> chat_prompt(const ChatRequest& request);
  std::variant<ModelPrompt, ApiError> completion_prompt(
      const std::variant<std::string, std::vector<int32_t>>& prompt) const;
  std::optional<ApiError> set_lengths(const std::vector<ModelPrompt>& prompts,
                                      const std::string& param, ApiOptions* options) const;
  std::optional<ApiError> too_long(size_t bytes, const std::string& param) const;
  void serve(std::vector<ModelPrompt> prompts, const ApiOptions& options, AnswerShape shape,
             const std::shared_ptr<HttpReply>& reply);
  std::string metrics() const;

  const ChatModel& model_;
  Serving& serving_;
  ApiModel known_;
  uint64_t seed_;
  int64_t created_;
  int64_t longest_piece_ = 1;  ///< bytes of a token
  Result<ChatFormat> format_;
  std::mutex sight_mutex_;
  ModelSight sight_;  ///< guarded by it
  std::atomic<uint64_t> requests_ = 0, refused_ = 0;
};

}  // namespace nelumbo
