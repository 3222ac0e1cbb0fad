#pragma once

#include <motcua/core/dialogue/inbound.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What the OA says. Limits are those of zalo-oa-protocol 2.2–2.4; the dialogue keeps them, the
// sender refuses what goes beyond.
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

// A picture by its public URL or the attachment_id of an upload; a file by the token of one.
enum class media_kind : std::uint8_t
{
    image,
    file,
};

struct media
{
    media_kind kind = media_kind::image;
    std::string url; // https; of an image
    std::string id;  // attachment_id or token

    bool operator==(const media&) const = default;
};

// Asks the citizen to share name, telephone and address; the answer is user_submit_info.
struct info_request
{
    std::string title;
    std::string subtitle;
    std::string image_url; // https

    bool operator==(const info_request&) const = default;
};

struct template_value
{
    std::string name;
    std::string value;

    bool operator==(const template_value&) const = default;
};

// The same said through an approved template, for when ordinary messages may not be sent.
struct template_use
{
    std::string name; // configuration maps it to the platform's template id
    std::vector<template_value> values;

    bool operator==(const template_use&) const = default;
};

// Why the OA says it: decides until when it is worth saying, and at which hours.
enum class purpose : std::uint8_t
{
    answer,    // to a contact just made: worthless hours later
    notice,    // news of a dossier or complaint: may wait for the citizen's next contact
    promotion, // by day only
};

// One of: text with up to five buttons; a list, with buttons or not (then text is empty and
// elements are not); an image with text or without; a file alone; an info request alone.
struct outgoing_message
{
    std::string text;
    std::vector<button> buttons;
    std::vector<list_element> elements;
    std::optional<media> attached;
    std::optional<info_request> asks;
    purpose why = purpose::answer;
    std::optional<template_use> by_template;

    bool operator==(const outgoing_message&) const = default;
};

// Empty, or why the platform would refuse the message or a citizen could not use it: a limit, a
// missing part, parts that exclude each other, a payload without our prefix '#', a menu that is not
// in the text as numbers (buttons do not show on computers, zalo-oa-protocol 2.5). Names no
// content, so it may be logged.
std::string fault_of(const outgoing_message& message);

// The message as text alone, its choices numbered, cut at text_limit; for accounts that may send
// nothing else. Empty if there is nothing to say in words.
std::string plain_text(const outgoing_message& message);

// What an echo or the read-back shows of a message: the words, or which kind of thing it was.
// Empty if nothing can be recognised.
std::string trace_of(const inbound_event& echo);
// True if `trace` may be this message, or the text that stood for it.
bool leaves_trace(const outgoing_message& message, std::string_view trace);
// Traces of a message without words.
inline constexpr std::string_view image_trace = "[image]";
inline constexpr std::string_view file_trace = "[file]";

} // namespace motcua::dialogue
