#include "statements.hpp"
#include "wording.hpp"

#include <motcua/core/procedures/catalogue.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace motcua::procedures {
namespace {

// Of two records of one code: our own before the national one, then the newer.
bool is_better(const procedure& left, const procedure& right)
{
    if (left.from.from != right.from.from)
        return left.from.from == origin::own;
    return left.from.as_of > right.from.as_of;
}

bool comes_before(const procedure& record, std::string_view code)
{
    return record.code < code;
}

// What `from` says goes over what is there; folk names and linked codes are added.
void add(overlay& to, overlay from)
{
    const auto replace = [](std::string& old, std::string& by) {
        if (!by.empty())
            old = std::move(by);
    };
    replace(to.short_name, from.short_name);
    std::move(from.aliases.begin(), from.aliases.end(), std::back_inserter(to.aliases));
    if (from.online != overlay::online_level::unknown)
        to.online = from.online;
    if (from.postal_return)
        to.postal_return = from.postal_return;
    if (!from.fee_text.empty())
        to.fee_date = from.fee_date;
    replace(to.fee_text, from.fee_text);
    replace(to.fee_resolution, from.fee_resolution);
    replace(to.receiving_place, from.receiving_place);
    replace(to.hotline, from.hotline);
    std::move(
        from.linked_codes.begin(), from.linked_codes.end(), std::back_inserter(to.linked_codes));
}

// Collects findings of one record.
class inspection
{
public:
    inspection(const procedure& record, std::string_view file, std::size_t line)
        : record_(record), file_(file), line_(line)
    {
    }

    void warn(std::string_view what) { add(finding::grade::warning, what); }
    void fail(std::string_view what) { add(finding::grade::error, what); }
    std::vector<finding> take() { return std::move(findings_); }

private:
    void add(finding::grade severity, std::string_view what)
    {
        const std::string subject = record_.code.empty() ? "(no code)" : record_.code;
        findings_.push_back(
            {.file = file_,
             .line = line_,
             .severity = severity,
             .message = subject + ": " + std::string(what)});
    }

    const procedure& record_;
    std::string file_;
    std::size_t line_;
    std::vector<finding> findings_;
};

void check_channels(const procedure& record, inspection& found)
{
    bool lost_unit = false;
    bool free_with_note = false;
    bool tiny_amount = false;
    for (const auto& way : record.channels) {
        lost_unit |= way.time.quantity && way.time.unit == time_unit::unknown;
        for (const auto& item : way.fees) {
            const bool zero = item.amount_vnd && *item.amount_vnd == 0;
            free_with_note |= zero && !says_nothing(item.note);
            tiny_amount |= item.amount_vnd && *item.amount_vnd > 0 && *item.amount_vnd < 1000;
        }
    }
    if (record.channels.empty())
        found.warn("no channels: ways of filing, time and fee are unknown");
    if (lost_unit)
        found.warn("time unit lost: a number without a unit; give the unit or a note");
    if (free_with_note)
        found.warn("fee 0 with a note: not free; add the local fee with its resolution");
    if (tiny_amount)
        found.warn("fee below 1,000 đồng: probably a percentage or a slip; check the amount");
}

void check_documents(const procedure& record, inspection& found)
{
    if (record.documents.empty()) {
        found.warn("no documents listed");
        return;
    }
    const auto is_nameless = [](const document& paper) { return trimmed(paper.name).empty(); };
    const auto is_implausible = [](const document& paper) {
        return paper.originals > plausible_papers || paper.copies > plausible_papers;
    };
    const auto& papers = record.documents;
    if (std::any_of(papers.begin(), papers.end(), is_nameless))
        found.warn("a document without a name");
    if (std::any_of(papers.begin(), papers.end(), is_implausible))
        found.warn("more than 20 copies of a document: probably a slip, not shown");
}

} // namespace

catalogue::catalogue(std::vector<procedure> records) : records_(std::move(records))
{
    const auto is_record = [](const procedure& one) { return one.from.from != origin::overlay; };
    const auto first_overlay = std::stable_partition(records_.begin(), records_.end(), is_record);
    std::vector<procedure> overlays(
        std::make_move_iterator(first_overlay), std::make_move_iterator(records_.end()));
    records_.erase(first_overlay, records_.end());
    std::stable_sort(
        overlays.begin(), overlays.end(), [](const procedure& left, const procedure& right) {
            return left.from.as_of < right.from.as_of;
        });
    std::stable_sort(
        records_.begin(), records_.end(), [](const procedure& left, const procedure& right) {
            return left.code != right.code ? left.code < right.code : is_better(left, right);
        });
    const auto same_code = [](const procedure& left, const procedure& right) {
        return left.code == right.code;
    };
    records_.erase(std::unique(records_.begin(), records_.end(), same_code), records_.end());
    for (auto& addition : overlays) {
        const auto found =
            std::lower_bound(records_.begin(), records_.end(), addition.code, comes_before);
        if (found != records_.end() && found->code == addition.code)
            add(found->local, std::move(addition.local));
    }
}

const procedure* catalogue::find(std::string_view code) const
{
    const auto found = std::lower_bound(records_.begin(), records_.end(), code, comes_before);
    return found != records_.end() && found->code == code ? &*found : nullptr;
}

std::vector<finding> check(const procedure& record, std::string_view file, std::size_t line)
{
    inspection found(record, file, line);
    if (record.from.from == origin::overlay)
        return found.take(); // the record it is laid over is checked
    if (record.code.empty())
        found.fail("no code");
    else if (canonical_code(record.code) != record.code)
        found.warn("odd code: expected d.dddddd; citizens cannot find it by code");
    if (trimmed(record.name).empty())
        found.fail("no name");
    if (record.steps.empty())
        found.warn("no steps");
    if (record.results.empty())
        found.warn("no results");
    if (record.legal_basis.empty())
        found.warn("no legal basis");
    if (record.decision_no.empty())
        found.warn("no decision number");
    if (!record.from.as_of.ok())
        found.warn("no date of the data");
    if (!record.in_catalogue)
        found.warn("not in the national catalogue: not answered from");
    if (record.valid_from && record.valid_to && *record.valid_to < *record.valid_from)
        found.fail("valid_to is before valid_from");
    if (names_district(record.name))
        found.warn("the name speaks of districts, abolished on 2025-07-01");
    check_channels(record, found);
    check_documents(record, found);
    return found.take();
}

std::vector<finding> check_names(const std::vector<procedure>& records)
{
    std::map<std::string, std::vector<std::string>> codes_by_name;
    for (const auto& record : records) {
        if (record.from.from == origin::overlay)
            continue;
        auto& codes = codes_by_name[one_line(text::lower(record.name))];
        if (std::find(codes.begin(), codes.end(), record.code) == codes.end())
            codes.push_back(record.code);
    }
    std::vector<finding> findings;
    for (const auto& [name, codes] : codes_by_name) {
        if (codes.size() < 2)
            continue;
        std::string message = "one name, " + std::to_string(codes.size()) + " codes:";
        constexpr std::size_t shown = 8;
        for (std::size_t i = 0; i < codes.size() && i < shown; ++i)
            message += " " + codes[i];
        if (codes.size() > shown)
            message += " …";
        message += " (" + shortened(name, 80) + ")";
        findings.push_back(
            {.file = {},
             .line = 0,
             .severity = finding::grade::warning,
             .message = std::move(message)});
    }
    return findings;
}

} // namespace motcua::procedures
