#pragma once

#include "storage_contract.hpp"

#include <string>
#include <vector>

// What every implementation of the storing port of dossiers must do; used as storage_contract.hpp
// is.
namespace motcua::app {

class DossierContract : public StorageContract
{
protected:
    static dossiers::dossier sample(const std::string& code, const std::string& note = {})
    {
        return {
            .code = code,
            .procedure = "Đăng ký khai sinh",
            .unit = "Trung tâm",
            .at = dossiers::status::needs_papers,
            .received = dossiers::local_day(std::chrono::days(20000)),
            .due = dossiers::local_day(std::chrono::days(20010)),
            .finished = {},
            .note = note,
            .proof = "seal"};
    }
    std::int64_t begin(const std::string& hash, const std::string& rule = "r")
    {
        std::int64_t id = 0;
        must([&](transaction& t) { id = t.dossiers().begin_import("a.csv", hash, rule, at(0)); });
        return id;
    }
    void add(std::int64_t import, const std::vector<dossiers::dossier>& rows)
    {
        must([&](transaction& t) { t.dossiers().add(import, rows); });
    }
    void finish(std::int64_t import, int second = 0)
    {
        must([&](transaction& t) { t.dossiers().finish_import(import, at(second)); });
    }
    found_dossier find(const std::string& code, const std::string& rule = "r")
    {
        return store_->open_reader()->find_dossier(code, rule);
    }
    std::optional<std::int64_t>
    guess(const std::string& citizen, const std::string& code, utc_time when)
    {
        std::optional<std::int64_t> id;
        must([&](transaction& t) { id = t.dossiers().admit_guess(citizen, code, limits_, when); });
        return id;
    }

    guess_limits limits_{.by_citizen = 2, .of_code = 3, .by_all = 5};
};

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(DossierContract);

TEST_P(DossierContract, AnExportIsSeenWhenItIsFinishedAndThenWhole)
{
    EXPECT_FALSE(find("A").available);
    const auto first = begin("h1");
    add(first, {sample("A"), sample("B")});
    EXPECT_FALSE(find("A").available);
    finish(first);
    ASSERT_TRUE(find("A").what);
    EXPECT_EQ(*find("A").what, sample("A"));
    EXPECT_TRUE(find("C").available);
    EXPECT_FALSE(find("C").what);

    const auto second = begin("h2");
    add(second, {sample("A", "mới")});
    EXPECT_EQ(find("A").what->note, "");
    store_->restart();
    EXPECT_EQ(find("A").what->note, "") << "half of an export is none";
    finish(second);
    EXPECT_EQ(find("A").what->note, "mới");
    EXPECT_TRUE(find("B").what) << "what an export does not name stays";
    EXPECT_FALSE(find("A", "another rule").available);
}

TEST_P(DossierContract, TheLastExportIsKnownByItsHash)
{
    const auto last = [this](const std::string& rule) {
        std::string hash;
        must([&](transaction& t) { hash = t.dossiers().last_import(rule); });
        return hash;
    };
    EXPECT_EQ(last("r"), "");
    const auto first = begin("h1");
    EXPECT_EQ(last("r"), "");
    finish(first);
    EXPECT_EQ(last("r"), "h1");
    EXPECT_EQ(last("other"), "");
}

TEST_P(DossierContract, OldRowsAreRemovedAndNothingElse)
{
    const auto first = begin("h1");
    add(first, {sample("A"), sample("B"), sample("C")});
    finish(first, 10);
    const auto second = begin("h2");
    add(second, {sample("A", "2"), sample("C", "2")});
    finish(second, 20);
    std::string after;
    int rounds = 0;
    do {
        must([&](transaction& t) { after = t.dossiers().remove_superseded(second, after, 1); });
        ASSERT_LT(++rounds, 5);
    } while (!after.empty());
    EXPECT_EQ(store_->open_reader()->dossiers().dossiers, 3);
    EXPECT_EQ(find("A").what->note, "2");
    EXPECT_TRUE(find("B").what);

    add(begin("h3"), {sample("D")}); // never finished
    const auto remove_before = [this](int second_) {
        std::size_t all = 0;
        for (std::size_t removed = 1; removed > 0; all += removed)
            must([&](transaction& t) { removed = t.dossiers().remove_stale(at(second_), 1); });
        return all;
    };
    EXPECT_GT(remove_before(0), 0U);
    EXPECT_EQ(store_->open_reader()->count("dossiers"), 3);
    remove_before(15);
    EXPECT_FALSE(find("B").what);
    EXPECT_TRUE(find("A").what);
    EXPECT_TRUE(find("C").what);
}

TEST_P(DossierContract, TheNewestQuestionAboutADossierIsKept)
{
    const dossier_question asked{
        .user_id = "1001", .code = "A", .proof = "seal", .watch = true, .guess = 7, .at = at(3)};
    must([&](transaction& t) { t.dossiers().ask(asked); });
    std::vector<dossier_question> open;
    const auto read = [&](transaction& t) { open = t.dossiers().questions(10); };
    must(read);
    ASSERT_EQ(open.size(), 1U);
    EXPECT_EQ(open[0].user_id, "1001");
    EXPECT_EQ(open[0].code, "A");
    EXPECT_EQ(open[0].proof, "seal");
    EXPECT_TRUE(open[0].watch);
    EXPECT_EQ(open[0].guess, 7);
    EXPECT_EQ(open[0].at, at(3));
    const auto first = open[0].id;
    must([&](transaction& t) {
        auto again = asked;
        again.proof = "other seal";
        t.dossiers().ask(again);
        t.dossiers().ask({.user_id = "1001", .code = "B", .proof = "x", .at = at(4)});
        t.dossiers().ask({.user_id = "1002", .code = "A", .proof = "y", .at = at(5)});
    });
    store_->restart();
    must(read);
    ASSERT_EQ(open.size(), 3U);
    EXPECT_EQ(open[0].proof, "other seal");
    EXPECT_NE(open[0].id, first);
    EXPECT_EQ(open[1].code, "B");
    EXPECT_EQ(open[2].user_id, "1002");
    must([&](transaction& t) {
        EXPECT_FALSE(t.dossiers().drop_question(first));
        EXPECT_TRUE(t.dossiers().drop_question(open[0].id));
        EXPECT_FALSE(t.dossiers().drop_question(open[0].id));
    });
}

TEST_P(DossierContract, GuessesAreCountedPerCitizenPerCodeAndOverall)
{
    using namespace std::chrono_literals;
    EXPECT_TRUE(guess("an", "A", at(0)));
    const auto second = guess("an", "B", at(1));
    EXPECT_FALSE(guess("an", "C", at(2))) << "by citizen";
    store_->restart();
    EXPECT_FALSE(guess("an", "C", at(3))) << "a restart forgets nothing";
    must([&](transaction& t) { t.dossiers().take_back_guess(*second); });
    EXPECT_TRUE(guess("an", "C", at(4))) << "a right one does not count";

    EXPECT_TRUE(guess("binh", "A", at(5)));
    EXPECT_TRUE(guess("chi", "A", at(6)));
    EXPECT_FALSE(guess("dung", "A", at(7))) << "of the code, by whomever";
    EXPECT_TRUE(guess("dung", "D", at(8)));
    EXPECT_FALSE(guess("giang", "E", at(9))) << "by all";
    EXPECT_TRUE(guess("giang", "E", at(9) + 1h)) << "all: an hour";
    EXPECT_FALSE(guess("an", "F", at(9) + 23h));
    EXPECT_TRUE(guess("an", "F", at(9) + 24h)) << "one citizen: a day";
    EXPECT_LE(store_->open_reader()->dossiers().guesses, 3);
}

TEST_P(DossierContract, WatchesAreBoundedReplacedAndErased)
{
    const auto watch = [this](const std::string& user_id, const std::string& code) {
        bool done = false;
        must([&](transaction& t) {
            done = t.dossiers().watch(
                {.user_id = user_id, .code = code, .proof = "p", .told = "x"}, at(0));
        });
        return done;
    };
    for (std::size_t i = 0; i < watches_of_citizen_limit; ++i)
        EXPECT_TRUE(watch("1001", "A" + std::to_string(i)));
    EXPECT_FALSE(watch("1001", "B"));
    EXPECT_TRUE(watch("1001", "A3")) << "the same again";
    EXPECT_TRUE(watch("1002", "B"));
    const auto reader = store_->open_reader();
    const auto all = reader->dossier_watches(0, 100);
    ASSERT_EQ(all.size(), watches_of_citizen_limit + 1);
    EXPECT_EQ(reader->dossier_watches(all[0].id, 2).size(), 2U);
    must([&](transaction& t) {
        EXPECT_TRUE(t.dossiers().set_told(all[0].id, "y"));
        EXPECT_EQ(t.dossiers().watches_of("1001")[0].told, "y");
        t.dossiers().unwatch("1001", "A0");
        EXPECT_EQ(t.dossiers().watches_of("1001").size(), watches_of_citizen_limit - 1);
        EXPECT_FALSE(t.dossiers().set_told(all[0].id, "z"));
        t.dossiers().ask({.user_id = "1001", .code = "A1", .proof = "p", .at = at(1)});
        t.erase("1001", "p-1001", "asked", at(2));
    });
    EXPECT_EQ(store_->open_reader()->dossier_watches(0, 100).size(), 1U);
    EXPECT_EQ(store_->open_reader()->dossiers().questions, 0);
}

} // namespace motcua::app
