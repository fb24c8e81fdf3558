// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "model/image.h"
#include "tests/apps/called.h"
#include "tests/apps/sample_run.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

namespace fs = std::filesystem;

/// Who reads the file: the stage curate of a run, or a command of `nelumbo corpus`.
enum class Reader { kRun, kClean, kAgainst, kTag, kCoverage, kSynthesize };

/// What is wrong with one file of data/, and what every reader says about it.
struct Spoilt {
  std::string name;
  std::string file;
  std::function<void(const std::string& path)> spoil;  ///< changes a copy
  std::string message;                                 ///< begins with the place below data.root
  std::vector<Reader> readers;
  std::string more = "";  ///< that the message says further on

  friend std::ostream& operator<<(std::ostream& out, const Spoilt& it) { return out << it.file; }
};

std::function<void(const std::string&)> swapped(const std::string& from, const std::string& to) {
  return [=](const std::string& path) {
    std::string text = slurp(path);
    const size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    put_file(path, text.replace(at, from.size(), to));
  };
}

std::function<void(const std::string&)> line_added(int64_t number, const std::string& line) {
  return [=](const std::string& path) {
    std::string text = slurp(path);
    size_t at = 0;
    for (int64_t i = 1; i < number; ++i)
      at = text.find('\n', at) + 1;
    put_file(path, text.insert(at, line + "\n"));
  };
}

/// A line of a gigabyte that takes no room on the disk.
void make_endless(const std::string& path) {
  put_file(path, "");
  fs::resize_file(path, int64_t{1} << 30);
}

std::string big_endian(uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8)
    bytes += static_cast<char>(value >> shift);
  return bytes;
}

uint32_t crc32(const std::string& bytes) {
  uint32_t crc = ~0U;
  for (const char byte : bytes) {
    crc ^= static_cast<uint8_t>(byte);
    for (int bit = 0; bit < 8; ++bit)
      crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

std::string png_chunk(const std::string& type, const std::string& data) {
  return big_endian(static_cast<uint32_t>(data.size())) + type + data +
         big_endian(crc32(type + data));
}

std::string png(uint32_t width, uint32_t height, const std::string& zlib_stream) {
  return "\x89PNG\r\n\x1A\n" +
         png_chunk("IHDR",
                   big_endian(width) + big_endian(height) + std::string("\x8\x2\0\0\0", 5)) +
         png_chunk("IDAT", zlib_stream) + png_chunk("IEND", "");
}

/// Inflates from 1.3 to 206 MB, a zero and then "258 bytes like the one before" again and again,
/// and has no checksum at its end.
std::string zlib_bomb() {
  std::string bits = "11000110000";  // one block with the fixed codes; the literal 0
  for (int i = 0; i < 800'000; ++i)
    bits += "1100010100000";
  bits += "0000000";  // its end
  bits.resize((bits.size() + 7) / 8 * 8, '0');
  std::string stream = "\x78\x01";
  for (size_t at = 0; at < bits.size(); at += 8) {
    uint32_t byte = 0;
    for (size_t i = 0; i < 8; ++i)
      byte |= static_cast<uint32_t>(bits[at + i] - '0') << i;
    stream += static_cast<char>(byte);
  }
  return stream;
}

std::string jpeg_of_gigabytes() {
  const std::vector<uint8_t> small = encode_jpeg(gray_picture(8, 8), 90);
  std::string bytes(small.begin(), small.end());
  bytes.replace(bytes.find("\xFF\xC0") + 5, 4, "\xEA\x60\xEA\x60");
  return bytes;
}

/// A copy of the folder `from` made of links, but for what lies at `file`, which is copied.
void copy_by_links(const fs::path& from, const fs::path& to, const fs::path& file) {
  fs::create_directories(to);
  for (const auto& entry : fs::directory_iterator(from)) {
    const fs::path name = entry.path().filename();
    if (name != *file.begin())
      fs::create_symlink(entry.path(), to / name);
    else if (entry.is_directory())
      copy_by_links(entry.path(), to / name, file.lexically_relative(name));
    else
      fs::copy_file(entry.path(), to / name);
  }
}

int64_t most_bytes_held() {
  struct rusage usage {};
  ::getrusage(RUSAGE_SELF, &usage);
  return int64_t{usage.ru_maxrss} << 10;
}

class BadCorpus : public ::testing::TestWithParam<Spoilt> {
 protected:
  void SetUp() override {
    copy_by_links(in_repository("data"), data_, GetParam().file);
    GetParam().spoil(data_ + "/" + GetParam().file);
    put_file(output_, "of an earlier call\n");
  }

  Called read(Reader reader) const {
    const std::string file = data_ + "/" + GetParam().file;
    switch (reader) {
      case Reader::kRun:
        return run();
      case Reader::kClean:
        return call({"corpus", "clean", file, "-o", output_});
      case Reader::kAgainst:
        return call({"corpus", "clean", in_repository("data/medqa/dev.jsonl"), "--against", file,
                     "-o", output_});
      case Reader::kTag:
        return call({"corpus", "tag", data_ + "/medqa/dev.jsonl", "--data", data_, "-o", output_,
                     "--attachments", folder_ / "out/a.jsonl"});
      case Reader::kCoverage:
        return call({"corpus", "coverage", "--data", data_});
      case Reader::kSynthesize:
        return call({"corpus", "synthesize", "--data", data_, "--count", "10", "-o", output_});
    }
    return {};
  }

  Called run() const {
    std::vector<std::string> words = {"run", in_repository("configs/tiny.yaml")};
    for (const std::string& set :
         {"run.root=" + runs_, "data.root=" + data_,
          "reward.spec=" + in_repository("configs/rewards/medical.yaml"),
          std::string("pipeline=[curate, pretrain]"), std::string("data.train_limit=2"),
          std::string("data.val_limit=2"), std::string("curate.entities=120")}) {
      words.push_back("--set");
      words.push_back(set);
    }
    return call(words);
  }

  TemporaryFolder folder_;
  std::string data_ = folder_ / "data", runs_ = folder_ / "runs", output_ = folder_ / "out/o.jsonl";
};

TEST_P(BadCorpus, IsRefusedInOneLineAndNothingIsWritten) {
  constexpr int64_t kMostBytes = 256 << 20;
  for (const Reader reader : GetParam().readers) {
    SCOPED_TRACE("reader " + std::to_string(static_cast<int>(reader)));
    const int64_t before = most_bytes_held();
    const Called called = read(reader);
    EXPECT_EQ(called.code, 4) << called.err;
    EXPECT_TRUE(called.err.starts_with(data_ + "/" + GetParam().message)) << called.err;
    EXPECT_TRUE(has(called.err, GetParam().more)) << called.err;
    EXPECT_EQ(std::count(called.err.begin(), called.err.end(), '\n'), 1) << called.err;
    EXPECT_EQ(called.out, "");
    EXPECT_LT(most_bytes_held() - before, kMostBytes);
    EXPECT_FALSE(fs::exists(runs_)) << "neither a run nor a stage to reuse";
    EXPECT_EQ(slurp(output_), "of an earlier call\n");
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / "out"), {}), 1);
  }
}

std::string name_of(const ::testing::TestParamInfo<Spoilt>& spoilt) {
  return spoilt.param.name;
}

constexpr Reader kRun = Reader::kRun, kClean = Reader::kClean, kAgainst = Reader::kAgainst,
                 kTag = Reader::kTag, kCoverage = Reader::kCoverage,
                 kSynthesize = Reader::kSynthesize;

const std::string kObo = "disease-ontology/DO_rare_slim.obo", kTerms = "mesh/terms.tsv",
                  kPlaces = "mesh/tree-numbers.tsv", kAbstracts = "pubmedqa/pqal_train.json",
                  kProblems = "gsm8k/train.jsonl", kExam = "medmcqa/dev.jsonl",
                  kTalks = "healthbench/calibration.jsonl",
                  kPicture = "bccd/images/BloodImage_00001.jpg";

INSTANTIATE_TEST_SUITE_P(
    Ontology, BadCorpus,
    ::testing::Values(
        Spoilt{"Malformed",
               kObo,
               line_added(12, "rubbish"),
               kObo + ":12: is no 'tag: value'; correct or delete the line\n",
               {kRun, kClean, kSynthesize}},
        Spoilt{"NameEmpty",
               kObo,
               swapped("name: chikungunya\n", "name: \n"),
               kObo + ":28: the name is empty; ",
               {kRun, kClean, kSynthesize}},
        Spoilt{"IdTwice",
               kObo,
               swapped("id: DOID:0050012\n", "id: DOID:0040093\n"),
               kObo + ":27: the id DOID:0040093 stands in the file twice; ",
               {kRun, kClean, kSynthesize}},
        Spoilt{"NotUtf8",
               kObo,
               swapped("name: chikungunya\n", "name: chik\xFF\n"),
               kObo + ":28: byte 11 is not UTF-8; save the file as UTF-8\n",
               {kRun, kClean, kSynthesize}},
        Spoilt{"Cycle",
               kObo,
               swapped("id: DOID:0050012\n", "id: DOID:0050012\nis_a: DOID:0050012\n"),
               kObo + ":26: is_a runs in a cycle, DOID:0050012 -> DOID:0050012; delete one ",
               {kRun, kTag, kSynthesize}},
        Spoilt{"EndlessLine",
               kObo,
               make_endless,
               kObo + ":1: is longer than 1048576 bytes; break the line or restore the file\n",
               {kClean, kTag, kCoverage, kSynthesize}}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Mesh, BadCorpus,
    ::testing::Values(
        Spoilt{"TermMalformed",
               kTerms,
               line_added(3, "D000002"),
               kTerms + ":3: has 1 columns, not 2; correct the line\n",
               {kTag, kCoverage, kSynthesize}},
        Spoilt{"NameEmpty",
               kTerms,
               swapped("D000002\tTemefos", "D000002\t "),
               kTerms + ":3: the name of D000002 is empty; ",
               {kTag, kCoverage, kSynthesize}},
        Spoilt{"IdTwice",
               kTerms,
               swapped("D000002\tTemefos", "D000001\tTemefos"),
               kTerms + ":3: the id D000001 stands in the file twice; ",
               {kTag, kCoverage, kSynthesize}},
        Spoilt{"NotUtf8",
               kTerms,
               swapped("Temefos", "Tem\xC3"),
               kTerms + ":3: byte 12 is not UTF-8; ",
               {kTag, kCoverage, kSynthesize}},
        Spoilt{"PlaceMalformed",
               kPlaces,
               line_added(3, "D000001\tCalcimycin\tQ55"),
               kPlaces + ":3: 'Q55' is no tree number such as C04.588; ",
               {kTag, kCoverage, kSynthesize}},
        Spoilt{"PlaceTwice",
               kPlaces,
               line_added(3, "D000001\tCalcimycin\tD03.438.221.173"),
               kPlaces + ":3: the tree number D03.438.221.173 stands in the file twice; ",
               {kTag, kCoverage, kSynthesize}},
        Spoilt{"Cycle",
               kPlaces,
               line_added(2,
                          "D000001\tCalcimycin\tC90\nD000002\tTemefos\tC91\n"
                          "D000001\tCalcimycin\tC91.100\nD000002\tTemefos\tC90.100"),
               kTerms + ":2: the places of D000001 -> D000002 -> D000001 lie below one another; ",
               {kTag, kCoverage, kSynthesize}},
        Spoilt{"EndlessLine",
               kPlaces,
               make_endless,
               kPlaces + ":1: is longer than 1048576 bytes; ",
               {kTag, kCoverage, kSynthesize}}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Texts, BadCorpus,
    ::testing::Values(
        Spoilt{"Malformed",
               kProblems,
               line_added(4, "{\"question\":"),
               kProblems + ":4: not JSON at byte 13; write one JSON object a line\n",
               {kRun, kClean, kAgainst}},
        Spoilt{"FieldEmpty",
               kProblems,
               line_added(4, R"({"question": " ", "answer": "5"})"),
               kProblems + ":4: 'question' is empty; fill it or drop the line\n",
               {kRun, kClean, kAgainst}},
        Spoilt{"NotUtf8",
               kProblems,
               line_added(4, "{\"question\": \"\xC3\"}"),
               kProblems + ":4: byte 15 is not UTF-8; ",
               {kRun, kClean, kAgainst}},
        Spoilt{
            "IdTwice",
            kExam,
            line_added(1,
                       R"({"id": "b64a9cd7-d076-4c55-8be1-f9c44fece6cc", "question": "Which?\n)"
                       R"(Answer Choices: (A) a (B) b", "label": ["A"], "label_rationale": "a"})"),
            kExam + ":2: id 'b64a9cd7-d076-4c55-8be1-f9c44fece6cc' stands also in line 1; ",
            {kRun, kClean, kAgainst}},
        Spoilt{"TalkMalformed",
               kTalks,
               line_added(2, "[]"),
               kTalks + ":2: no JSON object; write one object a line\n",
               {kAgainst}},
        Spoilt{"EndlessLine",
               kProblems,
               make_endless,
               kProblems + ":1: is longer than 1048576 bytes; ",
               {kRun, kClean, kAgainst}}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Abstracts, BadCorpus,
    ::testing::Values(Spoilt{"Malformed",
                             kAbstracts,
                             line_added(5, "oops"),
                             kAbstracts + ":5: not JSON at byte ",
                             {kRun, kClean, kCoverage}},
                      Spoilt{"HeadingEmpty",
                             kAbstracts,
                             swapped("\"MESHES\": [", "\"MESHES\": [\"\","),
                             kAbstracts + ":2: 'MESHES' holds an empty text; fill it or drop it\n",
                             {kRun, kClean, kCoverage}},
                      Spoilt{"IdTwice",
                             kAbstracts,
                             swapped("{", "{\"10808977\": {},"),
                             kAbstracts + ":2: the key '10808977' stands twice in one object; ",
                             {kRun, kClean, kCoverage}},
                      Spoilt{"NotUtf8",
                             kAbstracts,
                             swapped("HMO women", "HMO \xFF"),
                             kAbstracts + ":3: byte 78 is not UTF-8; ",
                             {kRun, kClean, kCoverage}},
                      Spoilt{"EndlessLine",
                             kAbstracts,
                             make_endless,
                             kAbstracts + ":1: the file is bigger than 536870912 bytes; split it",
                             {kClean, kCoverage}}),
    name_of);

// A picture has no lines.
INSTANTIATE_TEST_SUITE_P(
    Pictures, BadCorpus,
    ::testing::Values(Spoilt{"PngTooLarge",
                             kPicture,
                             [](const std::string& path) { put_file(path, png(60000, 60000, "")); },
                             kPicture + ": ",
                             {kRun},
                             "60000 x 60000 pixels; at most "},
                      Spoilt{"JpegTooLarge",
                             kPicture,
                             [](const std::string& path) { put_file(path, jpeg_of_gigabytes()); },
                             kPicture + ": ",
                             {kRun},
                             "60000 x 60000 pixels; at most "},
                      Spoilt{"PngThatInflates",
                             kPicture,
                             [](const std::string& path) {
                               put_file(path, png(640, 480, zlib_bomb()));
                             },
                             kPicture + ": ",
                             {kRun},
                             "damaged or cut short: "}),
    name_of);

}  // namespace
}  // namespace nelumbo
