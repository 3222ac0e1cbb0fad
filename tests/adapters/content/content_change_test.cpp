#include "content_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <motcua/adapters/content/content_change.hpp>
#include <motcua/adapters/content/procedure_files.hpp>
#include <motcua/core/understand/language_model.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace motcua::content {
namespace {

namespace fs = std::filesystem;
using app::unknown_verdict;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

app::unknown_decision
decided(std::int64_t id, std::string text, unknown_verdict verdict, std::string target = {})
{
    app::unknown_decision one;
    one.id = id;
    one.texts = {std::move(text)};
    one.verdict = verdict;
    one.target = std::move(target);
    return one;
}

std::string text_of(const content_change& change, const std::string& name)
{
    const auto found = std::ranges::find(change.files, name, &changed_file::name);
    return found == change.files.end() ? std::string() : found->text;
}

const fs::path source = MOTCUA_SOURCE_DIR;

// Decisions of each kind about our own content.
std::vector<app::unknown_decision> sample_decisions()
{
    return {
        decided(5, "con cò bay lả bay la mấy giờ", unknown_verdict::out_of_scope),
        decided(4, "tốn bao nhiêu: \"lúa\" hả mấy anh", unknown_verdict::example, "fee"),
        decided(3, "giấy cho cục cưng mới ra đời", unknown_verdict::alias, "1.001193"),
        decided(2, "xin giay cho cuc cung", unknown_verdict::search_test, "1.001193"),
        decided(1, "khong can giu", unknown_verdict::dropped)};
}

TEST(ContentChange, PutInPlaceItPassesTheCheckAndTrains)
{
    const auto queries = fs::path("tests/data/search_queries_staff.tsv");
    const auto change = make_content_change(source / "intents", queries, sample_decisions());
    EXPECT_EQ(change.taken, 4U);
    EXPECT_EQ(change.left, 0U);

    content_directory copy;
    fs::copy(
        source / "intents",
        copy.intents(),
        fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    for (const auto& file : change.files)
        if (file.name.starts_with("intents/"))
            copy.write(file.name, file.text);
    const auto before = read_intents(source / "intents");
    const auto after = read_intents(copy.intents());
    EXPECT_THAT(after.findings, IsEmpty());
    const auto found = check_own(
        after,
        read_knowledge(copy.intents(), source / "data"),
        procedures::catalogue(read_procedures(source / "data/procedures").records));
    for (const auto& one : found)
        ADD_FAILURE() << one.file << ':' << one.line << ' ' << one.message;
    EXPECT_EQ(after.examples.size(), before.examples.size() + 2);
    EXPECT_THAT(after.aliases.at("1.001193"), Contains("giấy cho cục cưng mới ra đời"));
    const auto fee = std::ranges::find(
        after.examples, "tốn bao nhiêu: \"lúa\" hả mấy anh", &understand::example::text);
    ASSERT_NE(fee, after.examples.end());
    EXPECT_EQ(fee->intent, "fee");
    EXPECT_NE(
        understand::content_hash(after.examples, after.words, 1),
        understand::content_hash(before.examples, before.words, 1))
        << "the model is trained anew";
    EXPECT_THAT(
        text_of(change, "tests/data/search_queries_staff.tsv"),
        HasSubstr("\txin giay cho cuc cung\t1.001193\n"));
}

TEST(ContentChange, WhatStandsInTheContentAlreadyIsLeftOut)
{
    content_directory copy;
    copy.write(
        "intents/understand/fee.yml",
        "intent: fee\ntitle: Phí\nexamples:\n  - lệ phí bao nhiêu\n# cuối\ntests:\n  - tốn "
        "nhiêu\n");
    copy.write("intents/out_of_scope.yml", "intent: out_of_scope\nexamples:\n- trời mưa\n");
    copy.write("intents/procedures_aliases.yml", "aliases:\n  \"1.001193\":\n    - khai sinh\n");
    auto undone = decided(9, "bị hoàn tác", unknown_verdict::out_of_scope);
    undone.undone_by = "truong";
    const auto change = make_content_change(
        copy.intents(),
        copy.intents() / "no-queries.tsv",
        {undone,
         decided(8, "Le phi  bao nhieu?", unknown_verdict::out_of_scope),
         decided(7, "ton nhieu", unknown_verdict::example, "fee"),
         decided(6, "Khai sinh", unknown_verdict::alias, "1.000656"),
         decided(5, "gọi <phone> giùm", unknown_verdict::example, "fee"),
         decided(4, "câu lạ", unknown_verdict::example, "no_such"),
         decided(3, "nắng quá", unknown_verdict::out_of_scope),
         decided(2, "báo tử", unknown_verdict::alias, "1.000656"),
         decided(1, "hết mấy đồng", unknown_verdict::example, "fee")});
    EXPECT_EQ(change.taken, 3U);
    EXPECT_EQ(change.left, 5U);
    EXPECT_EQ(
        text_of(change, "intents/understand/fee.yml"),
        "intent: fee\ntitle: Phí\nexamples:\n  - lệ phí bao nhiêu\n  - \"hết mấy đồng\"\n"
        "# cuối\ntests:\n  - tốn nhiêu\n");
    EXPECT_EQ(
        text_of(change, "intents/out_of_scope.yml"),
        "intent: out_of_scope\nexamples:\n- trời mưa\n- \"nắng quá\"\n");
    EXPECT_EQ(
        text_of(change, "intents/procedures_aliases.yml"),
        "aliases:\n  \"1.001193\":\n    - khai sinh\n  \"1.000656\":\n    - \"báo tử\"\n");
    const auto about = text_of(change, "DOC-DAU-TIEN.txt");
    EXPECT_THAT(about, HasSubstr("Đã đưa vào 3 câu"));
    EXPECT_THAT(about, HasSubstr("số đã che"));
    EXPECT_THAT(about, HasSubstr("no_such"));
    EXPECT_THAT(about, Not(HasSubstr("hoàn tác")));
    EXPECT_THAT(read_intents(copy.intents()).findings, IsEmpty());
}

} // namespace
} // namespace motcua::content
