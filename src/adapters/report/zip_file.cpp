#include <motcua/adapters/report/zip_file.hpp>
#include <zip.h>

#include <memory>
#include <stdexcept>
#include <utility>

namespace motcua::report {
namespace {

constexpr zip_int64_t most_members = 1000;
constexpr zip_uint64_t most_bytes = 16UL * 1024 * 1024;
constexpr zip_uint16_t first_day =
    (1U << 5U) | 1U; // 1980-01-01, the first day there is in a zip file

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& why)
{
    throw std::runtime_error(file.string() + ": " + why);
}

} // namespace

std::vector<zip_member> read_zip(const std::filesystem::path& file)
{
    int code = 0;
    const std::unique_ptr<zip_t, decltype(&zip_discard)> archive(
        zip_open(file.c_str(), ZIP_RDONLY, &code), &zip_discard);
    if (!archive)
        fail(file, "is not there, or no zip file");
    const auto count = zip_get_num_entries(archive.get(), 0);
    if (count > most_members)
        fail(file, "holds too many parts");
    std::vector<zip_member> members;
    for (zip_int64_t i = 0; i < count; ++i) {
        const auto index = static_cast<zip_uint64_t>(i);
        zip_stat_t about{};
        if (zip_stat_index(archive.get(), index, 0, &about) != 0)
            fail(file, "is damaged");
        if (about.size > most_bytes)
            fail(file, std::string(about.name) + " is too large");
        const std::unique_ptr<zip_file_t, decltype(&zip_fclose)> part(
            zip_fopen_index(archive.get(), index, 0), &zip_fclose);
        std::string bytes(about.size, '\0');
        if (!part || zip_fread(part.get(), bytes.data(), bytes.size()) !=
                         static_cast<zip_int64_t>(bytes.size()))
            fail(file, std::string(about.name) + " is damaged");
        members.push_back({.name = about.name, .bytes = std::move(bytes)});
    }
    return members;
}

void write_zip(const std::filesystem::path& file, const std::vector<zip_member>& members)
{
    int code = 0;
    std::unique_ptr<zip_t, decltype(&zip_discard)> archive(
        zip_open(file.c_str(), ZIP_CREATE | ZIP_EXCL, &code), &zip_discard);
    if (!archive)
        fail(file, "cannot be written");
    for (const auto& member : members) {
        // Owned by the archive once added.
        auto* source =
            zip_source_buffer(archive.get(), member.bytes.data(), member.bytes.size(), 0);
        const auto index =
            zip_file_add(archive.get(), member.name.c_str(), source, ZIP_FL_ENC_UTF_8);
        if (index < 0) {
            zip_source_free(source);
            fail(file, zip_strerror(archive.get()));
        }
        if (zip_file_set_dostime(
                archive.get(), static_cast<zip_uint64_t>(index), 0, first_day, 0) != 0)
            fail(file, zip_strerror(archive.get()));
    }
    if (zip_close(archive.get()) != 0)
        fail(file, zip_strerror(archive.get()));
    static_cast<void>(archive.release()); // zip_close has freed it
}

} // namespace motcua::report
