#include <gtest/gtest.h>
#include <motcua/adapters/content/content.hpp>
#include <motcua/core/text/unicode.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

namespace motcua::content {
namespace {

std::string plain(std::string_view name)
{
    return text::lower(text::to_nfc(name));
}

// "Xã Tân Bình (thành phố Tây Ninh)" without the bracket.
std::string without_bracket(const std::string& name)
{
    auto cut = name.substr(0, name.find('('));
    while (!cut.empty() && cut.back() == ' ')
        cut.pop_back();
    return cut;
}

// data/communes.yml has every unit of the published list, and finds it by its present and its
// former names.
TEST(CommunesReference, AllUnitsArePresentAndFound)
{
    const auto file =
        std::filesystem::path(MOTCUA_SHARED_DIR) / "tthc-raw" / "tay-ninh-communes.json";
    if (!std::filesystem::exists(file))
        GTEST_SKIP() << "no reference list here";
    const std::filesystem::path source = MOTCUA_SOURCE_DIR;
    const auto read = read_knowledge(source / "intents", source / "data");
    const text::normaliser words{text::lexicon{}};
    const auto reference = nlohmann::json::parse(std::ifstream(file));
    const auto& units = reference.at("units");
    EXPECT_EQ(read.known.places.all().size(), units.size());
    for (const auto& unit : units) {
        const auto code = unit.at("gso_code").get<std::string>();
        const auto* const commune = read.known.places.by_code(code);
        ASSERT_NE(commune, nullptr) << code;
        EXPECT_EQ(plain(commune->name), plain(unit.at("new").get<std::string>()));
        const auto finds = [&](const std::string& name) {
            const auto found = read.known.places.find(words.normalise("em ở " + name));
            return std::find(found.begin(), found.end(), commune) != found.end();
        };
        EXPECT_TRUE(finds(unit.at("new").get<std::string>())) << commune->name;
        for (const auto& former : unit.at("old_units")) {
            const auto name = without_bracket(former.get<std::string>());
            // Without its kind it is a dash, or a town that stands for the district too.
            if (name.starts_with("Xã ") || name.starts_with("Phường ")) {
                EXPECT_TRUE(finds(name)) << name << " is now " << commune->name;
            }
        }
    }
}

} // namespace
} // namespace motcua::content
