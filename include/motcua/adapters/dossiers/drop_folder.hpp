#pragma once

#include <boost/asio/steady_timer.hpp>
#include <motcua/app/storage.hpp>
#include <motcua/core/dossiers/export.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace motcua::dossier_files {

namespace asio = boost::asio;

struct drop_folder_parts
{
    std::filesystem::path folder; // exists; `taken` and `refused` are made in it
    app::writer& store;
    asio::any_io_executor workers; // files are read here
    dossiers::export_format format;
    dossiers::proof_rule rule;
    dossiers::seal seal; // called on `workers`
    std::function<utc_time()> now;
    std::function<void()> taken; // after each file that changed something; on the executor
    std::chrono::seconds look_every{5};
    // A file is complete once it has not changed for so long and ends with a line end.
    std::chrono::seconds settled_after{10};
    std::chrono::seconds cut_after{600}; // without a line end it is refused then
    std::chrono::days kept{7};           // files taken or refused
    std::chrono::days rows_kept{400};    // dossiers no export has named again
};

inline constexpr std::uintmax_t export_limit_bytes = 128UL * 1024 * 1024;

// Takes CSV exports out of a folder: *.csv, *.txt and *.tsv, the oldest first. A good file moves to
// `taken/`. One with any fault changes nothing and moves to `refused/`, with a `.reason.txt` beside
// it that names line and fault. What is being written (young, *.part, *.tmp, hidden) is left alone;
// a taken file that grows nevertheless is taken again. Nothing of it is seen until all of it is in
// the store.
class drop_folder
{
public:
    drop_folder(const asio::any_io_executor& executor, drop_folder_parts parts);

    // Runs until stop(). Run once.
    asio::awaitable<void> run();
    void stop(); // on the executor

    struct look_result
    {
        std::size_t taken = 0;
        std::size_t refused = 0;
        std::size_t repeated = 0; // the same bytes as the export before
    };
    // Everything that is ready now.
    asio::awaitable<look_result> look();

private:
    struct candidate;
    struct loaded;
    asio::awaitable<bool> take(candidate file, look_result& result);
    asio::awaitable<bool> store_rows(std::string name, const loaded& from);
    asio::awaitable<void> tidy();

    drop_folder_parts parts_;
    asio::steady_timer timer_;
    // Taken a short while ago: size by name, in case somebody is still writing.
    std::map<std::string, std::uintmax_t> watched_;
    std::chrono::steady_clock::time_point next_tidying_{};
    bool stopping_ = false;
};

} // namespace motcua::dossier_files
