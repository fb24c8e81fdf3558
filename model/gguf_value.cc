// SPDX-License-Identifier: Apache-2.0
#include "model/gguf_value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace nelumbo {
namespace {

template <class T>
T load(const char* from) {
  T value;
  std::memcpy(&value, from, sizeof(value));
  return value;
}

template <class T>
void append(std::string& bytes, T value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

template <class T>
GgufValue scalar(GgufKind kind, T value) {
  GgufValue made{kind, {}, 0, {}};
  append(made.bytes, value);
  return made;
}

template <class T>
GgufValue array(GgufKind element, const std::vector<T>& values) {
  GgufValue made{GgufKind::kArray, element, values.size(), {}};
  made.bytes.assign(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  return made;
}

std::optional<int64_t> integer_at(GgufKind kind, const char* from) {
  switch (kind) {
    case GgufKind::kU8:
      return load<uint8_t>(from);
    case GgufKind::kI8:
      return load<int8_t>(from);
    case GgufKind::kU16:
      return load<uint16_t>(from);
    case GgufKind::kI16:
      return load<int16_t>(from);
    case GgufKind::kU32:
      return load<uint32_t>(from);
    case GgufKind::kI32:
      return load<int32_t>(from);
    case GgufKind::kI64:
      return load<int64_t>(from);
    case GgufKind::kU64: {
      const auto value = load<uint64_t>(from);
      return value <= uint64_t{INT64_MAX} ? std::optional<int64_t>(value) : std::nullopt;
    }
    default:
      return std::nullopt;
  }
}

double shortest(float value) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  double read = value;
  std::from_chars(text.data(), end, read);
  return read;
}

std::optional<double> real_at(GgufKind kind, const char* from) {
  if (kind == GgufKind::kF32)
    return shortest(load<float>(from));
  if (kind == GgufKind::kF64)
    return load<double>(from);
  const auto whole = integer_at(kind, from);
  return whole ? std::optional<double>(static_cast<double>(*whole)) : std::nullopt;
}

template <class T, class Read>
std::optional<std::vector<T>> elements(const GgufValue& value, Read read) {
  const int64_t width = width_of(value.element);
  if (value.kind != GgufKind::kArray || width == 0)
    return std::nullopt;
  std::vector<T> read_values;
  read_values.reserve(value.count);
  for (uint64_t i = 0; i < value.count; ++i) {
    const std::optional<T> one = read(value.element, value.bytes.data() + i * width);
    if (!one)
      return std::nullopt;
    read_values.push_back(*one);
  }
  return read_values;
}

}  // namespace

int64_t width_of(GgufKind kind) {
  switch (kind) {
    case GgufKind::kU8:
    case GgufKind::kI8:
    case GgufKind::kBool:
      return 1;
    case GgufKind::kU16:
    case GgufKind::kI16:
      return 2;
    case GgufKind::kU32:
    case GgufKind::kI32:
    case GgufKind::kF32:
      return 4;
    case GgufKind::kU64:
    case GgufKind::kI64:
    case GgufKind::kF64:
      return 8;
    default:
      return 0;
  }
}

GgufValue GgufValue::natural(uint32_t value) {
  return scalar(GgufKind::kU32, value);
}

GgufValue GgufValue::real(float value) {
  return scalar(GgufKind::kF32, value);
}

GgufValue GgufValue::flag(bool value) {
  return scalar(GgufKind::kBool, static_cast<uint8_t>(value));
}

GgufValue GgufValue::text(std::string value) {
  return {GgufKind::kText, {}, 0, std::move(value)};
}

GgufValue GgufValue::texts(const std::vector<std::string>& values) {
  GgufValue made{GgufKind::kArray, GgufKind::kText, values.size(), {}};
  for (const std::string& value : values) {
    append(made.bytes, uint64_t{value.size()});
    made.bytes += value;
  }
  return made;
}

GgufValue GgufValue::integers(const std::vector<int32_t>& values) {
  return array(GgufKind::kI32, values);
}

GgufValue GgufValue::reals(const std::vector<float>& values) {
  return array(GgufKind::kF32, values);
}

std::optional<int64_t> GgufValue::as_natural() const {
  const auto value = integer_at(kind, bytes.data());
  return value && *value >= 0 ? value : std::nullopt;
}

std::optional<double> GgufValue::as_real() const {
  return real_at(kind, bytes.data());
}

std::optional<bool> GgufValue::as_flag() const {
  return kind == GgufKind::kBool ? std::optional<bool>(bytes[0] != 0) : std::nullopt;
}

std::optional<std::string> GgufValue::as_text() const {
  return kind == GgufKind::kText ? std::optional<std::string>(bytes) : std::nullopt;
}

std::optional<std::vector<std::string>> GgufValue::as_texts() const {
  if (kind != GgufKind::kArray || element != GgufKind::kText)
    return std::nullopt;
  std::vector<std::string> values;
  values.reserve(count);
  const char* from = bytes.data();
  for (uint64_t i = 0; i < count; ++i) {
    const auto length = load<uint64_t>(from);
    from += sizeof(length);
    values.emplace_back(from, length);
    from += length;
  }
  return values;
}

std::optional<std::vector<int64_t>> GgufValue::as_integers() const {
  return elements<int64_t>(*this, integer_at);
}

std::optional<std::vector<double>> GgufValue::as_reals() const {
  return elements<double>(*this, real_at);
}

const GgufValue* find(const GgufMetadata& metadata, std::string_view key) {
  const auto found = std::find_if(metadata.begin(), metadata.end(),
                                  [key](const auto& entry) { return entry.first == key; });
  return found == metadata.end() ? nullptr : &found->second;
}

}  // namespace nelumbo
