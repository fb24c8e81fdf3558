// SPDX-License-Identifier: Apache-2.0
#include "actors/credentials.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/certificate_folder.h"

namespace nelumbo {
namespace {

namespace fs = std::filesystem;

std::string text_in(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Why the folder of that participant is refused.
std::string refusal(const CertificateFolder& folder, const std::string& name) {
  const auto loaded = Credentials::load(folder.of(name));
  EXPECT_FALSE(loaded.ok());
  if (loaded.ok())
    return "";
  EXPECT_EQ(loaded.error().code, Errc::kInvalidConfig);
  EXPECT_EQ(loaded.error().message.rfind(folder.of(name), 0), 0U) << loaded.error().message;
  return loaded.error().message;
}

bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Credentials, SayWhoTheyAreAndWhomTheyKnow) {
  const CertificateFolder folder({"west", "east"});
  const auto lead = folder.load("coordinator"), west = folder.load("west");
  EXPECT_EQ(lead->name(), "coordinator");
  EXPECT_EQ(west->name(), "west");
  ASSERT_EQ(west->peers().size(), 1U);
  EXPECT_EQ(west->peers()[0].name, "coordinator");
  EXPECT_EQ(west->peers()[0].key, lead->curve_public());
  ASSERT_EQ(lead->peers().size(), 3U);
  EXPECT_EQ(lead->peers()[0].name, "coordinator");
  EXPECT_EQ(lead->peers()[1].name, "west");
  EXPECT_EQ(lead->peers()[1].key, west->curve_public());
  EXPECT_EQ(lead->peers()[2].name, "east");
}

TEST(Credentials, AreReadOnceAndKeptWhatBecomesOfTheFiles) {
  auto folder = std::make_unique<CertificateFolder>();
  const auto node = folder->load("node");
  const std::string key = text_in(folder->of("node") + "/key.pem");
  folder.reset();
  EXPECT_EQ(text_in(node->key_path()), key);
  EXPECT_EQ(text_in(node->certificate_path()), node->certificate());
  EXPECT_TRUE(says(text_in(node->authority_path()), "BEGIN CERTIFICATE"));
}

TEST(Credentials, ProveWhoSigned) {
  const CertificateFolder folder({"west", "east"});
  const auto lead = folder.load("coordinator"), west = folder.load("west");
  const std::string signature = west->sign("join 7").value();
  EXPECT_EQ(lead->signer(west->certificate(), "join 7", signature).value(), "west");
  EXPECT_EQ(lead->signer(west->certificate(), "join 8", signature).error().message,
            "it does not hold the key of its certificate");
  EXPECT_FALSE(lead->signer(folder.load("east")->certificate(), "join 7", signature).ok());
  EXPECT_EQ(lead->signer("", "join 7", signature).error().message, "it shows no certificate");
  EXPECT_FALSE(lead->signer(std::string(1 << 20, 'x'), "join 7", signature).ok());
}

TEST(Credentials, OfAnotherAuthorityProveNothing) {
  const CertificateFolder ours, theirs;
  const auto foreign = theirs.load("node");
  const auto answer =
      ours.load("coordinator")->signer(foreign->certificate(), "x", foreign->sign("x").value());
  ASSERT_FALSE(answer.ok());
  EXPECT_TRUE(says(answer.error().message, "its certificate is not of this run's authority"));
}

TEST(Credentials, ThatAreNotValidAreRefusedWithTheDate) {
  const CertificateFolder late({"node"}, std::chrono::hours(24), std::chrono::hours(23));
  EXPECT_TRUE(says(refusal(late, "node"), "cert.pem: this certificate has expired on "));
  const CertificateFolder early({"node"}, std::chrono::hours(-24));
  EXPECT_TRUE(says(refusal(early, "node"), "is not valid before"));
}

TEST(Credentials, MissingAFileSayWhich) {
  for (const char* file : {"ca.pem", "cert.pem", "key.pem", "curve.key", "peers.txt"}) {
    const CertificateFolder folder;
    fs::remove(folder.of("node") + "/" + file);
    EXPECT_TRUE(says(refusal(folder, "node"), std::string(file) + ": there is no such file"));
  }
  const CertificateFolder folder;
  EXPECT_TRUE(says(refusal(folder, "nodes"), "there is no such folder of certificates"));
}

TEST(Credentials, ThatOthersMayReadAreRefused) {
  for (const char* file : {"key.pem", "curve.key"}) {
    const CertificateFolder folder;
    fs::permissions(folder.of("node") + "/" + file, fs::perms::group_read, fs::perm_options::add);
    EXPECT_TRUE(says(refusal(folder, "node"), "chmod 600"));
  }
}

TEST(Credentials, MixedUpFilesAreRefused) {
  const CertificateFolder ours({"west", "east"}), theirs;
  const auto over = fs::copy_options::overwrite_existing;
  fs::copy_file(ours.of("east") + "/key.pem", ours.of("west") + "/key.pem", over);
  EXPECT_TRUE(says(refusal(ours, "west"), "is not the key of cert.pem beside it"));
  fs::copy_file(theirs.of("node") + "/ca.pem", ours.of("east") + "/ca.pem", over);
  EXPECT_TRUE(says(refusal(ours, "east"), "is not of this run's authority"));
}

TEST(Credentials, MalformedFilesAreRefused) {
  for (const char* file : {"ca.pem", "cert.pem", "key.pem", "curve.key", "peers.txt"})
    for (const std::string& text :
         {std::string(), std::string("no key\n"), std::string(5000, 'a')}) {
      const CertificateFolder folder;
      std::ofstream(folder.of("node") + "/" + file, std::ios::trunc) << text;
      EXPECT_TRUE(says(refusal(folder, "node"), file)) << file << text.size();
    }
}

}  // namespace
}  // namespace nelumbo
