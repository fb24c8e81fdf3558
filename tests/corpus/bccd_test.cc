// SPDX-License-Identifier: Apache-2.0
#include "corpus/bccd.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include <gtest/gtest.h>

#include "base/file.h"
#include "corpus/dhash.h"
#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

const std::string kData = NELUMBO_SOURCE_DIR "/data";

const Bccd& whole_set() {
  static const Bccd set = [] {
    Team team(2);
    Result<Bccd> read = read_bccd(kData, {}, team);
    NELUMBO_CHECK(read.ok()) << read.error().message;
    return std::move(read.value());
  }();
  return set;
}

std::map<Cell::Kind, int> kinds(const std::vector<Smear>& smears) {
  std::map<Cell::Kind, int> counts;
  for (const Smear& smear : smears)
    for (const Cell& cell : smear.cells)
      ++counts[cell.kind];
  return counts;
}

/// A copy of a few smears that a test may damage.
class CopiedSet {
 public:
  CopiedSet() {
    for (const char* part : {"/bccd/images", "/bccd/annotations"})
      NELUMBO_CHECK(make_directories(folder_.path() + part).ok());
    for (const char* name : {"BloodImage_00000", "BloodImage_00001", "BloodImage_00002"}) {
      copy("images/" + std::string(name) + ".jpg");
      copy("annotations/" + std::string(name) + ".xml");
    }
    write("train.txt", "BloodImage_00000\nBloodImage_00001\n");
    write("val.txt", "BloodImage_00002\n");
  }
  std::string file(const std::string& name) const { return folder_ / ("bccd/" + name); }
  void write(const std::string& name, const std::string& text) const {
    NELUMBO_CHECK(write_file_atomic(file(name), text).ok());
  }
  Result<Bccd> read() const {
    Team team(1);
    return read_bccd(folder_.path(), {}, team);
  }
  /// The message of the expected failure.
  std::string complaint() const {
    const Result<Bccd> read_set = read();
    if (read_set)
      return "no complaint";
    EXPECT_EQ(read_set.error().code, Errc::kBadData);
    return read_set.error().message;
  }

 private:
  void copy(const std::string& name) const {
    std::filesystem::copy_file(kData + "/bccd/" + name, file(name));
  }

  TemporaryFolder folder_;
};

bool mentions(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Bccd, HasTheCellsThatWereCounted) {
  const Bccd& set = whole_set();
  EXPECT_EQ(set.val.size(), 87U);
  EXPECT_EQ(set.train.size(), 204U);
  const auto val = kinds(set.val);
  EXPECT_EQ(val.at(Cell::Kind::kWhite), 301 - 214);
  EXPECT_EQ(val.at(Cell::Kind::kPlatelet), 292 - 209);
}

TEST(Bccd, LeavesOutTheOneNearDuplicate) {
  EXPECT_EQ(whole_set().leaked, std::vector<std::string>{"BloodImage_00038"});
  const Result<Image> train = read_image(kData + "/bccd/images/BloodImage_00038.jpg");
  const Result<Image> val = read_image(kData + "/bccd/images/BloodImage_00037.jpg");
  EXPECT_EQ(hamming(dhash(train.value()), dhash(val.value())), 3);
}

TEST(Bccd, HasOnlyCellsWithAreaInsideThePicture) {
  for (const auto* part : {&whole_set().train, &whole_set().val})
    for (const Smear& smear : *part)
      for (const Cell& cell : smear.cells) {
        EXPECT_GT(cell.box.area(), 0) << smear.name;
        EXPECT_TRUE(cell.box.x0 >= 0 && cell.box.y0 >= 0 && cell.box.x1 <= 640 &&
                    cell.box.y1 <= 480)
            << smear.name;
      }
}

TEST(Bccd, ReadsNoMoreThanAsked) {
  Team team(2);
  const Result<Bccd> few = read_bccd(kData, {3, 2}, team);
  ASSERT_TRUE(few.ok());
  EXPECT_EQ(few.value().train.size(), 3U);
  EXPECT_EQ(few.value().val.size(), 2U);
  EXPECT_EQ(few.value().train[0].name, whole_set().train[0].name);
}

TEST(Bccd, NamesAFolderWithoutTheData) {
  TemporaryFolder empty;
  Team team(1);
  const Result<Bccd> read = read_bccd(empty.path(), {}, team);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, Errc::kBadData);
  EXPECT_EQ(read.error().message,
            empty /
                "bccd/train.txt: cannot read: No such file or directory; data.root (or --data) "
                "must be the folder that holds bccd/");
}

TEST(Bccd, NamesAMissingPicture) {
  const CopiedSet set;
  ASSERT_TRUE(set.read().ok());
  std::filesystem::remove(set.file("images/BloodImage_00001.jpg"));
  EXPECT_EQ(set.complaint(), set.file("images/BloodImage_00001.jpg") +
                                 ": cannot read: No such file or directory; restore the file");
}

TEST(Bccd, NamesATruncatedPicture) {
  const CopiedSet set;
  std::filesystem::resize_file(set.file("images/BloodImage_00002.jpg"), 300);
  EXPECT_TRUE(mentions(set.complaint(), set.file("images/BloodImage_00002.jpg") + ": "));
}

TEST(Bccd, NamesAMissingAnnotation) {
  const CopiedSet set;
  std::filesystem::remove(set.file("annotations/BloodImage_00000.xml"));
  EXPECT_EQ(set.complaint(), set.file("annotations/BloodImage_00000.xml") +
                                 ": cannot read: No such file or directory; restore the file");
}

TEST(Bccd, RefusesAnEmptyList) {
  const CopiedSet set;
  set.write("val.txt", "\n  \n");
  EXPECT_TRUE(mentions(set.complaint(), "val.txt: names no picture"));
}

TEST(Bccd, RefusesAPictureInBothLists) {
  const CopiedSet set;
  set.write("val.txt", "BloodImage_00002\nBloodImage_00001\n");
  EXPECT_TRUE(mentions(set.complaint(), "'BloodImage_00001' is also in val.txt"));
}

TEST(Bccd, RefusesANameTwiceInOneList) {
  const CopiedSet set;
  set.write("train.txt", "BloodImage_00000\nBloodImage_00000\n");
  EXPECT_TRUE(mentions(set.complaint(), "train.txt:2: 'BloodImage_00000' stands there twice"));
}

TEST(Bccd, RefusesANameThatLeavesItsFolder) {
  const CopiedSet set;
  set.write("train.txt", "../../secret\n");
  EXPECT_TRUE(mentions(set.complaint(), "train.txt:1: '../../secret' is no file name"));
}

std::string annotation(const std::string& object, const std::string& width = "10") {
  return "<annotation><size><width>" + width + "</width><height>8</height></size>" + object +
         "</annotation>";
}

std::string object(const std::string& name, const std::string& box) {
  return "<object><name>" + name + "</name><bndbox>" + box + "</bndbox></object>";
}

std::string corners(const std::string& x0, const std::string& y0, const std::string& x1,
                    const std::string& y1) {
  return "<xmin>" + x0 + "</xmin><ymin>" + y0 + "</ymin><xmax>" + x1 + "</xmax><ymax>" + y1 +
         "</ymax>";
}

Result<std::vector<Cell>> parse(const std::string& xml) {
  return parse_bccd_annotation(xml, "a.xml", Image{10, 8, {}});
}

TEST(BccdAnnotation, ReadsKindAndBox) {
  const auto cells = parse(annotation(object("Platelets", corners("1", "2", "3.5", "4"))));
  ASSERT_TRUE(cells.ok()) << cells.error().message;
  ASSERT_EQ(cells.value().size(), 1U);
  EXPECT_EQ(cells.value()[0].kind, Cell::Kind::kPlatelet);
  EXPECT_EQ(cells.value()[0].box.x1, 3.5);
}

TEST(BccdAnnotation, DropsBoxesWithoutArea) {
  const auto cells = parse(annotation(object("RBC", corners("0", "0", "10", "8")) +
                                      object("RBC", corners("4", "4", "4", "4"))));
  ASSERT_TRUE(cells.ok()) << cells.error().message;
  ASSERT_EQ(cells.value().size(), 1U);
  EXPECT_EQ(cells.value()[0].box.x1, 10);
}

TEST(BccdAnnotation, RefusesBoxesOutsideThePictureByTheirLine) {
  const std::pair<const char*, const char*> outside[] = {{"-1", "4"}, {"1", "10.5"}, {"20", "30"}};
  for (const auto& [x0, x1] : outside) {
    const auto cells = parse("<annotation>\n<size><width>10</width><height>8</height></size>\n" +
                             object("RBC", corners("1", "2", "3", "4")) + "\n" +
                             object("WBC", corners(x0, "0", x1, "4")) + "</annotation>");
    ASSERT_FALSE(cells.ok()) << x0;
    EXPECT_EQ(
        cells.error().message,
        "a.xml:4: a WBC lies outside the picture, which has 10 x 8 pixels; correct its bndbox");
  }
}

TEST(BccdAnnotation, SaysWhatIsWrong) {
  const std::string box = corners("1", "2", "3", "4");
  const std::pair<std::string, const char*> cases[] = {
      {"<annotation", "is no XML"},
      {"", "is no XML"},
      {"<other/>", "has no <annotation>"},
      {annotation("", "11"), "its <size> is not that of the picture, 10 x 8"},
      {annotation(object("Lymphocyte", box)), "unknown cell 'Lymphocyte'"},
      {annotation(object("RBC", "")), "no number in bndbox/xmin"},
      {annotation(object("RBC", corners("1", "nan", "3", "4"))), "no number in bndbox/ymin"},
      {annotation(object("RBC", corners("1", "2", "1e9", "4"))), "no number in bndbox/xmax"},
      {annotation(object("RBC", corners("5", "2", "3", "4"))), "the wrong way round"},
  };
  for (const auto& [xml, why] : cases) {
    const auto cells = parse(xml);
    ASSERT_FALSE(cells.ok()) << xml;
    EXPECT_EQ(cells.error().code, Errc::kBadData);
    EXPECT_TRUE(cells.error().message.starts_with("a.xml:1: ")) << cells.error().message;
    EXPECT_TRUE(mentions(cells.error().message, why)) << cells.error().message;
  }
}

}  // namespace
}  // namespace nelumbo
