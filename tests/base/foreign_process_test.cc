// SPDX-License-Identifier: Apache-2.0
//
// Each program of these tests stands for a way in which graders go wrong, and is run behind each
// wall that works here.
#include "base/foreign_process.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "base/process_tree.h"
#include "tests/support/planted_program.h"

namespace nelumbo {
namespace {

using namespace std::chrono_literals;
using End = Exchange::End;
using Clock = std::chrono::steady_clock;

constexpr const char* kRequest = R"({"id": "7"})";

class Planted : public ::testing::TestWithParam<Wall> {
 protected:
  void SetUp() override {
    const auto works = best_wall();
    if (GetParam() < works)
      GTEST_SKIP() << to_text(GetParam()) << " does not work here";
  }

  std::unique_ptr<ForeignProcess> start(const ForeignProgram& program) {
    auto started = ForeignProcess::start(GetParam(), program);
    NELUMBO_CHECK(started.ok()) << started.error().message;
    return std::move(started).value();
  }
  ForeignProgram python(const std::string& body) {
    return program_at(planted_python(folder_, "program" + std::to_string(++programs_), body));
  }
  Exchange exchange(const ForeignProgram& program) { return start(program)->exchange(kRequest); }
  Exchange exchange(const std::string& body) { return exchange(python(body)); }

  TemporaryFolder folder_;
  int programs_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Walls, Planted,
                         ::testing::Values(Wall::kBubblewrap, Wall::kNamespaces, Wall::kLimits),
                         [](const auto& at) { return std::string(to_text(at.param)); });

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// Whether any process has `mark` among its arguments.
bool runs_somewhere(const std::string& mark) {
  std::error_code gone;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", gone)) {
    std::ifstream file(entry.path() / "cmdline");
    std::ostringstream words;
    words << file.rdbuf();  // a process that ends meanwhile is an error of reading
    if (words.str().find(mark) != std::string::npos)
      return true;
  }
  return false;
}

bool is_gone_soon(const std::string& mark) {
  const auto begin = Clock::now();
  while (runs_somewhere(mark) && seconds_since(begin) < 10)
    std::this_thread::sleep_for(10ms);
  return !runs_somewhere(mark);
}

TEST_P(Planted, AnswersOneLineAfterTheOther) {
  const auto process = start(python("reply(len(line) / 100)"));
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(process->is_ready());
    const Exchange got = process->exchange(kRequest);
    ASSERT_EQ(got.end, End::kReply) << got.text;
    EXPECT_EQ(got.text, R"({"id": "7", "value": 0.12})");
  }
}

TEST_P(Planted, TakesARequestThatFillsNoPipe) {
  const std::string request = R"({"id": "7", "text": ")" + std::string(3 << 20, 'x') + "\"}";
  const Exchange got = start(python("reply(len(request['text']) / (4 << 20))"))->exchange(request);
  EXPECT_EQ(got.text, R"({"id": "7", "value": 0.75})");
}

TEST_P(Planted, HasNeitherOurEnvironmentNorOurFiles) {
  ::setenv("NELUMBO_SECRET", "x", 1);
  const Exchange got =
      exchange("reply(0, env=sorted(os.environ), fds=sorted(os.listdir('/proc/self/fd')))");
  EXPECT_EQ(got.text.find("SECRET"), std::string::npos) << got.text;
  EXPECT_NE(got.text.find(R"("fds": ["0", "1", "2", "3"])"), std::string::npos)  // 3 lists them
      << got.text;
}

TEST_P(Planted, SaysWhichSignalEndedIt) {
  const Exchange got = exchange("os.kill(os.getpid(), signal.SIGSEGV); time.sleep(1); os.abort()");
  EXPECT_EQ(got.end, End::kFailed);
  EXPECT_NE(got.text.find("signal"), std::string::npos) << got.text;
  const Exchange fault = exchange("ctypes.string_at(0)");
  EXPECT_NE(fault.text.find("signal 11"), std::string::npos) << fault.text;
}

TEST_P(Planted, RepeatsItsLastWords) {
  const Exchange got = exchange("raise ValueError('no such unit: furlong')");
  EXPECT_EQ(got.end, End::kFailed);
  EXPECT_NE(got.text.find("exit code 1"), std::string::npos) << got.text;
  EXPECT_NE(got.text.find("ValueError: no such unit: furlong"), std::string::npos) << got.text;
}

TEST_P(Planted, IsKilledAtTheLimitWhenItWaits) {
  ForeignProgram program = python("time.sleep(60)");
  program.limits.wall_seconds = 0.3;
  const auto begin = Clock::now();
  const Exchange got = exchange(program);
  EXPECT_EQ(got.end, End::kTimeout);
  EXPECT_NE(got.text.find("0.3 s (wall)"), std::string::npos) << got.text;
  EXPECT_LT(seconds_since(begin), 0.3 + 10);
  EXPECT_TRUE(is_gone_soon(program.command[0]));
}

TEST_P(Planted, HasMoreTimeForItsFirstAnswerWhereThatIsSaid) {
  ForeignProgram program = python("time.sleep(1); reply(1)");
  program.limits.wall_seconds = 0.3;
  program.limits.start_seconds = 60;
  const auto process = start(program);
  EXPECT_EQ(process->exchange(kRequest).end, End::kReply);
  EXPECT_EQ(process->exchange(kRequest).end, End::kTimeout);
}

TEST_P(Planted, IsKilledAtTheLimitWhenItComputes) {
  ForeignProgram program = python("while True: pass");
  program.limits.wall_seconds = 60;
  program.limits.cpu_seconds = 0.3;
  const Exchange got = exchange(program);
  EXPECT_EQ(got.end, End::kTimeout);
  EXPECT_NE(got.text.find("0.3 s of CPU time (cpu)"), std::string::npos) << got.text;
}

TEST_P(Planted, IsKilledAtTheLimitWhenItIsStopped) {
  ForeignProgram program = python("os.kill(os.getpid(), signal.SIGSTOP); time.sleep(60)");
  program.limits.wall_seconds = 0.5;
  EXPECT_EQ(exchange(program).end, End::kTimeout);
  EXPECT_TRUE(is_gone_soon(program.command[0]));
}

TEST_P(Planted, CannotTakeMoreMemoryThanItMay) {
  const Exchange got = exchange("x = bytearray(50 << 30)\nreply(1)");
  EXPECT_EQ(got.end, End::kFailed);
  EXPECT_NE(got.text.find("MemoryError"), std::string::npos) << got.text;
}

TEST_P(Planted, CannotTakeMoreMemoryInManyProcessesEither) {
  ForeignProgram program = python(
      "for i in range(10):\n  if os.fork() == 0:\n    x = bytearray(os.urandom(1)) * (60 << 20)\n"
      "    time.sleep(60)\ntime.sleep(60)");
  program.limits.memory_bytes = int64_t{300} << 20;
  program.limits.wall_seconds = 60;
  const Exchange got = exchange(program);
  EXPECT_EQ(got.end, End::kFailed);
  EXPECT_NE(got.text.find("300 MB of memory (memory_mb)"), std::string::npos) << got.text;
  EXPECT_TRUE(is_gone_soon(program.command[0]));
}

TEST_P(Planted, IsKilledWithAllProcessesThatItStarts) {
  ForeignProgram program =
      python("for i in range(100):\n  if os.fork() == 0: time.sleep(98765)\ntime.sleep(60)");
  program.limits.wall_seconds = 10;
  program.limits.memory_bytes = int64_t{8} << 30;
  const Exchange got = exchange(program);
  EXPECT_NE(got.end, End::kReply);
  EXPECT_NE(got.text.find("more than 64 processes"), std::string::npos) << got.text;
  EXPECT_TRUE(is_gone_soon(program.command[0]));
}

TEST_P(Planted, TakesAGrandchildAlong) {
  const ForeignProgram program = python("subprocess.Popen(['/bin/sh', '-c', 'sleep 98765; :', '" +
                                        (folder_ / "mark") + "'])\nos.abort()");
  EXPECT_EQ(exchange(program).end, End::kFailed);
  EXPECT_TRUE(is_gone_soon(folder_ / "mark"));
}

TEST_P(Planted, IsCutOffWhenItSaysTooMuch) {
  ForeignProgram program = python("while True: os.write(1, b'x' * 4096)");
  program.limits.reply_bytes = 64 << 10;
  const Exchange got = exchange(program);
  EXPECT_EQ(got.end, End::kFailed);
  EXPECT_NE(got.text.find("longer than 64 KB (output_kb)"), std::string::npos) << got.text;
}

TEST_P(Planted, MayFloodItsErrorsWithoutHarm) {
  const Exchange got = exchange("os.write(2, b'x' * (8 << 20))\nreply(1)");
  EXPECT_EQ(got.end, End::kReply) << got.text;
}

TEST_P(Planted, FailsWhenItsReplyIsNoLine) {
  EXPECT_NE(exchange("os.write(1, b'{\"id\"'); os._exit(3)").text.find("exit code 3 in the middle"),
            std::string::npos);
  EXPECT_NE(exchange("os.write(1, b'1\\n2\\n')").text.find("more than one line: '2"),
            std::string::npos);
  // What builds the wall holds the output open, too: then the limit of time ends it.
  const Exchange closed = exchange("os.close(1); time.sleep(60)");
  const bool bare = GetParam() == Wall::kLimits;
  EXPECT_EQ(closed.end, bare ? End::kFailed : End::kTimeout);
  EXPECT_EQ(closed.text.find("closed its output") != std::string::npos, bare) << closed.text;
}

TEST_P(Planted, IsNoLongerReadyWhenItDiedOrSpokeUnasked) {
  const auto dead = start(python("reply(1); os._exit(0)"));
  const auto loud = start(python("reply(1); time.sleep(0.05); reply(0)"));
  for (const auto* process : {&dead, &loud}) {
    ASSERT_EQ((*process)->exchange(kRequest).end, End::kReply);
    const auto begin = Clock::now();
    while ((*process)->is_ready() && seconds_since(begin) < 10)
      std::this_thread::sleep_for(5ms);
    EXPECT_FALSE((*process)->is_ready());
  }
}

TEST_P(Planted, IsNotStartedOnceItChanged) {
  const ForeignProgram program = python("reply(1)");
  std::ofstream(program.command[0], std::ios::app) << "\n";
  const auto started = ForeignProcess::start(GetParam(), program);
  ASSERT_FALSE(started.ok());
  EXPECT_NE(started.error().message.find("changed since"), std::string::npos);
}

TEST_P(Planted, SaysThatItCannotBeExecuted) {
  const std::string path = folder_ / "no_program";
  std::ofstream(path) << "neither a script nor a binary";
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  const Exchange got = exchange(program_at(path));
  EXPECT_EQ(got.end, End::kFailed);
  EXPECT_NE(got.text.find("last words"), std::string::npos) << got.text;
}

TEST_P(Planted, DiesWithTheThreadThatStartedIt) {
  const ForeignProgram program = python("reply(1)");
  std::unique_ptr<ForeignProcess> process;
  std::thread([&] {
    process = start(program);
    EXPECT_EQ(process->exchange(kRequest).end, End::kReply);
  }).join();
  EXPECT_TRUE(is_gone_soon(program.command[0]));
}

/// A process that starts the program and is killed without warning.
TEST_P(Planted, DiesWithItsParent) {
  const ForeignProgram program = python("reply(1)");
  const pid_t parent = ::fork();
  if (parent == 0) {
    const auto process = ForeignProcess::start(GetParam(), program);
    (void)process.value()->exchange(kRequest);
    ::raise(SIGKILL);
  }
  ::waitpid(parent, nullptr, 0);
  EXPECT_TRUE(is_gone_soon(program.command[0]));
}

TEST_P(Planted, IsKnownToBeDeadWhileAnotherHoldsItsOutputOpen) {
  ForeignProgram program = python("if os.fork() == 0: time.sleep(98765)\nos._exit(3)");
  program.limits.wall_seconds = 60;
  const Exchange got = exchange(program);
  EXPECT_EQ(got.end, End::kFailed);
  EXPECT_NE(got.text.find("exit code 3"), std::string::npos) << got.text;
  EXPECT_TRUE(is_gone_soon(program.command[0]));
}

class Walled : public Planted {};

INSTANTIATE_TEST_SUITE_P(Walls, Walled, ::testing::Values(Wall::kBubblewrap, Wall::kNamespaces),
                         [](const auto& at) { return std::string(to_text(at.param)); });

TEST_P(Walled, TakesAGrandchildOfASessionOfItsOwnAlong) {
  const ForeignProgram program = python(
      "if os.fork() == 0:\n  os.setsid()\n  os.execv('/bin/sh', ['sh', '-c', 'sleep 98765; :', '" +
      (folder_ / "mark") + "'])\ntime.sleep(0.2)\nos.abort()");
  EXPECT_EQ(exchange(program).end, End::kFailed);
  EXPECT_TRUE(is_gone_soon(folder_ / "mark"));
}

TEST_P(Walled, HasNoNetwork) {
  const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(server, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(server, 1), 0);
  ::getsockname(server, reinterpret_cast<sockaddr*>(&address), &size);
  const Exchange got = exchange("try: socket.create_connection(('127.0.0.1', " +
                                std::to_string(ntohs(address.sin_port)) +
                                "), 2); reply(1)\nexcept OSError as e: reply(0)");
  EXPECT_EQ(got.text, R"({"id": "7", "value": 0})");
  ::close(server);
}

class Bubblewrapped : public Planted {};

INSTANTIATE_TEST_SUITE_P(Walls, Bubblewrapped, ::testing::Values(Wall::kBubblewrap),
                         [](const auto& at) { return std::string(to_text(at.param)); });

TEST_P(Bubblewrapped, SeesNoFilesButItsOwnAndThoseOfTheSystem) {
  std::ofstream(folder_ / "secret") << "x";
  const Exchange got =
      exchange("seen = []\nfor path in '/etc/passwd', '/etc/shadow', '/home', '/root', '/var', '" +
               (folder_ / "secret") +
               "', '/usr/bin/python3':\n  if os.path.exists(path): "
               "seen.append(path)\nreply(0, seen=seen)");
  EXPECT_EQ(got.text, R"({"id": "7", "value": 0, "seen": ["/usr/bin/python3"]})");
}

TEST_P(Bubblewrapped, WritesNowhereButInABoundedFolderInMemory) {
  const Exchange got = exchange(
      "made = []\n"
      "for path in '/x', '/usr/x', '/etc/x', '/dev/x', '/tmp/x':\n"
      "  try: open(path, 'w').write('x'); made.append(path)\n"
      "  except OSError: pass\n"
      "open('x', 'w').write('x')\n"  // in its view of this folder under /tmp
      "for path in '/tmp/', '/dev/shm/':\n"
      "  try:\n"
      "    for i in range(99): open(path + '%d' % i, 'wb').write(b'x' * (10 << 20))\n"
      "    made.append(path)\n"
      "  except OSError: pass\n"
      "reply(0, made=made)");
  EXPECT_EQ(got.text, R"({"id": "7", "value": 0, "made": ["/tmp/x"]})");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "x"));
}

TEST_P(Bubblewrapped, SeesNoProcessesButItsOwn) {
  const Exchange got =
      exchange("reply(0, pids=len([p for p in os.listdir('/proc') if p.isdigit()]))");
  EXPECT_EQ(got.text, R"({"id": "7", "value": 0, "pids": 2})");  // bubblewrap's and its own
}

}  // namespace
}  // namespace nelumbo
