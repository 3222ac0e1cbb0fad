#pragma once

#include <motcua/core/time.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace motcua::app {

class transaction;

// The kill switch: while a silence is on, the machine answers nobody (dialogue::silenced_step), and
// answers that wait to be sent are dropped. Kept in the settings, so a restart changes nothing.
struct silence
{
    utc_time since{};
    std::string staff_id; // who
    std::string reason;   // one line

    bool operator==(const silence&) const = default;
};

std::optional<silence> current_silence(transaction& store);
void put_silence(transaction& store, const std::optional<silence>& value);

// How it stands in the settings, for readers.
inline constexpr std::string_view silence_setting = "silence";
std::optional<silence> silence_from(std::string_view setting);

} // namespace motcua::app
