#include <motcua/core/dialogue/outgoing.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>

namespace motcua::dialogue {
namespace {

std::string too_long(std::string_view what, std::size_t limit)
{
    return std::string(what) + " is longer than " + std::to_string(limit) + " code points";
}

std::string fault_of_text(std::string_view value, std::string_view what, std::size_t limit)
{
    const auto nfc = text::to_nfc(value);
    if (nfc.empty())
        return std::string(what) + " is empty";
    return text::code_points(nfc) > limit ? too_long(what, limit) : std::string();
}

bool is_url(std::string_view payload)
{
    return payload.starts_with("https://") || payload.starts_with("http://");
}

bool is_telephone(std::string_view payload)
{
    return payload.size() >= 8 && payload.size() <= 15 && payload.starts_with("84") &&
           std::all_of(payload.begin(), payload.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string fault_of_action(const button& action)
{
    switch (action.kind) {
    case button_kind::query:
        if (!action.payload.starts_with('#'))
            return "a payload does not begin with #";
        return fault_of_text(action.payload, "a payload", payload_limit);
    case button_kind::open_url:
        return is_url(action.payload) ? "" : "a link is no URL";
    case button_kind::open_phone:
        return is_telephone(action.payload) ? "" : "a telephone number is not 84…";
    }
    return "a button of no kind";
}

std::string numbered(std::size_t number, std::string_view title)
{
    return std::to_string(number) + ". " + std::string(title);
}

std::string fault_of_buttons(const outgoing_message& message)
{
    if (message.buttons.size() > button_limit)
        return "more than 5 buttons";
    const auto words = text::to_nfc(message.text);
    std::size_t number = 0;
    for (const auto& one : message.buttons) {
        ++number;
        if (auto bad = fault_of_text(one.title, "a button's title", button_title_limit);
            !bad.empty())
            return bad;
        if (auto bad = fault_of_action(one); !bad.empty())
            return bad;
        if (one.kind == button_kind::query && message.elements.empty() &&
            words.find(numbered(number, text::to_nfc(one.title))) == std::string::npos)
            return "a button is not in the text as a number";
    }
    return {};
}

std::string fault_of_list(const outgoing_message& message)
{
    if (!message.text.empty())
        return "a list has no text";
    if (message.elements.size() > element_limit)
        return "more than 5 list elements";
    if (message.elements.front().subtitle.empty())
        return "the first list element has no subtitle";
    for (const auto& one : message.elements) {
        if (auto bad = fault_of_text(one.title, "a list element's title", element_title_limit);
            !bad.empty())
            return bad;
        if (text::code_points(text::to_nfc(one.subtitle)) > element_subtitle_limit)
            return too_long("a list element's subtitle", element_subtitle_limit);
        if (!one.image_url.empty() && !one.image_url.starts_with("https://"))
            return "a list element's image is not https";
        if (one.action.payload.empty())
            continue;
        if (auto bad = fault_of_action(one.action); !bad.empty())
            return bad;
    }
    return {};
}

std::string fault_of_media(const outgoing_message& message)
{
    const auto& attached = *message.attached;
    if (attached.kind == media_kind::file) {
        if (!message.text.empty() || !message.buttons.empty())
            return "a file goes alone";
        return attached.id.empty() || !attached.url.empty() ? "a file needs its token" : "";
    }
    if (attached.url.empty() == attached.id.empty())
        return "an image needs a URL or an attachment id";
    if (!attached.url.empty() && !attached.url.starts_with("https://"))
        return "an image's URL is not https";
    return {};
}

std::string fault_of_request(const outgoing_message& message)
{
    const auto& asks = *message.asks;
    if (!message.text.empty() || !message.buttons.empty())
        return "an info request goes alone";
    if (auto bad = fault_of_text(asks.title, "an info request's title", element_title_limit);
        !bad.empty())
        return bad;
    if (auto bad =
            fault_of_text(asks.subtitle, "an info request's subtitle", element_subtitle_limit);
        !bad.empty())
        return bad;
    return asks.image_url.starts_with("https://") ? "" : "an info request's image is not https";
}

void add_line(std::string& lines, std::string_view line, bool paragraph)
{
    if (!lines.empty())
        lines += paragraph ? "\n\n" : "\n";
    lines += line;
}

std::string destination(const button& action)
{
    if (action.kind == button_kind::query || action.payload.empty())
        return {};
    if (action.kind == button_kind::open_phone)
        return ": +" + action.payload;
    return ": " + action.payload;
}

} // namespace

std::string fault_of(const outgoing_message& message)
{
    const int shapes = int{!message.elements.empty()} + int{message.attached.has_value()} +
                       int{message.asks.has_value()};
    if (shapes > 1)
        return "a list, media and an info request exclude each other";
    std::string bad;
    if (!message.elements.empty())
        bad = fault_of_list(message);
    else if (message.attached)
        bad = fault_of_media(message);
    else if (message.asks)
        bad = fault_of_request(message);
    else
        bad = fault_of_text(message.text, "the text", text_limit);
    if (bad.empty() && message.attached && !message.text.empty())
        bad = fault_of_text(message.text, "the text", text_limit);
    return bad.empty() ? fault_of_buttons(message) : bad;
}

std::string plain_text(const outgoing_message& message)
{
    auto lines = text::to_nfc(message.text);
    std::size_t number = 0;
    for (const auto& one : message.elements) {
        auto line = numbered(++number, one.title) + destination(one.action);
        if (!one.subtitle.empty())
            line += "\n" + one.subtitle;
        add_line(lines, text::to_nfc(line), false);
    }
    const auto elements = number;
    number = 0;
    for (const auto& one : message.buttons) {
        ++number;
        const auto title = text::to_nfc(one.title);
        if (lines.find(numbered(number, title)) != std::string::npos)
            continue;
        const auto label = elements == 0 ? number : elements + number;
        add_line(lines, numbered(label, title) + destination(one), number == 1);
    }
    if (message.attached && !message.attached->url.empty())
        add_line(lines, message.attached->url, false);
    if (message.asks) {
        add_line(lines, text::to_nfc(message.asks->title), false);
        add_line(lines, text::to_nfc(message.asks->subtitle), false);
    }
    return std::string(text::prefix(lines, text_limit));
}

std::string trace_of(const inbound_event& echo)
{
    if (!echo.text.empty())
        return echo.text;
    for (const auto& one : echo.attachments) {
        if (one.type == "image")
            return std::string(image_trace);
        if (one.type == "file")
            return std::string(file_trace);
        if (!one.name.empty())
            return one.name;
    }
    return {};
}

bool leaves_trace(const outgoing_message& message, std::string_view trace)
{
    if (trace.empty())
        return false;
    if (!message.text.empty() && text::to_nfc(message.text) == trace)
        return true;
    if (message.text.empty()) {
        if (!message.elements.empty() && text::to_nfc(message.elements.front().title) == trace)
            return true;
        if (message.asks && text::to_nfc(message.asks->title) == trace)
            return true;
        if (message.attached &&
            trace == (message.attached->kind == media_kind::file ? file_trace : image_trace))
            return true;
    }
    const bool more_than_text =
        !message.buttons.empty() || !message.elements.empty() || message.attached || message.asks;
    return more_than_text && plain_text(message) == trace;
}

} // namespace motcua::dialogue
