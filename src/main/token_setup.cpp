#include "token_setup.hpp"

#include "procedure_source.hpp"

#include <motcua/adapters/zalo/oauth.hpp>

#include <array>
#include <cstdio>
#include <optional>

namespace motcua {
namespace {

std::string iso(utc_time when)
{
    const auto day = std::chrono::floor<std::chrono::days>(when);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(when - day));
    std::array<char, 32> text{};
    const int length = std::snprintf(
        text.data(),
        text.size(),
        "%04d-%02u-%02uT%02d:%02d:%02dZ",
        static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day()),
        static_cast<int>(time.hours().count()),
        static_cast<int>(time.minutes().count()),
        static_cast<int>(time.seconds().count()));
    return {text.data(), static_cast<std::size_t>(length)};
}

nlohmann::json iso(const std::optional<utc_time>& when)
{
    return when ? nlohmann::json(iso(*when)) : nlohmann::json();
}

} // namespace

token_parts
make_token_parts(const boost::asio::any_io_executor& executor, const configuration& config)
{
    const auto& settings = config.zalo;
    const auto& directory = config.storage.directory;
    for (const auto* given : {&settings.access_token, &settings.refresh_token}) {
        if (!given->empty() && !zalo::is_token(*given))
            throw configuration_error(
                "the access token and the refresh token of the configuration: printable characters "
                "without blanks");
    }
    token_parts out;
    out.disk = zalo::make_vault_disk();
    auto key = settings.token_key;
    if (key.empty()) {
        const auto file =
            settings.token_key_file.empty() ? directory / "token.key" : settings.token_key_file;
        key = zalo::vault_key_from(*out.disk, file, directory);
    }
    out.vault = std::make_unique<zalo::token_vault>(*out.disk, directory, key);
    zalo::wipe(key);

    zalo::http_client_options calls;
    calls.base = settings.oauth_base;
    calls.ca_file = settings.ca_file;
    calls.connect_deadline = std::chrono::seconds(10);
    calls.call_deadline = token_call_deadline;
    // A connection that went stale would leave it open whether the call was made.
    calls.idle_connections = 0;
    out.oauth = zalo::make_http_client(executor, std::move(calls));

    zalo::token_keeper_parts parts{.vault = *out.vault, .oauth = *out.oauth};
    parts.now = now_utc;
    parts.steady_now = [] { return std::chrono::steady_clock::now(); };
    parts.app_id = settings.app_id;
    parts.app_secret_key = settings.app_secret_key;
    parts.oa_id = settings.oa_id;
    parts.oauth_base = settings.oauth_base;
    parts.first_access_token = settings.access_token;
    parts.first_refresh_token = settings.refresh_token;
    out.keeper = std::make_unique<zalo::token_keeper>(executor, std::move(parts));
    return out;
}

nlohmann::json token_json(const zalo::token_status& status)
{
    return {
        {"access_token", status.has_access_token},
        {"refresh_token", status.has_refresh_token},
        {"obtained", iso(status.obtained)},
        {"access_until", iso(status.access_until)},
        {"refresh_until", iso(status.refresh_until)},
        {"last_renewal", iso(status.last_renewal)},
        {"last_attempt", iso(status.last_attempt)},
        {"last_error", status.last_error},
        {"alarm_since", iso(status.alarm_since)},
        {"alarm", status.alarm}};
}

} // namespace motcua
