#include <motcua/core/dialogue/payload.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace motcua::dialogue {
namespace {

struct verb
{
    std::string_view word;
    action what;
};

constexpr std::array<verb, 19> verbs{{
    {"menu", action::menu},
    {"back", action::back},
    {"cancel", action::cancel},
    {"more", action::more},
    {"agent", action::agent},
    {"erase", action::erase},
    {"confirm-erase", action::confirm_erase},
    {"fields", action::fields},
    {"field", action::field},
    {"procedure", action::procedure},
    {"case", action::filing_case},
    {"centre", action::centre},
    {"commune", action::commune},
    {"answer", action::answer},
    {"not-this", action::not_this},
    {"keyword", action::keyword},
    {"understood", action::understood},
    {"pa", action::complaint},
    {"hs", action::dossier},
}};

// A colon separates the parts; codes, ids and intents have none.
std::vector<std::string_view> split(std::string_view text)
{
    std::vector<std::string_view> parts;
    for (std::size_t begin = 0;;) {
        const auto end = text.find(':', begin);
        parts.push_back(text.substr(begin, end == std::string_view::npos ? end : end - begin));
        if (end == std::string_view::npos)
            return parts;
        begin = end + 1;
    }
}

std::optional<int> small_number(std::string_view text)
{
    int value = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || stop != text.data() + text.size() || value < 0 || value > 999)
        return std::nullopt;
    return value;
}

std::optional<procedures::aspect> known_aspect(std::string_view word)
{
    const auto what = procedures::aspect_from(word);
    if (procedures::name(what) != word)
        return std::nullopt;
    return what;
}

// Least and greatest number of parts behind the verb.
std::pair<std::size_t, std::size_t> arity(action what)
{
    switch (what) {
    case action::procedure:
        return {1, 3};
    case action::filing_case:
        return {3, 3};
    case action::complaint:
        return {1, 3};
    case action::dossier:
        return {1, 2};
    case action::field:
    case action::keyword:
    case action::commune:
    case action::answer:
        return {1, 1};
    default:
        return {0, 0};
    }
}

} // namespace

std::optional<payload> parse_payload(std::string_view text)
{
    if (!text.starts_with('#') || text.size() > 200)
        return std::nullopt;
    const auto parts = split(text.substr(1));
    const auto* const found = std::ranges::find(verbs, parts.front(), &verb::word);
    if (found == verbs.end())
        return std::nullopt;
    payload value{.what = found->what};
    const auto [least, greatest] = arity(value.what);
    const auto arguments = parts.size() - 1;
    if (arguments < least || arguments > greatest)
        return std::nullopt;
    if (arguments > 0 && parts[1].empty())
        return std::nullopt;
    if (arguments > 0)
        value.target = parts[1];
    if (value.what == action::complaint || value.what == action::dossier)
        value.target = text.substr(text.find(':') + 1);
    if (value.what == action::procedure && arguments > 1) {
        const auto what = known_aspect(parts[2]);
        const auto page = arguments > 2 ? small_number(parts[3]) : 1;
        if (!what || !page || *page < 1)
            return std::nullopt;
        value.aspect = *what;
        value.number = *page;
    }
    if (value.what == action::filing_case) {
        const auto number = small_number(parts[2]);
        const auto what = known_aspect(parts[3]);
        if (!what || !number)
            return std::nullopt;
        value.aspect = *what;
        value.number = *number;
    }
    return value;
}

std::string make_payload(const payload& value)
{
    const auto* const found = std::ranges::find(verbs, value.what, &verb::what);
    std::string text = "#";
    text += found->word;
    if (!value.target.empty())
        text += ':' + value.target;
    const auto aspect = std::string(procedures::name(value.aspect));
    if (value.what == action::filing_case)
        text += ':' + std::to_string(value.number) + ':' + aspect;
    if (value.what == action::procedure &&
        (value.aspect != procedures::aspect::overview || value.number != 1)) {
        text += ':' + aspect;
        if (value.number != 1)
            text += ':' + std::to_string(value.number);
    }
    return text;
}

} // namespace motcua::dialogue
