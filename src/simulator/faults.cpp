#include "faults.hpp"

#include "fields.hpp"

#include <motcua/adapters/zalo/bounded_json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace motcua::simulator {
namespace {

using nlohmann::json;
using zalo::member;

constexpr std::int64_t longest_delay_ms = 60'000;
constexpr std::int64_t usual_delay_ms = 3000;
constexpr std::int64_t most_times = 100'000;

std::chrono::milliseconds delay_of(const json& body)
{
    return std::chrono::milliseconds(std::clamp(
        integer_of(body, "delay_ms", usual_delay_ms), std::int64_t{0}, longest_delay_ms));
}

// "cut_after", "error:-211", …
std::optional<fault> fault_from(std::string_view name, std::chrono::milliseconds delay)
{
    constexpr std::array<std::string_view, 7> kinds{
        "delay", "cut_before", "cut_after", "429", "500", "html", "half_json"};
    constexpr std::string_view error = "error:";
    fault out;
    out.delay = delay;
    if (std::find(kinds.begin(), kinds.end(), name) != kinds.end()) {
        out.kind = name;
        return out;
    }
    if (!name.starts_with(error))
        return std::nullopt;
    name.remove_prefix(error.size());
    const auto parsed = std::from_chars(name.data(), name.data() + name.size(), out.code);
    if (parsed.ec != std::errc() || parsed.ptr != name.data() + name.size())
        return std::nullopt;
    out.kind = "error";
    return out;
}

} // namespace

bool fault_plan::add(const json& body)
{
    if (member(body, "rates").is_object())
        return add_by_chance(body);
    const auto kind = zalo::token(member(body, "kind"));
    if (kind == "none") {
        planned_.clear();
        rates_.clear();
        return true;
    }
    auto what = fault_from(kind, delay_of(body));
    if (!what)
        return false;
    const auto times = std::clamp(integer_of(body, "times", 1), std::int64_t{1}, most_times);
    planned_.push_back({std::move(*what), times});
    return true;
}

bool fault_plan::add_by_chance(const json& body)
{
    std::map<std::string, double> rates;
    double sum = 0;
    for (const auto& [kind, rate] : member(body, "rates").items()) {
        if (!rate.is_number() || rate.get<double>() < 0 || !fault_from(kind, {}))
            return false;
        rates[kind] = rate.get<double>();
        sum += rates[kind];
    }
    if (sum > 1)
        return false;
    rates_ = std::move(rates);
    delay_ = delay_of(body);
    random_.seed(static_cast<std::uint64_t>(integer_of(body, "seed", 1)));
    return true;
}

fault fault_plan::take(bool planned_too)
{
    if (planned_too && !planned_.empty()) {
        auto now = planned_.front().what;
        if (--planned_.front().times == 0)
            planned_.pop_front();
        return now;
    }
    if (rates_.empty())
        return {};
    auto left = std::uniform_real_distribution<>(0, 1)(random_);
    for (const auto& [kind, rate] : rates_) {
        if (left < rate)
            return fault_from(kind, delay_).value_or(fault{});
        left -= rate;
    }
    return {};
}

json fault_plan::view() const
{
    json left = json::array();
    for (const auto& one : planned_)
        left.push_back({{"kind", one.what.kind}, {"times", one.times}});
    return {{"faults", std::move(left)}, {"rates", rates_}};
}

} // namespace motcua::simulator
