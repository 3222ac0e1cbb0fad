#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <motcua/app/storage.hpp>
#include <motcua/support/task_group.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace motcua::app {

// How one attempt to get a citizen's file from the platform ended.
struct media_answer
{
    enum class kind : std::uint8_t
    {
        fetched,
        refused,   // by our own rules, whenever it is tried: address, size, redirection
        unlisted,  // its host is none we fetch from, which the next start may change
        try_later, // the platform or the network failed
    };
    kind end = kind::try_later;
    std::string bytes;  // of fetched
    std::string reason; // of the others: no URL, no personal data
};

// Where citizens' files come from; adapters/zalo implements it.
class media_source
{
public:
    virtual ~media_source() = default;
    // Never throws for a fault of the platform or the network. Bounded in time and size.
    virtual asio::awaitable<media_answer> fetch(std::string url) = 0;
};

// A file being read; stays readable though it is removed. Blocking, and throws, as below.
class stored_file
{
public:
    virtual ~stored_file() = default;
    // The next bytes, at most so many; empty at the end.
    virtual std::string read(std::size_t most) = 0;
};

// Files by their content. Blocking: call it on a worker. Throws std::system_error.
class attachment_files
{
public:
    virtual ~attachment_files() = default;
    // The name of the file with this content: 64 hex digits of its SHA-256. Does no I/O.
    virtual std::string name_of(std::string_view content) const = 0;
    // All or nothing, and on the disk once it returns. Twice is one file.
    virtual void put(const std::string& name, std::string_view content) = 0;
    // Null if there is no such file.
    virtual std::unique_ptr<stored_file> open(const std::string& name) = 0;
    // No error if there is no such file.
    virtual void remove(const std::string& name) = 0;
};

struct attachment_fetcher_parts
{
    app::writer& store;
    media_source& platform;
    attachment_files& files;
    asio::any_io_executor workers; // disk
    std::function<utc_time()> now;
    std::size_t concurrency = 2; // calls at once, each of another citizen
    attachment_allowance allowance;
    int attempts = 7;                        // calls per file at most: ten minutes in all
    std::chrono::seconds first_wait{10};     // doubled each time
    std::chrono::minutes cleaning_every{10}; // between looks for files to remove
};

// Gets what citizens have sent before the platform's links go stale, and removes the files of those
// who were erased. A file whose fetching a stop interrupted is fetched after the start.
class attachment_fetcher
{
public:
    attachment_fetcher(const asio::any_io_executor& executor, attachment_fetcher_parts parts);

    // New rows may wait, or files may have to go. Call on the executor.
    void wake();

    // Runs until stop(); calls under way are then cancelled and their rows fetched again later. Run
    // once.
    asio::awaitable<void> run();
    void stop();

private:
    asio::awaitable<void> recover();
    asio::awaitable<void> serve();
    asio::awaitable<void> wait_for_work(std::optional<utc_time> next_due);
    asio::awaitable<void> fetch_one(wanted_attachment row);
    asio::awaitable<attachment_end> fetch(const wanted_attachment& row);
    asio::awaitable<attachment_end> keep(const wanted_attachment& row, std::string bytes);
    asio::awaitable<bool> remove_some_files();
    attachment_end again_or_failed(const wanted_attachment& row, std::string reason) const;

    attachment_fetcher_parts parts_;
    asio::steady_timer wake_;
    task_group calls_;
    std::size_t under_way_ = 0;
    std::set<std::string> being_written_; // files that must not be removed now
    bool woken_ = false;
    bool stopping_ = false;
    utc_time next_cleaning_{};
};

} // namespace motcua::app
