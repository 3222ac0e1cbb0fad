#pragma once

#include <motcua/core/text/normaliser.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace motcua::understand {

// What is left of a message when ways of speaking are taken off: particles and forms of address
// go, words that ask or say the same become one ("nhiêu", "mấy", "bao nhiêu"), and so do the things
// one asks an office for ("khai sinh", "sổ đỏ"). Folded words and names of classes ("<how_much>").
// Tells what a few examples of an intent cannot: which differences say nothing. Built in, so that
// it serves other people's intents, too. The views are good as long as the tokens.
std::vector<std::string_view> gist_of(std::span<const text::token> tokens);

// Every phrase it knows.
std::vector<std::string> gist_phrases();

} // namespace motcua::understand
