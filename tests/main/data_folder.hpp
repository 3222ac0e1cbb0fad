#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace motcua {

// A data folder like the shipped one in `target`/data, with plans of its own: name and content.
inline std::filesystem::path make_data_folder(
    const std::filesystem::path& target,
    const std::vector<std::pair<std::string, std::string>>& plans)
{
    namespace fs = std::filesystem;
    const auto data = target / "data";
    fs::create_directories(data / "plans");
    for (const auto& one : fs::directory_iterator(fs::path(MOTCUA_SOURCE_DIR) / "data"))
        if (one.path().filename() != "plans")
            fs::create_symlink(one.path(), data / one.path().filename());
    for (const auto& [name, text] : plans)
        std::ofstream(data / "plans" / name) << text;
    return data;
}

// An intents folder like the shipped one in `target`/intents, but for what is understood: a few
// sentences, so that the model is trained at once.
inline std::filesystem::path make_intents_folder(const std::filesystem::path& target)
{
    namespace fs = std::filesystem;
    const auto intents = target / "intents";
    fs::create_directories(intents / "understand");
    for (const auto& one : fs::directory_iterator(fs::path(MOTCUA_SOURCE_DIR) / "intents"))
        if (one.path().filename() != "understand" && one.path().filename() != "out_of_scope.yml")
            fs::create_symlink(one.path(), intents / one.path().filename());
    std::ofstream(intents / "understand/greeting.yml")
        << "intent: greeting\nexamples: [xin chào, chào anh chị, chào bạn, dạ chào]\n";
    std::ofstream(intents / "understand/fee.yml")
        << "intent: fee\nexamples: [lệ phí bao nhiêu, hết bao nhiêu tiền, có tốn phí không]\n";
    std::ofstream(intents / "out_of_scope.yml")
        << "intent: out_of_scope\nexamples: [mai có mưa không, tối nay có bóng đá, gà rán ngon]\n";
    return intents;
}

inline std::string text_of(const std::filesystem::path& file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace motcua
