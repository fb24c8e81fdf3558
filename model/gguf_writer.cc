// SPDX-License-Identifier: Apache-2.0
#include "model/gguf_writer.h"

#include <set>

#include "base/check.h"
#include "base/draft.h"
#include "base/file.h"
#include "model/gguf.h"

namespace nelumbo {
namespace {

template <class T>
void append(std::string& bytes, T number) {
  bytes.append(reinterpret_cast<const char*>(&number), sizeof(number));
}

void append(std::string& bytes, const std::string& text) {
  append(bytes, uint64_t{text.size()});
  bytes += text;
}

void append_value(std::string& bytes, const GgufValue& value) {
  append(bytes, static_cast<uint32_t>(value.kind));
  if (value.kind == GgufKind::kText)
    return append(bytes, value.bytes);
  if (value.kind == GgufKind::kArray) {
    append(bytes, static_cast<uint32_t>(value.element));
    append(bytes, value.count);
  }
  bytes += value.bytes;
}

int64_t count_of(const GgufPlan& plan) {
  int64_t count = 1;
  for (const int64_t size : plan.shape)
    count *= size;
  return count;
}

int64_t bytes_of(const GgufPlan& plan) {
  const BlockFormat& format = block_format(plan.type);
  return count_of(plan) / format.values * format.bytes;
}

int64_t aligned(int64_t bytes, int64_t alignment) {
  return (bytes + alignment - 1) / alignment * alignment;
}

void check(const GgufPlan& plan) {
  const int64_t row = plan.shape.empty() ? 1 : plan.shape.back();
  NELUMBO_CHECK(plan.shape.size() <= 4 && count_of(plan) > 0) << plan.name << ": shape";
  NELUMBO_CHECK(row % block_format(plan.type).values == 0) << plan.name << ": part of a block";
  NELUMBO_CHECK(!plan.name.empty() && plan.name.size() <= 64) << plan.name << ": name";
}

/// All that stands before the data.
std::string header_of(const GgufMetadata& metadata, const std::vector<GgufPlan>& tensors,
                      int64_t alignment) {
  std::string bytes;
  append(bytes, kGgufMagic);
  append(bytes, kGgufVersion);
  append(bytes, uint64_t{tensors.size()});
  append(bytes, uint64_t{metadata.size()});
  for (const auto& [key, value] : metadata) {
    append(bytes, key);
    append_value(bytes, value);
  }
  std::set<std::string> names;
  int64_t offset = 0;
  for (const GgufPlan& plan : tensors) {
    check(plan);
    NELUMBO_CHECK(names.insert(plan.name).second) << plan.name << ": two tensors of this name";
    append(bytes, plan.name);
    append(bytes, static_cast<uint32_t>(plan.shape.size()));
    for (auto size = plan.shape.rbegin(); size != plan.shape.rend(); ++size)
      append(bytes, static_cast<uint64_t>(*size));
    append(bytes, static_cast<uint32_t>(plan.type));
    append(bytes, static_cast<uint64_t>(offset));
    offset += aligned(bytes_of(plan), alignment);
  }
  bytes.resize(static_cast<size_t>(aligned(std::ssize(bytes), alignment)), '\0');
  return bytes;
}

Result<std::string> data_of(const GgufPlan& plan, const GgufSource& source,
                            const std::string& place) {
  const Result<std::vector<float>> values = source(plan);
  if (!values)
    return values.error();
  if (std::ssize(values.value()) != count_of(plan))
    return Error{Errc::kBadData, place + ": has " + std::to_string(values.value().size()) +
                                     " values, not " + std::to_string(count_of(plan))};
  if (!can_encode(plan.type, values.value()))
    return Error{Errc::kBadData, place + ": holds a value that is not finite or too large for " +
                                     std::string(block_format(plan.type).name) +
                                     "; F32 holds every finite one"};
  return encoded(plan.type, values.value());
}

}  // namespace

Result<void> write_gguf(const std::string& path, const GgufMetadata& metadata,
                        const std::vector<GgufPlan>& tensors, const GgufSource& source) {
  const GgufValue* named = find(metadata, "general.alignment");
  const int64_t alignment =
      named == nullptr ? int64_t{kGgufAlignment} : named->as_natural().value_or(0);
  NELUMBO_CHECK(alignment > 0 && (alignment & (alignment - 1)) == 0) << "general.alignment";
  const Draft draft(path);
  Result<AppendFile> file = AppendFile::open(draft.name());
  if (!file)
    return file.error();
  if (auto done = file.value().append(header_of(metadata, tensors, alignment)); !done)
    return done;
  for (const GgufPlan& plan : tensors) {
    Result<std::string> data = data_of(plan, source, path + ": tensor '" + plan.name + "'");
    if (!data)
      return data.error();
    data.value().resize(static_cast<size_t>(aligned(std::ssize(data.value()), alignment)), '\0');
    if (auto done = file.value().append(data.value()); !done)
      return done;
  }
  if (auto done = file.value().sync(); !done)
    return done;
  return draft.put();
}

}  // namespace nelumbo
