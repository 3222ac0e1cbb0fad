#include <motcua/app/audit.hpp>
#include <motcua/app/casework.hpp>
#include <motcua/app/complaint_desk.hpp>
#include <motcua/app/takeover.hpp>
#include <motcua/core/dialogue/reply_places.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <map>
#include <utility>

namespace motcua::app {
namespace {

using complaints::complaint;
using complaints::history_entry;
using complaints::input;
using complaints::objection;
using complaints::role;

constexpr std::size_t agency_limit = 200;

case_outcome failed(case_end end, std::optional<complaint> now = {})
{
    case_outcome out;
    out.end = end;
    out.now = std::move(now);
    return out;
}

case_outcome invalid(std::string field, std::string title)
{
    case_outcome out;
    out.end = case_end::invalid;
    out.field = std::move(field);
    out.title = std::move(title);
    return out;
}

case_outcome done(complaint now, std::int64_t message_id = 0)
{
    case_outcome out;
    out.now = std::move(now);
    out.message_id = message_id;
    return out;
}

case_outcome illegal(objection why, complaint now)
{
    auto out = failed(case_end::illegal, std::move(now));
    out.why = why;
    return out;
}

complaints::change change_of(
    const complaints::actor& by, const std::string& transition, const transition_inputs& inputs)
{
    return {
        .transition = transition,
        .by = by,
        .reason = inputs.reason,
        .message = inputs.message,
        .unit = inputs.unit,
        .agency = inputs.agency,
        .duplicate_of = inputs.duplicate_of,
        .refusal = inputs.refusal};
}

const std::string& value_of(const complaints::change& wish, input what)
{
    switch (what) {
    case input::reason:
        return wish.reason;
    case input::message:
        return wish.message;
    case input::unit:
        return wish.unit;
    case input::agency:
        return wish.agency;
    case input::duplicate_of:
        return wish.duplicate_of;
    case input::refusal:
        return wish.refusal;
    }
    return wish.reason;
}

std::string title_of(input what)
{
    switch (what) {
    case input::reason:
        return "Chưa có lý do";
    case input::message:
        return "Chưa có lời nhắn người dân";
    case input::unit:
        return "Chưa chọn đơn vị";
    case input::agency:
        return "Chưa có cơ quan nhận";
    case input::duplicate_of:
        return "Chưa có mã phản ánh trùng";
    case input::refusal:
        return "Chưa chọn lý do từ chối";
    }
    return {};
}

// All that a citizen reads of a notice, whether it fits or not.
std::size_t characters_of(const dialogue::notice& what)
{
    dialogue::conversation nobody;
    const auto menu = dialogue::tell(nobody, {{}, what.choices}).text;
    return text::code_points(what.text) + text::code_points(menu);
}

std::string title_of_transition(const complaints::rules& by, const std::string& id)
{
    const auto* const found = by.flow.find_transition(id);
    return found == nullptr ? id : found->title;
}

audit_entry audit_of(
    const staff_member& who, std::string action, std::string code, std::string detail, utc_time now)
{
    audit_entry entry;
    entry.at = now;
    entry.staff_id = who.id;
    entry.actor = who.user_name;
    entry.action = std::move(action);
    entry.subject = std::move(code);
    entry.detail = std::move(detail);
    return entry;
}

// Gives a message to the outbox. Choices count from when they are read, so those of a message that
// waits are not the conversation's yet.
std::int64_t send(
    transaction& store,
    const std::string& user_id,
    const dialogue::notice& what,
    sending when,
    utc_time now)
{
    auto conversation = store.load_conversation(user_id);
    const auto message = dialogue::tell(conversation, what);
    if (when == sending::at_once)
        store.save_conversation(user_id, conversation, now);
    return store.add_outgoing(user_id, message, now, when);
}

// Names, which outlive the ids they stand for.
std::string
words_of_assignment(account_reader& accounts, const std::string& unit, const std::string& officer)
{
    const auto office = accounts.find_unit(unit);
    auto words = unit.empty() ? "không đơn vị" : office ? office->name : unit;
    if (officer.empty())
        return words;
    const auto account = accounts.find(officer);
    return words + ", " + (account ? account->who.name : officer);
}

// What an entry of edit() is about, for the audit.
std::string words_of_edit(
    const complaints::category_tree& tree,
    const complaint& before,
    const complaint& after,
    const history_entry& entry)
{
    const auto title = [&tree](const std::string& id) {
        const auto* const found = tree.find(id);
        return found == nullptr ? id : found->title;
    };
    if (entry.what == "category")
        return title(before.category) + " -> " + title(after.category);
    if (entry.what != "label")
        return entry.value;
    std::string labels;
    for (const auto& one : after.labels)
        labels += (labels.empty() ? "" : ", ") + one;
    return labels;
}

} // namespace

unit_tree unit_tree_of(account_reader& accounts)
{
    std::map<std::string, std::string, std::less<>> parents;
    for (auto& one : accounts.units())
        parents.emplace(std::move(one.id), std::move(one.parent));
    return unit_tree(std::move(parents));
}

complaints::role role_of(const staff_member& who)
{
    return who.is(staff_role::coordinator) ? role::coordinator : role::officer;
}

// How a reply reads: either `fault` or the rest.
struct case_unit::worded
{
    std::optional<case_outcome> fault;
    dialogue::notice what;
    std::string words; // of the staff, places filled in
};

case_unit::case_unit(
    transaction& store, const dialogue::knowledge& known, const case_worker& by, utc_time now)
    : store_(store), known_(known), by_(by), now_(now)
{
}

case_outcome case_unit::load(const std::string& code, std::optional<version> expected)
{
    auto found = store_.complaints().find(code);
    if (!found || !by_.may_see(*found, unit_tree_of(store_.accounts())))
        return failed(case_end::not_found);
    const bool stale = expected && !rehearses_ && *expected != found->version;
    return failed(stale ? case_end::stale : case_end::done, std::move(found));
}

history_entry case_unit::entry_of(const complaint& now, std::string what, std::string reason) const
{
    return {
        .at = now_,
        .by = {role_of(by_.who), by_.who.id},
        .what = std::move(what),
        .from = now.state,
        .to = now.state,
        .reason = std::move(reason),
        .message = {},
        .value = {}};
}

void case_unit::audit(
    const std::string& action, const std::string& code, std::string detail, std::string citizen)
{
    auto entry = audit_of(by_.who, action, code, std::move(detail), now_);
    entry.address = by_.address;
    entry.citizen = std::move(citizen);
    store_.audit().add(entry);
}

// ---- what the case is about, and who works on it

case_outcome case_unit::edit(const std::string& code, case_edit wanted, version expected)
{
    auto found = load(code, expected);
    if (found.end != case_end::done)
        return found;
    auto& now = *found.now;
    auto after = now;
    std::vector<history_entry> entries;
    if (wanted.category && *wanted.category != now.category) {
        const auto& tree = known_.complaints.categories;
        if (!tree.is_leaf(*wanted.category))
            return invalid("category", "Không có lĩnh vực này");
        if (wanted.reason.empty())
            return invalid("reason", "Đổi lĩnh vực phải nêu lý do");
        auto& entry = entries.emplace_back(entry_of(now, "category", std::move(wanted.reason)));
        entry.value = now.category + " -> " + *wanted.category;
        after.about = complaints::name(tree.find(*wanted.category)->about);
        after.category = std::move(*wanted.category);
    }
    if (wanted.labels && *wanted.labels != now.labels) {
        auto sorted = *wanted.labels;
        std::ranges::sort(sorted);
        if (std::ranges::adjacent_find(sorted) != sorted.end())
            return invalid("labels", "Có nhãn trùng nhau");
        entries.push_back(entry_of(now, "label"));
        after.labels = std::move(*wanted.labels);
    }
    if (wanted.national_code && *wanted.national_code != now.national_code) {
        entries.push_back(entry_of(now, "national_code"));
        entries.back().value = *wanted.national_code;
        after.national_code = std::move(*wanted.national_code);
    }
    if (entries.empty() || rehearses_)
        return found;
    for (const auto& entry : entries)
        audit(
            entry.what == "national_code" ? "edit" : entry.what,
            code,
            words_of_edit(known_.complaints.categories, now, after, entry));
    complaint_unit desk(store_, known_, now_);
    return done(desk.save(std::move(after), std::move(entries)));
}

case_outcome case_unit::relabel(
    const std::string& code,
    const std::vector<std::string>& add,
    const std::vector<std::string>& remove,
    version expected)
{
    auto found = load(code, expected);
    if (found.end != case_end::done)
        return found;
    const auto among = [](const std::vector<std::string>& labels, const std::string& one) {
        return std::ranges::find(labels, one) != labels.end();
    };
    case_edit wanted;
    auto& labels = wanted.labels.emplace();
    for (const auto& label : found.now->labels)
        if (!among(remove, label))
            labels.push_back(label);
    for (const auto& label : add)
        if (!among(labels, label))
            labels.push_back(label);
    if (labels.size() > complaints::label_limit)
        return invalid(
            "labels", "Phản ánh chỉ mang " + std::to_string(complaints::label_limit) + " nhãn");
    return edit(code, std::move(wanted), expected);
}

case_outcome case_unit::assign(
    const std::string& code,
    const std::string& unit,
    const std::string& officer,
    const std::string& reason,
    version expected)
{
    auto found = load(code, expected);
    if (found.end != case_end::done)
        return found;
    auto& now = *found.now;
    const bool moves = unit != now.unit;
    const bool coordinates = role_of(by_.who) == role::coordinator;
    if (!coordinates && moves && !(now.unit.empty() && unit == by_.who.unit && !unit.empty()))
        return invalid("unit_id", "Chuyển sang đơn vị khác bằng bước “Chuyển đơn vị”");
    if (moves && !unit.empty()) {
        const auto office = store_.accounts().find_unit(unit);
        if (!office || !office->active)
            return invalid("unit_id", "Không có đơn vị này, hoặc đơn vị đã đóng");
    }
    if (moves && !now.unit.empty() && reason.empty())
        return invalid("reason", "Đổi đơn vị phải nêu lý do");
    if (!officer.empty() && officer != now.officer) {
        const auto account = store_.accounts().find(officer);
        const auto member = account ? account->who : staff_member{};
        const bool works = account && member.active &&
                           (member.is(staff_role::officer) || member.is(staff_role::coordinator));
        if (!works)
            return invalid("officer_id", "Không có cán bộ này, hoặc tài khoản đã khóa");
        if (member.unit != unit && !member.is(staff_role::coordinator))
            return invalid("officer_id", "Cán bộ này không thuộc đơn vị đã chọn");
    }
    if (!officer.empty() && unit.empty())
        return invalid("unit_id", "Chưa chọn đơn vị");
    if ((!moves && officer == now.officer) || rehearses_)
        return found;
    auto entry = entry_of(now, "assign", reason);
    entry.value = unit + "/" + officer;
    auto after = now;
    after.unit = unit;
    after.officer = officer;
    audit("assign", code, words_of_assignment(store_.accounts(), unit, officer));
    complaint_unit desk(store_, known_, now_);
    return done(desk.save(std::move(after), {std::move(entry)}));
}

// ---- states

std::optional<case_outcome>
case_unit::fault_of(const complaint& now, const complaints::change& wish)
{
    const auto& rules = known_.complaints;
    const auto why = complaints::check(rules, now, wish, now_);
    if (why == objection::missing_input) {
        for (const auto needed : rules.flow.find_transition(wish.transition)->needs)
            if (value_of(wish, needed).empty())
                return invalid("inputs." + std::string(name(needed)), title_of(needed));
    }
    if (why == objection::unknown_refusal)
        return invalid("inputs.refusal", "Không có lý do từ chối này");
    if (why == objection::own_duplicate)
        return invalid("inputs.duplicate_of", "Phản ánh không thể trùng với chính nó");
    if (why == objection::too_long)
        return invalid("inputs", "Nội dung quá dài, hoặc phản ánh đã đổi trạng thái quá nhiều lần");
    if (why != objection::none)
        return illegal(why, now);
    if (!wish.unit.empty()) {
        const auto office = store_.accounts().find_unit(wish.unit);
        if (!office || !office->active)
            return invalid("inputs.unit", "Không có đơn vị này, hoặc đơn vị đã đóng");
    }
    if (text::code_points(wish.agency) > agency_limit)
        return invalid("inputs.agency", "Dài quá 200 ký tự");
    if (!wish.duplicate_of.empty()) {
        const auto other = store_.complaints().find(wish.duplicate_of);
        if (!other)
            return invalid("inputs.duplicate_of", "Không có phản ánh mang mã này");
    }
    return std::nullopt;
}

case_outcome case_unit::change(
    const std::string& code,
    const std::string& transition,
    const transition_inputs& inputs,
    version expected)
{
    auto found = load(code, expected);
    if (found.end != case_end::done)
        return found;
    auto& now = *found.now;
    auto wish = change_of({role_of(by_.who), by_.who.id}, transition, inputs);
    if (auto fault = fault_of(now, wish))
        return std::move(*fault);
    complaint_unit desk(store_, known_, now_);
    if (!wish.message.empty()) {
        const auto reads =
            word(now, {.text = wish.message, .transition = transition, .inputs = inputs});
        if (reads.fault)
            return *reads.fault;
        if (characters_of(reads.what) > dialogue::text_limit)
            return invalid("inputs.message", "Tin nhắn cho người dân dài quá 2.000 ký tự");
        wish.message = reads.words;
    }
    if (rehearses_) {
        found.words = words_of(now, wish);
        return found;
    }
    const auto changed = desk.change(code, wish, expected);
    if (changed.end != desk_end::done)
        throw std::logic_error("a legal change was refused");
    has_spoken_ = has_spoken_ || desk.has_spoken();
    audit("transition", code, title_of_transition(known_.complaints, transition));
    return done(*changed.now);
}

std::string case_unit::words_of(const complaint& now, const complaints::change& wish)
{
    if (now.user_id.empty())
        return {};
    const auto after = complaints::apply(known_.complaints, now, wish, now_).next;
    const auto notice =
        dialogue::notice_of_change(known_, with_unit_name(store_, after), wish.message, now_);
    dialogue::conversation nobody;
    return notice ? dialogue::tell(nobody, *notice).text : std::string();
}

// ---- what is said

std::optional<case_outcome> case_unit::repeated(const complaint& now, const std::string& request_id)
{
    const auto known = store_.casework().request(by_.who.id, request_id);
    if (!known)
        return std::nullopt;
    if (known->complaint_id != now.id)
        return invalid("request_id", "Mã yêu cầu đã dùng cho việc khác");
    if (!store_.casework().message(known->message_id))
        return failed(case_end::too_late, now); // undone meanwhile
    return done(now, known->message_id);
}

case_outcome
case_unit::note(const std::string& code, const std::string& request_id, std::string text)
{
    auto found = load(code);
    if (found.end != case_end::done)
        return found;
    auto& now = *found.now;
    if (auto before = repeated(now, request_id))
        return std::move(*before);
    const auto id = store_.complaints().add_message(
        now.id,
        {.at = now_,
         .kind = complaints::message_kind::note,
         .by = {role_of(by_.who), by_.who.id},
         .text = std::move(text),
         .attachments = {}});
    store_.complaints().add_history(now.id, entry_of(now, "note"));
    store_.casework().note_request(by_.who.id, request_id, {now.id, id});
    audit("note", code, {});
    return done(now, id);
}

case_unit::worded case_unit::word(const complaint& now, const reply_draft& draft)
{
    const auto& rules = known_.complaints;
    worded out;
    auto inputs = draft.inputs;
    inputs.message = draft.text;
    const complaints::actor actor{role_of(by_.who), by_.who.id};
    auto wish = change_of(actor, draft.transition, inputs);
    auto after = now;
    if (!draft.transition.empty()) {
        out.fault = fault_of(now, wish);
        if (out.fault)
            return out;
        after = complaints::apply(rules, now, wish, now_).next;
    }
    auto filled = dialogue::fill_reply(
        known_,
        with_unit_name(store_, now),
        with_unit_name(store_, after),
        by_.who.name,
        draft.text);
    if (filled.unfilled) {
        const auto* const why =
            filled.is_known ? " chưa có giá trị cho phản ánh này" : " không có trong danh sách";
        out.fault = invalid("text", "Chỗ điền {{" + *filled.unfilled + "}}" + why);
        return out;
    }
    out.words = std::move(filled.text);
    if (draft.transition.empty()) {
        out.what = dialogue::notice_of_reply(known_, now, out.words);
        return out;
    }
    wish.message = out.words;
    after = complaints::apply(rules, now, wish, now_).next;
    auto notice =
        dialogue::notice_of_change(known_, with_unit_name(store_, after), out.words, now_);
    if (notice)
        out.what = std::move(*notice);
    else
        out.fault = invalid("transition", "Ở trạng thái này người dân không được nhắn tin");
    return out;
}

case_outcome case_unit::preview(const std::string& code, const reply_draft& draft)
{
    auto found = load(code);
    if (found.end != case_end::done)
        return found;
    auto reads = word(*found.now, draft);
    if (reads.fault)
        return std::move(*reads.fault);
    found.characters = characters_of(reads.what);
    dialogue::conversation nobody;
    // What does not fit is shown whole, so that it can be cut by hand.
    found.words = found.characters > dialogue::text_limit ? reads.what.text
                                                          : dialogue::tell(nobody, reads.what).text;
    return found;
}

case_outcome case_unit::hold(
    const std::string& code,
    const std::string& request_id,
    const reply_draft& draft,
    sending when,
    version expected)
{
    auto found = load(code);
    if (found.end != case_end::done)
        return found;
    auto& now = *found.now;
    if (auto before = repeated(now, request_id))
        return std::move(*before);
    if (now.version != expected)
        return failed(case_end::stale, std::move(now));
    if (store_.casework().held_of(now.id))
        return failed(case_end::reply_held, std::move(now));
    if (now.user_id.empty() || now.source != "zalo")
        return invalid("text", "Không có cuộc trò chuyện để trả lời người gửi");
    const auto reads = word(now, draft);
    if (reads.fault)
        return *reads.fault;
    if (characters_of(reads.what) > dialogue::text_limit)
        return invalid("text", "Tin nhắn dài quá 2.000 ký tự, kể cả lời của trạng thái mới");
    const complaints::actor actor{role_of(by_.who), by_.who.id};
    const auto id = store_.complaints().add_message(
        now.id,
        {.at = now_,
         .kind = complaints::message_kind::staff,
         .by = actor,
         .text = reads.what.text,
         .attachments = {},
         .transition = draft.transition,
         .held = true});
    store_.casework().hold(
        {.message_id = id,
         .complaint_id = now.id,
         .code = code,
         .by = actor,
         .draft = draft,
         .undo_until = now_ + undo_span,
         .when = when});
    store_.casework().note_request(by_.who.id, request_id, {now.id, id});
    audit("reply", code, title_of_transition(known_.complaints, draft.transition));
    has_held_ = true;
    return done(std::move(now), id);
}

case_outcome case_unit::undo(const std::string& code, std::int64_t message_id)
{
    auto found = load(code);
    if (found.end != case_end::done)
        return found;
    auto& cases = store_.casework();
    const auto reply = cases.reply(message_id);
    if (!reply || reply->complaint_id != found.now->id)
        return failed(case_end::not_found);
    found.draft = reply->draft;
    if (reply->state == reply_state::given) {
        const auto stored = cases.message(message_id);
        if (!stored || !cases.take_back(stored->said.outbox_id, now_))
            return failed(case_end::too_late, std::move(found.now));
        // The case has changed its state all the same.
        found.draft.transition.clear();
        found.draft.inputs = {};
        store_.complaints().add_history(found.now->id, entry_of(*found.now, "undo_reply"));
    } else if (reply->state != reply_state::held) {
        return failed(case_end::too_late, std::move(found.now));
    }
    cases.remove_message(message_id);
    audit("reply_undone", code, {});
    return found;
}

case_outcome case_unit::resend(const std::string& code, std::int64_t message_id)
{
    auto found = load(code);
    if (found.end != case_end::done)
        return found;
    auto& cases = store_.casework();
    const auto stored = cases.message(message_id);
    if (!stored || stored->complaint_id != found.now->id ||
        stored->said.kind != complaints::message_kind::staff)
        return failed(case_end::not_found);
    const auto unsent = cases.unsent_message(stored->said.outbox_id);
    if (!unsent)
        return failed(case_end::too_late, std::move(found.now));
    const auto row = store_.add_outgoing(unsent->user_id, unsent->message, now_);
    cases.hand_over(message_id, stored->said.text, row);
    store_.complaints().add_history(found.now->id, entry_of(*found.now, "resend"));
    audit("reply_resent", code, {});
    has_spoken_ = true;
    found.message_id = message_id;
    return found;
}

// ---- the rest

case_outcome case_unit::take_over(const std::string& code, std::chrono::minutes span)
{
    auto found = load(code);
    if (found.end != case_end::done)
        return found;
    const auto& citizen = found.now->user_id;
    if (citizen.empty() || !store_.knows(citizen))
        return invalid("minutes", "Không có cuộc trò chuyện để tiếp quản");
    found.until = now_ + span;
    app::take_over(store_, citizen, by_.who.id, *found.until, now_);
    auto entry = entry_of(*found.now, "takeover");
    entry.value = std::to_string(span.count());
    store_.complaints().add_history(found.now->id, entry);
    audit("takeover", code, entry.value + " phút");
    return found;
}

case_outcome case_unit::hand_back(const std::string& code)
{
    auto found = load(code);
    if (found.end != case_end::done)
        return found;
    if (!found.now->user_id.empty() && app::hand_back(store_, found.now->user_id, now_)) {
        store_.complaints().add_history(found.now->id, entry_of(*found.now, "hand_back"));
        audit("hand_back", code, {});
    }
    return found;
}

case_outcome case_unit::moderate(
    const std::string& code,
    std::int64_t message_id,
    const std::string& text,
    const std::string& reason,
    version expected)
{
    auto found = load(code, expected);
    if (found.end != case_end::done)
        return found;
    auto& now = *found.now;
    auto& cases = store_.casework();
    auto original = now.content;
    if (message_id != 0) {
        auto stored = cases.message(message_id);
        const auto reply = cases.reply(message_id);
        const bool is_said = stored && stored->complaint_id == now.id &&
                             stored->said.kind != complaints::message_kind::note &&
                             (!reply || reply->state != reply_state::held);
        if (!is_said)
            return invalid("message_id", "Không có tin nhắn này");
        original = std::move(stored->said.text);
    }
    const auto before = cases.public_text(now.id, message_id).value_or(original);
    if (text == before)
        return found;
    cases.add_moderation(
        {.complaint_id = now.id,
         .message_id = message_id,
         .original = original,
         .text = text,
         .reason = reason,
         .staff_id = by_.who.id,
         .at = now_});
    auto entry = entry_of(now, "moderate", reason);
    entry.changes = {{message_id == 0 ? "public_content" : "public_text", before, text}};
    audit("moderate", code, reason, now.user_id);
    complaint_unit desk(store_, known_, now_);
    return done(desk.save(now, {std::move(entry)}));
}

case_outcome case_unit::reveal(const std::string& code, const std::string& reason)
{
    auto found = load(code);
    if (found.end != case_end::done)
        return found;
    store_.complaints().add_history(found.now->id, entry_of(*found.now, "reveal", reason));
    audit("reveal", code, reason, found.now->user_id);
    return found;
}

case_outcome case_unit::archive(const std::string& code)
{
    auto found = load(code);
    if (found.end == case_end::done)
        audit("archive", code, {});
    return found;
}

// ---- replies whose time has come

void case_unit::apply(const held_reply& reply)
{
    auto found = load(reply.code);
    auto& cases = store_.casework();
    const bool reachable = found.end == case_end::done && !found.now->user_id.empty();
    worded reads;
    if (reachable)
        reads = word(*found.now, reply.draft);
    if (!reachable || reads.fault || characters_of(reads.what) > dialogue::text_limit) {
        cases.end_reply(reply.message_id, reply_state::stale);
        if (found.now)
            store_.complaints().add_history(found.now->id, entry_of(*found.now, "reply_stale"));
        audit("reply_stale", reply.code, {});
        return;
    }
    const auto& now = *found.now;
    const auto row = send(store_, now.user_id, reads.what, reply.when, now_);
    cases.hand_over(reply.message_id, reads.what.text, row);
    cases.end_reply(reply.message_id, reply_state::given);
    has_spoken_ = true;
    complaint_unit desk(store_, known_, now_);
    if (reply.draft.transition.empty()) {
        auto entry = entry_of(now, "reply");
        entry.message = reads.words;
        entry.changes = {{"reply", {}, reads.words}};
        desk.save(now, {std::move(entry)});
        return;
    }
    auto inputs = reply.draft.inputs;
    inputs.message = reads.words;
    const auto wish = change_of(reply.by, reply.draft.transition, inputs);
    auto made = complaints::apply(known_.complaints, now, wish, now_);
    desk.save(std::move(made.next), {std::move(made.entry)});
    audit("transition", reply.code, title_of_transition(known_.complaints, reply.draft.transition));
}

std::size_t apply_due_replies(
    transaction& store, const dialogue::knowledge& known, utc_time now, std::size_t limit)
{
    const auto due = store.casework().replies_due(now, limit);
    for (const auto& reply : due) {
        case_worker by;
        if (auto author = store.accounts().find(reply.by.id))
            by.who = std::move(author->who);
        by.who.id = reply.by.id;
        // As which it was held.
        by.who.roles = {
            reply.by.role == role::coordinator ? staff_role::coordinator : staff_role::officer};
        by.may_see = [](const complaint&, const unit_tree&) { return true; };
        case_unit(store, known, by, now).apply(reply);
    }
    return due.size();
}

casework::casework(casework_parts parts) : parts_(std::move(parts)) {}

asio::awaitable<result<case_outcome>> casework::run(case_worker by, command what)
{
    struct work
    {
        case_worker by;
        command what;
        content used;
        utc_time now{};
        case_outcome end;
        bool has_spoken = false;
        bool has_held = false;
    };
    auto job = std::make_shared<work>();
    job->by = std::move(by);
    job->what = std::move(what);
    job->used = parts_.current_content();
    job->now = parts_.now();
    auto unit = [job](transaction& store) {
        case_unit on(store, *job->used.knowledge, job->by, job->now);
        job->end = job->what(on);
        job->has_spoken = on.has_spoken();
        job->has_held = on.has_held();
    };
    const auto committed = co_await parts_.store.commit(std::move(unit));
    if (!committed)
        co_return committed.error();
    if (job->has_spoken)
        parts_.outgoing_added();
    if (job->has_held)
        parts_.reply_held();
    co_return std::move(job->end);
}

} // namespace motcua::app
