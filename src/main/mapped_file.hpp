#pragma once

#include <filesystem>
#include <string_view>

namespace motcua {

// A file mapped read-only for as long as the object lives. Throws std::system_error naming the
// file.
class mapped_file
{
public:
    explicit mapped_file(const std::filesystem::path& file);
    ~mapped_file();
    mapped_file(mapped_file&& other) noexcept;
    mapped_file(const mapped_file&) = delete;
    mapped_file& operator=(const mapped_file&) = delete;
    mapped_file& operator=(mapped_file&&) = delete;

    std::string_view bytes() const { return {data_, size_}; }

private:
    const char* data_ = nullptr;
    std::size_t size_ = 0;
};

// Writes the bytes beside the file, syncs and renames, so that a reader sees all or nothing. Mode
// 0600. Throws std::system_error naming the file.
void write_whole_file(const std::filesystem::path& file, std::string_view bytes);

} // namespace motcua
