#pragma once

#include <motcua/adapters/sqlite/database.hpp>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace motcua::sqlite {

// A folder that goes with the object.
class temporary_folder
{
public:
    temporary_folder()
    {
        auto name = (std::filesystem::temp_directory_path() / "motcua-sqlite-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr)
            throw std::runtime_error("cannot make a temporary folder");
        path_ = name;
    }
    ~temporary_folder() { std::filesystem::remove_all(path_); }
    temporary_folder(const temporary_folder&) = delete;
    temporary_folder& operator=(const temporary_folder&) = delete;

    std::filesystem::path file() const { return path_ / "motcua.db"; }

private:
    std::filesystem::path path_;
};

} // namespace motcua::sqlite
