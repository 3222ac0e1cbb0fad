#pragma once

#include <boost/asio/awaitable.hpp>
#include <motcua/simulator/conversation_script.hpp>

#include <string>
#include <vector>

namespace motcua::simulator {

struct played_conversation
{
    std::string transcript;              // as the two of them spoke, for people to read
    std::vector<std::string> complaints; // "file:line: …"; empty = everything was as it must be
};

// Holds the conversation as a new citizen of the running simulator, webhook in and message out.
// Ends at the first turn that is not answered within 10 s, which is a complaint. Throws
// std::runtime_error if the simulator cannot be reached.
boost::asio::awaitable<played_conversation>
play_conversation(std::string simulator_url, conversation_script script);

} // namespace motcua::simulator
