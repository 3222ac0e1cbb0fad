#include <motcua/app/attachment_content.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <array>

namespace motcua::app {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t name_limit = 100;      // code points
constexpr std::size_t extension_limit = 10;  // bytes with the dot
constexpr std::size_t attachment_limit = 20; // of one event
constexpr std::size_t url_limit = 4096;      // bytes

struct signature
{
    std::size_t at;
    std::string_view bytes;
    std::string_view type;
};

// From the formats' own specifications; the first that matches holds.
constexpr std::array signatures{
    signature{0, "\xFF\xD8\xFF"sv, "image/jpeg"sv},
    signature{0, "\x89PNG\r\n\x1A\n"sv, "image/png"sv},
    signature{0, "GIF87a"sv, "image/gif"sv},
    signature{0, "GIF89a"sv, "image/gif"sv},
    signature{8, "WEBP"sv, "image/webp"sv},
    signature{8, "WAVE"sv, "audio/wav"sv},
    signature{4, "ftypheic"sv, "image/heic"sv},
    signature{4, "ftypheix"sv, "image/heic"sv},
    signature{4, "ftypmif1"sv, "image/heif"sv},
    signature{4, "ftypavif"sv, "image/avif"sv},
    signature{4, "ftypM4A "sv, "audio/mp4"sv},
    signature{4, "ftyp3gp"sv, "video/3gpp"sv},
    signature{4, "ftypqt  "sv, "video/quicktime"sv},
    signature{4, "ftyp"sv, "video/mp4"sv},
    signature{0, "%PDF-"sv, "application/pdf"sv},
    signature{0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, "application/msword"sv},
    signature{0, "#!AMR"sv, "audio/amr"sv},
    signature{0, "ID3"sv, "audio/mpeg"sv},
    signature{0, "\xFF\xFB"sv, "audio/mpeg"sv},
    signature{0, "\xFF\xF3"sv, "audio/mpeg"sv},
    signature{0, "\xFF\xF1"sv, "audio/aac"sv},
    signature{0, "\xFF\xF9"sv, "audio/aac"sv},
    signature{0, "OggS"sv, "audio/ogg"sv},
    signature{0, "\x1A\x45\xDF\xA3"sv, "video/webm"sv}};

constexpr auto zip_start = "PK\x03\x04"sv;
constexpr std::size_t zip_look = 4096; // bytes in which an office file names its kind

std::string_view type_of_zip(std::string_view content)
{
    const auto start = content.substr(0, zip_look);
    if (start.find("word/"sv) != std::string_view::npos)
        return "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    if (start.find("xl/"sv) != std::string_view::npos)
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    return "application/zip";
}

// Controls, and the marks that turn the direction of what follows.
bool misleads(std::string_view letter)
{
    if (letter.size() == 1) {
        const auto byte = static_cast<unsigned char>(letter.front());
        return byte < 0x20 || byte == 0x7F || "<>:\"|?*"sv.find(letter.front()) != letter.npos;
    }
    for (const auto mark :
         {"\u061C"sv,
          "\u200E"sv,
          "\u200F"sv,
          "\u2028"sv,
          "\u2029"sv,
          "\u202A"sv,
          "\u202B"sv,
          "\u202C"sv,
          "\u202D"sv,
          "\u202E"sv,
          "\u2066"sv,
          "\u2067"sv,
          "\u2068"sv,
          "\u2069"sv}) {
        if (letter == mark)
            return true;
    }
    // C1 controls.
    return letter.size() == 2 && letter[0] == '\xC2' &&
           static_cast<unsigned char>(letter[1]) < 0xA0;
}

std::size_t letter_length(char lead)
{
    const auto byte = static_cast<unsigned char>(lead);
    if (byte < 0x80)
        return 1;
    return byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

bool is_fetched(std::string_view type)
{
    return type == "image" || type == "gif" || type == "file" || type == "audio" || type == "video";
}

} // namespace

std::string_view content_type_of(std::string_view content)
{
    for (const auto& one : signatures) {
        if (content.size() >= one.at && content.substr(one.at).starts_with(one.bytes))
            return one.type;
    }
    if (content.starts_with(zip_start))
        return type_of_zip(content);
    return "application/octet-stream";
}

std::string safe_file_name(std::string_view name)
{
    const auto valid = text::to_nfc(name.substr(0, url_limit));
    std::string_view rest = valid;
    if (const auto slash = rest.find_last_of("/\\"); slash != std::string_view::npos)
        rest.remove_prefix(slash + 1);
    std::string kept;
    while (!rest.empty()) {
        const auto length = std::min(letter_length(rest.front()), rest.size());
        const auto letter = rest.substr(0, length);
        if (!misleads(letter))
            kept += letter;
        rest.remove_prefix(length);
    }
    kept.erase(0, std::min(kept.find_first_not_of(". \t\n"), kept.size()));
    while (kept.ends_with('.') || kept.ends_with(' '))
        kept.pop_back();
    if (text::code_points(kept) <= name_limit)
        return kept;
    const auto dot = kept.rfind('.');
    const bool has_extension = dot != std::string::npos && kept.size() - dot <= extension_limit;
    const auto extension = has_extension ? kept.substr(dot) : std::string();
    return std::string(text::prefix(kept, name_limit - text::code_points(extension))) + extension;
}

std::vector<new_attachment> attachments_of(const dialogue::inbound_event& event)
{
    std::vector<new_attachment> out;
    if (event.kind == dialogue::event_kind::location && event.where) {
        auto& place = out.emplace_back();
        place.user_id = event.user_id;
        place.kind = "location";
        place.where = event.where;
        place.message_id = event.message_id;
    }
    if (event.kind != dialogue::event_kind::media)
        return out;
    int index = 0;
    for (const auto& one : event.attachments) {
        const int position = index++;
        if (!is_fetched(one.type) || one.url.empty() || one.url.size() > url_limit ||
            out.size() == attachment_limit)
            continue;
        auto& file = out.emplace_back();
        file.user_id = event.user_id;
        file.kind = one.type;
        file.url = one.url;
        file.name = safe_file_name(one.name);
        file.message_id = event.message_id;
        file.place = position;
    }
    return out;
}

} // namespace motcua::app
