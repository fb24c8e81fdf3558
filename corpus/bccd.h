// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "kernels/team.h"
#include "model/image.h"

namespace nelumbo {

/// One annotated cell of a blood smear.
struct Cell {
  enum class Kind { kRed, kWhite, kPlatelet };
  Kind kind = Kind::kRed;
  Box box;  ///< pixels of the smear
};

/// One photograph of a blood smear with all its cells.
struct Smear {
  std::string name;  ///< "BloodImage_00007"
  std::shared_ptr<const Image> image;
  std::vector<Cell> cells;  ///< in the order of the annotation; none empty, all inside the picture
};

/// The two parts of the data set, each in the order of its list.
struct Bccd {
  std::vector<Smear> train, val;
  /// Training pictures that were left out because they nearly equal a validation picture.
  std::vector<std::string> leaked;
};

/// How much of each part to read; 0 is all.
struct BccdLimits {
  int64_t train = 0;
  int64_t val = 0;
};

/// Reads `root`/bccd: train.txt and val.txt (one name a line), images/NAME.jpg and
/// annotations/NAME.xml (Pascal VOC). Every picture asked for is decoded and every annotation
/// checked, on all threads of `team`, in about half a second on two cores for the whole set, so
/// that a run fails before it trains. Cells without area are dropped, as is a training picture that
/// is a near-duplicate (corpus/dhash.h) of a validation picture that was read. kBadData names file,
/// line and fix, also of a box outside its picture: one such line for each picture at fault.
Result<Bccd> read_bccd(const std::string& root, BccdLimits limits, Team& team);

/// XXH3-128 in hex over names, pixels and cells of both parts.
std::string content_hash(const Bccd& data);

/// Reads one annotation; `place` stands in front of every message. The size that it names must be
/// that of the picture.
Result<std::vector<Cell>> parse_bccd_annotation(const std::string& xml, const std::string& place,
                                                const Image& image);

}  // namespace nelumbo
