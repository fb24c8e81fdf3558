// SPDX-License-Identifier: Apache-2.0
#include "reward/candidate.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/sentence.h"
#include "base/text.h"
#include "corpus/coordinates.h"
#include "corpus/grid.h"
#include "corpus/unicode.h"
#include "reward/answers.h"

namespace nelumbo {

namespace {

constexpr int64_t kBytesPerToken = 4;
constexpr int64_t kCallTokens = 8;
constexpr std::string_view kRecallOpen = "<recall>", kRecallClose = "</recall>";

std::string without_spaces_around(std::string_view text) {
  constexpr std::string_view kSpaces = " \n\t";
  const size_t first = std::min(text.find_first_not_of(kSpaces), text.size());
  return std::string(text.substr(first, text.find_last_not_of(kSpaces) + 1 - first));
}

/// Counts plausible tokens of a text that is read part by part. What an "<" begins is text as long
/// as nothing closes it.
class TokenCount {
 public:
  void read(std::string_view part) {
    for (const char c : part) {
      if (open_ == 0 && c != '<')
        ++bytes_;
      else if (open_ == 0 || c != '>')
        ++open_;
      else {
        ++tags_;
        open_ = 0;
      }
    }
  }

  int64_t tokens() const { return tags_ + (bytes_ + open_ + kBytesPerToken - 1) / kBytesPerToken; }

 private:
  int64_t tags_ = 0, bytes_ = 0;
  int64_t open_ = 0;  ///< bytes from an "<" on that nothing has closed
};

int64_t plausible_tokens(std::string_view text) {
  TokenCount count;
  count.read(text);
  return count.tokens();
}

/// Whether it stands for an answer that is still to come: "...", "[your answer here]".
bool is_placeholder(std::string_view text) {
  constexpr std::string_view kAround = " \n[](){}<>_*\"'`.…";
  const size_t first = std::min(text.find_first_not_of(kAround), text.size());
  const std::string word =
      normalized(text.substr(first, text.find_last_not_of(kAround) + 1 - first));
  return !is_blank(text) &&
         (word.empty() || word == "answer" || word == "your answer" || word == "the answer" ||
          word == "your answer here" || word == "your final answer" || word == "final answer");
}

/// Whether the text behind an opening tag shows that the tag is spoken of: " tags", as in "in
/// <answer> tags" and "in `<answer></answer>` tags", and no closing tag before the next one opens;
/// or a placeholder in it, as in "the format <answer>...</answer>", and another tag that opens.
bool is_spoken_of(std::string_view behind) {
  constexpr std::array<std::string_view, 7> kBetween = {"...", "…", kAnswerClose, "`",
                                                        "\"",  "'", "”"};
  constexpr size_t kLongest = 64;  // so that time is linear in the tags of a text
  const size_t close = behind.substr(0, kLongest).find(kAnswerClose);
  if (close != std::string_view::npos && is_placeholder(behind.substr(0, close)) &&
      behind.find(kAnswerOpen, close) != std::string_view::npos)
    return true;
  for (const std::string_view sign : kBetween)
    if (behind.starts_with(sign))
      behind.remove_prefix(sign.size());
  return behind.starts_with(" tag") &&
         behind.substr(0, behind.find(kAnswerOpen)).find(kAnswerClose) == std::string_view::npos;
}

size_t first_answer(std::string_view text) {
  const std::vector<size_t> places = answer_places(text);
  const auto first = std::ranges::find_if(
      places, [&](size_t at) { return text.substr(at).starts_with(kAnswerOpen); });
  return first == places.end() ? std::string_view::npos : *first;
}

/// Whether a text begins with a letter or digit of any script.
bool begins_word(std::string_view text) {
  constexpr size_t kLongestCharacter = 4;
  if (text[0] >= 0)
    return is_digit(text[0]) || is_ascii_letter(text[0]);
  const bool is_inside = (static_cast<unsigned char>(text[0]) & 0xC0) == 0x80;
  const CharacterKind kind = kind_of(characters_of(text.substr(0, kLongestCharacter)).front());
  return !is_inside && (kind == CharacterKind::kLetter || kind == CharacterKind::kDigit);
}

/// The bytes of the tag of letters that a text begins with; 0: of none.
size_t tag_size(std::string_view text) {
  constexpr size_t kLongest = 40;
  const size_t end = text[0] == '<' ? text.substr(0, kLongest).find('>') : text.npos;
  const auto is_name = [](char c) {
    return is_ascii_letter(c) || c == '|' || c == '_' || c == '/';
  };
  return end != text.npos && std::ranges::all_of(text.substr(1, end - 1), is_name) ? end + 1 : 0;
}

/// Where the tag ends that begins at `at`, if that opens an answer in any case and with blanks.
std::optional<size_t> end_of_open_tag(std::string_view text, size_t at) {
  constexpr std::string_view kWord = "answer";
  constexpr size_t kLongest = 32;
  const size_t end = text.substr(0, at + kLongest).find('>', at);
  if (end == std::string_view::npos)
    return std::nullopt;
  const std::string_view inside = trimmed(text.substr(at + 1, end - at - 1));
  return std::ranges::equal(inside, kWord, {}, ascii_lower) ? std::optional(end + 1) : std::nullopt;
}

/// The lines between the first recall tags; where there are none, the sentences before the answer
/// or a tool call. Their tokens lie one behind the other, counted as plausible_tokens()
/// does.
std::vector<ThoughtStep> thoughts_in(std::string_view text) {
  const size_t open = text.find(kRecallOpen);
  const bool recalls = open != std::string_view::npos;
  const size_t end = std::min(
      recalls ? text.find(kRecallClose, open) : std::min(first_answer(text), text.find(kToolOpen)),
      text.size());
  size_t first = recalls ? open + kRecallOpen.size() : 0;
  std::vector<ThoughtStep> thoughts;
  TokenCount count;
  count.read(text.substr(0, first));
  int64_t tokens = count.tokens();
  while (first < end) {
    size_t last = first + 1;
    while (last < end && !(recalls ? text[last - 1] == '\n' : ends_sentence(text, last - 1)))
      ++last;
    const std::string line = without_spaces_around(text.substr(first, last - first));
    count.read(text.substr(first, last - first));
    const int64_t behind = std::max(tokens, count.tokens());
    if (!line.empty())
      thoughts.push_back({line, tokens, behind});
    tokens = behind;
    first = last;
  }
  return thoughts;
}

void add_tokens(Trajectory& trajectory, int64_t count) {
  const size_t size = trajectory.tokens.size() + static_cast<size_t>(count);
  trajectory.tokens.resize(size, kNoToken);
  trajectory.sampled.resize(size, 1);
  trajectory.logprobs.resize(size);
  trajectory.entropies.resize(size);
}

/// Where the fourth '>' of `text` ends; none when there are fewer.
std::optional<size_t> end_of_box(std::string_view text) {
  size_t end = 0;
  for (int level = 0; level < 4; ++level) {
    end = text.find('>', end);
    if (end == std::string_view::npos)
      return std::nullopt;
    ++end;
  }
  return end;
}

}  // namespace

std::vector<size_t> answer_places(std::string_view text) {
  std::vector<size_t> places;
  for (size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1))
    if (const auto end = end_of_open_tag(text, at); end && !is_spoken_of(text.substr(*end)))
      places.push_back(at);
  return places;
}

std::string_view said_behind_answer(std::string_view text) {
  const size_t open = first_answer(text);
  const size_t close = open == text.npos ? open : text.find(kAnswerClose, open);
  if (close == text.npos)
    return {};
  std::string_view behind = text.substr(close + kAnswerClose.size());
  while (!behind.empty() && !begins_word(behind))
    behind.remove_prefix(std::max<size_t>(1, tag_size(behind)));
  return behind;
}

std::optional<std::vector<Box>> boxes_in(std::string_view answer, const Prompt& prompt) {
  std::vector<Box> boxes;
  while (true) {
    answer.remove_prefix(std::min(answer.find_first_not_of(" ,;\n"), answer.size()));
    if (answer.empty())
      return boxes;
    const auto end = end_of_box(answer);
    const auto grid = end ? read_grid(answer.substr(0, *end)) : std::nullopt;
    if (!grid)
      return std::nullopt;
    boxes.push_back(to_original({prompt.view, prompt.orientation}, box_from_grid(*grid)));
    answer.remove_prefix(*end);
  }
}

std::string box_answer(const Box& box, const Prompt& prompt) {
  return grid_text(grid_from_box(from_original({prompt.view, prompt.orientation}, box)));
}

Trajectory candidate(const Prompt& prompt, const std::string& text) {
  Trajectory made;
  made.text = text;
  made.thoughts = thoughts_in(text);
  add_tokens(made, std::max<int64_t>(1, plausible_tokens(text)));
  const size_t open = first_answer(text);
  const size_t close = open == std::string::npos ? open : text.find(kAnswerClose, open);
  if (close == std::string::npos)
    return made;
  made.answered = true;
  const size_t first = open + kAnswerOpen.size();
  made.answer = without_spaces_around(text.substr(first, close - first));
  const auto boxes = boxes_in(made.answer, prompt);
  if (boxes && boxes->size() == 1)
    made.answer_box = boxes->front();
  return made;
}

Trajectory answer_candidate(const Prompt& prompt, const std::string& answer) {
  return candidate(prompt, std::string(kAnswerOpen) + answer + std::string(kAnswerClose));
}

void add_call(Trajectory& trajectory, const std::string& name, const Box& box) {
  ToolCall call;
  call.name = name;
  call.original_box = box;
  call.first_token = std::ssize(trajectory.tokens);
  add_tokens(trajectory, kCallTokens);
  call.last_token = std::ssize(trajectory.tokens);
  trajectory.calls.push_back(std::move(call));
}

}  // namespace nelumbo
