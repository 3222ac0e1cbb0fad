#include <motcua/core/reach/interaction.hpp>

namespace motcua::reach {

std::string_view name(contact_kind kind)
{
    switch (kind) {
    case contact_kind::message:
        return "message";
    case contact_kind::tap:
        return "tap";
    case contact_kind::media:
        return "media";
    case contact_kind::follow:
        return "follow";
    case contact_kind::unfollow:
        return "unfollow";
    case contact_kind::other:
        return "other";
    }
    return "other";
}

std::string_view name(credit value)
{
    switch (value) {
    case credit::none:
        return "";
    case credit::direct:
        return "direct";
    case credit::follow_on:
        return "follow_on";
    }
    return "";
}

std::string_view name(outcome value)
{
    switch (value) {
    case outcome::answered:
        return "answered";
    case outcome::clarified:
        return "clarified";
    case outcome::not_understood:
        return "not_understood";
    case outcome::handed_over:
        return "handed_over";
    case outcome::menu:
        return "menu";
    case outcome::greeting:
        return "greeting";
    case outcome::silent:
        return "silent";
    }
    return "silent";
}

outcome outcome_from(std::string_view word)
{
    for (const auto value :
         {outcome::answered,
          outcome::clarified,
          outcome::not_understood,
          outcome::handed_over,
          outcome::menu,
          outcome::greeting}) {
        if (name(value) == word)
            return value;
    }
    return outcome::silent;
}

} // namespace motcua::reach
