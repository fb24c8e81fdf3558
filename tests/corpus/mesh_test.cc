// SPDX-License-Identifier: Apache-2.0
#include "corpus/mesh.h"

#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace nelumbo {
namespace {

const std::string kTerms = "mesh_id\tmesh_name\nD1\tTick Fever\nD2\tFever\n";
const std::string kPlaces =
    "mesh_id\tmesh_name\tmesh_tree_number\n"
    "D1\tTick Fever\tC01.100\nD2\tFever\tC01\nD1\tTick Fever\tC02\n";

Result<std::vector<MeshDescriptor>> read_tables(const std::string& terms,
                                                const std::string& places) {
  const TemporaryFolder folder;
  std::ofstream(folder / "terms.tsv", std::ios::binary) << terms;
  std::ofstream(folder / "tree-numbers.tsv", std::ios::binary) << places;
  return read_mesh(folder.path());
}

/// The message about two tables, without the folder.
std::string complaint(const std::string& terms, const std::string& places) {
  const auto read = read_tables(terms, places);
  if (read)
    return "no complaint";
  EXPECT_EQ(read.error().code, Errc::kBadData);
  return read.error().message.substr(read.error().message.find_last_of('/') + 1);
}

TEST(Mesh, ReadsTheShippedTables) {
  const auto read = read_mesh(NELUMBO_SOURCE_DIR "/data/mesh");
  ASSERT_TRUE(read.ok()) << read.error().message;
  int64_t places = 0, placeless = 0;
  for (const MeshDescriptor& descriptor : read.value()) {
    places += std::ssize(descriptor.tree_numbers);
    placeless += descriptor.tree_numbers.empty();
  }
  EXPECT_EQ(read.value().size(), 27455U);
  EXPECT_EQ(places, 56341);
  EXPECT_EQ(placeless, 2);
}

TEST(Mesh, ReadsADescriptorWithAllItsPlaces) {
  const auto read = read_tables(kTerms, kPlaces);
  ASSERT_TRUE(read.ok()) << read.error().message;
  ASSERT_EQ(read.value().size(), 2U);
  EXPECT_EQ(read.value()[0].id, "D1");
  EXPECT_EQ(read.value()[0].name, "Tick Fever");
  EXPECT_EQ(read.value()[0].tree_numbers, (std::vector<std::string>{"C01.100", "C02"}));
  EXPECT_EQ(read.value()[1].line, 3);
}

TEST(Mesh, SaysWhatIsWrongWithTheTerms) {
  const std::pair<std::string, const char*> cases[] = {
      {"", "terms.tsv:1: the table has no rows"},
      {"id\tname\nD1\tx\n", "terms.tsv:1: the heading line is not"},
      {kTerms + "D3\n", "terms.tsv:4: has 1 columns, not 2"},
      {kTerms + "\tx\n", "terms.tsv:4: the id is empty"},
      {kTerms + "D3\t \n", "terms.tsv:4: the name of D3 is empty"},
      {kTerms + "D1\tx\n", "terms.tsv:4: the id D1 stands in the file twice"},
      {kTerms + "D3\t\xFF\n", "terms.tsv:4: byte 4 is not UTF-8"},
      {kTerms + std::string(2'000'000, 'x'), "terms.tsv:4: is longer than"},
  };
  for (const auto& [terms, why] : cases)
    EXPECT_TRUE(complaint(terms, kPlaces).starts_with(why)) << complaint(terms, kPlaces);
}

TEST(Mesh, SaysWhatIsWrongWithThePlaces) {
  const std::pair<std::string, const char*> cases[] = {
      {"D9\tx\tC03\n", "tree-numbers.tsv:5: terms.tsv has no id 'D9'"},
      {"D1\tOther\tC03\n", "tree-numbers.tsv:5: D1 is 'Tick Fever' in terms.tsv"},
      {"D1\tTick Fever\tQ03\n", "tree-numbers.tsv:5: 'Q03' is no tree number"},
      {"D1\tTick Fever\tC3\n", "tree-numbers.tsv:5: 'C3' is no tree number"},
      {"D1\tTick Fever\tC03.1\n", "tree-numbers.tsv:5: 'C03.1' is no tree number"},
      {"D1\tTick Fever\tC02\n", "tree-numbers.tsv:5: the tree number C02 stands"},
      {"D1\tTick Fever\tC03.100\nD2\tFever\tC04\n", "tree-numbers.tsv:5: no place C03 is above"},
  };
  for (const auto& [row, why] : cases)
    EXPECT_TRUE(complaint(kTerms, kPlaces + row).starts_with(why))
        << complaint(kTerms, kPlaces + row);
}

TEST(Mesh, NamesTheTableThatIsMissing) {
  const TemporaryFolder folder;
  std::ofstream(folder / "terms.tsv") << kTerms;
  EXPECT_EQ(read_mesh(folder.path()).error().message,
            folder / "tree-numbers.tsv: there is no such file; restore the file");
}

}  // namespace
}  // namespace nelumbo
