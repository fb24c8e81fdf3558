// SPDX-License-Identifier: Apache-2.0
#include "learner/shards.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace nelumbo {
namespace {

/// Floats of all ranks together that one call moves: what calls copy is small beside a policy.
constexpr int64_t kMostFloats = int64_t{1} << 20;

/// Some spans of floats, laid end to end: `at(i)` is span i, empty where it is none of ours.
template <class At>
class Line {
 public:
  Line(const std::vector<int64_t>& sizes, At at) : sizes_(sizes), at_(at) {}

  /// Copies from [begin, begin + to.size()) of the line; zeros where nothing lies.
  void read(int64_t begin, std::span<float> to) const {
    std::ranges::fill(to, 0.0F);
    each(begin, std::ssize(to), [&](std::span<float> span, int64_t from, int64_t at, int64_t n) {
      std::copy_n(span.begin() + from, n, to.begin() + at);
    });
  }
  void write(int64_t begin, std::span<const float> values) const {
    each(begin, std::ssize(values),
         [&](std::span<float> span, int64_t from, int64_t at, int64_t n) {
           std::copy_n(values.begin() + at, n, span.begin() + from);
         });
  }

 private:
  template <class Work>
  void each(int64_t begin, int64_t count, Work work) const {
    int64_t place = 0;
    for (size_t i = 0; i < sizes_.size(); place += sizes_[i++]) {
      const int64_t first = std::max(begin, place);
      const int64_t last = std::min(begin + count, place + sizes_[i]);
      const std::span<float> span = first < last ? at_(i) : std::span<float>();
      if (!span.empty())
        work(span, first - place, first - begin, last - first);
    }
  }

  const std::vector<int64_t>& sizes_;
  At at_;
};

}  // namespace

Sharding sharding(const std::string& name) {
  if (name == "replicated")
    return Sharding::kReplicated;
  NELUMBO_CHECK(name == "optimizer" || name == "full") << name;
  return name == "full" ? Sharding::kFull : Sharding::kOptimizer;
}

Shards::Shards(const std::vector<ParameterShape>& tensors, Collectives& ranks, Sharding sharding)
    : ranks_(ranks), sharding_(sharding) {
  const std::vector<Piece> whole = whole_pieces(tensors);
  for (const Piece& piece : whole) {
    Buffer& buffer = buffers_[tensors[piece.tensor].block];
    buffer.tensors.push_back(piece.tensor);
    buffer.sizes.push_back(piece.end);
    buffer.slice += piece.end;
  }
  for (auto& [block, buffer] : buffers_)
    cut(buffer);
  owned_ = sharding == Sharding::kReplicated ? whole : sliced_;
}

void Shards::cut(Buffer& buffer) {
  buffer.slice = (buffer.slice + ranks_.size() - 1) / ranks_.size();
  buffer.first_part = sliced_.size();
  int64_t at = -ranks_.rank() * buffer.slice;  // of the tensor, from the slice's begin
  for (size_t i = 0; i < buffer.tensors.size(); at += buffer.sizes[i++]) {
    const int64_t begin = std::max<int64_t>(0, -at);
    const int64_t end = std::min(buffer.sizes[i], buffer.slice - at);
    if (begin >= end)
      continue;
    sliced_.push_back({buffer.tensors[i], begin, end});
    buffer.part_sizes.push_back(end - begin);
  }
}

std::vector<size_t> Shards::tensors_of(int64_t block) const {
  const auto at = buffers_.find(block);
  return at == buffers_.end() ? std::vector<size_t>() : at->second.tensors;
}

Shards::Parts Shards::parts_of(const Tensors& whole) const {
  Parts parts;
  for (const auto& [tensor, begin, end] : sliced_)
    parts.push_back(
        whole[tensor].subspan(static_cast<size_t>(begin), static_cast<size_t>(end - begin)));
  return parts;
}

Result<void> Shards::each_range(
    const Buffer& buffer, const std::function<Result<void>(int64_t begin, int64_t end)>& work) {
  const int64_t most = std::max<int64_t>(1, kMostFloats / ranks_.size());
  for (int64_t begin = 0; begin < buffer.slice; begin += most)
    if (auto done = work(begin, std::min(buffer.slice, begin + most)); !done)
      return done;
  return {};
}

Result<void> Shards::gather(const Buffer& buffer, const Parts& parts, const Tensors& whole,
                            Deadline deadline) {
  const Line mine(buffer.part_sizes, [&](size_t i) { return parts[buffer.first_part + i]; });
  const Line all(buffer.sizes, [&](size_t i) { return whole[buffer.tensors[i]]; });
  std::vector<float> given, got;
  return each_range(buffer, [&](int64_t begin, int64_t end) -> Result<void> {
    const auto count = static_cast<size_t>(end - begin);
    given.resize(count);
    got.resize(count * static_cast<size_t>(ranks_.size()));
    mine.read(begin, given);
    if (auto done = ranks_.all_gather(std::span<const float>(given), got, deadline); !done)
      return done;
    for (int64_t r = 0; r < ranks_.size(); ++r)
      all.write(r * buffer.slice + begin,
                std::span(got).subspan(static_cast<size_t>(r) * count, count));
    return {};
  });
}

Result<void> Shards::reduce(const Buffer& buffer, const Tensors& whole, const Parts& parts,
                            Deadline deadline) {
  const Line mine(buffer.part_sizes, [&](size_t i) { return parts[buffer.first_part + i]; });
  const Line all(buffer.sizes, [&](size_t i) { return whole[buffer.tensors[i]]; });
  std::vector<float> given, got;
  return each_range(buffer, [&](int64_t begin, int64_t end) -> Result<void> {
    const auto count = static_cast<size_t>(end - begin);
    got.resize(count);
    given.resize(count * static_cast<size_t>(ranks_.size()));
    for (int64_t r = 0; r < ranks_.size(); ++r)
      all.read(r * buffer.slice + begin,
               std::span(given).subspan(static_cast<size_t>(r) * count, count));
    if (auto done = ranks_.reduce_scatter_sum(given, got, deadline); !done)
      return done;
    mine.write(begin, got);
    return {};
  });
}

Result<void> Shards::gather(int64_t block, const Parts& parts, const Tensors& whole,
                            Deadline deadline) {
  return gather(buffers_.at(block), parts, whole, deadline);
}

Result<void> Shards::reduce(int64_t block, const Tensors& whole, const Parts& parts,
                            Deadline deadline) {
  return reduce(buffers_.at(block), whole, parts, deadline);
}

Result<void> Shards::sum_gradients(const Tensors& gradients, Deadline deadline) {
  if (ranks_.size() == 1)
    return {};
  const Parts parts = parts_of(gradients);
  for (const auto& [block, buffer] : buffers_) {
    if (auto done = reduce(buffer, gradients, parts, deadline); !done)
      return done;
    if (sharding_ != Sharding::kReplicated)
      continue;
    if (auto done = gather(buffer, parts, gradients, deadline); !done)
      return done;
  }
  return {};
}

Result<double> Shards::norm(Team& team, std::span<const ParameterView> views, Deadline deadline) {
  const double mine = squared_norm(team, views);
  std::vector<double> all(static_cast<size_t>(ranks_.size()));
  if (auto done = ranks_.all_gather(std::span(&mine, 1), all, deadline); !done)
    return done.error();
  double sum = 0;
  for (const double squares : all)
    sum += squares;
  return std::sqrt(sum);
}

Result<void> Shards::complete(const Parts& parts, const Tensors& tensors, Deadline deadline) {
  if (ranks_.size() == 1 || sharding_ == Sharding::kReplicated)
    return {};
  for (const auto& [block, buffer] : buffers_)
    if (auto done = gather(buffer, parts, tensors, deadline); !done)
      return done;
  return {};
}

Result<void> Shards::complete(const Tensors& tensors, Deadline deadline) {
  return complete(parts_of(tensors), tensors, deadline);
}

}  // namespace nelumbo
