#include <motcua/app/staff_administration.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace motcua::app {
namespace {

constexpr std::size_t longest_user_name = 64;

void note(
    transaction& store,
    audit_entry& act,
    std::string_view action,
    std::string_view subject,
    std::string detail = {})
{
    act.action = action;
    act.subject = subject;
    act.detail = std::move(detail);
    store.audit().add(act);
}

std::string titles_of(const std::set<staff_role>& roles)
{
    std::string out;
    for (const auto role : roles) {
        out += out.empty() ? "" : ", ";
        out += title(role);
    }
    return out;
}

// "old -> new" of what differs.
class differences
{
public:
    void add(std::string_view title, const std::string& before, const std::string& after)
    {
        if (before == after)
            return;
        text_ += text_.empty() ? "" : "; ";
        text_ += title;
        text_ += ": " + shown(before) + " -> " + shown(after);
    }
    std::string text() const { return text_; }

private:
    static std::string shown(const std::string& value) { return value.empty() ? "–" : value; }
    std::string text_;
};

std::string yes_or_no(bool value)
{
    return value ? "có" : "không";
}

// The name, which outlives the id.
std::string unit_name(transaction& store, const std::string& id)
{
    const auto found = store.accounts().find_unit(id);
    return found ? found->name : id;
}

// Whether somebody else could still administer.
bool is_last_admin(transaction& store, std::string_view staff_id)
{
    const auto all = store.accounts().all();
    return std::ranges::none_of(all, [staff_id](const account& one) {
        return one.who.id != staff_id && one.who.active && one.who.is(staff_role::admin);
    });
}

// `former_unit`: where the account is already, which may have been closed since.
objection fault_of(transaction& store, const staff_member& who, std::string_view former_unit)
{
    if (who.roles.empty())
        return objection::no_role;
    if (who.unit.empty())
        return who.is(staff_role::officer) ? objection::officer_without_unit : objection::none;
    const auto unit = store.accounts().find_unit(who.unit);
    if (!unit)
        return objection::unknown_unit;
    return unit->active || who.unit == former_unit ? objection::none : objection::closed_unit;
}

// True if `id` is `above` or below it.
bool is_at_or_below(const std::vector<unit>& units, const std::string& id, const std::string& above)
{
    auto at = id;
    for (std::size_t steps = 0; !at.empty() && steps <= units.size(); ++steps) {
        if (at == above)
            return true;
        const auto found = std::ranges::find(units, at, &unit::id);
        at = found == units.end() ? std::string() : found->parent;
    }
    return false;
}

} // namespace

std::string_view explanation(objection why)
{
    switch (why) {
    case objection::none:
        return "";
    case objection::not_found:
        return "Không tìm thấy";
    case objection::stale:
        return "Người khác vừa thay đổi";
    case objection::bad_user_name:
        return "Tên đăng nhập gồm 2 đến 64 ký tự: chữ thường không dấu, chữ số, dấu chấm, gạch "
               "nối, "
               "gạch dưới; bắt đầu bằng chữ hoặc số";
    case objection::user_name_taken:
        return "Tên đăng nhập này đã có người dùng";
    case objection::too_many:
        return "Đã đủ số lượng tối đa";
    case objection::no_role:
        return "Cần ít nhất một vai trò";
    case objection::officer_without_unit:
        return "Cán bộ xử lý phải thuộc một đơn vị";
    case objection::unknown_unit:
        return "Không có đơn vị này";
    case objection::closed_unit:
        return "Đơn vị này đã ngừng hoạt động";
    case objection::last_admin:
        return "Đây là quản trị viên cuối cùng còn hoạt động";
    case objection::unit_circle:
        return "Đơn vị không thể trực thuộc chính nó hoặc đơn vị cấp dưới của nó";
    case objection::unit_in_use:
        return "Đơn vị còn cán bộ, hồ sơ phản ánh hoặc đơn vị cấp dưới. Hãy cho ngừng hoạt động "
               "thay "
               "vì xóa";
    }
    return "";
}

bool is_user_name(std::string_view text)
{
    const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    return text.size() >= 2 && text.size() <= longest_user_name && plain(text.front()) &&
           std::ranges::all_of(
               text, [&plain](char c) { return plain(c) || c == '.' || c == '_' || c == '-'; });
}

objection add_account(transaction& store, const account& fresh, audit_entry act)
{
    auto& accounts = store.accounts();
    if (!is_user_name(fresh.who.user_name))
        return objection::bad_user_name;
    if (accounts.find_by_user_name(fresh.who.user_name))
        return objection::user_name_taken;
    if (accounts.all().size() >= staff_limit)
        return objection::too_many;
    if (const auto fault = fault_of(store, fresh.who, {}); fault != objection::none)
        return fault;
    accounts.put(fresh);
    note(
        store,
        act,
        "staff_added",
        fresh.who.user_name,
        "Vai trò: " + titles_of(fresh.who.roles) +
            (fresh.who.unit.empty() ? "" : "; đơn vị: " + unit_name(store, fresh.who.unit)));
    return objection::none;
}

objection change_account(
    transaction& store, const staff_member& wanted, std::int64_t expected_version, audit_entry act)
{
    auto& accounts = store.accounts();
    auto kept = accounts.find(wanted.id);
    if (!kept)
        return objection::not_found;
    if (kept->version != expected_version)
        return objection::stale;
    auto& who = kept->who;
    if (const auto fault = fault_of(store, wanted, who.unit); fault != objection::none)
        return fault;
    const bool was_admin = who.active && who.is(staff_role::admin);
    const bool stays_admin = wanted.active && wanted.is(staff_role::admin);
    if (was_admin && !stays_admin && is_last_admin(store, who.id))
        return objection::last_admin;
    differences changed;
    changed.add("tên", who.name, wanted.name);
    changed.add("đơn vị", unit_name(store, who.unit), unit_name(store, wanted.unit));
    changed.add("vai trò", titles_of(who.roles), titles_of(wanted.roles));
    changed.add("hoạt động", yes_or_no(who.active), yes_or_no(wanted.active));
    if (!wanted.active || who.roles != wanted.roles || who.unit != wanted.unit)
        accounts.remove_sessions_of(who.id, {});
    who.name = wanted.name;
    who.unit = wanted.unit;
    who.roles = wanted.roles;
    who.active = wanted.active;
    ++kept->version;
    accounts.put(*kept);
    note(store, act, "staff_changed", who.user_name, changed.text());
    return objection::none;
}

objection
reset_password(transaction& store, std::string_view staff_id, std::string hash, audit_entry act)
{
    auto kept = store.accounts().find(staff_id);
    if (!kept)
        return objection::not_found;
    kept->password_hash = std::move(hash);
    kept->password_temporary = true;
    store.accounts().put(*kept);
    store.accounts().remove_sessions_of(staff_id, {});
    note(store, act, "password_reset", kept->who.user_name);
    return objection::none;
}

objection reset_totp(transaction& store, std::string_view staff_id, audit_entry act)
{
    auto kept = store.accounts().find(staff_id);
    if (!kept)
        return objection::not_found;
    kept->totp_secret.clear();
    kept->totp_step = 0;
    store.accounts().put(*kept);
    store.accounts().remove_sessions_of(staff_id, {});
    note(store, act, "totp_reset", kept->who.user_name);
    return objection::none;
}

objection add_unit(transaction& store, const unit& fresh, audit_entry act)
{
    auto& accounts = store.accounts();
    if (accounts.units().size() >= unit_limit)
        return objection::too_many;
    if (!fresh.parent.empty() && !accounts.find_unit(fresh.parent))
        return objection::unknown_unit;
    accounts.put_unit(fresh);
    note(store, act, "unit_added", fresh.id, fresh.name);
    return objection::none;
}

objection change_unit(transaction& store, const unit& wanted, audit_entry act)
{
    auto& accounts = store.accounts();
    const auto kept = accounts.find_unit(wanted.id);
    if (!kept)
        return objection::not_found;
    if (kept->version != wanted.version)
        return objection::stale;
    if (!wanted.parent.empty() && !accounts.find_unit(wanted.parent))
        return objection::unknown_unit;
    if (is_at_or_below(accounts.units(), wanted.parent, wanted.id))
        return objection::unit_circle;
    differences changed;
    changed.add("tên", kept->name, wanted.name);
    changed.add("trực thuộc", unit_name(store, kept->parent), unit_name(store, wanted.parent));
    changed.add("địa bàn", kept->commune, wanted.commune);
    changed.add("hoạt động", yes_or_no(kept->active), yes_or_no(wanted.active));
    auto next = wanted;
    ++next.version;
    accounts.put_unit(next);
    note(store, act, "unit_changed", wanted.id, kept->name + ": " + changed.text());
    return objection::none;
}

objection remove_unit(transaction& store, std::string_view id, audit_entry act)
{
    const auto kept = store.accounts().find_unit(id);
    if (!kept)
        return objection::not_found;
    if (store.accounts().is_used(id))
        return objection::unit_in_use;
    store.accounts().remove_unit(id);
    note(store, act, "unit_removed", id, kept->name);
    return objection::none;
}

} // namespace motcua::app
