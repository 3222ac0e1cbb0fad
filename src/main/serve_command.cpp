#include "commands.hpp"
#include "content_loader.hpp"
#include "database_setup.hpp"
#include "demo_data.hpp"
#include "dossier_service.hpp"
#include "erase_requests.hpp"
#include "landing_routes.hpp"
#include "live_content.hpp"
#include "metrics_routes.hpp"
#include "oauth_routes.hpp"
#include "operation_setup.hpp"
#include "procedure_source.hpp"
#include "pseudonym.hpp"
#include "report_desk.hpp"
#include "retention_rules.hpp"
#include "service_manager.hpp"
#include "shipped_templates.hpp"
#include "staff_routes.hpp"
#include "token_setup.hpp"
#include "webhook.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/thread_pool.hpp>
#include <malloc.h>
#include <motcua/adapters/content/platform_error_file.hpp>
#include <motcua/adapters/files/attachment_directory.hpp>
#include <motcua/adapters/http/desk_files.hpp>
#include <motcua/adapters/http/public_routes.hpp>
#include <motcua/adapters/http/server.hpp>
#include <motcua/adapters/http/trusted_proxies.hpp>
#include <motcua/adapters/sqlite/database.hpp>
#include <motcua/adapters/sqlite/integrity.hpp>
#include <motcua/adapters/sqlite/link_lookup.hpp>
#include <motcua/adapters/sqlite/retention.hpp>
#include <motcua/adapters/staff_api/staff_api.hpp>
#include <motcua/adapters/zalo/client.hpp>
#include <motcua/adapters/zalo/media.hpp>
#include <motcua/app/attachment_fetcher.hpp>
#include <motcua/app/casework.hpp>
#include <motcua/app/complaint_timers.hpp>
#include <motcua/app/event_handler.hpp>
#include <motcua/app/outbox_sender.hpp>
#include <motcua/app/retention.hpp>
#include <motcua/support/log_format.hpp>
#include <motcua/support/logging.hpp>
#include <motcua/support/task_group.hpp>
#include <motcua/support/within.hpp>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <iostream>
#include <random>

namespace motcua {
namespace {

constexpr std::chrono::seconds stop_grace{5};
constexpr std::size_t understanding_threads =
    1; // the second core runs the I/O thread and the writer

constexpr std::size_t disk_threads = 1;
constexpr std::size_t reporting_threads = 1; // a report over years may take seconds
constexpr std::size_t hashing_threads = 1;   // each takes 32 MiB while it hashes a password
constexpr std::size_t mebibyte = 1024UL * 1024;

log::level level_from(const std::string& word)
{
    if (word == "debug")
        return log::level::debug;
    if (word == "warning")
        return log::level::warning;
    if (word == "error")
        return log::level::error;
    return log::level::info;
}

app::error_table platform_errors(const configuration& config)
{
    auto read = content::read_platform_errors(config.content.data / "zalo_errors.yml");
    if (!read.findings.empty())
        throw content_error(describe(read.findings.front()));
    return std::move(read.table);
}

// Which message path the platform grants the OA, as far as it has told us.
class remembered_endpoint
{
public:
    remembered_endpoint(const configuration& config, sqlite::database& store)
        : key_("zalo.endpoint." + config.zalo.oa_id), store_(store)
    {
    }

    zalo::endpoint load() const
    {
        std::optional<std::string> kept;
        store_.run_now([this, &kept](app::transaction& store) { kept = store.setting(key_); });
        return zalo::endpoint_from(kept.value_or(""));
    }

    asio::awaitable<void> save(zalo::endpoint which) const
    {
        auto unit = [key = key_, which](app::transaction& store) {
            store.put_setting(key, zalo::name(which));
        };
        const auto saved = co_await store_.writer().commit(std::move(unit));
        if (!saved)
            log::warning("the message endpoint was not remembered");
    }

private:
    std::string key_;
    sqlite::database& store_;
};

app::outbox_rules outbox_rules_of(const configuration& config)
{
    return {
        .window = std::chrono::hours(config.outbox.window_hours),
        .answer_worth = std::chrono::minutes(config.outbox.answer_minutes),
        .other_worth = std::chrono::days(config.outbox.notice_days),
        .templates = config.templates};
}

http::server_options public_options(const configuration& config)
{
    http::server_options options;
    options.address = config.public_listener.address;
    options.port = config.public_listener.port;
    options.tls_certificate = config.public_listener.tls_certificate;
    options.tls_key = config.public_listener.tls_key;
    options.single_fields = {"x-zevent-signature", "x-zevent-timestamp"};
    return options;
}

http::server_options staff_options(const configuration& config)
{
    http::server_options options;
    options.address = config.staff_listener.address;
    options.port = config.staff_listener.port;
    options.tls_certificate = config.staff_listener.tls_certificate;
    options.tls_key = config.staff_listener.tls_key;
    options.limits.body_bytes = upload_limit_bytes;
    return options;
}

zalo::media_options media_options(const configuration& config)
{
    zalo::media_options options;
    options.hosts = config.attachments.hosts;
    options.size_limit_bytes = config.attachments.size_limit_mib * mebibyte;
    options.ca_file = config.zalo.ca_file;
    // The simulator keeps what its citizens send on its own port.
    if (config.demo && config.zalo.api_base.starts_with("http://"))
        options.insecure_origin = config.zalo.api_base;
    return options;
}

// What /healthz says besides "ok" of a server that cannot serve citizens yet.
std::string health_note(const std::vector<std::string>& missing)
{
    std::string note;
    for (const auto& one : missing)
        note += "not configured: " + one + "\n";
    return note;
}

asio::awaitable<void> wait_for_signal(asio::signal_set& signals)
{
    const auto number = co_await signals.async_wait(asio::use_awaitable);
    log::info("stopping", {{"signal", number}});
}

// Ends when the store can take no more: the process must restart from what the disk holds
// (design.md section 3).
asio::awaitable<void> wait_for_sick_store(const app::writer& store)
{
    while (store.healthy())
        co_await sleep_for(std::chrono::milliseconds(200));
    log::error("the store has failed; stopping");
}

struct supervised
{
    asio::signal_set& signals;
    const app::writer& store;
    http::server& public_server;
    http::server& staff_server;
    app::outbox_sender& sender;
    live_content& content;
    app::attachment_fetcher& fetcher;
    zalo::token_keeper& tokens;
    app::complaint_timers& timers;
    app::reply_task& replies;
    dossier_service& dossiers;
    erase_requests& erasures;
    app::retention_task& retention;
    watchdog& alive;
    bool& accepting;
};

// Runs everything until a signal or a failed store, then stops it: no new requests, those under way
// finish.
asio::awaitable<void> supervise(supervised& all)
{
    using namespace asio::experimental::awaitable_operators;
    const auto executor = co_await asio::this_coro::executor;
    task_group keeping(executor);
    keeping.spawn("token keeper", all.tokens.run());
    task_group serving(executor);
    serving.spawn("public listener", all.public_server.run());
    serving.spawn("staff listener", all.staff_server.run());
    serving.spawn("sender", all.sender.run());
    serving.spawn("content", all.content.run());
    serving.spawn("attachments", all.fetcher.run());
    serving.spawn("complaint timers", all.timers.run());
    serving.spawn("held replies", all.replies.run());
    serving.spawn("dossiers", all.dossiers.run());
    serving.spawn("erase requests", all.erasures.run());
    serving.spawn("retention", all.retention.run());
    serving.spawn("watchdog", all.alive.run());
    all.accepting = true;
    tell_service_manager("READY=1");
    co_await (wait_for_signal(all.signals) || wait_for_sick_store(all.store));
    all.signals.clear(); // whoever cannot wait for the end may send it again: that kills
    all.accepting = false;
    tell_service_manager("STOPPING=1");
    all.public_server.stop(stop_grace);
    all.staff_server.stop(stop_grace);
    all.sender.stop();
    all.content.stop();
    all.fetcher.stop();
    all.tokens.stop();
    all.timers.stop();
    all.replies.stop();
    all.dossiers.stop();
    all.erasures.stop();
    all.retention.stop();
    all.alive.stop();
    const bool ended = co_await serving.join(2 * stop_grace);
    if (!ended) {
        log::warning("some tasks had to be cancelled", {{"tasks", serving.size()}});
        serving.cancel_all();
        co_await serving.join(stop_grace);
    }
    // A refresh token may be on its way: its answer must not be lost for our haste.
    co_await keeping.join(token_call_deadline + stop_grace);
}

// As many connections as the listeners allow need more descriptors than a shell gives.
void raise_descriptor_limit()
{
    constexpr rlim_t wanted = 16'384;
    ::rlimit bound{};
    if (::getrlimit(RLIMIT_NOFILE, &bound) != 0 || bound.rlim_cur >= wanted)
        return;
    bound.rlim_cur = std::min(bound.rlim_max, wanted);
    ::setrlimit(RLIMIT_NOFILE, &bound);
}

} // namespace

int serve(const configuration& given)
{
    configuration config = given;
    forbid_core_dumps();
    log::set_level(level_from(config.log_level));
    log::set_format(config.log_format == "text" ? log::format::text : log::format::json);
    const auto missing = missing_identity(config);
    for (const auto& one : missing)
        log::warning("not configured", {{"what", one}});
    raise_descriptor_limit();
    std::filesystem::create_directories(config.storage.directory);
    if (config.signing_key.empty())
        config.signing_key = signing_key_from(config.storage.directory / "signing.key");

    // The store, and the content answered from. The writer resumes its callers on `io`, which must
    // outlive it.
    asio::io_context io(1);
    const auto database = sqlite::open_database(database_options_of(config));
    const sqlite::integrity_watch integrity(database_options_of(config).file, now_utc);
    keep_demo_apart(*database, config.demo);
    const std::shared_ptr passwords =
        staff_api::make_password_hasher(staff_api::hashing_cost::usual);
    if (config.demo)
        add_demo_staff(
            *database,
            read_demo_texts(config.content.data / "demo.yml"),
            passwords->hash(std::string(demo_password)));
    live_content content(io.get_executor(), config, *database);

    asio::thread_pool workers(understanding_threads);
    asio::thread_pool disk(disk_threads); // files and figures: what may wait for a disk
    asio::thread_pool hashing(hashing_threads);
    asio::thread_pool reporting(reporting_threads);

    // The tokens of the OA.
    const auto tokens = make_token_parts(io.get_executor(), config);

    // Sending.
    zalo::client_options client_options;
    client_options.api_base = config.zalo.api_base;
    client_options.ca_file = config.zalo.ca_file;
    client_options.tokens = zalo::make_token_source(*tokens.keeper);
    client_options.errors = platform_errors(config);
    const remembered_endpoint endpoint(config, *database);
    client_options.first = endpoint.load();
    task_group saving(io.get_executor());
    client_options.endpoint_changed = [&saving, &endpoint](zalo::endpoint which) {
        saving.spawn("remember endpoint", endpoint.save(which));
    };
    const auto platform = zalo::make_client(io.get_executor(), std::move(client_options));
    std::mt19937_64 random{std::random_device{}()};
    app::outbox_sender sender(
        io.get_executor(),
        {.store = database->writer(),
         .platform = *platform,
         .now = now_utc,
         .jitter = [&random] { return std::uniform_real_distribution<>(0, 1)(random); },
         .concurrency = config.outbox.concurrency,
         .rules = outbox_rules_of(config),
         .settle_after = std::chrono::seconds(config.outbox.settle_seconds),
         .unknown_for = std::chrono::minutes(config.outbox.unknown_minutes)});

    // What citizens send besides text.
    const auto media = zalo::make_media_source(io.get_executor(), media_options(config));
    const auto files = files::open_attachment_directory(attachment_directory(config));
    app::attachment_fetcher fetcher(
        io.get_executor(),
        {.store = database->writer(),
         .platform = *media,
         .files = *files,
         .workers = disk.get_executor(),
         .now = now_utc,
         .concurrency = config.attachments.concurrency,
         .allowance = {
             .files = config.attachments.files_per_day,
             .bytes = config.attachments.mib_per_day * static_cast<std::int64_t>(mebibyte)}});

    // Where dossiers stand.
    dossier_service dossiers(
        io.get_executor(),
        config,
        {.store = *database,
         .disk = disk.get_executor(),
         .current_content = [&content] { return content.current(); },
         .outgoing_added = [&sender] { sender.wake(); }});

    // Receiving.
    app::handling_metrics handling;
    app::event_handler events(
        {.store = database->writer(),
         .workers = workers.get_executor(),
         .current_content = [&content] { return content.current(); },
         .now = now_utc,
         .pseudonym = [&config](std::string_view id) { return pseudonym(config.signing_key, id); },
         .outgoing_added = [&sender] { sender.wake(); },
         .attachments_changed = [&fetcher] { fetcher.wake(); },
         .dossier_asked = [&dossiers] { dossiers.asked(); },
         .dossier_guesses = guess_limits(config),
         .public_url = config.public_listener.url,
         .is_test_user =
             [&config](std::string_view id) {
                 return std::ranges::find(config.test_users, id) != config.test_users.end();
             },
         .metrics = &handling});
    webhook deliveries(config, events);

    // What the operator wants erased.
    erase_requests erasures(
        io.get_executor(),
        erase_folder(config),
        {.store = database->writer(),
         .workers = disk.get_executor(),
         .now = now_utc,
         .pseudonym = [&config](std::string_view id) { return pseudonym(config.signing_key, id); },
         .files_to_remove = [&fetcher] { fetcher.wake(); }});

    // What time does to complaints.
    app::complaint_timers timers(
        io.get_executor(),
        {.store = database->writer(),
         .current_content = [&content] { return content.current(); },
         .now = now_utc,
         .outgoing_added = [&sender] { sender.wake(); }});
    app::reply_task replies(
        io.get_executor(),
        {.store = database->writer(),
         .current_content = [&content] { return content.current(); },
         .now = now_utc,
         .outgoing_added = [&sender] { sender.wake(); },
         .reply_held = {}});
    bool accepting = false;
    const auto ready = [&accepting, &missing, &database, &deliveries] {
        return accepting && missing.empty() && database->writer().healthy() &&
               !deliveries.door().is_refusing(std::chrono::steady_clock::now());
    };
    std::string public_url = config.public_listener.url;
    auto public_routes = http::make_public_routes(
        {.webhook = [&deliveries](http::request one) { return deliveries.receive(std::move(one)); },
         .ready = ready,
         .health_note = health_note(missing),
         .verifier_token = config.zalo.verifier_token,
         .organisation = "Một Cửa — tỉnh " + content.current().knowledge->province});
    sqlite::link_lookup links(database_options_of(config).file); // on `disk`, one thread
    const auto public_server = http::make_server(
        io.get_executor(),
        public_options(config),
        make_landing_routes(
            {.store = database->writer(),
             .current_content = [&content] { return content.current(); },
             .now = now_utc,
             .public_url = [&public_url] { return public_url; },
             .oa_id = config.zalo.oa_id,
             .knows_token = [&links](const std::string& token) { return links.knows(token); },
             .workers = disk.get_executor()},
            std::move(public_routes)));
    if (public_url.empty())
        public_url = public_server->url();

    // The staff.
    load_shipped_templates(config, *database, content.current().knowledge->complaints);
    auto staff_api = staff_api::make_staff_api(
        {.store = database->writer(),
         .open_reader = [&database] { return database->open_reader(); },
         .workers = disk.get_executor(),
         .executor = io.get_executor(),
         .files = *files,
         .now = now_utc,
         .current_content = [&content] { return content.current(); },
         .outgoing_added = [&sender] { sender.wake(); },
         .reply_held = [&replies] { replies.wake(); },
         .accounts =
             {.passwords = passwords,
              .hashing = hashing.get_executor(),
              .key = signing_key_from(totp_key_file(config)),
              .totp_required = config.accounts.totp == "required"},
         .operations = make_operation_parts(
             config,
             *tokens.keeper,
             deliveries.counters(),
             integrity,
             content,
             [&] { return accepting && database->writer().healthy(); }),
         .reports =
             {.desk = make_report_desk(config, [&public_url] { return public_url; }),
              .worker = reporting.get_executor()}});
    auto staff_routes = make_staff_routes(
        {.store = database->writer(),
         .deliveries = deliveries.counters(),
         .open_reader = [&database] { return database->open_reader(); },
         .workers = disk.get_executor(),
         .now = now_utc,
         .tokens = [&tokens] { return tokens.keeper->status(); },
         .ready = ready,
         .api = std::move(staff_api)});
    std::unique_ptr<http::server> staff_server;
    auto operator_routes = make_metrics_routes(
        {.config = config,
         .store = *database,
         .deliveries = deliveries,
         .handling = handling,
         .sender = sender,
         .listeners =
             {{"public", [&public_server] { return public_server.get(); }},
              {"staff", [&staff_server] { return staff_server.get(); }}},
         .current_content = [&content] { return content.current(); },
         .tokens = [&tokens] { return tokens.keeper->status(); },
         .integrity = integrity,
         .ready = ready,
         .now = now_utc,
         .workers = disk.get_executor()},
        http::make_desk_routes(config.content.desk, std::move(staff_routes)));
    std::string callback_url = config.zalo.callback_url;
    staff_server = http::make_server(
        io.get_executor(),
        staff_options(config),
        http::behind_proxies(
            config.staff_listener.proxies,
            make_oauth_routes(*tokens.keeper, callback_url, std::move(operator_routes))));
    if (callback_url.empty())
        callback_url = staff_server->url() + "/oauth/callback";

    // What has been kept long enough.
    app::retention_task retention(
        io.get_executor(),
        {.store = database->writer(),
         .records = sqlite::retention_of,
         .rules = retention_rules_of(config),
         .now = now_utc,
         .pseudonym = [&config](std::string_view id) { return pseudonym(config.signing_key, id); },
         .files_to_remove = [&fetcher] { fetcher.wake(); }});
    watchdog alive(io.get_executor());

    // Reading the content leaves twice its size behind in holes.
    ::malloc_trim(0);

    // Serving, until a signal or a failed store. Whoever reads "listening" may send that signal.
    asio::signal_set signals(io, SIGINT, SIGTERM);
    supervised all{
        .signals = signals,
        .store = database->writer(),
        .public_server = *public_server,
        .staff_server = *staff_server,
        .sender = sender,
        .content = content,
        .fetcher = fetcher,
        .tokens = *tokens.keeper,
        .timers = timers,
        .replies = replies,
        .dossiers = dossiers,
        .erasures = erasures,
        .retention = retention,
        .alive = alive,
        .accepting = accepting};
    std::exception_ptr failure;
    asio::co_spawn(
        io, supervise(all), [&failure](std::exception_ptr thrown) { failure = std::move(thrown); });
    std::cout << "listening public " << public_server->url() << '\n'
              << "listening staff " << staff_server->url() << '\n';
    if (config.demo)
        std::cout << "demo password " << demo_password << '\n';
    std::cout << std::flush;
    io.run();
    workers.join();
    disk.join();
    hashing.join();
    reporting.join();
    if (failure)
        std::rethrow_exception(failure);
    log::info("stopped", {{"events", deliveries.counters().stored}});
    return database->writer().healthy() ? 0 : 1;
}

} // namespace motcua
