#pragma once

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace motcua::sqlite {

// While it lives, SQLite's files go through here, and it knows which of their bytes were synced.
//
// - A power cut: every later call fails, and restore() leaves in the files what was synced and any
//   part of what was not: nothing, all, a beginning, some writes without the ones before, torn
//   sectors. A file that was made or deleted since the last sync may be as it was before.
// - A fault: one call fails as a disk fails. What a failed sync should have written is written by
//   no later one (the kernel marks such pages clean).
// - A quota: writes that make the files longer than so many bytes in all fail for want of space.
// - Read-only: as the kernel leaves a file system behind its own errors. Nothing is changed or
//   opened for writing any more.
//
// One at a time, one thread at a time. The same seed and calls leave the same files.
class simulated_disk
{
public:
    enum class fault
    {
        io_error,
        failed_sync,
        no_space,
        short_write
    };

    explicit simulated_disk(std::uint64_t seed) : random_(seed)
    {
        only_ = this;
        base_ = sqlite3_vfs_find(nullptr);
        shim_ = *base_;
        shim_.zName = "simulated";
        shim_.szOsFile = static_cast<int>(sizeof(file)) + base_->szOsFile;
        shim_.xOpen = open;
        shim_.xDelete = remove;
        sqlite3_vfs_register(&shim_, 1);
    }
    ~simulated_disk()
    {
        sqlite3_vfs_unregister(&shim_);
        sqlite3_vfs_register(base_, 1);
        only_ = nullptr;
    }
    simulated_disk(const simulated_disk&) = delete;
    simulated_disk& operator=(const simulated_disk&) = delete;

    // The power goes with the n-th call from now that changes a file.
    void cut_at(std::size_t call) { cut_at_ = changes_ + call; }
    void cut() { is_cut_ = true; }
    bool is_cut() const { return is_cut_; }

    // The n-th call from now fails so: of failed_sync the n-th sync, of no_space and short_write
    // the n-th write.
    void fail(fault what, std::size_t call)
    {
        fault_ = what;
        until_fault_ = call;
        sync_failed_ = false;
    }
    bool has_failed() const { return fault_.has_value() && until_fault_ == 0; }
    bool sync_has_failed() const { return sync_failed_; }

    void make_read_only(bool whether) { read_only_ = whether; }

    void allow_bytes(std::optional<std::size_t> all) { quota_ = all; }
    std::size_t bytes() const
    {
        std::size_t all = 0;
        for (const auto& [path, one] : images_)
            all += one.length;
        return all;
    }

    // After the cut, once everybody has closed: the power is back. `keep_nothing`: of what was not
    // synced.
    void restore(bool keep_nothing = false)
    {
        for (auto& [path, one] : images_) {
            const bool back = one.deleted && coin();
            const bool never = !one.known && !one.deleted && (keep_nothing || coin());
            std::filesystem::remove(path + "-shm");
            if ((one.deleted && !back) || never) {
                std::filesystem::remove(path);
                continue;
            }
            auto bytes = what_remains(one, keep_nothing);
            std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
        }
        images_.clear();
        is_cut_ = false;
        cut_at_ = 0;
        fault_.reset();
        read_only_ = false;
    }

private:
    struct change
    {
        sqlite3_int64 offset = 0;
        std::string bytes;
        bool cuts_to_offset = false;
        bool lost = false; // a sync that should have written it has failed
    };
    struct image
    {
        std::string synced;
        std::vector<change> later;
        std::size_t length = 0; // with what is not synced
        bool known = false;     // its name has been synced
        bool deleted = false;
    };
    struct file
    {
        sqlite3_file base;
        image* where; // null: a temporary file, of no interest
        sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
    };
    static file* of(sqlite3_file* one) { return reinterpret_cast<file*>(one); }
    static sqlite3_file* real(sqlite3_file* one) { return of(one)->real(); }

    bool coin() { return random_() % 2 == 0; }

    static void apply(std::string& bytes, const change& one, std::size_t from, std::size_t to)
    {
        const auto offset = static_cast<std::size_t>(one.offset);
        if (one.cuts_to_offset) {
            bytes.resize(offset);
            return;
        }
        if (bytes.size() < offset + to)
            bytes.resize(offset + to);
        std::copy(
            one.bytes.begin() + static_cast<std::ptrdiff_t>(from),
            one.bytes.begin() + static_cast<std::ptrdiff_t>(to),
            bytes.begin() + static_cast<std::ptrdiff_t>(offset + from));
    }

    std::string what_remains(image& one, bool keep_nothing)
    {
        constexpr std::size_t sector = 512;
        auto bytes = std::move(one.synced);
        const auto manner = keep_nothing ? 0 : random_() % 5;
        const auto beginning = one.later.empty() ? 0 : random_() % (one.later.size() + 1);
        for (std::size_t i = 0; i < one.later.size(); ++i) {
            const auto& each = one.later[i];
            const bool whole =
                manner == 1 || (manner == 2 && i < beginning) || (manner == 3 && coin());
            if (whole)
                apply(bytes, each, 0, each.bytes.size());
            for (std::size_t at = 0; manner == 4 && at < each.bytes.size(); at += sector) {
                if (coin())
                    apply(bytes, each, at, std::min(at + sector, each.bytes.size()));
            }
        }
        return bytes;
    }

    enum class access
    {
        any,
        write,
        sync
    };
    bool may_fail(access which) const
    {
        switch (*fault_) {
        case fault::io_error:
            return true;
        case fault::failed_sync:
            return which == access::sync;
        case fault::no_space:
        case fault::short_write:
            return which == access::write;
        }
        return false;
    }
    // SQLITE_OK, or how the call is to fail.
    int may(int code_if_not, access which = access::any)
    {
        if (is_cut_)
            return code_if_not;
        if (!fault_ || until_fault_ == 0 || !may_fail(which) || --until_fault_ > 0)
            return SQLITE_OK;
        return which == access::write && *fault_ != fault::io_error ? SQLITE_FULL : code_if_not;
    }
    // Of a call that changes a file and has been noted.
    bool cuts_now()
    {
        if (!is_cut_)
            is_cut_ = ++changes_ == cut_at_;
        return is_cut_;
    }

    static int open(sqlite3_vfs*, const char* name, sqlite3_file* one, int flags, int* out_flags)
    {
        auto& self = *only_;
        auto* const made = of(one);
        made->base.pMethods = nullptr;
        made->where = nullptr;
        if (const auto code = self.may(SQLITE_CANTOPEN); code != SQLITE_OK)
            return code;
        constexpr auto tracked = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL;
        const bool interesting = name != nullptr && (flags & tracked) != 0;
        if (self.read_only_ && interesting) {
            // What unixOpen() does when open(2) says EROFS: it tries again without writing.
            flags &= ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
            flags |= SQLITE_OPEN_READONLY;
        }
        const bool there = interesting && std::filesystem::exists(name);
        const auto code = base_->xOpen(base_, name, made->real(), flags, out_flags);
        if (code != SQLITE_OK)
            return code;
        if (interesting) {
            auto& where = self.images_[name];
            if (where.deleted || (!where.known && where.length == 0 && there)) {
                where = {};
                where.length = there ? std::filesystem::file_size(name) : 0;
                where.synced.resize(where.length);
                std::ifstream(name, std::ios::binary)
                    .read(where.synced.data(), static_cast<std::streamsize>(where.length));
                where.known = there;
            }
            made->where = &where;
        }
        made->base.pMethods = &methods();
        return SQLITE_OK;
    }
    static int remove(sqlite3_vfs*, const char* name, int sync_folder)
    {
        auto& self = *only_;
        if (const auto code = self.may(SQLITE_IOERR_DELETE); code != SQLITE_OK)
            return code;
        if (self.read_only_)
            return SQLITE_IOERR_DELETE;
        const auto found = self.images_.find(name);
        if (found != self.images_.end()) {
            if (self.cuts_now())
                return SQLITE_IOERR_DELETE;
            found->second.deleted = true;
            found->second.length = 0;
            if (sync_folder != 0)
                self.images_.erase(found);
        }
        return base_->xDelete(base_, name, 0);
    }

    static int read(sqlite3_file* one, void* into, int count, sqlite3_int64 offset)
    {
        const auto code = only_->may(SQLITE_IOERR_READ);
        return code != SQLITE_OK ? code
                                 : real(one)->pMethods->xRead(real(one), into, count, offset);
    }
    static int write(sqlite3_file* one, const void* from, int count, sqlite3_int64 offset)
    {
        auto& self = *only_;
        auto* const where = of(one)->where;
        if (where == nullptr)
            return real(one)->pMethods->xWrite(real(one), from, count, offset);
        auto size = static_cast<std::size_t>(count);
        const auto end = static_cast<std::size_t>(offset) + size;
        const bool grows = end > where->length;
        if (self.quota_ && grows && self.bytes() + (end - where->length) > *self.quota_)
            return SQLITE_FULL;
        if (self.read_only_)
            return SQLITE_IOERR_WRITE;
        auto code = self.may(SQLITE_IOERR_WRITE, access::write);
        const bool half = code != SQLITE_OK && !self.is_cut_ && self.fault_ == fault::short_write;
        if (code != SQLITE_OK && !half)
            return code;
        size = half ? size / 2 : size;
        where->later.push_back({.offset = offset, .bytes = {static_cast<const char*>(from), size}});
        if (self.cuts_now())
            return SQLITE_IOERR_WRITE;
        where->length = std::max(where->length, static_cast<std::size_t>(offset) + size);
        const auto done =
            real(one)->pMethods->xWrite(real(one), from, static_cast<int>(size), offset);
        return done != SQLITE_OK ? done : code;
    }
    static int truncate(sqlite3_file* one, sqlite3_int64 length)
    {
        auto& self = *only_;
        if (const auto code = self.may(SQLITE_IOERR_TRUNCATE); code != SQLITE_OK)
            return code;
        if (self.read_only_)
            return SQLITE_IOERR_TRUNCATE;
        if (auto* const where = of(one)->where; where != nullptr) {
            where->later.push_back({.offset = length, .bytes = {}, .cuts_to_offset = true});
            if (self.cuts_now())
                return SQLITE_IOERR_TRUNCATE;
            where->length = static_cast<std::size_t>(length);
        }
        return real(one)->pMethods->xTruncate(real(one), length);
    }
    static int sync(sqlite3_file* one, int)
    {
        auto& self = *only_;
        auto* const where = of(one)->where;
        if (where == nullptr)
            return SQLITE_OK;
        if (self.cuts_now())
            return SQLITE_IOERR_FSYNC;
        if (const auto code = self.may(SQLITE_IOERR_FSYNC, access::sync); code != SQLITE_OK) {
            self.sync_failed_ = true;
            for (auto& each : where->later)
                each.lost = true;
            return code;
        }
        std::vector<change> lost;
        for (auto& each : where->later) {
            if (each.lost)
                lost.push_back(std::move(each));
            else
                apply(where->synced, each, 0, each.bytes.size());
        }
        where->later = std::move(lost);
        where->known = true;
        // File systems keep the order of changes to names: what was removed before stays removed.
        std::erase_if(self.images_, [](const auto& each) { return each.second.deleted; });
        // The file also grows by hints, below us.
        sqlite3_int64 length = 0;
        real(one)->pMethods->xFileSize(real(one), &length);
        where->length = static_cast<std::size_t>(length);
        if (where->later.empty())
            where->synced.resize(where->length);
        return SQLITE_OK;
    }
    static int close(sqlite3_file* one) { return real(one)->pMethods->xClose(real(one)); }
    static int size(sqlite3_file* one, sqlite3_int64* bytes)
    {
        const auto code = only_->may(SQLITE_IOERR_FSTAT);
        return code != SQLITE_OK ? code : real(one)->pMethods->xFileSize(real(one), bytes);
    }
    static int control(sqlite3_file* one, int what, void* about)
    {
        return real(one)->pMethods->xFileControl(real(one), what, about);
    }
    static int lock(sqlite3_file* one, int level)
    {
        return real(one)->pMethods->xLock(real(one), level);
    }
    static int unlock(sqlite3_file* one, int level)
    {
        return real(one)->pMethods->xUnlock(real(one), level);
    }
    static int reserved(sqlite3_file* one, int* out)
    {
        return real(one)->pMethods->xCheckReservedLock(real(one), out);
    }
    static int sector_size(sqlite3_file* one)
    {
        return real(one)->pMethods->xSectorSize(real(one));
    }
    static int character(sqlite3_file* one)
    {
        return real(one)->pMethods->xDeviceCharacteristics(real(one));
    }
    static int shared_map(sqlite3_file* one, int page, int bytes, int extend, void volatile** out)
    {
        return real(one)->pMethods->xShmMap(real(one), page, bytes, extend, out);
    }
    static int shared_lock(sqlite3_file* one, int offset, int count, int flags)
    {
        return real(one)->pMethods->xShmLock(real(one), offset, count, flags);
    }
    static void shared_barrier(sqlite3_file* one) { real(one)->pMethods->xShmBarrier(real(one)); }
    static int shared_unmap(sqlite3_file* one, int remove_file)
    {
        return real(one)->pMethods->xShmUnmap(real(one), remove_file);
    }

    static const sqlite3_io_methods& methods()
    {
        static const sqlite3_io_methods all{
            2,
            close,
            read,
            write,
            truncate,
            sync,
            size,
            lock,
            unlock,
            reserved,
            control,
            sector_size,
            character,
            shared_map,
            shared_lock,
            shared_barrier,
            shared_unmap,
            nullptr,
            nullptr};
        return all;
    }

    static inline simulated_disk* only_ = nullptr;
    static inline sqlite3_vfs* base_ = nullptr;
    static inline sqlite3_vfs shim_{}; // outlives the files opened through it

    std::mt19937_64 random_;
    std::map<std::string, image> images_;
    std::size_t changes_ = 0;
    std::size_t cut_at_ = 0;
    std::atomic<bool> is_cut_ = false;
    std::optional<fault> fault_;
    std::size_t until_fault_ = 0;
    bool sync_failed_ = false;
    std::optional<std::size_t> quota_;
    std::atomic<bool> read_only_ = false;
};

} // namespace motcua::sqlite
