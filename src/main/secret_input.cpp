#include "secret_input.hpp"

#include "configuration.hpp"

#include <termios.h>
#include <unistd.h>

#include <fstream>
#include <iostream>

namespace motcua {
namespace {

// Nothing typed is shown while it lives.
class echo_off
{
public:
    echo_off()
    {
        changed_ = ::tcgetattr(STDIN_FILENO, &before_) == 0;
        auto quiet = before_;
        quiet.c_lflag &= ~static_cast<::tcflag_t>(ECHO);
        changed_ = changed_ && ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
    }
    ~echo_off()
    {
        if (changed_)
            ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    }
    echo_off(const echo_off&) = delete;
    echo_off& operator=(const echo_off&) = delete;

private:
    ::termios before_{};
    bool changed_ = false;
};

} // namespace

bool is_typed()
{
    return ::isatty(STDIN_FILENO) == 1;
}

std::string read_secret(const std::filesystem::path& file, const std::string& prompt)
{
    std::string line;
    if (!file.empty()) {
        std::ifstream in(file);
        if (!std::getline(in, line))
            throw configuration_error(file.string() + ": cannot be read, or is empty");
    } else if (is_typed()) {
        std::cerr << prompt << " (not shown): " << std::flush;
        const echo_off hidden;
        std::getline(std::cin, line);
        std::cerr << '\n';
    } else {
        std::getline(std::cin, line);
    }
    while (line.ends_with('\r') || line.ends_with(' '))
        line.pop_back();
    return line;
}

} // namespace motcua
