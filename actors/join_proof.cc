// SPDX-License-Identifier: Apache-2.0
#include "actors/join_proof.h"

#include <sys/random.h>

#include "actors/certificates.h"

namespace nelumbo {
namespace {

/// Each part with its length, so that no two requests read the same.
std::string signed_text(const std::string& challenge, const JoinRequest& request) {
  std::string text = "nelumbo join " + std::to_string(request.protocol);
  for (const std::string* part : {&challenge, &request.worker, &request.role})
    text += " " + std::to_string(part->size()) + ":" + *part;
  return text;
}

}  // namespace

Result<std::string> new_challenge() {
  std::string random(32, '\0');
  if (::getrandom(random.data(), random.size(), 0) != std::ssize(random))
    return Error{Errc::kEnvironment, "the system gives no random numbers"};
  return random;
}

Result<void> prove(const Credentials& credentials, const std::string& challenge,
                   JoinRequest* request) {
  auto signature = credentials.sign(signed_text(challenge, *request));
  if (!signature)
    return signature.error();
  request->certificate = credentials.certificate();
  request->signature = std::move(signature).value();
  return {};
}

Result<void> check_proof(const Credentials& credentials, const std::string& challenge,
                         const JoinRequest& request) {
  const auto refused = [&](const std::string& why) {
    return Error{Errc::kInvalidConfig, "worker " + request.worker + " may not join: " + why};
  };
  const auto who =
      credentials.signer(request.certificate, signed_text(challenge, request), request.signature);
  if (!who)
    return refused(who.error().message +
                   "; give it a folder of the run's own certificates with --certs");
  if (!request.worker.starts_with(who.value() + "/"))
    return refused("its certificate is that of " + who.value() + ", and its name must begin with " +
                   who.value() + "/");
  if (request.role == "learner" && who.value() != kCoordinatorName)
    return refused(
        "learner ranks work on the coordinator's machine alone, where the coordinator starts them "
        "(placement.learners): what passes between ranks is not encrypted; join with --role "
        "rollout");
  return {};
}

}  // namespace nelumbo
