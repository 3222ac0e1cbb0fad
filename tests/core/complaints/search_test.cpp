#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <motcua/core/complaints/receipt_code.hpp>
#include <motcua/core/complaints/search.hpp>
#include <motcua/core/complaints/text_rules.hpp>

#include <algorithm>

namespace motcua::complaints {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(SearchWords, AreFoldedAndOnce)
{
    EXPECT_EQ(search_words("Đất ở,  ĐẤT đai – 2026!"), "dat o dai 2026");
    EXPECT_EQ(search_words(""), "");
    EXPECT_EQ(search_words("\"*:^ 😀 “x”"), "x");
}

TEST(SearchWords, OtherScriptsBecomeLetters)
{
    const auto khmer = search_words("ភាសា ខ្មែរ");
    EXPECT_EQ(std::ranges::count(khmer, ' '), 1);
    EXPECT_TRUE(std::ranges::all_of(khmer, [](char c) { return c > 0; }));
    EXPECT_EQ(search_words(search_words("ភាសា a")), search_words("ភាសា a"));
}

TEST(SearchWords, ADossierCodeIsOneWordHoweverItIsWritten)
{
    const auto words = ' ' + search_words("Hồ sơ 000.00.04.H51-200221-0001 trễ") + ' ';
    const auto word = dossier_word("000.00.04.h51 - 200221 - 0001");
    EXPECT_NE(words.find(' ' + word + ' '), std::string::npos) << words;
    EXPECT_EQ(dossier_word(" -. "), "");
}

TEST(SearchWords, AreTotal)
{
    search_words("\xC3");
    search_words("a\xE1\xBA");
    search_words("\xF0\x9F");
    search_words(std::string("\0\xFF x", 4));
}

TEST(ParseSearch, TakesTheBoxApart)
{
    const auto found =
        parse_search("chậm Trả #Giao-thông mã:pa-2611 SĐT: 0912 345.678 hs:H15.50-1");
    EXPECT_THAT(found.words, testing::UnorderedElementsAre("cham", "tra", "hsh15501"));
    EXPECT_THAT(found.labels, ElementsAre("giaothong"));
    EXPECT_THAT(found.code_prefixes, ElementsAre("PA-2611"));
    EXPECT_EQ(found.phone, "0912345678");
    EXPECT_EQ(found.exact_code, "");
    EXPECT_EQ(label_key("Giao thông"), "giaothong");
}

TEST(ParseSearch, FindsACodeAnywhere)
{
    const auto code = make_receipt_code(std::chrono::year(2026) / 11 / 22, 7);
    auto typed = "xem pa " + code.substr(3, 6) + ' ' + code.substr(10) + " gấp";
    const auto found = parse_search(typed);
    EXPECT_EQ(found.exact_code, code);
    EXPECT_THAT(found.code_prefixes, ElementsAre(code));
    EXPECT_THAT(found.words, ElementsAre("xem", "gap"));
}

TEST(ParseSearch, WhatIsNoNumberMatchesNobody)
{
    EXPECT_EQ(parse_search("sdt:abc").phone, "");
    EXPECT_EQ(parse_search("sdt:").phone, "");
    EXPECT_EQ(parse_search("0912345678").phone, std::nullopt) << "a word like any other";
    EXPECT_THAT(parse_search("ma:261122").code_prefixes, ElementsAre("PA-261122"));
    EXPECT_THAT(parse_search("ma: # hs:").words, IsEmpty());
    EXPECT_EQ(parse_search(" \t "), search_terms{});
}

TEST(LikenessKeys, TextsThatAreAlikeShareOne)
{
    const std::string one =
        "Tôi nộp hồ sơ đất ở bộ phận một cửa đã ba tuần mà đến nay chưa có kết quả";
    const std::string other =
        "Nộp hồ sơ đất ở bộ phận một cửa đã ba tuần mà đến nay vẫn chưa có kết quả gì";
    ASSERT_GE(similarity(one, other), likely_duplicate_from);
    const auto shared = [](std::string_view left, std::string_view right) {
        auto a = likeness_keys(left);
        auto b = likeness_keys(right);
        std::ranges::sort(a);
        std::ranges::sort(b);
        std::vector<std::uint32_t> common;
        std::ranges::set_intersection(a, b, std::back_inserter(common));
        return common.size();
    };
    EXPECT_GE(shared(one, other), 1U);
    EXPECT_EQ(shared(one, "Cán bộ tiếp dân nói năng thô lỗ với người già"), 0U);
    EXPECT_EQ(shared(one, "NỘP " + one), shared("nop " + one, one));
    EXPECT_THAT(likeness_keys(" ... "), IsEmpty());
}

} // namespace
} // namespace motcua::complaints
