#pragma once

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>

// Reading the JSON of events, which is most of the work of looking at one, with the rules and
// limits of parse_bounded but for numbers: an integer beyond 64 bits is refused.
namespace motcua::zalo {

// A value of a document, or nothing. Good for as long as the document is.
class event_value
{
public:
    event_value() = default;
    explicit event_value(simdjson::dom::element found) : found_(found) {}

    // Nothing if this is no object or has no such member.
    event_value member(std::string_view name) const;

    // A string, or the digits of an integer; else empty (see bounded_json.hpp).
    std::string token() const;
    std::optional<std::string_view> string() const;
    std::optional<double> number() const;

    // Calls each(event_value) for the elements of an array.
    template <class Each>
    void for_each(const Each& each) const
    {
        simdjson::dom::array elements;
        if (!found_ || found_->get(elements) != simdjson::SUCCESS)
            return;
        for (const simdjson::dom::element one : elements)
            each(event_value(one));
    }

private:
    std::optional<simdjson::dom::element> found_;
};

class event_document
{
public:
    // Empty unless the text is one JSON object within the limits of bounded_json.hpp.
    std::optional<event_value> parse(std::string_view text);

private:
    simdjson::dom::parser parser_;
};

} // namespace motcua::zalo
