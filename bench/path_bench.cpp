// What one delivery costs besides understanding (understand_bench.cpp): signature, decoding, the
// dialogue's step, and the writer's units in groups, synced.
#include "content_loader.hpp"

#include <benchmark/benchmark.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <load/events.hpp>
#include <motcua/adapters/content/procedure_files.hpp>
#include <motcua/adapters/sqlite/database.hpp>
#include <motcua/adapters/zalo/webhook.hpp>
#include <motcua/app/event_handler.hpp>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

namespace {

using namespace motcua;
namespace asio = boost::asio;
namespace fs = std::filesystem;

const load::identity us{.app_id = "1", .oa_id = "2", .secret = "secret"};

load::delivery one_text()
{
    return load::event_source(us, load::parse_mix("text=1"), 1, 1).next();
}

void signature(benchmark::State& state)
{
    const auto one = one_text();
    const auto stamp = std::to_string(one.timestamp_ms);
    for (auto _ : state)
        benchmark::DoNotOptimize(zalo::verify(one.signature, "1", one.body, stamp, "secret"));
}
BENCHMARK(signature);

void decode(benchmark::State& state)
{
    const auto one = one_text();
    for (auto _ : state)
        benchmark::DoNotOptimize(zalo::decode_event(one.body));
}
BENCHMARK(decode);

app::content whole_content()
{
    const fs::path source = MOTCUA_SOURCE_DIR;
    configuration config;
    config.content.intents = source / "intents";
    config.content.data = source / "data";
    auto records = content::read_procedures(source / "data" / "procedures").records;
    return load_content(
        config,
        procedures::catalogue(std::move(records)),
        fs::temp_directory_path(),
        std::chrono::year{2026} / 11 / 22);
}

const app::content& the_content()
{
    static const app::content made = whole_content();
    return made;
}

void step(benchmark::State& state)
{
    const auto& used = the_content();
    const auto event = zalo::decode_event(one_text().body).value();
    const auto heard = used.understander->understand(event.text);
    for (auto _ : state)
        benchmark::DoNotOptimize(dialogue::step({}, event, heard, *used.knowledge, event.at, {}));
}
BENCHMARK(step);

// A whole event behind its decoding, as many at once as the argument; the time is of one.
void events(benchmark::State& state, std::string_view shares)
{
    const fs::path folder =
        fs::temp_directory_path() / ("motcua-bench-" + std::to_string(::getpid()));
    fs::create_directories(folder);
    asio::io_context io(1);
    {
        const auto store = sqlite::open_database({.file = folder / "motcua.db"});
        asio::thread_pool workers(1);
        app::event_handler handler(
            {.store = store->writer(),
             .workers = workers.get_executor(),
             .current_content = [] { return the_content(); },
             .now =
                 [] {
                     return std::chrono::floor<std::chrono::milliseconds>(
                         std::chrono::system_clock::now());
                 },
             .pseudonym = [](std::string_view id) { return "pseudonym of " + std::string(id); },
             .outgoing_added = [] {},
             .is_test_user = [](std::string_view) { return false; }});
        load::event_source source(us, load::parse_mix(shares), 100'000, 1);
        const auto at_once = static_cast<std::size_t>(state.range(0));
        for (auto _ : state) {
            for (std::size_t i = 0; i < at_once; ++i) {
                auto one = source.next();
                auto event = zalo::decode_event(one.body).value();
                asio::co_spawn(
                    io,
                    handler.handle(std::move(event), std::move(one.body)),
                    [](const std::exception_ptr& failed, const result<app::handled>& end) {
                        if (failed || !end)
                            std::abort();
                    });
            }
            io.restart();
            io.run();
        }
        state.SetItemsProcessed(state.iterations() * state.range(0));
    }
    fs::remove_all(folder);
}
BENCHMARK_CAPTURE(events, needing_no_answer, "receipt=1")->Arg(1)->Arg(64)->Arg(512)->UseRealTime();
BENCHMARK_CAPTURE(events, texts, "text=1")->Arg(1)->Arg(64)->Arg(512)->UseRealTime();

} // namespace

BENCHMARK_MAIN();
