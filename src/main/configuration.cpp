#include "configuration.hpp"

#include "installation.hpp"

#include <yaml-cpp/yaml.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>

namespace motcua {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t file_limit_bytes = 1024UL * 1024;

// Identity of the demonstration: the same in the simulator's defaults. No secret protects anything
// there.
constexpr auto demo_app_id = "4120000000000000001";
constexpr auto demo_oa_id = "2870000000000000001";
constexpr auto demo_secret = "demo-oa-secret-key";
constexpr auto demo_token = "simulated-access-token";
constexpr auto demo_refresh_token = "simulated-refresh-token";
constexpr std::string_view callback_path = "/oauth/callback";

using key_reader = std::function<void(configuration&, const YAML::Node&)>;

template <class T>
void into(T& target, const YAML::Node& node)
{
    target = node.as<T>();
}

std::string first_line(const fs::path& file, const std::string& key)
{
    std::error_code failed;
    const auto size = fs::file_size(file, failed);
    if (failed || size > file_limit_bytes)
        throw configuration_error(key + ": cannot read " + file.string());
    std::ifstream in(file);
    std::string line;
    if (!std::getline(in, line))
        throw configuration_error(key + ": " + file.string() + " is empty");
    while (!line.empty() && (line.back() == '\r' || line.back() == ' '))
        line.pop_back();
    return line;
}

void read_secret(std::string& target, const std::string& key, const YAML::Node& node)
{
    target = first_line(node.as<std::string>(), key);
}

const std::map<std::string, key_reader>& rules()
{
    using c = configuration;
    using n = YAML::Node;
    static const std::map<std::string, key_reader> table{
        {"zalo.app_id", [](c& to, const n& from) { into(to.zalo.app_id, from); }},
        {"zalo.oa_id", [](c& to, const n& from) { into(to.zalo.oa_id, from); }},
        {"zalo.oa_secret_key_file",
         [](c& to, const n& from) {
             read_secret(to.zalo.oa_secret_key, "zalo.oa_secret_key_file", from);
         }},
        {"zalo.access_token_file",
         [](c& to, const n& from) {
             read_secret(to.zalo.access_token, "zalo.access_token_file", from);
         }},
        {"zalo.app_secret_key_file",
         [](c& to, const n& from) {
             read_secret(to.zalo.app_secret_key, "zalo.app_secret_key_file", from);
         }},
        {"zalo.refresh_token_file",
         [](c& to, const n& from) {
             read_secret(to.zalo.refresh_token, "zalo.refresh_token_file", from);
         }},
        {"zalo.oauth_base", [](c& to, const n& from) { into(to.zalo.oauth_base, from); }},
        {"zalo.callback_url", [](c& to, const n& from) { into(to.zalo.callback_url, from); }},
        {"zalo.token_key_file",
         [](c& to, const n& from) { to.zalo.token_key_file = from.as<std::string>(); }},
        {"zalo.api_base", [](c& to, const n& from) { into(to.zalo.api_base, from); }},
        {"zalo.ca_file", [](c& to, const n& from) { into(to.zalo.ca_file, from); }},
        {"zalo.verifier_token", [](c& to, const n& from) { into(to.zalo.verifier_token, from); }},
        {"public.address", [](c& to, const n& from) { into(to.public_listener.address, from); }},
        {"public.port", [](c& to, const n& from) { into(to.public_listener.port, from); }},
        {"public.url", [](c& to, const n& from) { into(to.public_listener.url, from); }},
        {"public.tls_certificate",
         [](c& to, const n& from) { into(to.public_listener.tls_certificate, from); }},
        {"public.tls_key", [](c& to, const n& from) { into(to.public_listener.tls_key, from); }},
        {"staff.address", [](c& to, const n& from) { into(to.staff_listener.address, from); }},
        {"staff.port", [](c& to, const n& from) { into(to.staff_listener.port, from); }},
        {"staff.proxies", [](c& to, const n& from) { into(to.staff_listener.proxies, from); }},
        {"staff.tls_certificate",
         [](c& to, const n& from) { into(to.staff_listener.tls_certificate, from); }},
        {"staff.tls_key", [](c& to, const n& from) { into(to.staff_listener.tls_key, from); }},
        {"storage.directory",
         [](c& to, const n& from) { to.storage.directory = from.as<std::string>(); }},
        {"content.intents",
         [](c& to, const n& from) { to.content.intents = from.as<std::string>(); }},
        {"content.data", [](c& to, const n& from) { to.content.data = from.as<std::string>(); }},
        {"content.desk", [](c& to, const n& from) { to.content.desk = from.as<std::string>(); }},
        {"outbox.concurrency", [](c& to, const n& from) { into(to.outbox.concurrency, from); }},
        {"outbox.window_hours", [](c& to, const n& from) { into(to.outbox.window_hours, from); }},
        {"outbox.answer_minutes",
         [](c& to, const n& from) { into(to.outbox.answer_minutes, from); }},
        {"outbox.notice_days", [](c& to, const n& from) { into(to.outbox.notice_days, from); }},
        {"outbox.settle_seconds",
         [](c& to, const n& from) { into(to.outbox.settle_seconds, from); }},
        {"outbox.unknown_minutes",
         [](c& to, const n& from) { into(to.outbox.unknown_minutes, from); }},
        {"attachments.hosts", [](c& to, const n& from) { into(to.attachments.hosts, from); }},
        {"attachments.size_limit_mib",
         [](c& to, const n& from) { into(to.attachments.size_limit_mib, from); }},
        {"attachments.files_per_day",
         [](c& to, const n& from) { into(to.attachments.files_per_day, from); }},
        {"attachments.mib_per_day",
         [](c& to, const n& from) { into(to.attachments.mib_per_day, from); }},
        {"attachments.concurrency",
         [](c& to, const n& from) { into(to.attachments.concurrency, from); }},
        {"accounts.totp", [](c& to, const n& from) { into(to.accounts.totp, from); }},
        {"accounts.key_file",
         [](c& to, const n& from) { to.accounts.key_file = from.as<std::string>(); }},
        {"audit.directory",
         [](c& to, const n& from) { to.audit.directory = from.as<std::string>(); }},
        {"dossiers.source", [](c& to, const n& from) { into(to.dossiers.source, from); }},
        {"dossiers.url", [](c& to, const n& from) { into(to.dossiers.url, from); }},
        {"dossiers.ca_file", [](c& to, const n& from) { into(to.dossiers.ca_file, from); }},
        {"dossiers.timeout_seconds",
         [](c& to, const n& from) { into(to.dossiers.timeout_seconds, from); }},
        {"dossiers.cache_minutes",
         [](c& to, const n& from) { into(to.dossiers.cache_minutes, from); }},
        {"dossiers.proof", [](c& to, const n& from) { into(to.dossiers.proof, from); }},
        {"dossiers.proof_digits",
         [](c& to, const n& from) { into(to.dossiers.proof_digits, from); }},
        {"dossiers.wrong_per_citizen",
         [](c& to, const n& from) { into(to.dossiers.wrong_per_citizen, from); }},
        {"dossiers.wrong_per_code",
         [](c& to, const n& from) { into(to.dossiers.wrong_per_code, from); }},
        {"dossiers.wrong_per_hour",
         [](c& to, const n& from) { into(to.dossiers.wrong_per_hour, from); }},
        {"dossiers.look_minutes",
         [](c& to, const n& from) { into(to.dossiers.look_minutes, from); }},
        {"dossiers.keep_days", [](c& to, const n& from) { into(to.dossiers.keep_days, from); }},
        {"dossiers.forget_days", [](c& to, const n& from) { into(to.dossiers.forget_days, from); }},
        {"dossiers.folder",
         [](c& to, const n& from) { to.dossiers.folder = from.as<std::string>(); }},
        {"dossiers.token_file",
         [](c& to, const n& from) { read_secret(to.dossiers.token, "dossiers.token_file", from); }},
        {"metrics.token_file",
         [](c& to, const n& from) { read_secret(to.metrics.token, "metrics.token_file", from); }},
        {"retention.messages_days",
         [](c& to, const n& from) { into(to.retention.messages_days, from); }},
        {"retention.conversations_days",
         [](c& to, const n& from) { into(to.retention.conversations_days, from); }},
        {"retention.attachments_days",
         [](c& to, const n& from) { into(to.retention.attachments_days, from); }},
        {"retention.handovers_days",
         [](c& to, const n& from) { into(to.retention.handovers_days, from); }},
        {"retention.unknown_days",
         [](c& to, const n& from) { into(to.retention.unknown_days, from); }},
        {"retention.citizens_days",
         [](c& to, const n& from) { into(to.retention.citizens_days, from); }},
        {"report.visit_gap_minutes",
         [](c& to, const n& from) { into(to.report.visit_gap_minutes, from); }},
        {"report.closing_day", [](c& to, const n& from) { into(to.report.closing_day, from); }},
        {"signing_key_file",
         [](c& to, const n& from) { read_secret(to.signing_key, "signing_key_file", from); }},
        {"test_users", [](c& to, const n& from) { into(to.test_users, from); }},
        {"log_level", [](c& to, const n& from) { into(to.log_level, from); }},
        {"log_format", [](c& to, const n& from) { into(to.log_format, from); }},
    };
    return table;
}

std::string where(const std::string& file, const YAML::Node& node)
{
    const auto line = node.Mark().line;
    return file + (line >= 0 ? ":" + std::to_string(line + 1) : "") + ": ";
}

void set_key(
    configuration& config, const std::string& key, const YAML::Node& node, const std::string& place)
{
    constexpr std::string_view a_template = "templates.";
    if (key.starts_with(a_template) && node.IsScalar()) {
        config.templates[key.substr(a_template.size())] = node.as<std::string>();
        return;
    }
    const auto found = rules().find(key);
    if (found == rules().end())
        throw configuration_error(place + "unknown key " + key);
    try {
        found->second(config, node);
    } catch (const YAML::Exception&) {
        throw configuration_error(place + key + ": wrong kind of value");
    }
}

void read_file(configuration& config, const fs::path& file)
{
    std::error_code failed;
    const auto size = fs::file_size(file, failed);
    if (failed)
        throw configuration_error(file.string() + ": cannot be read");
    if (size > file_limit_bytes)
        throw configuration_error(file.string() + ": larger than 1 MiB");
    YAML::Node root;
    try {
        root = YAML::LoadFile(file.string());
    } catch (const YAML::Exception& error) {
        throw configuration_error(
            file.string() + ":" + std::to_string(error.mark.line + 1) + ": " + error.msg);
    }
    if (root.IsNull())
        return;
    if (!root.IsMap())
        throw configuration_error(file.string() + ": must be a map of keys");
    for (const auto& section : root) {
        const auto name = section.first.as<std::string>();
        if (!section.second.IsMap()) {
            set_key(config, name, section.second, where(file.string(), section.first));
            continue;
        }
        for (const auto& entry : section.second)
            set_key(
                config,
                name + "." + entry.first.as<std::string>(),
                entry.second,
                where(file.string(), entry.first));
    }
}

// The program reads its environment before any thread is started.
std::string environment(const char* name)
{
    const char* const value = std::getenv(name); // NOLINT(concurrency-mt-unsafe)
    return value == nullptr ? std::string{} : std::string(value);
}

void require(bool good, const std::string& complaint)
{
    if (!good)
        throw configuration_error(complaint);
}

void check_dossiers(const configuration& config)
{
    const auto& given = config.dossiers;
    const auto within = [](int value, int least, int most, const std::string& key) {
        require(
            value >= least && value <= most,
            "dossiers." + key + ": " + std::to_string(least) + " to " + std::to_string(most));
    };
    require(
        given.source == "none" || given.source == "folder" || given.source == "http",
        "dossiers.source: none, folder or http");
    require(
        given.source != "folder" || !given.folder.empty(),
        "dossiers.folder is missing: where the one-stop system drops its exports");
    require(
        given.source != "http" || given.url.starts_with("http"),
        "dossiers.url is missing: the https address that knows dossiers by their code");
    require(
        given.proof == "phone" || given.proof == "phone_tail",
        "dossiers.proof: phone or phone_tail");
    within(given.timeout_seconds, 1, 30, "timeout_seconds");
    within(given.cache_minutes, 0, 1440, "cache_minutes");
    within(given.proof_digits, 3, 8, "proof_digits");
    within(given.wrong_per_citizen, 1, 100, "wrong_per_citizen");
    within(given.wrong_per_code, 1, 100, "wrong_per_code");
    within(given.wrong_per_hour, 1, 100'000, "wrong_per_hour");
    within(given.look_minutes, 1, 10'080, "look_minutes");
    within(given.keep_days, 1, 365, "keep_days");
    within(given.forget_days, 1, 3650, "forget_days");
}

// Keys of events tell repetitions apart for 30 days; and nobody needs talk of years ago.
void check_retention(const configuration& config)
{
    const auto& given = config.retention;
    const auto within = [](int days, int least, int most, const std::string& key) {
        require(
            days >= least && days <= most,
            "retention." + key + "_days: " + std::to_string(least) + " to " + std::to_string(most));
    };
    within(given.messages_days, 30, 730, "messages");
    within(given.conversations_days, 7, 730, "conversations");
    within(given.attachments_days, 30, 730, "attachments");
    within(given.handovers_days, 30, 730, "handovers");
    within(given.unknown_days, 30, 730, "unknown");
    require(
        given.citizens_days == 0 || (given.citizens_days >= 90 && given.citizens_days <= 3650),
        "retention.citizens_days: 90 to 3650, or 0 for never");
}

void check(const configuration& config, bool needs_zalo)
{
    check_dossiers(config);
    check_retention(config);
    require(
        config.public_listener.tls_certificate.empty() == config.public_listener.tls_key.empty(),
        "public.tls_certificate and public.tls_key go together: set both or none");
    require(
        config.staff_listener.tls_certificate.empty() == config.staff_listener.tls_key.empty(),
        "staff.tls_certificate and staff.tls_key go together: set both or none");
    require(
        config.outbox.concurrency >= 1 && config.outbox.concurrency <= 256,
        "outbox.concurrency: 1 to 256");
    require(
        config.outbox.window_hours >= 1 && config.outbox.window_hours <= 168,
        "outbox.window_hours: 1 to 168; the first 48 are free of charge");
    require(
        config.outbox.answer_minutes >= 5 && config.outbox.answer_minutes <= 1440,
        "outbox.answer_minutes: 5 to 1440");
    require(
        config.outbox.notice_days >= 1 && config.outbox.notice_days <= 365,
        "outbox.notice_days: 1 to 365");
    require(
        config.outbox.settle_seconds >= 1 && config.outbox.settle_seconds <= 600,
        "outbox.settle_seconds: 1 to 600");
    require(
        config.outbox.unknown_minutes * 60 > config.outbox.settle_seconds,
        "outbox.unknown_minutes: longer than outbox.settle_seconds");
    const auto& reached_at = config.public_listener.url;
    require(
        reached_at.empty() || (reached_at.starts_with("https://") && !reached_at.ends_with('/')),
        "public.url: an https URL without a slash at the end");
    const auto& callback = config.zalo.callback_url;
    require(
        callback.empty() || (callback.starts_with("http") && callback.ends_with(callback_path)),
        "zalo.callback_url: a URL that ends with /oauth/callback, without a query");
    require(
        config.attachments.size_limit_mib >= 1 && config.attachments.size_limit_mib <= 100,
        "attachments.size_limit_mib: 1 to 100");
    require(config.attachments.files_per_day >= 1, "attachments.files_per_day: at least 1");
    require(
        config.attachments.mib_per_day >= 1 && config.attachments.mib_per_day <= 100'000,
        "attachments.mib_per_day: 1 to 100000");
    require(
        config.attachments.concurrency >= 1 && config.attachments.concurrency <= 16,
        "attachments.concurrency: 1 to 16");
    for (const auto& host : config.attachments.hosts)
        require(
            host.find('.') != std::string::npos && !host.starts_with('.') &&
                host.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") ==
                    std::string::npos,
            "attachments.hosts: \"" + host + "\" is no host name in lower case, such as zdn.vn");
    require(
        config.accounts.totp == "required" || config.accounts.totp == "optional",
        "accounts.totp: required or optional");
    require(
        config.report.visit_gap_minutes >= 1 && config.report.visit_gap_minutes <= 1440,
        "report.visit_gap_minutes: 1 to 1440");
    require(
        config.report.closing_day >= 0 && config.report.closing_day <= 28,
        "report.closing_day: 1 to 28, or 0 where reports close with the month");
    require(
        config.log_level == "debug" || config.log_level == "info" ||
            config.log_level == "warning" || config.log_level == "error",
        "log_level: debug, info, warning or error");
    require(config.log_format == "json" || config.log_format == "text", "log_format: json or text");
    if (const auto missing = missing_identity(config); needs_zalo && !missing.empty())
        throw configuration_error(missing.front());
}

} // namespace

std::vector<std::string> missing_identity(const configuration& config)
{
    std::vector<std::string> missing;
    if (config.zalo.app_id.empty())
        missing.emplace_back("zalo.app_id is missing: the id of the Zalo app");
    if (config.zalo.oa_id.empty())
        missing.emplace_back("zalo.oa_id is missing: the id of the Official Account");
    if (config.zalo.oa_secret_key.empty())
        missing.emplace_back(
            "the OA secret key is missing: set MOTCUA_OA_SECRET_KEY or zalo.oa_secret_key_file");
    return missing;
}

configuration read_configuration(
    const fs::path& file, const std::vector<std::string>& overrides, bool demo, bool needs_zalo)
{
    configuration config;
    if (const auto here = own_installation()) {
        config.content.intents = here->intents;
        config.content.data = here->data;
        config.content.desk = here->desk;
    }
    if (demo) {
        config.demo = true;
        config.zalo.app_id = demo_app_id;
        config.zalo.oa_id = demo_oa_id;
        config.zalo.oa_secret_key = demo_secret;
        config.zalo.app_secret_key = demo_secret;
        config.zalo.access_token = demo_token;
        config.zalo.refresh_token = demo_refresh_token;
        config.zalo.oauth_base.clear();
        config.zalo.api_base = "http://127.0.0.1:8090";
        config.public_listener.address = "127.0.0.1";
        config.storage.directory = "var/demo";
        config.accounts.totp = "optional";
    }
    if (!file.empty())
        read_file(config, file);
    for (const auto& pair : overrides) {
        const auto equals = pair.find('=');
        require(equals != std::string::npos, "--set " + pair + ": write KEY=VALUE");
        const auto key = pair.substr(0, equals);
        set_key(config, key, YAML::Node(pair.substr(equals + 1)), "--set: ");
    }
    if (auto key = environment("MOTCUA_OA_SECRET_KEY"); !key.empty())
        config.zalo.oa_secret_key = std::move(key);
    if (auto token = environment("MOTCUA_ACCESS_TOKEN"); !token.empty())
        config.zalo.access_token = std::move(token);
    if (auto key = environment("MOTCUA_APP_SECRET_KEY"); !key.empty())
        config.zalo.app_secret_key = std::move(key);
    if (auto token = environment("MOTCUA_REFRESH_TOKEN"); !token.empty())
        config.zalo.refresh_token = std::move(token);
    if (auto key = environment("MOTCUA_TOKEN_KEY"); !key.empty())
        config.zalo.token_key = std::move(key);
    if (config.zalo.oauth_base.empty()) // the simulator is both
        config.zalo.oauth_base = config.zalo.api_base;
    if (auto key = environment("MOTCUA_SIGNING_KEY"); !key.empty())
        config.signing_key = std::move(key);
    if (auto token = environment("MOTCUA_DOSSIER_TOKEN"); !token.empty())
        config.dossiers.token = std::move(token);
    check(config, needs_zalo);
    return config;
}

dossiers::proof_rule proof_rule(const configuration& config)
{
    using kind = dossiers::proof_rule::kind;
    return {
        .is = config.dossiers.proof == "phone" ? kind::phone : kind::phone_tail,
        .digits = config.dossiers.proof_digits};
}

} // namespace motcua
