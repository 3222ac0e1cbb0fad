#pragma once

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>

namespace motcua::zalo {

// Where calls get the access token of the moment. On the I/O executor.
class token_source
{
public:
    virtual ~token_source() = default;
    // Empty if there is none. Never log it.
    virtual std::string access_token() = 0;
    // The platform refused this token (-216, -220). Ends once another may be there, or none can be
    // had now; the caller then asks access_token() again. Bounded in time, never throws.
    virtual boost::asio::awaitable<void> refused(std::string token) = 0;
};

// Always the same token, for tests and a token kept by somebody else.
std::unique_ptr<token_source> make_fixed_token(std::string token);

} // namespace motcua::zalo
