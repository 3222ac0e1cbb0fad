#include "core/understand/hashing.hpp"
#include "core/understand/model_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <motcua/core/understand/language_model.hpp>
#include <motcua/core/understand/noise.hpp>

#include <cstring>
#include <map>
#include <string>
#include <vector>

namespace motcua::understand {
namespace {

// Few texts per intent, as a directory of other people's data may have.
std::vector<example> three_each()
{
    return {
        {"lệ phí bao nhiêu", "fee"},
        {"làm khai sinh tốn bao nhiêu tiền", "fee"},
        {"có mất phí không ạ", "fee"},
        {"cần giấy tờ gì", "required_documents"},
        {"hồ sơ gồm những giấy tờ nào", "required_documents"},
        {"phải chuẩn bị những gì", "required_documents"},
        {"hồ sơ của em tới đâu rồi", "file_status"},
        {"tra cứu hồ sơ 000.00.04.H51-200221-0001", "file_status"},
        {"hồ sơ nộp hôm trước xong chưa", "file_status"},
        {"bao lâu thì có kết quả", "processing_time"},
        {"mất mấy ngày vậy", "processing_time"},
        {"làm căn cước bao lâu xong", "processing_time"},
        {"xin chào", "greeting"},
        {"chào ad", "greeting"},
        {"alo shop ơi", "greeting"},
        {"hôm nay trời có mưa không", std::string(out_of_scope)},
        {"tối nay đá banh mấy giờ", std::string(out_of_scope)},
        {"chỉ em nấu bún bò", std::string(out_of_scope)},
    };
}

const std::string& small_file()
{
    static const std::string file = train(three_each(), {}, {}).value();
    return file;
}

std::string best(const language_model& model, const std::string& raw)
{
    const text::normaliser words(model.words());
    return model.classify(words.normalise(raw)).front().intent;
}

// The file as if its writer had meant these bytes.
std::string with_right_checksum(std::string file)
{
    const std::uint64_t sum = checksum(std::string_view(file).substr(model_body_offset));
    std::memcpy(file.data() + model_checksum_offset, &sum, sizeof sum);
    return file;
}

TEST(Training, GivesTheSameBytesEveryTime)
{
    EXPECT_EQ(small_file(), train(three_each(), {}, {}).value());
}

TEST(Training, DependsOnTheSeed)
{
    training_options other;
    other.seed = 7;
    EXPECT_NE(small_file(), train(three_each(), {}, other).value());
}

TEST(Training, NeedsTwoIntents)
{
    EXPECT_EQ(train({}, {}, {}).error(), errc::malformed_content);
    EXPECT_EQ(train({{"xin chào", "greeting"}}, {}, {}).error(), errc::malformed_content);
}

TEST(Training, WorksWithTwoIntentsAndOneExampleEach)
{
    const std::string file =
        train({{"lệ phí bao nhiêu", "fee"}, {"xin chào anh chị", "greeting"}}, {}, {}).value();
    const auto model = language_model::load(file);
    ASSERT_TRUE(model);
    EXPECT_EQ(best(*model, "le phi bao nhieu"), "fee");
    EXPECT_EQ(best(*model, "chào anh"), "greeting");
}

TEST(Training, AcceptsTextsWithoutWords)
{
    const std::string file =
        train({{"", "nothing"}, {"?", "nothing"}, {"xin chào", "greeting"}}, {}, {}).value();
    EXPECT_TRUE(language_model::load(file));
}

TEST(Training, ReportsItsProgress)
{
    std::vector<double> shares;
    training_options options;
    options.progress = [&shares](double share) { shares.push_back(share); };
    ASSERT_TRUE(train(three_each(), {}, options));
    EXPECT_TRUE(std::is_sorted(shares.begin(), shares.end()));
    EXPECT_EQ(shares.back(), 1.0);
}

TEST(ContentHash, ChangesWithEverythingThatIsRead)
{
    const std::string hash = content_hash(three_each(), {}, 1);
    EXPECT_EQ(hash.size(), 16U);
    EXPECT_EQ(hash, content_hash(three_each(), {}, 1));
    EXPECT_NE(hash, content_hash(three_each(), {}, 2));
    auto other = three_each();
    other[3].intent = "fee";
    EXPECT_NE(hash, content_hash(other, {}, 1));
    text::lexicon words;
    words.loanwords = {"zalo"};
    EXPECT_NE(hash, content_hash(three_each(), words, 1));
}

TEST(LanguageModel, KnowsItsExamplesFromThreeEach)
{
    const auto model = language_model::load(small_file());
    ASSERT_TRUE(model);
    for (const example& one : three_each())
        EXPECT_EQ(best(*model, one.text), one.intent) << one.text;
}

TEST(LanguageModel, ReadsWhatPhonesMakeOfIt)
{
    const auto model = language_model::load(small_file());
    ASSERT_TRUE(model);
    EXPECT_EQ(best(*model, "ho so cua em toi dau roi"), "file_status");
    EXPECT_EQ(best(*model, "leej phis bao nhieeu"), "fee");
    EXPECT_EQ(best(*model, "can giay to gi z"), "required_documents");
}

TEST(LanguageModel, CarriesItsLexicon)
{
    text::lexicon words;
    words.abbreviations = {{"cccd", "căn cước công dân", {"lam", "mat"}}};
    words.loanwords = {"test"};
    words.vocabulary = {"căn cước"};
    const std::string file = train(three_each(), words, {}).value();
    const auto model = language_model::load(file);
    ASSERT_TRUE(model);
    ASSERT_EQ(model->words().abbreviations.size(), 1U);
    EXPECT_EQ(model->words().abbreviations[0].shorthand, "cccd");
    EXPECT_EQ(model->words().abbreviations[0].expansion, "căn cước công dân");
    EXPECT_THAT(model->words().abbreviations[0].context, testing::ElementsAre("lam", "mat"));
    EXPECT_THAT(model->words().loanwords, testing::ElementsAre("test"));
    EXPECT_THAT(model->words().vocabulary, testing::Contains("lệ phí bao nhiêu"));
    EXPECT_EQ(model->version(), content_hash(three_each(), words, training_options{}.seed));
    EXPECT_THAT(
        model->intents(),
        testing::ElementsAre(
            "fee",
            "file_status",
            "greeting",
            "out_of_scope",
            "processing_time",
            "required_documents"));
}

TEST(LanguageModel, GivesOrderedConfidencesThatSumToOne)
{
    const auto model = language_model::load(small_file());
    ASSERT_TRUE(model);
    const text::normaliser words(model->words());
    for (const char* raw : {"", "lệ phí", "xin chào hồ sơ", "zzz qqq", "!!!", "9"}) {
        const auto scores = model->classify(words.normalise(raw), 100);
        ASSERT_EQ(scores.size(), model->intents().size());
        double sum = 0;
        for (std::size_t i = 0; i < scores.size(); ++i) {
            EXPECT_GE(scores[i].confidence, 0);
            EXPECT_LE(scores[i].confidence, 1);
            EXPECT_LE(scores[i].confidence, scores[i == 0 ? 0 : i - 1].confidence);
            sum += scores[i].confidence;
        }
        EXPECT_LE(sum, 1.0 + 1e-9);
        EXPECT_EQ(model->classify(words.normalise(raw), 0).size(), 1U);
        EXPECT_EQ(model->classify(words.normalise(raw)).size(), 3U);
    }
}

// Words nobody knows speak for out_of_scope, as much as the file says.
TEST(LanguageModel, TakesUnknownWordsForForeign)
{
    constexpr std::size_t raise_offset = model_body_offset + 8 + 7 * sizeof(float);
    const auto raised_by = [](float raise) {
        std::string file = small_file();
        std::memcpy(&file[raise_offset], &raise, sizeof raise);
        return with_right_checksum(std::move(file));
    };
    const std::string indifferent = raised_by(0);
    const std::string wary = raised_by(100);
    const std::string nonsense = raised_by(-1);
    EXPECT_EQ(best(language_model::load(indifferent).value(), "phun xăm lệ phí bao nhiêu"), "fee");
    EXPECT_EQ(best(language_model::load(wary).value(), "phun xăm lệ phí bao nhiêu"), out_of_scope);
    EXPECT_EQ(best(language_model::load(wary).value(), "lệ phí bao nhiêu"), "fee");
    EXPECT_FALSE(language_model::load(nonsense));
}

TEST(LanguageModel, IsSureOfNothingWhereItKnowsNothing)
{
    const std::string file =
        train({{"xin chào", "greeting"}, {"lệ phí bao nhiêu", "fee"}}, {}, {}).value();
    const auto model = language_model::load(file);
    ASSERT_TRUE(model);
    const text::normaliser words(model->words());
    for (const std::string_view unknown : {"", " \t", "?!", "ngoằn ngoèo"}) {
        const auto scores = model->classify(words.normalise(unknown));
        EXPECT_EQ(scores.front().confidence, 0) << unknown;
        EXPECT_EQ(model->decide(scores), decision::none) << unknown;
    }
    EXPECT_EQ(model->classify(words.normalise("xin chào")).front().intent, "greeting");
    EXPECT_GT(model->classify(words.normalise("xin chào")).front().confidence, 0.5);
}

TEST(LanguageModel, DecidesByItsThresholds)
{
    const auto model = language_model::load(small_file());
    ASSERT_TRUE(model);
    EXPECT_EQ(model->decide({{"fee", 0.999}}), decision::answer);
    EXPECT_EQ(model->decide({{"fee", 0.001}}), decision::none);
    EXPECT_EQ(model->decide({{std::string(out_of_scope), 0.999}}), decision::none);
    EXPECT_EQ(model->decide({}), decision::none);
}

TEST(LanguageModel, RefusesEveryTruncation)
{
    for (std::size_t size = 0; size < small_file().size(); size += 97)
        EXPECT_EQ(
            language_model::load(std::string_view(small_file()).substr(0, size)).error(),
            errc::malformed_content);
    EXPECT_FALSE(language_model::load(small_file() + "x"));
}

TEST(LanguageModel, RefusesEveryFlippedByte)
{
    std::string file = small_file();
    for (std::size_t at = 0; at < file.size(); at += at < 400 ? 1 : 211) {
        file[at] = static_cast<char>(file[at] ^ 0x40);
        EXPECT_FALSE(language_model::load(file)) << at;
        file[at] = static_cast<char>(file[at] ^ 0x40);
    }
}

// A forged file has the right checksum; it may load, but nothing may break.
TEST(LanguageModel, SurvivesForgedFiles)
{
    const text::normaliser words{text::lexicon{}};
    const text::normalised message = words.normalise("lệ phí làm căn cước bao nhiêu tiền");
    const auto try_file = [&message](std::string file) {
        file = with_right_checksum(std::move(file));
        const auto model = language_model::load(file);
        if (!model)
            return;
        for (const intent_score& one : model->classify(message)) {
            EXPECT_GE(one.confidence, 0);
            EXPECT_LE(one.confidence, 1);
        }
    };
    for (const char value : {'\x00', '\x01', '\x7f', '\x80', '\xff'})
        for (std::size_t at = model_body_offset; at < small_file().size();
             at += at < 1500 ? 1 : 509) {
            std::string file = small_file();
            file[at] = value;
            try_file(std::move(file));
        }
    for (std::size_t size = model_body_offset; size < small_file().size(); size += 173)
        try_file(small_file().substr(0, size));
}

// Loading must not need aligned bytes: the caller may map the file anywhere.
TEST(LanguageModel, LoadsFromAnyAddress)
{
    for (std::size_t shift = 0; shift < 8; ++shift) {
        const std::string padded = std::string(shift, 'x') + small_file();
        const auto model = language_model::load(std::string_view(padded).substr(shift));
        ASSERT_TRUE(model);
        EXPECT_EQ(best(*model, "lệ phí bao nhiêu"), "fee");
    }
}

// Sentences from a small grammar: enough of them for calibration to mean something.
std::vector<example> grammar(std::size_t part)
{
    const std::vector<std::string> things{
        "khai sinh",
        "kết hôn",
        "khai tử",
        "căn cước",
        "hộ chiếu",
        "tạm trú",
        "thường trú",
        "sổ đỏ",
        "hộ kinh doanh",
        "giấy phép xây dựng",
        "lý lịch tư pháp",
        "bằng lái xe"};
    const std::map<std::string, std::vector<std::string>> frames{
        {"fee",
         {"lệ phí làm {} bao nhiêu",
          "{} tốn bao nhiêu tiền",
          "làm {} có mất phí không",
          "chi phí {} thế nào",
          "nộp bao nhiêu tiền khi làm {}"}},
        {"required_documents",
         {"làm {} cần giấy tờ gì",
          "hồ sơ {} gồm những gì",
          "{} phải chuẩn bị giấy nào",
          "giấy tờ để làm {}",
          "đi làm {} mang theo gì"}},
        {"processing_time",
         {"làm {} mất bao lâu",
          "{} mấy ngày có",
          "bao giờ nhận được {}",
          "thời gian giải quyết {}",
          "{} có lâu không"}},
        {"filing_place",
         {"làm {} ở đâu",
          "nộp hồ sơ {} chỗ nào",
          "đến đâu để làm {}",
          "cơ quan nào làm {}",
          "nơi nhận hồ sơ {}"}},
    };
    std::vector<example> examples;
    for (const auto& [intent, texts] : frames)
        for (std::size_t f = 0; f < texts.size(); ++f)
            for (std::size_t t = 0; t < things.size(); ++t)
                if ((f * 5 + t * 7) % 4 / 3 == part) {
                    std::string text = texts[f];
                    examples.push_back({text.replace(text.find("{}"), 2, things[t]), intent});
                }
    return examples;
}

TEST(LanguageModel, IsCalibratedOnNoisyTextsItHasNotSeen)
{
    const std::string file = train(grammar(0), {}, {}).value();
    const auto model = language_model::load(file);
    ASSERT_TRUE(model);
    const text::normaliser words(model->words());
    std::size_t count = 0;
    std::size_t right = 0;
    std::size_t answered = 0;
    std::size_t wrong = 0;
    double sum = 0;
    for (const example& one : grammar(1))
        for (const noise_kind kind : all_noise_kinds) {
            const auto scores =
                model->classify(words.normalise(add_noise(one.text, kind, 40 + count)));
            const bool is_right = scores.front().intent == one.intent;
            ++count;
            right += is_right ? 1U : 0U;
            sum += scores.front().confidence;
            if (model->decide(scores) == decision::answer) {
                ++answered;
                wrong += is_right ? 0U : 1U;
            }
        }
    const auto share = [count](std::size_t part) {
        return static_cast<double>(part) / static_cast<double>(count);
    };
    RecordProperty("accuracy", std::to_string(share(right)));
    EXPECT_GE(share(right), 0.9);
    EXPECT_NEAR(sum / static_cast<double>(count), share(right), 0.06);
    EXPECT_GE(share(answered), 0.5);
    EXPECT_LE(static_cast<double>(wrong), 0.03 * static_cast<double>(answered));
}

} // namespace
} // namespace motcua::understand
