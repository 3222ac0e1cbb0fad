#include <motcua/app/search_documents.hpp>
#include <motcua/core/text/unicode.hpp>

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>
#include <sstream>
#include <unordered_map>

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

// The words of a name, sorted, each once, without marks, "thủ tục" and what stands in brackets.
std::vector<std::string> words_of_name(std::string_view name)
{
    const std::string folded = text::fold(text::lower(name.substr(0, name.find('('))));
    std::vector<std::string> words;
    std::istringstream rest(folded);
    for (std::string word; rest >> word;) {
        std::erase_if(
            word, [](char c) { return std::ispunct(static_cast<unsigned char>(c)) != 0; });
        if (!word.empty())
            words.push_back(std::move(word));
    }
    if (words.size() > 2 && words[0] == "thu" && words[1] == "tuc")
        words.erase(words.begin(), words.begin() + 2);
    std::ranges::sort(words);
    words.erase(std::unique(words.begin(), words.end()), words.end());
    return words;
}

// By the share of words that two names have in common.
class names_by_words
{
public:
    explicit names_by_words(const std::vector<understand::search_document>& documents)
    {
        for (std::size_t i = 0; i < documents.size(); ++i) {
            auto words = words_of_name(documents[i].name);
            sizes_.push_back(words.size());
            for (auto& word : words)
                holders_[std::move(word)].push_back(i);
        }
    }

    // All that are equally like it; none if even the best is another name.
    std::vector<std::size_t> most_like(std::string_view name) const
    {
        constexpr double alike = 0.8;
        const auto words = words_of_name(name);
        std::vector<std::size_t> common(sizes_.size(), 0);
        for (const auto& word : words)
            if (const auto holders = holders_.find(word); holders != holders_.end())
                for (const std::size_t i : holders->second)
                    ++common[i];
        std::vector<std::size_t> best;
        double most = alike;
        for (std::size_t i = 0; i < common.size(); ++i) {
            if (common[i] == 0)
                continue;
            const double share = static_cast<double>(common[i]) /
                                 static_cast<double>(words.size() + sizes_[i] - common[i]);
            if (share > most)
                best.clear();
            if (share >= most)
                best.push_back(i);
            most = std::max(most, share);
        }
        return best;
    }

private:
    std::vector<std::size_t> sizes_;
    std::unordered_map<std::string, std::vector<std::size_t>> holders_;
};

} // namespace

std::vector<understand::search_document> make_search_documents(
    const procedures::catalogue& records,
    const std::map<std::string, std::vector<std::string>, std::less<>>& aliases,
    std::string_view own_province,
    procedures::date today,
    const std::map<std::string, std::string, std::less<>>& official_names)
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
    std::set<std::string_view> codes;
    for (const auto& record : records.all())
        codes.insert(record.code);
    std::optional<names_by_words> names;
    for (const auto& [code, official] : official_names) {
        const auto folk = aliases.find(code);
        if (folk == aliases.end() || codes.contains(code))
            continue;
        if (!names)
            names.emplace(documents);
        for (const std::size_t i : names->most_like(official)) {
            auto& document = documents[i];
            if (aliases.contains(document.code)) // it has folk names of its own
                continue;
            document.aliases.insert(
                document.aliases.end(), folk->second.begin(), folk->second.end());
            document.popularity = std::max(document.popularity, popularity_of_named_record);
        }
    }
    return documents;
}

} // namespace motcua::app
