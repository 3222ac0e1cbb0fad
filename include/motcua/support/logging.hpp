#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

// One JSON object per line on stderr: time (UTC), level, event, then the fields. Any thread.
//
// Log ids, counts, durations and error codes; never message texts, phone numbers, tokens or
// signatures.
namespace motcua::log {

enum class level : std::uint8_t
{
    debug,
    info,
    warning,
    error
};

// Nothing below is written; info at first.
void set_level(level lowest);

struct value : std::variant<bool, std::int64_t, std::uint64_t, double, std::string_view>
{
    value(bool flag) : variant(flag) {}
    template <std::signed_integral Number>
    value(Number number) : variant(static_cast<std::int64_t>(number))
    {
    }
    template <std::unsigned_integral Number>
    requires(!std::same_as<Number, bool>) value(Number number)
        : variant(static_cast<std::uint64_t>(number))
    {
    }
    value(double number) : variant(number) {}
    value(std::string_view text) : variant(text) {} // cut to 500 bytes
    value(const std::string& text) : variant(std::string_view(text)) {}
    value(const char* text) : variant(std::string_view(text)) {}
    // Durations are in milliseconds.
    template <class Rep, class Period>
    value(std::chrono::duration<Rep, Period> span)
        : variant(std::chrono::duration<double, std::milli>(span).count())
    {
    }
};

struct field
{
    std::string_view key; // "took_ms"
    log::value value;
};

// log::info("event stored", {{"kind", name(kind)}, {"took_ms", elapsed}});
void debug(std::string_view event, std::initializer_list<field> fields = {});
void info(std::string_view event, std::initializer_list<field> fields = {});
void warning(std::string_view event, std::initializer_list<field> fields = {});
void error(std::string_view event, std::initializer_list<field> fields = {});

} // namespace motcua::log
