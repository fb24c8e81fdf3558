// SPDX-License-Identifier: Apache-2.0
//
// The safetensors format: 8 bytes with the little-endian length n of the header, n bytes of JSON
//     {"<tensor>": {"dtype": "F32", "shape": [2, 3], "data_offsets": [begin, end]}, ...}
// and the tensors, row-major and little-endian, without a gap; offsets count from the end of the
// header. Everything is checked against the size of the file before memory is taken.

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/float8.h"
#include "base/half.h"
#include "base/text.h"
#include "model/safetensors_file.h"
#include "model/strict_json.h"
#include "model/weights.h"

namespace nelumbo {
namespace {

using nlohmann::json;

static_assert(std::endian::native == std::endian::little, "tensors are stored little-endian");

constexpr uint64_t kLongestHeader = uint64_t{8} << 20;
constexpr int64_t kMostTensors = 20'000;
constexpr size_t kLongestName = 1000;
constexpr const char* kMetadata = "__metadata__";

Error bad(const std::string& place, const std::string& what) {
  return {Errc::kBadData, place + ": " + what};
}

using Dtype = StoredTensor::Dtype;

/// `file: tensor "x"`, the place that messages begin with; a name is escaped as in JSON.
std::string place_of(const InputFile& file, const std::string& name) {
  return file.path() + ": tensor " + json(shortened(name)).dump();
}

struct Format {
  Dtype dtype;
  const char* name;
  uint64_t width;  ///< bytes of a value
};
constexpr std::array<Format, 6> kFormats = {{{Dtype::kF64, "F64", 8},
                                             {Dtype::kF32, "F32", 4},
                                             {Dtype::kBf16, "BF16", 2},
                                             {Dtype::kF16, "F16", 2},
                                             {Dtype::kF8E4m3, "F8_E4M3", 1},
                                             {Dtype::kF8E5m2, "F8_E5M2", 1}}};

const Format& format_of(Dtype dtype) {
  return kFormats.at(static_cast<size_t>(dtype));
}

Result<Dtype> dtype_of(const json& value, const std::string& place) {
  for (const Format& format : kFormats)
    if (value == format.name)
      return format.dtype;
  return bad(place, "dtype " + shortened(value.dump()) +
                        " is not supported; F64, F32, BF16, F16, F8_E4M3 and F8_E5M2 are");
}

uint64_t width_of(Dtype dtype) {
  return format_of(dtype).width;
}

/// Reads values of type T piece by piece and widens, or rounds, each.
template <class T, class Convert>
Result<void> read_as(const InputFile& file, uint64_t offset, std::span<float> to, Convert convert) {
  std::vector<T> piece(std::min<size_t>(to.size(), 1 << 16));
  for (size_t from = 0; from < to.size(); from += piece.size()) {
    const size_t count = std::min(piece.size(), to.size() - from);
    if (auto done = file.read(piece.data(), count * sizeof(T), offset + from * sizeof(T)); !done)
      return done;
    std::transform(piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(count),
                   to.begin() + static_cast<std::ptrdiff_t>(from), convert);
  }
  return {};
}

/// To the nearest fp32; what is too large becomes infinite.
float narrowed(double value) {
  return static_cast<float>(value);
}

bool all_natural(const json& list) {
  return list.is_array() && std::all_of(list.begin(), list.end(), [](const json& value) {
           return value.is_number_unsigned() && value <= uint64_t{INT64_MAX};
         });
}

Result<StoredTensor> entry_of(const std::string& name, const json& fields,
                              const std::string& place) {
  const bool named =
      !name.empty() && name.size() <= kLongestName &&
      std::none_of(name.begin(), name.end(), [](char c) { return c >= 0 && c < 32; });
  if (!named)
    return bad(place, "a name must have 1 to " + std::to_string(kLongestName) +
                          " bytes and no control characters");
  for (const char* field : {"dtype", "shape", "data_offsets"})
    if (!fields.is_object() || !fields.contains(field))
      return bad(place, std::string("has no ") + field);
  const Result<Dtype> dtype = dtype_of(fields["dtype"], place);
  if (!dtype)
    return dtype.error();
  if (!all_natural(fields["shape"]) || !all_natural(fields["data_offsets"]))
    return bad(place, "shape and data_offsets must be lists of whole numbers from 0");
  if (fields["data_offsets"].size() != 2)
    return bad(place, "data_offsets must be two numbers");

  StoredTensor entry{name, dtype.value(), fields["shape"].get<std::vector<int64_t>>()};
  entry.begin = fields["data_offsets"][0];
  entry.end = fields["data_offsets"][1];
  uint64_t bytes = width_of(entry.dtype);
  for (const int64_t size : entry.shape)
    if (__builtin_mul_overflow(bytes, static_cast<uint64_t>(size), &bytes))
      return bad(place, "its shape has more values than fit 64 bits");
  entry.count = bytes / width_of(entry.dtype);
  if (entry.begin > entry.end || entry.end - entry.begin != bytes)
    return bad(place, "bytes " + std::to_string(entry.begin) + " to " + std::to_string(entry.end) +
                          " do not hold its " + std::to_string(bytes) + " bytes");
  return entry;
}

Result<void> check_metadata(const json& metadata, const std::string& path) {
  const bool sound =
      metadata.is_object() && std::all_of(metadata.begin(), metadata.end(),
                                          [](const json& value) { return value.is_string(); });
  if (sound)
    return {};
  return bad(path, std::string(kMetadata) + " must map names to strings");
}

/// Puts the entries in file order and demands that they cover `bytes` without hole or overlap.
Result<void> check_cover(std::vector<StoredTensor>& entries, const InputFile& file,
                         uint64_t bytes) {
  std::sort(entries.begin(), entries.end(), [](const StoredTensor& a, const StoredTensor& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  uint64_t end = 0;
  for (const StoredTensor& entry : entries) {
    if (entry.begin != end)
      return bad(place_of(file, entry.name),
                 std::string(entry.begin < end ? "overlaps another" : "leaves a hole") +
                     ": begins at byte " + std::to_string(entry.begin) + " of the data, not " +
                     std::to_string(end));
    end = entry.end;
  }
  if (end != bytes)
    return bad(file.path(), "its tensors end at byte " + std::to_string(end) +
                                " of the data, the file at " + std::to_string(bytes));
  return {};
}

struct Header {
  std::vector<StoredTensor> entries;
  uint64_t data = 0;  ///< where in the file the tensors begin
};

Result<Header> read_header(const InputFile& file) {
  uint64_t length = 0;
  if (file.size() < sizeof(length))
    return bad(file.path(), "not a safetensors file: shorter than 8 bytes");
  if (const auto done = file.read(&length, sizeof(length), 0); !done)
    return done.error();
  if (length > kLongestHeader || length > file.size() - sizeof(length))
    return bad(file.path(), "its header claims " + std::to_string(length) +
                                " bytes, more than the file or the limit of " +
                                std::to_string(kLongestHeader));
  std::string text(length, '\0');
  if (const auto done = file.read(text.data(), length, sizeof(length)); !done)
    return done.error();
  if (text.empty() || text.front() != '{')
    return bad(file.path(), "its header does not begin with '{'");
  // Counted before anything is made of them: each tensor is an object.
  if (std::ranges::count(text, '{') > kMostTensors + 2)
    return bad(file.path(), "has more than the limit of " + std::to_string(kMostTensors) +
                                " tensors; split it into several files with an index");
  const Result<json> document = parse_json(text, file.path() + ": header");
  if (!document)
    return document.error();

  Header header{{}, sizeof(length) + length};
  for (const auto& [name, fields] : document.value().items()) {
    if (name == kMetadata) {
      if (const auto sound = check_metadata(fields, file.path()); !sound)
        return sound.error();
      continue;
    }
    Result<StoredTensor> entry = entry_of(name, fields, place_of(file, name));
    if (!entry)
      return entry.error();
    header.entries.push_back(std::move(entry).value());
  }
  if (const auto sound = check_cover(header.entries, file, file.size() - header.data); !sound)
    return sound.error();
  return header;
}

}  // namespace

const char* name_of(StoredTensor::Dtype dtype) {
  return format_of(dtype).name;
}

SafetensorsFile::SafetensorsFile(std::unique_ptr<InputFile> file, std::vector<StoredTensor> tensors,
                                 uint64_t data)
    : file_(std::move(file)), tensors_(std::move(tensors)), data_(data) {}

Result<std::shared_ptr<const SafetensorsFile>> SafetensorsFile::open(const std::string& path) {
  auto file = InputFile::open(path);
  if (!file)
    return file.error();
  Result<Header> header = read_header(*file.value());
  if (!header)
    return header.error();
  return std::shared_ptr<const SafetensorsFile>(new SafetensorsFile(
      std::move(file).value(), std::move(header.value().entries), header.value().data));
}

Result<void> SafetensorsFile::read(const StoredTensor& tensor, uint64_t first,
                                   std::span<float> to) const {
  const uint64_t offset = data_ + tensor.begin + first * width_of(tensor.dtype);
  switch (tensor.dtype) {
    case Dtype::kF64:
      return read_as<double>(*file_, offset, to, narrowed);
    case Dtype::kF32:
      return file_->read(to.data(), to.size_bytes(), offset);
    case Dtype::kBf16:
      return read_as<uint16_t>(*file_, offset, to, from_bf16);
    case Dtype::kF16:
      return read_as<uint16_t>(*file_, offset, to, from_f16);
    case Dtype::kF8E4m3:
      return read_as<uint8_t>(*file_, offset, to, from_f8_e4m3);
    case Dtype::kF8E5m2:
      return read_as<uint8_t>(*file_, offset, to, from_f8_e5m2);
  }
  return {};
}

Result<WeightSet> read_safetensors(const std::string& path) {
  const auto file = SafetensorsFile::open(path);
  if (!file)
    return file.error();
  WeightSet weights;
  for (const StoredTensor& stored : file.value()->tensors()) {
    NamedTensor tensor{stored.name, stored.shape, std::vector<float>(stored.count)};
    if (auto done = file.value()->read(stored, 0, tensor.values); !done)
      return done.error();
    weights.push_back(std::move(tensor));
  }
  std::sort(weights.begin(), weights.end(),
            [](const NamedTensor& a, const NamedTensor& b) { return a.name < b.name; });
  return weights;
}

}  // namespace nelumbo
