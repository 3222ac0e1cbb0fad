#pragma once

#include <boost/system/error_category.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

#include <string>

namespace motcua {

// What a caller is expected to decide upon. Failures of the outside world are thrown instead
// (docs/architecture.md).
enum class errc
{
    not_found = 1,   // there is no such record
    duplicate_event, // the event is stored already
    bad_signature,   // the signature is missing, malformed or wrong
    malformed_event, // the body is no event: bad JSON, beyond a limit, or without what every event
                     // has
    malformed_content, // a content, procedure or model file cannot be read; the message says where
    busy,              // a bounded queue is full: try again later
    storage_failed,    // the commit failed; nothing of the unit of work is stored
};

inline const boost::system::error_category& errc_category() noexcept
{
    class category final : public boost::system::error_category
    {
    public:
        const char* name() const noexcept override { return "motcua"; }
        std::string message(int value) const override
        {
            switch (static_cast<errc>(value)) {
            case errc::not_found:
                return "not found";
            case errc::duplicate_event:
                return "duplicate event";
            case errc::bad_signature:
                return "bad signature";
            case errc::malformed_event:
                return "malformed event";
            case errc::malformed_content:
                return "malformed content";
            case errc::busy:
                return "busy";
            case errc::storage_failed:
                return "storage failed";
            }
            return "unknown error";
        }
    };
    static const category instance;
    return instance;
}

inline boost::system::error_code make_error_code(errc value) noexcept
{
    return {static_cast<int>(value), errc_category()};
}

template <class T>
using result = boost::system::result<T>; // std::expected needs -std=c++23 here

} // namespace motcua

template <>
struct boost::system::is_error_code_enum<motcua::errc> : std::true_type
{
};
