#pragma once

#include "complaint_contract.hpp"

#include <motcua/app/complaint_queries.hpp>
#include <motcua/core/complaints/search.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

// What every implementation of the reading port of complaints must do; used as storage_contract.hpp
// is.
namespace motcua::app {

class ComplaintQueriesContract : public ComplaintContract
{
protected:
    found_complaints search(
        const complaint_filter& filter, const complaint_order& order = {}, std::size_t limit = 99)
    {
        return store_->open_reader()->complaints().search(filter, order, 0, limit);
    }
    static complaint_filter everything()
    {
        complaint_filter filter;
        filter.sight.all = true;
        return filter;
    }
    static complaint_filter words(std::string_view query)
    {
        auto filter = everything();
        filter.search = complaints::parse_search(query);
        return filter;
    }
    listed_complaint listed(std::int64_t id)
    {
        const auto found =
            store_->open_reader()->complaints().listed({id}, {.all = true, .units = {}});
        EXPECT_EQ(found.size(), 1U);
        return found.empty() ? listed_complaint{} : found.front();
    }
    void
    say(std::int64_t id,
        complaints::message_kind kind,
        complaints::role role,
        std::int64_t when,
        std::string text = "Xin bổ sung biên nhận")
    {
        must([&](transaction& t) {
            t.complaints().add_message(
                id,
                {.at = at(when),
                 .kind = kind,
                 .by = {role, "somebody"},
                 .text = std::move(text),
                 .attachments = {}});
        });
    }
};

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ComplaintQueriesContract);

TEST_P(ComplaintQueriesContract, WordsAreFoundWithoutMarksInAnyOrder)
{
    const auto id = add(sample("PA-261122-0001X", "1001"));
    EXPECT_EQ(search(words("hen TRE")).ids, std::vector{id});
    EXPECT_EQ(search(words("trễ hẹn một")).ids, std::vector{id}) << "the place is searched too";
    EXPECT_TRUE(search(words("trễ xa")).ids.empty());
    EXPECT_TRUE(search(words("tr")).ids.empty()) << "whole words";
    EXPECT_EQ(search(words("\"trễ\" OR* (hẹn:")).ids.size(), 0U) << "no language of its own";
    say(id, complaints::message_kind::note, complaints::role::officer, 5, "ghi chú riêng");
    EXPECT_TRUE(search(words("riêng")).ids.empty());
    say(id, complaints::message_kind::citizen, complaints::role::citizen, 6, "Thêm ảnh chụp");
    EXPECT_EQ(search(words("chup hen")).ids, std::vector{id});
    store_->restart();
    EXPECT_EQ(search(words("chup hen")).ids, std::vector{id});
}

TEST_P(ComplaintQueriesContract, CodesPhonesDossiersAndLabelsAreFound)
{
    auto one = sample("PA-261122-0001X", "1001");
    one.content = "Hồ sơ 000.00.04.H51-200221-0001 trễ";
    one.labels = {"Giao thông"};
    auto other = sample("PA-261123-0001X", "1002");
    other.from.phone = "0987654321";
    const auto first = add(one);
    const auto second = add(other);
    EXPECT_EQ(search(words("ma:PA-261122")).ids, std::vector{first});
    EXPECT_EQ(search(words("mã:26112")).ids, (std::vector{first, second}));
    EXPECT_EQ(search(words("sdt:0987 654 321")).ids, std::vector{second});
    EXPECT_TRUE(search(words("sdt:098765432")).ids.empty());
    EXPECT_EQ(search(words("hs:000.00.04.h51-200221-0001")).ids, std::vector{first});
    EXPECT_EQ(search(words("#giao-thong")).ids, std::vector{first});
    EXPECT_TRUE(search(words("#giao")).ids.empty());
    auto filter = everything();
    filter.labels = {"Giao thông", "Đất"};
    EXPECT_EQ(search(filter).ids, std::vector{first});
    must([&](transaction& t) {
        auto found = *t.complaints().find(one.code);
        found.labels = {"Đất", "Gấp"};
        ++found.version;
        EXPECT_TRUE(t.complaints().update(found, 1, {}));
    });
    EXPECT_TRUE(search(words("#giao-thong")).ids.empty());
    EXPECT_EQ(search(words("#gap")).ids, std::vector{first});
    EXPECT_EQ(
        store_->open_reader()->complaints().labels(9), (std::vector<std::string>{"Gấp", "Đất"}));
}

TEST_P(ComplaintQueriesContract, WhoSpokeLastAndWhoWaitsFollowsTheConversation)
{
    using complaints::message_kind;
    using complaints::role;
    const auto id = add(sample("PA-261122-0001X", "1001"), {.due = at(5000), .wake = {}});
    EXPECT_EQ(listed(id).last_message->from, speaker::citizen);
    EXPECT_EQ(listed(id).waiting_since, at(0));
    say(id, message_kind::citizen, role::citizen, 5);
    EXPECT_EQ(listed(id).waiting_since, at(0)) << "from the first unanswered word on";
    EXPECT_EQ(listed(id).last_message->at, at(5));
    say(id, message_kind::staff, role::system, 6);
    EXPECT_EQ(listed(id).last_message->from, speaker::bot);
    EXPECT_EQ(listed(id).waiting_since, at(0)) << "the machine answers nothing";
    say(id, message_kind::note, role::officer, 7);
    EXPECT_EQ(listed(id).last_message->at, at(6));
    say(id, message_kind::staff, role::officer, 8);
    EXPECT_EQ(listed(id).last_message->from, speaker::staff);
    EXPECT_EQ(listed(id).waiting_since, std::nullopt);
    say(id, message_kind::citizen, role::citizen, 9);
    EXPECT_EQ(listed(id).waiting_since, at(9));
    const auto change = [&](std::string state, std::optional<utc_time> due, int when) {
        must([&](transaction& t) {
            auto found = *t.complaints().find("PA-261122-0001X");
            found.state = state;
            found.course.push_back({"x", state, at(when)});
            found.updated_at = at(when);
            const auto before = found.version++;
            EXPECT_TRUE(t.complaints().update(found, before, {.due = due, .wake = {}}));
        });
    };
    change("answered", std::nullopt, 10);
    EXPECT_EQ(listed(id).waiting_since, std::nullopt);
    change("reopened", at(9000), 11);
    EXPECT_EQ(listed(id).waiting_since, at(11));
    EXPECT_EQ(listed(id).reopened, 1);
    EXPECT_EQ(listed(id).due, at(9000));
}

TEST_P(ComplaintQueriesContract, FilesAreCounted)
{
    const auto id = add(sample("PA-261122-0001X", "1001"));
    EXPECT_EQ(listed(id).photos, 1);
    EXPECT_EQ(listed(id).attachments, 2);
    must([&](transaction& t) {
        t.complaints().add_message(
            id,
            {.at = at(1),
             .kind = complaints::message_kind::citizen,
             .by = {complaints::role::citizen, "1001"},
             .text = {},
             .attachments = {{"m9", 0, "image", ""}}});
    });
    EXPECT_EQ(listed(id).photos, 2);
    EXPECT_EQ(listed(id).attachments, 3);
}

TEST_P(ComplaintQueriesContract, ErasureClearsWhatIsSearched)
{
    const auto id = add(sample("PA-261122-0001X", "1001"));
    const auto other = add(sample("PA-261122-0002X", "1002"));
    EXPECT_EQ(search(words("sdt:0912345678")).ids.size(), 2U);
    EXPECT_EQ(listed(other).duplicates, 1);
    must([](transaction& t) { t.erase("1001", "p1", "asked", at(9)); });
    EXPECT_EQ(search(words("sdt:0912345678")).ids, std::vector{other});
    EXPECT_EQ(search(words("trễ hẹn")).ids, std::vector{other});
    EXPECT_EQ(listed(other).duplicates, 0);
    say(id, complaints::message_kind::staff, complaints::role::officer, 10, "Đã xong việc");
    EXPECT_TRUE(search(words("xong")).ids.empty());
    store_->restart();
    EXPECT_EQ(search(words("trễ hẹn")).ids, std::vector{other});
    EXPECT_EQ(search(words("ma:PA-261122")).ids, (std::vector{id, other})) << "the act is kept";
    const auto again = add(sample("PA-261122-0003X", "1003"));
    EXPECT_EQ(listed(again).duplicates, 1) << "not of the erased one";
}

TEST_P(ComplaintQueriesContract, SortingPutsWhatHasNoDateLastEitherWay)
{
    const auto id_of = [this](int number, std::optional<utc_time> due) {
        return add(
            sample("PA-261122-000" + std::to_string(number) + "X", "1001"),
            {.due = due, .wake = {}});
    };
    const auto none = id_of(1, std::nullopt);
    const auto late = id_of(2, at(900));
    const auto second = id_of(4, at(100));
    const auto first = id_of(3, at(100));
    complaint_order order;
    EXPECT_EQ(search(everything(), order).ids, (std::vector{first, second, late, none}));
    order.descending = true;
    EXPECT_EQ(search(everything(), order).ids, (std::vector{late, first, second, none}));
    order.by = complaint_sort::code;
    EXPECT_EQ(search(everything(), order).ids, (std::vector{second, first, late, none}));
    EXPECT_EQ(search(everything(), order, 2).ids, (std::vector{second, first}));
    const auto reader = store_->open_reader();
    EXPECT_EQ(reader->complaints().search(everything(), order, 3, 9).ids, std::vector{none});
    EXPECT_TRUE(reader->complaints().search(everything(), order, 4, 9).ids.empty());
    EXPECT_TRUE(reader->complaints().search(everything(), order, 400, 9).ids.empty());
}

// The same by looking at every case in turn.
class naive_list
{
public:
    struct row
    {
        std::int64_t id = 0;
        complaints::complaint what;
        std::optional<utc_time> due;
    };
    std::vector<row> rows;

    static bool holds(const std::vector<std::string>& wanted, const std::string& value)
    {
        return wanted.empty() || std::ranges::find(wanted, value) != wanted.end();
    }
    static bool matches(const row& one, const complaint_filter& f)
    {
        const auto& what = one.what;
        const bool overdue = one.due && *one.due < f.now;
        const bool soon = one.due && !overdue && *one.due < f.soon_before;
        const bool any_deadline = f.overdue || f.soon || f.later || f.without_due;
        const auto received = what.course.front().at;
        const auto is = [](std::optional<bool> wanted, bool value) {
            return !wanted || *wanted == value;
        };
        const auto reopened =
            std::ranges::count(what.course, "reopened", &complaints::moment::state) > 0;
        if (what.test != f.test || !(f.sight.all || f.sight.units.contains(what.unit)) ||
            !holds(f.states, what.state) || !holds(f.categories, what.category) ||
            !holds(f.units, what.unit) || !holds(f.officers, what.officer) ||
            !holds(f.communes, what.where.commune) || !holds(f.activities, what.activity) ||
            !holds(f.sources, what.source) || !is(f.reopened, reopened) ||
            !is(f.has_attachment, !what.attachments.empty()))
            return false;
        if (!f.left_out.empty() && holds(f.left_out, what.state))
            return false;
        if (any_deadline &&
            !((f.overdue && overdue) || (f.soon && soon) ||
              (f.later && one.due && !overdue && !soon) || (f.without_due && !one.due)))
            return false;
        if ((f.received_from && received < *f.received_from) ||
            (f.received_before && received >= *f.received_before))
            return false;
        if (f.rating_maximum && (what.rating == 0 || what.rating > *f.rating_maximum))
            return false;
        if (!f.labels.empty() && std::ranges::none_of(what.labels, [&f](const auto& label) {
                return holds(f.labels, label);
            }))
            return false;
        return found(what, f.search);
    }
    static bool found(const complaints::complaint& what, const complaints::search_terms& search)
    {
        const auto text =
            ' ' + complaints::search_words(what.content + ' ' + what.where.text) + ' ';
        const auto has_label = [&what](const std::string& key) {
            return std::ranges::any_of(what.labels, [&key](const auto& label) {
                return complaints::label_key(label) == key;
            });
        };
        return std::ranges::all_of(
                   search.words,
                   [&text](const auto& word) {
                       return text.find(' ' + word + ' ') != std::string::npos;
                   }) &&
               std::ranges::all_of(
                   search.code_prefixes,
                   [&what](const auto& prefix) { return what.code.starts_with(prefix); }) &&
               std::ranges::all_of(search.labels, has_label) &&
               (!search.phone || (!search.phone->empty() && what.from.phone == *search.phone));
    }
    static bool in_tab(const row& one, complaint_tab tab, const complaint_filter& f)
    {
        const bool open = !f.open_states.empty() && holds(f.open_states, one.what.state);
        switch (tab) {
        case complaint_tab::mine:
            return !f.me.empty() && one.what.officer == f.me;
        case complaint_tab::unassigned:
            return open && one.what.officer.empty();
        case complaint_tab::open:
            return open;
        case complaint_tab::due:
            return one.due && *one.due < f.soon_before;
        case complaint_tab::all:
            break;
        }
        return true;
    }
    static std::int64_t key(const row& one, complaint_sort by)
    {
        const auto ms = [](utc_time when) { return when.time_since_epoch().count(); };
        switch (by) {
        case complaint_sort::due:
            return one.due ? ms(*one.due) : -1;
        case complaint_sort::waiting: // nobody has answered yet: since it was filed
            return one.due ? ms(one.what.course.front().at) : -1;
        case complaint_sort::received:
            return ms(one.what.course.front().at);
        case complaint_sort::updated:
            return ms(one.what.updated_at);
        case complaint_sort::code:
            break;
        }
        return 0;
    }
    static bool before(const row& left, const row& right, const complaint_order& order)
    {
        const auto a = key(left, order.by);
        const auto b = key(right, order.by);
        const bool by_code = order.by == complaint_sort::code;
        if ((a < 0) != (b < 0))
            return b < 0;
        if (a != b)
            return order.descending != (order.by == complaint_sort::waiting) ? a > b : a < b;
        return by_code && order.descending ? left.what.code > right.what.code
                                           : left.what.code < right.what.code;
    }
    found_complaints search(const complaint_filter& f, const complaint_order& order) const
    {
        found_complaints out;
        std::vector<row> in;
        for (const auto& one : rows) {
            if (!matches(one, f))
                continue;
            for (std::size_t tab = 0; tab < complaint_tabs; ++tab)
                out.counts.at(tab) += in_tab(one, static_cast<complaint_tab>(tab), f) ? 1 : 0;
            if (in_tab(one, order.tab, f))
                in.push_back(one);
        }
        std::ranges::sort(in, [&order](const row& a, const row& b) { return before(a, b, order); });
        for (const auto& one : in)
            out.ids.push_back(one.id);
        return out;
    }
};

TEST_P(ComplaintQueriesContract, AnyFilterCountsAndSortsAsLookingAtEveryCaseDoes)
{
    std::mt19937 random(20261122); // the same cases on every run
    const auto under = [&random](std::size_t n) { return random() % n; };
    const auto one_of = [&](const std::vector<std::string>& all) { return all[under(all.size())]; };
    const std::vector<std::string> states{
        "submitted", "needs_more", "answered", "hidden", "closed"};
    const std::vector<std::string> units{"", "so", "xa"};
    const std::vector<std::string> officers{"", "an", "binh"};
    const std::vector<std::string> categories{"delay", "attitude", "fees"};
    const std::vector<std::string> communes{"", "1", "2"};
    const std::vector<std::string> activities{"", "plan-1"};
    const std::vector<std::string> sources{"zalo", "counter"};
    const std::vector<std::string> labels{"Gấp", "Đất đai", "Giao thông"};
    const std::vector<std::string> texts{"trễ hẹn", "đường hỏng", "trễ đường", "thu phí"};
    const std::vector<std::string> queries{
        "",
        "",
        "tre",
        "trễ hẹn",
        "duong HONG",
        "#gap",
        "ma:PA-26",
        "khong",
        "#dat-dai thu",
        "tre #gap",
        "sdt:0912345678",
        "ma:PA-261122-001"};
    naive_list naive;
    must([&](transaction& t) {
        for (int i = 1; i <= 150; ++i) {
            const auto number = std::to_string(10'000 + i).substr(1);
            auto one = sample("PA-261122-" + number + "X", "1001");
            one.state = one_of(states);
            one.unit = one_of(units);
            one.officer = one_of(officers);
            one.category = one_of(categories);
            one.where = {.commune = one_of(communes), .text = {}, .coordinates = {}};
            one.activity = one_of(activities);
            one.source = one_of(sources);
            one.content = one_of(texts) + " vụ " + std::to_string(i);
            one.course = {{"file", "submitted", at(static_cast<std::int64_t>(under(50)))}};
            one.updated_at = at(static_cast<std::int64_t>(under(50)));
            if (under(3) == 0)
                one.course.push_back({"object", "reopened", at(60)});
            if (under(2) == 0)
                one.attachments.clear();
            else
                one.attachments = {{"m" + std::to_string(i), 0, "image", ""}};
            if (under(3) != 0)
                one.labels = {one_of(labels)};
            one.rating = static_cast<int>(under(6));
            one.test = under(10) == 0;
            one.from.phone = under(2) == 0 ? "0912345678" : "0912345679";
            std::optional<utc_time> due;
            if (under(3) != 0)
                due = at(static_cast<std::int64_t>(under(40)));
            const auto id = t.complaints().add(one, {.due = due, .wake = {}});
            naive.rows.push_back({id, one, due});
        }
    });
    const auto some_of = [&](const std::vector<std::string>& all) {
        std::vector<std::string> some;
        for (const auto& each : all)
            if (under(2) == 0)
                some.push_back(each);
        return under(3) == 0 ? some : std::vector<std::string>{};
    };
    const auto maybe = [&] {
        const auto word = under(6);
        return word > 1 ? std::nullopt : std::optional(word == 1);
    };
    const auto reader = store_->open_reader();
    std::int64_t total = 0;
    for (int i = 0; i < 200; ++i) {
        complaint_filter f;
        f.sight.all = under(2) == 0;
        f.sight.units = {"so"};
        f.states = some_of(states);
        if (f.states.empty())
            f.left_out = {"hidden"};
        f.categories = some_of(categories);
        f.units = some_of(units);
        f.officers = some_of(officers);
        f.communes = some_of(communes);
        f.activities = some_of(activities);
        f.sources = some_of(sources);
        f.labels = some_of(labels);
        if (under(4) == 0)
            f.received_from = at(static_cast<std::int64_t>(under(30)));
        if (under(4) == 0)
            f.received_before = at(static_cast<std::int64_t>(20 + under(40)));
        f.overdue = under(6) == 0;
        f.soon = under(6) == 0;
        f.later = under(6) == 0;
        f.without_due = under(6) == 0;
        f.reopened = maybe();
        f.has_attachment = maybe();
        if (under(8) == 0)
            f.rating_maximum = static_cast<int>(1 + under(5));
        f.test = under(8) == 0;
        f.search = complaints::parse_search(one_of(queries));
        f.me = under(5) == 0 ? "" : "an";
        f.open_states = {"submitted", "needs_more"};
        f.now = at(10);
        f.soon_before = at(20);
        const complaint_order order{
            .tab = static_cast<complaint_tab>(under(complaint_tabs)),
            .by = static_cast<complaint_sort>(under(5)),
            .descending = under(2) == 0};
        const auto expected = naive.search(f, order);
        const auto found = reader->complaints().search(f, order, 0, 1000);
        ASSERT_EQ(found.counts, expected.counts) << "filter " << i;
        ASSERT_EQ(found.ids, expected.ids) << "filter " << i;
        ASSERT_EQ(
            static_cast<std::int64_t>(found.ids.size()),
            found.counts.at(static_cast<std::size_t>(order.tab)));
        const auto first = under(20);
        const auto part = reader->complaints().search(f, order, first, 7);
        const auto begin = std::min(first, expected.ids.size());
        const auto end = std::min(begin + 7, expected.ids.size());
        const std::vector<std::int64_t> wanted(
            expected.ids.begin() + static_cast<std::ptrdiff_t>(begin),
            expected.ids.begin() + static_cast<std::ptrdiff_t>(end));
        ASSERT_EQ(part.ids, wanted) << "filter " << i << " from " << first;
        total += found.counts.back();
    }
    EXPECT_GT(total, 200) << "filters that find something";
}

} // namespace motcua::app
