#include <motcua/app/takeover.hpp>

#include <utility>

namespace motcua::app {

void take_over(
    transaction& store,
    const std::string& user_id,
    const std::string& staff,
    utc_time until,
    utc_time now)
{
    auto conversation = store.load_conversation(user_id);
    dialogue::take_over(conversation, until);
    store.save_conversation(user_id, conversation, now);
    handover_note note;
    note.user_id = user_id;
    note.by = dialogue::attention::person;
    note.until = until;
    note.who = staff;
    store.handovers().note(note, now);
}

bool hand_back(transaction& store, const std::string& user_id, utc_time now)
{
    auto conversation = store.load_conversation(user_id);
    if (dialogue::attended_by(conversation, now) == dialogue::attention::machine)
        return false;
    dialogue::hand_back(conversation);
    store.save_conversation(user_id, conversation, now);
    handover_note note;
    note.user_id = user_id;
    store.handovers().note(note, now);
    return true;
}

takeover::takeover(app::writer& store, std::function<utc_time()> now)
    : store_(store), now_(std::move(now))
{
}

asio::awaitable<result<void>>
takeover::take_over(std::string user_id, std::string staff, std::chrono::minutes span)
{
    const auto now = now_();
    bool known = false;
    auto unit = [&](transaction& store) {
        known = store.knows(user_id);
        if (known)
            app::take_over(store, user_id, staff, now + span, now);
    };
    const auto committed = co_await store_.commit(std::move(unit));
    if (!committed)
        co_return committed.error();
    if (!known)
        co_return errc::not_found;
    co_return result<void>();
}

asio::awaitable<result<void>> takeover::hand_back(std::string user_id)
{
    const auto now = now_();
    auto unit = [&](transaction& store) { app::hand_back(store, user_id, now); };
    auto committed = co_await store_.commit(std::move(unit));
    co_return committed;
}

} // namespace motcua::app
