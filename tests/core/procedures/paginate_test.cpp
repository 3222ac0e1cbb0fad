#include <gtest/gtest.h>
#include <motcua/core/procedures/rendering.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <random>

namespace motcua::procedures {
namespace {

constexpr std::string_view footer = "Mã thủ tục 1.004222 · Dữ liệu ngày 18/07/2026";
constexpr std::string_view hint = "Nhắn “xem tiếp” để đọc phần sau.";

TEST(Paginate, ShortAnswerIsOnePageWithFooter)
{
    const auto pages = paginate("Xin chào anh/chị.", footer, hint);
    ASSERT_EQ(pages.size(), 1U);
    EXPECT_EQ(pages[0], "Xin chào anh/chị.\n\n" + std::string(footer));
}

TEST(Paginate, EmptyAnswerIsStillOnePage)
{
    EXPECT_EQ(paginate("", "", hint), std::vector<std::string>{""});
    EXPECT_EQ(paginate(" \n", footer, hint), std::vector<std::string>{std::string(footer)});
}

TEST(Paginate, AnswerThatJustFitsIsNotCut)
{
    const std::string body(60, 'x');
    const auto whole = 60 + 2 + text::code_points(footer);
    EXPECT_EQ(paginate(body, footer, hint, whole + 100).size(), 1U);
    const std::string exact(400, 'x');
    EXPECT_EQ(paginate(exact, footer, hint, 402 + text::code_points(footer)).size(), 1U);
    EXPECT_EQ(paginate(exact, footer, hint, 401 + text::code_points(footer)).size(), 2U);
}

TEST(Paginate, CutsAtParagraphThenSentenceThenWord)
{
    const std::string first = "Một hai ba bốn năm sáu bảy tám chín mười.";
    EXPECT_EQ(paginate(first + "\n" + first, "", "", 60)[0], first);
    EXPECT_EQ(paginate(first + " " + first, "", "", 60)[0], first);
    const auto words = paginate("một hai ba bốn năm sáu bảy", "", "", 10);
    EXPECT_EQ(words[0], "một hai ba");
}

// Random answers of words, paragraphs and links: nothing is lost, nothing too long, no link cut.
TEST(Paginate, KeepsLimitWordsAndLinks)
{
    std::mt19937 random(20261122);
    const auto pick = [&random](int most) {
        return std::uniform_int_distribution<int>(0, most)(random);
    };
    const std::vector<std::string> words{
        "thủ", "tục", "hồ", "sơ.", "giấy;", "đăng", "ký", "nghiêng"};
    for (int round = 0; round < 300; ++round) {
        std::string answer;
        std::vector<std::string> links;
        const int count = pick(400);
        for (int i = 0; i < count; ++i) {
            if (pick(20) == 0) {
                links.push_back(
                    "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/" + std::to_string(i));
                answer += links.back();
            } else {
                answer += words[static_cast<std::size_t>(pick(7))];
            }
            answer += pick(10) == 0 ? "\n" : " ";
        }
        const auto limit = 250 + static_cast<std::size_t>(pick(500));
        const auto pages = paginate(answer, footer, hint, limit);
        std::string all;
        for (std::size_t i = 0; i < pages.size(); ++i) {
            const bool last = i + 1 == pages.size();
            EXPECT_LE(text::code_points(pages[i]), limit);
            EXPECT_TRUE(pages[i].ends_with(footer));
            EXPECT_EQ(pages[i].find(hint) == std::string::npos, last);
            auto body = pages[i].substr(0, pages[i].size() - footer.size());
            if (!last)
                body = body.substr(0, body.find(hint));
            all += body;
        }
        for (const auto& link : links)
            EXPECT_NE(all.find(link), std::string::npos);
        const auto letters = [](std::string text) {
            text.erase(
                std::remove_if(
                    text.begin(), text.end(), [](char c) { return c == ' ' || c == '\n'; }),
                text.end());
            return text;
        };
        EXPECT_EQ(letters(all), letters(answer));
    }
}

TEST(Paginate, LinkStandsWholeOnTheNextPage)
{
    const std::string link = "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/019d2bfd-3fe0-70ac";
    const auto pages = paginate("Trang:" + link + " hết rồi nhé anh chị ơi", "", "", 68);
    ASSERT_GE(pages.size(), 2U);
    EXPECT_EQ(pages[0], "Trang:");
    EXPECT_NE(pages[1].find(link), std::string::npos);
}

TEST(Paginate, TinyLimitsEndAndKeepTheLimit)
{
    for (std::size_t limit = 1; limit < 40; ++limit) {
        for (const auto& page :
             paginate("Nghiêng ngả đường xa vạn dặm, https://a.vn/b", footer, hint, limit))
            EXPECT_LE(text::code_points(page), limit);
    }
}

} // namespace
} // namespace motcua::procedures
