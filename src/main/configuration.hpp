#pragma once

#include <motcua/core/dossiers/dossier.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace motcua {

// What the operator decides: one YAML file, environment for secrets (docs: README, table of
// configuration). Plain values, read and checked once.
struct configuration
{
    struct
    {
        std::string app_id;
        std::string oa_id;
        std::string oa_secret_key;  // from MOTCUA_OA_SECRET_KEY or oa_secret_key_file
        std::string app_secret_key; // from MOTCUA_APP_SECRET_KEY or app_secret_key_file
        std::string access_token;   // from MOTCUA_ACCESS_TOKEN or access_token_file
        std::string refresh_token;  // the first one; MOTCUA_REFRESH_TOKEN or refresh_token_file
        std::string api_base = "https://openapi.zalo.me";
        std::string oauth_base = "https://oauth.zaloapp.com"; // demonstration: api_base
        std::string callback_url; // of the consent page; empty = the staff listener's own
        std::string token_key;    // from MOTCUA_TOKEN_KEY; empty = token_key_file
        std::filesystem::path token_key_file; // empty = token.key in storage.directory
        std::string ca_file;                  // further trust anchors for api_base and oauth_base
        std::string verifier_token;           // of domain verification
    } zalo;
    struct
    {
        std::string address = "0.0.0.0";
        std::uint16_t port = 8080;
        std::string
            url; // as citizens reach it, https, no slash at the end; empty: no tracked links
        std::string tls_certificate;
        std::string tls_key;
    } public_listener;
    struct
    {
        std::string address = "127.0.0.1";
        std::uint16_t port = 8081;
        std::vector<std::string> proxies; // addresses whose X-Forwarded-For is believed
        std::string tls_certificate;
        std::string tls_key;
    } staff_listener;
    struct
    {
        std::filesystem::path directory = "var/motcua";
    } storage;
    struct
    {
        std::filesystem::path intents = "intents";
        std::filesystem::path data = "data";
        std::filesystem::path desk = "web/dist"; // the built web desk
    } content;
    struct
    {
        std::size_t concurrency = 16; // citizens served at once
        int window_hours = 168;       // ordinary messages go so long after the last contact
        int answer_minutes = 240;     // an older answer is not sent any more
        int notice_days = 30;         // nor is an older notice
        int settle_seconds = 60;      // then a send not in the conversation has not arrived
        int unknown_minutes = 10;     // then an unknown send that cannot be settled is dead
    } outbox;
    struct
    {
        // zalo-oa-protocol names no file server of Zalo's; zdn.vn is the one domain in it whose
        // servers give out Zalo's own files (section 8, stc-developers.zdn.vn), and its sample
        // events imitate names such as photo.zdn. To be settled with a real OA: a file on another
        // host is shown in the status and tried again after the next start.
        std::vector<std::string> hosts{"zdn.vn"};
        std::size_t size_limit_mib = 20; // of one file
        std::int64_t files_per_day = 50; // of one citizen
        std::int64_t mib_per_day = 100;  // of one citizen
        std::size_t concurrency = 2;     // fetched at once; each is held in memory
    } attachments;
    struct
    {
        std::string totp = "required";  // or optional; the demonstration's default
        std::filesystem::path key_file; // empty = totp.key in storage.directory
    } accounts;
    struct
    {
        std::filesystem::path directory; // of key and head; empty = storage.directory
    } audit;
    struct
    {
        std::string source = "none";      // folder, http
        std::filesystem::path folder;     // of folder: where exports are dropped
        std::string url;                  // of http
        std::string token;                // of http: from MOTCUA_DOSSIER_TOKEN or token_file
        std::string ca_file;              // of http: further trust anchors
        int timeout_seconds = 5;          // of http: one answer
        int cache_minutes = 5;            // of http: an answer is good for so long
        std::string proof = "phone_tail"; // or phone: what is asked for besides the code
        int proof_digits = 4;             // of phone_tail
        int wrong_per_citizen = 5;        // wrong proofs in 24 h
        int wrong_per_code = 10;          // in 24 h
        int wrong_per_hour = 300;         // of everybody
        int look_minutes = 360;           // watched dossiers are looked up so often
        int keep_days = 7;                // files taken or refused
        int forget_days = 400;            // dossiers that no export has named for so long
    } dossiers;
    struct
    {
        std::string token; // from metrics.token_file; empty = this machine only, without a token
    } metrics;
    struct // what is older goes; 0: never
    {
        int messages_days = 180; // what citizens wrote and were sent, word for word
        int conversations_days = 90;
        int attachments_days = 90; // that belong to no complaint
        int handovers_days = 365;
        int unknown_days = 365;
        int citizens_days = 730; // somebody not heard of for so long is erased
    } retention;
    struct
    {
        int visit_gap_minutes = 30; // without a contact for so long, the next one is a new visit
        int closing_day = 0;        // last day of reporting months, 1 to 28; 0: the calendar's
    } report;
    std::map<std::string, std::string, std::less<>> templates; // Zalo's template ids by our names
    std::string
        signing_key; // pseudonyms; from MOTCUA_SIGNING_KEY or a file made in storage.directory
    std::vector<std::string> test_users; // Zalo user ids that never count as reach
    std::string log_level = "info";
    std::string log_format = "json"; // or text
    bool demo = false;               // a database of its own, with known logins
};

// What a citizen has to know besides the code of a dossier.
dossiers::proof_rule proof_rule(const configuration& config);

// A configuration that cannot be used. what() is one line: file, line, key, and what is wrong.
class configuration_error : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

// What a server needs to know of the Official Account and is not given, in words for the operator;
// empty: nothing.
std::vector<std::string> missing_identity(const configuration& config);

// Reads the file (empty path = defaults), applies `--set key=value` pairs, then secrets from the
// environment or files. An unknown key, a wrong type or a missing compulsory value throws
// configuration_error.
configuration read_configuration(
    const std::filesystem::path& file,
    const std::vector<std::string>& overrides,
    bool demo,
    bool needs_zalo);

} // namespace motcua
