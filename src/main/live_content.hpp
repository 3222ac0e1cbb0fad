#pragma once

#include "configuration.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/thread_pool.hpp>
#include <motcua/adapters/sqlite/database.hpp>
#include <motcua/app/event_handler.hpp>

#include <atomic>
#include <filesystem>
#include <string>

namespace motcua {

namespace asio = boost::asio;

// Procedure files that `motcua import` left for a running server: taken at the next reload.
std::filesystem::path handed_over_folder(const configuration& config);

// For operators.
struct content_state
{
    utc_time loaded{};
    bool loading = false;
    std::string failure; // of the last attempt to read it anew; empty: it succeeded
};

// The content a server answers from. SIGHUP, or request_reload(), has it read anew, on a thread of
// its own: what is good replaces the old as a whole, what is not is logged with file and line and
// the old one stays. Whoever holds a copy of current() keeps its model mapped.
class live_content
{
public:
    // From here on SIGHUP no longer ends the process. Reads intents, data, shipped procedures and
    // those of the database; trains the model unless it is cached. Throws content_error. All three
    // arguments outlive it.
    live_content(
        const asio::any_io_executor& executor,
        const configuration& config,
        sqlite::database& database);
    ~live_content();

    // On the executor.
    app::content current() const { return current_; }

    content_state state() const { return state_; }

    // On the executor. What is stored by now is taken; comes back at once.
    void request_reload();

    // Reloads whenever SIGHUP comes, until stop(). Run once.
    asio::awaitable<void> run();
    // On the executor. A training under way is given up at its next step, in a few seconds.
    void stop();

private:
    asio::awaitable<void> reload();
    app::content load(const std::function<void(double)>& progress);

    const configuration& config_;
    sqlite::database& database_;
    asio::signal_set hang_up_;
    asio::thread_pool loader_{1};
    std::atomic<bool> stopping_ = false;
    app::content current_;
    content_state state_;
    bool wanted_ = false; // a reload, besides the signal's
};

} // namespace motcua
