#pragma once

#include "configuration.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <motcua/app/storage.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace motcua {

namespace asio = boost::asio;

// Erasing while the server runs. The operator's command leaves a file in `erase/` of the storage
// directory; the server, which holds the database, does it and leaves the proof beside it. A
// request that nobody has taken is done at the next start. The folder is open to its owner only.

std::filesystem::path erase_folder(const configuration& config);

// Erases, and notes the act in the audit. Returns what `motcua erase` prints of the proof.
std::string erase_for_operator(
    app::transaction& store,
    const std::string& user_id,
    const std::string& pseudonym,
    utc_time now);

// Leaves the request, durably, and waits for the proof. Empty if it has not come by then: the
// request stays. `user_id` is digits.
std::optional<std::string>
request_erasure(const configuration& config, const std::string& user_id, std::chrono::seconds wait);

struct erase_requests_parts
{
    app::writer& store;
    asio::any_io_executor workers;
    std::function<utc_time()> now;
    std::function<std::string(std::string_view)> pseudonym; // any thread
    std::function<void()> files_to_remove;
    std::chrono::milliseconds look_every{1000};
};

class erase_requests
{
public:
    erase_requests(
        const asio::any_io_executor& executor,
        std::filesystem::path folder,
        erase_requests_parts parts);

    // Runs until stop(). Run once.
    asio::awaitable<void> run();
    void stop(); // on the executor

private:
    asio::awaitable<void> look();

    std::filesystem::path folder_;
    erase_requests_parts parts_;
    asio::steady_timer timer_;
    bool stopping_ = false;
};

// A Zalo user id: 1 to 32 digits.
bool is_user_id(const std::string& text);

} // namespace motcua
