#pragma once

#include <motcua/core/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// A decoded event of the platform (zalo-oa-protocol 1.2, 1.3). Text is NFC; ids stay strings.
namespace motcua::dialogue {

enum class event_kind : std::uint8_t
{
    text,  // user_send_text; also a button's payload
    media, // image, gif, link, audio, video, sticker, file, business card
    location,
    received, // receipt: our message reached the phone
    seen,
    reaction,
    follow,
    unfollow,
    click_chat_now,
    submit_info,
    withdraw, // the citizen asks for erasure through Zalo
    echo,     // oa_send_*: something the OA sent
    other, // known to the protocol, not to the dialogue (tags, groups, calls, templates, anonymous
           // …)
    unknown, // an event name never heard of
};
std::string_view name(event_kind kind);

// True for what the citizen does to reach us: it opens the window in which we may write
// (zalo-oa-protocol 1.3). Receipts do not.
bool opens_window(event_kind kind);

struct attachment
{
    std::string
        type; // as in the event: image, gif, link, audio, video, sticker, file, location, template
    std::string url;
    std::string thumbnail;
    std::string name;
    std::string description;
    std::string id;        // sticker id
    std::int64_t size = 0; // bytes; 0 = not given
};

struct coordinates
{
    double latitude = 0;  // degrees, -90..90
    double longitude = 0; // degrees, -180..180
};

struct submitted_info
{
    std::string name;
    std::string phone;
    std::string address; // joined from whichever generation of fields came

    bool operator==(const submitted_info&) const = default;
};

struct inbound_event
{
    std::string event_name; // as sent
    event_kind kind = event_kind::unknown;
    std::string app_id;
    std::string oa_id; // recipient or sender or oa_id, by direction
    std::string
        user_id; // the citizen; empty if the event names none (or a telephone number instead)
    // The event's own msg_id; empty if it has none. Receipts and reactions have none: theirs names
    // another message, in receipt_ids or quoted_message_id.
    std::string message_id;
    std::vector<std::string> receipt_ids; // msg_ids of received and seen
    std::string timestamp;                // digits as sent
    utc_time at{};                        // the same, decoded
    std::string text;
    std::vector<attachment> attachments;
    std::optional<coordinates> where;
    std::optional<submitted_info> info;
    std::string quoted_message_id;
    std::string reaction;
    std::string admin_id; // of an echo: a person wrote it in OA Manager
    std::string source;   // of follow
};

} // namespace motcua::dialogue
