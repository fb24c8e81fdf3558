// SPDX-License-Identifier: Apache-2.0
#include "apps/trace_view.h"

#include <array>
#include <optional>
#include <sstream>

#include "apps/html_fields.h"
#include "apps/svg_chart.h"
#include "base/format.h"
#include "base/text.h"

namespace nelumbo {
namespace {

using nlohmann::json;

std::optional<std::array<double, 4>> corners(const json& box) {
  if (!box.is_array() || box.size() != 4)
    return std::nullopt;
  std::array<double, 4> at{};
  for (size_t i = 0; i < 4; ++i) {
    if (!box[i].is_number())
      return std::nullopt;
    at[i] = box[i].get<double>();
  }
  return at;
}

void draw_box(std::ostream& out, const json& box, double scale, const std::string& kind) {
  const auto at = corners(box);
  if (!at || scale <= 0)
    return;
  const auto [x0, y0, x1, y1] = *at;
  if (x1 <= x0 || y1 <= y0)
    return;
  out << "<rect class=\"box " << kind << "\" x=\"" << short_number(x0 / scale) << "\" y=\""
      << short_number(y0 / scale) << "\" width=\"" << short_number((x1 - x0) / scale)
      << "\" height=\"" << short_number((y1 - y0) / scale) << "\"><title>" << kind
      << "</title></rect>";
}

void draw_picture(std::ostream& out, const json& group, const json& trace) {
  const json& picture = member(group, "picture");
  const double width = number_of(picture, "width").value_or(0);
  const double height = number_of(picture, "height").value_or(0);
  const double scale = number_of(picture, "scale").value_or(1);
  if (width <= 0 || height <= 0)
    return;
  const json& prompt = member(group, "prompt");
  out << "<svg viewBox=\"0 0 " << width << ' ' << height << "\" role=\"img\" aria-label=\""
      << "Picture of " << escaped_text_of(prompt, "id") << " with boxes\"><image width=\"" << width
      << "\" height=\"" << height << "\" href=\"data:image/jpeg;base64,"
      << escaped_text_of(picture, "jpeg") << "\"/>";
  draw_box(out, member(prompt, "view"), scale, "view");
  for (const json& call : array_of(trace, "calls"))
    draw_box(out, member(call, "original_box"), scale, "located");
  const json& truth = member(prompt, "truth");
  draw_box(out, member(truth, "region"), scale, "view");
  draw_box(out, member(truth, "box"), scale, "truth");
  for (const json& box : array_of(truth, "boxes"))
    draw_box(out, box, scale, "truth");
  draw_box(out, member(trace, "answer_box"), scale, "answer");
  out << "</svg><figcaption><span class=\"key\"><i class=\"bt\"></i>truth</span>"
         "<span class=\"key\"><i class=\"ba\"></i>answer</span>"
         "<span class=\"key\"><i class=\"bl\"></i>tool call</span></figcaption>";
}

void write_call(std::ostream& out, const json& call) {
  const json& seen = member(call, "observation");
  out << "<div class=\"call\">";
  if (seen.is_object())
    out << "<img alt=\"What the tool returned\" src=\"data:image/jpeg;base64,"
        << escaped_text_of(seen, "jpeg") << "\">";
  const std::string name = text_of(call, "name");
  out << "<div><b>" << (name.empty() ? "unreadable call" : html_escape(name)) << "</b> on image "
      << escaped_text_of(call, "image");
  if (!member(call, "box").is_null())
    out << ", box <code>" << escaped_text_of(call, "box") << "</code>";
  if (!member(call, "degrees").is_null())
    out << ", " << escaped_text_of(call, "degrees") << "°";
  if (!member(call, "label").is_null())
    out << ", label “" << escaped_text_of(call, "label") << "”";
  if (!member(call, "error").is_null())
    out << "<br><span class=\"down\">" << escaped_text_of(call, "error") << "</span>";
  out << "</div></div>";
}

/// What a component took; nothing in traces of earlier versions.
std::string microseconds(const json& nanoseconds, size_t at) {
  constexpr double kInOne = 1e3;
  if (at >= nanoseconds.size() || !nanoseconds[at].is_number())
    return "";
  return formatted("%.1f", nanoseconds[at].get<double>() / kInOne);
}

void write_components(std::ostream& out, const json& outcome) {
  out << "<div class=\"wide\"><table><tr><th>layer</th><th>term</th><th class=\"n\">value</th>"
         "<th class=\"n\">weight</th><th class=\"n\">µs</th><th>evidence</th></tr>";
  const json& times = array_of(outcome, "nanoseconds");
  size_t next = 0;
  for (const json& c : array_of(outcome, "components")) {
    out << "<tr><td>" << escaped_text_of(c, "layer") << "</td><td>" << escaped_text_of(c, "name")
        << "</td><td class=\"n\">" << figure_of(c, "value") << "</td><td class=\"n\">"
        << figure_of(c, "weight") << "</td><td class=\"n\">" << microseconds(times, next++)
        << "</td><td>" << escaped_text_of(c, "evidence") << "</td></tr>";
  }
  for (const json& s : array_of(outcome, "steps"))
    out << "<tr><td>process</td><td>tokens " << escaped_text_of(s, "first_token") << "–"
        << escaped_text_of(s, "last_token") << "</td><td class=\"n\">× " << figure_of(s, "factor")
        << "</td><td></td><td></td><td>" << escaped_text_of(s, "reason") << "</td></tr>";
  out << "</table></div>";
}

void write_outcome(std::ostream& out, const json& outcome) {
  const std::string kind = text_of(outcome, "kind");
  if (kind != "score") {
    out << "<p><b>" << html_escape(kind) << "</b>: " << escaped_text_of(outcome, "reason")
        << "</p>";
    return;
  }
  const std::string gate = escaped_text_of(outcome, "gate");
  out << "<p>reward <b>" << figure_of(outcome, "total") << "</b> = gate "
      << (gate.empty() ? "passed" : "<span class=\"down\">hit: " + gate + "</span>") << " · rule "
      << figure_of(outcome, "rule") << " · rubric " << figure_of(outcome, "rubric")
      << " · process × " << figure_of(outcome, "process") << " · shaping "
      << figure_of(outcome, "shaping") << "</p>";
  write_components(out, outcome);
}

void write_trajectory(std::ostream& out, const json& group, const json& trace) {
  const json& prompt = member(group, "prompt");
  out << "<article class=\"trace\"><h3>" << escaped_text_of(prompt, "id") << " · sample "
      << escaped_text_of(trace, "sample") << " · policy version "
      << escaped_text_of(trace, "version") << "</h3><div class=\"cols\"><figure class=\"plain\">";
  draw_picture(out, group, trace);
  out << "</figure><div><p>" << escaped_text_of(prompt, "text") << "</p>";
  for (const json& call : array_of(trace, "calls"))
    write_call(out, call);
  out << "<pre>" << escaped_text_of(trace, "text") << "</pre>";
  write_outcome(out, member(trace, "outcome"));
  out << "<details><summary>truth, " << array_of(trace, "tokens").size() << " tokens, finish "
      << escaped_text_of(trace, "finish") << "</summary><pre>" << escaped_text_of(prompt, "truth")
      << "</pre></details></div></div></article>";
}

}  // namespace

std::string trace_html(const json& group, int64_t most) {
  std::ostringstream out;
  for (const json& trajectory : array_of(group, "trajectories"))
    if (most-- > 0)
      write_trajectory(out, group, trajectory);
  return out.str();
}

}  // namespace nelumbo
