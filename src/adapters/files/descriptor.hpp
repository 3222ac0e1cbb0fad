#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace motcua::files {

// Throws what errno says. The paths are ours and hold nothing personal.
[[noreturn]] inline void fail(const std::filesystem::path& path)
{
    throw std::system_error(errno, std::generic_category(), path.string());
}

// An open file of ours (0600 when it is made), closed in the end. Throws std::system_error if it
// cannot be opened.
class descriptor
{
public:
    descriptor(const std::filesystem::path& path, int flags)
        : number_(::open(path.c_str(), flags | O_CLOEXEC, 0600))
    {
        if (number_ < 0)
            fail(path);
    }
    ~descriptor() { ::close(number_); }
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;

    int number() const { return number_; }

private:
    int number_;
};

} // namespace motcua::files
