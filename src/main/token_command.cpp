#include "commands.hpp"
#include "procedure_source.hpp"
#include "secret_input.hpp"
#include "token_setup.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <motcua/adapters/zalo/bounded_json.hpp>
#include <motcua/adapters/zalo/oauth.hpp>

#include <iostream>

namespace motcua {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::minutes link_life{15};
constexpr std::string_view default_callback_path = "/oauth/callback";

std::string entered(const std::filesystem::path& file, const std::string& name)
{
    auto line = read_secret(file, name);
    if (!zalo::is_token(line))
        throw configuration_error(
            name + ": not a token; the lines are the access token, then the "
                   "refresh token, without blanks");
    return line;
}

template <class T>
T run(asio::io_context& io, asio::awaitable<T> work)
{
    auto end = asio::co_spawn(io, std::move(work), asio::use_future);
    io.restart();
    io.run();
    return end.get();
}

// Empty if the platform knows the token as our OA's; otherwise what is wrong.
std::string complaint_about(asio::io_context& io, const configuration& config, std::string access)
{
    const auto api = zalo::make_http_client(
        io.get_executor(), {.base = config.zalo.api_base, .ca_file = config.zalo.ca_file});
    zalo::http_fields fields;
    fields.emplace_back("access_token", std::move(access));
    const auto answer = run(io, api->get("/v2.0/oa/getoa", std::move(fields)));
    if (answer.end != zalo::http_answer::kind::answered)
        return "the platform cannot be reached: " + answer.reason;
    const auto json = zalo::parse_bounded(answer.body);
    if (!json)
        return "the platform's answer makes no sense: http " + std::to_string(answer.status);
    const auto error = zalo::token(zalo::member(*json, "error"));
    if (error != "0")
        return "the platform refuses the access token: error " + error;
    const auto& data = zalo::member(*json, "data");
    auto oa_id = zalo::token(zalo::member(data, "oa_id"));
    if (oa_id.empty())
        oa_id = zalo::token(zalo::member(data, "oaid"));
    if (!config.zalo.oa_id.empty() && oa_id != config.zalo.oa_id)
        return "the access token is of OA " + oa_id + ", not " + config.zalo.oa_id;
    return {};
}

int show(const configuration& config, const zalo::token_status& status)
{
    const auto json = token_json(status);
    const auto line = [&json](std::string_view name, const char* key) {
        const auto& value = json.at(key);
        std::string text = value.is_string() ? value.get<std::string>() : value.dump();
        if (value.is_null())
            text = "not known";
        else if (value.is_boolean())
            text = value.get<bool>() ? "present" : "missing";
        else if (text.empty())
            text = "none";
        std::cout << name << std::string(20 - name.size(), ' ') << text << '\n';
    };
    std::cout << "OA                  " << config.zalo.oa_id << '\n';
    line("access token", "access_token");
    line("  valid until", "access_until");
    line("refresh token", "refresh_token");
    line("  valid until", "refresh_until");
    line("obtained", "obtained");
    line("last renewal", "last_renewal");
    line("last attempt", "last_attempt");
    line("last error", "last_error");
    line("alarm", "alarm");
    if (!status.alarm.empty())
        line("  since", "alarm_since");
    return status.alarm.empty() ? 0 : 1;
}

int set(
    const configuration& config,
    token_parts& parts,
    const token_options& options,
    asio::io_context& io)
{
    auto access = entered(options.access_token_file, "access token");
    auto refresh = entered(options.refresh_token_file, "refresh token");
    if (options.check) {
        if (const auto wrong = complaint_about(io, config, access); !wrong.empty()) {
            std::cerr << "motcua: " << wrong << '\n';
            return 1;
        }
    }
    const auto lock = parts.vault->try_lock();
    if (!lock) {
        std::cerr << "motcua: a refresh is under way; try again in a minute\n";
        return 1;
    }
    auto state = parts.vault->load();
    zalo::enter_pair(state, std::move(access), std::move(refresh), config.zalo.refresh_token);
    parts.vault->store(state);
    std::cout << "stored; a running server takes the pair over within seconds and refreshes it\n";
    return 0;
}

int refresh_now(const configuration& config, token_parts& parts, asio::io_context& io)
{
    if (config.zalo.app_id.empty())
        throw configuration_error("zalo.app_id is missing: the id of the Zalo app");
    const auto before = parts.keeper->status().last_renewal;
    parts.keeper->ask_refresh();
    auto end = asio::co_spawn(io, parts.keeper->pass(), asio::use_future);
    io.run();
    end.get();
    const auto status = parts.keeper->status();
    show(config, status);
    return status.last_renewal != before ? 0 : 1;
}

int consent(const configuration& config, token_parts& parts)
{
    const auto link = zalo::random_token();
    parts.vault->offer_link(link, now_utc() + link_life);
    const auto& staff = config.staff_listener;
    auto base = config.zalo.callback_url;
    if (base.empty()) {
        const auto address = staff.address == "0.0.0.0" ? "127.0.0.1" : staff.address;
        base = (staff.tls_certificate.empty() ? "http://" : "https://") + address + ":" +
               std::to_string(staff.port);
    } else {
        base.resize(base.size() - default_callback_path.size());
    }
    std::cout
        << "Open this within 15 minutes, once, as an administrator of the OA, while the server "
           "is running:\n"
        << base << "/oauth/start?link=" << link << '\n';
    return 0;
}

} // namespace

int token(const configuration& config, token_action action, const token_options& options)
{
    std::filesystem::create_directories(config.storage.directory);
    asio::io_context io(1);
    auto parts = make_token_parts(io.get_executor(), config);
    switch (action) {
    case token_action::show:
        return show(config, parts.keeper->status());
    case token_action::set:
        return set(config, parts, options, io);
    case token_action::refresh:
        return refresh_now(config, parts, io);
    case token_action::consent:
        return consent(config, parts);
    }
    return 1;
}

} // namespace motcua
