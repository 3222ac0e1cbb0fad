#pragma once

#include "demo_data.hpp"

#include <boost/asio/io_context.hpp>
#include <motcua/app/event_handler.hpp>

#include <functional>
#include <string>
#include <string_view>

// Conversations for demonstrations: invented citizens ask about procedures, through the handler of
// the server with a clock that is moved, so that overview and reports have figures to show.
namespace motcua {

struct demo_talk_parts
{
    boost::asio::io_context& io; // outlives the store; nothing else runs on it
    sqlite::database& store;
    app::content used;
    std::function<std::string(std::string_view)> pseudonym; // the server's
};

// Events handled, of `wish.complaints` conversations: as many as there are complaints. All answers
// count as read. The same seed, content and day give the same rows.
std::size_t fill_demo_talk(demo_talk_parts parts, const demo_texts& texts, const demo_wish& wish);

} // namespace motcua
