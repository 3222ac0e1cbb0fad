#pragma once

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <random>
#include <string>
#include <string_view>

// How the platform misbehaves on the calls of its API: planned for the next calls, or by chance
// with a seed.
namespace motcua::simulator {

struct fault
{
    std::string kind; // empty = none; docs/simulator.md lists them
    std::chrono::milliseconds delay{0};
    int code = 0; // of kind "error"
};

class fault_plan
{
public:
    // Adds what `body` describes, or clears everything (kind "none"). False if it makes no sense.
    bool add(const nlohmann::json& body);
    // What happens to the next call. `planned_too` is false for calls that only chance may strike.
    fault take(bool planned_too);
    nlohmann::json view() const;

private:
    struct planned
    {
        fault what;
        std::int64_t times = 1;
    };
    bool add_by_chance(const nlohmann::json& body);

    std::deque<planned> planned_;
    std::map<std::string, double> rates_; // by kind
    std::chrono::milliseconds delay_{0};
    std::mt19937_64 random_;
};

} // namespace motcua::simulator
