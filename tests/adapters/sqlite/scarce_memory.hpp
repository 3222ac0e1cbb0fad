#pragma once

#include <sqlite3.h>

#include <cstddef>

namespace motcua::sqlite {

// While it lives, one of SQLite's requests for memory can be refused. One at a time, one thread; no
// connection is open when it begins or ends.
class scarce_memory
{
public:
    scarce_memory()
    {
        sqlite3_shutdown();
        sqlite3_config(SQLITE_CONFIG_GETMALLOC, &base_);
        auto methods = base_;
        methods.xMalloc = allocate;
        methods.xRealloc = reallocate;
        sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
        sqlite3_initialize();
        left_ = 0;
    }
    ~scarce_memory()
    {
        sqlite3_shutdown();
        sqlite3_config(SQLITE_CONFIG_MALLOC, &base_);
        sqlite3_initialize();
    }
    scarce_memory(const scarce_memory&) = delete;
    scarce_memory& operator=(const scarce_memory&) = delete;

    // The n-th request from now; 0: none.
    void refuse(std::size_t request)
    {
        left_ = request;
        refused_ = false;
    }
    bool has_refused() const { return refused_; }

private:
    static bool refuses()
    {
        const bool now = left_ > 0 && --left_ == 0;
        refused_ = refused_ || now;
        return now;
    }
    static void* allocate(int bytes) { return refuses() ? nullptr : base_.xMalloc(bytes); }
    static void* reallocate(void* was, int bytes)
    {
        return refuses() ? nullptr : base_.xRealloc(was, bytes);
    }

    static inline sqlite3_mem_methods base_{};
    static inline std::size_t left_ = 0;
    static inline bool refused_ = false;
};

} // namespace motcua::sqlite
