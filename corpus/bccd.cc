// SPDX-License-Identifier: Apache-2.0
#include "corpus/bccd.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <optional>
#include <set>
#include <span>
#include <sstream>
#include <utility>

#include <pugixml.hpp>

#include "base/complaints.h"
#include "base/file.h"
#include "base/hash.h"
#include "corpus/coordinates.h"
#include "corpus/dhash.h"

namespace nelumbo {
namespace {

constexpr int64_t kMostTextBytes = 4 << 20;
constexpr size_t kMostCells = 10000;
constexpr const char* kRestore = "restore the file";

Error bad(const std::string& place, const std::string& why) {
  return Error{Errc::kBadData, place + ": " + why};
}

/// What a reader said, which names the file, with the fix.
Error unreadable(const Error& error, const std::string& fix) {
  return Error{Errc::kBadData, error.message + "; " + fix};
}

std::string trimmed(const std::string& line) {
  const auto space = [](unsigned char c) { return std::isspace(c) != 0; };
  const auto first = std::find_if_not(line.begin(), line.end(), space);
  const auto last = std::find_if_not(line.rbegin(), line.rend(), space).base();
  return first < last ? std::string(first, last) : std::string();
}

bool is_plain_name(const std::string& name) {
  return std::all_of(name.begin(), name.end(),
                     [](unsigned char c) {
                       return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.';
                     }) &&
         name.front() != '.';
}

/// The names in a list file, up to `limit` of them (0: all).
Result<std::vector<std::string>> read_names(const std::string& path, int64_t limit) {
  Result<std::string> text = read_file(path, kMostTextBytes);
  if (!text)
    return unreadable(text.error(), "data.root (or --data) must be the folder that holds bccd/");
  std::istringstream lines(text.value());
  std::vector<std::string> names;
  std::set<std::string> seen;
  int64_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    const std::string name = trimmed(line);
    if (name.empty())
      continue;
    const std::string place = path + ":" + std::to_string(number);
    if (!is_plain_name(name))
      return bad(place, "'" + name + "' is no file name; write one name without its ending a line");
    if (!seen.insert(name).second)
      return bad(place, "'" + name + "' stands there twice; remove one");
    if (limit == 0 || std::ssize(names) < limit)
      names.push_back(name);
  }
  if (names.empty())
    return bad(path, "names no picture; restore the file");
  return names;
}

Result<void> check_disjoint(const std::vector<std::string>& train,
                            const std::vector<std::string>& val, const std::string& folder) {
  const std::set<std::string> held_out(val.begin(), val.end());
  for (const std::string& name : train)
    if (held_out.contains(name))
      return bad(folder + "/train.txt",
                 "'" + name + "' is also in val.txt; a picture may be in one list only");
  return {};
}

std::optional<Cell::Kind> kind_of(const std::string& name) {
  if (name == "RBC")
    return Cell::Kind::kRed;
  if (name == "WBC")
    return Cell::Kind::kWhite;
  if (name == "Platelets")
    return Cell::Kind::kPlatelet;
  return std::nullopt;
}

/// A number of an annotation, or nothing when the element is missing or holds something else.
std::optional<double> number_in(const pugi::xml_node& parent, const char* name) {
  const std::string text = trimmed(parent.child_value(name));
  if (text.empty() || text.size() > 12 ||
      text.find_first_not_of("0123456789.-") != std::string::npos)
    return std::nullopt;
  const double value = pugi::xml_node(parent.child(name)).text().as_double(std::nan(""));
  if (!std::isfinite(value))
    return std::nullopt;
  return value;
}

/// Where things stand in an annotation.
class Places {
 public:
  Places(const std::string& file, const std::string& xml) : file_(file), xml_(xml) {}

  /// "FILE:LINE" of a byte.
  std::string at(ptrdiff_t byte) const {
    const auto end = xml_.begin() + std::clamp<ptrdiff_t>(byte, 0, std::ssize(xml_));
    return file_ + ":" + std::to_string(1 + std::count(xml_.begin(), end, '\n'));
  }
  std::string of(const pugi::xml_node& node) const { return at(node.offset_debug()); }

 private:
  const std::string& file_;
  const std::string& xml_;
};

Result<Cell> read_cell(const pugi::xml_node& object, const std::string& place, const Box& picture) {
  const std::string name = trimmed(object.child_value("name"));
  const std::optional<Cell::Kind> kind = kind_of(name);
  if (!kind)
    return bad(place, "unknown cell '" + name + "'; known are RBC, WBC and Platelets");
  constexpr std::array<const char*, 4> kCorners{"xmin", "ymin", "xmax", "ymax"};
  std::array<double, 4> corners{};
  for (size_t i = 0; i < corners.size(); ++i) {
    const std::optional<double> corner = number_in(object.child("bndbox"), kCorners[i]);
    if (!corner)
      return bad(place, "a " + name + " has no number in bndbox/" + kCorners[i] +
                            "; write its corner in pixels");
    corners[i] = *corner;
  }
  if (corners[0] > corners[2] || corners[1] > corners[3])
    return bad(place, "a " + name + " has its corners the wrong way round; swap min and max");
  if (corners[0] < picture.x0 || corners[1] < picture.y0 || corners[2] > picture.x1 ||
      corners[3] > picture.y1)
    return bad(place, "a " + name + " lies outside the picture, which has " +
                          std::to_string(static_cast<int64_t>(picture.x1)) + " x " +
                          std::to_string(static_cast<int64_t>(picture.y1)) +
                          " pixels; correct its bndbox");
  return Cell{*kind, {corners[0], corners[1], corners[2], corners[3]}};
}

/// A smear and the hash of its picture.
struct Read {
  Smear smear;
  uint64_t hash = 0;
};

Result<Read> read_smear(const std::string& folder, const std::string& name) {
  const std::string picture = folder + "/images/" + name + ".jpg";
  Result<Image> image = read_image(picture);
  if (!image)
    return unreadable(image.error(), kRestore);
  const std::string annotation = folder + "/annotations/" + name + ".xml";
  Result<std::string> xml = read_file(annotation, kMostTextBytes);
  if (!xml)
    return unreadable(xml.error(), kRestore);
  Result<std::vector<Cell>> cells = parse_bccd_annotation(xml.value(), annotation, image.value());
  if (!cells)
    return cells.error();
  Read read;
  read.hash = dhash(image.value());
  read.smear.name = name;
  read.smear.cells = std::move(cells.value());
  read.smear.image = std::make_shared<const Image>(std::move(image.value()));
  return read;
}

/// Reads all names on all threads; the errors of all that have one.
Result<std::vector<Read>> read_smears(const std::string& folder,
                                      const std::vector<std::string>& names, Team& team) {
  std::vector<std::optional<Result<Read>>> results(names.size());
  team.run(std::ssize(names), [&](int64_t i) {
    const auto at = static_cast<size_t>(i);
    results[at].emplace(read_smear(folder, names[at]));
  });
  std::vector<Read> reads;
  reads.reserve(names.size());
  Complaints complaints;
  for (std::optional<Result<Read>>& result : results)
    if (complaints.accept(*result))
      reads.push_back(std::move(result->value()));
  if (!complaints.empty())
    return complaints.error();
  return reads;
}

std::vector<uint64_t> hashes_of(const std::vector<Read>& reads) {
  std::vector<uint64_t> hashes;
  hashes.reserve(reads.size());
  for (const Read& read : reads)
    hashes.push_back(read.hash);
  return hashes;
}

}  // namespace

Result<std::vector<Cell>> parse_bccd_annotation(const std::string& xml, const std::string& place,
                                                const Image& image) {
  const Places places(place, xml);
  pugi::xml_document document;
  const pugi::xml_parse_result parsed = document.load_buffer(xml.data(), xml.size());
  if (!parsed)
    return bad(places.at(parsed.offset), std::string("is no XML: ") + parsed.description() +
                                             " at byte " + std::to_string(parsed.offset) +
                                             "; restore the file");
  const pugi::xml_node root = document.child("annotation");
  if (!root)
    return bad(places.at(0), "has no <annotation>; restore the file");
  const Box picture{0, 0, static_cast<double>(image.width), static_cast<double>(image.height)};
  const pugi::xml_node size = root.child("size");
  if (number_in(size, "width") != picture.x1 || number_in(size, "height") != picture.y1)
    return bad(places.of(size ? size : root),
               "its <size> is not that of the picture, " + std::to_string(image.width) + " x " +
                   std::to_string(image.height) + "; correct one of the two");
  std::vector<Cell> cells;
  for (const pugi::xml_node& object : root.children("object")) {
    Result<Cell> cell = read_cell(object, places.of(object), picture);
    if (!cell)
      return cell.error();
    if (cells.size() == kMostCells)
      return bad(places.of(object), "has more than " + std::to_string(kMostCells) + " cells");
    if (cell.value().box.area() > 0)
      cells.push_back(cell.value());
  }
  return cells;
}

Result<Bccd> read_bccd(const std::string& root, BccdLimits limits, Team& team) {
  const std::string folder = root + "/bccd";
  Result<std::vector<std::string>> train_names = read_names(folder + "/train.txt", limits.train);
  if (!train_names)
    return train_names.error();
  Result<std::vector<std::string>> val_names = read_names(folder + "/val.txt", limits.val);
  if (!val_names)
    return val_names.error();
  if (Result<void> disjoint = check_disjoint(train_names.value(), val_names.value(), folder);
      !disjoint)
    return disjoint.error();
  Complaints complaints;
  Result<std::vector<Read>> val = read_smears(folder, val_names.value(), team);
  complaints.accept(val);
  Result<std::vector<Read>> train = read_smears(folder, train_names.value(), team);
  complaints.accept(train);
  if (!complaints.empty())
    return complaints.error();
  std::set<int64_t> leaked;
  for (const PicturePair& pair : near_pictures(hashes_of(train.value()), hashes_of(val.value())))
    leaked.insert(pair.training);
  Bccd bccd;
  for (int64_t i = 0; i < std::ssize(train.value()); ++i) {
    Smear& smear = train.value()[static_cast<size_t>(i)].smear;
    if (leaked.contains(i))
      bccd.leaked.push_back(smear.name);
    else
      bccd.train.push_back(std::move(smear));
  }
  for (Read& read : val.value())
    bccd.val.push_back(std::move(read.smear));
  if (bccd.train.empty())
    return bad(folder + "/train.txt",
               "every picture nearly equals one of val.txt; list other pictures");
  return bccd;
}

std::string content_hash(const Bccd& data) {
  Hasher hasher;
  for (const std::vector<Smear>* part : {&data.train, &data.val}) {
    for (const Smear& smear : *part) {
      hasher.update(smear.name + " " + std::to_string(smear.image->width));
      hasher.update(std::as_bytes(std::span(smear.image->rgb)));
      for (const Cell& cell : smear.cells) {
        const std::array<double, 5> numbers = {static_cast<double>(cell.kind), cell.box.x0,
                                               cell.box.y0, cell.box.x1, cell.box.y1};
        hasher.update(std::as_bytes(std::span(numbers)));
      }
    }
    hasher.update("|");
  }
  return hasher.hex();
}

}  // namespace nelumbo
