// SPDX-License-Identifier: Apache-2.0
#include "corpus/mojibake.h"

#include <gtest/gtest.h>

namespace nelumbo {
namespace {

TEST(Mojibake, IsUndone) {
  EXPECT_EQ(undo_mojibake("SjÃ¶gren"), "Sjögren");
  EXPECT_EQ(undo_mojibake("p â‰¥ 0.05 Â± 2 â€“ patientâ€™s"), "p ≥ 0.05 ± 2 – patient’s");
  EXPECT_EQ(undo_mojibake("Î²-blocker"), "β-blocker");
}

TEST(Mojibake, IsUndoneTwice) {
  EXPECT_EQ(undo_mojibake("SjÃƒÂ¶gren"), "Sjögren");
}

TEST(Mojibake, IsUndoneWhereALatin1ReaderMadeIt) {
  EXPECT_EQ(undo_mojibake("patient\u00e2\u0080\u0099s"), "patient’s");
}

TEST(Mojibake, LeavesSoundTextAlone) {
  for (const char* text :
       {"El paciente está “así” y le duele", "Größe, Maß” und Straße", "25 °C ± 3 µm",
        "Пациент жалуется", "患者三天来", "naïve café’s", "ÄÖÜ", "", "plain"})
    EXPECT_EQ(undo_mojibake(text), text);
}

}  // namespace
}  // namespace nelumbo
