#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <random>
#include <string>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace motcua::understand {
namespace {

// Processor time, milliseconds.
double run(std::string_view input)
{
    const std::vector<std::uint8_t> bytes(input.begin(), input.end());
    const auto start = std::clock();
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    return 1000.0 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

std::string repeated(std::string_view part, std::size_t characters)
{
    std::string text;
    for (std::size_t i = 0; i < characters; ++i)
        text += part;
    return text;
}

// 20 ms is the bar for an optimised build; sanitizers and debug builds take many times as long.
#ifdef MOTCUA_OPTIMISED
constexpr double bar = 20;
#else
constexpr double bar = 2000;
#endif

TEST(UnderstandFuzz, HugeInputsAreBounded)
{
    constexpr std::size_t many = 100'000;
    run("bằng lái"); // builds what is tested
    for (const std::string& part :
         {std::string("a"),
          std::string("\xCC\x81"), // a combining acute without a letter
          std::string("a\xCC\x81\xCC\xA3"),
          std::string(1, '\0'),
          std::string("\x1b"),
          std::string("\xFF"),
          std::string("mất giấy "),
          std::string("1.000001 "),
          std::string("bằng lái tạm tú "),
          std::string("\xE2\x80\x8B"),
          std::string("ấ"),
          std::string(" . , ")}) {
        auto least = run(repeated(part, many));
        for (int again = 0; again < 2 && least > bar; ++again) // a busy machine
            least = std::min(least, run(repeated(part, many)));
        EXPECT_LE(least, bar) << "repeated " << part.size() << " bytes: " << part;
    }
}

TEST(UnderstandFuzz, RandomBytesAndWordsDoNoHarm)
{
    std::mt19937 random(2026); // NOLINT(cert-msc32-c,cert-msc51-cpp): the same inputs every time
    const std::vector<std::string> words{"cấp", "lại",      "mat", "giay",     "to",     "bằng",
                                         "lái", "xe",       "k",   "1.000001", "dc",     "\xCC\x81",
                                         "tân", "xã",       "Hòa", "thành",    "ddaatj", "ho2",
                                         ",",   "\xFF\xFE", "căn", "cuoc",     "\t",     "ở"};
    for (int round = 0; round < 3000; ++round) {
        std::string text;
        const std::size_t length = random() % 24;
        for (std::size_t i = 0; i < length; ++i) {
            if (random() % 4 == 0)
                text += static_cast<char>(random() % 256);
            else
                text += words[random() % words.size()] + (random() % 3 == 0 ? "" : " ");
        }
        run(text);
    }
}

} // namespace
} // namespace motcua::understand
