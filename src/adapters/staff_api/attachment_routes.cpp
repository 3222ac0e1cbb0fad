#include "attachment_routes.hpp"

#include "complaint_access.hpp"
#include "limits.hpp"

#include <motcua/app/attachment_content.hpp>
#include <motcua/support/run_on.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <optional>
#include <set>
#include <utility>

namespace motcua::staff_api {
namespace {

using app::staff_role;

constexpr std::size_t piece_bytes = 64UL * 1024;

constexpr std::array<std::string_view, 4> shown_types{
    "image/jpeg", "image/png", "image/gif", "image/webp"};

constexpr std::array<std::pair<std::string_view, std::string_view>, 9> extensions{{
    {"image/jpeg", ".jpg"},
    {"image/png", ".png"},
    {"image/gif", ".gif"},
    {"image/webp", ".webp"},
    {"image/heic", ".heic"},
    {"application/pdf", ".pdf"},
    {"audio/mp4", ".m4a"},
    {"audio/mpeg", ".mp3"},
    {"video/mp4", ".mp4"},
}};

bool is_plain(char letter)
{
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '.' || letter == '-' || letter == '_';
}

// RFC 8187.
std::string percent_encoded(std::string_view name)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char letter : name) {
        if (is_plain(letter)) {
            out += letter;
            continue;
        }
        const auto byte = static_cast<unsigned char>(letter);
        out += '%';
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
    }
    return out;
}

asio::awaitable<void>
send_file(std::shared_ptr<open_download> what, asio::any_io_executor workers, http::body_sink& sink)
{
    auto piece = std::move(what->first);
    while (!piece.empty()) {
        const bool more = co_await sink.write(std::move(piece));
        if (!more)
            co_return;
        auto next = [what] { return what->file->read(piece_bytes); };
        piece = co_await run_on(workers, std::move(next));
    }
}

// What a request opens; on the worker. Throws not_found.
struct opened
{
    std::string code; // of the complaint
    std::string name;
    std::shared_ptr<open_download> what;
};
opened open_visible(
    const staff_api_parts& parts, const directory& known, const caller& by, std::int64_t id)
{
    const auto store = parts.open_reader();
    const auto found = store->complaint_file(id);
    if (!found || found->file.file.empty())
        throw problem("not_found");
    const auto units = known.units(*store);
    const auto sees = [&](const complaints::complaint& one) { return may_see(by, one, units); };
    const auto seen = std::ranges::find_if(found->cases, sees);
    if (seen == found->cases.end())
        throw problem("not_found");
    return {
        .code = seen->code,
        .name = found->file.name,
        .what = open_kept(parts.files, found->file.file)};
}

// Which file was opened in which session: a page shows its pictures again and again, and the audit
// needs the first time. Forgets all once full, so that a line too many is written, never one too
// few.
class openings
{
public:
    bool is_first(const std::string& session, std::int64_t file)
    {
        if (seen_.size() >= most)
            seen_.clear();
        return seen_.emplace(session, file).second;
    }
    void forget(const std::string& session, std::int64_t file) { seen_.erase({session, file}); }

private:
    static constexpr std::size_t most = 20'000;
    std::set<std::pair<std::string, std::int64_t>> seen_;
};

// Written before the file is sent: what cannot be audited is not shown.
asio::awaitable<void> audit_opening(
    const call& asked,
    const staff_api_parts& parts,
    std::shared_ptr<const directory> known,
    openings& seen,
    std::string code,
    std::int64_t id)
{
    if (!seen.is_first(asked.by.session_id, id))
        co_return;
    auto entry =
        audit_entry_of(asked, "attachment", std::move(code), "Tệp số " + std::to_string(id));
    auto unit = [entry = std::move(entry), known = std::move(known)](app::transaction& store) {
        known->audit(store, entry);
    };
    const auto committed = co_await parts.store.commit(std::move(unit));
    if (committed)
        co_return;
    seen.forget(asked.by.session_id, id);
    throw problem("unavailable");
}

asio::awaitable<http::response> send_attachment(
    const staff_api_parts& parts,
    std::shared_ptr<const directory> known,
    std::shared_ptr<openings> seen,
    call asked)
{
    const auto id = row_number(asked.path.at("id"));
    if (!id)
        throw problem("not_found");
    auto open = [&parts, known, by = asked.by, id] { return open_visible(parts, *known, by, *id); };
    const auto got = co_await run_on(parts.workers, std::move(open));
    co_await audit_opening(asked, parts, known, *seen, got.code, *id);
    co_return file_response(got.what, *id, got.name, parts.workers);
}

} // namespace

std::shared_ptr<open_download> open_kept(app::attachment_files& from, const std::string& name)
{
    auto what = std::make_shared<open_download>();
    what->file = from.open(name);
    if (!what->file)
        throw problem("not_found");
    what->first = what->file->read(piece_bytes);
    return what;
}

http::response file_response(
    std::shared_ptr<open_download> what,
    std::int64_t id,
    const std::string& given,
    asio::any_io_executor workers)
{
    http::response out;
    const auto type = app::content_type_of(what->first);
    out.content_type = type;
    out.fields = {
        {"Cache-Control", "no-store"},
        {"Content-Security-Policy", "sandbox"},
        {"Content-Disposition", content_disposition(type, file_name(id, type, given))}};
    out.stream = [what = std::move(what), workers = std::move(workers)](http::body_sink& sink) {
        return send_file(what, workers, sink);
    };
    return out;
}

std::string content_disposition(std::string_view type, std::string_view name)
{
    std::string plain;
    for (const char letter : name) {
        if (is_plain(letter))
            plain += letter;
        else if (!plain.ends_with('_'))
            plain += '_';
    }
    const bool shown = std::ranges::find(shown_types, type) != shown_types.end();
    return std::string(shown ? "inline" : "attachment") + "; filename=\"" + plain +
           "\"; filename*=UTF-8''" + percent_encoded(name);
}

std::string file_name(std::int64_t id, std::string_view type, const std::string& given)
{
    if (auto safe = app::safe_file_name(given); !safe.empty())
        return safe;
    const auto* const known =
        std::ranges::find(extensions, type, &decltype(extensions)::value_type::first);
    return "tep-" + std::to_string(id) +
           std::string(known == extensions.end() ? std::string_view(".bin") : known->second);
}

void add_attachment_routes(router& to, const staff_api_parts& parts, directory known)
{
    const auto shared = std::make_shared<const directory>(std::move(known));
    const auto seen = std::make_shared<openings>();
    to.add(
        {.method = "GET",
         .path = "/attachments/{id}",
         .roles = {staff_role::officer, staff_role::coordinator},
         .handle = [&parts, shared, seen](call asked) {
             return send_attachment(parts, shared, seen, std::move(asked));
         }});
}

} // namespace motcua::staff_api
