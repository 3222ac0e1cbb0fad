#include "content_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace motcua::content {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> texts(const std::vector<understand::example>& examples)
{
    std::vector<std::string> all;
    for (const auto& example : examples)
        all.push_back(example.intent + "|" + example.text);
    return all;
}

TEST(ReadIntents, ForeignDirectoryNeedsNoMoreThanIntentAndExamples)
{
    content_directory directory;
    directory.write("intents/b.yaml", "intent: đặt bàn\nexamples:\n  - cho tôi một bàn\n");
    directory.write("intents/understand/c.yml", "intent: đặt bàn\nexamples: [giữ chỗ tối nay]\n");
    directory.write("intents/a.yml", "examples:\n- huỷ bàn\n- \"  bỏ chỗ  \"\nintent: huỷ\n");
    directory.write("intents/readme.txt", "not content");
    const intents read = read_intents(directory.intents());
    EXPECT_THAT(read.findings, IsEmpty());
    EXPECT_THAT(
        texts(read.examples),
        ElementsAre(
            "huỷ|huỷ bàn", "huỷ|bỏ chỗ", "đặt bàn|cho tôi một bàn", "đặt bàn|giữ chỗ tối nay"));
}

TEST(ReadIntents, WordsThatAreNotThereAreTheShippedOnes)
{
    content_directory directory;
    for (const char* file :
         {"abbreviations.yml",
          "loanwords.txt",
          "synonyms.yml",
          "procedures_aliases.yml",
          "search_weights.yml"})
        std::filesystem::remove(directory.intents() / file);
    directory.write("intents/synonyms.yml", "synonyms: [{from: sổ đỏ, to: quyền sử dụng đất}]\n");
    const intents read = read_intents(directory.intents());
    const intents shipped = read_intents(std::filesystem::path(MOTCUA_SOURCE_DIR) / "intents");
    EXPECT_THAT(read.findings, IsEmpty());
    EXPECT_EQ(read.words.loanwords, shipped.words.loanwords);
    EXPECT_EQ(read.words.abbreviations.size(), shipped.words.abbreviations.size());
    EXPECT_EQ(read.aliases, shipped.aliases);
    EXPECT_EQ(read.search_weights.bigram, shipped.search_weights.bigram);
    EXPECT_EQ(read.synonyms.size(), 1U); // its own
    for (const reference& one : read.references)
        EXPECT_NE(one.of, reference::kind::procedure) << one.name; // not its to answer for
}

TEST(ReadIntents, StrictRulesDoNotTouchForeignData)
{
    content_directory directory;
    directory.write("intents/a.yml", "intent: a\nexamples: [x]\nauthor: ai đó\n");
    directory.write("intents/b.yml", "intent: b\nexamples: [x]\ntests: [x]\n");
    const intents read = read_intents(directory.intents());
    EXPECT_THAT(read.findings, IsEmpty());
    EXPECT_GE(read.own_findings.size(), 4U);
}

TEST(ReadIntents, OneBadFileDoesNotHideTheOthers)
{
    content_directory directory;
    directory.write("intents/a.yml", "intent: [\n");
    directory.write("intents/b.yml", "intent: b\nexamples: [x, {y: z}, w]\n");
    const intents read = read_intents(directory.intents());
    EXPECT_EQ(read.findings.size(), 2U);
    EXPECT_THAT(texts(read.examples), ElementsAre("b|x", "b|w"));
}

TEST(ReadIntents, HardNegativesTrainTheIntentTheyName)
{
    content_directory directory;
    directory.write(
        "intents/understand/papers.yml",
        "intent: papers\ntitle: Giấy tờ\nexamples: [cần giấy gì]\n"
        "hard_negatives:\n  - {text: hồ sơ tới đâu rồi, intent: file_status}\n"
        "tests:\n  - hs can nhung gi v\n");
    const intents read = read_intents(directory.intents());
    EXPECT_THAT(
        texts(read.examples), ElementsAre("papers|cần giấy gì", "file_status|hồ sơ tới đâu rồi"));
    EXPECT_THAT(texts(read.tests), ElementsAre("papers|hs can nhung gi v"));
    EXPECT_EQ(read.titles.at("papers"), "Giấy tờ");
}

TEST(ReadIntents, OutOfScopeFileNeedsNoIntentKey)
{
    content_directory directory;
    directory.write("intents/out_of_scope.yml", "examples: [giá vàng hôm nay]\n");
    const intents read = read_intents(directory.intents());
    EXPECT_THAT(texts(read.examples), ElementsAre("out_of_scope|giá vàng hôm nay"));
    EXPECT_THAT(read.findings, IsEmpty());
}

TEST(ReadIntents, TextIsComposed)
{
    content_directory directory;
    directory.write("intents/a.yml", "intent: a\nexamples: [\"le\xCC\xA3 phi\xCC\x81\"]\n");
    EXPECT_THAT(texts(read_intents(directory.intents()).examples), ElementsAre("a|lẹ phí"));
}

TEST(ReadIntents, WordsAreFolded)
{
    content_directory directory;
    directory.write_sound_content();
    directory.write(
        "intents/abbreviations.yml",
        "abbreviations:\n  - {short: ĐKKH, means: đăng ký kết hôn, context: [Giấy]}\n");
    const auto words = read_intents(directory.intents()).words;
    ASSERT_EQ(words.abbreviations.size(), 1U);
    EXPECT_EQ(words.abbreviations[0].shorthand, "đkkh");
    EXPECT_EQ(words.abbreviations[0].expansion, "đăng ký kết hôn");
    EXPECT_THAT(words.abbreviations[0].context, ElementsAre("giay"));
    EXPECT_THAT(words.loanwords, ElementsAre("test", "zalo"));
}

TEST(ReadIntents, AbbreviationsMayDifferByTheirMarksAlone)
{
    content_directory directory;
    directory.write_sound_content();
    directory.write(
        "intents/abbreviations.yml",
        "abbreviations:\n  - {short: dt, means: diện tích}\n  - {short: đt, means: điện thoại}\n");
    EXPECT_THAT(read_intents(directory.intents()).own_findings, IsEmpty());
    directory.write(
        "intents/abbreviations.yml",
        "abbreviations:\n  - {short: dt, means: diện tích}\n  - {short: DT, means: điện thoại}\n");
    EXPECT_EQ(read_intents(directory.intents()).own_findings.size(), 1U);
}

TEST(ReadIntents, SynonymsAndFolkNames)
{
    content_directory directory;
    directory.write_sound_content();
    const intents read = read_intents(directory.intents());
    ASSERT_EQ(read.synonyms.size(), 2U);
    EXPECT_EQ(read.synonyms[0].from, "sổ hộ khẩu");
    EXPECT_DOUBLE_EQ(read.synonyms[0].weight, 0.65);
    EXPECT_FALSE(read.synonyms[0].both_ways);
    EXPECT_EQ(read.synonyms[1].to, "khai tử");
    EXPECT_DOUBLE_EQ(read.synonyms[1].weight, 0.7);
    EXPECT_TRUE(read.synonyms[1].both_ways);
    EXPECT_THAT(read.aliases.at("1.001193"), ElementsAre("làm giấy khai sinh"));
}

TEST(ReadIntents, CodesKeepTheirZerosWithoutQuotes)
{
    content_directory directory;
    directory.write("intents/procedures_aliases.yml", "aliases:\n  1.000080: [a]\n");
    EXPECT_TRUE(read_intents(directory.intents()).aliases.contains("1.000080"));
}

TEST(ReadIntents, MissingDirectoryIsAFinding)
{
    content_directory directory;
    const intents read = read_intents(directory.intents() / "nowhere");
    ASSERT_EQ(read.findings.size(), 1U);
    EXPECT_THAT(read.findings[0].file, testing::EndsWith("nowhere"));
}

TEST(ReadKnowledge, HoldsWhatTheFilesSay)
{
    content_directory directory;
    directory.write_sound_content();
    const knowledge_files read = read_knowledge(directory.intents(), directory.data());
    EXPECT_THAT(read.findings, IsEmpty());
    const dialogue::knowledge& known = read.known;
    EXPECT_EQ(known.province, "Tây Ninh");
    EXPECT_EQ(known.portal_url, "https://dichvucong.gov.vn");
    EXPECT_EQ(known.silence_after_person, std::chrono::minutes(45));
    EXPECT_EQ(known.provincial_centre.name, "Trung tâm tỉnh");
    EXPECT_TRUE(known.provincial_centre.address.empty());
    ASSERT_EQ(known.main_menu.size(), 1U);
    EXPECT_EQ(known.main_menu[0].payload, "#fields");
    ASSERT_EQ(known.fields.size(), 1U);
    EXPECT_THAT(known.fields[0].codes, ElementsAre("1.001193"));
    const auto& answer = known.answers.at("greeting");
    EXPECT_EQ(answer.text, "Xin chào anh/chị.");
    EXPECT_EQ(answer.outcome, "greeting");
    ASSERT_EQ(answer.buttons.size(), 1U);
    EXPECT_EQ(answer.buttons[0].title, "Khai sinh");
    ASSERT_EQ(known.places.all().size(), 1U);
    const auto& place = known.places.all()[0];
    EXPECT_EQ(place.name, "phường Tân Ninh");
    EXPECT_EQ(place.former.at(0).district, "thành phố Tây Ninh");
    EXPECT_THAT(place.aliases, ElementsAre("tp Tây Ninh"));
    EXPECT_EQ(place.centre.name, "Trung tâm Phục vụ hành chính công phường Tân Ninh");
}

std::string province_with_duty(const std::string& duty)
{
    return "province:\n  name: a\n  portal_url: https://a.vn\n  duty:\n" + duty +
           "  provincial_centre: {name: b}\n";
}

TEST(ReadKnowledge, HoursOfDutyAreRead)
{
    content_directory directory;
    directory.write_sound_content();
    directory.write(
        "data/province.yml",
        province_with_duty("    words: sáng thứ Hai\n"
                           "    hours:\n"
                           "      - {days: mon-fri, from: \"07:30\", to: \"11:30\"}\n"
                           "      - {days: sat, from: \"08:00\", to: \"24:00\"}\n"));
    const auto read = read_knowledge(directory.intents(), directory.data());
    EXPECT_THAT(read.findings, IsEmpty());
    const auto& duty = read.known.duty;
    EXPECT_EQ(duty.words, "sáng thứ Hai");
    ASSERT_EQ(duty.spans.size(), 2U);
    EXPECT_EQ(duty.spans[0].first, std::chrono::Monday);
    EXPECT_EQ(duty.spans[0].last, std::chrono::Friday);
    EXPECT_EQ(duty.spans[0].from, std::chrono::minutes(7 * 60 + 30));
    EXPECT_EQ(duty.spans[1].last, std::chrono::Saturday);
    EXPECT_EQ(duty.spans[1].to, std::chrono::hours(24));
}

TEST(ReadKnowledge, WrongHoursOfDutyAreNamed)
{
    for (const std::string entry :
         {"{days: mon-xyz, from: \"07:30\", to: \"11:30\"}",
          "{days: mon, from: \"7:30\", to: \"11:30\"}",
          "{days: mon, from: \"11:30\", to: \"07:30\"}",
          "{days: mon, from: \"07:60\", to: \"11:30\"}",
          "{days: mon, from: \"07:30\", to: \"24:01\"}",
          "{days: mon, from: \"ab:cd\", to: \"11:30\"}"}) {
        content_directory directory;
        directory.write_sound_content();
        directory.write(
            "data/province.yml",
            province_with_duty("    words: a\n    hours:\n      - " + entry + "\n"));
        const auto read = read_knowledge(directory.intents(), directory.data());
        ASSERT_EQ(read.findings.size(), 1U) << entry;
        EXPECT_EQ(read.findings[0].line, 7U) << entry;
        EXPECT_TRUE(read.known.duty.spans.empty()) << entry;
    }
}

TEST(ReadKnowledge, WhatABrokenFileMayHoldIsNotCalledMissing)
{
    content_directory directory;
    directory.write_sound_content();
    directory.write("intents/say/phrases.yml", "phrases:\n  a: one: two\n");
    const auto findings = read_knowledge(directory.intents(), directory.data()).findings;
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].line, 2U);
    EXPECT_THAT(findings[0].message, testing::HasSubstr("needs quotes"));
}

TEST(ReadKnowledge, CommandsAreFoundByPlainWords)
{
    content_directory directory;
    directory.write_sound_content();
    directory.write(
        "intents/say/more.yml", "commands:\n  \"#agent\": [Gặp cán bộ!, tư vấn viên]\n");
    std::vector<std::vector<std::string>> read;
    for (const auto& [folded, command] :
         read_knowledge(directory.intents(), directory.data()).known.commands)
        read.push_back({folded, command.words, command.payload});
    EXPECT_THAT(
        read,
        ElementsAre(
            ElementsAre("gap can bo", "Gặp cán bộ!", "#agent"),
            ElementsAre("tu van vien", "tư vấn viên", "#agent")));
}

TEST(ReadKnowledge, BlockTextKeepsItsLines)
{
    content_directory directory;
    directory.write_sound_content();
    directory.write(
        "intents/say/more.yml", "phrases:\n  poem: |\n    Một dòng.\n\n    Hai dòng.\n");
    EXPECT_EQ(
        read_knowledge(directory.intents(), directory.data()).known.say.say("poem"),
        "Một dòng.\n\nHai dòng.");
}

TEST(ReadKnowledge, VersionFollowsTheBytes)
{
    content_directory one;
    content_directory two;
    one.write_sound_content();
    two.write_sound_content();
    const auto version = [](const content_directory& directory) {
        return read_knowledge(directory.intents(), directory.data()).known.version;
    };
    EXPECT_THAT(version(one), testing::MatchesRegex("[0-9a-f]{16}"));
    EXPECT_EQ(version(one), version(two));
    std::string answers = content_directory::sound_answers;
    answers.replace(answers.find("Xin"), 3, "Kin"); // as long as before
    two.write("intents/say/answers.yml", answers);
    EXPECT_NE(version(one), version(two));
}

// The content shipped with the program.
class Shipped : public testing::Test
{
protected:
    std::filesystem::path root_ = MOTCUA_SOURCE_DIR;
};

TEST_F(Shipped, IntentFilesCanBeRead)
{
    const intents read = read_intents(root_ / "intents");
    EXPECT_THAT(read.findings, IsEmpty());
    EXPECT_THAT(read.own_findings, IsEmpty());
    EXPECT_GE(read.synonyms.size(), 150U);
    EXPECT_GE(read.aliases.size(), 200U);
}

TEST_F(Shipped, DataHoldsTheWholeProvince)
{
    const knowledge_files read = read_knowledge(root_ / "intents", root_ / "data");
    EXPECT_THAT(read.findings, IsEmpty());
    const auto& communes = read.known.places.all();
    EXPECT_EQ(communes.size(), 96U); // domain.md section 9: 82 xã, 14 phường
    std::size_t wards = 0;
    for (const auto& commune : communes) {
        wards += commune.name.starts_with("phường ") ? 1U : 0U;
        EXPECT_FALSE(commune.former.empty()) << commune.name;
        EXPECT_THAT(commune.centre.name, testing::EndsWith(commune.name));
        EXPECT_TRUE(commune.centre.address.empty() || !commune.centre.source.empty())
            << commune.name << ": an address needs its source";
    }
    EXPECT_EQ(wards, 14U);
    EXPECT_EQ(read.known.province, "Tây Ninh");
    EXPECT_GE(read.known.fields.size(), 5U);
}

TEST_F(Shipped, NamesOnlyWhatExists)
{
    std::ifstream rows(
        std::filesystem::path(MOTCUA_SHARED_DIR) / "tthc-raw/catalog-national-5670.jsonl");
    if (!rows)
        GTEST_SKIP() << "no national catalogue beside the project";
    std::vector<procedures::procedure> records;
    for (std::string row; std::getline(rows, row);) {
        const auto key = row.find("\"code\"");
        const auto begin = row.find('"', row.find(':', key)) + 1;
        procedures::procedure record;
        record.code = procedures::canonical_code(row.substr(begin, row.find('"', begin) - begin));
        records.push_back(std::move(record));
    }
    EXPECT_THAT(
        check_own(
            read_intents(root_ / "intents"),
            read_knowledge(root_ / "intents", root_ / "data"),
            procedures::catalogue(std::move(records))),
        IsEmpty());
}

} // namespace
} // namespace motcua::content
