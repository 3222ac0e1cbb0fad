#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>

// What the server has acknowledged, on a disk of our own: the other half of "nothing acknowledged
// is lost".
namespace motcua::load {

// One line per acknowledgement: time stamp of the event in ms, key in hex. A thread writes and
// syncs. Throws std::system_error at making.
class ledger
{
public:
    explicit ledger(const std::filesystem::path& file);
    ledger(const ledger&) = delete;
    ledger& operator=(const ledger&) = delete;
    ~ledger(); // all is on the disk

    void add(std::int64_t timestamp_ms, const std::string& key);

private:
    void work();

    int descriptor_;
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::string waiting_;
    bool stopping_ = false;
    std::thread thread_;
};

struct comparison
{
    std::size_t acknowledged = 0; // different events
    std::size_t missing = 0;      // of these, not stored
    std::size_t doubled = 0;      // stored more than once
};
// The ledger against a database of the server, which may run. Throws std::runtime_error.
comparison
compare(const std::filesystem::path& ledger_file, const std::filesystem::path& database_file);

} // namespace motcua::load
