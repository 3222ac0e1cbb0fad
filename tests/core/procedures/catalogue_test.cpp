#include "records.hpp"

#include <gtest/gtest.h>
#include <motcua/core/procedures/catalogue.hpp>

#include <algorithm>
#include <functional>

namespace motcua::procedures {
namespace {

procedure record_of(std::string code, origin from, date as_of, std::string name = "Tên")
{
    auto record = birth_registration();
    record.code = std::move(code);
    record.name = std::move(name);
    record.from.from = from;
    record.from.as_of = as_of;
    return record;
}

TEST(Catalogue, FindsByCodeAndIsSorted)
{
    const catalogue all({
        record_of("2.000002", origin::national, day_of(2026, 1, 1)),
        record_of("1.000001", origin::national, day_of(2026, 1, 1)),
    });
    ASSERT_NE(all.find("2.000002"), nullptr);
    EXPECT_EQ(all.find("2.000002")->code, "2.000002");
    EXPECT_EQ(all.find("1.000002"), nullptr);
    EXPECT_EQ(all.find(""), nullptr);
    EXPECT_EQ(all.all().front().code, "1.000001");
    EXPECT_EQ(catalogue().find("1.000001"), nullptr);
}

TEST(Catalogue, OwnBeatsNationalAndNewerBeatsOlder)
{
    const auto old = day_of(2025, 12, 31);
    const auto fresh = day_of(2026, 7, 18);
    const catalogue all({
        record_of("1.000001", origin::national, fresh, "quốc gia"),
        record_of("1.000001", origin::own, old, "của tỉnh"),
        record_of("1.000002", origin::national, old, "cũ"),
        record_of("1.000002", origin::national, fresh, "mới"),
    });
    ASSERT_EQ(all.all().size(), 2U);
    EXPECT_EQ(all.find("1.000001")->name, "của tỉnh");
    EXPECT_EQ(all.find("1.000002")->name, "mới");
}

TEST(Catalogue, TheProvinceAddsToWhicheverRecordIsAnsweredFrom)
{
    const auto day = day_of(2026, 7, 18);
    procedure addition;
    addition.code = "1.000001";
    addition.from = {.from = origin::overlay, .as_of = day_of(2026, 11, 1)};
    addition.local.aliases = {"tên gọi mới"};
    addition.local.hotline = "1022";
    auto older = addition;
    older.from.as_of = day_of(2026, 1, 1);
    older.local.aliases = {"tên gọi cũ"};
    older.local.hotline = "0000";
    older.local.receiving_place = "Quầy 3";
    auto lost = addition;
    lost.code = "1.000009";
    auto base = record_of("1.000001", origin::national, day, "quốc gia");
    base.local = {};
    const catalogue all({addition, base, lost, older});
    ASSERT_EQ(all.all().size(), 1U);
    const auto& local = all.find("1.000001")->local;
    EXPECT_EQ(all.find("1.000001")->name, "quốc gia");
    EXPECT_EQ(local.hotline, "1022");
    EXPECT_EQ(local.receiving_place, "Quầy 3");
    EXPECT_EQ(local.aliases, (std::vector<std::string>{"tên gọi cũ", "tên gọi mới"}));
    EXPECT_TRUE(check(addition, "file.yml", 1).empty());
}

struct doubt
{
    std::string name;
    std::function<void(procedure&)> spoil;
    std::string words;
    finding::grade severity = finding::grade::warning;
};

class Check : public testing::TestWithParam<doubt>
{
};

procedure sound_record()
{
    auto record = birth_registration();
    record.channels = {channel_of(
        method::direct, fee_of(8000), {.quantity = 1, .unit = time_unit::day, .note = {}})};
    record.documents = {
        {.group = {}, .name = "Tờ khai", .originals = 1, .copies = 0, .attached_form = {}}};
    return record;
}

TEST(Check, SoundRecordHasNoFindings)
{
    EXPECT_TRUE(check(sound_record(), "a.yml", 3).empty());
}

TEST_P(Check, NamesTheDoubtAndItsPlace)
{
    auto record = sound_record();
    GetParam().spoil(record);
    const auto found = check(record, "a.yml", 3);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].file, "a.yml");
    EXPECT_EQ(found[0].line, 3U);
    EXPECT_EQ(found[0].severity, GetParam().severity);
    EXPECT_NE(found[0].message.find(GetParam().words), std::string::npos) << found[0].message;
}

INSTANTIATE_TEST_SUITE_P(
    Doubts,
    Check,
    testing::Values(
        doubt{"NoCode", [](procedure& r) { r.code.clear(); }, "no code", finding::grade::error},
        doubt{"OddCode", [](procedure& r) { r.code = "1.0133611"; }, "odd code"},
        doubt{"NoName", [](procedure& r) { r.name = " "; }, "no name", finding::grade::error},
        doubt{"NoSteps", [](procedure& r) { r.steps.clear(); }, "no steps"},
        doubt{"NoResults", [](procedure& r) { r.results.clear(); }, "no results"},
        doubt{"NoLegalBasis", [](procedure& r) { r.legal_basis.clear(); }, "no legal basis"},
        doubt{"NoDecision", [](procedure& r) { r.decision_no.clear(); }, "no decision number"},
        doubt{"NoDate", [](procedure& r) { r.from.as_of = {}; }, "no date"},
        doubt{
            "Gone", [](procedure& r) { r.in_catalogue = false; }, "not in the national catalogue"},
        doubt{"NoChannels", [](procedure& r) { r.channels.clear(); }, "no channels"},
        doubt{
            "LostUnit",
            [](procedure& r) { r.channels[0].time.unit = time_unit::unknown; },
            "time unit lost"},
        doubt{
            "FreeWithNote",
            [](procedure& r) { r.channels[0].fees[0] = fee_of(0, "HĐND quy định"); },
            "fee 0 with a note"},
        doubt{"TinyFee", [](procedure& r) { r.channels[0].fees[0] = fee_of(50); }, "below 1,000"},
        doubt{"NoPapers", [](procedure& r) { r.documents.clear(); }, "no documents"},
        doubt{
            "ManyPapers",
            [](procedure& r) { r.documents[0].originals = 181; },
            "more than 20 copies"},
        doubt{"EmptyPaper", [](procedure& r) { r.documents[0].name = " "; }, "without a name"},
        doubt{"District", [](procedure& r) { r.name = "Cấp phép tại UBND huyện"; }, "districts"},
        doubt{
            "Validity",
            [](procedure& r) {
                r.valid_from = day_of(2026, 2, 1);
                r.valid_to = day_of(2026, 1, 1);
            },
            "valid_to is before",
            finding::grade::error}),
    [](const auto& test) { return test.param.name; });

TEST(CheckNames, SharedNamesAreNamedOnce)
{
    const auto when = day_of(2026, 1, 1);
    const auto found = check_names({
        record_of("1.000001", origin::national, when, "Đính chính Giấy chứng nhận"),
        record_of("1.000002", origin::national, when, "đính chính  giấy chứng nhận"),
        record_of("1.000002", origin::own, when, "Đính chính Giấy chứng nhận"),
        record_of("1.000003", origin::national, when, "Khác"),
    });
    ASSERT_EQ(found.size(), 1U);
    EXPECT_NE(found[0].message.find("2 codes: 1.000001 1.000002"), std::string::npos)
        << found[0].message;
}

} // namespace
} // namespace motcua::procedures
