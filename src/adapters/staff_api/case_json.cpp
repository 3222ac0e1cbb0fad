#include "case_json.hpp"

#include "complaint_access.hpp"
#include "limits.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace motcua::staff_api {
namespace {

constexpr std::size_t longest_agency = 200; // code points

std::string title_of_field(std::string_view field)
{
    constexpr std::array<std::pair<std::string_view, const char*>, 15> titles{{
        {"state", "Trạng thái"},
        {"unit", "Đơn vị"},
        {"officer", "Cán bộ"},
        {"category", "Lĩnh vực"},
        {"labels", "Nhãn"},
        {"national_code", "Mã trên Cổng quốc gia"},
        {"agency", "Cơ quan được chuyển đến"},
        {"refusal", "Lý do từ chối"},
        {"duplicate_of", "Trùng với"},
        {"message", "Lời nhắn người dân"},
        {"rating", "Người dân đánh giá"},
        {"reply", "Trả lời người dân"},
        {"public_content", "Bản công khai của nội dung"},
        {"public_text", "Bản công khai của tin nhắn"},
        {"sender", "Người gửi"},
    }};
    for (const auto& [key, title] : titles)
        if (key == field)
            return title;
    return std::string(field);
}

// Names for ids.
json value_for_people(
    const complaints::field_change& change,
    const std::string& value,
    const complaints::rules& rules,
    const names_by_id& names)
{
    if (value.empty())
        return {};
    if (change.field == "state") {
        const auto* const found = rules.flow.find_state(value);
        return found == nullptr ? value : found->title;
    }
    if (change.field == "category") {
        const auto* const found = rules.categories.find(value);
        return found == nullptr ? value : found->title;
    }
    if (change.field == "refusal") {
        const auto* const found = rules.flow.find_refusal(value);
        return found == nullptr ? value : found->title;
    }
    if (change.field == "unit" || change.field == "officer") {
        const auto found = names.find(value);
        return found == names.end() ? value : found->second;
    }
    return value;
}

} // namespace

app::transition_inputs inputs_from(const json* given)
{
    app::transition_inputs inputs;
    if (given == nullptr)
        return inputs;
    body_reader body(*given);
    const auto take = [&body](std::string_view field, std::size_t most) {
        return body.optional_text(field, most).value_or("");
    };
    inputs.reason = take("reason", longest_text);
    inputs.message = take("message", longest_text);
    inputs.unit = take("unit", longest_id);
    inputs.agency = take("agency", longest_agency);
    inputs.duplicate_of = take("duplicate_of", longest_id);
    inputs.refusal = take("refusal", longest_id);
    body.end();
    return inputs;
}

app::reply_draft draft_from(body_reader& rest)
{
    app::reply_draft draft;
    draft.text = rest.text("text", 1, longest_text);
    if (draft.text.find_first_not_of(" \n\r\t") == std::string::npos)
        throw invalid("text", "Chưa có nội dung");
    draft.transition = rest.optional_text("transition", longest_id).value_or("");
    draft.inputs = inputs_from(rest.object("inputs"));
    draft.inputs.message.clear(); // it is the text
    draft.template_id = rest.optional_text("template_id", longest_id).value_or("");
    return draft;
}

json draft_json(const app::reply_draft& draft)
{
    json out = {{"text", draft.text}};
    if (!draft.transition.empty())
        out["transition"] = draft.transition;
    if (!draft.template_id.empty())
        out["template_id"] = draft.template_id;
    json inputs = json::object();
    const auto put = [&inputs](const char* field, const std::string& value) {
        if (!value.empty())
            inputs[field] = value;
    };
    put("reason", draft.inputs.reason);
    put("unit", draft.inputs.unit);
    put("agency", draft.inputs.agency);
    put("duplicate_of", draft.inputs.duplicate_of);
    put("refusal", draft.inputs.refusal);
    if (!inputs.empty())
        out["inputs"] = std::move(inputs);
    return out;
}

json moderation_json(const app::moderation& one)
{
    return {
        {"id", std::to_string(one.id)},
        {"message_id", one.message_id == 0 ? json() : json(std::to_string(one.message_id))},
        {"original", one.original},
        {"text", one.text},
        {"reason", one.reason},
        {"staff_id", one.staff_id},
        {"at", instant(one.at)}};
}

json changes_json(
    const std::vector<complaints::history_entry>& since,
    const complaints::rules& rules,
    const names_by_id& names)
{
    using complaints::role;
    json out = json::array();
    for (const auto& entry : since) {
        const bool by_staff = entry.by.role == role::officer || entry.by.role == role::coordinator;
        auto changes = entry.changes;
        if (entry.what == "erase")
            changes.push_back({"sender", {}, "đã yêu cầu xóa dữ liệu"});
        for (const auto& one : changes)
            out.push_back(
                {{"field", one.field},
                 {"title", title_of_field(one.field)},
                 {"old", value_for_people(one, one.before, rules, names)},
                 {"new", value_for_people(one, one.after, rules, names)},
                 {"staff_id", by_staff ? optional_text(entry.by.id) : json()},
                 {"at", instant(entry.at)}});
    }
    return out;
}

std::string title_of(complaints::objection why)
{
    using complaints::objection;
    switch (why) {
    case objection::unknown_transition:
        return "Không có bước này trong quy trình.";
    case objection::wrong_state:
        return "Trạng thái hiện tại của phản ánh không cho phép bước này.";
    case objection::wrong_role:
        return "Vai trò của anh/chị không được làm bước này.";
    case objection::too_late:
        return "Đã quá thời hạn được làm bước này.";
    case objection::too_early:
        return "Chưa đến lúc làm bước này.";
    default:
        return "Không thể làm bước này.";
    }
}

app::case_worker worker_of(const call& asked)
{
    app::case_worker by;
    by.who = asked.by.who;
    by.address = asked.request.peer;
    by.may_see = [who = asked.by](const complaints::complaint& one, const app::unit_tree& units) {
        return may_see(who, one, units);
    };
    return by;
}

std::string trimmed(std::string text)
{
    constexpr auto blank = " \n\r\t";
    const auto last = text.find_last_not_of(blank);
    text.resize(last == std::string::npos ? 0 : last + 1);
    text.erase(0, std::min(text.find_first_not_of(blank), text.size()));
    return text;
}

std::vector<std::string> labels_from(body_reader& body, std::string_view field, bool required)
{
    auto labels =
        body.texts(field, complaints::label_limit, complaints::label_characters, required);
    for (auto& label : labels) {
        label = trimmed(std::move(label));
        if (label.empty())
            throw invalid(std::string(field), "Có nhãn trống");
    }
    return labels;
}

} // namespace motcua::staff_api
