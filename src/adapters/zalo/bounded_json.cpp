#include <motcua/adapters/zalo/bounded_json.hpp>

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

namespace motcua::zalo {
namespace {

using nlohmann::json;

// Builds the value and stops at the first limit. Returning false ends sax_parse.
class bounded_builder final : public nlohmann::json_sax<json>
{
public:
    explicit bounded_builder(json& root) : root_(root) {}

    bool null() override { return put(nullptr); }
    bool boolean(bool value) override { return put(value); }
    bool number_integer(number_integer_t value) override { return put(value); }
    bool number_unsigned(number_unsigned_t value) override { return put(value); }
    // Integers beyond 64 bits come here too, with their digits.
    bool number_float(number_float_t value, const string_t& digits) override
    {
        return digits.size() <= json_number_limit && put(value);
    }
    bool string(string_t& value) override { return put(std::move(value)); }
    bool binary(binary_t& /*value*/) override { return false; }

    bool start_object(std::size_t /*size*/) override { return open(json::object()); }
    bool start_array(std::size_t /*size*/) override { return open(json::array()); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }

    bool key(string_t& name) override
    {
        if (++keys_ > json_key_limit || name.find('\0') != string_t::npos)
            return false;
        auto [member, added] = open_.back()->get_ref<json::object_t&>().try_emplace(name);
        next_member_ = &member->second;
        return added;
    }

    bool parse_error(
        std::size_t /*position*/,
        const std::string& /*last_token*/,
        const nlohmann::detail::exception& /*error*/) override
    {
        return false;
    }

private:
    json* place(json value)
    {
        json* where = &root_;
        if (!open_.empty() && open_.back()->is_array())
            where = &open_.back()->get_ref<json::array_t&>().emplace_back();
        else if (!open_.empty())
            where = next_member_;
        *where = std::move(value);
        return where;
    }
    bool put(json value)
    {
        if (++values_ > json_value_limit)
            return false;
        place(std::move(value));
        return true;
    }
    bool open(json value)
    {
        if (open_.size() == json_depth_limit || ++values_ > json_value_limit)
            return false;
        open_.push_back(place(std::move(value)));
        return true;
    }
    bool close()
    {
        open_.pop_back();
        return true;
    }

    json& root_;
    // Pointers stay valid: only the innermost container grows, and an object is a std::map.
    std::vector<json*> open_;
    json* next_member_ = nullptr;
    std::size_t keys_ = 0;
    std::size_t values_ = 0;
};

} // namespace

std::optional<json> parse_bounded(std::string_view text)
{
    // nlohmann 3.11.2 takes a NUL for the end of the input and ignores what follows.
    if (text.find('\0') != std::string_view::npos)
        return std::nullopt;
    json root;
    bounded_builder builder(root);
    if (!json::sax_parse(text.begin(), text.end(), &builder))
        return std::nullopt;
    return root;
}

const json& member(const json& value, std::string_view name)
{
    static const json absent;
    if (!value.is_object())
        return absent;
    const auto found = value.find(name);
    return found == value.end() ? absent : *found;
}

std::string token(const json& value)
{
    if (value.is_number_unsigned())
        return std::to_string(value.get<std::uint64_t>());
    if (value.is_number_integer())
        return std::to_string(value.get<std::int64_t>());
    if (!value.is_string())
        return {};
    return token_of(value.get_ref<const std::string&>());
}

std::string token_of(std::string_view text)
{
    const bool controls = std::any_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == '\x7F';
    });
    return controls ? std::string() : std::string(text);
}

std::optional<std::int64_t> integer(const json& value)
{
    const auto digits = token(value);
    std::int64_t number = 0;
    const auto* end = digits.data() + digits.size();
    const auto parsed = std::from_chars(digits.data(), end, number);
    if (digits.empty() || parsed.ec != std::errc() || parsed.ptr != end)
        return std::nullopt;
    return number;
}

} // namespace motcua::zalo
