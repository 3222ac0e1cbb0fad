#include "descriptor.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <motcua/adapters/files/backup_archive.hpp>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

namespace motcua::files {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view sums_name = "SHA256SUMS";
constexpr std::size_t block_bytes = 64UL * 1024;
constexpr std::size_t sums_bytes = 256UL * 1024 * 1024; // some two million files
constexpr std::size_t longest_name = 1024;

void sync(const fs::path& path, int flags)
{
    const descriptor file(path, flags);
    if (::fsync(file.number()) != 0)
        fail(path);
}

class hash
{
public:
    hash() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free)
    {
        if (!context_ || EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1)
            throw std::runtime_error("SHA-256 is not available");
    }

    void add(const char* bytes, std::size_t count)
    {
        if (EVP_DigestUpdate(context_.get(), bytes, count) != 1)
            throw std::runtime_error("SHA-256 failed");
    }

    std::string hexadecimal()
    {
        constexpr std::string_view digits = "0123456789abcdef";
        std::array<unsigned char, 32> sum{};
        if (EVP_DigestFinal_ex(context_.get(), sum.data(), nullptr) != 1)
            throw std::runtime_error("SHA-256 failed");
        std::string out;
        for (const auto byte : sum) {
            out += digits[byte >> 4U];
            out += digits[byte & 15U];
        }
        return out;
    }

private:
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

using writing_archive = std::unique_ptr<struct archive, decltype(&archive_write_free)>;
using reading_archive = std::unique_ptr<struct archive, decltype(&archive_read_free)>;
using member_header = std::unique_ptr<archive_entry, decltype(&archive_entry_free)>;

void require(struct archive* of, long long status, const fs::path& file)
{
    // A warning is no success: what is written must be what is read.
    if (status == ARCHIVE_OK)
        return;
    const char* text = archive_error_string(of);
    throw std::runtime_error(
        file.string() + ": " + (text != nullptr ? text : "the archive library failed"));
}

void add_header(
    struct archive* to, const std::string& name, std::int64_t size, const fs::path& file)
{
    const member_header header(archive_entry_new(), &archive_entry_free);
    archive_entry_set_pathname_utf8(header.get(), name.c_str());
    archive_entry_set_size(header.get(), size);
    archive_entry_set_filetype(header.get(), AE_IFREG);
    archive_entry_set_perm(header.get(), 0600);
    require(to, archive_write_header(to, header.get()), file);
}

void add_bytes(struct archive* to, const char* bytes, std::size_t count, const fs::path& file)
{
    const auto written = archive_write_data(to, bytes, count);
    if (written < 0 || static_cast<std::size_t>(written) != count)
        require(to, ARCHIVE_FATAL, file);
}

// Its hash; empty if the file is gone.
std::optional<std::string>
add_member(struct archive* to, const backup_member& member, const fs::path& file)
{
    std::optional<descriptor> source;
    try {
        source.emplace(member.file, O_RDONLY);
    } catch (const std::system_error& failure) {
        if (failure.code() == std::errc::no_such_file_or_directory)
            return std::nullopt;
        throw;
    }
    struct stat state
    {
    };
    if (::fstat(source->number(), &state) != 0)
        fail(member.file);
    add_header(to, member.name, state.st_size, file);
    hash sum;
    std::array<char, block_bytes> block{};
    for (auto left = static_cast<std::size_t>(state.st_size); left > 0;) {
        const auto got = ::read(source->number(), block.data(), std::min(left, block.size()));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            fail(member.file);
        if (got == 0)
            throw std::runtime_error(member.file.string() + ": became shorter while it was read");
        const auto count = static_cast<std::size_t>(got);
        sum.add(block.data(), count);
        add_bytes(to, block.data(), count, file);
        left -= count;
    }
    return sum.hexadecimal();
}

void write_archive(
    const fs::path& file,
    const std::vector<backup_member>& members,
    const backup_progress& progress)
{
    const descriptor target(file, O_WRONLY | O_CREAT | O_EXCL);
    const writing_archive out(archive_write_new(), &archive_write_free);
    require(out.get(), archive_write_add_filter_zstd(out.get()), file);
    require(out.get(), archive_write_set_format_pax_restricted(out.get()), file);
    require(out.get(), archive_write_open_fd(out.get(), target.number()), file);
    std::string sums;
    std::size_t done = 0;
    for (const auto& member : members) {
        if (const auto sum = add_member(out.get(), member, file))
            sums += *sum + "  " + member.name + "\n";
        if (progress)
            progress(static_cast<double>(++done) / static_cast<double>(members.size()));
    }
    add_header(out.get(), std::string(sums_name), static_cast<std::int64_t>(sums.size()), file);
    add_bytes(out.get(), sums.data(), sums.size(), file);
    require(out.get(), archive_write_close(out.get()), file);
    if (::fsync(target.number()) != 0)
        fail(file);
}

bool stays_inside(const fs::path& name)
{
    return !name.empty() && name.is_relative() && name.has_filename() &&
           name.native().size() <= longest_name &&
           std::ranges::none_of(
               name, [](const fs::path& part) { return part == ".." || part == "."; });
}

void make_folders(const fs::path& root, const fs::path& relative)
{
    fs::path made = root;
    for (const auto& part : relative) {
        made /= part;
        if (::mkdir(made.c_str(), 0700) != 0 && errno != EEXIST)
            fail(made);
    }
}

void write_bytes(int number, const char* bytes, std::size_t count, const fs::path& path)
{
    while (count > 0) {
        const auto written = ::write(number, bytes, count);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            fail(path);
        bytes += written;
        count -= static_cast<std::size_t>(written);
    }
}

// Calls `take(bytes, count)` for each part of the present member.
template <class Take>
void read_member(struct archive* from, const fs::path& file, Take take)
{
    std::array<char, block_bytes> block{};
    for (;;) {
        const auto got = archive_read_data(from, block.data(), block.size());
        if (got < 0)
            require(from, got, file);
        if (got == 0)
            return;
        take(block.data(), static_cast<std::size_t>(got));
    }
}

using sums_by_name = std::map<std::string, std::string, std::less<>>;

sums_by_name parse_sums(std::string_view text, const fs::path& file)
{
    constexpr std::size_t digits = 64;
    sums_by_name out;
    while (!text.empty()) {
        const auto end = text.find('\n');
        if (end == std::string_view::npos || end < digits + 3 || text.substr(digits, 2) != "  ")
            throw std::runtime_error(file.string() + ": its list of hashes cannot be read");
        out.emplace(text.substr(digits + 2, end - digits - 2), text.substr(0, digits));
        text.remove_prefix(end + 1);
    }
    return out;
}

} // namespace

void write_backup(
    const fs::path& file,
    const std::vector<backup_member>& members,
    const backup_progress& progress)
{
    if (fs::exists(file))
        throw std::runtime_error(file.string() + ": exists already; name another file");
    auto unfinished = file;
    unfinished += ".part";
    fs::remove(unfinished); // of a backup that was stopped
    try {
        write_archive(unfinished, members, progress);
        fs::rename(unfinished, file);
    } catch (...) {
        std::error_code ignored;
        fs::remove(unfinished, ignored);
        throw;
    }
    const auto folder = file.parent_path();
    sync(folder.empty() ? fs::path(".") : folder, O_RDONLY | O_DIRECTORY);
}

void read_backup(const fs::path& file, const fs::path& into)
{
    const descriptor source(file, O_RDONLY);
    const reading_archive in(archive_read_new(), &archive_read_free);
    require(in.get(), archive_read_support_filter_zstd(in.get()), file);
    require(in.get(), archive_read_support_format_tar(in.get()), file);
    require(in.get(), archive_read_open_fd(in.get(), source.number(), block_bytes), file);
    sums_by_name found;
    std::optional<std::string> sums;
    archive_entry* entry = nullptr;
    for (;;) {
        const auto status = archive_read_next_header(in.get(), &entry);
        if (status == ARCHIVE_EOF)
            break;
        require(in.get(), status, file);
        const char* raw = archive_entry_pathname_utf8(entry);
        const std::string name = raw != nullptr ? raw : "";
        if (sums || archive_entry_filetype(entry) != AE_IFREG || !stays_inside(name))
            throw std::runtime_error(file.string() + ": holds what a backup does not hold");
        if (name == sums_name) {
            sums.emplace();
            read_member(in.get(), file, [&](const char* bytes, std::size_t count) {
                if (sums->size() + count > sums_bytes)
                    throw std::runtime_error(file.string() + ": its list of hashes is too long");
                sums->append(bytes, count);
            });
            continue;
        }
        make_folders(into, fs::path(name).parent_path());
        const auto path = into / name;
        const descriptor target(path, O_WRONLY | O_CREAT | O_EXCL);
        hash sum;
        read_member(in.get(), file, [&](const char* bytes, std::size_t count) {
            sum.add(bytes, count);
            write_bytes(target.number(), bytes, count, path);
        });
        if (::fsync(target.number()) != 0)
            fail(path);
        found.emplace(name, sum.hexadecimal());
    }
    if (!sums)
        throw std::runtime_error(file.string() + ": is cut off, or no backup");
    if (parse_sums(*sums, file) != found)
        throw std::runtime_error(file.string() + ": a hash differs: the backup is damaged");
    for (const auto& one : fs::recursive_directory_iterator(into))
        if (one.is_directory())
            sync(one.path(), O_RDONLY | O_DIRECTORY);
    sync(into, O_RDONLY | O_DIRECTORY);
}

} // namespace motcua::files
