#include "procedure_json.hpp"

#include <fmt/format.h>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <vector>

namespace motcua::staff_api {
namespace {

using online_level = procedures::overlay::online_level;
using procedures::procedure;

constexpr std::chrono::days expiring_within{90};
constexpr std::chrono::months stale_after{12};

constexpr std::array<std::pair<online_level, std::string_view>, 4> online_names{{
    {online_level::unknown, "unknown"},
    {online_level::none, "none"},
    {online_level::partly, "partly"},
    {online_level::fully, "fully"},
}};

std::string_view name_of(online_level value)
{
    for (const auto& [level, word] : online_names)
        if (level == value)
            return word;
    return "unknown";
}

std::string text_of(const procedures::duration& value)
{
    std::string out;
    if (value.quantity) {
        out = std::to_string(*value.quantity);
        switch (value.unit) {
        case procedures::time_unit::hour:
            out += " giờ";
            break;
        case procedures::time_unit::day:
            out += " ngày";
            break;
        case procedures::time_unit::working_day:
            out += " ngày làm việc";
            break;
        case procedures::time_unit::month:
            out += " tháng";
            break;
        case procedures::time_unit::unknown:
            out += " (dữ liệu không nêu đơn vị)";
            break;
        }
    }
    if (!value.note.empty())
        out += (out.empty() ? "" : " — ") + value.note;
    return out;
}

// 1.500.000
std::string dotted(std::int64_t value)
{
    auto digits = std::to_string(value);
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
        digits.insert(static_cast<std::size_t>(at), ".");
    return digits;
}

std::string text_of(const procedures::fee& value)
{
    std::string out = value.kind == procedures::fee_kind::charge ? "lệ phí" : "phí";
    out += value.amount_vnd ? " " + dotted(*value.amount_vnd) + " đồng" : " (không ghi số tiền)";
    if (!value.note.empty())
        out += " — " + value.note;
    return out;
}

std::string_view text_of(procedures::method value)
{
    switch (value) {
    case procedures::method::online:
        return "Trực tuyến";
    case procedures::method::direct:
        return "Trực tiếp";
    case procedures::method::postal:
        break;
    }
    return "Bưu chính công ích";
}

std::string text_of(const procedures::channel& value)
{
    std::string out(text_of(value.how));
    if (const auto time = text_of(value.time); !time.empty())
        out += ": " + time;
    for (const auto& fee : value.fees)
        out += "; " + text_of(fee);
    if (!value.note.empty())
        out += ". " + value.note;
    return out;
}

std::string text_of(const procedures::document& value)
{
    auto out = (value.group.empty() ? "" : "[" + value.group + "] ") + value.name;
    if (value.originals > 0)
        out += fmt::format(" — {} bản chính", value.originals);
    if (value.copies > 0)
        out += fmt::format(" — {} bản sao", value.copies);
    return out;
}

template <class T, class Words>
std::string lines(const std::vector<T>& all, Words words)
{
    std::string out;
    for (const auto& one : all)
        out += (out.empty() ? "" : "\n") + words(one);
    return out;
}

std::string as_is(const std::string& text)
{
    return text;
}

procedures::date date_in(const std::string& field, const std::string& text)
{
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    char rest = 0;
    const int read = std::sscanf(text.c_str(), "%4d-%2u-%2u%c", &year, &month, &day, &rest);
    const procedures::date made{
        std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
    if (read != 3 || !made.ok())
        throw invalid(field, "Ngày viết dạng năm-tháng-ngày");
    return made;
}

bool says_free(const std::string& text)
{
    return text::fold(text).find("mien phi") != std::string::npos;
}

std::string optional_line(body_reader& body, std::string_view field, std::size_t most)
{
    auto text = body.optional_text(field, most).value_or("");
    if (text.find_first_not_of(" \n\t") == std::string::npos)
        return {};
    return text;
}

} // namespace

json date_json(procedures::date value)
{
    if (!value.ok())
        return nullptr;
    return fmt::format(
        "{:04}-{:02}-{:02}",
        static_cast<int>(value.year()),
        static_cast<unsigned>(value.month()),
        static_cast<unsigned>(value.day()));
}

std::string_view name(procedures::level value)
{
    switch (value) {
    case procedures::level::ministry:
        return "ministry";
    case procedures::level::province:
        return "province";
    case procedures::level::commune:
        return "commune";
    case procedures::level::unknown:
        break;
    }
    return "unknown";
}

std::string_view name(procedures::origin value)
{
    switch (value) {
    case procedures::origin::own:
        return "own";
    case procedures::origin::overlay:
        return "overlay";
    case procedures::origin::national:
        break;
    }
    return "national";
}

std::string_view out_of_date(const procedure& record, procedures::date today)
{
    const std::chrono::sys_days now(today);
    if (record.valid_to && std::chrono::sys_days(*record.valid_to) < now)
        return "expired";
    if (record.valid_to && std::chrono::sys_days(*record.valid_to) <= now + expiring_within)
        return "expiring";
    const auto checked = std::max(record.checked_at.value_or(record.from.as_of), record.from.as_of);
    auto limit = today - stale_after;
    if (!limit.ok()) // 29 February
        limit = limit.year() / limit.month() / std::chrono::last;
    return checked.ok() && checked < limit ? "stale" : "no";
}

json summary_json(
    const procedure& record, const dialogue::knowledge& known, procedures::date today, bool edited)
{
    return {
        {"code", record.code},
        {"name", record.name},
        {"field", record.field},
        {"level", name(record.at)},
        {"origin", name(record.from.from)},
        {"as_of", date_json(record.from.as_of)},
        {"valid_to", record.valid_to ? date_json(*record.valid_to) : json()},
        {"checked_at", record.checked_at ? date_json(*record.checked_at) : json()},
        {"edited", edited},
        {"out_of_date", out_of_date(record, today)},
        {"answerable", procedures::is_answerable(record, today, known.province)}};
}

json facts_json(const procedure& record)
{
    json out = json::array();
    const auto add = [&out](std::string_view title, const std::string& text) {
        if (!text.empty())
            out.push_back({{"title", title}, {"text", text}});
    };
    add("Tên ngắn", record.short_name);
    add("Quyết định công bố", record.decision_no);
    add("Loại thủ tục", record.kind);
    add("Cơ quan công bố", record.promulgator);
    add("Đối tượng", lines(record.subjects, as_is));
    add("Cách thức thực hiện",
        lines(record.channels, [](const procedures::channel& one) { return text_of(one); }));
    add("Thời hạn theo trường hợp", lines(record.cases, [](const procedures::processing_case& one) {
            return (one.name.empty() ? "" : one.name + ": ") + text_of(one.time);
        }));
    add("Thành phần hồ sơ",
        lines(record.documents, [](const procedures::document& one) { return text_of(one); }));
    add("Số bộ hồ sơ", record.sets > 0 ? std::to_string(record.sets) : "");
    add("Trình tự", record.steps);
    add("Yêu cầu, điều kiện", record.requirements);
    add("Cơ quan thực hiện", lines(record.executing, as_is));
    add("Cơ quan có thẩm quyền", record.competent_authority);
    add("Địa chỉ tiếp nhận", record.receiving_address);
    add("Kết quả", lines(record.results, as_is));
    add("Căn cứ pháp lý", lines(record.legal_basis, [](const procedures::legal_text& one) {
            return one.number + (one.title.empty() ? "" : " " + one.title);
        }));
    add("Nguồn", record.from.name);
    return out;
}

json answers_json(const procedure& record, const procedures::rendering_context& context)
{
    json out = json::array();
    for (const auto& [what, title] : aspect_titles)
        out.push_back(
            {{"aspect", procedures::name(what)},
             {"title", title},
             {"text", procedures::render(record, what, context)}});
    return out;
}

json overlay_json(const procedures::overlay& value, const std::string& source)
{
    return {
        {"short_name", value.short_name},
        {"aliases", value.aliases},
        {"online", name_of(value.online)},
        {"postal_return",
         !value.postal_return   ? "unknown"
         : *value.postal_return ? "yes"
                                : "no"},
        {"fee_text", value.fee_text},
        {"fee_resolution", value.fee_resolution},
        {"fee_date", value.fee_date ? date_json(*value.fee_date) : json()},
        {"receiving_place", value.receiving_place},
        {"hotline", value.hotline},
        {"linked_codes", value.linked_codes},
        {"source", source}};
}

json edit_json(const app::procedure_edit& value)
{
    return {
        {"version", value.version},
        {"overlay", overlay_json(value.local, value.source)},
        {"staff_id", value.staff_id},
        {"at", instant(value.at)},
        {"reason", value.reason}};
}

json changes_json(const app::procedure_edit& wanted, const app::procedure_edit& stored)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 11> titles{{
        {"short_name", "Tên ngắn"},
        {"aliases", "Tên gọi thường dùng"},
        {"online", "Mức trực tuyến"},
        {"postal_return", "Trả kết quả qua bưu chính"},
        {"fee_text", "Mức thu của tỉnh"},
        {"fee_resolution", "Nghị quyết"},
        {"fee_date", "Ngày nghị quyết"},
        {"receiving_place", "Nơi tiếp nhận"},
        {"hotline", "Đường dây nóng"},
        {"linked_codes", "Thủ tục liên thông"},
        {"source", "Nguồn"},
    }};
    const auto sent = overlay_json(wanted.local, wanted.source);
    const auto now = overlay_json(stored.local, stored.source);
    const auto words = [](const json& value) {
        if (value.is_string())
            return optional_text(value.get_ref<const std::string&>());
        return value.is_null() ? json() : json(value.dump());
    };
    json out = json::array();
    for (const auto& [field, title] : titles) {
        const std::string key(field);
        if (sent.at(key) == now.at(key))
            continue;
        out.push_back(
            {{"field", field},
             {"title", title},
             {"old", words(sent.at(key))},
             {"new", words(now.at(key))},
             {"staff_id", optional_text(stored.staff_id)},
             {"at", instant(stored.at)}});
    }
    return out;
}

app::procedure_edit edit_in(body_reader& body, const dialogue::knowledge& known)
{
    app::procedure_edit made;
    auto& local = made.local;
    local.short_name = optional_line(body, "short_name", 120);
    local.aliases = body.texts("aliases", 50, 120, true);
    const auto online = body.text("online", 1, 10);
    const auto* const level =
        std::ranges::find(online_names, online, &std::pair<online_level, std::string_view>::second);
    if (level == online_names.end())
        throw invalid("online", "Không có mức này");
    local.online = level->first;
    const auto postal = body.text("postal_return", 1, 10);
    if (postal == "yes" || postal == "no")
        local.postal_return = postal == "yes";
    else if (postal != "unknown")
        throw invalid("postal_return", "Không có lựa chọn này");
    local.fee_text = optional_line(body, "fee_text", 1000);
    local.fee_resolution = optional_line(body, "fee_resolution", 300);
    if (const auto date = body.optional_text("fee_date", 10); date && !date->empty())
        local.fee_date = date_in("fee_date", *date);
    local.receiving_place = optional_line(body, "receiving_place", 500);
    local.hotline = optional_line(body, "hotline", 60);
    for (const auto& typed : body.texts("linked_codes", 20, 40, true)) {
        const auto code = procedures::canonical_code(typed);
        if (known.procedures.find(code) == nullptr)
            throw invalid("linked_codes", "Không có thủ tục " + typed);
        local.linked_codes.push_back(code);
    }
    made.source = body.text("source", 1, 300);
    if (!local.fee_text.empty() && local.fee_resolution.empty())
        throw invalid("fee_resolution", "Mức thu của tỉnh phải kèm nghị quyết của HĐND tỉnh");
    if (says_free(local.fee_text))
        throw invalid(
            "fee_text",
            "Không ghi “miễn phí”: anh/chị ghi rõ ai được miễn, theo văn bản nào, hoặc 0 đồng");
    return made;
}

} // namespace motcua::staff_api
