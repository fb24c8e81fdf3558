// SPDX-License-Identifier: Apache-2.0
#include "learner/torch_library.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include <dlfcn.h>

#include "base/check.h"
#include "learner/policy_learner.h"
#include "learner/rank_meeting.h"
#include "learner/scoring_learner.h"

namespace nelumbo {

namespace {

/// It was linked, so that what is missing now is memory, or the file: no bug of the program.
void* load() {
  void* library = dlopen("libnelumbo_torch.so", RTLD_NOW | RTLD_LOCAL);
  if (library != nullptr)
    return library;
  std::fprintf(stderr,
               "nelumbo: %s; where there is not memory enough for it, raise the limit (ulimit -v); "
               "else make it readable, or build the program again\n",
               dlerror());
  std::fflush(nullptr);
  std::_Exit(3);
}

}  // namespace

void* torch_symbol(const char* name) {
  static void* const library = load();
  void* symbol = dlsym(library, name);
  NELUMBO_CHECK(symbol != nullptr) << dlerror() << "; build the program again";
  return symbol;
}

std::unique_ptr<Learner> make_network_learner(const Network& network, const WeightSet& weights,
                                              Team& team, uint64_t seed, LearnerRanks ranks,
                                              std::optional<LinearSlot> score) {
  const auto make = torch_function<decltype(&make_network_learner)>("nelumbo_torch_learner");
  return make(network, weights, team, seed, std::move(ranks), score);
}

std::unique_ptr<Learner> make_learner(const Network& network, const WeightSet& weights, Team& team,
                                      uint64_t seed, LearnerRanks ranks) {
  return make_scoring_learner(network, weights, team, seed, std::move(ranks));
}

std::shared_ptr<RankMeeting> RankMeeting::in_process(RankLink link) {
  return torch_function<decltype(&in_process)>("nelumbo_torch_ranks_in_process")(link);
}

std::shared_ptr<RankMeeting> RankMeeting::at_file(const std::string& path, RankLink link) {
  return torch_function<decltype(&at_file)>("nelumbo_torch_ranks_at_file")(path, link);
}

}  // namespace nelumbo
