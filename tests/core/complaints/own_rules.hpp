#pragma once

#include <motcua/adapters/content/content.hpp>
#include <motcua/core/complaints/workflow.hpp>

#include <filesystem>

namespace motcua::complaints {

// The rules shipped with the program, as the server reads them.
inline const rules& own_rules()
{
    static const auto files = content::read_knowledge(
        std::filesystem::path(MOTCUA_SOURCE_DIR) / "intents",
        std::filesystem::path(MOTCUA_SOURCE_DIR) / "data");
    return files.known.complaints;
}

// An instant by local date and time.
inline utc_time local(int year, unsigned month, unsigned day, int hour = 9, int minute = 0)
{
    return std::chrono::sys_days{
               std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day}} +
           std::chrono::hours(hour) + std::chrono::minutes(minute) - vietnam_offset;
}

} // namespace motcua::complaints
