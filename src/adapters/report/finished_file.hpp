#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <system_error>

namespace motcua::report {

// A file that gets its name only once it is whole.
class finished_file
{
public:
    explicit finished_file(std::filesystem::path target)
        : target_(std::move(target)), unfinished_(target_.string() + ".part")
    {
        std::filesystem::remove(unfinished_);
    }
    ~finished_file()
    {
        std::error_code ignored;
        std::filesystem::remove(unfinished_, ignored);
    }
    finished_file(const finished_file&) = delete;
    finished_file& operator=(const finished_file&) = delete;

    const std::filesystem::path& path() const { return unfinished_; }
    void finish()
    {
        std::filesystem::permissions(
            unfinished_, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
        std::filesystem::rename(unfinished_, target_);
    }

private:
    std::filesystem::path target_;
    std::filesystem::path unfinished_;
};

} // namespace motcua::report
