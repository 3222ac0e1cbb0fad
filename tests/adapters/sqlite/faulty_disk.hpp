#pragma once

#include <sqlite3.h>

#include <atomic>

namespace motcua::sqlite {

// While it lives, SQLite's databases and logs count their syncs here and can be told to fail them.
// One at a time.
class faulty_disk
{
public:
    faulty_disk()
    {
        base_ = sqlite3_vfs_find(nullptr);
        shim_ = *base_;
        shim_.zName = "faulty";
        shim_.xOpen = open;
        log_syncs = 0;
        fail_syncs = false;
        sqlite3_vfs_register(&shim_, 1);
    }
    ~faulty_disk()
    {
        sqlite3_vfs_unregister(&shim_);
        sqlite3_vfs_register(base_, 1);
    }
    faulty_disk(const faulty_disk&) = delete;
    faulty_disk& operator=(const faulty_disk&) = delete;

    static inline std::atomic<int> log_syncs = 0; // of the write-ahead log
    static inline std::atomic<bool> fail_syncs = false;

private:
    static int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags)
    {
        const auto code = base_->xOpen(base_, name, file, flags, out_flags);
        if (code != SQLITE_OK || (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_DB)) == 0)
            return code;
        auto& methods = (flags & SQLITE_OPEN_WAL) != 0 ? log_methods_ : main_methods_;
        original_ = file->pMethods;
        methods = *original_;
        methods.xSync = (flags & SQLITE_OPEN_WAL) != 0 ? sync_log : sync;
        file->pMethods = &methods;
        return code;
    }
    static int sync(sqlite3_file* file, int flags)
    {
        return fail_syncs ? SQLITE_IOERR_FSYNC : original_->xSync(file, flags);
    }
    static int sync_log(sqlite3_file* file, int flags)
    {
        ++log_syncs;
        return sync(file, flags);
    }

    static inline sqlite3_vfs* base_ = nullptr;
    static inline const sqlite3_io_methods* original_ = nullptr;
    static inline sqlite3_io_methods log_methods_{};
    static inline sqlite3_io_methods main_methods_{};
    static inline sqlite3_vfs shim_{}; // outlives the files opened through it
};

} // namespace motcua::sqlite
