// SPDX-License-Identifier: Apache-2.0
#include "learner/shards.h"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "base/check.h"

namespace nelumbo {
namespace {

/// "model.layers.3." of "model.layers.3.mlp.up_proj.weight"; empty outside of blocks.
std::string block_of(const std::string& name) {
  for (size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.', dot + 1)) {
    const size_t end = name.find_first_not_of("0123456789", dot + 1);
    if (end != std::string::npos && end > dot + 1 && name[end] == '.')
      return name.substr(0, end + 1);
  }
  return "";
}

}  // namespace

Sharding sharding(const std::string& name) {
  NELUMBO_CHECK(name == "replicated" || name == "optimizer") << name;
  return name == "optimizer" ? Sharding::kOptimizer : Sharding::kReplicated;
}

Shards::Shards(const std::vector<ParameterShape>& tensors, Collectives& ranks, Sharding sharding)
    : ranks_(ranks), sharding_(sharding) {
  const std::vector<Piece> whole = whole_pieces(tensors);
  int64_t filled = 0;
  for (size_t t = 0; t < tensors.size(); ++t) {
    if (t == 0 || block_of(tensors[t].name) != block_of(tensors[t - 1].name)) {
      buffers_.push_back({t, t, 0});
      filled = 0;
    }
    sizes_.push_back(whole[t].end);
    filled += sizes_.back();
    buffers_.back().last = t + 1;
    buffers_.back().slice = (filled + ranks.size() - 1) / ranks.size();
  }
  for (const Buffer& buffer : buffers_)
    for (const Piece& piece : slice_of(buffer, ranks.rank()))
      sliced_.push_back(piece);
  owned_ = sharding == Sharding::kOptimizer ? sliced_ : whole;
}

std::vector<Piece> Shards::slice_of(const Buffer& buffer, int64_t rank) const {
  std::vector<Piece> pieces;
  int64_t at = -rank * buffer.slice;  // of the tensor, from the slice's begin
  for (size_t t = buffer.first; t < buffer.last; at += sizes_[t++]) {
    const int64_t begin = std::max<int64_t>(0, -at);
    const int64_t end = std::min(sizes_[t], buffer.slice - at);
    if (begin < end)
      pieces.push_back({t, begin, end});
  }
  return pieces;
}

std::vector<ParameterView> Shards::owned(std::span<const ParameterView> views) const {
  return views_of(owned_, views);
}

Shards::Tensors Shards::gradients(std::span<const ParameterView> views) const {
  NELUMBO_CHECK(views.size() == sizes_.size()) << "views of other tensors";
  Tensors tensors;
  for (const ParameterView& view : views)
    tensors.push_back(view.gradient);
  return tensors;
}

std::vector<float> Shards::flat(const Buffer& buffer, const Tensors& tensors) const {
  std::vector<float> flat(static_cast<size_t>(buffer.slice * ranks_.size()));
  auto to = flat.begin();
  for (size_t t = buffer.first; t < buffer.last; ++t)
    to = std::ranges::copy(tensors[t], to).out;
  return flat;
}

void Shards::spread(const Buffer& buffer, std::span<const float> flat,
                    const Tensors& tensors) const {
  auto from = flat.begin();
  for (size_t t = buffer.first; t < buffer.last; from += sizes_[t++])
    std::copy_n(from, sizes_[t], tensors[t].begin());
}

void Shards::spread_slice(const Buffer& buffer, std::span<const float> slice,
                          const Tensors& tensors) const {
  auto from = slice.begin();
  for (const Piece& piece : slice_of(buffer, ranks_.rank())) {
    std::copy_n(from, piece.end - piece.begin, tensors[piece.tensor].begin() + piece.begin);
    from += piece.end - piece.begin;
  }
}

Result<void> Shards::sum_gradients(std::span<const ParameterView> views, Deadline deadline) {
  if (ranks_.size() == 1)
    return {};
  const Tensors tensors = gradients(views);
  for (const Buffer& buffer : buffers_) {
    std::vector<float> all = flat(buffer, tensors);
    std::vector<float> mine(static_cast<size_t>(buffer.slice));
    if (auto done = ranks_.reduce_scatter_sum(all, mine, deadline); !done)
      return done;
    if (sharding_ == Sharding::kOptimizer) {
      spread_slice(buffer, mine, tensors);
      continue;
    }
    if (auto done = ranks_.all_gather(std::span<const float>(mine), all, deadline); !done)
      return done;
    spread(buffer, all, tensors);
  }
  return {};
}

Result<double> Shards::norm(Team& team, std::span<const ParameterView> views, Deadline deadline) {
  const double mine = squared_norm(team, views_of(sliced_, views));
  std::vector<double> all(static_cast<size_t>(ranks_.size()));
  if (auto done = ranks_.all_gather(std::span(&mine, 1), all, deadline); !done)
    return done.error();
  double sum = 0;
  for (const double squares : all)
    sum += squares;
  return std::sqrt(sum);
}

Result<void> Shards::complete(const Tensors& tensors, Deadline deadline) {
  if (ranks_.size() == 1 || sharding_ == Sharding::kReplicated)
    return {};
  for (const Buffer& buffer : buffers_) {
    std::vector<float> all = flat(buffer, tensors);
    const std::vector<float> mine(all.begin() + ranks_.rank() * buffer.slice,
                                  all.begin() + (ranks_.rank() + 1) * buffer.slice);
    if (auto done = ranks_.all_gather(std::span(mine), all, deadline); !done)
      return done;
    spread(buffer, all, tensors);
  }
  return {};
}

}  // namespace nelumbo
