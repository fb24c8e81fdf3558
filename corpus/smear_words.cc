// SPDX-License-Identifier: Apache-2.0
#include "corpus/smear_words.h"

#include "corpus/dialogue.h"

namespace nelumbo {
namespace {

constexpr const char* kTypeQuestion = "What is the cell in";
constexpr const char* kCountQuestion = "How many platelets are in";
constexpr const char* kThinkFirst = " Think first.";

}  // namespace

SmearClass class_of(Cell::Kind kind) {
  switch (kind) {
    case Cell::Kind::kWhite:
      return SmearClass::kWhite;
    case Cell::Kind::kPlatelet:
      return SmearClass::kPlatelet;
    case Cell::Kind::kRed:
      break;
  }
  return SmearClass::kRed;
}

std::string class_word(SmearClass what) {
  return kClassWords[static_cast<size_t>(what)];
}

std::string class_name(SmearClass what) {
  return class_word(what).substr(1);
}

std::string caption_question() {
  return "Name each region.";
}

std::string locate_question() {
  return "Where is the white cell?";
}

std::string type_question(const GridBox& box) {
  return kTypeQuestion + grid_text(box) + "?";
}

std::string count_question(const GridBox& region) {
  return kCountQuestion + grid_text(region) + "?";
}

std::string report_question() {
  return "Report white cells and platelets.";
}

std::string thinking_question(const std::string& question) {
  return question + kThinkFirst;
}

std::string report_answer(const std::vector<GridBox>& white, int64_t platelets) {
  std::string answer = class_word(SmearClass::kWhite) + " " + std::to_string(white.size());
  for (const GridBox& box : white)
    answer += grid_text(box);
  return answer + "," + class_word(SmearClass::kPlatelet) + " " + std::to_string(platelets);
}

std::string zoom_call(int64_t image, const GridBox& box) {
  return "zoom " + std::to_string(image) + grid_text(box);
}

std::string rotate_call(int64_t image, int64_t degrees) {
  return "rotate " + std::to_string(image) + " " + std::to_string(degrees);
}

std::string locate_call(int64_t image, SmearClass what, const GridBox& box) {
  return "locate " + std::to_string(image) + class_word(what) + grid_text(box);
}

std::vector<std::string> tokenizer_texts() {
  std::vector<std::string> texts;
  const std::vector<std::string> often{
      caption_question(), locate_question(), kTypeQuestion, kCountQuestion, report_question(),
      kThinkFirst,        "zoom 0",          "locate 1",    "rotate 1 90",  reply::kOk};
  for (int copy = 0; copy < 8; ++copy)
    texts.insert(texts.end(), often.begin(), often.end());
  for (int copy = 0; copy < 4; ++copy)
    for (const std::string& text : dialogue_texts())
      texts.push_back(text);
  for (int copy = 0; copy < 2; ++copy)
    for (const char* text : {"zoom 2", "locate 2", "locate 3", "rotate 0 180", "rotate 2 270"})
      texts.emplace_back(text);
  return texts;
}

}  // namespace nelumbo
