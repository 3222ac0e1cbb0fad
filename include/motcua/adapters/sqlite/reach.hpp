#pragma once

#include <motcua/app/reach_store.hpp>
#include <motcua/app/report_desk.hpp>
#include <motcua/core/time.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// Reading what the plan's report counts. Each opens a read-only connection of its own to an
// existing database of this version, beside whoever writes, and throws std::runtime_error if there
// is none.
namespace motcua::sqlite {

// From the roll-ups: a year over 10^7 interactions in well under two seconds.
std::unique_ptr<app::figure_source> open_figures(const std::filesystem::path& file);

// The same figures from the rows alone, by code that shares nothing with the roll-ups; reads every
// row for every period.
std::unique_ptr<app::figure_source> open_recount(
    const std::filesystem::path& file,
    app::progress_teller progress = {},
    std::chrono::minutes visit_gap = reach::visit_gap);

std::unique_ptr<app::reach_reader> open_reach_reader(const std::filesystem::path& file);

// From the roll-ups.
std::unique_ptr<app::reach_series> open_reach_series(const std::filesystem::path& file);

// Whether the contacts are those that the stored events make: each event of a citizen that is a
// contact has exactly one row, with its time, kind, pseudonym and test mark, and nothing else has
// one (no echo, no receipt, no duplicate).
struct event_check_parts
{
    std::function<std::string(std::string_view)> pseudonym; // of a Zalo user id
    std::function<bool(std::string_view)> is_test_user;
    app::progress_teller progress;
    std::size_t most_differences = 100; // described; all are counted
};
struct event_check
{
    std::int64_t events = 0;     // of citizens, that are contacts
    std::int64_t contacts = 0;   // rows compared
    std::int64_t unprovable = 0; // rows whose event is no longer kept, or names nobody any more
    std::int64_t different = 0;
    std::vector<std::string> differences; // one line each, no personal data
};
event_check check_contacts(const std::filesystem::path& file, const event_check_parts& parts);

} // namespace motcua::sqlite
