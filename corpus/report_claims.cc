// SPDX-License-Identifier: Apache-2.0
#include "corpus/report_claims.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/text.h"
#include "corpus/grid.h"
#include "corpus/smear_questions.h"

namespace nelumbo {
namespace {

constexpr double kLeastOverlap = 0.5;
constexpr size_t kLongestQuote = 60;

/// What a report says; boxes in units of the view.
struct Report {
  int64_t white = 0;
  std::vector<Box> boxes;
  int64_t platelets = 0;
};

struct ReportTruth {
  std::vector<Box> white;
  int64_t platelets = 0;
};

/// Takes pieces off the front of a text; blanks before them are skipped.
class Pieces {
 public:
  explicit Pieces(std::string_view text) : rest_(text) {}

  bool take(std::string_view piece) {
    skip_blanks();
    if (!rest_.starts_with(piece))
      return false;
    rest_.remove_prefix(piece.size());
    return true;
  }

  /// A name, in small letters here and in whatever case there.
  bool take_name(std::string_view name) {
    skip_blanks();
    if (rest_.size() < name.size() ||
        !std::ranges::equal(rest_.substr(0, name.size()), name, {}, ascii_lower))
      return false;
    rest_.remove_prefix(name.size());
    return true;
  }

  /// The "s" of "platelets", which stands there at once.
  void take_plural() {
    if (rest_.starts_with('s') || rest_.starts_with('S'))
      rest_.remove_prefix(1);
  }

  std::optional<int64_t> take_number() {
    skip_blanks();
    int64_t number = 0;
    const auto [end, code] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), number);
    if (code != std::errc{} || number < 0)
      return std::nullopt;
    rest_.remove_prefix(static_cast<size_t>(end - rest_.data()));
    return number;
  }

  std::optional<GridBox> take_box() {
    size_t end = 0;
    for (int level = 0; level < 4 && end != std::string_view::npos; ++level)
      end = rest_.find('>', end == 0 ? 0 : end + 1);
    if (end == std::string_view::npos)
      return std::nullopt;
    const std::optional<GridBox> box = read_grid(rest_.substr(0, end + 1));
    rest_.remove_prefix(end + 1);
    return box;
  }

  bool is_at(char c) {
    skip_blanks();
    return rest_.starts_with(c);
  }
  bool is_empty() {
    skip_blanks();
    return rest_.empty();
  }

 private:
  void skip_blanks() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \n"), rest_.size()));
  }

  std::string_view rest_;
};

std::optional<Report> read_report(std::string_view text) {
  Pieces pieces(text);
  Report report;
  if (!pieces.take_name(class_name(SmearClass::kWhite)))
    return std::nullopt;
  pieces.take(":");
  const std::optional<int64_t> white = pieces.take_number();
  while (pieces.is_at('<')) {
    const std::optional<GridBox> box = pieces.take_box();
    if (!box)
      return std::nullopt;
    report.boxes.push_back(box_from_grid(*box));
  }
  if (!white || !pieces.take(",") || !pieces.take_name(class_name(SmearClass::kPlatelet)))
    return std::nullopt;
  pieces.take_plural();
  pieces.take(":");
  const std::optional<int64_t> platelets = pieces.take_number();
  pieces.take(".");
  if (!platelets || !pieces.is_empty())
    return std::nullopt;
  report.white = *white;
  report.platelets = *platelets;
  return report;
}

std::optional<Box> box_in(const nlohmann::json& json) {
  const auto is_number = [](const nlohmann::json& side) { return side.is_number(); };
  if (!json.is_array() || json.size() != 4 || !std::all_of(json.begin(), json.end(), is_number))
    return std::nullopt;
  return Box{json[0].get<double>(), json[1].get<double>(), json[2].get<double>(),
             json[3].get<double>()};
}

Result<ReportTruth> read_truth(const nlohmann::json& json) {
  const Error no_boxes{Errc::kBadData,
                       "truth.white: not a list of boxes; give each as [x0, y0, x1, y1]"};
  ReportTruth truth;
  const auto white = json.find("white"), platelets = json.find("platelets");
  if (white == json.end() || !white->is_array())
    return no_boxes;
  for (const nlohmann::json& entry : *white) {
    const std::optional<Box> box = box_in(entry);
    if (!box)
      return no_boxes;
    truth.white.push_back(*box);
  }
  if (platelets == json.end() || !platelets->is_number_integer())
    return Error{Errc::kBadData, "truth.platelets: not a whole number; give how many are in view"};
  truth.platelets = platelets->get<int64_t>();
  return truth;
}

/// Claims that are given to cells, one to each at most, so that as many as can be have one: each
/// claim in turn takes a cell that it overlaps, and moves the claim that held it if that finds
/// another (augmenting paths).
class Placement {
 public:
  Placement(const std::vector<Box>& claims, const std::vector<Box>& cells)
      : claims_(claims), cells_(cells), holders_(cells.size()) {}

  int64_t placed() {
    int64_t count = 0;
    for (size_t claim = 0; claim < claims_.size(); ++claim) {
      std::vector<bool> tried(cells_.size());
      count += place(claim, &tried) ? 1 : 0;
    }
    return count;
  }

 private:
  bool place(size_t claim, std::vector<bool>* tried) {
    for (size_t cell = 0; cell < cells_.size(); ++cell) {
      if ((*tried)[cell] || iou(claims_[claim], cells_[cell]) < kLeastOverlap)
        continue;
      (*tried)[cell] = true;
      if (!holders_[cell] || place(*holders_[cell], tried)) {
        holders_[cell] = claim;
        return true;
      }
    }
    return false;
  }

  const std::vector<Box>& claims_;
  const std::vector<Box>& cells_;
  std::vector<std::optional<size_t>> holders_;  ///< the claim that has each cell
};

int64_t capped(int64_t count) {
  return std::min<int64_t>(count, kMostCounted);
}

/// "platelets 1", or "platelets 1 not 0" when that is wrong.
std::string number_said(const std::string& what, int64_t said, int64_t truth) {
  std::string text = what + " " + std::to_string(said);
  return capped(said) == capped(truth) ? text : text + " not " + std::to_string(truth);
}

}  // namespace

double ClaimScore::score() const {
  const int64_t full = supported + missed;
  return full == 0 ? 0
                   : static_cast<double>(std::max<int64_t>(supported - refuted, 0)) /
                         static_cast<double>(full);
}

Result<ClaimScore> check_claims(std::string_view report, const nlohmann::json& truth,
                                const Frame& frame) {
  const Result<ReportTruth> read = read_truth(truth);
  if (!read)
    return read.error();
  std::vector<Box> cells;
  for (const Box& box : read.value().white)
    cells.push_back(from_original(frame, box));
  const int64_t white = std::ssize(cells), platelets = read.value().platelets;
  ClaimScore score;
  score.missed = 2 + capped(white);
  score.places.missed = capped(white);
  const std::optional<Report> said = read_report(report);
  if (!said) {
    score.evidence = "'" + valid_utf8(report.substr(0, kLongestQuote)) + "' is no report";
    return score;
  }
  const int64_t placed = Placement(said->boxes, cells).placed();
  score.parsed = true;
  score.supported = placed + (capped(said->white) == capped(white) ? 1 : 0) +
                    (capped(said->platelets) == capped(platelets) ? 1 : 0);
  score.refuted = 2 + std::ssize(said->boxes) - score.supported;
  score.missed = std::max<int64_t>(score.missed - score.supported, 0);
  score.places = {placed, std::ssize(said->boxes) - placed,
                  std::max<int64_t>(capped(white) - placed, 0)};
  score.evidence = number_said("white", said->white, white) + ", " + std::to_string(placed) +
                   " of " + std::to_string(white) + " placed, " +
                   number_said("platelets", said->platelets, platelets);
  return score;
}

}  // namespace nelumbo
