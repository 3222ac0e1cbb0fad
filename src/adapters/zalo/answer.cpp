#include "answer.hpp"

#include <motcua/adapters/zalo/bounded_json.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace motcua::zalo {
namespace {

using app::error_action;
using nlohmann::json;
using kind = app::send_result::kind;

kind end_of(error_action action)
{
    switch (action) {
    case error_action::slow_down:
        return kind::slow_down;
    case error_action::retry:
    case error_action::retry_in_an_hour:
        return kind::later;
    case error_action::by_day:
        return kind::by_day;
    case error_action::wait_for_contact:
        return kind::wait_for_contact;
    case error_action::look:
        return kind::unknown;
    case error_action::refresh_token: // no other token helped; the token keeper raises the alarm
        return kind::failed;
    case error_action::stop:
        return kind::stop;
    case error_action::other_endpoint: // neither helped
    case error_action::plain_text:     // it was plain, or there are no words
    case error_action::dead:
        break;
    }
    return kind::refused;
}

void read_code(int code, const app::error_table& errors, meaning& out)
{
    const auto said = errors.find(code);
    out.action = said.action;
    out.result.end = end_of(said.action);
    out.result.reason = std::to_string(code) + " " + said.meaning;
    if (said.action == error_action::retry_in_an_hour)
        out.result.retry_after = std::chrono::hours(1);
}

void read_status(unsigned status, meaning& out)
{
    out.result.reason = "http " + std::to_string(status);
    if (status == 429)
        out.result.end = kind::slow_down;
    else if (status == 408 || status >= 500)
        out.result.end = kind::failed;
    else if (status == 400 || status == 413 || status == 422)
        out.result.end = kind::refused;
    else
        out.result.end = kind::stop; // a wrong address, a proxy: nothing to do with this message
}

std::string words(const json& value)
{
    return value.is_string() ? text::to_nfc(value.get_ref<const std::string&>()) : std::string();
}

std::string trace_of_item(const json& item)
{
    if (auto said = words(member(item, "message")); !said.empty())
        return said;
    const auto type = token(member(item, "type"));
    if (type == "photo" || type == "image")
        return std::string(dialogue::image_trace);
    if (type == "file")
        return std::string(dialogue::file_trace);
    const auto& links = member(item, "links");
    return links.is_array() && !links.empty() ? words(member(links.front(), "title"))
                                              : std::string();
}

bool is_image(std::string_view bytes)
{
    return bytes.starts_with("\xFF\xD8\xFF") || bytes.starts_with("\x89PNG\r\n\x1A\n");
}

// CSV is text without control characters but tabs and line ends.
bool is_text(std::string_view bytes)
{
    return std::all_of(bytes.begin(), bytes.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= 0x20 || c == '\t' || c == '\n' || c == '\r';
    });
}

} // namespace

meaning meaning_of(const http_answer& answer, const app::error_table& errors)
{
    meaning out;
    out.result.reason = answer.reason;
    if (answer.end == http_answer::kind::not_sent) {
        out.result.end = kind::failed;
        return out;
    }
    if (answer.end == http_answer::kind::cut) {
        out.result.end = kind::unknown;
        return out;
    }
    const auto parsed = parse_bounded(answer.body);
    const auto code = parsed ? integer(member(*parsed, "error")) : std::nullopt;
    if (answer.status < 200 || answer.status >= 300) {
        read_status(answer.status, out);
    } else if (!code) {
        out.result.end = kind::unknown;
        out.result.reason = "http " + std::to_string(answer.status) + ", not the API's answer";
    } else if (*code != 0) {
        read_code(
            static_cast<int>(std::clamp<std::int64_t>(*code, -999'999, 999'999)), errors, out);
    } else {
        out.result.end = kind::sent;
        out.result.reason.clear();
        out.data = member(*parsed, "data");
        out.result.message_id = token(member(out.data, "message_id"));
    }
    out.result.retry_after = std::max(out.result.retry_after, answer.retry_after);
    return out;
}

std::vector<app::remembered> remembered_in(const json& data)
{
    std::vector<app::remembered> out;
    if (!data.is_array())
        return out;
    for (const auto& item : data) {
        app::remembered one;
        one.message_id = token(member(item, "message_id"));
        one.by_oa = integer(member(item, "src")) == 0;
        one.at = utc_time(std::chrono::milliseconds(integer(member(item, "time")).value_or(0)));
        one.trace = trace_of_item(item);
        out.push_back(std::move(one));
    }
    std::stable_sort(out.begin(), out.end(), [](const auto& left, const auto& right) {
        return left.at > right.at;
    });
    return out;
}

std::string fault_of_upload(upload_kind what, std::string_view bytes)
{
    constexpr std::size_t mebibyte = 1024UL * 1024;
    if (bytes.size() > (what == upload_kind::image ? mebibyte : 5 * mebibyte))
        return "larger than the platform takes";
    switch (what) {
    case upload_kind::image:
        return is_image(bytes) ? "" : "neither JPEG nor PNG";
    case upload_kind::gif:
        return bytes.starts_with("GIF8") ? "" : "no GIF";
    case upload_kind::file:
        break;
    }
    const bool known = bytes.starts_with("%PDF-") || bytes.starts_with("PK\x03\x04") ||
                       bytes.starts_with("\xD0\xCF\x11\xE0") || is_text(bytes);
    return known && !bytes.empty() ? "" : "neither PDF, DOC, DOCX nor CSV";
}

std::string upload_body(std::string_view boundary, std::string_view name, std::string_view bytes)
{
    std::string safe;
    for (const char c : text::to_nfc(name))
        safe += c == '"' || c == '\\' || c == '\r' || c == '\n' ? '_' : c;
    std::string out = "--";
    out.append(boundary).append("\r\nContent-Disposition: form-data; name=\"file\"; filename=\"");
    out.append(safe).append("\"\r\nContent-Type: application/octet-stream\r\n\r\n");
    out.append(bytes).append("\r\n--").append(boundary).append("--\r\n");
    return out;
}

} // namespace motcua::zalo
