#include "descriptor.hpp"

#include <fcntl.h>
#include <motcua/adapters/files/attachment_directory.hpp>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

namespace motcua::files {
namespace {

namespace fs = std::filesystem;

constexpr auto unfinished = "unfinished"; // folder of files that have no name yet

void make_directory(const fs::path& path)
{
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
        fail(path);
}

void sync_directory(const fs::path& path)
{
    const descriptor folder(path, O_RDONLY | O_DIRECTORY);
    if (::fsync(folder.number()) != 0)
        fail(path);
}

void write_all(const fs::path& path, std::string_view bytes)
{
    const descriptor file(path, O_WRONLY | O_CREAT | O_TRUNC);
    while (!bytes.empty()) {
        const auto written = ::write(file.number(), bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            fail(path);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(file.number()) != 0)
        fail(path);
}

class open_file final : public app::stored_file
{
public:
    // Throws if there is no such file.
    explicit open_file(fs::path path) : path_(std::move(path)), file_(path_, O_RDONLY) {}

    std::string read(std::size_t most) override
    {
        std::string bytes(most, '\0');
        for (;;) {
            const auto count = ::read(file_.number(), bytes.data(), bytes.size());
            if (count < 0 && errno == EINTR)
                continue;
            if (count < 0)
                fail(path_);
            bytes.resize(static_cast<std::size_t>(count));
            return bytes;
        }
    }

private:
    fs::path path_;
    descriptor file_;
};

class attachment_directory final : public app::attachment_files
{
public:
    explicit attachment_directory(fs::path directory) : directory_(std::move(directory))
    {
        make_directory(directory_);
        const auto rest = directory_ / unfinished;
        std::error_code failed;
        fs::remove_all(rest, failed);
        if (failed)
            throw std::system_error(failed, rest.string());
        make_directory(rest);
    }

    std::string name_of(std::string_view content) const override
    {
        std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
        unsigned size = 0;
        if (EVP_Digest(
                content.data(), content.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
            throw std::runtime_error("SHA-256 is not available");
        constexpr std::string_view digits = "0123456789abcdef";
        std::string name;
        for (unsigned i = 0; i < size; ++i) {
            name += digits[digest.at(i) >> 4U];
            name += digits[digest.at(i) & 15U];
        }
        return name;
    }

    void put(const std::string& name, std::string_view content) override
    {
        const auto path = attachment_path(directory_, name);
        std::error_code failed;
        if (fs::file_size(path, failed) == content.size() && !failed)
            return;
        const auto unnamed = directory_ / unfinished / name;
        try {
            write_all(unnamed, content);
        } catch (...) {
            ::unlink(unnamed.c_str()); // a full disk wants its room back
            throw;
        }
        make_directory(path.parent_path());
        if (::rename(unnamed.c_str(), path.c_str()) != 0)
            fail(path);
        sync_directory(path.parent_path());
        sync_directory(directory_);
    }

    std::unique_ptr<app::stored_file> open(const std::string& name) override
    {
        try {
            return std::make_unique<open_file>(attachment_path(directory_, name));
        } catch (const std::system_error& failure) {
            if (failure.code() == std::errc::no_such_file_or_directory)
                return nullptr;
            throw;
        }
    }

    void remove(const std::string& name) override
    {
        const auto path = attachment_path(directory_, name);
        if (::unlink(path.c_str()) != 0) {
            if (errno == ENOENT)
                return;
            fail(path);
        }
        sync_directory(path.parent_path());
    }

private:
    fs::path directory_;
};

} // namespace

std::unique_ptr<app::attachment_files> open_attachment_directory(fs::path directory)
{
    return std::make_unique<attachment_directory>(std::move(directory));
}

fs::path attachment_path(const fs::path& directory, const std::string& name)
{
    return directory / name.substr(0, 2) / name.substr(2);
}

} // namespace motcua::files
