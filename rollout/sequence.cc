// SPDX-License-Identifier: Apache-2.0
#include "rollout/sequence.h"

#include <algorithm>
#include <span>

#include "base/check.h"
#include "base/hash.h"
#include "model/forward.h"
#include "model/picture_cursor.h"

namespace nelumbo {

void encode(std::span<EncodedPicture* const> pictures, const Network& network,
            const EngineWeights& weights, EngineOps& ops) {
  std::vector<EncodedPicture*> fresh;
  std::vector<Pixels> pixels;
  for (EncodedPicture* const picture : pictures)
    if (picture->features.empty() && std::ranges::find(fresh, picture) == fresh.end()) {
      fresh.push_back(picture);
      pixels.push_back(picture->pixels);
    }
  for (size_t begin = 0; begin < fresh.size();) {
    const auto left = std::span<const Pixels>(pixels).subspan(begin);
    const size_t count = pictures_of_pass(network.config.vision, left);
    ops.begin(weights, nullptr);
    const EngineOps::Tensor features = image_features(ops, network, left.first(count));
    const float* from = features.data;
    for (EncodedPicture* picture : std::span(fresh).subspan(begin, count)) {
      const int64_t each = picture->grid.tokens() * features.cols;
      picture->features.assign(from, from + each);
      from += each;
    }
    begin += count;
  }
}

void add_place(const Input& input, RowPlaces& places, std::vector<int32_t>* positions) {
  if (input.picture != nullptr)
    places.add_picture_row(input.picture->grid, input.feature, positions);
  else
    places.add_token(positions);
}

void append_token(int32_t token, float logprob, float entropy, Trajectory* trajectory) {
  trajectory->tokens.push_back(token);
  trajectory->sampled.push_back(1);
  trajectory->logprobs.push_back(logprob);
  trajectory->entropies.push_back(entropy);
}

void append_observed(const std::vector<int32_t>& tokens, Trajectory* trajectory) {
  trajectory->tokens.insert(trajectory->tokens.end(), tokens.begin(), tokens.end());
  trajectory->sampled.resize(trajectory->tokens.size(), 0);
  trajectory->logprobs.resize(trajectory->tokens.size(), 0);
  trajectory->entropies.resize(trajectory->tokens.size(), 0);
}

std::shared_ptr<EncodedPicture> PictureBook::picture(const Pixels& pixels) {
  const uint64_t hash = xxh3_64(std::as_bytes(std::span(pixels->values)));
  std::erase_if(known_, [](const auto& entry) { return entry.second.expired(); });
  const auto [first, last] = known_.equal_range(hash);
  for (auto at = first; at != last; ++at)
    if (auto known = at->second.lock(); known && *known->pixels == *pixels)
      return known;
  auto fresh =
      std::make_shared<EncodedPicture>(EncodedPicture{pixels, layout_.grid(*pixels), hash, {}});
  known_.emplace(hash, fresh);
  return fresh;
}

EncodedPicture& ActiveGroup::picture(const Pixels& pixels) {
  auto shared = book->picture(pixels);
  if (std::ranges::find(pictures, shared) == pictures.end())
    pictures.push_back(shared);
  return *shared;
}

void ActiveGroup::begin_sequences(PolicyVersion version) {
  sequences.resize(static_cast<size_t>(request.samples));
  for (size_t i = 0; i < sequences.size(); ++i) {
    Sequence& sequence = sequences[i];
    sequence.trajectory.group = request.id;
    sequence.trajectory.sample = static_cast<int32_t>(i);
    sequence.trajectory.version = version;
    sequence.places = places;
  }
}

bool ActiveGroup::is_whole() const {
  return !put_back && !sequences.empty() && prompt_stored() &&
         std::ranges::all_of(sequences,
                             [](const Sequence& s) { return s.done || s.stored >= s.known; });
}

int64_t ActiveGroup::rows_due(size_t sample, PolicyVersion version) const {
  const Sequence& sequence = sequences[sample];
  const int64_t inputs = std::ssize(sequence.inputs) - sequence.stored;
  if (request.versions.empty())
    return inputs;
  const AnswerVersions& planned = request.versions[sample];
  int64_t rows = 0;  // a row is read by the weights that draw what follows it
  while (rows < inputs && planned.at(sequence.stored + rows + 1) == version)
    ++rows;
  return rows;
}

bool ActiveGroup::waits(PolicyVersion version) const {
  if (request.versions.empty())
    return false;
  if (sequences.empty())
    return request.versions.front().first != version;
  for (size_t i = 0; i < sequences.size(); ++i)
    if (!sequences[i].done && rows_due(i, version) > 0)
      return false;
  return true;
}

void ActiveGroup::swap(PolicyVersion version) {
  for (Sequence& sequence : sequences) {
    if (sequence.done)
      continue;
    std::vector<WeightSwap>& swaps = sequence.trajectory.swaps;
    const int64_t token = sequence.stored + 1;  // what the next row is followed by
    if (!swaps.empty() && swaps.back().token == token)
      swaps.pop_back();  // of weights that drew nothing
    swaps.push_back({token, version});
  }
}

void ActiveGroup::begin_anew() {
  sequences.clear();
  length = 0;
  places = RowPlaces(book->layout().axes);
  left = request.samples;
}

Group ActiveGroup::answered(bool exact) {
  Group out;
  out.id = request.id;
  out.prompt = request.prompt;
  out.inverse_temperature = request.wishes ? 1 : request.sampling.inverse_temperature();
  out.exact = exact;
  for (Sequence& sequence : sequences)
    out.trajectories.push_back(std::move(sequence.trajectory));
  return out;
}

std::vector<Input> ActiveGroup::inputs(const std::vector<int32_t>& tokens,
                                       const std::vector<Pixels>& pixels,
                                       std::optional<int32_t> image_token) {
  std::vector<Input> result;
  std::vector<EncodedPicture*> shown(pixels.size());
  PictureCursor cursor(pixels, book->layout());
  for (const int32_t token : tokens) {
    Input input{.token = token};
    if (token == image_token) {
      const std::optional<PictureToken> seen = cursor.next();
      NELUMBO_CHECK(seen.has_value()) << "more image tokens than pictures";
      EncodedPicture*& one = shown[seen->picture];
      input.picture = one = one == nullptr ? &picture(pixels[seen->picture]) : one;
      input.feature = seen->index;
    }
    result.push_back(input);
  }
  NELUMBO_CHECK(cursor.left() == 0) << "pictures without tokens";
  return result;
}

}  // namespace nelumbo
