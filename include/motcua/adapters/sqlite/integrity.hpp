#pragma once

#include <motcua/core/time.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace motcua::sqlite {

struct integrity_finding
{
    bool complete = false; // false: it was told to stop
    std::string damage;    // in SQLite's words, which quote nothing that is stored; empty: none
};

// Reads every page of a database that is in use, one table with its indexes after the other, each
// as of one instant, so that the log is never held up for long. Minutes for gigabytes. `goes_on` is
// asked between tables and now and then within. Throws SQLite::Exception if it cannot be read for
// another reason than damage.
integrity_finding
find_damage(const std::filesystem::path& file, const std::function<bool()>& goes_on);

struct integrity_status
{
    std::optional<utc_time> checked; // the last whole look; empty: none since the start
    bool damaged = false;            // it found something, or another did since the start
};

// Looks for damage ten minutes after the start and then every night at half past three, Vietnamese
// time, on a thread of the lowest priority. What it finds it logs.
class integrity_watch
{
public:
    // `now` is called on its thread. The database is there until the watch has gone.
    integrity_watch(
        std::filesystem::path file,
        std::function<utc_time()> now,
        std::chrono::milliseconds first = std::chrono::minutes(10));
    // Ends a look that is under way; waits for the table it is in, seconds at most.
    ~integrity_watch();
    integrity_watch(const integrity_watch&) = delete;
    integrity_watch& operator=(const integrity_watch&) = delete;

    integrity_status status() const; // any thread
    void look();                     // now, on the calling thread

private:
    void run(std::chrono::milliseconds first);

    std::filesystem::path file_;
    std::function<utc_time()> now_;
    std::atomic<std::int64_t> checked_ms_ = 0; // 0: not yet
    std::atomic<bool> damaged_ = false;
    std::atomic<bool> stopping_ = false;
    std::mutex mutex_; // of the wait
    std::condition_variable stop_;
    std::thread thread_;
};

// From `now` to the next half past three in Vietnam, at least an hour.
std::chrono::milliseconds until_next_look(utc_time now);

} // namespace motcua::sqlite
