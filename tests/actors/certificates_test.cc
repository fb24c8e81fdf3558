// SPDX-License-Identifier: Apache-2.0
#include "actors/certificates.h"

#include <filesystem>
#include <fstream>
#include <set>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/support/certificate_folder.h"

namespace nelumbo {
namespace {

namespace fs = std::filesystem;

std::set<std::string> files_in(const std::string& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file())
      names.insert(fs::relative(entry.path(), folder).string());
  return names;
}

mode_t mode_of(const std::string& path) {
  struct stat about {};
  return ::stat(path.c_str(), &about) == 0 ? about.st_mode & 0777 : 0;
}

std::string text_in(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(Certificates, AreAFolderForEachWhoTakesPartAndNoKeyOfTheAuthority) {
  const CertificateFolder folder({"west", "east"});
  std::set<std::string> expected;
  for (const char* who : {"coordinator", "west", "east"})
    for (const char* file : {"ca.pem", "cert.pem", "key.pem", "curve.key", "peers.txt"})
      expected.insert(std::string(who) + "/" + file);
  EXPECT_EQ(files_in(folder.path()), expected);
  EXPECT_EQ(text_in(folder.of("west") + "/ca.pem"), text_in(folder.of("coordinator") + "/ca.pem"));
  EXPECT_NE(text_in(folder.of("west") + "/key.pem"), text_in(folder.of("east") + "/key.pem"));
}

TEST(Certificates, KeepSecretsFromOthers) {
  const CertificateFolder folder;
  for (const char* who : {"coordinator", "node"}) {
    EXPECT_EQ(mode_of(folder.of(who)), 0700U);
    EXPECT_EQ(mode_of(folder.of(who) + "/key.pem"), 0600U);
    EXPECT_EQ(mode_of(folder.of(who) + "/curve.key"), 0600U);
  }
}

TEST(Certificates, AreNeverOverwritten) {
  const CertificateFolder folder;
  const std::string before = text_in(folder.of("node") + "/key.pem");
  const auto again = make_certificates({.folder = folder.path() + "/"});
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().code, Errc::kInvalidConfig);
  EXPECT_EQ(again.error().message.rfind(folder.path() + ": is there already", 0), 0U);
  EXPECT_EQ(text_in(folder.of("node") + "/key.pem"), before);
}

TEST(Certificates, RefuseNamesThatAreNoneAndLeaveNothing) {
  const TemporaryFolder folder;
  for (const std::string name :
       {"", "../x", ".x", "a b", "coordinator", std::string(49, 'a').c_str()})
    EXPECT_FALSE(make_certificates({.folder = folder / "c", .nodes = {name}}).ok()) << name;
  EXPECT_FALSE(make_certificates({.folder = folder / "c", .nodes = {"a", "a"}}).ok());
  EXPECT_FALSE(make_certificates({.folder = folder / "c", .nodes = {}}).ok());
  EXPECT_FALSE(make_certificates({.folder = folder / "c", .validity = std::chrono::hours(0)}).ok());
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(Certificates, OfAFolderThatCannotBeMadeAreNone) {
  const TemporaryFolder folder;
  std::ofstream(folder / "file") << "x";
  EXPECT_FALSE(make_certificates({.folder = folder / "file/certs"}).ok());
  EXPECT_EQ(text_in(folder / "file"), "x");
}

}  // namespace
}  // namespace nelumbo
