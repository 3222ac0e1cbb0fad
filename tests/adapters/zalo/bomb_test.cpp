#include <gtest/gtest.h>
#include <motcua/adapters/zalo/webhook.hpp>

#include <ctime>
#include <functional>
#include <ostream>
#include <string>

// Bodies as large as the listener takes, made to cost: decoded before anybody knows who sent them.
namespace motcua::zalo {
namespace {

constexpr std::size_t body_limit = 256UL * 1024;

#ifdef MOTCUA_OPTIMISED
constexpr double limit_ms = 50;
#else
constexpr double limit_ms = 1000; // only what grows faster than the body
#endif

struct bomb
{
    std::string name;
    std::string before;
    std::string part; // repeated
    std::string after;
};

// NOLINTNEXTLINE(readability-identifier-naming): GoogleTest looks for this name.
void PrintTo(const bomb& value, std::ostream* out)
{
    *out << value.name;
}

class Bomb : public ::testing::TestWithParam<bomb>
{
};

double spent_ms()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return 1e3 * static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_nsec);
}

TEST_P(Bomb, CostsLittle)
{
    const auto& of = GetParam();
    auto body = R"({"event_name":"user_send_text","timestamp":"1795140061337",)" + of.before;
    while (body.size() + of.part.size() + of.after.size() < body_limit)
        body += of.part;
    body += of.after;
    const auto begun = spent_ms();
    const auto decoded = decode_event(body);
    const bool right = decoded && verify("mac=" + std::string(64, '0'), "1", body, "1", "secret");
    EXPECT_LE(spent_ms() - begun, limit_ms);
    EXPECT_FALSE(right);
}

INSTANTIATE_TEST_SUITE_P(
    All,
    Bomb,
    ::testing::Values(
        bomb{"Deep", R"("a":)", "[", ""},
        bomb{"DeepObjects", R"("a":)", R"({"a":)", ""},
        bomb{"Wide", R"("a":[0)", ",0", "]}"},
        bomb{"WideObjects", R"("a":[{})", ",{}", "]}"},
        bomb{"LongNumbers", R"("a":[0)", "," + std::string(64, '9'), "]}"},
        bomb{"Exponents", R"("a":[0)", ",1e-300", "]}"},
        bomb{"OneNumber", R"("a":)", "9", "}"},
        bomb{"Escapes", R"("message":{"text":")", R"(\u1ea1)", R"("}})"},
        bomb{"Attachments", R"("message":{"attachments":[{})", R"(,{"payload":{}})", "]}}"},
        bomb{"ReceiptIds", R"("message":{"msg_ids":["1")", R"(,"1")", "]}}"},
        // Marks that have to be sorted, on one letter: quadratic in careless normalisers.
        bomb{"Marks", R"("message":{"text":"a)", "\xCC\x95\xCC\x96", R"("}})"},
        bomb{
            "MarksOfManyLetters", R"("message":{"text":"a)", "a\xCC\x95\xCC\x96\xCC\xA3", R"("}})"},
        bomb{"Expanding", R"("message":{"text":")", "\xEF\xB7\xBA", R"("}})"},
        bomb{"InvalidBytes", R"("message":{"text":")", "\xFF", R"("}})"},
        bomb{"Blanks", "", " ", R"("a":0})"}),
    [](const ::testing::TestParamInfo<bomb>& tested) { return tested.param.name; });

} // namespace
} // namespace motcua::zalo
