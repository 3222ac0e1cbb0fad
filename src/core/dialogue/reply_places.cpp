#include <motcua/core/dialogue/complaint_notice.hpp>
#include <motcua/core/dialogue/reply_places.hpp>
#include <motcua/core/text/ascii.hpp>

#include <algorithm>

namespace motcua::dialogue {
namespace {

std::string fact(const places_to_fill& facts, std::string_view name)
{
    const auto found = std::ranges::find(facts, name, &places_to_fill::value_type::first);
    return found == facts.end() ? std::string() : found->second;
}

std::string value_of(
    std::string_view place,
    const places_to_fill& facts,
    const knowledge& known,
    const complaints::complaint& what,
    std::string_view officer_name)
{
    if (place == "mã")
        return what.code;
    if (place == "hạn")
        return fact(facts, "due");
    if (place == "đơn vị")
        return what.unit;
    if (place == "lĩnh vực") {
        const auto* const found = known.complaints.categories.find(what.category);
        return found == nullptr ? std::string() : found->title;
    }
    if (place == "ngày gửi")
        return what.course.empty() ? std::string() : short_date(what.course.front().at);
    if (place == "cơ quan")
        return what.agency;
    if (place == "hạn bổ sung")
        return fact(facts, "supplement_by");
    if (place == "hạn mở lại")
        return fact(facts, "reopen_by");
    if (place == "cán bộ")
        return std::string(officer_name);
    return {};
}

bool is_known(std::string_view place)
{
    return std::ranges::find(reply_places, place, &reply_place::name) != reply_places.end();
}

} // namespace

std::optional<std::string> unknown_place(std::string_view text)
{
    for (;;) {
        const auto open = text.find("{{");
        const auto close = open == std::string_view::npos ? open : text.find("}}", open);
        if (close == std::string_view::npos)
            return std::nullopt;
        const auto place = text::trimmed(text.substr(open + 2, close - open - 2), " ");
        if (!is_known(place))
            return std::string(place);
        text.remove_prefix(close + 2);
    }
}

filled_reply fill_reply(
    const knowledge& known,
    const complaints::complaint& before,
    const complaints::complaint& after,
    std::string_view officer_name,
    std::string_view text)
{
    const auto facts = facts_of(known, after);
    const auto old_facts = facts_of(known, before);
    filled_reply made;
    while (!text.empty()) {
        const auto open = text.find("{{");
        const auto close = open == std::string_view::npos ? open : text.find("}}", open);
        if (close == std::string_view::npos) {
            made.text += text;
            break;
        }
        made.text += text.substr(0, open);
        const auto place = text::trimmed(text.substr(open + 2, close - open - 2), " ");
        auto value = value_of(place, facts, known, after, officer_name);
        if (value.empty())
            value = value_of(place, old_facts, known, before, officer_name);
        if (value.empty())
            return {.text = {}, .unfilled = std::string(place), .is_known = is_known(place)};
        made.text += value;
        text.remove_prefix(close + 2);
    }
    return made;
}

} // namespace motcua::dialogue
