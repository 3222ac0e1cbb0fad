#include "complaint_json.hpp"

#include <fmt/format.h>
#include <motcua/app/outbox_rules.hpp>
#include <motcua/core/text/unicode.hpp>

#include <array>
#include <charconv>
#include <utility>

namespace motcua::staff_api {
namespace {

using complaints::complaint;
using complaints::state_class;

constexpr std::size_t excerpt_characters = 80;
constexpr std::string_view reminder_prefix = "reminder:"; // of what the history says of one

state_class class_of(const complaint_view& view, const std::string& state)
{
    const auto* const found = view.rules.flow.find_state(state);
    return found == nullptr ? state_class::ended : found->is;
}

std::string_view name(app::speaker from)
{
    switch (from) {
    case app::speaker::citizen:
        return "citizen";
    case app::speaker::staff:
        return "staff";
    case app::speaker::bot:
        return "bot";
    }
    return "bot";
}

const char* signal_of(const app::listed_complaint& one, const complaint_view& view)
{
    switch (class_of(view, one.what.state)) {
    case state_class::open:
        return one.due && *one.due < view.now ? "overdue" : "act";
    case state_class::waiting:
        return "waiting";
    case state_class::answered:
    case state_class::ended:
    case state_class::hidden:
        break;
    }
    return "done";
}

utc_time received_at(const complaint& what)
{
    return what.course.empty() ? what.updated_at : what.course.front().at;
}

// The platform's window; closed once the citizen has not written for that long.
json window_closes_at(const app::listed_complaint& one, utc_time now)
{
    if (one.what.source != "zalo" || one.what.user_id.empty() || !one.last_contact)
        return {};
    const auto closes = *one.last_contact + app::outbox_rules{}.window;
    return closes > now ? json(instant(closes)) : json();
}

std::optional<double> coordinate_from(std::string_view text)
{
    double value = 0;
    const auto* const end = text.data() + text.size();
    const auto [stopped, failure] = std::from_chars(text.data(), end, value);
    return failure == std::errc() && stopped == end ? std::optional(value) : std::nullopt;
}

json optional_number(std::optional<double> value)
{
    return value ? json(*value) : json();
}

json place_json(const complaints::place& where)
{
    if (where == complaints::place{})
        return {};
    const std::string_view both = where.coordinates;
    const auto comma = std::min(both.find(','), both.size());
    const auto second = both.substr(std::min(comma + 1, both.size()));
    return {
        {"commune", optional_text(where.commune)},
        {"text", optional_text(where.text)},
        {"latitude", optional_number(coordinate_from(both.substr(0, comma)))},
        {"longitude", optional_number(coordinate_from(second))}};
}

bool is_erased(const complaint& what)
{
    return what.source == "zalo" && what.user_id.empty();
}

json sender_json(const complaint& what)
{
    const auto& from = what.from;
    const bool consented = what.consented_at != utc_time{};
    return {
        {"anonymous", from.anonymous},
        {"erased", is_erased(what)},
        {"name", optional_text(masked_name(from.name))},
        {"phone", optional_text(masked_phone(from.phone))},
        {"address", from.address.empty() ? json() : json("•••")},
        {"consented_at", consented ? json(instant(what.consented_at)) : json()},
        {"notice_version", optional_text(what.notice_version)}};
}

// Every due date the case has had. It is derived anew from the first steps of its course, so it
// follows the calendar as the date itself does.
json due_history(const complaint& what, const complaint_view& view)
{
    json out = json::array();
    complaint then = what;
    then.course.clear();
    json last = "none yet";
    for (const auto& step : what.course) {
        then.course.push_back(step);
        then.state = step.state;
        const auto is = class_of(view, step.state);
        if (is != state_class::open && is != state_class::waiting)
            continue;
        const auto due = complaints::due_date(view.rules, then);
        const json due_on = due ? json(local_date(*due)) : json();
        if (std::exchange(last, due_on) != due_on)
            out.push_back(
                {{"at", instant(step.at)},
                 {"due_on", due_on},
                 {"why", history_title(step.transition, view.rules)}});
    }
    return out;
}

json transitions_json(const complaint& what, const complaint_view& view)
{
    json out = json::array();
    for (const auto* const one :
         complaints::legal_transitions(view.rules, what, view.role, view.now)) {
        const auto limit =
            one->limit.empty() ? std::nullopt : complaints::deadline(view.rules, what, one->limit);
        out.push_back({{"id", one->id}, {"late", limit && *limit < view.now}});
    }
    return out;
}

// What it was about and who was told; empty for one that the table has no more.
std::string reminder_in_words(std::string_view id, const complaint_view& view)
{
    using audience = complaints::reminder::audience;
    const auto& all = view.rules.flow.all().reminders;
    const auto found = std::ranges::find(all, id, &complaints::reminder::id);
    if (found == all.end())
        return {};
    const auto* const who = found->to == audience::owner      ? "người phụ trách"
                            : found->to == audience::superior ? "cấp trên"
                                                              : "người dân";
    const auto when = found->half         ? std::string("giữa thời hạn")
                      : found->offset < 0 ? fmt::format("còn {} ngày làm việc", -found->offset)
                      : found->offset == 0 ? std::string("hết hạn")
                                           : fmt::format("quá hạn {} ngày làm việc", found->offset);
    return fmt::format("{}: {}", who, when);
}

// Fit for people: names for ids.
std::string value_for_people(const complaints::history_entry& entry, const complaint_view& view)
{
    const auto& value = entry.value;
    if (entry.what == "assign") {
        const auto slash = std::min(value.find('/'), value.size());
        const auto unit = value.substr(0, slash);
        const auto officer = value.substr(std::min(slash + 1, value.size()));
        auto text = unit.empty() ? std::string() : view.name_of(unit);
        if (!officer.empty())
            text += (text.empty() ? "" : " · ") + view.name_of(officer);
        return text.empty() ? "chưa phân công" : text;
    }
    if (entry.what == "category") {
        constexpr std::string_view arrow = " -> ";
        const auto title = [&view](const std::string& id) {
            const auto* const found = view.rules.categories.find(id);
            return found == nullptr ? id : found->title;
        };
        const auto at = value.find(arrow);
        if (at != std::string::npos)
            return title(value.substr(0, at)) + " → " + title(value.substr(at + arrow.size()));
    }
    if (entry.what.starts_with(reminder_prefix))
        return reminder_in_words(entry.what.substr(reminder_prefix.size()), view);
    if (const auto* const refusal = view.rules.flow.find_refusal(value))
        return refusal->title;
    const auto* const step = view.rules.flow.find_transition(entry.what);
    if (step != nullptr && step->from.empty()) // filing: what it is about
        if (const auto* const category = view.rules.categories.find(value))
            return category->title;
    return step != nullptr && !value.empty() ? view.name_of(value) : value;
}

json attachments_json(const std::vector<app::case_attachment>& all)
{
    json out = json::array();
    for (const auto& one : all)
        out.push_back(attachment_json(one));
    return out;
}

std::string staff_id_of(const complaints::actor& by)
{
    const bool is_staff =
        by.role == complaints::role::officer || by.role == complaints::role::coordinator;
    return is_staff ? by.id : std::string();
}

} // namespace

json summary_json(const app::listed_complaint& one, const complaint_view& view)
{
    const auto& what = one.what;
    const auto& from = what.from;
    const bool is_open = class_of(view, what.state) == state_class::open;
    json last;
    if (one.last_message)
        last = {{"from", name(one.last_message->from)}, {"at", instant(one.last_message->at)}};
    return {
        {"code", what.code},
        {"version", what.version},
        {"due_on", one.due ? json(local_date(*one.due)) : json()},
        {"working_days_left",
         one.due ? json(working_days_left(view.rules, view.now, *one.due)) : json()},
        {"signal", signal_of(one, view)},
        {"state", what.state},
        {"excerpt", excerpt(what.content)},
        {"category", what.category},
        {"sender_name", from.anonymous ? json() : optional_text(masked_name(from.name))},
        {"commune", optional_text(what.where.commune)},
        {"unit_id", optional_text(what.unit)},
        {"officer_id", optional_text(what.officer)},
        {"agency", optional_text(what.agency)},
        {"last_message", std::move(last)},
        {"waiting_since", is_open ? optional_instant(one.waiting_since) : json()},
        {"window_closes_at", window_closes_at(one, view.now)},
        {"source", what.source},
        {"activity", optional_text(what.activity)},
        {"received_at", instant(received_at(what))},
        {"updated_at", instant(what.updated_at)},
        {"photo_count", one.photos},
        {"attachment_count", one.attachments},
        {"has_place", !what.where.text.empty() || !what.where.coordinates.empty()},
        {"duplicate_count", one.duplicates},
        {"reopened_count", one.reopened},
        {"rating", what.rating == 0 ? json() : json(what.rating)},
        {"labels", what.labels},
        {"test", what.test}};
}

json complaint_json(const app::opened_complaint& one, const complaint_view& view)
{
    const auto& what = one.now.what;
    auto out = summary_json(one.now, view);
    out["content"] = what.content;
    out["public_content"] = one.public_content ? json(*one.public_content) : json();
    out["about"] = what.about.empty() ? "both" : what.about;
    out["place"] = place_json(what.where);
    out["sender"] = sender_json(what);
    out["attachments"] = attachments_json(one.attachments);
    out["due_history"] = due_history(what, view);
    out["transitions"] = transitions_json(what, view);
    out["duplicate_of"] = optional_text(what.duplicate_of);
    out["refusal"] = optional_text(what.refusal);
    out["national_code"] = optional_text(what.national_code);
    out["moderated_count"] = one.moderated;
    const bool by_staff = one.answered_until.has_value();
    out["takeover"] = {
        {"by", by_staff ? "staff" : "bot"},
        {"staff_id", optional_text(one.answered_by)},
        {"until", optional_instant(one.answered_until)}};
    auto& others = out["others_of_sender"] = json::array();
    for (const auto& other : one.others)
        others.push_back(
            {{"code", other.code},
             {"state", other.state},
             {"excerpt", excerpt(other.content)},
             {"received_at", instant(other.received_at)}});
    out["others_of_sender_total"] = one.others_total;
    out["may_reply"] = what.source == "zalo" && !what.user_id.empty();
    out["undo_seconds"] = app::undo_span.count();
    return out;
}

json attachment_json(const app::case_attachment& one)
{
    return {
        {"id", one.id},
        {"kind", one.kind},
        {"name", one.name},
        {"media_type", optional_text(one.media_type)},
        {"size_bytes", one.size_bytes ? json(*one.size_bytes) : json()},
        {"status", one.status}};
}

json message_json(const app::case_message& one)
{
    using complaints::role;
    const bool by_citizen = one.said.kind == complaints::message_kind::citizen;
    const auto from = by_citizen                         ? app::speaker::citizen
                      : one.said.by.role == role::system ? app::speaker::bot
                                                         : app::speaker::staff;
    json delivery;
    json failure;
    json undo_until;
    if (const auto& mark = one.fate.delivery) {
        delivery = app::name(mark->is);
        undo_until = optional_instant(mark->undo_until);
        if (mark->why)
            failure = {
                {"reason", app::name(*mark->why)},
                {"title", mark->title},
                {"resendable", mark->resendable}};
    }
    return {
        {"id", std::to_string(one.said.id)},
        {"at", instant(one.said.at)},
        {"from", name(from)},
        {"staff_id", optional_text(staff_id_of(one.said.by))},
        {"text", one.said.text},
        {"public_text", one.fate.public_text ? json(*one.fate.public_text) : json()},
        {"attachments", attachments_json(one.attachments)},
        {"delivery", std::move(delivery)},
        {"failure", std::move(failure)},
        {"undo_until", std::move(undo_until)},
        {"transition", optional_text(one.fate.transition)}};
}

json note_json(const complaints::message& one)
{
    return {
        {"id", std::to_string(one.id)},
        {"at", instant(one.at)},
        {"staff_id", one.by.id},
        {"text", one.text}};
}

json history_json(const app::case_event& one, const complaint_view& view)
{
    const auto& entry = one.entry;
    return {
        {"id", std::to_string(one.id)},
        {"at", instant(entry.at)},
        {"by", complaints::name(entry.by.role)},
        {"staff_id", optional_text(staff_id_of(entry.by))},
        {"what", entry.what},
        {"title", history_title(entry.what, view.rules)},
        {"from_state", optional_text(entry.from)},
        {"to_state", optional_text(entry.to)},
        {"reason", optional_text(entry.reason)},
        {"message", optional_text(entry.message)},
        {"value", optional_text(value_for_people(entry, view))},
        {"late", entry.late}};
}

std::string history_title(std::string_view what, const complaints::rules& rules)
{
    constexpr std::array<std::pair<std::string_view, const char*>, 15> titles{{
        {"rate", "Người dân đánh giá"},
        {"assign", "Phân công"},
        {"category", "Đổi lĩnh vực"},
        {"label", "Đổi nhãn"},
        {"national_code", "Ghi mã cổng quốc gia"},
        {"note", "Ghi chú nội bộ"},
        {"reply", "Trả lời người dân"},
        {"undo_reply", "Rút lại trả lời"},
        {"reply_stale", "Trả lời không gửi được vì phản ánh đã đổi"},
        {"resend", "Gửi lại"},
        {"moderate", "Sửa để công khai"},
        {"reveal", "Xem thông tin người gửi"},
        {"takeover", "Cán bộ trả lời thay máy"},
        {"hand_back", "Trả lại cho máy"},
        {"erase", "Xóa thông tin người gửi"},
    }};
    if (const auto* const step = rules.flow.find_transition(what))
        return step->title;
    if (what.starts_with(reminder_prefix))
        return "Nhắc việc";
    for (const auto& [key, title] : titles)
        if (key == what)
            return title;
    return "Việc khác";
}

std::string masked_name(std::string_view name)
{
    std::string out;
    for (std::size_t begin = 0; begin < name.size();) {
        const auto end = std::min(name.find(' ', begin), name.size());
        const auto word = name.substr(begin, end - begin);
        begin = end + 1;
        if (word.empty())
            continue;
        if (out.empty())
            out = word;
        else
            out.append(" ").append(text::prefix(word, 1)).append(".");
    }
    // A single name says as much as a whole one.
    if (!out.empty() && out.find(' ') == std::string::npos)
        return std::string(text::prefix(out, 1)) + '.';
    return out;
}

std::string masked_phone(std::string_view phone)
{
    constexpr std::size_t known_length = 10;
    if (phone.empty())
        return {};
    if (phone.size() != known_length)
        return "•••";
    return fmt::format("{}xx xxx x{}", phone.substr(0, 2), phone.substr(phone.size() - 2));
}

std::string excerpt(std::string_view content)
{
    std::string line;
    for (const char c : content) {
        const bool blank = static_cast<unsigned char>(c) <= ' ';
        if (!blank)
            line += c;
        else if (!line.empty() && line.back() != ' ')
            line += ' ';
    }
    if (text::prefix(line, excerpt_characters).size() == line.size())
        return line;
    // Whole words, where that leaves anything worth reading.
    const auto cut = text::prefix(line, excerpt_characters - 1);
    auto end = line[cut.size()] == ' ' ? cut.size() : cut.rfind(' ');
    if (end == std::string::npos || end < cut.size() / 2)
        end = cut.size();
    const auto last = line.find_last_not_of(" .,;:", end - 1);
    return line.substr(0, last == std::string::npos ? end : last + 1) + "…";
}

std::string local_date(utc_time when)
{
    const auto day = vietnam_date(when);
    return fmt::format(
        "{:04}-{:02}-{:02}",
        static_cast<int>(day.year()),
        static_cast<unsigned>(day.month()),
        static_cast<unsigned>(day.day()));
}

int working_days_left(const complaints::rules& rules, utc_time now, utc_time due)
{
    const auto left = rules.calendar.left(now, due);
    return left.overdue ? -left.working_days : left.working_days;
}

} // namespace motcua::staff_api
