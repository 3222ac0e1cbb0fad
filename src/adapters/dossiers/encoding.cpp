#include <iconv.h>
#include <motcua/adapters/dossiers/encoding.hpp>

#include <array>
#include <cerrno>

namespace motcua::dossier_files {
namespace {

class converter
{
public:
    explicit converter(const std::string& from) : handle_(::iconv_open("UTF-8", from.c_str())) {}
    ~converter()
    {
        if (is_known())
            ::iconv_close(handle_);
    }
    converter(const converter&) = delete;
    converter& operator=(const converter&) = delete;

    // iconv's own sign of failure.
    bool is_known() const { return reinterpret_cast<std::intptr_t>(handle_) != -1; }

    std::optional<std::string> convert(std::string_view bytes)
    {
        constexpr std::size_t piece = 64UL * 1024;
        std::string text;
        std::string room(piece, '\0');
        // iconv takes a pointer to what it does not change (POSIX).
        char* from = const_cast<char*>(bytes.data());
        std::size_t left = bytes.size();
        bool flushed = false;
        while (!flushed) {
            flushed = left == 0;
            char* to = room.data();
            std::size_t free = room.size();
            const auto end =
                ::iconv(handle_, flushed ? nullptr : &from, flushed ? nullptr : &left, &to, &free);
            text.append(room, 0, room.size() - free);
            if (end == static_cast<std::size_t>(-1) && errno != E2BIG)
                return std::nullopt;
        }
        return text;
    }

private:
    iconv_t handle_;
};

} // namespace

std::optional<std::string> to_utf8(std::string_view bytes, const std::string& encoding)
{
    struct mark
    {
        std::string_view bytes;
        const char* encoding;
    };
    static constexpr std::array marks{
        mark{"\xEF\xBB\xBF", "UTF-8"}, mark{"\xFF\xFE", "UTF-16LE"}, mark{"\xFE\xFF", "UTF-16BE"}};
    std::string from = encoding;
    for (const auto& one : marks) {
        if (bytes.starts_with(one.bytes)) {
            from = one.encoding;
            bytes.remove_prefix(one.bytes.size());
            break;
        }
    }
    converter read(from);
    return read.is_known() ? read.convert(bytes) : std::nullopt;
}

} // namespace motcua::dossier_files
