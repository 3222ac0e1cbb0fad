#include "ledger.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <set>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace motcua::load {

ledger::ledger(const std::filesystem::path& file)
    : descriptor_(::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600))
{
    if (descriptor_ < 0)
        throw std::system_error(errno, std::generic_category(), file.string());
    thread_ = std::thread([this] { work(); });
}

ledger::~ledger()
{
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    arrived_.notify_one();
    thread_.join();
    ::close(descriptor_);
}

void ledger::add(std::int64_t timestamp_ms, const std::string& key)
{
    {
        const std::lock_guard lock(mutex_);
        waiting_ += std::to_string(timestamp_ms) + ' ' + key + '\n';
    }
    arrived_.notify_one();
}

void ledger::work()
{
    std::unique_lock lock(mutex_);
    for (;;) {
        arrived_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        const auto now = std::exchange(waiting_, {});
        if (now.empty())
            return;
        lock.unlock();
        std::size_t written = 0;
        while (written < now.size()) {
            const auto count = ::write(descriptor_, now.data() + written, now.size() - written);
            if (count < 0)
                throw std::system_error(errno, std::generic_category(), "ledger");
            written += static_cast<std::size_t>(count);
        }
        ::fdatasync(descriptor_);
        lock.lock();
    }
}

comparison
compare(const std::filesystem::path& ledger_file, const std::filesystem::path& database_file)
{
    std::set<std::pair<std::int64_t, std::string>> all;
    std::ifstream lines(ledger_file);
    std::int64_t timestamp_ms = 0;
    for (std::string key; lines >> timestamp_ms >> key;)
        all.emplace(timestamp_ms, key);
    if (!lines.eof())
        throw std::runtime_error(ledger_file.string() + ": no ledger");
    SQLite::Database database(database_file.string(), SQLite::OPEN_READONLY, 5000);
    // By the key alone: a second row might have another time stamp.
    std::set<std::string> stored;
    std::set<std::string> twice;
    SQLite::Statement rows(database, "SELECT lower(hex(key)) FROM events WHERE timestamp_ms >= ?1");
    rows.bind(1, all.empty() ? 0 : all.begin()->first);
    while (rows.executeStep()) {
        const auto [place, added] = stored.insert(rows.getColumn(0).getString());
        if (!added)
            twice.insert(*place);
    }
    comparison out;
    out.acknowledged = all.size();
    for (const auto& [when, key] : all) {
        out.missing += stored.contains(key) ? 0U : 1U;
        out.doubled += twice.contains(key) ? 1U : 0U;
    }
    return out;
}

} // namespace motcua::load
