// SPDX-License-Identifier: Apache-2.0
#include "base/zstd.h"

#include <array>
#include <memory>

#include <zstd.h>

#include "base/check.h"

namespace nelumbo {
namespace {

constexpr int kLevel = 6;
/// Room that a frame may ask for before it gives anything: 8 MB, as frames up to level 19 do.
constexpr int kWindowLog = 23;

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

}  // namespace

std::string zstd_compress(std::string_view bytes) {
  const std::unique_ptr<ZSTD_CCtx, FreeContext> context(ZSTD_createCCtx());
  NELUMBO_CHECK(context != nullptr) << "no memory to compress";
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  std::string frame(ZSTD_compressBound(bytes.size()), '\0');
  const size_t size =
      ZSTD_compress2(context.get(), frame.data(), frame.size(), bytes.data(), bytes.size());
  NELUMBO_CHECK(ZSTD_isError(size) == 0) << ZSTD_getErrorName(size);
  frame.resize(size);
  return frame;
}

Result<std::string> zstd_decompress(std::string_view bytes, int64_t max_bytes) {
  const std::unique_ptr<ZSTD_DCtx, FreeContext> context(ZSTD_createDCtx());
  NELUMBO_CHECK(context != nullptr) << "no memory to decompress";
  ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, kWindowLog);
  ZSTD_inBuffer input{bytes.data(), bytes.size(), 0};
  std::string all;
  std::array<char, 1 << 16> piece{};
  size_t left = 0;             // 0: a frame has just ended
  bool more_to_flush = false;  // the piece was too small for all that is decoded
  while (input.pos < input.size || more_to_flush) {
    ZSTD_outBuffer output{piece.data(), piece.size(), 0};
    left = ZSTD_decompressStream(context.get(), &output, &input);
    if (ZSTD_isError(left) != 0)
      return Error{Errc::kBadData, std::string("zstd: ") + ZSTD_getErrorName(left)};
    all.append(piece.data(), output.pos);
    if (static_cast<int64_t>(all.size()) > max_bytes)
      return Error{Errc::kBadData, "zstd: holds more than " + std::to_string(max_bytes) + " bytes"};
    more_to_flush = left != 0 && output.pos == output.size;
  }
  if (left != 0)
    return Error{Errc::kBadData, "zstd: is cut short"};
  return all;
}

}  // namespace nelumbo
