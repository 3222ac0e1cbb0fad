#include "fixtures.hpp"

#include <gtest/gtest.h>
#include <motcua/core/understand/search_fitting.hpp>

#include <array>
#include <set>

namespace motcua::understand {
namespace {

std::vector<search_trial> trials()
{
    std::vector<search_document> documents(5);
    documents[0].name = "Cấp lại thẻ căn cước";
    documents[1].name = "Cấp đổi thẻ căn cước";
    documents[2].name = "Đăng ký tạm trú";
    documents[3].name = "Gia hạn tạm trú";
    documents[4].name = "Khai báo tạm vắng";
    for (std::size_t i = 0; i < documents.size(); ++i)
        documents[i].code = "1.00000" + std::to_string(i);
    const std::vector<labelled_query> queries{
        {"a", "mất thẻ căn cước", {"1.000000"}},
        {"b", "đổi căn cước", {"1.000001"}},
        {"c", "đăng ký tạm trú", {"1.000002"}},
        {"d", "gia hạn tạm trú", {"1.000003"}},
        {"e", "tạm vắng", {"1.000004"}},
        {"f", "mua vé số ở đâu", {}}};
    const std::array<search_trial::disguise, 2> disguises{std::nullopt, noise_kind::no_marks};
    std::vector<search_trial> made;
    made.emplace_back(documents, std::vector<synonym>{}, text::lexicon{}, queries, disguises);
    return made;
}

TEST(SearchFitting, ImprovesWhatWasBadAndRepeatsItself)
{
    search_weights bad;
    bad.name_field = 0.01;
    bad.text_coverage = 0;
    bad.query_coverage = 0;
    bad.action_found = 0;
    bad.lexical = 0.01;
    auto first = trials();
    first.front().use(bad);
    const double before = first.front().ranking_quality() + first.front().score_quality();
    const auto fitted = fit_search(first, bad, {.rounds = 2, .progress = {}});
    first.front().use(fitted);
    EXPECT_GT(first.front().ranking_quality() + first.front().score_quality(), before);

    auto second = trials();
    const auto again = fit_search(second, bad, {.rounds = 2, .progress = {}});
    for (const auto& one : all_search_weights()) {
        EXPECT_EQ(fitted.*one.value, again.*one.value) << one.name;
        EXPECT_GE(fitted.*one.value, one.least) << one.name;
        EXPECT_LE(fitted.*one.value, one.most) << one.name;
    }
}

TEST(SearchFitting, MeasuresShares)
{
    const auto made = trials();
    const auto quality = made.front().measure(0);
    EXPECT_EQ(quality.queries, 5U);
    EXPECT_EQ(quality.at_1, 1.0);
    EXPECT_EQ(quality.at_5, 1.0);
    EXPECT_EQ(quality.mean_reciprocal_rank, 1.0);
    EXPECT_LE(quality.wrong, quality.answers);
}

TEST(SearchFitting, SplitsByIdAlone)
{
    int held_out = 0;
    for (int i = 0; i < 1000; ++i)
        held_out += is_held_out("c" + std::to_string(i)) ? 1 : 0;
    EXPECT_NEAR(held_out, 500, 60);
}

TEST(SearchWeights, HaveNamesAndDefaultsInRange)
{
    std::set<std::string_view> names;
    const search_weights defaults;
    for (const auto& one : all_search_weights()) {
        EXPECT_TRUE(names.insert(one.name).second) << one.name;
        EXPECT_GE(defaults.*one.value, one.least) << one.name;
        EXPECT_LE(defaults.*one.value, one.most) << one.name;
    }
    EXPECT_EQ(sizeof(search_weights), names.size() * sizeof(double)); // none forgotten
}

// Letters lost or mistaken that leave valid syllables.
class Mended : public testing::TestWithParam<std::pair<const char*, const char*>>
{
};

TEST_P(Mended, FindsWhatWasMeant)
{
    std::vector<search_document> documents(4);
    documents[0].name = "Đăng ký tạm trú";
    documents[1].name = "Đăng ký khai tử";
    documents[2].name = "Cấp giấy phép xây dựng";
    documents[3].name = "Đăng ký kết hôn";
    text::lexicon lexicon;
    for (std::size_t i = 0; i < documents.size(); ++i) {
        documents[i].code = "1.00000" + std::to_string(i);
        lexicon.vocabulary.push_back(documents[i].name);
    }
    lexicon.vocabulary.emplace_back("con tu hon dung phep xa");
    const text::normaliser words(lexicon);
    const procedure_index index(documents, {}, words);
    const auto found = index.search(words.normalise(GetParam().first));
    ASSERT_FALSE(found.hits.empty());
    EXPECT_EQ(found.hits.front().code, GetParam().second);
}

INSTANTIATE_TEST_SUITE_P(
    Table,
    Mended,
    testing::Values(
        std::pair{"dang ky tam tu", "1.000000"},
        std::pair{"giay phep xa dung", "1.000002"},
        std::pair{"dang ky ket hn", "1.000003"}));

TEST(Synonyms, MayHaveWordsInBetween)
{
    std::vector<search_document> documents(3);
    documents[0].name = "Chuyển mục đích sử dụng đất";
    documents[1].name = "Tách thửa hoặc hợp thửa đất";
    documents[2].name = "Đăng ký khai sinh";
    for (std::size_t i = 0; i < documents.size(); ++i)
        documents[i].code = "1.00000" + std::to_string(i);
    const text::normaliser words{text::lexicon{}};
    const procedure_index index(documents, {{"lên thổ cư", "chuyển mục đích", 0.9, false}}, words);
    const auto found = index.search(words.normalise("lên 100 mét thổ cư"));
    ASSERT_FALSE(found.hits.empty());
    EXPECT_EQ(found.hits.front().code, "1.000000");
}

} // namespace
} // namespace motcua::understand
