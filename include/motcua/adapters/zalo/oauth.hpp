#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The words of OAuth v4 (zalo-oa-protocol section 3). Pure, but for the random numbers.
namespace motcua::zalo {

inline constexpr std::string_view consent_path = "/v4/oa/permission";
inline constexpr std::string_view token_path = "/v4/oa/access_token";
// What the platform tells of an access token; assumed where `expires_in` makes no sense.
inline constexpr std::chrono::seconds usual_token_life{90000};
inline constexpr std::chrono::days refresh_token_life{90};

// Printable ASCII without blanks, at most 4,096 characters, and not the word a broken program
// writes for nothing ("undefined", "null").
bool is_token(std::string_view text);

// What the token endpoint's answer means.
struct token_answer
{
    enum class kind
    {
        renewed, // both tokens are there
        refused, // surely no new pair was made
        unclear, // a new pair may have been made; 5xx, HTML, half of an answer
    };
    kind end = kind::unclear;
    std::string access_token;
    std::string refresh_token;
    std::chrono::seconds life{usual_token_life};
    std::string reason; // unless renewed: "platform error -14014", "http 502". Never holds a token
};
token_answer parse_token_answer(unsigned status, std::string_view body);

// application/x-www-form-urlencoded.
std::string form_body(const std::vector<std::pair<std::string_view, std::string_view>>& fields);

// The values of a form or query by name, decoded; empty if absent. Malformed escapes stay as they
// are.
std::string form_value(std::string_view form, std::string_view name);

// 43 characters of base64url: 32 random bytes. For states, links and PKCE verifiers.
std::string random_token();

// PKCE's S256 (RFC 7636, 4.2): base64url without padding of SHA-256.
std::string code_challenge(std::string_view verifier);

// Where an administrator of the OA grants the app its tokens.
std::string consent_url(
    std::string_view oauth_base,
    std::string_view app_id,
    std::string_view callback_url,
    std::string_view challenge,
    std::string_view state);

// A name for a token that tells nothing of it; to compare and to store.
std::string token_hash(std::string_view token);

} // namespace motcua::zalo
