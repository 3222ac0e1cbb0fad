#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Conversations as a civil servant reads and writes them (docs/conversations.md): "Dân:" says, "Dân
// bấm:" taps, "Dân gửi ảnh:" …, "Cán bộ:" a person answers; "Máy nhắc:" must occur, "Máy không
// nhắc:" must not, "Máy im lặng"; parts are separated by " | ".
namespace motcua::simulator {

struct expectation
{
    std::string part;
    bool must_occur = true;
    std::size_t line = 0;
};

enum class deed : std::uint8_t
{
    says,
    taps,        // `said` is a button's title
    sends_photo, // `said` is its caption
    sends_file,  // `said` is its name
    sends_voice,
    sends_place, // `said` is "latitude, longitude" in degrees
    follows,
    unfollows,
    officer_writes, // not the citizen: a person of the office, from OA Manager
};

// One turn: what is done, and what must and must not be in the answer.
struct exchange
{
    std::string said;
    deed does = deed::says;
    std::size_t line = 0;
    std::vector<expectation> expected;
    bool is_silent = false; // the machine must say nothing
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

// Degrees of "11.31, 106.09"; zeros for what is no number.
std::pair<double, double> place_of(const std::string& said);

// "file:line: …" for each expectation the answer does not meet; compared without case.
std::vector<std::string> unmet(
    const conversation_script& script,
    const exchange& turn,
    const std::vector<heard_message>& answer);

} // namespace motcua::simulator
