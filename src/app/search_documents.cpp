#include <motcua/app/search_documents.hpp>

#include <algorithm>

namespace motcua::app {
namespace {

// A record somebody took the trouble to write, or to name as people do, is one that people ask for.
constexpr double popularity_of_own_record = 20;
constexpr double popularity_of_named_record = 10;

understand::level_hint level_of(const procedures::procedure& record)
{
    switch (record.at) {
    case procedures::level::commune:
        return understand::level_hint::commune;
    case procedures::level::province:
        return understand::level_hint::province;
    case procedures::level::ministry:
        return understand::level_hint::ministry;
    case procedures::level::unknown:
        break;
    }
    return understand::level_hint::none;
}

// Nobody named, or a citizen or household among those who may use it.
bool is_for_citizens(const procedures::procedure& record)
{
    if (record.subjects.empty())
        return true;
    return std::ranges::any_of(record.subjects, [](const std::string& subject) {
        for (const std::string_view word : {"ông dân", "á nhân", "ộ gia đình", "gười"}) {
            if (subject.find(word) != std::string::npos)
                return true;
        }
        return false;
    });
}

void append(std::string& text, std::string_view more)
{
    if (more.empty())
        return;
    if (!text.empty())
        text += ". ";
    text += more;
}

} // namespace

std::vector<understand::search_document> make_search_documents(
    const procedures::catalogue& records,
    const std::map<std::string, std::vector<std::string>, std::less<>>& aliases,
    std::string_view own_province,
    procedures::date today)
{
    std::vector<understand::search_document> documents;
    documents.reserve(records.all().size());
    for (const auto& record : records.all()) {
        if (!procedures::is_answerable(record, today, own_province) ||
            procedures::is_of_other_province(record, own_province))
            continue;
        understand::search_document document;
        document.code = record.code;
        document.name = record.name;
        document.aliases = record.local.aliases;
        if (!record.local.short_name.empty())
            document.aliases.push_back(record.local.short_name);
        if (!record.short_name.empty())
            document.aliases.push_back(record.short_name);
        if (const auto further = aliases.find(record.code); further != aliases.end())
            document.aliases.insert(
                document.aliases.end(), further->second.begin(), further->second.end());
        for (const auto& result : record.results)
            append(document.result, result);
        append(document.field, record.field);
        for (const auto& body : record.executing)
            append(document.field, body);
        document.level = level_of(record);
        document.for_citizens = is_for_citizens(record);
        if (record.from.from == procedures::origin::own)
            document.popularity = popularity_of_own_record;
        else if (!document.aliases.empty())
            document.popularity = popularity_of_named_record;
        documents.push_back(std::move(document));
    }
    return documents;
}

} // namespace motcua::app
