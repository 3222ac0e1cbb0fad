#include <boost/beast/core/string.hpp>
#include <motcua/adapters/http/desk_files.hpp>
#include <motcua/core/text/ascii.hpp>
#include <motcua/support/logging.hpp>
#include <openssl/evp.h>

#include <array>
#include <fstream>
#include <map>
#include <optional>
#include <stdexcept>
#include <system_error>

namespace motcua::http {

namespace {

namespace fs = std::filesystem;
using boost::beast::iequals;

constexpr std::size_t file_limit = 1000;
constexpr std::uintmax_t size_limit_bytes = 32UL * 1024 * 1024; // of all files together
constexpr std::size_t tag_bytes = 16;                           // of the SHA-256 in an ETag

// web/README.md: the page asks for nothing but its own origin, and needs nothing inline.
constexpr std::string_view policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
constexpr std::string_view for_ever = "public, max-age=31536000, immutable";
constexpr std::string_view ask_again = "no-cache";

constexpr std::string_view no_build =
    "<!DOCTYPE html>\n<html lang=\"vi\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<title>Một Cửa</title>\n</head>\n<body>\n<h1>Màn hình làm việc chưa được dựng</h1>\n"
    "<p>Máy chủ đang chạy, nhưng chưa có các tệp của màn hình làm việc. Người vận hành chạy "
    "<code>scripts/desk</code> trong thư mục mã nguồn (hoặc đặt <code>content.desk</code> đúng "
    "thư mục đã dựng), rồi khởi động lại máy chủ.</p>\n</body>\n</html>\n";

struct coding
{
    std::string_view name; // in Accept-Encoding and Content-Encoding
    std::string_view suffix;
};
constexpr std::array codings{coding{"br", ".br"}, coding{"gzip", ".gz"}}; // the smaller one first

struct variant
{
    std::string bytes;
    std::string tag; // ETag, quotes included
};

struct file
{
    std::string content_type;
    variant plain;
    std::array<std::optional<variant>, codings.size()> encoded;
};

struct desk
{
    std::map<std::string, file, std::less<>> files; // by path: "/index.html", "/assets/…"
    request_handler others;
};

std::string_view type_of(const fs::path& name)
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 8> types{{
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".ico", "image/x-icon"},
        {".woff2", "font/woff2"},
        {".json", "application/json"},
    }};
    const auto extension = name.extension().string();
    for (const auto& [known, type] : types)
        if (extension == known)
            return type;
    return "application/octet-stream";
}

std::string tag_of(std::string_view bytes)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1)
        throw std::runtime_error("SHA-256 is not to be had");
    constexpr std::string_view digits = "0123456789abcdef";
    std::string tag = "\"";
    for (std::size_t i = 0; i < tag_bytes; ++i) {
        tag += digits[digest.at(i) >> 4U];
        tag += digits[digest.at(i) & 15U];
    }
    return tag + '"';
}

variant read_file(const fs::path& path)
{
    std::ifstream in(path, std::ios::binary);
    std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    if (!in)
        throw std::runtime_error("the desk's file " + path.string() + " cannot be read");
    auto tag = tag_of(bytes);
    return {.bytes = std::move(bytes), .tag = std::move(tag)};
}

bool is_encoded(const fs::path& name)
{
    for (const auto& one : codings)
        if (name.extension() == one.suffix)
            return true;
    return false;
}

file read_with_encodings(const fs::path& path)
{
    file one;
    one.content_type = type_of(path);
    one.plain = read_file(path);
    for (std::size_t i = 0; i < codings.size(); ++i) {
        auto beside = path;
        beside += codings.at(i).suffix;
        if (fs::is_regular_file(beside))
            one.encoded.at(i) = read_file(beside);
    }
    return one;
}

std::map<std::string, file, std::less<>> read_folder(const fs::path& folder)
{
    std::map<std::string, file, std::less<>> files;
    if (!fs::is_regular_file(folder / "index.html"))
        return files;
    std::size_t count = 0;
    std::uintmax_t size = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file())
            continue;
        size += entry.file_size();
        if (++count > file_limit || size > size_limit_bytes)
            throw std::runtime_error(
                "content.desk: " + folder.string() + " is too large to be the built desk");
        const auto name = fs::relative(entry.path(), folder).generic_string();
        if (!is_encoded(entry.path()))
            files.emplace("/" + name, read_with_encodings(entry.path()));
    }
    return files;
}

// Takes what stands before the first `separator` off `text`.
std::string_view take(std::string_view& text, char separator)
{
    const auto end = std::min(text.find(separator), text.size());
    const auto part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return text::trimmed(part, " \t");
}

// Whether Accept-Encoding names the coding and does not give it the weight 0 (RFC 9110, 12.5.3).
bool accepts(std::string_view accepted, std::string_view name)
{
    while (!accepted.empty()) {
        auto item = take(accepted, ',');
        if (!iequals(take(item, ';'), name))
            continue;
        const auto weight = text::trimmed(item, " \t");
        return !weight.starts_with("q=0") || weight.find_first_of("123456789") != weight.npos;
    }
    return false;
}

// If-None-Match: weak comparison (RFC 9110, 13.1.2).
bool is_known(std::string_view tags, std::string_view tag)
{
    while (!tags.empty()) {
        auto one = take(tags, ',');
        if (one.starts_with("W/"))
            one.remove_prefix(2);
        if (one == tag || one == "*")
            return true;
    }
    return false;
}

bool is_encodable(const file& one)
{
    return one.encoded.front() || one.encoded.back();
}

response send(const file& one, const request& asked, std::string_view keeping)
{
    response reply;
    const variant* chosen = &one.plain;
    for (std::size_t i = 0; i < codings.size(); ++i) {
        const auto& candidate = one.encoded.at(i);
        if (candidate && accepts(asked.field("accept-encoding"), codings.at(i).name)) {
            chosen = &*candidate;
            reply.fields.emplace_back("Content-Encoding", codings.at(i).name);
            break;
        }
    }
    if (is_encodable(one))
        reply.fields.emplace_back("Vary", "Accept-Encoding");
    reply.fields.emplace_back("Cache-Control", keeping);
    reply.fields.emplace_back("ETag", chosen->tag);
    reply.content_type = one.content_type;
    if (is_known(asked.field("if-none-match"), chosen->tag))
        reply.status = 304;
    else
        reply.body = chosen->bytes;
    return reply;
}

response uncached(unsigned status, std::string_view text)
{
    response reply;
    reply.status = status;
    reply.body = text;
    reply.fields.emplace_back("Cache-Control", "no-store");
    return reply;
}

response without_build()
{
    response reply = uncached(503, no_build);
    reply.content_type = "text/html; charset=utf-8";
    return reply;
}

bool is_of_server(std::string_view path)
{
    return path == "/api" || path.starts_with("/api/") || path == "/healthz" || path == "/readyz" ||
           path == "/metrics";
}

response answer(const desk& known, const request& asked)
{
    if (asked.method != "GET" && asked.method != "HEAD") {
        auto reply = uncached(405, "method not allowed\n");
        reply.fields.emplace_back("Allow", "GET, HEAD");
        return reply;
    }
    if (asked.path().starts_with("/assets/")) {
        const auto found = known.files.find(asked.path());
        return found == known.files.end() ? uncached(404, "not found\n")
                                          : send(found->second, asked, for_ever);
    }
    const auto page = known.files.find("/index.html");
    return page == known.files.end() ? without_build() : send(page->second, asked, ask_again);
}

asio::awaitable<response> route(std::shared_ptr<const desk> known, request asked)
{
    if (is_of_server(asked.path())) {
        auto reply = co_await known->others(std::move(asked));
        co_return reply;
    }
    auto reply = answer(*known, asked);
    reply.fields.emplace_back("Content-Security-Policy", policy);
    reply.fields.emplace_back("Referrer-Policy", "same-origin");
    reply.fields.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
    reply.fields.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
    reply.fields.emplace_back(
        "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
    co_return reply;
}

} // namespace

request_handler make_desk_routes(const fs::path& folder, request_handler others)
{
    auto known = std::make_shared<desk>();
    known->files = read_folder(folder);
    known->others = std::move(others);
    if (known->files.empty())
        log::warning("the web desk is not built", {{"folder", folder.string()}});
    return [known = std::shared_ptr<const desk>(std::move(known))](request asked) {
        return route(known, std::move(asked));
    };
}

} // namespace motcua::http
