#include "operation_setup.hpp"

#include "procedure_source.hpp"

#include <motcua/adapters/content/content_change.hpp>
#include <motcua/adapters/content/procedure_files.hpp>
#include <motcua/adapters/report/zip_file.hpp>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace motcua {
namespace {

namespace fs = std::filesystem;

staff_api::token_figures token_of(const zalo::token_status& status)
{
    return {
        .has_access = status.has_access_token,
        .has_refresh = status.has_refresh_token,
        .access_until = status.access_until,
        .refresh_until = status.refresh_until,
        .last_renewal = status.last_renewal,
        .last_error = status.last_error,
        .alarm_since = status.alarm_since,
        .alarm = status.alarm};
}

std::uint64_t size_of(const fs::path& file)
{
    std::error_code absent;
    const auto bytes = fs::file_size(file, absent);
    return absent ? 0 : bytes;
}

staff_api::storage_figures
storage_of(const configuration& config, const sqlite::integrity_status& integrity)
{
    staff_api::storage_figures out;
    out.checked = integrity.checked;
    out.damaged = integrity.damaged;
    const auto database = database_file(config);
    out.database_bytes = size_of(database) + size_of(database.string() + "-wal");
    std::error_code ignored;
    const auto disk = fs::space(config.storage.directory, ignored);
    if (!ignored) {
        out.disk_bytes = disk.capacity;
        out.disk_free_bytes = disk.available;
    }
    const auto made = fs::last_write_time(last_backup_mark(config), ignored);
    if (!ignored)
        out.last_backup =
            std::chrono::floor<std::chrono::milliseconds>(std::chrono::file_clock::to_sys(made));
    return out;
}

// Written to a file of its own: the library of ZIP files knows no other way.
std::string zipped(const fs::path& folder, const content::content_change& change)
{
    std::vector<report::zip_member> members;
    for (const auto& one : change.files)
        members.push_back({.name = one.name, .bytes = one.text});
    const auto file = folder / ("content-" + std::to_string(::getpid()) + ".part");
    fs::remove(file);
    report::write_zip(file, members);
    std::ifstream in(file, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(in), {}};
    fs::remove(file);
    return bytes;
}

} // namespace

fs::path last_backup_mark(const configuration& config)
{
    return config.storage.directory / last_backup_name;
}

staff_api::operation_parts make_operation_parts(
    const configuration& config,
    const zalo::token_keeper& tokens,
    const webhook_counters& deliveries,
    const sqlite::integrity_watch& integrity,
    live_content& content,
    std::function<bool()> ready)
{
    auto server = [&tokens, &deliveries, &content, ready = std::move(ready), started = now_utc()] {
        const auto state = content.state();
        return staff_api::server_figures{
            .started = started,
            .version = MOTCUA_VERSION,
            .ready = ready(),
            .token = token_of(tokens.status()),
            .deliveries =
                {.stored = deliveries.stored,
                 .duplicates = deliveries.duplicates,
                 .stale = deliveries.stale,
                 .probes = deliveries.probes,
                 .bad_signatures = deliveries.bad_signatures,
                 .malformed = deliveries.malformed,
                 .refused_busy = deliveries.refused_busy},
            .content = {
                .loaded = state.loaded, .loading = state.loading, .failure = state.failure}};
    };
    auto change = [&config](const std::vector<app::unknown_decision>& decisions) {
        const auto made = content::make_content_change(
            config.content.intents, "tests/data/search_queries_staff.tsv", decisions);
        return zipped(config.storage.directory, made);
    };
    auto read = [](const fs::path& file) {
        auto found = content::read_procedures(file);
        return app::procedure_reading{
            .records = std::move(found.records),
            .findings = std::move(found.findings),
            .skipped = found.skipped};
    };
    return {
        .server = std::move(server),
        .storage = [&config, &integrity] { return storage_of(config, integrity.status()); },
        .reload_content = [&content] { content.request_reload(); },
        .content_change = std::move(change),
        .read_procedures = std::move(read),
        .uploads = config.storage.directory / "uploads"};
}

} // namespace motcua
