#include "ledger.hpp"
#include "load.hpp"
#include "sink.hpp"
#include "slow_clients.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace {

namespace load = motcua::load;
using nlohmann::json;

// What another process of this machine has used so far; zeros if it is not there.
struct process_use
{
    double cpu_seconds = 0;
    double resident_mib = 0;
};

process_use use_of(int process)
{
    process_use out;
    const auto folder = "/proc/" + std::to_string(process);
    std::ifstream stat(folder + "/stat");
    const std::string line(std::istreambuf_iterator<char>(stat), {});
    std::istringstream rest(line.substr(std::min(line.size(), line.rfind(')') + 2)));
    std::vector<std::string> words(std::istream_iterator<std::string>(rest), {});
    constexpr std::size_t user_ticks = 11; // behind the name
    const auto tick = static_cast<double>(::sysconf(_SC_CLK_TCK));
    if (words.size() > user_ticks + 1)
        out.cpu_seconds = (std::stod(words[user_ticks]) + std::stod(words[user_ticks + 1])) / tick;
    std::ifstream memory(folder + "/statm");
    double pages = 0;
    double resident = 0;
    memory >> pages >> resident;
    constexpr double mebibyte = 1024 * 1024;
    out.resident_mib = resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / mebibyte;
    return out;
}

json percentiles(const load::latencies& took)
{
    return {
        {"p50", took.at(0.5).count()},
        {"p90", took.at(0.9).count()},
        {"p99", took.at(0.99).count()},
        {"p99.9", took.at(0.999).count()},
        {"longest", took.longest().count()}};
}

json to_json(const load::report& out)
{
    json statuses = json::object();
    for (const auto& [status, count] : out.by_status)
        statuses[std::to_string(status)] = count;
    const double seconds = out.elapsed.count();
    return {
        {"seconds", seconds},
        {"made", out.made},
        {"acknowledged", out.acknowledged},
        {"per_second", seconds > 0 ? static_cast<double>(out.acknowledged) / seconds : 0},
        {"statuses", std::move(statuses)},
        {"cut", out.cut},
        {"unfinished", out.unfinished},
        {"forged_accepted", out.forged_accepted},
        {"latency_us", percentiles(out.took)}};
}

std::string secret_from_environment()
{
    // NOLINTNEXTLINE(concurrency-mt-unsafe): no thread has started yet
    const char* value = std::getenv("MOTCUA_OA_SECRET_KEY");
    return value == nullptr ? "demo-oa-secret-key" : value;
}

struct run_arguments
{
    load::options how;
    std::string words = "text=1";
    int seconds = 10;
    double retry_seconds = -1;
    int process = 0;
};

int run_load(run_arguments& given)
{
    auto& how = given.how;
    how.shares = load::parse_mix(given.words);
    how.duration = std::chrono::seconds(given.seconds);
    if (given.retry_seconds >= 0)
        how.retry_after = std::chrono::milliseconds(static_cast<int>(given.retry_seconds * 1000));
    how.as.secret = secret_from_environment();
    const auto before = use_of(given.process);
    const auto out = load::run(how);
    auto said = to_json(out);
    said["connections"] = how.connections;
    said["rate"] = how.rate;
    said["mix"] = given.words;
    if (given.process != 0) {
        const auto after = use_of(given.process);
        const auto answers = std::max<std::uint64_t>(out.acknowledged, 1);
        constexpr double microseconds = 1e6;
        said["server"] = {
            {"cpu_us_per_event",
             (after.cpu_seconds - before.cpu_seconds) * microseconds /
                 static_cast<double>(answers)},
            {"resident_mib_before", before.resident_mib},
            {"resident_mib", after.resident_mib}};
    }
    std::cout << said.dump(2) << '\n';
    return out.forged_accepted == 0 ? 0 : 1;
}

bool is_loopback(const std::string& address)
{
    return address.starts_with("127.") || address == "::1";
}

int run(int count, char** arguments)
{
    load::raise_descriptor_limit();
    CLI::App program("Load and slow clients for a motcua server; prints JSON, stops by itself");
    program.require_subcommand(1);
    int status = 0;

    auto* running = program.add_subcommand("run", "signed events; secret in MOTCUA_OA_SECRET_KEY");
    run_arguments given;
    auto& how = given.how;
    bool anywhere = false;
    running->add_option("--address", how.address, "server")->capture_default_str();
    running->add_option("--port", how.port, "its public port")->capture_default_str();
    running->add_option("--path", how.path, "of the webhook")->capture_default_str();
    running->add_option("--app-id", how.as.app_id, "in events")->capture_default_str();
    running->add_option("--oa-id", how.as.oa_id, "in events")->capture_default_str();
    running->add_option("--mix", given.words, "shares of text, receipt, duplicate, forged, media")
        ->capture_default_str();
    running->add_option("--connections", how.connections, "kept open")
        ->check(CLI::Range(1, 4096))
        ->capture_default_str();
    running->add_option("--sources", how.source_addresses, "loopback addresses to come from")
        ->check(CLI::Range(0, 65'000));
    running->add_option("--citizens", how.citizens, "who write")
        ->check(CLI::Range(1, 10'000'000))
        ->capture_default_str();
    running->add_option("--rate", how.rate, "events/s, open loop; 0 = closed loop")
        ->check(CLI::Range(0.0, 1e6));
    running->add_option("--seconds", given.seconds, "of making events")
        ->check(CLI::Range(1, 3600))
        ->capture_default_str();
    running->add_option("--events", how.events, "at most; 0 = until the time is over");
    running->add_option("--seed", how.seed, "of what is sent")->capture_default_str();
    running->add_option("--retry", given.retry_seconds, "send again what was refused, after s");
    running->add_option("--ledger", how.ledger, "file of what was acknowledged, synced");
    running->add_option("--process", given.process, "id of the server: processor time, memory");
    running->add_flag("--anywhere", anywhere, "a server that is not on this machine");
    running->callback([&] {
        if (!anywhere && !is_loopback(how.address))
            throw std::runtime_error("not a loopback address; --anywhere if that is meant");
        status = run_load(given);
    });

    auto* slow = program.add_subcommand("slow", "clients that hold connections and do nothing");
    load::slow_options holding;
    int slow_seconds = 10;
    slow->add_option("--port", holding.port, "public port of a server here");
    slow->add_option("--sockets", holding.sockets, "at once")
        ->check(CLI::Range(1, 19'000))
        ->capture_default_str();
    slow->add_option("--seconds", slow_seconds, "until the end")->check(CLI::Range(1, 3600));
    slow->callback([&] {
        const load::slow_clients crowd(holding);
        std::this_thread::sleep_for(std::chrono::seconds(slow_seconds));
        const auto seen = crowd.figures();
        std::cout << json{{"opened", seen.opened}, {"ended", seen.ended}, {"open", seen.open}}
                  << '\n';
    });

    auto* verify = program.add_subcommand("verify", "a ledger against the server's database");
    std::string ledger_file;
    std::string database_file;
    verify->add_option("ledger", ledger_file)->required();
    verify->add_option("database", database_file)->required();
    verify->callback([&] {
        const auto seen = load::compare(ledger_file, database_file);
        std::cout
            << json{{"acknowledged", seen.acknowledged}, {"missing", seen.missing}, {"doubled", seen.doubled}}
            << '\n';
        status = seen.missing + seen.doubled == 0 ? 0 : 1;
    });

    auto* sink =
        program.add_subcommand("sink", "a platform that takes every message; until killed");
    std::uint16_t sink_port = 0;
    sink->add_option("--port", sink_port, "0 = any free one, printed")->capture_default_str();
    sink->callback([&] { load::run_sink(sink_port); });

    try {
        program.parse(count, arguments);
    } catch (const CLI::ParseError& error) {
        return program.exit(error);
    }
    return status;
}

} // namespace

int main(int count, char** arguments)
{
    try {
        return run(count, arguments);
    } catch (const std::exception& error) {
        std::cerr << "motcua-load: " << error.what() << '\n';
        return 1;
    }
}
