#pragma once

#include <motcua/adapters/zalo/bounded_json.hpp>

#include <cstdint>
#include <string>
#include <string_view>

// Members of what scripts and the page send; what is missing or of another kind has a default.
namespace motcua::simulator {

inline std::int64_t
integer_of(const nlohmann::json& object, std::string_view name, std::int64_t otherwise)
{
    const auto& value = zalo::member(object, name);
    return value.is_number_integer() ? value.get<std::int64_t>() : otherwise;
}

inline std::string text_of(const nlohmann::json& object, std::string_view name)
{
    const auto& value = zalo::member(object, name);
    return value.is_string() ? value.get<std::string>() : std::string();
}

} // namespace motcua::simulator
