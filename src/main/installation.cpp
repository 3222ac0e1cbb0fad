#include "installation.hpp"

namespace motcua {

namespace fs = std::filesystem;

std::optional<installation> installation_of(const fs::path& program)
{
    const auto folder = program.parent_path();
    const auto prefix = folder.parent_path();
    const auto share = prefix / "share" / "motcua";
    std::error_code failed;
    if (folder.filename() != "bin" || !fs::is_directory(share / "intents", failed))
        return std::nullopt;
    // What is installed below /usr is configured in /etc, everything else below its own prefix.
    const auto etc = (prefix.filename() == "usr" ? prefix.parent_path() : prefix) / "etc";
    return installation{
        .intents = share / "intents",
        .data = share / "data",
        .desk = share / "desk",
        .config = etc / "motcua" / "motcua.yml"};
}

std::optional<installation> own_installation()
{
    std::error_code failed;
    const auto program = fs::read_symlink("/proc/self/exe", failed);
    return failed ? std::nullopt : installation_of(program);
}

} // namespace motcua
