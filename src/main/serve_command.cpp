#include "commands.hpp"
#include "content_loader.hpp"
#include "procedure_source.hpp"
#include "progress.hpp"
#include "pseudonym.hpp"
#include "staff_routes.hpp"
#include "webhook.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/thread_pool.hpp>
#include <motcua/adapters/content/platform_error_file.hpp>
#include <motcua/adapters/content/procedure_files.hpp>
#include <motcua/adapters/http/public_routes.hpp>
#include <motcua/adapters/http/server.hpp>
#include <motcua/adapters/sqlite/database.hpp>
#include <motcua/adapters/zalo/client.hpp>
#include <motcua/app/event_handler.hpp>
#include <motcua/app/outbox_sender.hpp>
#include <motcua/support/logging.hpp>
#include <motcua/support/task_group.hpp>
#include <motcua/support/within.hpp>

#include <algorithm>
#include <csignal>
#include <iostream>
#include <random>

namespace motcua {
namespace {

constexpr std::chrono::seconds stop_grace{5};
constexpr std::size_t understanding_threads =
    1; // the second core runs the I/O thread and the writer

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

// The records shipped with the program, added or updated; refuses files with errors.
void put_shipped_procedures(const configuration& config, sqlite::database& database)
{
    const auto folder = config.content.data / "procedures";
    const auto read = content::read_procedures(folder);
    for (const auto& one : read.findings) {
        if (one.severity == finding::grade::error)
            throw content_error(describe(one));
    }
    database.run_now([&read](app::transaction& store) {
        for (const auto& record : read.records)
            store.put_procedure(record, now_utc());
    });
}

app::content load_for_serving(const configuration& config, sqlite::database& database)
{
    put_shipped_procedures(config, database);
    progress_line progress("training");
    return load_content(
        config,
        procedures::catalogue(database.open_reader()->all_procedures()),
        config.storage.directory,
        vietnam_date(now_utc()),
        [&progress](double share) { progress.show(share); });
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
    return options;
}

asio::awaitable<void> wait_for_signal()
{
    const auto executor = co_await asio::this_coro::executor;
    asio::signal_set signals(executor, SIGINT, SIGTERM);
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
    const app::writer& store;
    http::server& public_server;
    http::server& staff_server;
    app::outbox_sender& sender;
    bool& accepting;
};

// Runs everything until a signal or a failed store, then stops it: no new requests, those under way
// finish.
asio::awaitable<void> supervise(supervised& all)
{
    using namespace asio::experimental::awaitable_operators;
    const auto executor = co_await asio::this_coro::executor;
    task_group serving(executor);
    serving.spawn("public listener", all.public_server.run());
    serving.spawn("staff listener", all.staff_server.run());
    serving.spawn("sender", all.sender.run());
    all.accepting = true;
    co_await (wait_for_signal() || wait_for_sick_store(all.store));
    all.accepting = false;
    all.public_server.stop(stop_grace);
    all.staff_server.stop(stop_grace);
    all.sender.stop();
    const bool ended = co_await serving.join(2 * stop_grace);
    if (ended)
        co_return;
    log::warning("some tasks had to be cancelled", {{"tasks", serving.size()}});
    serving.cancel_all();
    co_await serving.join(stop_grace);
}

} // namespace

int serve(const configuration& given)
{
    configuration config = given;
    log::set_level(level_from(config.log_level));
    std::filesystem::create_directories(config.storage.directory);
    if (config.signing_key.empty())
        config.signing_key = signing_key_from(config.storage.directory / "signing.key");

    // The store, and the content answered from. The writer resumes its callers on `io`, which must
    // outlive it.
    asio::io_context io(1);
    const auto database = sqlite::open_database({.file = database_file(config)});
    auto content = load_for_serving(config, *database);
    log::info(
        "content loaded",
        {{"procedures", content.knowledge->procedures.all().size()},
         {"searchable", content.understander->index().size()},
         {"model", content.understander->model().version()}});

    asio::thread_pool workers(understanding_threads);

    // Sending.
    zalo::client_options client_options;
    client_options.api_base = config.zalo.api_base;
    client_options.ca_file = config.zalo.ca_file;
    client_options.tokens = zalo::make_fixed_token(config.zalo.access_token);
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

    // Receiving.
    app::event_handler events(
        {.store = database->writer(),
         .workers = workers.get_executor(),
         .current_content = [&content]() -> app::content { return content; },
         .now = now_utc,
         .pseudonym = [&config](std::string_view id) { return pseudonym(config.signing_key, id); },
         .outgoing_added = [&sender] { sender.wake(); },
         .is_test_user =
             [&config](std::string_view id) {
                 return config.demo ||
                        std::ranges::find(config.test_users, id) != config.test_users.end();
             }});
    webhook deliveries(config, events);
    bool accepting = false;
    const auto public_server = http::make_server(
        io.get_executor(),
        public_options(config),
        http::make_public_routes(
            {.webhook =
                 [&deliveries](http::request one) { return deliveries.receive(std::move(one)); },
             .ready = [&] { return accepting && database->writer().healthy(); },
             .verifier_token = config.zalo.verifier_token,
             .organisation = "Một Cửa — tỉnh " + content.knowledge->province}));
    const auto staff_server = http::make_server(
        io.get_executor(),
        staff_options(config),
        make_staff_routes(
            {.store = database->writer(), .deliveries = deliveries.counters(), .ready = [&] {
                 return accepting && database->writer().healthy();
             }}));

    // Serving, until a signal or a failed store.
    supervised all{
        .store = database->writer(),
        .public_server = *public_server,
        .staff_server = *staff_server,
        .sender = sender,
        .accepting = accepting};
    std::exception_ptr failure;
    asio::co_spawn(
        io, supervise(all), [&failure](std::exception_ptr thrown) { failure = std::move(thrown); });
    std::cout << "listening public " << public_server->url() << '\n'
              << "listening staff " << staff_server->url() << std::endl;
    io.run();
    workers.join();
    if (failure)
        std::rethrow_exception(failure);
    log::info("stopped", {{"events", deliveries.counters().stored}});
    return database->writer().healthy() ? 0 : 1;
}

} // namespace motcua
