#include "all_syllables.hpp"
#include "own_lexicon.hpp"

#include <gtest/gtest.h>
#include <motcua/core/text/normaliser.hpp>
#include <motcua/core/text/syllables.hpp>
#include <motcua/core/text/unicode.hpp>

#include <ctime>
#include <random>
#include <set>

namespace {

using namespace motcua::text;

const normaliser& own()
{
    static const normaliser built(own_lexicon());
    return built;
}

// With a small vocabulary, so that spelling is corrected.
const normaliser& own_with_vocabulary()
{
    static const normaliser built = [] {
        lexicon words = own_lexicon();
        words.vocabulary = {
            "đăng ký khai sinh",
            "giấy khai sinh cần những gì",
            "thủ tục đăng ký kết hôn",
            "cấp lại thẻ căn cước công dân",
            "đăng ký thường trú ở đâu",
            "hồ sơ của tôi tới đâu rồi",
            "giấy chứng nhận quyền sử dụng đất",
        };
        return normaliser(std::move(words));
    }();
    return built;
}

struct message_case
{
    const char* name;
    const char* raw;
    const char* text;
};

const auto case_name = [](const auto& info) { return std::string(info.param.name); };

class Messages : public testing::TestWithParam<message_case>
{
};

TEST_P(Messages, AreNormalised)
{
    const normalised once = own_with_vocabulary().normalise(GetParam().raw);
    EXPECT_EQ(once.text, GetParam().text);
    EXPECT_EQ(once.folded, fold(once.text));
    EXPECT_EQ(own_with_vocabulary().normalise(once.text).text, once.text);
}

INSTANTIATE_TEST_SUITE_P(
    Form,
    Messages,
    testing::Values(
        message_case{"Empty", "", ""},
        message_case{"Case", "ĐĂNG KÝ Khai Sinh", "đăng ký khai sinh"},
        message_case{"Decomposed", "Khai sinh e\u0302\u0301ch", "khai sinh ếch"},
        message_case{"Punctuation", "Alo!!! có ai không??? 😀😀", "alo có ai không"},
        message_case{"TonePlace", "Hoà Thuỷ", "hòa thủy"},
        message_case{"ZeroWidth", "kh\u200Bai sinh", "khai sinh"},
        message_case{"Repeats", "đâuuuuu ạạạạ", "đâu ạ"},
        message_case{"RepeatsOfAWord", "okkkk", "okk"},
        message_case{"DoubleLetter", "anh chịi ơii", "anh chị ơi"},
        message_case{"Digits", "to5 khu3 so10 1000000 a1 b2", "to5 khu3 so10 1000000 a1 b2"},
        message_case{"Placeholders", "gọi 0901.234.567 nhé", "gọi <phone> nhé"},
        message_case{"BecomesASlot", "hum wa", "<date>"}),
    case_name);

INSTANTIATE_TEST_SUITE_P(
    Abbreviations,
    Messages,
    testing::Values(
        message_case{"CitizenId", "lam cccd o dau z", "lam căn cước công dân o dau vậy"},
        message_case{"WithAndWithoutMarks", "đc dc", "được được"},
        message_case{"DossierAndMe", "hs cua t toi dau roi", "hồ sơ cua tôi toi dau roi"},
        message_case{
            "Marked", "em mún làm lại sổ hộ khẩu bị mất ạ", "em muốn làm lại sổ hộ khẩu bị mất ạ"},
        message_case{"Slash", "a/c cho hoi", "anh chị cho hoi"},
        message_case{"HouseholdByContext", "nhap hk", "nhap hộ khẩu"},
        message_case{"NotByContext", "hk biet", "không biet"},
        message_case{"MarkedSyllableStays", "tôi bố rồi", "tôi bố rồi"},
        message_case{"MoneyStays", "phi 50 k", "phi 50 k"},
        message_case{"OtherMarks", "ttức lắm", "tức lắm"},
        message_case{"Long", "xin gcn qsdđ", "xin giấy chứng nhận quyền sử dụng đất"}),
    case_name);

INSTANTIATE_TEST_SUITE_P(
    Keys,
    Messages,
    testing::Values(
        message_case{"Telex", "ddaatj ten cho con", "đật ten cho con"},
        message_case{"TelexMessage", "ddawng kys khai sinh owr ddaau", "đăng ký khai sinh ở đâu"},
        message_case{"Vni", "d9a8ng ky1 khai sinh", "đăng ký khai sinh"},
        message_case{"ShortVni", "o73 ca1 la2", "ở cá là"},
        message_case{"NumberedAmongVni", "d9a61t to5", "đất tọ"},
        message_case{"FoldedStays", "dang ky khai sinh", "dang ky khai sinh"},
        message_case{"LoanwordsStay", "test zalo post taxi", "test zalo post taxi"},
        message_case{"DoubtfulAlone", "max vung", "max vung"},
        message_case{"DoubtfulAmongKeys", "max hoof sow", "mã hồ sơ"},
        message_case{"CommonKeysOfARareSyllable", "coong ty", "công ty"}),
    case_name);

INSTANTIATE_TEST_SUITE_P(
    Spelling,
    Messages,
    testing::Values(
        // slips that leave a syllable, where it does not fit its neighbours
        message_case{"Swapped", "dang ky khia sinh", "dang ky khai sinh"},
        message_case{"LostLetter", "đăng ký thườn trú", "đăng ký thường trú"},
        message_case{"WrongKey", "cấp lại thẻ cân cước", "cấp lại thẻ cân cước"}, // marks alone
        message_case{"SyllableThatFits", "giấy khai sinh", "giấy khai sinh"},
        message_case{"MarksOfNoSyllable", "tôi có đợc cấp lại", "tôi có đợc cấp lại"},
        message_case{"OneLetter", "dang ky khaii sinhh", "dang ky khai sinh"},
        message_case{"Wrong", "khai sihn can giayy", "khai sinh can giay"},
        message_case{"Unknown", "thuongf tru", "thuong tru"},
        message_case{"Transposed", "dnag ky thuogn tru", "dang ky thuong tru"},
        message_case{"BouncedKeyBesideASlip", "khai aiinh", "khai sinh"},
        message_case{"Marked", "đnăg ký", "đăng ký"},
        message_case{"Split", "dangkykhaisinh", "dang ky khai sinh"},
        message_case{"SplitAtLoanwords", "vneidlogin zalofacebook", "vneid login zalo facebook"},
        message_case{"SplitKeepsTypedMarks", "thườngtrú", "thường trú"},
        message_case{"Joined", "dang k y kh ai sinh", "dang ky khai sinh"},
        message_case{"StrangersStay", "blockchain metaverse", "blockchain metaverse"},
        message_case{"ShortStrangersStay", "xyz", "xyz"}),
    case_name);

TEST(Normaliser, WithoutVocabularyCorrectsNothing)
{
    EXPECT_EQ(own().normalise("thuogn dnag khaisinhh").text, "thuogn dnag khaisinhh");
}

TEST(Normaliser, TokensPointIntoTheRawText)
{
    const std::string raw = "  Lam CCCD, o\u0309 đâu";
    const normalised found = own().normalise(raw);
    ASSERT_EQ(found.text, "lam căn cước công dân ỏ đâu");
    const auto source = [&raw](const token& one) {
        return raw.substr(one.raw_begin, one.raw_end - one.raw_begin);
    };
    EXPECT_EQ(source(found.tokens[0]), "Lam");
    EXPECT_EQ(source(found.tokens[1]), "CCCD");
    EXPECT_EQ(source(found.tokens[4]), "CCCD");
    EXPECT_EQ(source(found.tokens[5]), "o\u0309");
    EXPECT_EQ(source(found.tokens[6]), "đâu");
    EXPECT_FALSE(found.tokens[0].marked);
    EXPECT_FALSE(found.tokens[1].marked); // the expansion's marks are not the citizen's
    EXPECT_TRUE(found.tokens[5].marked);
}

TEST(Normaliser, KeyedMarksAreTheCitizens)
{
    const normalised found = own().normalise("ddaats dat");
    EXPECT_TRUE(found.tokens[0].marked);
    EXPECT_FALSE(found.tokens[1].marked);
}

TEST(Normaliser, SlotsPointIntoTheNfcText)
{
    const std::string raw = "go\u0323i 0901234567";
    const normalised found = own().normalise(raw);
    ASSERT_EQ(found.slots.size(), 1U);
    const std::string nfc = to_nfc(raw);
    EXPECT_EQ(
        nfc.substr(found.slots[0].begin, found.slots[0].end - found.slots[0].begin), "0901234567");
    ASSERT_EQ(found.tokens.size(), 2U);
    EXPECT_TRUE(found.tokens[1].placeholder);
    EXPECT_EQ(raw.substr(found.tokens[1].raw_begin), "0901234567");
}

TEST(Normaliser, PrefersASlipThatFitsItsNeighbourToARunOfStrangers)
{
    lexicon words{.abbreviations = {{"hc", "hành chính", {}}}, .vocabulary = {"dịch vụ công"}};
    words.vocabulary.insert(words.vocabulary.end(), 40, "di dời");
    const normaliser built(std::move(words));
    EXPECT_EQ(built.normalise("dihc vu").text, "dich vu");
    EXPECT_EQ(built.normalise("dihc").text, "di hành chính");
}

// Has read each of these so often.
normaliser knowing(std::size_t times, const std::vector<std::string>& texts)
{
    lexicon words = own_lexicon();
    for (std::size_t time = 0; time < times; ++time)
        words.vocabulary.insert(words.vocabulary.end(), texts.begin(), texts.end());
    return normaliser(std::move(words));
}

// Words as they stand, but others fit far better.
TEST(Normaliser, CorrectsWordsByTheTwoBeforeThem)
{
    // After "sổ" both are known, after "cấp lại sổ" only one is.
    const auto built =
        knowing(12, {"cấp lại sổ đỏ", "nhận số to", "nhận số to", "cháy to quá", "làm sổ đỏ"});
    EXPECT_EQ(built.normalise("cap lai so o").folded, "cap lai so do");
    EXPECT_EQ(built.normalise("cap lai so fo").folded, "cap lai so do");
    EXPECT_EQ(built.normalise("nhan so to").folded, "nhan so to");
}

TEST(Normaliser, MarksThatNoUseOfAWordHasSpeakAgainstIt)
{
    const auto built = knowing(5, {"giấy khai sinh", "khai báo gãy cây", "làm giấy gì"});
    EXPECT_EQ(built.normalise("gấy khai sinh").text, "giấy khai sinh");
    EXPECT_EQ(built.normalise("khai báo gãy cây").text, "khai báo gãy cây");
}

TEST(Normaliser, PartsRunsAtWordsOfOneLetter)
{
    EXPECT_EQ(
        own_with_vocabulary().normalise("đăng ký thường trú ởđâu").text,
        "đăng ký thường trú ở đâu");
    EXPECT_EQ(own_with_vocabulary().normalise("thuong truodau").folded, "thuong tru o dau");
}

// "vướng" and "dây" are nowhere in the vocabulary.
TEST(Normaliser, PartsRunsAtMarkedSyllablesNobodyKnows)
{
    EXPECT_EQ(own_with_vocabulary().normalise("vướngdây điện").text, "vướng dây điện");
    EXPECT_EQ(own_with_vocabulary().normalise("vuongday").folded, "vuongday");
}

TEST(Normaliser, CommonPhrasesPartRunsButCorrectNothing)
{
    const normaliser built(lexicon{.common_phrases = {"đăng ký khai sinh"}});
    EXPECT_EQ(built.normalise("dangkykhaisinh khia sinh").text, "dang ky khai sinh khia sinh");
    EXPECT_EQ(normaliser(lexicon{}).normalise("dangkykhaisinh").text, "dangkykhaisinh");
}

// "lost" would be the keys of "lót".
TEST(Normaliser, TakesNoWordOfItsVocabularyForKeystrokes)
{
    const normaliser english(lexicon{.vocabulary = {"my card was lost"}});
    EXPECT_EQ(english.normalise("card lost").text, "card lost");
    EXPECT_EQ(normaliser(lexicon{}).normalise("lost").text, "lót");
}

TEST(Normaliser, TellsWordsFromKeysHitAtRandom)
{
    for (const char* const words :
         {"",
          "đăng ký khai sinh",
          "dang ky khai sinh o dau",
          "ddawng kys khai sinh",
          "dangkykhaisinh",
          "chàoooo ạaaa",
          "cccd lam o dau",
          "gọi 0912345678 giùm 24 giờ"})
        EXPECT_EQ(own_with_vocabulary().normalise(words).legible_share, 1.0) << words;
    for (const char* const keys : {"asdkjh qwe zxc", "fghfgh", "qwrtp zxcvb 12", "ффф ыыы"})
        EXPECT_LT(own_with_vocabulary().normalise(keys).legible_share, 0.5) << keys;
    EXPECT_GE(own_with_vocabulary().normalise("dnag ky khai sihn").legible_share, 0.5);
}

TEST(Normaliser, OfficialTextsAreOnlyTokenised)
{
    const normalised found =
        own_with_vocabulary().normalise_official("Thủ tục cấp GCN, UBND Hoà Thành (khia sinh)");
    EXPECT_EQ(found.text, "thủ tục cấp gcn ubnd hòa thành khia sinh");
    EXPECT_EQ(found.folded, "thu tuc cap gcn ubnd hoa thanh khia sinh");
}

TEST(Normaliser, IgnoresWhatIsBeyondTheLimit)
{
    std::string raw;
    for (int at = 0; at < 5000; ++at)
        raw += "ơ ";
    EXPECT_EQ(own().normalise(raw).tokens.size(), 2000U);
}

// 100,000 bytes of whatever costs most; 20 ms are promised for normaliser and classifier together
// (CPU time of the best of three, several times that where sanitizers or no optimisation slow it).
TEST(Normaliser, TakesLongTextsQuickly)
{
#ifdef MOTCUA_OPTIMISED
    constexpr double limit_ms = 20;
#else
    constexpr double limit_ms = 400;
#endif
    constexpr std::size_t size = 100'000;
    std::mt19937 random(3);
    std::vector<std::string> texts;
    for (const std::string part :
         {"a",
          "a ",
          "khaisinh",
          "khaisinhkhaisinhkhaisinhkhaisinhkhaisinhkhaisinhkhaisinhkhaisin ",
          "\u0301",
          "a\u0301\u0323\u031B",
          "\x01\x02",
          "\xFF",
          "0123456789",
          "1.",
          "www.",
          "http://a.b",
          "thuogn ktah xuaytn ",
          "qwrtypsdfghjklzx ",
          "nguwowif ",
          "k h s t m ",
          "\u1100\u1161",
          "<phone>",
          "000.00.04.H51-"}) {
        std::string& text = texts.emplace_back();
        while (text.size() < size)
            text += part;
    }
    texts.emplace_back(size, '\0');
    for (const unsigned blank_every : {2U, 8U, 14U, 1000U}) {
        std::string& text = texts.emplace_back();
        while (text.size() < size)
            text += random() % blank_every == 0 ? ' ' : static_cast<char>('a' + random() % 26);
    }
    std::string& bytes = texts.emplace_back();
    while (bytes.size() < size)
        bytes += static_cast<char>(random() % 256);
    for (const std::string& text : texts) {
        double best_ms = limit_ms * 10;
        for (int round = 0; round < 3; ++round) {
            const std::clock_t begin = std::clock();
            const normalised found = own_with_vocabulary().normalise(text);
            const std::clock_t taken = std::clock() - begin;
            EXPECT_LE(found.tokens.size(), 4000U * 2);
            best_ms = std::min(best_ms, 1000.0 * static_cast<double>(taken) / CLOCKS_PER_SEC);
        }
        EXPECT_LE(best_ms, limit_ms) << text.substr(0, 40);
    }
}

TEST(Normaliser, LeavesTextsOfUnknownWordsAlone)
{
    std::string raw;
    for (int word = 0; word < 200; ++word)
        raw += "dnag thuogn ";
    EXPECT_EQ(own_with_vocabulary().normalise(raw).tokens[1].text, "thuogn");
    EXPECT_EQ(own_with_vocabulary().normalise("dnag ky thuogn tru").text, "dang ky thuong tru");
}

TEST(OwnLexicon, IsLargeAndClean)
{
    const lexicon words = own_lexicon();
    EXPECT_GE(words.abbreviations.size(), 300U);
    EXPECT_GE(words.loanwords.size(), 300U);
    std::set<std::string> seen;
    for (const std::string& word : words.loanwords) {
        EXPECT_EQ(word, fold(word));
        EXPECT_TRUE(seen.insert(word).second) << word;
    }
    std::set<std::string> rows;
    for (const abbreviation& one : words.abbreviations) {
        EXPECT_TRUE(is_nfc(one.shorthand)) << one.shorthand;
        EXPECT_TRUE(is_nfc(one.expansion)) << one.expansion;
        EXPECT_EQ(one.shorthand, lower(one.shorthand));
        EXPECT_TRUE(
            rows.insert(one.shorthand + "|" + one.expansion + (one.context.empty() ? "" : "+"))
                .second)
            << one.shorthand;
        // An expansion stays as it is, or becomes a slot ("hôm qua").
        const std::string expanded = own().normalise(one.expansion).text;
        EXPECT_TRUE(expanded == one.expansion || expanded.starts_with("<")) << one.shorthand;
        // A folded syllable means many things: only its neighbours can tell.
        const bool doubtful = is_folded_syllable(one.shorthand);
        EXPECT_FALSE(doubtful && one.context.empty()) << one.shorthand;
        const std::string once = own().normalise(one.shorthand).text;
        EXPECT_EQ(own().normalise(once).text, once) << one.shorthand;
    }
}

TEST(Normaliser, LeavesValidTextAlone)
{
    std::set<std::string> folded;
    for (const keyed_syllable& one : all_syllables())
        folded.insert(fold(one.text));
    std::size_t tried = 0;
    std::string changed;
    std::size_t wrong = 0;
    const auto check = [&](const std::string& word) {
        ++tried;
        const std::string text = own_with_vocabulary().normalise(word).text;
        if (text != word) {
            ++wrong;
            changed.append(" ").append(word).append("=").append(text);
        }
    };
    for (const std::string& word : folded)
        check(word);
    for (const std::string& word : own_lexicon().loanwords)
        check(word);
    EXPECT_LE(static_cast<double>(wrong), 0.001 * static_cast<double>(tried))
        << wrong << " of " << tried << ":" << changed;
    std::size_t accented_wrong = 0;
    std::string accented;
    for (const keyed_syllable& one : all_syllables())
        if (const std::string text = own().normalise(one.text).text; text != one.text) {
            ++accented_wrong;
            accented.append(" ").append(one.text).append("=").append(text);
        }
    EXPECT_LE(
        static_cast<double>(accented_wrong), 0.002 * static_cast<double>(all_syllables().size()))
        << accented_wrong << ":" << accented;
}

// The round trip through everything that could get in the decoder's way.
TEST(Normaliser, DecodesEverySyllable)
{
    for (const auto method : {input_method::telex, input_method::vni}) {
        std::size_t tried = 0;
        std::size_t wrong = 0;
        std::string examples;
        for (const keyed_syllable& one : all_syllables()) {
            const std::string keys =
                keystrokes(one, method, tone_key::last, mark_keys::behind_letter);
            ++tried;
            const std::string text = own().normalise(keys).text;
            if (text != own().normalise(one.text).text) { // "mún" is "muốn" either way
                ++wrong;
                examples.append(" ").append(keys).append("=").append(text);
            }
        }
        EXPECT_LE(static_cast<double>(wrong), 0.005 * static_cast<double>(tried))
            << wrong << " of " << tried << ":" << examples;
    }
}

TEST(Normaliser, IsTotalAndIdempotentOnAnything)
{
    std::mt19937 random(20200101);
    const std::vector<std::string> parts{
        "ddaats", "d9at61", "ko",   "dc",       "k",      "hk",     "dk",     "z",    "<phone>",
        "<",      ">",      "0901", "234",      "567",    "1.",     "0",      "/",    "-",
        "h15",    ".",      " ",    " ",        " ",      " ",      "khai",   "sinh", "đ",
        "\u0301", "\u200B", "\xFF", "\xE1\xBA", "A",      "ơ",      "max",    "hoof", "ooo",
        "t",      "e",      "a",    "v",        "hum",    "wa",     "ngày",   "5",    "tháng",
        "6",      "İ",      "ﬁ",    "漢",       "\uAC00", "\u1100", "\u1161", "😀",    "dangky",
        "s",      "ii",     "mún",  "tt",       "c",      "1 cua",  "bn",     "nhiu", "2025"};
    const auto pick = [&random](std::size_t limit) { return random() % limit; };
    int unstable = 0;
    std::string examples;
    for (int round = 0; round < 6000; ++round) {
        std::string raw;
        for (std::size_t left = pick(14); left > 0; --left)
            raw += round % 3 == 0 ? std::string(1, static_cast<char>(pick(256)))
                                  : parts[pick(parts.size())];
        const normalised found = own_with_vocabulary().normalise(raw);
        EXPECT_TRUE(is_nfc(found.text));
        EXPECT_EQ(found.folded, fold(found.text));
        for (const token& one : found.tokens) {
            EXPECT_LT(one.raw_begin, one.raw_end);
            EXPECT_LE(one.raw_end, raw.size());
            EXPECT_FALSE(one.text.empty());
        }
        const std::size_t nfc_size = to_nfc(raw).size();
        for (const slot& one : found.slots)
            EXPECT_LE(one.end, nfc_size);
        if (own_with_vocabulary().normalise(found.text).text != found.text) {
            ++unstable;
            examples += "\n" + raw + " -> " + found.text + " -> " +
                        own_with_vocabulary().normalise(found.text).text;
        }
    }
    EXPECT_EQ(unstable, 0) << examples;
}

} // namespace
