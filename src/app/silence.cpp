#include <motcua/app/silence.hpp>
#include <motcua/app/storage.hpp>

#include <charconv>

namespace motcua::app {

// "MILLISECONDS STAFF_ID REASON"; empty: none.
std::optional<silence> silence_from(std::string_view setting)
{
    std::int64_t since = 0;
    const auto* const end = setting.data() + setting.size();
    const auto read = std::from_chars(setting.data(), end, since);
    if (read.ec != std::errc())
        return std::nullopt;
    auto rest = setting.substr(static_cast<std::size_t>(read.ptr - setting.data()));
    if (rest.starts_with(' '))
        rest.remove_prefix(1);
    const auto space = std::min(rest.find(' '), rest.size());
    silence out;
    out.since = utc_time(std::chrono::milliseconds(since));
    out.staff_id = rest.substr(0, space);
    out.reason = rest.substr(std::min(space + 1, rest.size()));
    return out;
}

std::optional<silence> current_silence(transaction& store)
{
    return silence_from(store.setting(silence_setting).value_or(""));
}

void put_silence(transaction& store, const std::optional<silence>& value)
{
    std::string setting;
    if (value)
        setting = std::to_string(value->since.time_since_epoch().count()) + ' ' + value->staff_id +
                  ' ' + value->reason;
    store.put_setting(silence_setting, setting);
}

} // namespace motcua::app
