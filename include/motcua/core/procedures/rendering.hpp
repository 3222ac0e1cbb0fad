#pragma once

#include <motcua/core/procedures/procedure.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// What is said to a citizen about a procedure. Everything comes from the record; what may be said
// about fee, time and place follows domain.md section 3. Polite Vietnamese, short sentences.
namespace motcua::procedures {

enum class aspect : std::uint8_t
{
    overview,
    documents,
    fee,
    time,
    place,
    steps,
    requirements,
    legal_basis,
    forms,
    result,
    filing, // the filing guide: case, checklist, ways, portal link, fee and time, what happens
            // after
};

// The word used in payloads, JSON and logs ("documents"), and back. Unknown words give overview.
std::string_view name(aspect what);
aspect aspect_from(std::string_view name);

struct rendering_context
{
    date today{};
    std::string portal_url; // "https://dichvucong.gov.vn"
    std::string
        counter_name; // the citizen's own one-stop counter if known ("… xã Hòa Thành"), else empty
    std::string
        chosen_group; // document group (case) the citizen chose; empty = not asked or not chosen
};

// The document groups that are cases to choose from ("trường hợp …"): empty if all papers are
// needed by everybody or the groups merely say "to hand in" and "to show".
std::vector<std::string> cases_to_ask(const procedure& record);

// The full answer, any length, paragraphs separated by '\n'; without the source line.
std::string render(const procedure& record, aspect what, const rendering_context& context);

// The record's page on the portal, else the portal itself; empty if neither is known.
std::string portal_link(const procedure& record, const rendering_context& context);

// The line every answer ends with: code, source, deciding document, date of data, and a warning if
// the record is past its validity or was last checked long ago.
std::string source_line(const procedure& record, const rendering_context& context);

// The answer cut into messages of at most `limit` code points at paragraph, sentence or word ends,
// never inside a link. Every page but the last ends with `more_hint`; every page with `footer`. At
// least one page.
std::vector<std::string> paginate(
    std::string_view answer,
    std::string_view footer,
    std::string_view more_hint,
    std::size_t limit = 2000);

} // namespace motcua::procedures
