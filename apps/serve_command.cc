// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <thread>
#include <utility>

#include "apps/bearer_token.h"
#include "apps/commands.h"
#include "apps/openai_routes.h"
#include "base/hash.h"
#include "base/http_server.h"
#include "base/stop.h"
#include "rollout/policy_engine.h"

namespace nelumbo {
namespace {

using std::chrono::steady_clock;

struct ServeOptions {
  std::string model, dtype = "fp32", host = "127.0.0.1";
  std::optional<std::string> adapter, token_file;
  bool no_token = false;
  uint16_t port = 8000;
  EngineConfig engine;
  int threads = 2, drain_seconds = 30;
};

constexpr std::chrono::milliseconds kLook{50};
constexpr int64_t kTokenBytes = 32;

/// The address of a host that is this machine alone.
Result<std::string> address_of(const std::string& host) {
  if (host == "127.0.0.1" || host == "localhost")
    return std::string("127.0.0.1");
  if (host == "::1" || host == "[::1]")
    return std::string("::1");
  return Error{Errc::kInvalidConfig,
               "--host: " + host +
                   ": the server has no TLS and listens on this machine alone; leave it out, or "
                   "give 127.0.0.1, localhost or ::1, and put a proxy with TLS in front"};
}

/// What a request may call the model: the name of its folder or file, or what was given.
std::vector<std::string> names_of(const std::string& model) {
  std::filesystem::path path(model);
  if (!path.has_filename())
    path = path.parent_path();
  return {path.filename().string(), model};
}

HttpService service_of(OpenAiRoutes& routes, const std::string& token) {
  HttpService service;
  service.error_body = [](int status, const std::string& message) {
    return error_body({.status = status, .message = message});
  };
  service.admit = [token](const HttpRequest& head) -> std::optional<HttpAnswer> {
    if (token.empty() || head.path == "/health" || bears(head.authorization, token))
      return std::nullopt;
    return HttpAnswer{
        .status = 401,
        .body = error_body({.status = 401,
                            .message = "the token is missing or wrong; send \"Authorization: "
                                       "Bearer TOKEN\" with what the server's token file holds",
                            .code = "invalid_api_key"})};
  };
  service.handle = [&routes](const HttpRequest& request, const std::shared_ptr<HttpReply>& reply) {
    routes.handle(request, reply);
  };
  return service;
}

/// Until a signal comes and what was asked before is answered. Answers are let go of before the
/// server is, which they point to.
Result<void> run_until_stopped(Session& session, const ServeOptions& options, HttpServer& server,
                               Serving& serving) {
  while (!stop_requested() && !serving.failure())
    std::this_thread::sleep_for(kLook);
  server.stop_accepting();
  const auto deadline = steady_clock::now() + std::chrono::seconds(options.drain_seconds);
  if (server.requests() > 0 && !serving.failure())
    session.err << "stopping: " << server.requests() << " requests are being answered" << std::endl;
  while (server.requests() > 0 && steady_clock::now() < deadline && !serving.failure())
    std::this_thread::sleep_for(kLook);
  if (server.requests() > 0)
    session.err << "stopping: " << server.requests() << " requests are given up" << std::endl;
  serving.stop();
  if (const auto failed = serving.failure())
    return *failed;
  return {};
}

Result<void> serve(Session& session, const ServeOptions& options) {
  const Result<std::string> address = address_of(options.host);
  if (!address)
    return address.error();
  const Result<ChatModel> model = open_chat_model(
      options.model, options.adapter, stored_type(options.dtype), products_of(options.engine));
  if (!model)
    return model.error();
  const Result<std::string> secret = random_digits(kTokenBytes), salt = random_digits(8);
  if (!secret || !salt)
    return secret ? salt.error() : secret.error();
  const std::string token = options.no_token ? "" : secret.value();
  Serving serving(model.value(), options.engine, options.threads);
  OpenAiRoutes routes(model.value(), serving, names_of(options.model),
                      xxh3_64(std::as_bytes(std::span(salt.value()))));
  const auto server = HttpServer::start(address.value(), options.port, service_of(routes, token));
  if (!server)
    return server.error();
  const uint16_t port = server.value()->port();
  const std::string file = options.token_file.value_or(default_token_file(port));
  if (!token.empty())
    if (auto written = write_token(file, token); !written)
      return written;
  install_stop_signals();
  const std::string shown = address.value() == "::1" ? "[::1]" : address.value();
  session.err << "serving " << names_of(options.model).front() << " at http://" << shown << ":"
              << port << "/v1"
              << (token.empty() ? "; no token is asked for" : "; the token is in " + file)
              << std::endl;
  return run_until_stopped(session, options, *server.value(), serving);
}

void add_engine_options(CLI::App& command, ServeOptions& options) {
  command.add_option("--max-batch", options.engine.max_batch, "Answers drawn together.")
      ->check(CLI::Range(1, 4096));
  command
      .add_option("--key-blocks", options.engine.key_blocks,
                  "Blocks of 16 positions for keys and values; memory is taken as it is needed.")
      ->check(CLI::Range(1, 1 << 24));
  command
      .add_option("--prefix-blocks", options.engine.prefix_blocks,
                  "Of these, blocks that stay for prompts that begin alike; 0: none.")
      ->check(CLI::Range(0, 1 << 24));
  command
      .add_option("--dtype", options.dtype,
                  "fp32, or bf16: what matrices are stored and multiplied in.")
      ->check(CLI::IsMember({"fp32", "bf16"}));
  command
      .add_option("--products", options.engine.products,
                  "as_stored, or int8: faster where weights come from memory, and close.")
      ->check(CLI::IsMember({"as_stored", "int8"}));
  command.add_option("--threads", options.threads, "Compute threads.")->check(CLI::Range(1, 256));
}

}  // namespace

void add_serve_command(CLI::App& app, Session& session) {
  auto options = std::make_shared<ServeOptions>();
  CLI::App* command = app.add_subcommand(
      "serve", "Answers requests in the form of OpenAI's API, on this machine alone.");
  command
      ->add_option("MODEL", options->model,
                   "A Hugging Face directory, a GGUF file, a checkpoint or a run.")
      ->required();
  add_adapter_option(*command, &options->adapter);
  command->add_option("--host", options->host, "127.0.0.1, the default, localhost or ::1.");
  command->add_option("--port", options->port, "Default 8000; 0 takes a free one.")
      ->check(CLI::Range(0, 65535));
  auto* file = command->add_option("--token-file", options->token_file,
                                   "Where to put the token that clients must send.");
  command->add_flag("--no-token", options->no_token, "Let in every program of this machine.")
      ->excludes(file);
  command
      ->add_option("--drain-seconds", options->drain_seconds,
                   "How long requests may go on behind SIGTERM or Ctrl-C; default 30.")
      ->check(CLI::Range(0, 3600));
  add_engine_options(*command, *options);
  command->footer(
      "Example:\n"
      "  nelumbo serve models/smollm2 --token-file token.txt\n"
      "  curl -H \"Authorization: Bearer $(cat token.txt)\" http://127.0.0.1:8000/v1/models");
  command->callback([&session, options] {
    session.action = [&session, options] { return serve(session, *options); };
  });
}

}  // namespace nelumbo
