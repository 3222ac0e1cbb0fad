#include "statements.hpp"

#include "wording.hpp"

#include <motcua/core/text/ascii.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace motcua::procedures {
namespace {

constexpr std::size_t note_limit = 400; // code points of a quoted note
constexpr std::string_view receipt_date =
    "xem ngày hẹn trên Giấy tiếp nhận hồ sơ và hẹn trả kết quả";

// Replaces every spelling of "miễn phí": the exemptions in a note are repeated, but no sentence may
// read as if the procedure were free.
std::string without_free_claim(std::string_view note)
{
    constexpr std::string_view claim = "miễn phí";
    std::string result(note);
    auto lower = text::lower(note);
    if (lower.size() != result.size())
        return lower.find(claim) == std::string::npos ? result : std::string();
    constexpr std::size_t verb_size = std::string_view("miễn ").size();
    constexpr std::string_view inserted = "thu ";
    for (auto at = lower.find(claim); at != std::string::npos; at = lower.find(claim, at + 1)) {
        result.insert(at + verb_size, inserted);
        lower.insert(at + verb_size, inserted);
    }
    return result;
}

// The note fit for quoting: one line, no brackets around all of it, bounded; empty if it says
// nothing beyond the bare claim of being free.
std::string quotable(std::string_view note)
{
    auto line = one_line(note);
    std::string_view view = line;
    view.remove_prefix(std::min(view.find_first_not_of("-.,;: "), view.size()));
    if (view.size() > 2 && view.front() == '(' && view.find(')') == view.size() - 1)
        view = view.substr(1, view.size() - 2);
    view = trimmed(view);
    if (says_nothing(view))
        return {};
    if (text::code_points(view) <= 20) {
        const auto lower = text::lower(view);
        if (lower.starts_with("miễn phí") || lower.starts_with("hoàn toàn miễn phí") ||
            lower.starts_with("không thu"))
            return {};
    }
    while (view.ends_with('.') || view.ends_with(';') || view.ends_with(','))
        view.remove_suffix(1);
    return shortened(without_free_claim(without_districts(view)), note_limit);
}

// The sentences of a channel's note that speak of the fee, when the fee itself has no note.
std::string fee_words(std::string_view channel_note)
{
    std::string words;
    for (const auto line : lines_of(channel_note)) {
        const auto lower = text::lower(line);
        const bool about_fee = has_word(lower, "phí") || has_word(lower, "mức thu");
        if (about_fee && (names_council(line) || names_amount(line)))
            words += (words.empty() ? "" : " ") + std::string(line);
    }
    return words;
}

std::string kind_text(fee_kind kind)
{
    switch (kind) {
    case fee_kind::fee:
        return "phí ";
    case fee_kind::charge:
        return "lệ phí ";
    case fee_kind::unknown:
        break;
    }
    return {};
}

std::string with_note(std::string statement, std::string_view introduction, const std::string& note)
{
    if (!note.empty())
        statement += std::string(introduction) + "“" + note + "”";
    return statement;
}

bool is_paid(const fee& item)
{
    return item.amount_vnd && *item.amount_vnd > 0;
}

std::string fee_statement(const fee& item, std::string_view channel_note)
{
    const std::string own_note(says_nothing(item.note) ? std::string_view() : item.note);
    if (is_paid(item)) {
        auto said = kind_text(item.kind) + amount_text(*item.amount_vnd);
        const auto note = quotable(own_note);
        // A unit such as "/trang" belongs to the amount.
        if (!note.empty() && note.front() == '/')
            return said + note;
        constexpr std::int64_t smallest_note_vnd = 1000; // less is no price: a percentage or a slip
        if (*item.amount_vnd < smallest_note_vnd)
            said += ", con số này có thể chưa đúng, anh/chị vui lòng hỏi lại nơi nộp hồ sơ";
        return note.empty() ? said : said + " (" + note + ")";
    }
    const auto words = own_note.empty() ? fee_words(channel_note) : own_note;
    const auto note = quotable(words);
    if (names_council(words))
        return with_note(
            "mức thu do HĐND tỉnh quy định; Cổng chưa công bố số tiền", ". Ghi chú: ", note);
    // A note about an exemption goes with the 0; any other note means that something is to be paid.
    if (item.amount_vnd && (note.empty() || text::lower(note).starts_with("miễn")))
        return with_note("Cổng Dịch vụ công quốc gia ghi 0 đồng", ". Ghi chú: ", note);
    if (item.amount_vnd || names_amount(words))
        return with_note("Cổng chưa công bố số tiền ở mục mức thu", ". Ghi chú: ", note);
    return with_note("Cổng không công bố mức phí", ". Ghi chú: ", note);
}

// A zero beside amounts is the line of those who need not pay, not a fee of its own.
std::string exemption_statement(const fee& item)
{
    const auto note = quotable(item.note);
    return note.empty() ? std::string("một số trường hợp Cổng ghi 0 đồng")
                        : "ghi chú của Cổng về miễn, giảm: “" + note + "”";
}

std::string fee_statement(const channel& way)
{
    const std::vector<fee> none{fee{}};
    const bool any_paid = std::any_of(way.fees.begin(), way.fees.end(), is_paid);
    std::vector<std::string> parts;
    for (const auto& item : way.fees.empty() ? none : way.fees) {
        const bool exempt = any_paid && item.amount_vnd && *item.amount_vnd == 0;
        auto part = exempt ? exemption_statement(item) : fee_statement(item, way.note);
        if (std::find(parts.begin(), parts.end(), part) == parts.end())
            parts.push_back(std::move(part));
    }
    std::string joined;
    for (const auto& part : parts)
        joined += (joined.empty() ? "" : "; ") + part;
    return joined;
}

bool speaks_of_time(std::string_view note)
{
    const auto lower = text::lower(note);
    const bool number = std::any_of(lower.begin(), lower.end(), text::is_digit);
    return (number &&
            (has_word(lower, "ngày") || has_word(lower, "giờ") || has_word(lower, "tháng"))) ||
           lower.find("ngay trong ngày") != std::string::npos ||
           lower.find("ngay sau khi") != std::string::npos;
}

// The lines of a channel's note that speak of time.
std::string time_words(std::string_view channel_note)
{
    std::string words;
    for (const auto line : lines_of(channel_note)) {
        if (speaks_of_time(line))
            words += (words.empty() ? "" : " ") + std::string(line);
    }
    return words;
}

std::string duration_text(const duration& time)
{
    if (!time.quantity || *time.quantity <= 0)
        return {};
    return quantity_text(*time.quantity, time.unit);
}

std::string case_text(const processing_case& one)
{
    auto said = duration_text(one.time);
    if (said.empty() && speaks_of_time(one.time.note))
        said = quotable(one.time.note);
    if (!said.empty() && !one.name.empty())
        said = one.name + ": " + said;
    return said;
}

// The limits of the record's cases, in their own words; of one case only if it was chosen.
std::string cases_text(const procedure& record, std::string_view chosen_case)
{
    std::vector<std::string> parts;
    const auto wanted = text::fold(without_list_mark(chosen_case));
    for (const auto& one : record.cases) {
        auto part = case_text(one);
        if (part.empty())
            continue;
        if (!wanted.empty() && text::fold(without_list_mark(one.name)) == wanted)
            return part;
        if (std::find(parts.begin(), parts.end(), part) == parts.end())
            parts.push_back(std::move(part));
    }
    if (parts.size() < 2)
        return parts.empty() ? std::string() : parts.front();
    std::string joined = "tùy trường hợp: ";
    for (std::size_t i = 0; i < parts.size(); ++i)
        joined += (i == 0 ? "" : "; ") + parts[i];
    return joined;
}

std::string
time_statement(const channel& way, const procedure& record, std::string_view chosen_case)
{
    const auto note =
        quotable(speaks_of_time(way.time.note) ? way.time.note : time_words(way.note));
    if (auto certain = duration_text(way.time); !certain.empty())
        return note.empty() ? certain : certain + " (" + note + ")";
    // The unit is lost or there is no number: the case, the prose, else the receipt; never the bare
    // number.
    if (auto by_case = cases_text(record, chosen_case); !by_case.empty())
        return by_case;
    if (!note.empty())
        return "Cổng ghi: “" + note + "”";
    return std::string(receipt_date);
}

// One line per different statement, with the channels it holds for.
template <class Statement>
std::vector<std::string> by_channel(const procedure& record, const Statement& statement)
{
    using group_of_channels = std::pair<std::string, std::vector<method>>;
    std::vector<group_of_channels> groups;
    for (const auto& way : record.channels) {
        auto said = statement(way);
        auto group =
            std::find_if(groups.begin(), groups.end(), [&said](const group_of_channels& known) {
                return known.first == said;
            });
        if (group == groups.end())
            group = groups.insert(groups.end(), {std::move(said), {}});
        auto& methods = group->second;
        if (std::find(methods.begin(), methods.end(), way.how) == methods.end())
            methods.push_back(way.how);
    }
    std::vector<std::string> lines;
    if (groups.size() == 1) {
        lines.push_back(capitalised(groups.front().first));
        return lines;
    }
    for (const auto& [said, methods] : groups) {
        std::string ways;
        for (const auto how : methods)
            ways.append(ways.empty() ? "Nộp " : ", ").append(method_text(how));
        lines.push_back(ways.append(": ").append(said));
    }
    return lines;
}

std::string province_fee(const overlay& local)
{
    std::string said = "Theo quy định của tỉnh: " + local.fee_text;
    if (!local.fee_resolution.empty()) {
        said += " (" + local.fee_resolution;
        if (local.fee_date)
            said += ", ngày " + date_text(*local.fee_date);
        said += ")";
    }
    return said;
}

} // namespace

bool names_council(std::string_view note)
{
    const auto lower = text::lower(note);
    return lower.find("hội đồng nhân dân") != std::string::npos || has_word(lower, "hđnd");
}

bool names_amount(std::string_view note)
{
    const auto lower = text::lower(note);
    for (std::size_t at = 0; at < lower.size(); ++at) {
        if (!text::is_digit(lower[at]) || (at > 0 && text::is_digit(lower[at - 1])))
            continue;
        auto end = lower.find_first_not_of("0123456789.,", at);
        if (end == std::string::npos)
            return false;
        end = lower.find_first_not_of(' ', end);
        const auto unit =
            std::string_view(lower).substr(end == std::string::npos ? lower.size() : end);
        for (const std::string_view money :
             {"đồng", "vnđ", "vnd", "usd", "đ/", "đ ", "đ.", "đ)", "%"}) {
            if (unit.starts_with(money))
                return true;
        }
        if (unit == "đ")
            return true;
    }
    return false;
}

bool says_nothing(std::string_view note)
{
    static constexpr std::array<std::string_view, 9> empty_words{
        "không có thông tin",
        "không",
        "không có",
        "không quy định",
        "không có mô tả",
        "0",
        "0 đồng",
        "-",
        "."};
    constexpr std::size_t longest_bytes = 40; // of the empty words, with room for rare letters
    note = trimmed(note);
    if (note.size() > longest_bytes)
        return false;
    const auto lower = text::lower(note);
    return lower.empty() ||
           std::find(empty_words.begin(), empty_words.end(), lower) != empty_words.end();
}

std::string_view method_text(method how)
{
    switch (how) {
    case method::online:
        return "trực tuyến";
    case method::direct:
        return "trực tiếp";
    case method::postal:
        return "qua bưu chính công ích";
    }
    return "trực tiếp";
}

std::vector<std::string> fee_lines(const procedure& record)
{
    std::vector<std::string> lines;
    if (!record.local.fee_text.empty()) {
        lines.push_back(province_fee(record.local));
        return lines;
    }
    lines = by_channel(record, [](const channel& way) { return fee_statement(way); });
    if (lines.empty())
        lines.emplace_back("Cổng không công bố mức phí");
    return lines;
}

std::vector<std::string> time_lines(const procedure& record, std::string_view chosen_case)
{
    auto lines = by_channel(record, [&record, chosen_case](const channel& way) {
        return time_statement(way, record, chosen_case);
    });
    if (lines.empty()) {
        const auto by_case = cases_text(record, chosen_case);
        lines.push_back(capitalised(by_case.empty() ? receipt_date : std::string_view(by_case)));
    }
    return lines;
}

} // namespace motcua::procedures
