// SPDX-License-Identifier: Apache-2.0
#include "base/patient_output.h"

#include <array>
#include <ostream>
#include <string>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nelumbo {
namespace {

constexpr std::chrono::milliseconds kPatience{100};

/// Two ends of something that holds a few bytes: [0] is read, [1] written.
using Ends = std::array<int, 2>;

class PatientOutput : public ::testing::TestWithParam<const char*> {
 protected:
  PatientOutput() {
    if (std::string(GetParam()) == "pipe")
      EXPECT_EQ(::pipe(ends_.data()), 0);
    else if (std::string(GetParam()) == "socket")
      EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends_.data()), 0);
    else
      open_terminal();
  }
  ~PatientOutput() override {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  void open_terminal() {
    ends_[0] = ::posix_openpt(O_RDWR | O_NOCTTY);
    EXPECT_EQ(::grantpt(ends_[0]), 0);
    EXPECT_EQ(::unlockpt(ends_[0]), 0);
    ends_[1] = ::open(::ptsname(ends_[0]), O_RDWR | O_NOCTTY);
  }

  Ends ends_ = {-1, -1};
};

INSTANTIATE_TEST_SUITE_P(Kinds, PatientOutput, testing::Values("pipe", "socket", "terminal"));

TEST_P(PatientOutput, GivesUpWhereNobodyReads) {
  const std::string much(1 << 20, 'x');
  const size_t left = write_patiently(ends_[1], much, kPatience);
  EXPECT_GT(left, 0U);
  EXPECT_LT(left, much.size());
  EXPECT_EQ(write_patiently(ends_[1], much, kPatience), much.size()) << "it is full";
}

TEST_P(PatientOutput, WaitsForWhoReadsSlowly) {
  const std::string much(100'000, 'x');
  const pid_t reader = ::fork();
  if (reader == 0) {
    std::array<char, 4096> bytes;
    for (size_t got = 0; got < much.size(); ::usleep(1000)) {
      const ssize_t now = ::read(ends_[0], bytes.data(), bytes.size());
      if (now <= 0)
        ::_exit(1);
      got += static_cast<size_t>(now);
    }
    ::_exit(0);
  }
  EXPECT_EQ(write_patiently(ends_[1], much, std::chrono::seconds(60)), 0U);
  int status = 1;
  while (::waitpid(reader, &status, 0) < 0 && errno == EINTR) {
  }
  EXPECT_EQ(status, 0);
}

TEST(PatientBuffer, MakesItsStreamBadBehindWhatWasNotTaken) {
  Ends ends;
  ASSERT_EQ(::pipe(ends.data()), 0);
  PatientBuffer buffer(ends[1], kPatience);
  std::ostream stream(&buffer);
  stream << "a line" << '\n';
  EXPECT_TRUE(stream.good());
  std::array<char, 32> bytes{};
  EXPECT_EQ(::read(ends[0], bytes.data(), bytes.size()), 7);
  EXPECT_EQ(std::string(bytes.data()), "a line\n");
  stream << std::string(1 << 20, 'x');
  EXPECT_TRUE(stream.bad());
  ::close(ends[0]);
  ::close(ends[1]);
}

}  // namespace
}  // namespace nelumbo
