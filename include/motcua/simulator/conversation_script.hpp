#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Conversations as a civil servant reads and writes them (docs/conversations.md): "Dân:" says, "Dân
// bấm:" taps, "Máy nhắc:" must occur, "Máy không nhắc:" must not; parts are separated by " | ".
namespace motcua::simulator {

struct expectation
{
    std::string part;
    bool must_occur = true;
    std::size_t line = 0;
};

// One turn: what the citizen does, and what must and must not be in the answer.
struct exchange
{
    std::string said;
    bool is_tap = false; // `said` is a button's title
    std::size_t line = 0;
    std::vector<expectation> expected;
};

struct conversation_script
{
    std::string file;
    std::string title;
    std::vector<exchange> exchanges;
};

// Throws std::runtime_error "file:line: …" for a line that is none of the forms, an expectation
// before anybody spoke, or a script without turns.
conversation_script parse_conversation(std::string file, std::string_view text);

// Reads and parses; throws as parse_conversation does, or if the file cannot be read.
conversation_script read_conversation(const std::string& file);

struct heard_message
{
    std::string text;
    std::vector<std::pair<std::string, std::string>> buttons; // title, payload
};

// What to send for the turn: the words, or the payload of the tapped button of `last`. Throws
// std::runtime_error "file:line: …" if no button has that title (compared without case).
std::string what_to_send(
    const conversation_script& script,
    const exchange& turn,
    const std::vector<heard_message>& last);

// "file:line: …" for each expectation the answer does not meet; compared without case.
std::vector<std::string> unmet(
    const conversation_script& script,
    const exchange& turn,
    const std::vector<heard_message>& answer);

} // namespace motcua::simulator
