#include <motcua/core/text/ascii.hpp>
#include <motcua/core/text/unicode.hpp>
#include <motcua/simulator/conversation_script.hpp>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace motcua::simulator {
namespace {

constexpr std::string_view title_mark = "Tên:";
constexpr std::string_view silent_mark = "Máy im lặng";
constexpr std::string_view must_mark = "Máy nhắc:";
constexpr std::string_view must_not_mark = "Máy không nhắc:";

struct deed_mark
{
    std::string_view mark;
    deed does;
};
constexpr std::array deed_marks{
    deed_mark{"Dân:", deed::says},
    deed_mark{"Dân bấm:", deed::taps},
    deed_mark{"Dân gửi ảnh:", deed::sends_photo},
    deed_mark{"Dân gửi tệp:", deed::sends_file},
    deed_mark{"Dân gửi tin thoại:", deed::sends_voice},
    deed_mark{"Dân gửi vị trí:", deed::sends_place},
    deed_mark{"Dân quan tâm:", deed::follows},
    deed_mark{"Dân bỏ quan tâm:", deed::unfollows},
    deed_mark{"Cán bộ:", deed::officer_writes}};

[[noreturn]] void fail(std::string_view file, std::size_t line, const std::string& complaint)
{
    throw std::runtime_error(std::string(file) + ":" + std::to_string(line) + ": " + complaint);
}

void expect_parts(exchange& turn, std::string_view parts, bool must_occur, std::size_t line)
{
    for (std::size_t begin = 0; begin <= parts.size();) {
        const auto end = std::min(parts.find(" | ", begin), parts.size());
        const auto part = text::trimmed(parts.substr(begin, end - begin));
        if (!part.empty())
            turn.expected.push_back({text::lower(text::to_nfc(part)), must_occur, line});
        begin = end + 3;
    }
}

void read_line(conversation_script& script, std::string_view line, std::size_t number)
{
    const auto rest_after = [line](std::string_view mark) {
        return text::trimmed(line.substr(mark.size()));
    };
    if (line.empty() || line.starts_with('#'))
        return;
    for (const auto& [mark, does] : deed_marks) {
        if (line.starts_with(mark)) {
            script.exchanges.push_back(
                {.said = std::string(rest_after(mark)),
                 .does = does,
                 .line = number,
                 .expected = {}});
            return;
        }
    }
    if (line.starts_with(title_mark)) {
        script.title = rest_after(title_mark);
    } else if (line == silent_mark) {
        if (script.exchanges.empty())
            fail(script.file, number, "an expectation before anybody spoke");
        script.exchanges.back().is_silent = true;
    } else if (line.starts_with(must_mark) || line.starts_with(must_not_mark)) {
        if (script.exchanges.empty())
            fail(script.file, number, "an expectation before anybody spoke");
        const bool must_occur = line.starts_with(must_mark);
        const auto mark = must_occur ? must_mark : must_not_mark;
        expect_parts(script.exchanges.back(), rest_after(mark), must_occur, number);
    } else {
        fail(
            script.file,
            number,
            "begin the line with Tên:, Dân:, Dân bấm:, Dân gửi ảnh:, Cán bộ:, Máy nhắc:, Máy "
            "không nhắc:, Máy im lặng or # (docs/conversations.md lists all)");
    }
}

} // namespace

conversation_script parse_conversation(std::string file, std::string_view text)
{
    conversation_script script;
    script.file = std::move(file);
    std::size_t number = 0;
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = std::min(text.find('\n', begin), text.size());
        read_line(script, text::trimmed(text.substr(begin, end - begin)), ++number);
        begin = end + 1;
    }
    if (script.exchanges.empty())
        fail(script.file, 1, "nobody speaks in this conversation");
    return script;
}

conversation_script read_conversation(const std::string& file)
{
    std::ifstream in(file);
    if (!in)
        throw std::runtime_error(file + ": cannot be read");
    std::ostringstream text;
    text << in.rdbuf();
    return parse_conversation(file, text.str());
}

std::string what_to_send(
    const conversation_script& script, const exchange& turn, const std::vector<heard_message>& last)
{
    if (turn.does != deed::taps)
        return turn.said;
    const auto wanted = text::lower(text::to_nfc(turn.said));
    for (const auto& message : last) {
        for (const auto& [title, payload] : message.buttons) {
            if (text::lower(title) == wanted)
                return payload;
        }
    }
    fail(script.file, turn.line, "no button \"" + turn.said + "\" to tap");
}

std::pair<double, double> place_of(const std::string& said)
{
    std::istringstream words(said);
    double latitude = 0;
    double longitude = 0;
    char comma = 0;
    words >> latitude >> comma >> longitude;
    return {latitude, longitude};
}

std::vector<std::string> unmet(
    const conversation_script& script,
    const exchange& turn,
    const std::vector<heard_message>& answer)
{
    std::string all;
    for (const auto& message : answer) {
        all += message.text + "\n";
        for (const auto& [title, payload] : message.buttons)
            all += title + "\n";
    }
    const auto lowered = text::lower(all);
    std::vector<std::string> complaints;
    if (turn.is_silent && !answer.empty())
        complaints.push_back(
            script.file + ":" + std::to_string(turn.line) + ": must not be answered: " + all);
    for (const auto& one : turn.expected) {
        const bool occurs = lowered.find(one.part) != std::string::npos;
        if (occurs == one.must_occur)
            continue;
        complaints.push_back(
            script.file + ":" + std::to_string(one.line) + ": \"" + one.part +
            (one.must_occur ? "\" is missing in: " : "\" must not be in: ") + all);
    }
    return complaints;
}

} // namespace motcua::simulator
