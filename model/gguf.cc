// SPDX-License-Identifier: Apache-2.0
//
// The GGUF format (github.com/ggml-org/ggml, docs/gguf.md), all little-endian:
//     u32 magic, u32 version, u64 tensors, u64 keys
//     for each key: text, u32 kind, value; a text is a u64 length and its characters, an array is
//         u32 element kind, u64 count, elements
//     for each tensor: text, u32 n, n u64 sizes (innermost first), u32 type, u64 offset
//     padding to general.alignment, then the data that the offsets count from
// Every length is checked against what is left of the file before memory is taken.
#include "model/gguf.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <string_view>
#include <unordered_set>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/check.h"

namespace nelumbo {
namespace {

constexpr uint64_t kLongestHeader = 256'000'000;  ///< bytes of keys, values and tensor infos
constexpr uint64_t kMostTensors = 20'000;
constexpr uint64_t kMostKeys = 10'000;
constexpr uint64_t kLongestKey = 65'535;
constexpr uint64_t kLongestName = 64;
constexpr uint32_t kMostDimensions = 4;
constexpr int kDeepestArray = 4;
constexpr uint64_t kWindow = 1 << 16;
constexpr const char* kAlignmentKey = "general.alignment";

/// Reads the header front to back. Keeps the first complaint; from then on every read gives zeros.
class Cursor {
 public:
  explicit Cursor(const InputFile& file) : file_(file) {}

  const std::optional<Error>& error() const { return error_; }
  uint64_t position() const { return position_; }

  /// `place` is what the reader is at: `key "x"`.
  void at(std::string place) { place_ = std::move(place); }

  void complain(const std::string& what) {
    if (!error_)
      error_ = Error{Errc::kBadData,
                     file_.path() + ": " + (place_.empty() ? place_ : place_ + ": ") + what};
  }

  template <class T>
  T number() {
    T value{};
    copy(&value, sizeof(value));
    return value;
  }

  std::string characters(uint64_t count) {
    if (!has(count))
      return {};
    std::string text(count, '\0');
    copy(text.data(), count);
    return text;
  }

  /// A text of at most `most` characters.
  std::string text(uint64_t most) {
    const auto length = number<uint64_t>();
    if (length > most)
      complain("a text of " + std::to_string(length) + " bytes, more than the limit of " +
               std::to_string(most));
    return characters(length);
  }

  /// Complains unless `count` pieces of at least `width` bytes can follow.
  bool has(uint64_t count, uint64_t width = 1) {
    const uint64_t end = std::min(file_.size(), kLongestHeader);
    if (!error_ && count > (end - position_) / width)
      complain(std::to_string(count) +
               (width == 1 ? " bytes" : " values of " + std::to_string(width) + " bytes") +
               " at byte " + std::to_string(position_) + ", more than " +
               (end < file_.size() ? "a header may have" : "the file has left"));
    return !error_;
  }

 private:
  void copy(void* to, uint64_t count) {
    if (!has(count))
      return;
    if (position_ + count > window_at_ + window_.size() && !refill(count))
      return;
    std::memcpy(to, window_.data() + (position_ - window_at_), count);
    position_ += count;
  }

  bool refill(uint64_t count) {
    window_.resize(std::min(std::max(count, kWindow), file_.size() - position_));
    window_at_ = position_;
    if (const auto done = file_.read(window_.data(), window_.size(), position_); !done)
      error_ = done.error();
    return !error_;
  }

  const InputFile& file_;
  std::string place_;
  std::optional<Error> error_;
  uint64_t position_ = 0;
  std::string window_;  ///< the bytes of the file from `window_at_` on
  uint64_t window_at_ = 0;
};

std::string in_quotes(const std::string& name) {
  return nlohmann::json(name).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

bool is_plain(const std::string& name) {
  return !name.empty() &&
         std::none_of(name.begin(), name.end(), [](unsigned char c) { return c < 32 || c == 127; });
}

bool is_kind(GgufKind kind) {
  return width_of(kind) > 0 || kind == GgufKind::kText || kind == GgufKind::kArray;
}

GgufKind read_kind(Cursor& cursor) {
  const auto kind = cursor.number<uint32_t>();
  if (!is_kind(static_cast<GgufKind>(kind)))
    cursor.complain("value type " + std::to_string(kind) + " does not exist");
  return static_cast<GgufKind>(kind);
}

void check_flags(Cursor& cursor, std::string_view bytes) {
  if (std::any_of(bytes.begin(), bytes.end(), [](char c) { return c != 0 && c != 1; }))
    cursor.complain("true or false must be stored as 1 or 0");
}

void append(std::string& bytes, const void* from, size_t count) {
  bytes.append(static_cast<const char*>(from), count);
}

void read_elements(Cursor& cursor, GgufValue& array, int depth);

/// Elements without a fixed size.
void read_variable_elements(Cursor& cursor, GgufValue& array, int depth) {
  for (uint64_t i = 0; i < array.count && !cursor.error(); ++i) {
    if (array.element == GgufKind::kText) {
      const std::string text = cursor.text(kLongestHeader);
      const uint64_t length = text.size();
      append(array.bytes, &length, sizeof(length));
      array.bytes += text;
      continue;
    }
    GgufValue inner{GgufKind::kArray, {}, 0, {}};
    read_elements(cursor, inner, depth + 1);
    append(array.bytes, &inner.element, sizeof(inner.element));
    append(array.bytes, &inner.count, sizeof(inner.count));
    array.bytes += inner.bytes;
  }
}

void read_elements(Cursor& cursor, GgufValue& array, int depth) {
  if (depth > kDeepestArray)
    cursor.complain("arrays inside arrays more than " + std::to_string(kDeepestArray) + " deep");
  array.element = read_kind(cursor);
  array.count = cursor.number<uint64_t>();
  const auto width = static_cast<uint64_t>(width_of(array.element));
  const uint64_t least = width > 0 ? width : array.element == GgufKind::kText ? 8 : 12;
  if (!cursor.has(array.count, least))
    return;
  if (width == 0)
    return read_variable_elements(cursor, array, depth);
  array.bytes = cursor.characters(array.count * width);
  if (array.element == GgufKind::kBool)
    check_flags(cursor, array.bytes);
}

GgufValue read_value(Cursor& cursor) {
  GgufValue value;
  value.kind = read_kind(cursor);
  if (value.kind == GgufKind::kText)
    value.bytes = cursor.text(kLongestHeader);
  else if (value.kind == GgufKind::kArray)
    read_elements(cursor, value, 1);
  else
    value.bytes = cursor.characters(static_cast<uint64_t>(width_of(value.kind)));
  if (value.kind == GgufKind::kBool)
    check_flags(cursor, value.bytes);
  return value;
}

GgufMetadata read_metadata(Cursor& cursor, uint64_t count) {
  GgufMetadata metadata;
  std::unordered_set<std::string> keys;
  for (uint64_t i = 0; i < count && !cursor.error(); ++i) {
    cursor.at("key " + std::to_string(i));
    std::string key = cursor.text(kLongestKey);
    if (!is_plain(key))
      cursor.complain("must have characters, and no control characters");
    cursor.at("key " + in_quotes(key));
    if (!keys.insert(key).second)
      cursor.complain("stands twice");
    GgufValue value = read_value(cursor);
    metadata.emplace_back(std::move(key), std::move(value));
  }
  return metadata;
}

uint64_t alignment_of(Cursor& cursor, const GgufMetadata& metadata) {
  const GgufValue* value = find(metadata, kAlignmentKey);
  if (value == nullptr || cursor.error())
    return kGgufAlignment;
  cursor.at("key " + in_quotes(kAlignmentKey));
  const int64_t alignment = value->as_natural().value_or(0);
  if (value->kind != GgufKind::kU32 || alignment == 0 || (alignment & (alignment - 1)) != 0) {
    cursor.complain("must be a u32 and a power of two");
    return kGgufAlignment;
  }
  return static_cast<uint64_t>(alignment);
}

/// Sizes and type, from which the number of values and bytes follows.
void read_layout(Cursor& cursor, GgufTensor& tensor) {
  const auto dimensions = cursor.number<uint32_t>();
  if (dimensions > kMostDimensions)
    return cursor.complain(std::to_string(dimensions) + " dimensions; at most " +
                           std::to_string(kMostDimensions) + " are allowed");
  tensor.count = 1;
  for (uint32_t i = 0; i < dimensions; ++i) {
    const auto size = cursor.number<uint64_t>();
    if (size == 0 || size > uint64_t{INT64_MAX} ||
        __builtin_mul_overflow(tensor.count, static_cast<int64_t>(size), &tensor.count))
      return cursor.complain("its sizes are 0 or more than fits 64 bits");
    tensor.shape.insert(tensor.shape.begin(), static_cast<int64_t>(size));
  }
  const auto type = cursor.number<uint32_t>();
  tensor.format = block_format(type);
  if (tensor.format == nullptr)
    return cursor.complain("type " + std::to_string(type) +
                           " is not supported; supported: " + block_format_names());
  const int64_t row = tensor.shape.empty() ? 1 : tensor.shape.back();
  if (row % tensor.format->values != 0)
    return cursor.complain("a row of " + std::to_string(row) + " values is not made of blocks of " +
                           std::to_string(tensor.format->values) + ", as " +
                           std::string(tensor.format->name) + " needs");
  const int64_t blocks = tensor.count / tensor.format->values;
  int64_t bytes = 0;
  if (__builtin_mul_overflow(blocks, tensor.format->bytes, &bytes))
    return cursor.complain("its sizes are 0 or more than fits 64 bits");
  tensor.bytes = static_cast<uint64_t>(bytes);
}

std::vector<GgufTensor> read_tensors(Cursor& cursor, uint64_t count, uint64_t alignment) {
  std::vector<GgufTensor> tensors;
  std::unordered_set<std::string> names;
  for (uint64_t i = 0; i < count && !cursor.error(); ++i) {
    GgufTensor tensor;
    cursor.at("tensor " + std::to_string(i));
    tensor.name = cursor.text(kLongestName);
    if (!is_plain(tensor.name))
      cursor.complain("its name must have characters, and no control characters");
    cursor.at("tensor " + in_quotes(tensor.name));
    if (!names.insert(tensor.name).second)
      cursor.complain("stands twice");
    read_layout(cursor, tensor);
    tensor.offset = cursor.number<uint64_t>();
    if (tensor.offset % alignment != 0)
      cursor.complain("its offset " + std::to_string(tensor.offset) + " is not a multiple of " +
                      std::to_string(alignment));
    tensors.push_back(std::move(tensor));
  }
  return tensors;
}

uint64_t aligned(uint64_t position, uint64_t alignment) {
  return (position + alignment - 1) / alignment * alignment;
}

/// Complains unless each tensor begins where the one before it ends, and the data of `size` bytes
/// ends with the last one, up to the alignment.
void check_cover(Cursor& cursor, std::vector<const GgufTensor*> tensors, uint64_t alignment,
                 uint64_t size) {
  std::sort(tensors.begin(), tensors.end(), [](const GgufTensor* a, const GgufTensor* b) {
    return std::pair(a->offset, a->bytes) < std::pair(b->offset, b->bytes);
  });
  uint64_t end = 0;
  for (const GgufTensor* tensor : tensors) {
    cursor.at("tensor " + in_quotes(tensor->name));
    if (tensor->offset != end)
      return cursor.complain(
          std::string(tensor->offset < end ? "overlaps another" : "leaves a hole") +
          ": begins at byte " + std::to_string(tensor->offset) + " of the data, not " +
          std::to_string(end));
    end = aligned(tensor->offset + tensor->bytes, alignment);
  }
  if (size > end) {
    cursor.at("the end");
    cursor.complain(std::to_string(size - end) + " bytes stand behind the last tensor");
  }
}

/// Turns offsets into positions in the file; complains about bytes that are not there, shared or
/// of no tensor.
void place(Cursor& cursor, std::vector<GgufTensor>& tensors, uint64_t alignment, uint64_t size) {
  const uint64_t begin = aligned(cursor.position(), alignment);
  const uint64_t available = begin < size ? size - begin : 0;
  std::vector<const GgufTensor*> all;
  for (const GgufTensor& tensor : tensors) {
    if (tensor.offset > available || tensor.bytes > available - tensor.offset) {
      cursor.at("tensor " + in_quotes(tensor.name));
      return cursor.complain(std::to_string(tensor.bytes) + " bytes from byte " +
                             std::to_string(tensor.offset) + " of the data, which has " +
                             std::to_string(available));
    }
    all.push_back(&tensor);
  }
  check_cover(cursor, all, alignment, available);
  for (GgufTensor& tensor : tensors)
    tensor.offset += begin;
}

/// Refuses what is no GGUF file of a known version.
void read_version(Cursor& cursor) {
  if (cursor.number<uint32_t>() != kGgufMagic)
    cursor.complain("not a GGUF file: does not begin with 'GGUF'");
  const auto version = cursor.number<uint32_t>();
  if (version >> 16 != 0 && (version & 0xFFFFU) == 0)
    cursor.complain("is big-endian; only little-endian files are read");
  if (version != 2 && version != kGgufVersion)
    cursor.complain("version " + std::to_string(version) + " is not supported; 2 and 3 are");
}

}  // namespace

Result<GgufFile> GgufFile::open(const std::string& path) {
  Result<std::unique_ptr<InputFile>> file = InputFile::open(path);
  if (!file)
    return file.error();
  GgufFile made;
  made.file_ = std::move(file).value();
  Cursor cursor(*made.file_);
  read_version(cursor);
  const auto tensors = cursor.number<uint64_t>();
  const auto keys = cursor.number<uint64_t>();
  if (tensors > kMostTensors || keys > kMostKeys)
    cursor.complain("claims " + std::to_string(tensors) + " tensors and " + std::to_string(keys) +
                    " keys, more than the limits of " + std::to_string(kMostTensors) + " and " +
                    std::to_string(kMostKeys));
  made.metadata_ = read_metadata(cursor, keys);
  const uint64_t alignment = alignment_of(cursor, made.metadata_);
  made.tensors_ = read_tensors(cursor, tensors, alignment);
  if (!cursor.error())
    place(cursor, made.tensors_, alignment, made.file_->size());
  if (cursor.error())
    return *cursor.error();
  return made;
}

const GgufTensor* GgufFile::tensor(const std::string& name) const {
  const auto found =
      std::find_if(tensors_.begin(), tensors_.end(),
                   [&name](const GgufTensor& tensor) { return tensor.name == name; });
  return found == tensors_.end() ? nullptr : &*found;
}

Result<std::vector<float>> GgufFile::read(const GgufTensor& tensor) const {
  NELUMBO_CHECK(tensor.format != nullptr) << tensor.name << ": not of this file";
  std::vector<float> values(static_cast<size_t>(tensor.count));
  const BlockFormat& format = *tensor.format;
  const int64_t step = std::max<int64_t>(1, static_cast<int64_t>(kWindow) / format.bytes);
  std::vector<std::byte> blocks;
  for (int64_t from = 0, count = tensor.count / format.values; from < count; from += step) {
    const int64_t now = std::min(step, count - from);
    blocks.resize(static_cast<size_t>(now * format.bytes));
    if (const auto done = file_->read(blocks.data(), blocks.size(),
                                      tensor.offset + static_cast<uint64_t>(from * format.bytes));
        !done)
      return done.error();
    decode_blocks(format, blocks,
                  std::span(values).subspan(static_cast<size_t>(from * format.values),
                                            static_cast<size_t>(now * format.values)));
  }
  return values;
}

}  // namespace nelumbo
