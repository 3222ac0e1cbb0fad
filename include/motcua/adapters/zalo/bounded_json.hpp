#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Reading JSON that came from outside.
namespace motcua::zalo {

inline constexpr std::size_t json_depth_limit = 32;
inline constexpr std::size_t json_key_limit = 1000;     // in the whole document
inline constexpr std::size_t json_value_limit = 20'000; // in the whole document
inline constexpr std::size_t json_number_limit = 64;    // characters

// The value, or empty if the text is not one strict JSON value in UTF-8, goes beyond a limit, holds
// a NUL byte or repeats a key. The limits hold while parsing, so that copying and destroying the
// value is safe.
std::optional<nlohmann::json> parse_bounded(std::string_view text);

// The member, or null if `value` is no object or has no such member.
const nlohmann::json& member(const nlohmann::json& value, std::string_view name);

// A string, or the digits of an integer; else empty. For ids, URLs and codes: a string with a
// control character counts as none.
std::string token(const nlohmann::json& value);

// The text, but empty if it has a control character.
std::string token_of(std::string_view text);

// An integer, or a string of its digits: the platform writes both (zalo-oa-protocol 2.7).
std::optional<std::int64_t> integer(const nlohmann::json& value);

} // namespace motcua::zalo
