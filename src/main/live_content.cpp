#include "live_content.hpp"

#include "content_loader.hpp"
#include "procedure_source.hpp"
#include "progress.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <motcua/adapters/content/procedure_files.hpp>
#include <motcua/support/logging.hpp>
#include <motcua/support/run_on.hpp>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <exception>
#include <map>
#include <utility>
#include <vector>

namespace motcua {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t models_kept = 3;
constexpr std::size_t records_per_unit = 200; // so that events wait a few milliseconds at most
constexpr int loader_niceness = 10;           // answering goes before reading anew

struct training_given_up : std::exception
{
};

using record_key = std::pair<std::string, procedures::origin>;
using record_map = std::map<record_key, procedures::procedure>;

// As the database does: of one code and origin the newer date wins, of equal ones what came last.
void put(record_map& into, std::vector<procedures::procedure> records)
{
    for (auto& record : records) {
        const auto [at, is_new] =
            into.try_emplace({record.code, record.from.from}, procedures::procedure{});
        if (is_new || record.from.as_of >= at->second.from.as_of)
            at->second = std::move(record);
    }
}

// The records shipped with the program; refuses files with errors.
std::vector<procedures::procedure> read_shipped(const configuration& config)
{
    auto read = content::read_procedures(config.content.data / "procedures");
    for (const auto& one : read.findings) {
        if (one.severity == finding::grade::error)
            throw content_error(describe(one));
    }
    return std::move(read.records);
}

std::vector<fs::path> files_handed_over(const configuration& config)
{
    std::vector<fs::path> files;
    std::error_code absent;
    for (const auto& entry : fs::directory_iterator(handed_over_folder(config), absent)) {
        if (!entry.path().extension().string().starts_with(".part")) // still being written
            files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
}

void store(sqlite::database& database, const std::vector<procedures::procedure>& records)
{
    for (std::size_t begin = 0; begin < records.size(); begin += records_per_unit) {
        const auto end = std::min(begin + records_per_unit, records.size());
        database.run_now([&](app::transaction& unit) {
            for (auto i = begin; i < end; ++i)
                unit.put_procedure(records[i], now_utc());
        });
    }
}

// All but the one in use and the newest others.
void remove_old_models(const configuration& config, std::string_view in_use)
{
    const auto kept = "model-" + std::string(in_use) + ".bin";
    std::vector<std::pair<fs::file_time_type, fs::path>> others;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(config.storage.directory, ignored)) {
        const auto name = entry.path().filename().string();
        if (name.starts_with("model-") && name.ends_with(".bin") && name != kept)
            others.emplace_back(entry.last_write_time(ignored), entry.path());
    }
    std::ranges::sort(others, std::greater<>());
    for (std::size_t i = models_kept - 1; i < others.size(); ++i)
        fs::remove(others[i].second, ignored);
}

using clock = std::chrono::steady_clock;

void log_content(std::string_view event, const app::content& content, clock::time_point begun)
{
    log::info(
        event,
        {{"procedures", content.knowledge->procedures.all().size()},
         {"searchable", content.understander->index().size()},
         {"model", content.understander->model().version()},
         {"content", content.knowledge->version},
         {"took_ms", clock::now() - begun}});
}

} // namespace

fs::path handed_over_folder(const configuration& config)
{
    return config.storage.directory / "import";
}

live_content::live_content(
    const asio::any_io_executor& executor, const configuration& config, sqlite::database& database)
    : config_(config), database_(database), hang_up_(executor, SIGHUP)
{
    const auto begun = clock::now();
    progress_line progress("training");
    current_ = load([&progress](double share) { progress.show(share); });
    state_.loaded = now_utc();
    log_content("content loaded", current_, begun);
}

live_content::~live_content()
{
    stopping_ = true;
    loader_.join();
}

// Nothing is stored before everything has turned out to be good.
app::content live_content::load(const std::function<void(double)>& progress)
{
    const auto files = files_handed_over(config_);
    std::vector<procedures::procedure> fresh;
    for (const auto& file : files) {
        auto read = content::read_procedures(file);
        std::ranges::move(read.records, std::back_inserter(fresh));
    }
    std::ranges::move(read_shipped(config_), std::back_inserter(fresh));

    record_map merged;
    put(merged, database_.open_reader()->all_procedures());
    put(merged, fresh);
    std::vector<procedures::procedure> records;
    records.reserve(merged.size());
    for (auto& [key, record] : merged)
        records.push_back(std::move(record));

    auto loaded = load_content(
        config_,
        procedures::catalogue(std::move(records)),
        config_.storage.directory,
        vietnam_date(now_utc()),
        progress);
    store(database_, fresh);
    for (const auto& file : files)
        fs::remove(file);
    remove_old_models(config_, loaded.understander->model().version());
    return loaded;
}

asio::awaitable<void> live_content::run()
{
    while (!stopping_) {
        if (!wanted_) {
            const auto [failed, number] =
                co_await hang_up_.async_wait(asio::as_tuple(asio::use_awaitable));
            if (failed && !wanted_)
                continue;
        }
        if (stopping_)
            break;
        wanted_ = false;
        state_.loading = true;
        co_await reload();
        state_.loading = false;
    }
}

void live_content::request_reload()
{
    wanted_ = true;
    hang_up_.cancel();
}

asio::awaitable<void> live_content::reload()
{
    log::info("reloading content");
    const auto begun = clock::now();
    auto job = [this] {
        // The thread's own: Linux keeps a nice value per thread (sched(7)).
        ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), loader_niceness);
        return load([this](double) {
            if (stopping_)
                throw training_given_up();
        });
    };
    try {
        auto loaded = co_await run_on(loader_.get_executor(), std::move(job));
        current_ = std::move(loaded);
    } catch (const training_given_up&) {
        co_return;
    } catch (const std::exception& failure) {
        log::error("content not reloaded, the old stays", {{"finding", failure.what()}});
        state_.failure = failure.what();
        co_return;
    }
    state_.loaded = now_utc();
    state_.failure.clear();
    log_content("content reloaded", current_, begun);
}

void live_content::stop()
{
    stopping_ = true;
    hang_up_.cancel();
}

} // namespace motcua
