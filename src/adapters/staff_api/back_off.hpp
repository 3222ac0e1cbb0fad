#pragma once

#include <motcua/core/time.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <unordered_map>

namespace motcua::staff_api {

// Slows guessing down: after some free attempts each further one has to wait twice as long. Never
// a lock: whoever waits gets in. Bounded: the longest unused entries go first. The I/O thread
// alone.
class back_off
{
public:
    struct rules
    {
        int free_attempts;
        std::chrono::seconds longest_wait;
        std::size_t entries; // at most
    };
    explicit back_off(rules set) : rules_(set) {}

    // How long until the next attempt is taken; zero = now.
    std::chrono::seconds wait(const std::string& key, utc_time now) const;
    // An attempt begins. It counts as failed until it is taken back, so that many at once do not
    // all pass.
    void attempt(const std::string& key, utc_time now);
    // It was right, but more is to come.
    void take_back(const std::string& key);
    void forget(const std::string& key);

    std::size_t size() const { return entries_.size(); }

private:
    struct entry
    {
        int attempts = 0;
        utc_time last{};
    };
    std::chrono::seconds pause_after(int attempts) const;
    void make_room(utc_time now);

    rules rules_;
    std::unordered_map<std::string, entry> entries_;
};

} // namespace motcua::staff_api
