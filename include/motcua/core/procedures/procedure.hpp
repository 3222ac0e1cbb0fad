#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The record of an administrative procedure (thủ tục hành chính): domain.md section 2. All text is
// NFC.
namespace motcua::procedures {

using date = std::chrono::year_month_day;

enum class level : std::uint8_t
{
    unknown,
    ministry,
    province,
    commune
};
enum class method : std::uint8_t
{
    online,
    direct,
    postal
};
enum class time_unit : std::uint8_t
{
    unknown,
    hour,
    day,
    working_day,
    month
};
enum class fee_kind : std::uint8_t
{
    unknown,
    fee,
    charge
}; // phí (FEE), lệ phí (SERVICE_FEE)

struct fee
{
    fee_kind kind = fee_kind::unknown;
    std::optional<std::int64_t>
        amount_vnd;   // as the portal gives it; 0 is not proof of a free procedure (domain.md 3)
    std::string note; // the portal's own words
};

struct duration
{
    std::optional<int> quantity;
    time_unit unit =
        time_unit::unknown; // unknown with a quantity = the portal lost the unit ("OTHER")
    std::string note;       // prose about the time, quoted when the number cannot be trusted
};

struct channel
{
    method how = method::direct;
    duration time;
    std::vector<fee> fees;
    std::string note;
};

// Time or papers differ from case to case.
struct processing_case
{
    std::string name; // empty if the portal gives only a code
    duration time;
};

struct form
{
    std::string name;
    std::string id;  // file name or portal id; empty if unknown
    std::string url; // where it can be fetched; empty if unknown
};

struct document
{
    std::string group; // the case or the kind (to hand in / to show) it belongs to; empty =
                       // everybody needs it
    std::string name;
    int originals = 0;
    int copies = 0;
    std::optional<form> attached_form;
};

struct legal_text
{
    std::string number; // "104/2022/NĐ-CP"
    std::string title;
};

// Where a record was taken from. Among records of one code and origin the newer date wins, never
// the older.
// An overlay record is only a code, a source and `local`: what the province adds to whichever
// record is answered from.
enum class origin : std::uint8_t
{
    national,
    own,
    overlay
};

struct source
{
    origin from = origin::national;
    std::string name;        // what is printed: "Cổng Dịch vụ công quốc gia"
    std::string loaded_from; // "opengov-2026-07-18"
    date as_of{};            // the date of the data
};

// What the province adds (domain.md section 2, "Not national"). Empty members add nothing.
struct overlay
{
    std::string short_name;
    std::vector<std::string> aliases; // folk names
    enum class online_level : std::uint8_t
    {
        unknown,
        none,
        partly,
        fully
    };
    online_level online = online_level::unknown;
    std::optional<bool> postal_return;
    std::string fee_text; // the local fee, in words
    std::string
        fee_resolution; // resolution of the provincial People's Council; compulsory with fee_text
    std::optional<date> fee_date;
    std::string receiving_place; // counter and address
    std::string hotline;
    std::vector<std::string> linked_codes; // liên thông
};

struct procedure
{
    std::string code; // d.dddddd, trimmed, without the .000.00.00.H44 suffix
    std::string portal_id;
    std::string name;       // without "Thủ tục", capitals undone
    std::string short_name; // ours, for lists; empty = cut the name
    std::string decision_no;
    level at = level::unknown;
    std::string kind;
    std::string field;       // lĩnh vực
    std::string promulgator; // the ministry that announced it
    std::vector<std::string> subjects;
    std::string steps;
    std::vector<channel> channels;
    std::vector<processing_case> cases;
    std::vector<document> documents;
    int sets = 0; // 0 = not given
    std::string requirements;
    std::vector<std::string> executing;
    std::string competent_authority;
    std::string receiving_address;
    std::vector<std::string> results;
    std::vector<legal_text> legal_basis;
    std::vector<std::string> keywords;
    std::string url;          // the portal's page
    bool in_catalogue = true; // false = gone from the national catalogue: do not answer from it
    std::optional<date> valid_from;
    std::optional<date> valid_to;
    std::vector<std::string> replaces;
    std::optional<date> checked_at;
    source from;
    overlay local;
};

// "1.004222", also from "1.004222.000.00.00.H44", " 1.004222 ", "1.004.222". Empty if it is no such
// code.
std::string canonical_code(std::string_view typed);

// True if the record may be used for answers on that day: in the catalogue, within its validity,
// not of another province than `own_province` (a plain name: "Tây Ninh").
bool is_answerable(const procedure& record, date today, std::string_view own_province);

// True if a province other than ours announced it ("UBND tỉnh …"): never offered (domain.md section
// 3).
bool is_of_other_province(const procedure& record, std::string_view own_province);

// False of one of which nothing is known but its name and who is in charge, as of the entries of
// the national catalogue.
bool has_contents(const procedure& record);

// Name for lists and buttons: overlay, short name, or the name cut at a sensible place; at most
// `limit` code points.
std::string display_name(const procedure& record, std::size_t limit = 90);

} // namespace motcua::procedures
