#include "content_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>

namespace motcua::content {
namespace {

std::vector<finding> everything_found(const content_directory& directory)
{
    const intents read = read_intents(directory.intents());
    const knowledge_files known = read_knowledge(directory.intents(), directory.data());
    std::vector<finding> found = check_own(read, known, catalogue_of("1.001193"));
    found.insert(found.end(), read.findings.begin(), read.findings.end());
    found.insert(found.end(), known.findings.begin(), known.findings.end());
    return found;
}

TEST(CheckOwn, SoundContentHasNoFinding)
{
    content_directory directory;
    directory.write_sound_content();
    EXPECT_THAT(everything_found(directory), testing::IsEmpty());
}

TEST(CheckOwn, RepetitionWithinOneIntentIsAllowed)
{
    content_directory directory;
    directory.write_sound_content();
    directory.write(
        "intents/understand/fee.yml",
        content_directory::intent_file("fee", "lệ phí bao nhiêu") + "  - Lệ phí bao nhiêu 3?\n");
    EXPECT_THAT(everything_found(directory), testing::IsEmpty());
}

struct fault
{
    std::string name;
    std::string file; // the one written in place of the sound one
    std::string text; // empty: the file is taken away
    std::size_t line; // of the finding
    std::string words;
    std::string reported_in = {}; // if not `file`
};

void PrintTo(const fault& value, std::ostream* out)
{
    *out << value.name;
}

class EveryFault : public testing::TestWithParam<fault>
{
};

TEST_P(EveryFault, IsFoundWithFileAndLine)
{
    const fault& broken = GetParam();
    content_directory directory;
    directory.write_sound_content();
    if (broken.text.empty())
        directory.remove(broken.file);
    else
        directory.write(broken.file, broken.text);
    const std::string expected = broken.reported_in.empty() ? broken.file : broken.reported_in;
    EXPECT_THAT(
        everything_found(directory),
        testing::Contains(testing::AllOf(
            testing::Field(&finding::file, testing::EndsWith(expected)),
            testing::Field(&finding::line, broken.line),
            testing::Field(&finding::severity, finding::grade::error),
            testing::Field(&finding::message, testing::HasSubstr(broken.words)))));
}

std::string fee_with(const std::string& rest)
{
    return content_directory::intent_file("fee", "lệ phí bao nhiêu") + rest; // 23 lines and `rest`
}

std::string answers_with(const std::string& rest)
{
    return content_directory::sound_answers + rest; // 8 lines and `rest`
}

std::string commune(const std::string& code, const std::string& centre)
{
    return "  - code: \"" + code + "\"\n    name: xã Tân Lập\n    centre: {name: " + centre + "}\n";
}

std::string many(std::size_t count, const std::string& text)
{
    std::string all;
    for (std::size_t i = 0; i < count; ++i)
        all += text;
    return all;
}

const std::string fee_yml = "intents/understand/fee.yml";
const std::string answers_yml = "intents/say/answers.yml";
const std::string communes_yml = "data/communes.yml";
const std::string fields_yml = "data/fields.yml";
const std::string province_yml = "data/province.yml";
const std::string synonyms_yml = "intents/synonyms.yml";
const std::string abbreviations_yml = "intents/abbreviations.yml";
const std::string aliases_yml = "intents/procedures_aliases.yml";

const fault faults[] = {
    {"InvalidYaml", fee_yml, fee_with("tests: [\n"), 25, "invalid YAML"},
    {"ControlCharacter", fee_yml, fee_with("# \x04\n"), 24, "control character"},
    {"Alias", fee_yml, fee_with("tests: &a []\nmore: *a\n"), 25, "alias"},
    {"NestedTooDeeply", fee_yml, fee_with("tests: " + many(40, "[") + many(40, "]")), 24, "deeply"},
    {"SecondDocument", fee_yml, fee_with("---\nintent: other\n"), 24, "second YAML document"},
    {"FileTooLarge", fee_yml, many(4 * 1024 * 1024 + 1, "#"), 0, "larger than 4 MiB"},
    {"NotAMap", fee_yml, "- một\n- hai\n", 1, "must be a map"},
    {"MissingIntent", fee_yml, "title: Lệ phí\nexamples: [a]\n", 1, "missing key 'intent'"},
    {"MissingExamples", fee_yml, "intent: fee\n", 1, "missing key 'examples'"},
    {"ExamplesNoList", fee_yml, "intent: fee\nexamples: một câu\n", 2, "must be a list"},
    {"ExampleNoText", fee_yml, fee_with("  - lệ phí: bao nhiêu\n"), 24, "must be text"},
    {"EmptyExample", fee_yml, fee_with("  - \"  \"\n"), 24, "is empty"},
    {"NullExample", fee_yml, fee_with("  - ~\n"), 24, "is empty"},
    {"UnknownKey", fee_yml, fee_with("exemples: [a]\n"), 24, "unknown key 'exemples'"},
    {"RepeatedKey", fee_yml, fee_with("title: Hai\n"), 24, "key 'title' is repeated"},
    {"FewExamples",
     fee_yml,
     "title: Phí\nintent: fee\nexamples:\n" + many(19, "  - lệ phí\n"),
     2,
     "has 19 examples, fewer than 20"},
    {"TextInTwoIntents",
     fee_yml,
     fee_with("  - XIN chào 3!\n"),
     6,
     "of greeting and of fee",
     "intents/understand/greeting.yml"},
    {"NegativeOfUnknownIntent",
     fee_yml,
     fee_with("hard_negatives:\n  - {text: gì đó, intent: nothing}\n"),
     25,
     "unknown intent 'nothing'"},
    {"TestFoundInTraining",
     fee_yml,
     fee_with("tests:\n  - mới\n  - xin chao 4 ?\n"),
     26,
     "found in training (greeting.yml:7)"},
    {"TextNotNfc", fee_yml, fee_with("  - le\xCC\xA3 phi\xCC\x81\n"), 24, "NFC"},
    {"InvalidUtf8", fee_yml, fee_with("  - ph\xff\n"), 24, "NFC"},
    {"KnowledgeNotNfc",
     fields_yml,
     "fields:\n  - id: a\n    title: Ho\xCC\xA3 tich\n    codes: [\"1.001193\"]\n",
     3,
     "NFC"},
    {"SynonymWithoutTo", synonyms_yml, "synonyms:\n  - {from: sổ đỏ}\n", 2, "missing key 'to'"},
    {"SynonymWeightTooLarge",
     synonyms_yml,
     "synonyms:\n  - from: a\n    to: b\n    weight: 1.5\n",
     4,
     "within 0 and 1"},
    {"SynonymWeightNegative",
     synonyms_yml,
     "synonyms:\n  - {from: a, to: b, weight: -0.1}\n",
     2,
     "within 0 and 1"},
    {"SynonymWeightNotANumber",
     synonyms_yml,
     "synonyms:\n  - {from: a, to: b, weight: nhiều}\n",
     2,
     "must be a number"},
    {"SynonymWeightNan",
     synonyms_yml,
     "synonyms:\n  - {from: a, to: b, weight: nan}\n",
     2,
     "within 0 and 1"},
    {"SynonymFlag",
     synonyms_yml,
     "synonyms:\n  - {from: a, to: b, both_ways: có}\n",
     2,
     "true or false"},
    {"SynonymRepeated",
     synonyms_yml,
     "synonyms:\n  - {from: a, to: b}\n  - {from: A, to: b}\n",
     3,
     "repeated (line 2)"},
    {"SynonymOfItself", synonyms_yml, "synonyms:\n  - {from: a, to: A}\n", 2, "leads to itself"},
    {"AbbreviationRepeated",
     abbreviations_yml,
     "abbreviations:\n  - {short: hs, means: hồ sơ, context: [a, b]}\n"
     "  - {short: HS, means: học sinh, context: [b, a]}\n",
     3,
     "repeated with the same context (line 2)"},
    {"AbbreviationWithoutMeaning",
     abbreviations_yml,
     "abbreviations:\n  - {short: hs}\n",
     2,
     "missing key 'means'"},
    {"TwoLoanwordsInALine", "intents/loanwords.txt", "# x\nzalo test\n", 2, "one loanword"},
    {"AliasOfUnknownCode",
     aliases_yml,
     "aliases:\n  \"1.001193\": [a]\n  \"1.999999\": [b]\n",
     3,
     "unknown procedure code '1.999999'"},
    {"AliasOfNoCode", aliases_yml, "aliases:\n  khai sinh: [a]\n", 2, "no procedure code"},
    {"AliasesNoList", aliases_yml, "aliases:\n  \"1.001193\": khai sinh\n", 2, "must be a list"},
    {"FieldWithUnknownCode",
     fields_yml,
     "fields:\n  - id: a\n    title: b\n    codes:\n      - \"1.001193\"\n      - \"2.000002\"\n",
     6,
     "unknown procedure code '2.000002'"},
    {"FieldRepeated",
     fields_yml,
     "fields:\n  - {id: a, title: b, codes: [\"1.001193\"]}\n"
     "  - {id: a, title: c, codes: [\"1.001193\"]}\n",
     3,
     "field 'a' is repeated"},
    {"FieldWithoutCodes",
     fields_yml,
     "fields:\n  - {id: a, title: b, codes: []}\n",
     2,
     "without codes"},
    {"AnswerToUnknownIntent",
     answers_yml,
     answers_with("  - {intent: nothing, outcome: answered, text: a}\n"),
     9,
     "unknown intent 'nothing'"},
    {"IntentWithoutAnswer",
     answers_yml,
     "main_menu:\n  - {title: a, payload: \"#menu\"}\n",
     1,
     "'greeting' has no answer",
     "intents/understand/greeting.yml"},
    {"SecondAnswer",
     answers_yml,
     answers_with("  - {intent: greeting, outcome: answered, text: a}\n"),
     9,
     "a second answer"},
    {"UnknownOutcome",
     answers_yml,
     answers_with("  - {intent: fee, outcome: solved, text: a}\n"),
     9,
     "unknown outcome 'solved'"},
    {"AnswerWithoutText",
     answers_yml,
     answers_with("  - {intent: fee, outcome: answered}\n"),
     9,
     "missing key 'text'"},
    {"AnswerTooLong",
     answers_yml,
     answers_with("  - {intent: fee, outcome: answered, text: " + many(2001, "ộ") + "}\n"),
     9,
     "longer than 2,000"},
    {"PhraseTooLong",
     "intents/say/more.yml",
     "phrases:\n  long: " + many(2001, "a") + "\n",
     2,
     "longer than 2,000"},
    {"MissingPhrase", "intents/say/phrases.yml", "", 0, "missing phrase"},
    {"PhraseRepeated", "intents/say/more.yml", "phrases:\n  a: b\n  a: c\n", 3, "repeated"},
    {"MissingMainMenu",
     answers_yml,
     "answers:\n  - {intent: greeting, outcome: greeting, text: a}\n",
     0,
     "main_menu",
     "intents/say"},
    {"CommandWithoutPayload",
     "intents/say/more.yml",
     "commands:\n  thanks: [cảm ơn]\n",
     2,
     "no payload"},
    {"CommandOfTwoPayloads",
     "intents/say/more.yml",
     "commands:\n  \"#back\": [Quay lại]\n  \"#menu\":\n    - quay lai!\n",
     4,
     "#back and #menu"},
    {"SecondMainMenu",
     "intents/say/more.yml",
     "main_menu:\n  - {title: a, payload: \"#menu\"}\n",
     2,
     "second main_menu"},
    {"ButtonTitleTooLong",
     answers_yml,
     answers_with("      - title: " + many(101, "ệ") + "\n        payload: \"#menu\"\n"),
     9,
     "longer than 100"},
    {"SixButtons",
     answers_yml,
     answers_with(many(5, "      - {title: a, payload: \"#menu\"}\n")),
     8,
     "more than 5 buttons"},
    {"CommuneCodeRepeated",
     communes_yml,
     "communes:\n" + commune("1", "a") + commune("1", "b"),
     5,
     "code 1 is repeated (line 2)"},
    {"CentreWithoutName", communes_yml, "communes:\n" + commune("1", "\"\""), 4, "is empty"},
    {"CommuneWithoutCentre",
     communes_yml,
     "communes:\n  - {code: \"1\", name: xã A}\n",
     2,
     "missing key 'centre'"},
    {"FormerUnitWithoutName",
     communes_yml,
     "communes:\n" + commune("1", "a") + "    former:\n      - {district: huyện B}\n",
     6,
     "missing key 'name'"},
    {"MissingDataFile", communes_yml, "", 0, "no such file"},
    {"ProvinceWithoutName",
     province_yml,
     "province:\n  portal_url: https://a.vn\n",
     2,
     "missing key 'name'"},
    {"PortalLinkMalformed",
     province_yml,
     "province:\n  name: a\n  portal_url: https://dichvucong\n",
     3,
     "malformed https link"},
    {"SilenceOutOfRange",
     province_yml,
     "province:\n  name: a\n  portal_url: https://a.vn\n  silence_after_person_minutes: -1\n",
     4,
     "within 0 and 1440"},
};

INSTANTIATE_TEST_SUITE_P(Content, EveryFault, testing::ValuesIn(faults), [](const auto& each) {
    return each.param.name;
});

struct payload_case
{
    std::string name;
    std::string payload;
    std::string objection; // empty: it leads somewhere
};

void PrintTo(const payload_case& value, std::ostream* out)
{
    *out << value.name;
}

class Payload : public testing::TestWithParam<payload_case>
{
};

TEST_P(Payload, IsFollowedToWhereItLeads)
{
    content_directory directory;
    directory.write_sound_content();
    directory.write(
        answers_yml,
        answers_with("      - {title: Nút, payload: \"" + GetParam().payload + "\"}\n"));
    const auto found = everything_found(directory);
    if (GetParam().objection.empty())
        EXPECT_THAT(found, testing::IsEmpty());
    else
        EXPECT_THAT(
            found,
            testing::ElementsAre(testing::AllOf(
                testing::Field(&finding::file, testing::EndsWith(answers_yml)),
                testing::Field(&finding::line, 9),
                testing::Field(
                    &finding::message,
                    testing::AllOf(
                        testing::HasSubstr("leads nowhere"),
                        testing::HasSubstr(GetParam().objection))))));
}

const payload_case payloads[] = {
    {"Menu", "#menu", ""},
    {"Back", "#back", ""},
    {"Cancel", "#cancel", ""},
    {"Agent", "#agent", ""},
    {"Erase", "#erase", ""},
    {"Fields", "#fields", ""},
    {"Centre", "#centre", ""},
    {"Field", "#field:ho-tich", ""},
    {"Procedure", "#procedure:1.001193", ""},
    {"ProcedureAspect", "#procedure:1.001193:documents", ""},
    {"ProcedurePage", "#procedure:1.001193:documents:3", ""},
    {"Commune", "#commune:25459", ""},
    {"Answer", "#answer:greeting", ""},
    {"Link", "https://dichvucong.gov.vn/thu-tuc?x=1", ""},
    {"Unknown", "#thanks", "neither a payload"},
    {"PlainWithTail", "#menu:1", "neither a payload"},
    {"PlainText", "menu", "neither a payload"},
    {"More", "#more", "only within a conversation"},
    {"ConfirmErase", "#confirm-erase", "only within a conversation"},
    {"Case", "#case:1.001193:1:documents", "only within a conversation"},
    {"NotThis", "#not-this", "only within a conversation"},
    {"FieldUnknown", "#field:dat-dai", "unknown field 'dat-dai'"},
    {"ProcedureUnknown", "#procedure:1.000000", "unknown procedure code '1.000000'"},
    {"ProcedureEmpty", "#procedure:", "neither a payload"},
    {"AspectUnknown", "#procedure:1.001193:price", "neither a payload"},
    {"AspectEmpty", "#procedure:1.001193:", "neither a payload"},
    {"PageZero", "#procedure:1.001193:fee:0", "neither a payload"},
    {"PageEmpty", "#procedure:1.001193:fee:", "neither a payload"},
    {"PageNoNumber", "#procedure:1.001193:fee:2x", "neither a payload"},
    {"CommuneUnknown", "#commune:1", "unknown commune '1'"},
    {"AnswerUnknown", "#answer:weather", "no answer to 'weather'"},
    {"LinkNotEncrypted", "http://dichvucong.gov.vn", "neither a payload"},
    {"LinkMalformed", "https://dich vu cong.gov.vn", "malformed https link"},
};

INSTANTIATE_TEST_SUITE_P(Grammar, Payload, testing::ValuesIn(payloads), [](const auto& each) {
    return each.param.name;
});

TEST(CheckOwn, FindingsAreInTheOrderOfTheFiles)
{
    content_directory directory;
    directory.write_sound_content();
    directory.write(fee_yml, "intent: fee\nexamples: [a]\nextra: 1\nmore: 2\n");
    directory.write(aliases_yml, "aliases:\n  \"9.999999\": [b]\n");
    const auto found = check_own(
        read_intents(directory.intents()),
        read_knowledge(directory.intents(), directory.data()),
        catalogue_of("1.001193"));
    EXPECT_TRUE(std::is_sorted(found.begin(), found.end(), [](const auto& a, const auto& b) {
        return std::tie(a.file, a.line) < std::tie(b.file, b.line);
    }));
    EXPECT_EQ(found.size(), 4U);
}

} // namespace
} // namespace motcua::content
