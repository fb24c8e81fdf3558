// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/rng.h"
#include "corpus/bccd.h"
#include "corpus/coordinates.h"
#include "corpus/grid.h"
#include "corpus/smear_words.h"

namespace nelumbo {

/// A question about one view of a smear, with its exact answer.
// NOLINTNEXTLINE(bugprone-exception-escape): moving JSON is noexcept, its checks are what throws.
struct SmearQuestion {
  std::string task;               ///< "locate", "type", "count" or "report"
  std::string text;               ///< what is asked
  std::string answer;             ///< what stands between the answer tags when it is right
  nlohmann::json truth;           ///< the fields that reward terms name; all places in pixels
  std::optional<GridBox> region;  ///< count: where
  std::vector<Box> platelets;     ///< count: what is there, pixels of the original
};

/// Counts of this many and more are one class, "3".
constexpr int kMostCounted = 3;

/// Where is the white cell? The answer is the largest one that is in view, and the truth names all
/// of them ("boxes", cut to the view, and "label"). Nothing when there is none.
std::optional<SmearQuestion> ask_locate(const Smear& smear, const Frame& frame);

/// What is the cell in this box? Every such box has the same size, so that it says nothing about
/// the cell at its centre. Truth: "answer" and "choices". Nothing when no cell of that kind is in
/// view, or another cell is as near to the centre of its box.
std::optional<SmearQuestion> ask_type(const Smear& smear, const Frame& frame, Cell::Kind kind,
                                      Random& random);

/// How many platelets are in this window? A window is 29 to 54 % of the view along each side and
/// cuts no platelet. `wanted` asks for one that holds so many (kMostCounted: or more); nothing when
/// 200 random windows gave none. Truth: "answer", "choices", "boxes" and "region".
std::optional<SmearQuestion> ask_count(const Smear& smear, const Frame& frame, int wanted,
                                       Random& random);

/// A count question that always exists: `wanted` platelets or else fewer or else more; where every
/// window cuts one, a fixed window that counts those with their centre in it.
SmearQuestion ask_any_count(const Smear& smear, const Frame& frame, int wanted, Random& random);

/// What is there? The answer counts and places the white cells in view, largest first, at most
/// kMostCounted, and counts the platelets: with the grid levels and classes as whole tokens less
/// than 30 tokens. Every view can be asked. Truth: "white" (all boxes, cut to the view) and
/// "platelets" (at most kMostCounted).
SmearQuestion ask_report(const Smear& smear, const Frame& frame);

/// Platelets anywhere in the smear, at most kMostCounted.
int platelets_of(const Smear& smear);

}  // namespace nelumbo
