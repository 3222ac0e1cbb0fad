#include <fmt/format.h>
#include <motcua/support/log_format.hpp>
#include <motcua/support/logging.hpp>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <atomic>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <memory>

namespace motcua::log {

namespace {

constexpr std::size_t longest_text_bytes = 500;
constexpr auto json_pattern = R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})";
constexpr auto text_pattern = "%Y-%m-%dT%H:%M:%S.%eZ %l %v";

std::atomic<format> chosen = format::json;

spdlog::logger& logger()
{
    static const auto instance = [] {
        auto made = std::make_shared<spdlog::logger>(
            "motcua", std::make_shared<spdlog::sinks::stderr_sink_mt>());
        made->set_formatter(std::make_unique<spdlog::pattern_formatter>(
            json_pattern, spdlog::pattern_time_type::utc));
        made->flush_on(spdlog::level::trace);
        return made;
    }();
    return *instance;
}

// ASCII out whatever comes in: a log line can neither be forged nor steer a terminal. A byte beyond
// ASCII that is no UTF-8 would break the JSON, and one that is may hide text; both become \u00XX.
void append_quoted(std::string& line, std::string_view text)
{
    line += '"';
    for (const char character : text.substr(0, longest_text_bytes)) {
        const auto byte = static_cast<unsigned char>(character);
        if (byte == '"' || byte == '\\') {
            line += '\\';
            line += character;
        } else if (byte < 0x20 || byte >= 0x7F) {
            fmt::format_to(std::back_inserter(line), "\\u{:04x}", byte);
        } else {
            line += character;
        }
    }
    line += '"';
}

void append(std::string& line, const value& shown)
{
    const auto print = [&line](const auto& held) {
        using held_type = std::decay_t<decltype(held)>;
        if constexpr (std::same_as<held_type, std::string_view>)
            append_quoted(line, held);
        else if constexpr (std::same_as<held_type, double>)
            line += std::isfinite(held) ? fmt::format("{:.3f}", held) : "null";
        else
            fmt::format_to(std::back_inserter(line), "{}", held);
    };
    std::visit(print, static_cast<const value::variant&>(shown));
}

void write(
    spdlog::level::level_enum at, std::string_view event, std::initializer_list<field> fields)
{
    if (!logger().should_log(at))
        return;
    const bool json = chosen.load(std::memory_order_relaxed) == format::json;
    std::string line = json ? R"("event":)" : "";
    append_quoted(line, event);
    if (!json) { // escaped like everything else, but without its quotes
        line.erase(0, 1);
        line.pop_back();
    }
    for (const auto& [key, shown] : fields) {
        line += json ? ',' : ' ';
        if (json)
            append_quoted(line, key);
        else
            line += key; // a literal of ours
        line += json ? ':' : '=';
        append(line, shown);
    }
    logger().log(at, spdlog::string_view_t(line.data(), line.size()));
}

} // namespace

void set_level(level lowest)
{
    switch (lowest) {
    case level::debug:
        return logger().set_level(spdlog::level::debug);
    case level::info:
        return logger().set_level(spdlog::level::info);
    case level::warning:
        return logger().set_level(spdlog::level::warn);
    case level::error:
        return logger().set_level(spdlog::level::err);
    }
}

void set_format(format lines)
{
    chosen = lines;
    logger().set_formatter(std::make_unique<spdlog::pattern_formatter>(
        lines == format::json ? json_pattern : text_pattern, spdlog::pattern_time_type::utc));
}

void debug(std::string_view event, std::initializer_list<field> fields)
{
    write(spdlog::level::debug, event, fields);
}

void info(std::string_view event, std::initializer_list<field> fields)
{
    write(spdlog::level::info, event, fields);
}

void warning(std::string_view event, std::initializer_list<field> fields)
{
    write(spdlog::level::warn, event, fields);
}

void error(std::string_view event, std::initializer_list<field> fields)
{
    write(spdlog::level::err, event, fields);
}

} // namespace motcua::log
