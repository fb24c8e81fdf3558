// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace nelumbo {

/// A clinical English text in which the marks of checklists and notes are words, as negation.h
/// reads them: what a sign, a tick, a cross or an empty box stands at is there or not.
///
///     fever (-), cough (+)      fever: no; cough: yes;          also "-ve", a table's "| - |"
///     +cough -fever             cough; no fever;                where the text has a plus, too
///     [ ] fever [x] cough       ; no fever ; cough              also "☐", "☑", "✗", "✓", "( )",
///     "ø" fever ☐, cough ☑          fever: no;, cough: yes; fever: ☐ yes ☑ no         fever: no a
///     box of an answer
///
/// A mark is about what follows it where it begins its line or stands behind a colon, and about
/// what stands before it where it ends its line or its item. A dash that begins a line is a bullet.
std::string with_marks_as_words(std::string_view text);

}  // namespace nelumbo
