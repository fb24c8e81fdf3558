// SPDX-License-Identifier: Apache-2.0
#include "actors/protocol.h"

#include <exception>

#include <caf/message.hpp>
#include <caf/sec.hpp>

#include "base/want_of_memory.h"

namespace nelumbo {
namespace {

constexpr auto kCategory = caf::atom("nelumbo");

}  // namespace

void register_messages(caf::actor_system_config& config) {
  config.add_message_types<caf::id_block::nelumbo>();
}

caf::error to_caf_error(const Error& error) {
  // Code 0 means "no error" to CAF.
  return caf::error(static_cast<uint8_t>(static_cast<int>(error.code) + 1), kCategory,
                    caf::make_message(error.message));
}

Error from_caf_error(const caf::error& error, const std::string& who) {
  const caf::message& context = error.context();
  const bool has_sentence = context.match_elements<std::string>();
  if (error.category() == kCategory && has_sentence)
    return Error{static_cast<Errc>(error.code() - 1), context.get_as<std::string>(0)};
  if (error == caf::sec::request_timeout)
    return Error{Errc::kUnavailable, who + ": no answer before the deadline"};
  return Error{Errc::kUnavailable, who + ": the other side ended: " + caf::to_string(error)};
}

caf::result<void> reply(const Result<void>& result) {
  if (!result)
    return to_caf_error(result.error());
  return caf::unit;
}

caf::error error_of_exception(const std::exception_ptr& exception) {
  if (is_want_of_memory(exception))
    return to_caf_error({Errc::kEnvironment,
                         "out of memory; less is taken with a smaller max_tokens of the stage, "
                         "checkpoint_blocks, adapter.rank or a smaller engine.key_blocks"});
  try {
    std::rethrow_exception(exception);
  } catch (const std::exception& e) {
    return to_caf_error({Errc::kUnavailable, std::string("exception: ") + e.what()});
  } catch (...) {
    return to_caf_error({Errc::kUnavailable, "exception of an unknown type"});
  }
}

}  // namespace nelumbo
