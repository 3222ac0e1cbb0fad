#include "demo_data.hpp"

#include "demo_dice.hpp"
#include "demo_picture.hpp"

#include <fmt/format.h>
#include <motcua/app/complaint_desk.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>

namespace motcua {
namespace {

using namespace std::chrono_literals;
using complaints::role;
using std::chrono::days;

constexpr std::string_view demo_mark = "demo";
constexpr std::uint64_t first_citizen = 9'000'000'000'000'000'000U; // no id of the platform
constexpr int busy_days = 18; // the last ones: nearly half of all comes then
constexpr std::size_t cases_at_once = 1000;

struct citizen
{
    std::string user_id;
    complaints::contact particulars;
};

// What will become of a complaint, unless today comes first.
enum class fate : std::uint8_t
{
    answered,
    left, // nobody gets round to it: it becomes late
    supplemented,
    never_supplemented,
    forwarded,
    refused,
    hidden,
    duplicate,
    withdrawn,
};

app::staff_member staff_member_of(const demo_member& one)
{
    app::staff_member out;
    out.id = one.id;
    out.user_name = one.user_name;
    out.name = one.name;
    out.unit = one.unit;
    for (const auto& word : one.roles)
        out.roles.insert(app::staff_role_from(word).value());
    return out;
}

class demonstration
{
public:
    demonstration(
        sqlite::database& store,
        const dialogue::knowledge& known,
        const demo_texts& texts,
        const demo_wish& wish)
        : store_(store), known_(known), rules_(known.complaints), texts_(texts), wish_(wish),
          dice_(wish.seed)
    {
    }

    demo_figures run()
    {
        const auto first_day = complaints::day_of(wish_.now - wish_.span);
        for (std::size_t i = 0; i < wish_.complaints; ++i)
            plan(time_of_sending(first_day), [this] { send(); });
        const auto today = complaints::day_of(wish_.now);
        for (auto day = first_day; day <= today; day += days(1))
            plan(rules_.calendar.opening(day) + 5min, [this] { pass_time(); });
        for (auto day = first_day; day <= today; day += days(1))
            live_through(rules_.calendar.opening(day + days(1)) - 8h);
        return figures_;
    }

private:
    using action = std::function<void()>;

    void plan(utc_time at, action what) { plans_.emplace(at, std::move(what)); }

    // One commit for the plans up to `end`.
    void live_through(utc_time end)
    {
        store_.run_now([this, end](app::transaction& on) {
            on_ = &on;
            while (!plans_.empty() && plans_.begin()->first < std::min(end, wish_.now)) {
                now_ = plans_.begin()->first;
                const auto next = std::move(plans_.begin()->second);
                plans_.erase(plans_.begin());
                next();
                deliver();
                ++figures_.steps;
            }
            on_ = nullptr;
        });
    }

    app::complaint_unit unit() { return {*on_, known_, now_}; }

    // ---- time

    utc_time time_of_sending(complaints::local_day first_day)
    {
        const auto last = static_cast<int>(wish_.span.count());
        const auto first = dice_.chance(45) ? std::max(last - busy_days, 0) : 0;
        const auto day = first_day + days(dice_.between(first, last));
        const auto when = rules_.calendar.opening(day) +
                          std::chrono::minutes(dice_.between(-30, 14 * 60)) +
                          std::chrono::seconds(dice_.between(0, 59));
        return when < wish_.now ? when : when - days(1);
    }
    // Within the office hours of the n-th working day after today; 0 is soon, if anybody is at
    // work.
    utc_time at_work(int working_days)
    {
        const auto& calendar = rules_.calendar;
        const auto soon = now_ + std::chrono::minutes(dice_.between(3, 50));
        if (working_days == 0 && calendar.is_open(soon))
            return soon;
        const auto day =
            calendar.add_working_days(complaints::day_of(now_), std::max(working_days, 1));
        return calendar.opening(day) + std::chrono::minutes(dice_.between(5, 9 * 60)) +
               std::chrono::seconds(dice_.between(0, 59));
    }
    utc_time later(int least_hours, int most_hours)
    {
        return now_ + std::chrono::minutes(dice_.between(least_hours * 60, most_hours * 60));
    }
    void pass_time() { unit().wake(cases_at_once); }

    // ---- words

    std::string words(const std::string& pattern)
    {
        const auto& communes = known_.places.all();
        return dialogue::fill(
            pattern,
            {{"procedure", dice_.one_of(texts_.procedures)},
             {"paper", dice_.one_of(texts_.papers)},
             {"commune", communes.empty() ? "phường" : dice_.one_of(communes).name},
             {"weeks", std::to_string(dice_.between(2, 8))},
             {"day", dice_.one_of(texts_.weekdays)}});
    }

    // Every seventh or so has written before.
    citizen& somebody()
    {
        if (!citizens_.empty() && dice_.chance(15))
            return citizens_.at(dice_.below(citizens_.size()));
        const auto number = citizens_.size();
        citizen one{.user_id = std::to_string(first_citizen + number), .particulars = {}};
        auto& contact = one.particulars;
        contact.anonymous = dice_.chance(12);
        if (!contact.anonymous) {
            contact.name = dice_.one_of(texts_.families) + " " + dice_.one_of(texts_.middles) +
                           " " + dice_.one_of(texts_.givens);
            contact.phone = fmt::format("0900{:06}", number); // nobody's: 0900 00…
            contact.address = "Số " + std::to_string(dice_.between(1, 200)) + ", " +
                              words("đường Ví Dụ, {{commune}}");
        }
        return citizens_.emplace_back(std::move(one));
    }

    // ---- the citizen

    void act(const std::string& user_id, dialogue::complaint_command what)
    {
        dialogue::step_outcome outcome;
        outcome.next = on_->load_conversation(user_id);
        outcome.complaints.push_back(std::move(what));
        on_->note_contact(user_id, now_, now_);
        unit().carry_out(outcome, user_id, false);
        on_->save_conversation(user_id, outcome.next, now_);
        for (const auto& message : outcome.messages)
            on_->add_outgoing(user_id, message, now_);
    }

    static fate fate_of(int percent)
    {
        constexpr std::array<std::pair<int, fate>, 8> bounds{{
            {54, fate::answered},
            {59, fate::left},
            {74, fate::supplemented},
            {79, fate::never_supplemented},
            {84, fate::forwarded},
            {90, fate::refused},
            {92, fate::hidden},
            {96, fate::duplicate},
        }};
        for (const auto& [bound, what] : bounds)
            if (percent <= bound)
                return what;
        return fate::withdrawn;
    }

    void send()
    {
        auto what = fate_of(dice_.between(1, 100));
        if (what == fate::duplicate && !last_)
            what = fate::answered;
        const auto& about =
            what == fate::duplicate ? *last_about_ : dice_.one_of(texts_.categories);
        const auto& by = somebody();
        complaints::complaint content;
        content.user_id = by.user_id;
        content.source = "zalo";
        content.category = about.id;
        const auto* const category = rules_.categories.find(about.id);
        content.about = complaints::name(category ? category->about : complaints::subject::both);
        content.content = content_of(what, about);
        content.from = by.particulars;
        content.notice_version = rules_.intake.notice_version;
        content.consented_at = now_ - std::chrono::minutes(dice_.between(2, 12));
        if (const auto& communes = known_.places.all(); !communes.empty() && dice_.chance(70))
            content.where.commune = dice_.one_of(communes).code;
        if (dice_.chance(30))
            content.where.text = "quầy số " + std::to_string(dice_.between(1, 6));
        if (wish_.files != nullptr && dice_.chance(30))
            add_pictures(content);
        act(by.user_id, dialogue::file_complaint{content});
        const auto code = on_->complaints().of_citizen(by.user_id, 1).at(0).code;
        ++figures_.complaints;
        follow(what, code, by.user_id, about);
        if (what != fate::refused && what != fate::hidden && what != fate::duplicate) {
            last_ = code;
            last_about_ = &about;
            last_content_ = content.content;
        }
    }

    // One to three, as if they had been fetched from the platform.
    void add_pictures(complaints::complaint& to)
    {
        const auto message = fmt::format("demo-{}", ++pictures_sent_);
        const auto count = dice_.between(1, 3);
        on_->note_contact(to.user_id, now_, now_);
        for (int place = 0; place < count; ++place) {
            const auto picture = demo_picture(dice_.between(0, demo_pictures - 1));
            const auto file = wish_.files->name_of(picture);
            wish_.files->put(file, picture);
            app::new_attachment sent;
            sent.user_id = to.user_id;
            sent.kind = "image";
            sent.url = "https://image.example/" + message;
            sent.message_id = message;
            sent.place = place;
            const auto id = on_->attachments().add(sent, now_);
            on_->attachments().claim(now_, 1, {});
            on_->attachments().note_file(id, file);
            app::attachment_end stored;
            stored.bytes = static_cast<std::int64_t>(picture.size());
            stored.type = "image/png";
            on_->attachments().settle(id, stored, now_);
            to.attachments.push_back({message, place, "image", {}});
        }
    }

    std::string content_of(fate what, const demo_category& about)
    {
        if (what == fate::refused)
            return words(dice_.one_of(texts_.refused_texts));
        if (what == fate::hidden)
            return dice_.one_of(texts_.hidden_texts);
        if (what == fate::duplicate)
            return last_content_ + " Tôi gửi lại vì chưa thấy trả lời.";
        return words(dice_.one_of(about.texts));
    }

    // ---- the course of a case

    void follow(
        fate what, const std::string& code, const std::string& user_id, const demo_category& about)
    {
        switch (what) {
        case fate::answered:
            plan(at_work(dice_.between(0, 2)), [this, code, user_id, &about] {
                accept(code, about);
                work(code, user_id, about, dice_.between(2, 14));
            });
            break;
        case fate::left:
            plan(at_work(dice_.between(0, 3)), [this, code, &about] { accept(code, about); });
            break;
        case fate::supplemented:
        case fate::never_supplemented:
            plan(at_work(dice_.between(0, 3)), [this, what, code, user_id, &about] {
                ask_more(what, code, user_id, about);
            });
            break;
        case fate::forwarded:
            plan(at_work(dice_.between(0, 2)), [this, code] {
                const auto& to = dice_.one_of(texts_.forwards);
                complaints::change wish = coordinator_does("forward");
                wish.agency = to.agency;
                wish.reason = to.reason;
                change(code, wish);
            });
            break;
        case fate::refused:
            plan(at_work(dice_.between(0, 2)), [this, code] {
                complaints::change wish = coordinator_does("refuse");
                wish.refusal = dice_.one_of(texts_.refusals);
                change(code, wish);
            });
            break;
        case fate::hidden:
            plan(at_work(dice_.between(0, 1)), [this, code] {
                complaints::change wish = coordinator_does("hide");
                wish.reason = dice_.one_of(texts_.hide_reasons);
                change(code, wish);
            });
            break;
        case fate::duplicate:
            plan(at_work(dice_.between(0, 1)), [this, code, other = *last_] {
                complaints::change wish = coordinator_does("merge");
                wish.duplicate_of = other;
                change(code, wish);
            });
            break;
        case fate::withdrawn:
            plan(later(5, 60), [this, code, user_id] {
                by_citizen(code, user_id, {.transition = "withdraw", .by = {}});
            });
            break;
        }
    }

    void accept(const std::string& code, const demo_category& about)
    {
        complaints::change wish = coordinator_does("accept");
        wish.unit = about.unit;
        if (!change(code, wish))
            return;
        const auto officer = officer_of(about.unit);
        if (officer.empty() || dice_.chance(8))
            return; // for the coordinator to give to somebody
        unit().assign(code, coordinator(), about.unit, officer);
        if (dice_.chance(35))
            unit().add_note(code, {role::officer, officer}, dice_.one_of(texts_.notes));
    }

    // From being taken to the answer and what follows it.
    void
    work(const std::string& code, const std::string& user_id, const demo_category& about, int span)
    {
        const auto officer = officer_of(about.unit);
        if (span > 5 && dice_.chance(30))
            plan(at_work(span / 2), [this, code, officer] {
                if (is_in(code, "processing"))
                    unit().reply(code, {role::officer, officer}, dice_.one_of(texts_.replies));
            });
        if (span > 6 && dice_.chance(12))
            plan(at_work(2), [this, code] {
                complaints::change wish = coordinator_does("transfer");
                wish.unit = dice_.one_of(texts_.units).id;
                wish.reason = dice_.one_of(texts_.transfer_reasons);
                const auto to = wish.unit;
                if (change(code, wish))
                    unit().assign(code, coordinator(), to, officer_of(to));
            });
        plan(at_work(span), [this, code, user_id, &about] {
            const auto found = on_->complaints().find(code);
            complaints::change wish{
                .transition = "answer", .by = {role::officer, officer_of(found->unit)}};
            wish.message = dice_.one_of(about.answers);
            if (change(code, wish))
                hear_from(code, user_id, about);
        });
    }

    // Most answers are rated, few are objected to; some are published before they close.
    void hear_from(const std::string& code, const std::string& user_id, const demo_category& about)
    {
        const int rating = dice_.chance(65) ? dice_.between(3, 5) : dice_.between(1, 2);
        if (dice_.chance(60))
            plan(later(1, 40), [this, code, user_id, rating] {
                act(user_id, dialogue::rate_complaint{code, rating});
            });
        if (rating <= 2 && dice_.chance(60)) {
            plan(later(41, 70), [this, code, user_id, &about] {
                complaints::change wish{.transition = "object", .by = {}};
                wish.reason = dice_.one_of(texts_.objections);
                by_citizen(code, user_id, std::move(wish));
                if (is_in(code, "reopened"))
                    work(code, user_id, about, dice_.between(3, 10));
            });
        } else if (dice_.chance(50)) {
            plan(at_work(dice_.between(1, 2)), [this, code] {
                change(code, coordinator_does("publish"));
            });
        }
    }

    void ask_more(
        fate what, const std::string& code, const std::string& user_id, const demo_category& about)
    {
        complaints::change wish = coordinator_does("ask_more");
        wish.message = dice_.one_of(texts_.asks);
        if (!change(code, wish) || what == fate::never_supplemented)
            return;
        plan(later(4, 90), [this, code, user_id, &about] {
            complaints::change given{.transition = "supplement", .by = {}};
            given.message = words(dice_.one_of(texts_.supplements));
            by_citizen(code, user_id, std::move(given));
            plan(at_work(dice_.between(1, 3)), [this, code, user_id, &about] {
                accept(code, about);
                work(code, user_id, about, dice_.between(2, 12));
            });
        });
    }

    // ---- commands

    bool is_in(const std::string& code, std::string_view state)
    {
        const auto found = on_->complaints().find(code);
        return found && found->state == state;
    }
    complaints::actor coordinator() const { return {role::coordinator, with_role("coordinator")}; }
    complaints::change coordinator_does(std::string transition) const
    {
        return {.transition = std::move(transition), .by = coordinator()};
    }
    std::string with_role(std::string_view wanted) const
    {
        for (const auto& one : texts_.staff)
            if (std::ranges::find(one.roles, wanted) != one.roles.end())
                return one.id;
        throw std::runtime_error("the demonstration has no " + std::string(wanted));
    }
    std::string officer_of(const std::string& unit) const
    {
        for (const auto& one : texts_.staff)
            if (one.unit == unit && std::ranges::find(one.roles, "officer") != one.roles.end())
                return one.id;
        return with_role("coordinator");
    }
    // False if the workflow does not allow it any more: the citizen or time came first.
    bool change(const std::string& code, const complaints::change& wish)
    {
        return unit().change(code, wish).end == app::desk_end::done;
    }
    void by_citizen(const std::string& code, const std::string& user_id, complaints::change wish)
    {
        wish.by = {role::citizen, user_id};
        act(user_id, dialogue::change_complaint{code, std::move(wish), {}});
    }

    // The platform takes every message at once; most are read.
    void deliver()
    {
        for (;;) {
            const auto batch = on_->claim_due(now_, cases_at_once);
            if (batch.rows.empty())
                return;
            for (const auto& row : batch.rows) {
                const auto id = "demo-" + std::to_string(row.id);
                on_->settle(row.id, {.message_id = id}, now_);
                if (dice_.chance(95))
                    on_->mark_received({id}, now_ + 1s);
                if (dice_.chance(75))
                    on_->mark_seen({id}, now_ + 1min);
            }
        }
    }

    sqlite::database& store_;
    const dialogue::knowledge& known_;
    const complaints::rules& rules_;
    const demo_texts& texts_;
    const demo_wish& wish_;
    dice dice_;
    std::multimap<utc_time, action> plans_; // of one time: in the order they were made
    std::vector<citizen> citizens_;
    std::optional<std::string> last_; // a code others may be duplicates of
    const demo_category* last_about_ = nullptr;
    std::string last_content_;
    app::transaction* on_ = nullptr; // while a day is lived through
    utc_time now_{};
    int pictures_sent_ = 0;
    demo_figures figures_;
};

} // namespace

void keep_demo_apart(sqlite::database& store, bool demo)
{
    const auto reader = store.open_reader();
    const bool is_empty = reader->count("events") == 0 && reader->count("complaints") == 0;
    bool is_marked = false;
    store.run_now([&](app::transaction& on) {
        is_marked = on.setting(demo_mark).has_value();
        if (demo && !is_marked && is_empty)
            on.put_setting(demo_mark, "1");
    });
    if (demo && !is_marked && !is_empty)
        throw std::runtime_error("--demo: the database holds data that is not of a demonstration; "
                                 "name another folder with --set storage.directory=…");
    if (!demo && is_marked)
        throw std::runtime_error(
            "the database is of a demonstration; name another folder with storage.directory");
}

void add_demo_staff(
    sqlite::database& store, const demo_texts& texts, const std::string& password_hash)
{
    store.run_now([&](app::transaction& on) {
        auto& accounts = on.accounts();
        if (!accounts.all().empty())
            return;
        for (const auto& one : texts.units)
            accounts.put_unit(
                {.id = one.id, .name = one.name, .parent = one.parent, .commune = {}});
        for (const auto& one : texts.staff) {
            app::account added;
            added.who = staff_member_of(one);
            added.password_hash = password_hash;
            accounts.put(added);
        }
    });
}

demo_figures fill_demo(
    sqlite::database& store,
    const dialogue::knowledge& known,
    const demo_texts& texts,
    const demo_wish& wish)
{
    return demonstration(store, known, texts, wish).run();
}

} // namespace motcua
