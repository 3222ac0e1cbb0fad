#include "fixtures.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <motcua/core/understand/noise.hpp>
#include <motcua/core/understand/search.hpp>
#include <motcua/core/understand/search_words.hpp>

#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

namespace motcua::understand {
namespace {

text::lexicon names_as_lexicon(const std::vector<search_document>& documents)
{
    text::lexicon words;
    words.abbreviations = {{"cccd", "căn cước công dân", {}}};
    return with_search_words(std::move(words), documents, some_synonyms());
}

struct engine
{
    text::normaliser words;
    procedure_index index;

    explicit engine(std::vector<search_document> documents)
        : words(names_as_lexicon(documents)), index(std::move(documents), some_synonyms(), words)
    {
    }

    search_result search(std::string_view raw, const search_context& context = {}) const
    {
        return index.search(words.normalise(raw), context);
    }

    std::string first(std::string_view raw, const search_context& context = {}) const
    {
        const search_result found = search(raw, context);
        return found.hits.empty() ? "" : found.hits.front().code;
    }
};

const engine& real()
{
    static const engine made(real_names());
    return made;
}

std::vector<std::string> split(const std::string& codes)
{
    std::vector<std::string> parts;
    std::istringstream cells(codes);
    for (std::string cell; std::getline(cells, cell, '|');)
        parts.push_back(cell);
    return parts;
}

struct quality
{
    std::size_t asked = 0;
    std::size_t in_first = 0;
    std::size_t in_three = 0;
    std::size_t in_five = 0;
    std::size_t answered = 0;
    std::size_t answered_wrongly = 0;
    std::size_t foreign = 0;
    std::size_t foreign_answered = 0;
};

double share(std::size_t part, std::size_t whole)
{
    return static_cast<double>(part) / static_cast<double>(std::max<std::size_t>(whole, 1));
}

// The labelled queries, each as `spoil` leaves it.
template <class Spoil>
quality measure(Spoil spoil)
{
    quality measured;
    for (const auto& row : read_fixture("search_queries.tsv")) {
        const search_result found = real().search(spoil(row.at(0)));
        if (row.at(1) == "-") {
            ++measured.foreign;
            measured.foreign_answered += found.verdict == decision::answer ? 1U : 0U;
            continue;
        }
        const std::vector<std::string> right = split(row.at(1));
        const auto at =
            std::find_if(found.hits.begin(), found.hits.end(), [&right](const hit& one) {
                return std::find(right.begin(), right.end(), one.code) != right.end();
            });
        const auto rank = at - found.hits.begin();
        const bool hit = at != found.hits.end();
        ++measured.asked;
        measured.in_first += hit && rank < 1 ? 1U : 0U;
        measured.in_three += hit && rank < 3 ? 1U : 0U;
        measured.in_five += hit && rank < 5 ? 1U : 0U;
        if (found.verdict == decision::answer) {
            ++measured.answered;
            measured.answered_wrongly += hit && rank < 1 ? 0U : 1U;
        }
    }
    std::cout << "recall at 1/3/5: " << share(measured.in_first, measured.asked) << ' '
              << share(measured.in_three, measured.asked) << ' '
              << share(measured.in_five, measured.asked) << ", answered " << measured.answered
              << ", wrongly " << measured.answered_wrongly << ", foreign answered "
              << measured.foreign_answered << " of " << measured.foreign << '\n';
    return measured;
}

TEST(Search, FindsWhatCitizensAskFor)
{
    const quality measured = measure([](const std::string& query) { return query; });
    ASSERT_GE(measured.asked, 80U);
    EXPECT_GE(share(measured.in_first, measured.asked), 0.85);
    EXPECT_GE(share(measured.in_three, measured.asked), 0.93);
    EXPECT_GE(share(measured.in_five, measured.asked), 0.95);
    EXPECT_GE(share(measured.answered, measured.asked), 0.35);
    EXPECT_LE(share(measured.answered_wrongly, measured.answered), 0.03);
    EXPECT_EQ(measured.foreign_answered, 0U);
}

TEST(Search, FindsItWithoutMarks)
{
    const quality measured =
        measure([](const std::string& query) { return add_noise(query, noise_kind::no_marks, 1); });
    EXPECT_GE(share(measured.in_first, measured.asked), 0.75);
    EXPECT_GE(share(measured.in_three, measured.asked), 0.88);
    EXPECT_LE(share(measured.answered_wrongly, measured.answered), 0.05);
    EXPECT_EQ(measured.foreign_answered, 0U);
}

TEST(Search, FindsItInSpiteOfBlendedNoise)
{
    std::uint64_t seed = 0;
    const quality measured = measure(
        [&seed](const std::string& query) { return add_noise(query, noise_kind::blend, ++seed); });
    EXPECT_GE(share(measured.in_three, measured.asked), 0.75);
    EXPECT_LE(share(measured.answered_wrongly, measured.answered), 0.05);
}

search_document named(
    std::string code,
    std::string name,
    level_hint level = level_hint::commune,
    std::vector<std::string> aliases = {})
{
    search_document one;
    one.code = std::move(code);
    one.name = std::move(name);
    one.level = level;
    one.aliases = std::move(aliases);
    return one;
}

TEST(Search, MarksThatWereTypedCountAgainstOthers)
{
    const engine small({
        named("1.000001", "Hỗ trợ gạo cho học sinh"),
        named("1.000002", "Cấp hộ chiếu phổ thông"),
        named("1.000003", "Hỗ trợ chiều dài tàu cá"),
    });
    EXPECT_EQ(small.first("hộ chiếu"), "1.000002");
    EXPECT_NE(small.first("hỗ trợ"), "1.000002");
    const search_result found = small.search("hộ trời");
    EXPECT_NE(found.verdict, decision::answer);
}

struct first_case
{
    std::string name;
    std::string query;
    std::string code;
};

void PrintTo(const first_case& one, std::ostream* out)
{
    *out << one.query;
}

class ActionWords : public testing::TestWithParam<first_case>
{
};

TEST_P(ActionWords, ChooseTheVariant)
{
    EXPECT_EQ(real().first(GetParam().query), GetParam().code);
}

INSTANTIATE_TEST_SUITE_P(
    Table,
    ActionWords,
    testing::Values(
        first_case{"Reissue", "cấp lại thẻ căn cước", "1.014064"},
        first_case{"Lost", "thẻ căn cước bị mất", "1.014064"},
        first_case{"Exchange", "đổi thẻ căn cước", "1.014063"},
        first_case{"Renew", "gia hạn tạm trú", "1.002755"},
        first_case{"Remove", "xóa đăng ký tạm trú", "1.010028"},
        first_case{"Plain", "đăng ký tạm trú", "1.004194"},
        first_case{"Terminate", "chấm dứt hộ kinh doanh", "1.001266"},
        first_case{"Suspend", "tạm ngừng hộ kinh doanh", "1.001570"},
        first_case{"Amend", "thay đổi nội dung hộ kinh doanh", "2.000720"},
        first_case{"Issue", "thành lập hộ kinh doanh", "1.001612"},
        first_case{"Extract", "trích lục khai sinh", "2.000635"}),
    [](const auto& one) { return one.param.name; });

class PlainVariants : public testing::TestWithParam<first_case>
{
};

TEST_P(PlainVariants, RankFirstUnlessTheConditionIsNamed)
{
    EXPECT_EQ(real().first(GetParam().query), GetParam().code);
}

INSTANTIATE_TEST_SUITE_P(
    Table,
    PlainVariants,
    testing::Values(
        first_case{"Plain", "đăng ký kết hôn", "1.000894"},
        first_case{"Foreign", "đăng ký kết hôn có yếu tố nước ngoài", "2.000806"},
        first_case{"Border", "đăng ký kết hôn nước ngoài ở khu vực biên giới", "1.000094"},
        first_case{"Mobile", "đăng ký kết hôn lưu động", "1.000593"},
        first_case{"PlainDeath", "đăng ký khai tử", "1.000656"},
        first_case{"Under14", "cấp thẻ căn cước cho người dưới 14 tuổi", "1.014062"},
        first_case{"ChildByAge", "con tôi 10 tuổi làm căn cước", "1.014062"},
        first_case{"BabyByAge", "bé 8 tháng tuổi làm căn cước", "1.014062"},
        first_case{"YouthByAge", "cháu 16 tuổi làm căn cước", "1.014061"}),
    [](const auto& one) { return one.param.name; });

// "thi" without marks is "thì", which only asks, or "thi", which names.
TEST(Search, UnmarkedQuestionWordsBesideTheirNeighboursInANameCount)
{
    std::vector<search_document> documents(2);
    documents[0].code = "1.000001";
    documents[0].name = "Công nhận chứng chỉ ngoại ngữ";
    documents[1].code = "1.000002";
    documents[1].name = "Đăng ký dự thi ngoại ngữ";
    const engine made(std::move(documents));
    EXPECT_EQ(made.first("thi ngoai ngu"), "1.000002");
    EXPECT_EQ(made.first("du thi ngoai ngu"), "1.000002");
    EXPECT_TRUE(made.search("thi sao").hits.empty());
}

TEST(Search, KnowsTheWordsOfQuestions)
{
    // No name has "như" or "nào"; what has a name's letters but for a slip is not mistaken for it.
    EXPECT_EQ(real().words.normalise("làm như thế nào").text, "làm như thế nào");
    EXPECT_EQ(real().words.normalise("đăng ký khia sinh").text, "đăng ký khai sinh");
}

class FrameOnly : public testing::TestWithParam<std::string>
{
};

TEST_P(FrameOnly, FindsNothing)
{
    const search_result found = real().search(GetParam());
    EXPECT_EQ(found.verdict, decision::none);
    EXPECT_TRUE(found.hits.empty()) << found.hits.front().name;
}

INSTANTIATE_TEST_SUITE_P(
    Table,
    FrameOnly,
    testing::Values(
        "cần giấy tờ gì",
        "lệ phí bao nhiêu",
        "le phi bao nhieu vay ad",
        "ở đâu",
        "mất bao lâu",
        "cho em hỏi",
        "hồ sơ gồm những gì ạ",
        "làm như thế nào",
        "bị mất thì làm lại ở đâu",
        "",
        "???",
        "😀"));

TEST(Search, ACodeHitsDirectly)
{
    const search_result found = real().search("thủ tục 1.001193 cần gì");
    ASSERT_EQ(found.hits.size(), 1U);
    EXPECT_EQ(found.hits[0].code, "1.001193");
    EXPECT_EQ(found.hits[0].score, 1.0);
    EXPECT_EQ(found.verdict, decision::answer);
}

TEST(Search, ABadlyTypedCodeIsAskedBack)
{
    const search_result found = real().search("2.00080");
    EXPECT_EQ(found.verdict, decision::ask);
    ASSERT_FALSE(found.hits.empty());
    EXPECT_THAT(
        found.hits, testing::Each(testing::Field(&hit::code, testing::StartsWith("2.0008"))));
    EXPECT_LT(found.hits[0].score, 1.0);
}

TEST(Search, TheCommuneComesBeforeTheProvince)
{
    const engine small({
        named("1.000001", "Cấp đổi thẻ căn cước (thực hiện tại cấp tỉnh)", level_hint::province),
        named("1.000002", "Cấp đổi thẻ căn cước (thực hiện tại cấp xã)", level_hint::commune),
        named("1.000003", "Đăng ký tạm trú"),
    });
    const search_result found = small.search("đổi thẻ căn cước");
    ASSERT_GE(found.hits.size(), 2U);
    EXPECT_EQ(found.hits[0].code, "1.000002");
    EXPECT_EQ(found.hits[1].code, "1.000001");
    EXPECT_EQ(found.verdict, decision::answer);
    EXPECT_EQ(small.first("đổi thẻ căn cước ở tỉnh"), "1.000001");
    EXPECT_EQ(small.first("đổi thẻ căn cước", {level_hint::province, 5}), "1.000001");
}

TEST(Search, TwoOfOneNameAreAskedBack)
{
    const engine small({
        named("1.000001", "Cấp đổi giấy chứng nhận quyền sử dụng đất"),
        named("1.000002", "Cấp đổi giấy chứng nhận quyền sử dụng đất"),
        named("1.000003", "Đăng ký tạm trú"),
    });
    EXPECT_EQ(small.search("cấp đổi giấy chứng nhận quyền sử dụng đất").verdict, decision::ask);
}

TEST(Search, CitizensComeBeforeOthersAndThePopularFirst)
{
    auto officials = named("1.000001", "Đăng ký khai thuế");
    officials.for_citizens = false;
    auto popular = named("1.000003", "Đăng ký khai hải sản");
    popular.popularity = 1000;
    const engine small({officials, named("1.000002", "Đăng ký khai đất"), popular});
    const search_result found = small.search("đăng ký khai");
    ASSERT_EQ(found.hits.size(), 3U);
    EXPECT_EQ(found.hits[2].code, "1.000001");
}

TEST(Search, AliasesHit)
{
    const engine small({
        named(
            "1.000001",
            "Thủ tục cấp Giấy xác nhận tình trạng hôn nhân",
            level_hint::commune,
            {"giấy độc thân"}),
        named("1.000002", "Thủ tục đăng ký kết hôn"),
    });
    const search_result found = small.search("xin giay doc than can gi");
    ASSERT_FALSE(found.hits.empty());
    EXPECT_EQ(found.hits[0].code, "1.000001");
    EXPECT_EQ(found.verdict, decision::answer);
}

TEST(Search, WhatIsCalledByItsWholeNameIsAnsweredBesideOthersThatSayMore)
{
    const auto pension = named(
        "1.000001", "Thực hiện trợ cấp hưu trí", level_hint::commune, {"tiền người cao tuổi"});
    const auto burial = named(
        "1.000002", "Hỗ trợ chi phí mai táng", level_hint::commune, {"tiền người cao tuổi mất"});
    const engine small({pension, burial});
    for (const auto* said : {"tiền người cao tuổi", "tien nguoi cao tuoi"}) {
        const auto found = small.search(said);
        EXPECT_EQ(found.hits.at(0).code, "1.000001");
        EXPECT_EQ(found.verdict, decision::answer) << said;
    }

    auto other = burial;
    other.aliases.emplace_back("tiền người cao tuổi");
    EXPECT_EQ(engine({pension, other}).search("tiền người cao tuổi").verdict, decision::ask);
}

TEST(Search, SynonymsGoBothWaysOnlyIfTheySay)
{
    const std::vector<search_document> documents{
        named("1.000001", "Đăng ký thường trú"), named("1.000002", "Đăng ký kết hôn")};
    const text::normaliser words(names_as_lexicon(documents));
    const auto finds = [&](const synonym& row, std::string_view query) {
        return !procedure_index(documents, {row}, words)
                    .search(words.normalise(query))
                    .hits.empty();
    };
    EXPECT_TRUE(finds({"hộ khẩu", "thường trú", 0.7, false}, "hộ khẩu"));
    EXPECT_FALSE(finds({"thường trú", "hộ khẩu", 0.7, false}, "hộ khẩu"));
    EXPECT_TRUE(finds({"thường trú", "hộ khẩu", 0.7, true}, "hộ khẩu"));
}

TEST(Search, HitsAreOrderedBoundedAndRepeatable)
{
    for (const auto& row : read_fixture("search_queries.tsv")) {
        const search_result found = real().search(row.at(0), {level_hint::none, 3});
        EXPECT_LE(found.hits.size(), 3U);
        for (std::size_t i = 0; i < found.hits.size(); ++i) {
            EXPECT_GE(found.hits[i].score, 0);
            EXPECT_LE(found.hits[i].score, 1);
            EXPECT_LE(found.hits[i].score, found.hits[i == 0 ? 0 : i - 1].score);
        }
        const search_result again = real().search(row.at(0), {level_hint::none, 3});
        ASSERT_EQ(again.hits.size(), found.hits.size());
        for (std::size_t i = 0; i < found.hits.size(); ++i)
            EXPECT_EQ(again.hits[i].code, found.hits[i].code);
    }
}

TEST(Search, AnEmptyIndexFindsNothing)
{
    const engine empty({});
    EXPECT_EQ(empty.index.size(), 0U);
    EXPECT_TRUE(empty.search("khai sinh").hits.empty());
    EXPECT_TRUE(empty.search("1.001193").hits.empty());
}

TEST(Search, AcceptsVeryLongMessages)
{
    std::string text;
    for (int i = 0; i < 2000; ++i)
        text += "khai sinh kết hôn ";
    EXPECT_LE(real().search(text).hits.size(), 5U);
}

} // namespace
} // namespace motcua::understand
