#include "mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>
#include <utility>

namespace motcua {
namespace {

[[noreturn]] void fail(const std::filesystem::path& file)
{
    throw std::system_error(errno, std::generic_category(), file.string());
}

class descriptor
{
public:
    descriptor(const std::filesystem::path& file, int flags)
        : value_(::open(file.c_str(), flags | O_CLOEXEC, 0600))
    {
        if (value_ < 0)
            fail(file);
    }
    ~descriptor() { ::close(value_); }
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    int get() const { return value_; }

private:
    int value_;
};

} // namespace

mapped_file::mapped_file(const std::filesystem::path& file)
{
    const descriptor opened(file, O_RDONLY);
    struct ::stat status = {};
    if (::fstat(opened.get(), &status) != 0)
        fail(file);
    size_ = static_cast<std::size_t>(status.st_size);
    if (size_ == 0)
        return;
    void* const at = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, opened.get(), 0);
    if (at == MAP_FAILED)
        fail(file);
    data_ = static_cast<const char*>(at);
}

mapped_file::mapped_file(mapped_file&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0))
{
}

mapped_file::~mapped_file()
{
    if (data_ != nullptr)
        ::munmap(const_cast<char*>(data_), size_);
}

void write_whole_file(const std::filesystem::path& file, std::string_view bytes)
{
    auto part = file;
    part += ".part" + std::to_string(::getpid()); // another process may write the same file
    {
        const descriptor opened(part, O_WRONLY | O_CREAT | O_TRUNC);
        while (!bytes.empty()) {
            const auto written = ::write(opened.get(), bytes.data(), bytes.size());
            if (written < 0 && errno != EINTR)
                fail(part);
            if (written > 0)
                bytes.remove_prefix(static_cast<std::size_t>(written));
        }
        if (::fsync(opened.get()) != 0)
            fail(part);
    }
    if (std::rename(part.c_str(), file.c_str()) != 0)
        fail(file);
}

} // namespace motcua
