#pragma once

#include "configuration.hpp"
#include "live_content.hpp"
#include "webhook.hpp"

#include <motcua/adapters/sqlite/integrity.hpp>
#include <motcua/adapters/staff_api/operation_parts.hpp>
#include <motcua/adapters/zalo/token_keeper.hpp>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string_view>

namespace motcua {

// Of the staff listener: files of procedures are the largest thing it takes.
inline constexpr std::size_t upload_limit_bytes = 4UL * 1024 * 1024;

// What a backup leaves in the storage folder, so that the screen can tell when it was made.
inline constexpr std::string_view last_backup_name = "last-backup";
std::filesystem::path last_backup_mark(const configuration& config);

// What the screens of operation and content ask of the program. All arguments outlive what is
// returned.
staff_api::operation_parts make_operation_parts(
    const configuration& config,
    const zalo::token_keeper& tokens,
    const webhook_counters& deliveries,
    const sqlite::integrity_watch& integrity,
    live_content& content,
    std::function<bool()> ready);

} // namespace motcua
