#include "commands.hpp"
#include "operation_setup.hpp"
#include "procedure_source.hpp"
#include "progress.hpp"

#include <motcua/adapters/files/backup_archive.hpp>
#include <motcua/adapters/sqlite/database.hpp>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iostream>
#include <system_error>
#include <vector>

namespace motcua {
namespace {

namespace fs = std::filesystem;

// Made anew whenever it is missing, or of no use elsewhere.
bool is_left_out(const fs::path& relative)
{
    const auto name = relative.filename().string();
    return name.starts_with("motcua.db") || name.ends_with(".lock") || name.ends_with(".part") ||
           name == last_backup_name || (name.starts_with("model-") && name.ends_with(".bin")) ||
           relative.parent_path() == "attachments/unfinished";
}

std::vector<files::backup_member> members_below(const fs::path& directory)
{
    std::vector<files::backup_member> found;
    for (const auto& one : fs::recursive_directory_iterator(directory)) {
        const auto relative = one.path().lexically_relative(directory);
        if (one.is_regular_file() && !one.is_symlink() && !is_left_out(relative))
            found.push_back({.file = one.path(), .name = relative.generic_string()});
    }
    std::ranges::sort(found, {}, &files::backup_member::name);
    return found;
}

// Removed when it leaves the scope, unless released.
class temporary
{
public:
    explicit temporary(fs::path path) : path_(std::move(path)) { fs::remove_all(path_); }
    ~temporary()
    {
        std::error_code ignored;
        if (!path_.empty())
            fs::remove_all(path_, ignored);
    }
    temporary(const temporary&) = delete;
    temporary& operator=(const temporary&) = delete;

    const fs::path& path() const { return path_; }
    void release() { path_.clear(); }

private:
    fs::path path_;
};

bool is_empty_or_absent(const fs::path& directory)
{
    return !fs::exists(directory) || (fs::is_directory(directory) && fs::is_empty(directory));
}

} // namespace

int backup(const configuration& config, const fs::path& file)
{
    const auto database = database_file(config);
    if (!fs::exists(database)) {
        std::cerr << "motcua: there is no database in " << config.storage.directory.string()
                  << "; name its folder with --config or --set storage.directory=…\n";
        return 1;
    }
    if (fs::exists(file)) {
        std::cerr << "motcua: " << file.string() << " exists already; name another file\n";
        return 1;
    }
    // The database first: a file that a later row names is then at most one too many.
    const temporary snapshot(file.string() + ".db.part");
    sqlite::write_snapshot(database, snapshot.path());
    auto members = members_below(config.storage.directory);
    members.insert(
        members.begin(), {.file = snapshot.path(), .name = database.filename().string()});
    progress_line progress("writing " + file.filename().string());
    files::write_backup(file, members, [&progress](double share) { progress.show(share); });
    // For the operator's screen, if the folder may be written: a backup may be made by another
    // account.
    std::ofstream(last_backup_mark(config)) << file.filename().string() << '\n';
    std::cout << file.string() << ": " << members.size() << " files, " << fs::file_size(file)
              << " bytes. It holds personal data and keys: keep it as safe as the server.\n";
    return 0;
}

int restore(const configuration& config, const fs::path& file)
{
    auto directory = fs::absolute(config.storage.directory).lexically_normal();
    if (!directory.has_filename()) // "/var/lib/motcua/"
        directory = directory.parent_path();
    if (!is_empty_or_absent(directory)) {
        std::cerr << "motcua: " << directory.string()
                  << " is not empty; stop the server, move the folder away, then restore\n";
        return 1;
    }
    if (!fs::exists(directory.parent_path())) {
        std::cerr << "motcua: " << directory.parent_path().string() << " does not exist\n";
        return 1;
    }
    // An empty folder that is there may belong to the server's account, and its parent not to us.
    const bool in_place = fs::exists(directory);
    temporary unpacked(
        in_place ? directory / "restoring.part" : fs::path(directory.string() + ".part"));
    if (::mkdir(unpacked.path().c_str(), 0700) != 0)
        throw std::system_error(errno, std::generic_category(), unpacked.path().string());
    files::read_backup(file, unpacked.path());
    const auto database = unpacked.path() / database_file(config).filename();
    if (!fs::exists(database)) {
        std::cerr << "motcua: " << file.string() << " holds no database\n";
        return 1;
    }
    sqlite::check_whole(database);
    if (in_place) {
        // The database comes last: without it the folder is no store.
        for (const auto& one : fs::directory_iterator(unpacked.path()))
            if (one.path() != database)
                fs::rename(one.path(), directory / one.path().filename());
        fs::rename(database, directory / database.filename());
    } else {
        fs::rename(unpacked.path(), directory);
        unpacked.release();
    }
    std::cout << "restored into " << directory.string() << "; start the server\n";
    return 0;
}

} // namespace motcua
