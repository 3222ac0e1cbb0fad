#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

// What the OA says. Limits are those of zalo-oa-protocol 2.2–2.4; the dialogue keeps them, the
// sender checks them.
namespace motcua::dialogue {

inline constexpr std::size_t text_limit = 2000; // code points after NFC
inline constexpr std::size_t button_limit = 5;
inline constexpr std::size_t button_title_limit = 100; // code points
inline constexpr std::size_t payload_limit = 1000;     // code points
inline constexpr std::size_t element_limit = 5;
inline constexpr std::size_t element_title_limit = 100;
inline constexpr std::size_t element_subtitle_limit = 500;

enum class button_kind : std::uint8_t
{
    query, // oa.query.hide: the payload comes back as the citizen's text
    open_url,
    open_phone, // payload is the number with country code, "84…"
};

struct button
{
    std::string title;
    button_kind kind = button_kind::query;
    std::string payload;

    bool operator==(const button&) const = default;
};

struct list_element
{
    std::string title;
    std::string subtitle;
    std::string image_url; // may be empty
    button action;         // what a tap does; an empty payload means nothing

    bool operator==(const list_element&) const = default;
};

// Text with up to five buttons, or a list (then text is empty and elements are not).
struct outgoing_message
{
    std::string text;
    std::vector<button> buttons;
    std::vector<list_element> elements;

    bool operator==(const outgoing_message&) const = default;
};

} // namespace motcua::dialogue
