// SPDX-License-Identifier: Apache-2.0
#include "reward/units.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "base/ascii.h"
#include "base/text.h"

namespace nelumbo {

namespace {

struct Row {
  std::string_view names;  ///< with a blank before and behind each
  int64_t above, below;
  std::string_view base;
  int64_t exponent = 1;
};

/// A gallon of 231 cubic inches, in cubic tenths of a millimeter, and a cubic meter.
constexpr int64_t kGallon = 3'785'411'784, kCubicMeter = 1'000'000'000'000;

constexpr std::array kRows = {
    Row{" nm nanometer nanometre nanometers nanometres ", 1, 1'000'000'000, "m"},
    Row{" um µm μm micrometer micrometre micrometers micrometres micron microns ", 1, 1'000'000,
        "m"},
    Row{" mm millimeter millimetre millimeters millimetres ", 1, 1000, "m"},
    Row{" cm centimeter centimetre centimeters centimetres ", 1, 100, "m"},
    Row{" m meter metre meters metres ", 1, 1, "m"},
    Row{" km kilometer kilometre kilometers kilometres ", 1000, 1, "m"},
    Row{" in inch inches ", 254, 10'000, "m"},
    Row{" ft foot feet ", 3048, 10'000, "m"},
    Row{" yd yard yards ", 9144, 10'000, "m"},
    Row{" mi mile miles ", 1'609'344, 1000, "m"},
    Row{" ng nanogram nanograms ", 1, 1'000'000'000, "g"},
    Row{" ug µg μg mcg microgram micrograms ", 1, 1'000'000, "g"},
    Row{" mg milligram milligrams ", 1, 1000, "g"},
    Row{" g gram grams gm ", 1, 1, "g"},
    Row{" kg kgs kilogram kilograms kilo kilos ", 1000, 1, "g"},
    Row{" lb lbs pound pounds ", 45'359'237, 100'000, "g"},
    Row{" oz ounce ounces ", 45'359'237, 1'600'000, "g"},
    Row{" ton tons tonne tonnes ", 1'000'000, 1, "g"},
    Row{" ms millisecond milliseconds ", 1, 1000, "s"},
    Row{" s sec secs second seconds ", 1, 1, "s"},
    Row{" min mins minute minutes ", 60, 1, "s"},
    Row{" h hr hrs hour hours ", 3600, 1, "s"},
    Row{" day days ", 86'400, 1, "s"},
    Row{" week weeks ", 604'800, 1, "s"},
    Row{" month months ", 1, 1, "month"},
    Row{" year years yr yrs ", 12, 1, "month"},
    Row{" ul µl μl uL µL μL microliter microlitre microliters microlitres ", 1, 1'000'000'000, "m",
        3},
    Row{" ml mL milliliter millilitre milliliters millilitres cc ", 1, 1'000'000, "m", 3},
    Row{" dl dL deciliter decilitre deciliters decilitres ", 1, 10'000, "m", 3},
    Row{" l L liter litre liters litres ", 1, 1000, "m", 3},
    Row{" gal gals gallon gallons ", kGallon, kCubicMeter, "m", 3},
    Row{" qt qts quart quarts ", kGallon, 4 * kCubicMeter, "m", 3},
    Row{" pint pints ", kGallon, 8 * kCubicMeter, "m", 3},
    Row{" cup cups ", kGallon, 16 * kCubicMeter, "m", 3},
    Row{" tbsp tbsps tablespoon tablespoons ", kGallon, 256 * kCubicMeter, "m", 3},
    Row{" tsp tsps teaspoon teaspoons ", kGallon, 768 * kCubicMeter, "m", 3},
    Row{" $ dollar dollars usd USD ", 1, 1, "dollar"},
    Row{" ¢ cent cents ", 1, 100, "dollar"},
    Row{" € euro euros EUR ", 1, 1, "euro"},
    Row{" £ GBP ", 1, 1, "sterling"},
    Row{" ¥ yen JPY ", 1, 1, "yen"},
    Row{" ° deg degree degrees ", 1, 1, "degree"},
    Row{" rad radian radians ", 1, 1, "radian"},
    Row{" °C celsius ", 1, 1, "celsius"},
    Row{" °F fahrenheit ", 1, 1, "fahrenheit"},
    Row{" kelvin kelvins ", 1, 1, "kelvin"},
    Row{" mph ", 1'609'344, 3'600'000, "m/s"},
    Row{" mmHg ", 1, 1, "mmHg"},
    Row{" mmol millimole millimoles ", 1, 1000, "mol"},
    Row{" umol µmol μmol micromole micromoles ", 1, 1'000'000, "mol"},
    Row{" mol mole moles ", 1, 1, "mol"},
    Row{" mEq ", 1, 1000, "Eq"},
    Row{" IU ", 1, 1, "IU"},
    Row{" bpm ", 1, 1, "bpm"},
};

constexpr size_t kShortestWord = 4;

/// The first row that has each name.
std::unordered_map<std::string_view, const Row*> rows_by_name() {
  std::unordered_map<std::string_view, const Row*> rows;
  for (const Row& row : kRows)
    for (std::string_view rest = row.names; !rest.empty();)
      if (const std::string_view name = take_until(" ", &rest); !name.empty())
        rows.emplace(name, &row);
  return rows;
}

const Row* row_of(std::string_view word) {
  static const std::unordered_map<std::string_view, const Row*> kByName = rows_by_name();
  const auto known = kByName.find(word);
  return known == kByName.end() ? nullptr : known->second;
}

}  // namespace

std::optional<Unit> unit_named(std::string_view word) {
  if (word.empty() || word.find(' ') != std::string_view::npos)
    return std::nullopt;
  const Row* row = row_of(word);
  if (row == nullptr && word.size() >= kShortestWord) {
    std::string lower(word);
    std::ranges::transform(lower, lower.begin(), ascii_lower);
    row = row_of(lower);
  }
  if (row == nullptr)
    return std::nullopt;
  return Unit{*Rational::of(row->above, row->below), std::string(row->base), row->exponent};
}

}  // namespace nelumbo
