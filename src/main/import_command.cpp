#include "commands.hpp"
#include "content_loader.hpp"
#include "database_setup.hpp"
#include "live_content.hpp"
#include "mapped_file.hpp"
#include "procedure_source.hpp"
#include "progress.hpp"

#include <motcua/adapters/content/procedure_files.hpp>
#include <motcua/adapters/sqlite/database.hpp>
#include <motcua/core/procedures/catalogue.hpp>

#include <algorithm>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <string_view>

namespace motcua {
namespace {

struct tally
{
    std::size_t added = 0;
    std::size_t updated = 0;
    std::size_t unchanged = 0;
    std::size_t older = 0;
};

void count(tally& so_far, app::transaction::upsert end)
{
    using upsert = app::transaction::upsert;
    switch (end) {
    case upsert::added:
        ++so_far.added;
        return;
    case upsert::updated:
        ++so_far.updated;
        return;
    case upsert::unchanged:
        ++so_far.unchanged;
        return;
    case upsert::older:
        ++so_far.older;
        return;
    }
}

// The message without its particulars, so that like findings can be counted together.
std::string kind_of(const std::string& message)
{
    constexpr std::string_view shared_name = "one name, ";
    if (message.starts_with(shared_name))
        return "one name shared by several codes";
    const auto colon = message.find(": ");
    auto kind = colon == std::string::npos ? message : message.substr(colon + 2);
    const auto digits = kind.find_first_not_of("0123456789");
    if (digits != 0 && digits != std::string::npos)
        kind.replace(0, digits, "N");
    return kind;
}

// Every finding, or the first of each kind and how many there are.
void print_findings(const std::vector<finding>& findings, bool verbose)
{
    std::map<std::string, std::size_t> kinds;
    for (const auto& one : findings) {
        const bool first = kinds[kind_of(one.message)]++ == 0;
        if (verbose || first || one.severity == finding::grade::error)
            std::cout << describe(one) << '\n';
    }
    if (verbose || findings.empty())
        return;
    std::cout << "findings by kind (--verbose lists all):\n";
    for (const auto& [kind, times] : kinds)
        std::cout << "  " << times << "  " << kind << '\n';
}

namespace fs = std::filesystem;

// Empty if a server has the database open.
std::unique_ptr<sqlite::database> open_unless_serving(const configuration& config)
{
    try {
        return sqlite::open_database(database_options_of(config));
    } catch (const sqlite::database_in_use&) {
        return nullptr;
    }
}

// Leaves a copy for the running server, which takes it at its next reload. The newest comes last.
void hand_over(const configuration& config, const fs::path& file)
{
    if (fs::is_directory(file)) {
        std::vector<fs::path> inside;
        for (const auto& entry : fs::directory_iterator(file))
            inside.push_back(entry.path());
        std::ranges::sort(inside);
        for (const auto& one : inside)
            hand_over(config, one);
        return;
    }
    const auto folder = handed_over_folder(config);
    fs::create_directories(folder);
    static int number = 0;
    const auto stamp = std::to_string(now_utc().time_since_epoch().count());
    const auto order = std::to_string(1000 + number++).substr(1);
    write_whole_file(
        folder / (stamp + "-" + order + "-" + file.filename().string()), mapped_file(file).bytes());
}

} // namespace

int import_procedures(
    const configuration& config, const std::vector<std::filesystem::path>& files, bool verbose)
{
    std::filesystem::create_directories(config.storage.directory);
    const auto database = open_unless_serving(config);
    std::vector<finding> findings;
    std::vector<procedures::procedure> records; // of all files, for the names they share
    std::size_t skipped = 0;
    tally totals;
    for (const auto& file : files) {
        progress_line progress(file.filename().string());
        auto read = content::read_procedures(file, [&progress](std::size_t done, std::size_t all) {
            progress.show(all == 0 ? 1.0 : static_cast<double>(done) / static_cast<double>(all));
        });
        skipped += read.skipped;
        findings.insert(findings.end(), read.findings.begin(), read.findings.end());
        if (database == nullptr)
            hand_over(config, file);
        else
            database->run_now([&](app::transaction& store) {
                const auto now = now_utc();
                for (const auto& record : read.records)
                    count(totals, store.put_procedure(record, now));
            });
        std::ranges::move(read.records, std::back_inserter(records));
    }
    const auto shared = procedures::check_names(records);
    findings.insert(findings.end(), shared.begin(), shared.end());
    print_findings(findings, verbose);
    if (database == nullptr)
        std::cout << records.size() << " records handed over to the running server, skipped "
                  << skipped << "; it takes them when it gets SIGHUP\n";
    else
        std::cout << "added " << totals.added << ", updated " << totals.updated << ", unchanged "
                  << totals.unchanged << ", older than ours " << totals.older << ", skipped "
                  << skipped << '\n';
    const bool failed = std::ranges::any_of(
        findings, [](const finding& one) { return one.severity == finding::grade::error; });
    return failed ? 1 : 0;
}

} // namespace motcua
