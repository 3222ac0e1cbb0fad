#include <gtest/gtest.h>
#include <motcua/core/text/unicode.hpp>
#include <motcua/core/understand/noise.hpp>

#include <set>
#include <string>

namespace motcua::understand {
namespace {

const std::string sentence = "Cho em hỏi đăng ký khai sinh cho bé cần giấy tờ gì ạ";

struct noise_case
{
    noise_kind kind;
    std::string name;
};

void PrintTo(const noise_case& one, std::ostream* out)
{
    *out << one.name;
}

std::vector<noise_case> all_cases()
{
    std::vector<noise_case> cases;
    for (const noise_kind kind : all_noise_kinds)
        cases.push_back({kind, std::string(name(kind))});
    return cases;
}

class EveryNoise : public testing::TestWithParam<noise_case>
{
};

TEST_P(EveryNoise, IsTheSameForTheSameSeed)
{
    for (std::uint64_t seed = 0; seed < 50; ++seed)
        EXPECT_EQ(
            add_noise(sentence, GetParam().kind, seed), add_noise(sentence, GetParam().kind, seed));
}

TEST_P(EveryNoise, ChangesTheText)
{
    std::set<std::string> seen;
    for (std::uint64_t seed = 0; seed < 50; ++seed)
        seen.insert(add_noise(sentence, GetParam().kind, seed));
    seen.erase(text::lower(sentence));
    EXPECT_FALSE(seen.empty());
}

TEST_P(EveryNoise, KeepsWordsWithDigits)
{
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        const std::string noisy =
            add_noise("hồ sơ 000.00.04.H51-200221-0001", GetParam().kind, seed);
        EXPECT_NE(noisy.find("000.00.04.h51-200221-0001"), std::string::npos) << noisy;
    }
}

TEST_P(EveryNoise, GivesValidUtf8OfAnyLength)
{
    for (const std::string text : {"", " ", "ạ", "đ", "?!", "😀 ơi"})
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            const std::string noisy = add_noise(text, GetParam().kind, seed);
            EXPECT_EQ(text::to_nfc(noisy).find("\xEF\xBF\xBD"), std::string::npos) << noisy;
        }
}

INSTANTIATE_TEST_SUITE_P(Kinds, EveryNoise, testing::ValuesIn(all_cases()), [](const auto& one) {
    return one.param.name;
});

// The seeds' bytes are part of the model file's determinism: a change here changes every model.
TEST(Noise, DoesWhatItsNameSays)
{
    EXPECT_EQ(add_noise("Đăng ký", noise_kind::no_marks, 1), "dang ky");
    EXPECT_EQ(add_noise("đất", noise_kind::telex, 1), "ddaast");
    EXPECT_EQ(add_noise("đất", noise_kind::vni, 1), "d9a61t");
    EXPECT_EQ(add_noise("giấy tờ", noise_kind::missing_blanks, 7), "giấytờ");
    EXPECT_NE(add_noise(sentence, noise_kind::typos, 1), add_noise(sentence, noise_kind::typos, 2));
}

} // namespace
} // namespace motcua::understand
