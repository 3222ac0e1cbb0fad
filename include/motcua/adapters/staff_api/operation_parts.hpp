#pragma once

#include <motcua/app/procedure_desk.hpp>
#include <motcua/app/unknown_review.hpp>
#include <motcua/core/time.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

// What the screens of operation and content are told by the program around the API. A function that
// is empty is not available: its figures are absent, its acts are refused.
namespace motcua::staff_api {

// The platform's tokens, never themselves.
struct token_figures
{
    bool has_access = false;
    bool has_refresh = false;
    std::optional<utc_time> access_until{};
    std::optional<utc_time> refresh_until{};
    std::optional<utc_time> last_renewal{};
    std::string last_error{};
    std::optional<utc_time> alarm_since{};
    std::string alarm{}; // what a person must see to; empty: nothing
};

struct delivery_figures
{
    std::uint64_t stored = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t stale = 0;
    std::uint64_t probes = 0;
    std::uint64_t bad_signatures = 0;
    std::uint64_t malformed = 0;
    std::uint64_t refused_busy = 0;
};

// What is answered from.
struct content_figures
{
    std::optional<utc_time> loaded{};
    bool loading = false;
    std::string failure{}; // of the last attempt to read it anew; empty: it succeeded
};

// Of the process; since `started`.
struct server_figures
{
    utc_time started{};
    std::string version{}; // of the program
    bool ready = false;    // takes events
    token_figures token{};
    delivery_figures deliveries{};
    content_figures content{};
};

// Of the disk; bytes.
struct storage_figures
{
    std::uint64_t database_bytes = 0; // with its log
    std::uint64_t disk_free_bytes = 0;
    std::uint64_t disk_bytes = 0;
    std::optional<utc_time> last_backup{}; // as far as this machine knows
    std::optional<utc_time> checked{};     // all of the database was read; empty: not since started
    bool damaged = false;                  // damage was found in it
};

struct operation_parts
{
    std::function<server_figures()> server{};   // on the I/O thread
    std::function<storage_figures()> storage{}; // on the workers
    std::function<void()> reload_content{};     // wakes it; on the I/O thread
    // A ZIP of the content files as the decisions change them; on the workers. Throws
    // std::runtime_error if the files cannot be read.
    std::function<std::string(const std::vector<app::unknown_decision>&)> content_change{};
    // Reads a file of procedures; on the workers.
    std::function<app::procedure_reading(const std::filesystem::path&)> read_procedures{};
    std::filesystem::path uploads{}; // folder for files to be imported
};

} // namespace motcua::staff_api
