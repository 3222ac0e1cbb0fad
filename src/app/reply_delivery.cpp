#include <motcua/app/reply_delivery.hpp>
#include <motcua/app/storage.hpp>

#include <array>
#include <charconv>

namespace motcua::app {
namespace {

struct known_failure
{
    failure why;
    const char* title;
    bool resendable;
};

// The platform's code that begins a reason (zalo-oa-protocol 2.10); 0 if there is none.
int error_number(std::string_view reason)
{
    int code = 0;
    std::from_chars(reason.data(), reason.data() + reason.size(), code);
    return code;
}

known_failure failure_of(std::string_view reason)
{
    if (reason.starts_with("unknown"))
        return {failure::unknown_outcome, "không rõ tin đã tới chưa", false};
    if (reason.starts_with("stale"))
        return {failure::stale, "để quá lâu chưa gửi được", true};
    if (reason.starts_with("no contact came"))
        return {failure::window_closed, "người dân không nhắn lại trong thời gian chờ", true};
    switch (error_number(reason)) {
    case -230:
    case -232:
        return {failure::window_closed, "đã quá thời gian Zalo cho phép nhắn", true};
    case -213:
        return {failure::unfollowed, "người dân không còn quan tâm Official Account", true};
    case -217:
    case -227:
    case -244:
        return {
            failure::blocked, "người dân đã chặn hoặc tài khoản Zalo không còn hoạt động", true};
    case -211:
    case -218:
    case -321:
        return {failure::quota, "đã hết hạn mức tin nhắn của Zalo", true};
    default:
        return {failure::platform, "Zalo từ chối tin này", true};
    }
}

} // namespace

std::string_view name(sending value)
{
    return value == sending::at_once ? "now" : "next_contact";
}

std::string_view name(reply_state value)
{
    constexpr std::array names{"held", "given", "stale"};
    return names.at(static_cast<std::size_t>(value));
}

std::string_view name(delivery value)
{
    constexpr std::array names{"held", "waiting_contact", "queued", "sent", "seen", "failed"};
    return names.at(static_cast<std::size_t>(value));
}

std::string_view name(failure value)
{
    constexpr std::array names{
        "window_closed", "unfollowed", "blocked", "quota", "stale", "platform", "unknown_outcome"};
    return names.at(static_cast<std::size_t>(value));
}

delivery_mark mark_of_reply(reply_state state, utc_time undo_until)
{
    delivery_mark mark;
    if (state == reply_state::held) {
        mark.is = delivery::held;
        mark.undo_until = undo_until;
    } else if (state == reply_state::stale) {
        mark.is = delivery::failed;
        mark.why = failure::stale;
        mark.title = "phản ánh đã đổi trạng thái trước khi tin được gửi";
    }
    return mark;
}

delivery_mark mark_of_row(outbox_state state, std::string_view reason, bool erased)
{
    delivery_mark mark;
    switch (state) {
    case outbox_state::waiting:
        mark.is = delivery::waiting_contact;
        break;
    case outbox_state::pending:
    case outbox_state::sending:
    case outbox_state::retry:
    case outbox_state::unknown:
        mark.is = delivery::queued;
        break;
    case outbox_state::sent:
    case outbox_state::delivered:
        mark.is = delivery::sent;
        break;
    case outbox_state::seen:
        mark.is = delivery::seen;
        break;
    case outbox_state::dead: {
        const auto found = failure_of(reason);
        mark.is = delivery::failed;
        mark.why = found.why;
        mark.title = erased ? "người dân đã yêu cầu xóa dữ liệu" : found.title;
        mark.resendable = found.resendable && !erased;
        break;
    }
    }
    return mark;
}

} // namespace motcua::app
