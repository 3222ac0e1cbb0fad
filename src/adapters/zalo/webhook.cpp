

#include "event_json.hpp"

#include <motcua/adapters/zalo/webhook.hpp>
#include <motcua/core/text/ascii.hpp>
#include <motcua/core/text/unicode.hpp>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

namespace motcua::zalo {
namespace {

using dialogue::event_kind;

using digest = std::array<unsigned char, 32>;

digest sha256_of(std::string_view a, std::string_view b, std::string_view c, std::string_view d)
{
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> hash(
        EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    bool done = hash != nullptr && EVP_DigestInit_ex(hash.get(), EVP_sha256(), nullptr) == 1;
    for (const auto part : {a, b, c, d})
        done = done && EVP_DigestUpdate(hash.get(), part.data(), part.size()) == 1;
    digest bytes{};
    if (!done || EVP_DigestFinal_ex(hash.get(), bytes.data(), nullptr) != 1)
        throw std::runtime_error("SHA-256 is not available");
    return bytes;
}

bool all_digits(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), text::is_digit);
}

std::string_view without_blanks(std::string_view text, std::string_view blanks)
{
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

constexpr std::string_view header_blanks = " \t";
constexpr std::string_view json_blanks = " \t\r\n";

std::optional<unsigned char> hex_value(char c)
{
    if (text::is_digit(c))
        return static_cast<unsigned char>(c - '0');
    if (c >= 'a' && c <= 'f')
        return static_cast<unsigned char>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F')
        return static_cast<unsigned char>(c - 'A' + 10);
    return std::nullopt;
}

// "mac=<hex>", "mac = <hex>" or "<hex>", any case (zalo-oa-protocol 1.4).
std::optional<digest> parse_signature(std::string_view header)
{
    auto hex = without_blanks(header, header_blanks);
    const auto equals = hex.find('=');
    if (equals != std::string_view::npos) {
        const auto label = without_blanks(hex.substr(0, equals), header_blanks);
        const bool mac = label.size() == 3 && (label[0] | 0x20) == 'm' &&
                         (label[1] | 0x20) == 'a' && (label[2] | 0x20) == 'c';
        if (!mac)
            return std::nullopt;
        hex = without_blanks(hex.substr(equals + 1), header_blanks);
    }
    digest bytes{};
    if (hex.size() != 2 * bytes.size())
        return std::nullopt;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto high = hex_value(hex[2 * i]);
        const auto low = hex_value(hex[2 * i + 1]);
        if (!high || !low)
            return std::nullopt;
        bytes[i] = static_cast<unsigned char>(*high << 4 | *low);
    }
    return bytes;
}

// --- events ------------------------------------------------------------------------------------

enum class sender_is : std::uint8_t
{
    citizen,
    oa,
};

struct known_event
{
    std::string_view name;
    event_kind kind;
    sender_is sender = sender_is::citizen;
    // False if the other side is a telephone, a group or an anonymous visitor: ids of other spaces.
    bool names_citizen = true;
};

// zalo-oa-protocol 1.3. Events without sender and recipient need no direction.
constexpr std::array known_events{
    known_event{"user_send_text", event_kind::text},
    known_event{"user_send_image", event_kind::media},
    known_event{"user_send_gif", event_kind::media},
    known_event{"user_send_link", event_kind::media},
    known_event{"user_send_audio", event_kind::media},
    known_event{"user_send_video", event_kind::media},
    known_event{"user_send_sticker", event_kind::media},
    known_event{"user_send_file", event_kind::media},
    known_event{"user_send_business_card", event_kind::media},
    known_event{"user_send_location", event_kind::location},
    known_event{"user_received_message", event_kind::received, sender_is::oa},
    known_event{"user_seen_message", event_kind::seen, sender_is::oa},
    known_event{"user_reacted_message", event_kind::reaction},
    known_event{"oa_reacted_message", event_kind::other, sender_is::oa},
    known_event{"follow", event_kind::follow},
    known_event{"unfollow", event_kind::unfollow},
    known_event{"user_click_chatnow", event_kind::click_chat_now},
    known_event{"user_submit_info", event_kind::submit_info},
    known_event{"user_withdraw", event_kind::withdraw},
    known_event{"oa_send_text", event_kind::echo, sender_is::oa},
    known_event{"oa_send_image", event_kind::echo, sender_is::oa},
    known_event{"oa_send_gif", event_kind::echo, sender_is::oa},
    known_event{"oa_send_list", event_kind::echo, sender_is::oa},
    known_event{"oa_send_file", event_kind::echo, sender_is::oa},
    known_event{"oa_send_sticker", event_kind::echo, sender_is::oa},
    known_event{"oa_send_template", event_kind::echo, sender_is::oa},
    known_event{"add_user_to_tag", event_kind::other},
    known_event{"remove_user_from_tag", event_kind::other},
    known_event{"remove_tag", event_kind::other},
    known_event{"update_user_info", event_kind::other},
    known_event{"widget_interaction_accepted", event_kind::other},
    known_event{"widget_failed_to_sync_user_external_id", event_kind::other},
    known_event{"oa_send_consent", event_kind::other},
    known_event{"user_reply_consent", event_kind::other},
    known_event{"user_call_oa", event_kind::other},
    known_event{"oa_call_user", event_kind::other},
    known_event{"create_group", event_kind::other},
    known_event{"user_join_group", event_kind::other},
    known_event{"user_request_join_group", event_kind::other},
    known_event{"accept_request_join_group", event_kind::other},
    known_event{"reject_request_join_group", event_kind::other},
    known_event{"react_request_join_group", event_kind::other},
    known_event{"add_group_admin", event_kind::other},
    known_event{"remove_group_admin", event_kind::other},
    known_event{"update_group_info", event_kind::other},
    known_event{"user_out_group", event_kind::other},
    known_event{"user_leave_group", event_kind::other},
    known_event{"delete_group", event_kind::other},
    known_event{"disperse_group", event_kind::other},
    known_event{"user_feedback", event_kind::other, sender_is::citizen, false},
    known_event{"change_template_status", event_kind::other},
    known_event{"change_template_quality", event_kind::other},
    known_event{"change_template_quota", event_kind::other},
    known_event{"change_oa_daily_quota", event_kind::other},
    known_event{"change_oa_template_tags", event_kind::other},
    known_event{"event_journey_time_out", event_kind::other},
    known_event{"event_journey_acknowledged", event_kind::other},
    known_event{"user_click_response_button", event_kind::other, sender_is::citizen, false},
    known_event{"extension_purchased", event_kind::other},
    known_event{"user_asking_product", event_kind::other},
    known_event{"shop_has_order", event_kind::other},
};

// Families named by their beginning.
constexpr std::array event_families{
    known_event{"anonymous_send_", event_kind::other, sender_is::citizen, false},
    known_event{"oa_send_anonymous_", event_kind::other, sender_is::oa, false},
    known_event{"user_send_group_", event_kind::other, sender_is::citizen, false},
    known_event{"oa_send_group_", event_kind::other, sender_is::oa, false},
};

known_event recognise(std::string_view name)
{
    for (const auto& event : known_events)
        if (event.name == name)
            return event;
    for (const auto& family : event_families)
        if (name.starts_with(family.name))
            return family;
    return {
        name, event_kind::unknown, name.starts_with("oa_") ? sender_is::oa : sender_is::citizen};
}

// Words a person wrote, in NFC.
std::string nfc_text(event_value value)
{
    const auto words = value.string();
    return words ? text::to_nfc(*words) : std::string();
}

std::string first_of(const std::string& preferred, const std::string& otherwise)
{
    return preferred.empty() ? otherwise : preferred;
}

std::int64_t whole_number(event_value value)
{
    const auto digits = value.token();
    std::int64_t number = 0;
    const auto* end = digits.data() + digits.size();
    const auto parsed = std::from_chars(digits.data(), end, number);
    return parsed.ec == std::errc() && parsed.ptr == end && number > 0 ? number : 0;
}

// Degrees as a number or, as usual, as a string.
std::optional<double> degrees(event_value value, double limit)
{
    double number = 0;
    if (const auto given = value.number()) {
        number = *given;
    } else {
        const auto digits = value.token();
        const auto* end = digits.data() + digits.size();
        const auto parsed = std::from_chars(digits.data(), end, number);
        if (parsed.ec != std::errc() || parsed.ptr != end)
            return std::nullopt;
    }
    if (!(number >= -limit && number <= limit)) // also NaN
        return std::nullopt;
    return number;
}

std::optional<dialogue::coordinates> coordinates_of(event_value payload)
{
    const auto point = payload.member("coordinates");
    const auto latitude = degrees(point.member("latitude"), 90);
    const auto longitude = degrees(point.member("longitude"), 180);
    if (!latitude || !longitude)
        return std::nullopt;
    return dialogue::coordinates{*latitude, *longitude};
}

dialogue::attachment attachment_of(event_value value)
{
    const auto payload = value.member("payload");
    dialogue::attachment out;
    out.type = value.member("type").token();
    // A template's words and link have names of their own.
    out.url = first_of(payload.member("url").token(), payload.member("link_url").token());
    out.thumbnail = payload.member("thumbnail").token();
    out.name = first_of(nfc_text(payload.member("name")), nfc_text(payload.member("title")));
    out.description =
        first_of(nfc_text(payload.member("description")), nfc_text(payload.member("text")));
    out.id = payload.member("id").token();
    out.size = whole_number(payload.member("size"));
    return out;
}

// Both generations of fields (zalo-oa-protocol 1.3, user_submit_info).
dialogue::submitted_info info_of(event_value info)
{
    dialogue::submitted_info out;
    out.name = nfc_text(info.member("name"));
    out.phone = info.member("phone").token();
    const auto full = info.member("full_address");
    for (const auto& part :
         {nfc_text(full.member("user_address")),
          nfc_text(full.member("user_ward")),
          nfc_text(full.member("user_city")),
          nfc_text(info.member("address")),
          nfc_text(info.member("ward")),
          nfc_text(info.member("district")),
          nfc_text(info.member("city"))}) {
        if (!part.empty())
            out.address += (out.address.empty() ? "" : ", ") + part;
    }
    return out;
}

// A button whose payload was an object comes back as that object's JSON text
// (zalo-oa-protocol 2.5): {"content":"#danhgia:5"} means #danhgia:5.
std::string unwrapped(const std::string& text)
{
    if (text.empty() || text.front() != '{')
        return text;
    event_document document;
    const auto object = document.parse(text);
    if (!object || !object->member("content").string())
        return text;
    return nfc_text(object->member("content"));
}

// A ZNS receipt names a telephone number where the chat names a user id, which is longer.
bool is_telephone(std::string_view id)
{
    return (id.size() == 11 || id.size() == 12) && all_digits(id);
}

void read_parties(event_value root, const known_event& known, dialogue::inbound_event& event)
{
    const auto sender = root.member("sender");
    auto citizen = sender.member("id").token();
    auto oa = root.member("recipient").member("id").token();
    if (known.sender == sender_is::oa) {
        std::swap(citizen, oa);
        event.admin_id = sender.member("admin_id").token();
    }
    event.oa_id = first_of(first_of(root.member("oa_id").token(), root.member("oaId").token()), oa);
    if (!known.names_citizen)
        return;
    event.user_id = first_of(
        first_of(root.member("user_id").token(), root.member("follower").member("id").token()),
        citizen);
}

void read_message(event_value message, dialogue::inbound_event& event)
{
    const auto id = message.member("msg_id").token();
    switch (event.kind) {
    case event_kind::received:
    case event_kind::seen:
        message.member("msg_ids").for_each([&event](event_value one) {
            if (auto seen = one.token(); !seen.empty())
                event.receipt_ids.push_back(std::move(seen));
        });
        if (event.receipt_ids.empty() && !id.empty())
            event.receipt_ids.push_back(id);
        break;
    case event_kind::reaction:
        event.quoted_message_id = id;
        break;
    default:
        event.message_id = id;
        event.quoted_message_id = message.member("quote_msg_id").token();
        break;
    }
    event.reaction = message.member("react_icon").token();
    event.text = nfc_text(message.member("text"));
    if (event.kind == event_kind::text)
        event.text = unwrapped(event.text);
    message.member("attachments").for_each([&event](event_value one) {
        event.attachments.push_back(attachment_of(one));
        if (!event.where)
            event.where = coordinates_of(one.member("payload"));
    });
}

// Milliseconds since 1970, up to the year 9999.
std::optional<utc_time> instant_of(std::string_view digits)
{
    constexpr std::size_t longest = 15;
    if (!all_digits(digits) || digits.size() > longest)
        return std::nullopt;
    std::int64_t count = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), count);
    if (count > 253'402'300'799'999)
        return std::nullopt;
    return utc_time(std::chrono::milliseconds(count));
}

} // namespace

std::string sign(
    std::string_view app_id,
    std::string_view body,
    std::string_view timestamp,
    std::string_view secret)
{
    std::string header = "mac=";
    for (const auto byte : sha256_of(app_id, body, timestamp, secret)) {
        constexpr std::string_view digits = "0123456789abcdef";
        header += digits[byte >> 4U];
        header += digits[byte & 0x0FU];
    }
    return header;
}

bool verify(
    std::string_view header,
    std::string_view app_id,
    std::string_view body,
    std::string_view timestamp,
    std::string_view secret)
{
    // The parts are concatenated without separators. A body that ends in '}' and a timestamp of
    // digits leave one way only to tell them apart; app_id and secret are ours and fixed.
    const auto object = without_blanks(body, json_blanks);
    const bool unambiguous = object.starts_with('{') && object.ends_with('}') &&
                             !text::is_digit(body.back()) && all_digits(timestamp);
    const auto given = parse_signature(header);
    if (!unambiguous || !given || secret.empty())
        return false;
    const auto right = sha256_of(app_id, body, timestamp, secret);
    return CRYPTO_memcmp(given->data(), right.data(), right.size()) == 0;
}

bool is_setup_probe(std::string_view body)
{
    auto rest = without_blanks(body, json_blanks);
    if (!rest.starts_with('{') || !rest.ends_with('}') || rest.size() < 2)
        return false;
    rest = rest.substr(1, rest.size() - 2);
    return without_blanks(rest, json_blanks).empty();
}

result<dialogue::inbound_event> decode_event(std::string_view body)
{
    event_document document;
    const auto root = document.parse(body);
    if (!root)
        return errc::malformed_event;

    dialogue::inbound_event event;
    event.event_name = root->member("event_name").token();
    event.timestamp = root->member("timestamp").token();
    const auto at = instant_of(event.timestamp);
    if (event.event_name.empty() || !at)
        return errc::malformed_event;
    event.at = *at;
    event.app_id = root->member("app_id").token();
    event.source = root->member("source").token();

    const auto known = recognise(event.event_name);
    event.kind = known.kind;
    read_parties(*root, known, event);
    if (event.kind == event_kind::received && is_telephone(event.user_id)) {
        event.kind = event_kind::other;
        event.user_id.clear();
    }
    read_message(root->member("message"), event);
    if (event.kind == event_kind::submit_info)
        event.info = info_of(root->member("info"));
    return event;
}

} // namespace motcua::zalo
