#include "wording.hpp"

#include <motcua/core/procedures/rendering.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>

namespace motcua::procedures {
namespace {

constexpr std::string_view link_starts[] = {"https://", "http://"};

// The link that covers the byte `at` with at least one byte before it, as its first byte; `at`
// itself if there is none.
std::size_t before_link(std::string_view text, std::size_t at)
{
    for (const auto start : link_starts) {
        // A link has no blanks, so its start lies after the last one.
        const auto blank = text.substr(0, at).find_last_of(" \n\t");
        const auto word = blank == std::string_view::npos ? 0 : blank + 1;
        const auto link = text.find(start, word);
        if (link != std::string_view::npos && link < at && at < text.size() &&
            std::string_view(" \n\t").find(text[at]) == std::string_view::npos)
            return link;
    }
    return at;
}

// Where to cut a text longer than `room` code points: after a paragraph, a sentence, a word, in
// this order, if at least a third of the room is used; else where the room ends.
std::size_t cut_position(std::string_view text, std::size_t room)
{
    auto fitting = text::prefix(text, room);
    while (fitting.empty()) // one letter with more marks than the room holds
        fitting = text::prefix(text, ++room);
    const auto least = fitting.size() / 3;
    const auto whole = text.substr(0, std::min(text.size(), fitting.size() + 1));
    if (const auto end = whole.rfind('\n'); end != std::string_view::npos && end > least)
        return end;
    std::size_t sentence = 0;
    for (const std::string_view stop : {". ", "! ", "? ", "; "}) {
        if (const auto end = whole.rfind(stop); end != std::string_view::npos)
            sentence = std::max(sentence, end + 1);
    }
    if (sentence > least)
        return sentence;
    if (const auto blank = whole.rfind(' '); blank != std::string_view::npos && blank > least)
        return blank;
    const auto safe = before_link(text, fitting.size());
    return safe > 0 ? safe : fitting.size(); // a link longer than a page has to be cut
}

std::string page_of(std::string_view body, std::string_view hint, std::string_view footer)
{
    std::string page(body);
    for (const auto part : {hint, footer}) {
        if (!part.empty())
            page += (page.empty() ? "" : "\n\n") + std::string(part);
    }
    return page;
}

std::size_t cost(std::string_view part)
{
    return part.empty() ? 0 : text::code_points(part) + 2; // with the empty line before it
}

} // namespace

std::vector<std::string> paginate(
    std::string_view answer, std::string_view footer, std::string_view more_hint, std::size_t limit)
{
    // Hint and footer that would fill half the page give way: the answer matters more.
    limit = std::max<std::size_t>(limit, 1);
    if (cost(footer) + cost(more_hint) > limit / 2)
        more_hint = {};
    if (cost(footer) > limit / 2)
        footer = {};
    const auto last_room = limit - cost(footer);
    const auto room = std::max<std::size_t>(last_room - cost(more_hint), 1);

    std::vector<std::string> pages;
    auto rest = trimmed(answer);
    while (text::code_points(rest) > last_room) {
        const auto cut = cut_position(rest, room);
        const auto body = trimmed(rest.substr(0, cut));
        rest = trimmed(rest.substr(cut));
        pages.push_back(page_of(body, more_hint, footer));
    }
    if (!rest.empty() || pages.empty())
        pages.push_back(page_of(rest, {}, footer));
    return pages;
}

} // namespace motcua::procedures
