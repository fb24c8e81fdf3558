// SPDX-License-Identifier: Apache-2.0
#include "model/engine_weights.h"

#include <algorithm>
#include <mutex>
#include <optional>
#include <utility>

#include "base/check.h"
#include "kernels/packed_rows.h"

namespace nelumbo {
namespace {

int64_t size_of(const std::vector<int64_t>& shape) {
  int64_t size = 1;
  for (const int64_t side : shape)
    size *= side;
  return size;
}

/// What has two sides is multiplied, but for the table that is added to a picture's rows.
bool is_matrix(const ParameterInfo& info) {
  return info.shape.size() >= 2 && !info.name.ends_with("position_embedding.weight");
}

int64_t columns_of(const ParameterInfo& info) {
  return size_of(info.shape) / info.shape.front();
}

/// Packs a matrix from its file, its panels by all threads.
Result<void> read_matrix(const WeightFiles& files, const ParameterInfo& info, Team& team,
                         StoredType type, PackedMatrix* out) {
  const int64_t n = info.shape.front(), k = columns_of(info);
  std::mutex mutex;
  std::optional<Error> failure;
  team.run((n + kPanelRows - 1) / kPanelRows, [&](int64_t panel) {
    thread_local std::vector<float> rows;
    const int64_t first = panel * kPanelRows;
    rows.resize(static_cast<size_t>(std::min(kPanelRows, n - first) * k));
    if (auto done = files.read(info.name, static_cast<uint64_t>(first * k), rows); !done) {
      const std::lock_guard lock(mutex);
      failure = done.error();
      return;
    }
    round_to(type, rows);
    pack_panel(rows.data(), first, *out);
  });
  return failure ? Result<void>(*failure) : Result<void>();
}

}  // namespace

void EngineWeights::put(const ParameterInfo& info, size_t index, const std::vector<float>& values,
                        Team& team) {
  NELUMBO_CHECK(std::ssize(values) == size_of(info.shape)) << info.name;
  if (is_matrix(info))
    pack(team, values.data(), info.shape.front(), columns_of(info), packed_[index]);
  else
    plain_[index] = values;
}

EngineWeights::EngineWeights(const Network& network)
    : packed_(network.parameters.size()), plain_(network.parameters.size()) {
  for (PackedMatrix& matrix : packed_)
    matrix.precision = precision_of(network.type);
  if (network.products == EngineProducts::kInt8) {
    const auto quantise = [this](ParameterId id) {
      packed_[static_cast<size_t>(id)].precision = Precision::kInt8;
    };
    for (const DecoderLayer& layer : network.decoder)
      for (const LinearSlot* slot :
           {&layer.q, &layer.k, &layer.v, &layer.o, &layer.gate, &layer.up, &layer.down})
        quantise(slot->weight);
    packed_[static_cast<size_t>(network.head)].precision = Precision::kBfloat16;
  }
  place(network);
}

/// Gives each matrix its place in the one buffer.
void EngineWeights::place(const Network& network) {
  std::vector<int64_t> begins{0};
  for (size_t i = 0; i < packed_.size(); ++i) {
    const ParameterInfo& info = network.parameters[i];
    PackedMatrix& matrix = packed_[i];
    if (is_matrix(info)) {
      matrix.n = info.shape.front();
      matrix.k = columns_of(info);
    }
    begins.push_back(begins.back() + packed_size(matrix.n, matrix.k, matrix.precision));
  }
  panels_ = Buffer(begins.back());
  for (size_t i = 0; i < packed_.size(); ++i)
    packed_[i].panels = panels_.part(begins[i], begins[i + 1] - begins[i]);
}

EngineWeights::EngineWeights(const Network& network,
                             const std::shared_ptr<const WeightSet>& weights, Team& team)
    : EngineWeights(network) {
  NELUMBO_CHECK(weights->size() == network.parameters.size()) << "weights of another network";
  for (size_t i = 0; i < weights->size(); ++i)
    put(network.parameters[i], i, (*weights)[i].values, team);
}

Result<std::shared_ptr<const EngineWeights>> EngineWeights::read(const Network& network,
                                                                 const WeightFiles& files,
                                                                 Team& team) {
  if (auto fits = check_shapes(network, files.shapes()); !fits)
    return fits.error();
  std::shared_ptr<EngineWeights> out(new EngineWeights(network));
  for (size_t i = 0; i < network.parameters.size(); ++i) {
    const ParameterInfo& info = network.parameters[i];
    if (!is_matrix(info))
      out->plain_[i].resize(static_cast<size_t>(size_of(info.shape)));
    auto done = is_matrix(info) ? read_matrix(files, info, team, network.type, &out->packed_[i])
                                : files.read(info.name, 0, out->plain_[i]);
    if (!done)
      return done.error();
    round_to(network.type, out->plain_[i]);
  }
  return std::shared_ptr<const EngineWeights>(std::move(out));
}

Result<std::shared_ptr<const EngineWeights>> EngineWeights::read(const Network& network,
                                                                 const WeightSource& source,
                                                                 Team& team) {
  std::shared_ptr<EngineWeights> out(new EngineWeights(network));
  for (size_t i = 0; i < network.parameters.size(); ++i) {
    Result<NamedTensor> tensor = source(network.parameters[i].name);
    if (!tensor)
      return tensor.error();
    round_to(network.type, tensor.value().values);
    out->put(network.parameters[i], i, tensor.value().values, team);
  }
  return std::shared_ptr<const EngineWeights>(std::move(out));
}

void EngineWeights::row(ParameterId id, int64_t row, float* to) const {
  unpack_row(matrix(id), row, to);
}

}  // namespace nelumbo
