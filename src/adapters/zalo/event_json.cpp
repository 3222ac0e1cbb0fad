#include "event_json.hpp"

#include <motcua/adapters/zalo/bounded_json.hpp>

#include <algorithm>
#include <vector>

namespace motcua::zalo {
namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

// Counts what parse_bounded counts. The parser itself bounds the size only.
class limit_check
{
public:
    bool holds(element value, std::size_t depth)
    {
        if (++values_ > json_value_limit)
            return false;
        switch (value.type()) {
        case element_type::ARRAY:
            return depth < json_depth_limit && holds_for(simdjson::dom::array(value), depth + 1);
        case element_type::OBJECT:
            return depth < json_depth_limit && holds_for(simdjson::dom::object(value), depth + 1);
        default:
            return true;
        }
    }

private:
    bool holds_for(simdjson::dom::array elements, std::size_t depth)
    {
        return std::all_of(elements.begin(), elements.end(), [this, depth](element one) {
            return holds(one, depth);
        });
    }

    bool holds_for(simdjson::dom::object members, std::size_t depth)
    {
        std::vector<std::string_view> names;
        for (const auto& [name, value] : members) {
            names.push_back(name);
            if (++keys_ > json_key_limit || name.find('\0') != std::string_view::npos ||
                !holds(value, depth))
                return false;
        }
        std::sort(names.begin(), names.end());
        return std::adjacent_find(names.begin(), names.end()) == names.end();
    }

    std::size_t keys_ = 0;
    std::size_t values_ = 0;
};

} // namespace

event_value event_value::member(std::string_view name) const
{
    simdjson::dom::object members;
    element inner;
    if (!found_ || found_->get(members) != simdjson::SUCCESS ||
        members.at_key(name).get(inner) != simdjson::SUCCESS)
        return {};
    return event_value(inner);
}

std::optional<std::string_view> event_value::string() const
{
    std::string_view text;
    if (!found_ || found_->get(text) != simdjson::SUCCESS)
        return std::nullopt;
    return text;
}

std::optional<double> event_value::number() const
{
    double value = 0;
    if (!found_ || found_->get(value) != simdjson::SUCCESS)
        return std::nullopt;
    return value;
}

std::string event_value::token() const
{
    if (!found_)
        return {};
    switch (found_->type()) {
    case element_type::UINT64:
        return std::to_string(found_->get<std::uint64_t>().value_unsafe());
    case element_type::INT64:
        return std::to_string(found_->get<std::int64_t>().value_unsafe());
    case element_type::STRING:
        return token_of(found_->get<std::string_view>().value_unsafe());
    default:
        return {};
    }
}

std::optional<event_value> event_document::parse(std::string_view text)
{
    element root;
    if (text.empty()) // copied from no address otherwise
        return std::nullopt;
    if (parser_.parse(text.data(), text.size()).get(root) != simdjson::SUCCESS ||
        !root.is_object() || !limit_check().holds(root, 0))
        return std::nullopt;
    return event_value(root);
}

} // namespace motcua::zalo
