#pragma once

#include <boost/asio/steady_timer.hpp>
#include <motcua/app/dossier_source.hpp>
#include <motcua/app/event_handler.hpp>
#include <motcua/app/storage.hpp>
#include <motcua/core/dialogue/step.hpp>
#include <motcua/support/task_group.hpp>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

namespace motcua::app {

// A keyed hash; the key is not here.
using keyed_hash = std::function<std::string(std::string_view)>;

// What is done about a dossier_wish in the transaction of the event: asks back, or leaves a
// question for dossier_desk. True if there is a question.
bool carry_out_dossier_wish(
    transaction& store,
    dialogue::step_outcome& outcome,
    const std::string& user_id,
    const dialogue::knowledge& known,
    const keyed_hash& hash,
    const guess_limits& most,
    utc_time now);

struct dossier_desk_parts
{
    app::writer& store;
    dossier_source& source;
    std::function<std::unique_ptr<app::reader>()> open_reader; // called on `workers`
    asio::any_io_executor workers;
    std::function<content()> current_content;
    std::function<utc_time()> now;
    std::function<void()> outgoing_added;
    // A refusal is said at a multiple of this behind the question: how long the look took tells
    // nothing of whether there is such a code.
    std::chrono::milliseconds refusal_step{3000};
    // Watched dossiers are compared with the source so often, besides after each changed().
    std::chrono::minutes look_every{360};
    std::size_t concurrency = 32; // questions asked at once; a refusal waits in its place
};

// Asks the source what citizens have asked, and tells those who want to be told of changes. A
// question outlives the process; its answer is committed together with its removal.
class dossier_desk
{
public:
    dossier_desk(const asio::any_io_executor& executor, dossier_desk_parts parts);

    // Runs until stop(). Run once.
    asio::awaitable<void> run();
    // Call these on the executor.
    void stop();
    void asked();   // there may be a new question
    void changed(); // there is new data: look at what is watched

    // Compares every watched dossier with the source. Returns how many citizens were told.
    asio::awaitable<std::size_t> look_at_watched();

private:
    asio::awaitable<void> answer_questions();
    asio::awaitable<void> answer(dossier_question question);
    asio::awaitable<void> look_often();
    asio::awaitable<bool> compare(dossier_watch watch);

    dossier_desk_parts parts_;
    asio::steady_timer wake_;
    asio::steady_timer look_;
    task_group answering_;
    std::size_t under_way_ = 0;
    std::vector<std::int64_t> held_; // ids of questions being answered
    bool woken_ = false;
    bool changed_ = true; // at the start: what came while we were down
    bool stopping_ = false;
};

} // namespace motcua::app
