// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/http_message.h"

namespace nelumbo {

// Answers in the bytes of HTTP/1.1.

/// How the connection of an answer is to be used.
struct HttpWireForm {
  bool keep = true;       ///< the connection is used again
  bool chunked = true;    ///< the client knows chunks (HTTP/1.1)
  bool bodyless = false;  ///< the request was HEAD
};

/// "Not Found".
std::string_view reason_of(int status);

/// Head and body of a whole answer.
std::string whole_answer(const HttpAnswer& answer, const HttpWireForm& form);
/// The head of an answer in pieces; without chunks it ends with the connection.
std::string head_of_pieces(const std::string& type, const HttpWireForm& form);
/// One piece, not empty, and what ends the last.
std::string piece_of(std::string_view bytes, const HttpWireForm& form);
std::string end_of_pieces(const HttpWireForm& form);

}  // namespace nelumbo
