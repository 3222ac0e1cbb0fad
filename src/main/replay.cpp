#include "replay.hpp"

#include <motcua/core/dialogue/unknown.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <utility>

namespace motcua {
namespace {

bool tells_of_complaint(const dialogue::step_outcome& outcome)
{
    return outcome.reached->intent.starts_with("complaint") ||
           outcome.next.draft.at != dialogue::draft_stage::none;
}

std::string all_words_of(const dialogue::step_outcome& outcome)
{
    std::string all;
    for (const auto& message : outcome.messages) {
        all += message.text + '\n';
        for (const auto& one : message.buttons)
            all += '[' + one.title + ' ' + one.payload + "]\n";
    }
    return all;
}

heard_as summary_of(const dialogue::step_outcome& outcome, bool may_be_shown)
{
    const auto& reached = *outcome.reached;
    return {
        .outcome = reached.outcome,
        .intent = reached.intent,
        .procedure = reached.procedure,
        .aspect = reached.aspect,
        .said = may_be_shown ? dialogue::mask_message(all_words_of(outcome)) : std::string()};
}

bool is_understood(const heard_as& how)
{
    return how.outcome != reach::outcome::not_understood;
}

} // namespace

std::string_view name(difference_kind value)
{
    switch (value) {
    case difference_kind::newly_lost:
        return "newly_lost";
    case difference_kind::newly_understood:
        return "newly_understood";
    case difference_kind::changed:
        return "changed";
    }
    return "changed";
}

replay::replay(app::content before, app::content after)
    : before_{.uses = std::move(before), .conversations = {}}, after_{
                                                                   .uses = std::move(after),
                                                                   .conversations = {}}
{
}

dialogue::step_outcome replay::side::hear(const dialogue::inbound_event& event)
{
    understand::understood heard;
    if (dialogue::needs_understanding(event))
        heard = uses.understander->understand(event.text);
    auto& conversation = conversations[event.user_id];
    auto outcome = dialogue::step(conversation, event, heard, *uses.knowledge, event.at);
    conversation = outcome.next;
    return outcome;
}

void replay::hear(const dialogue::inbound_event& event)
{
    if (event.user_id.empty())
        return;
    const auto before = before_.hear(event);
    const auto after = after_.hear(event);
    if (!before.reached || !after.reached || !reach::makes_visits(before.reached->kind))
        return;
    ++messages_;
    const bool may_be_shown = !tells_of_complaint(before) && !tells_of_complaint(after);
    auto was = summary_of(before, may_be_shown);
    auto is = summary_of(after, may_be_shown);
    if (all_words_of(before) == all_words_of(after) && was == is)
        return;
    auto kind = difference_kind::changed;
    if (is_understood(was) != is_understood(is))
        kind = is_understood(was) ? difference_kind::newly_lost : difference_kind::newly_understood;
    auto text = may_be_shown ? dialogue::mask_message(event.text) : "(phản ánh, kiến nghị)";
    ++found_[{kind, std::move(text), std::move(was), std::move(is)}];
}

std::size_t replay::count(difference_kind kind) const
{
    std::size_t sum = 0;
    for (const auto& [what, times] : found_)
        sum += std::get<0>(what) == kind ? times : 0;
    return sum;
}

std::vector<difference> replay::differences() const
{
    std::vector<difference> all;
    for (const auto& [what, times] : found_)
        all.push_back(
            {.kind = std::get<0>(what),
             .text = std::get<1>(what),
             .before = std::get<2>(what),
             .after = std::get<3>(what),
             .times = times});
    std::ranges::stable_sort(all, [](const difference& left, const difference& right) {
        return std::pair(left.kind, right.times) < std::pair(right.kind, left.times);
    });
    return all;
}

most_allowed::most_allowed(std::string_view option, std::string_view words)
{
    auto digits = words;
    percent_ = digits.ends_with('%');
    if (percent_)
        digits.remove_suffix(1);
    const auto* const end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, number_);
    constexpr double hundred = 100;
    const bool fits =
        read.ec == std::errc() && read.ptr == end && number_ >= 0 &&
        (percent_ ? number_ <= hundred
                  : number_ == static_cast<double>(static_cast<std::size_t>(number_)));
    if (!fits)
        throw std::runtime_error(
            std::string(option) + " " + std::string(words) + ": write 20 or 2.5%");
}

bool most_allowed::holds(std::size_t found, std::size_t of) const
{
    constexpr double hundred = 100;
    if (number_ < 0)
        return true;
    const auto bound = percent_ ? number_ / hundred * static_cast<double>(of) : number_;
    return static_cast<double>(found) <= bound;
}

} // namespace motcua
