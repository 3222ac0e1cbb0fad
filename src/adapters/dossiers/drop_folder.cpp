#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fcntl.h>
#include <motcua/adapters/dossiers/drop_folder.hpp>
#include <motcua/adapters/dossiers/encoding.hpp>
#include <motcua/support/logging.hpp>
#include <motcua/support/run_on.hpp>
#include <motcua/support/use_tuple.hpp>
#include <openssl/sha.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <span>
#include <system_error>
#include <utility>

namespace motcua::dossier_files {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t rows_at_once = 500;     // in one unit of work
constexpr std::size_t removals_at_once = 500; // the same
constexpr std::size_t files_limit = 10'000;   // in the folder; more are left for the next look
constexpr std::chrono::hours tidy_every{1};

struct file_facts
{
    bool regular = false;
    std::uintmax_t size = 0;
    std::chrono::system_clock::time_point changed{};
};

file_facts facts_of(const fs::path& file)
{
    struct ::stat found
    {
    };
    if (::lstat(file.c_str(), &found) != 0 || !S_ISREG(found.st_mode))
        return {};
    const auto since = std::chrono::seconds(found.st_mtim.tv_sec) +
                       std::chrono::nanoseconds(found.st_mtim.tv_nsec);
    return {
        true,
        static_cast<std::uintmax_t>(found.st_size),
        std::chrono::system_clock::time_point(
            std::chrono::duration_cast<std::chrono::system_clock::duration>(since))};
}

bool is_export(const fs::path& file)
{
    const auto name = file.filename().string();
    auto extension = file.extension().string();
    std::ranges::transform(extension, extension.begin(), [](unsigned char letter) {
        return static_cast<char>(letter < 0x80 ? std::tolower(letter) : letter);
    });
    return !name.starts_with('.') && !name.starts_with('~') &&
           (extension == ".csv" || extension == ".txt" || extension == ".tsv");
}

std::string sha256_hex(std::string_view bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
    std::string text;
    for (const auto byte : digest) {
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
    }
    return text;
}

bool ends_with_line_end(const fs::path& file, std::uintmax_t size)
{
    constexpr std::uintmax_t tail = 2; // UTF-16LE ends with 0A 00
    std::ifstream in(file, std::ios::binary);
    in.seekg(static_cast<std::streamoff>(size - std::min(size, tail)));
    std::array<char, tail> last{};
    in.read(last.data(), static_cast<std::streamsize>(last.size()));
    const auto is_end = [](char letter) { return letter == '\n' || letter == '\r'; };
    return in.gcount() > 0 && (is_end(last[static_cast<std::size_t>(in.gcount() - 1)]) ||
                               (in.gcount() == 2 && last[1] == '\0' && is_end(last[0])));
}

// A name that is free in the folder, so that nothing is ever written over.
fs::path free_name(const fs::path& folder, const std::string& name)
{
    auto target = folder / name;
    for (int i = 2; fs::exists(target); ++i)
        target = folder / (fs::path(name).stem().string() + "-" + std::to_string(i) +
                           fs::path(name).extension().string());
    return target;
}

void sync_folder(const fs::path& folder)
{
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return;
    ::fsync(descriptor);
    ::close(descriptor);
}

fs::path move_into(const fs::path& file, const fs::path& folder)
{
    fs::create_directories(folder);
    auto target = free_name(folder, file.filename().string());
    fs::rename(file, target);
    sync_folder(folder);
    return target;
}

void write_reason(const fs::path& refused, const dossiers::read_export& read)
{
    std::ofstream out(refused.string() + ".reason.txt");
    out << "Tệp này không được nhận; dữ liệu đang dùng giữ nguyên.\n"
        << "This file was refused; nothing was changed. Faults: " << read.fault_count << "\n";
    for (const auto& one : read.faults)
        out << "line " << one.line << ": " << one.why << '\n';
    if (read.fault_count > read.faults.size())
        out << "…and " << read.fault_count - read.faults.size() << " more\n";
}

void remove_old(const fs::path& folder, std::chrono::system_clock::time_point before)
{
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder, none)) {
        const auto facts = facts_of(entry.path());
        if (facts.regular && facts.changed < before)
            fs::remove(entry.path(), none);
    }
}

} // namespace

struct drop_folder::candidate
{
    fs::path path;
    file_facts facts;
};

struct drop_folder::loaded
{
    std::string hash;
    dossiers::read_export read;
};

drop_folder::drop_folder(const asio::any_io_executor& executor, drop_folder_parts parts)
    : parts_(std::move(parts)), timer_(executor)
{
}

void drop_folder::stop()
{
    stopping_ = true;
    timer_.cancel();
}

asio::awaitable<void> drop_folder::run()
{
    while (!stopping_) {
        try {
            co_await look();
        } catch (const std::exception& failure) {
            // The disk or the folder: what lies there stays for the next look.
            log::error("the dossier folder cannot be read", {{"reason", failure.what()}});
        }
        if (stopping_)
            break;
        timer_.expires_after(parts_.look_every);
        co_await timer_.async_wait(use_tuple);
    }
}

asio::awaitable<drop_folder::look_result> drop_folder::look()
{
    look_result result;
    auto list = [folder = parts_.folder, watched = &watched_] {
        // A file taken a short while ago that has grown since comes back.
        for (auto one = watched->begin(); one != watched->end();) {
            const auto taken = folder / "taken" / one->first;
            const auto facts = facts_of(taken);
            const bool old =
                std::chrono::system_clock::now() - facts.changed > std::chrono::hours(1);
            if (facts.regular && facts.size != one->second)
                move_into(taken, folder);
            if (!facts.regular || facts.size != one->second || old)
                one = watched->erase(one);
            else
                ++one;
        }
        std::vector<candidate> found;
        for (const auto& entry : fs::directory_iterator(folder)) {
            const auto facts = facts_of(entry.path());
            if (facts.regular && is_export(entry.path()) && found.size() < files_limit)
                found.push_back({entry.path(), facts});
        }
        std::ranges::sort(found, [](const candidate& left, const candidate& right) {
            return std::tie(left.facts.changed, left.path) <
                   std::tie(right.facts.changed, right.path);
        });
        return found;
    };
    auto found = co_await run_on(parts_.workers, std::move(list));
    for (auto& file : found) {
        if (stopping_)
            break;
        const bool more = co_await take(std::move(file), result);
        if (!more)
            break;
    }
    if (const auto now = std::chrono::steady_clock::now(); now >= next_tidying_ && !stopping_) {
        next_tidying_ = now + tidy_every;
        co_await tidy();
    }
    co_return result;
}

// False if the store cannot take anything now: the file stays where it is.
asio::awaitable<bool> drop_folder::take(candidate file, look_result& result)
{
    const auto age = std::chrono::system_clock::now() - file.facts.changed;
    if (age < parts_.settled_after)
        co_return true;
    const auto from = std::make_shared<loaded>();
    const auto ready = std::make_shared<bool>(true);
    auto load = [from, ready, file, age, this] {
        const auto refuse = [&from](const char* why) {
            from->read.fault_count = 1;
            from->read.faults = {{0, why}};
        };
        if (file.facts.size > export_limit_bytes)
            return refuse("larger than 128 MiB");
        if (!ends_with_line_end(file.path, file.facts.size)) {
            *ready = age > parts_.cut_after;
            return refuse("the last line is not complete (it must end with a line end)");
        }
        std::ifstream in(file.path, std::ios::binary);
        std::string bytes(file.facts.size, '\0');
        in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        const auto after = facts_of(file.path);
        *ready = in.gcount() == static_cast<std::streamsize>(bytes.size()) &&
                 after.size == file.facts.size && after.changed == file.facts.changed;
        from->hash = sha256_hex(bytes);
        const auto text = to_utf8(bytes, parts_.format.encoding);
        if (!text)
            return refuse("not of the encoding that data/dossiers.yml names");
        from->read = dossiers::read_export_text(*text, parts_.format, parts_.rule, parts_.seal);
    };
    co_await run_on(parts_.workers, std::move(load));
    if (!*ready)
        co_return true;
    const bool good = from->read.fault_count == 0;
    bool repeated = false;
    if (good) {
        const auto last = std::make_shared<std::string>();
        auto ask = [last, rule = name(parts_.rule)](app::transaction& store) {
            *last = store.dossiers().last_import(rule);
        };
        const auto asked = co_await parts_.store.commit(std::move(ask));
        if (!asked)
            co_return false;
        repeated = *last == from->hash;
        if (!repeated) {
            const bool stored = co_await store_rows(file.path.filename().string(), *from);
            if (!stored)
                co_return false;
        }
    }
    auto put_away = [folder = parts_.folder, path = file.path, from, good] {
        const auto target = move_into(path, folder / (good ? "taken" : "refused"));
        if (!good)
            write_reason(target, from->read);
        return target.filename().string();
    };
    const auto put = co_await run_on(parts_.workers, std::move(put_away));
    if (!good) {
        ++result.refused;
        log::warning("dossier export refused", {{"faults", from->read.fault_count}, {"file", put}});
        co_return true;
    }
    watched_[put] = file.facts.size;
    ++(repeated ? result.repeated : result.taken);
    log::info(
        "dossier export taken",
        {{"rows", from->read.rows.size()},
         {"without_telephone", from->read.unprovable},
         {"repeated", repeated}});
    if (!repeated && parts_.taken)
        parts_.taken();
    co_return true;
}

asio::awaitable<bool> drop_folder::store_rows(std::string name, const loaded& from)
{
    const auto import = std::make_shared<std::int64_t>(0);
    auto begin =
        [import, name, hash = from.hash, rule = dossiers::name(parts_.rule), now = parts_.now()](
            app::transaction& store) {
            *import = store.dossiers().begin_import(name, hash, rule, now);
        };
    const auto begun = co_await parts_.store.commit(std::move(begin));
    if (!begun)
        co_return false;
    const std::span<const dossiers::dossier> rows(from.read.rows);
    for (std::size_t at = 0; at < rows.size(); at += rows_at_once) {
        const auto piece = rows.subspan(at, std::min(rows_at_once, rows.size() - at));
        auto add = [import, piece](app::transaction& store) {
            store.dossiers().add(*import, piece);
        };
        const auto added = co_await parts_.store.commit(std::move(add));
        if (!added || stopping_)
            co_return false; // what is there is removed with the next tidying
    }
    auto finish = [import, now = parts_.now()](app::transaction& store) {
        store.dossiers().finish_import(*import, now);
    };
    const auto finished = co_await parts_.store.commit(std::move(finish));
    if (!finished)
        co_return false;
    // The older rows are in nobody's way any more; a stop here leaves them to the next export.
    const auto after = std::make_shared<std::string>();
    do {
        auto remove = [import, after](app::transaction& store) {
            *after = store.dossiers().remove_superseded(*import, *after, removals_at_once);
        };
        const auto removed = co_await parts_.store.commit(std::move(remove));
        if (!removed)
            break;
    } while (!after->empty() && !stopping_);
    co_return true;
}

asio::awaitable<void> drop_folder::tidy()
{
    const auto removed = std::make_shared<std::size_t>(0);
    do {
        auto remove = [removed, before = parts_.now() - parts_.rows_kept](app::transaction& store) {
            *removed = store.dossiers().remove_stale(before, removals_at_once);
        };
        const auto done = co_await parts_.store.commit(std::move(remove));
        if (!done)
            co_return;
    } while (*removed > 0 && !stopping_);
    auto sweep = [folder = parts_.folder, before = std::chrono::system_clock::now() - parts_.kept] {
        for (const auto* part : {"taken", "refused"})
            remove_old(folder / part, before);
    };
    co_await run_on(parts_.workers, std::move(sweep));
}

} // namespace motcua::dossier_files
